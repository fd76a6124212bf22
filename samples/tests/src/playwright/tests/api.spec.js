const { test } = require('@playwright/test');

test.describe('orders', () => {
	test.beforeAll(() => {
		throw new Error('database shop_test is not there');
	});
	test('first', () => {});
	test('second', () => {});
});

test('health', () => {});
