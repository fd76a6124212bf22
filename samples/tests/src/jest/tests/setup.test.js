'use strict';

describe('orders', () => {
	beforeAll(() => {
		throw new Error('database shop_test is not there');
	});

	test('first', () => {});
	test('second', () => {});
});
