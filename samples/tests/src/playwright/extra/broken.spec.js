const { price } = require('../pricing');
const { test } = require('@playwright/test');

test('price', () => price('mug'));
