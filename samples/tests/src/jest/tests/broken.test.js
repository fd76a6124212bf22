'use strict';

const price = require('../pricing');

test('price', () => {
	expect(price('mug')).toBe(1299);
});
