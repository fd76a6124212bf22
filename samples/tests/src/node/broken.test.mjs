import { price } from './pricing.mjs';
import test from 'node:test';

test('price', () => price('mug'));
