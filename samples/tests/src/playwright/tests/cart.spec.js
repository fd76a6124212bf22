const { test, expect } = require('@playwright/test');

const total = (lines) => lines.reduce((sum, l) => sum + l.cents, 0);

test('empty cart is free', () => {
	expect(total([])).toBe(0);
});

test.describe('cart', () => {
	test('total of two @smoke', () => {
		expect(total([{ cents: 1299 }, { cents: 499 }])).toBe(2598);
	});

	for (const text of ['two  blanks', 'a::b', 'x - y', '[1] of [2]', 'größe XL', '日本語', 'cart › nested']) {
		test(`label ${text}`, () => {
			expect(text).not.toContain(' - ');
		});
	}

	test.describe('with a ledger', () => {
		test('charges', () => {
			try {
				throw new Error('connect ECONNREFUSED ledger.example.internal:5432');
			} catch (cause) {
				throw new Error('cannot charge 1299 cents', { cause });
			}
		});

		test('steps', async () => {
			await test.step('open the ledger', async () => {
				await test.step('write', async () => expect(503).toBe(200));
			});
		});
	});

	test('is slow', async () => {
		await new Promise((r) => setTimeout(r, 60));
	});

	test.skip('prints a receipt', () => {});
	test.fixme('rounds VAT', () => {});
	test('is known to fail', () => {
		test.fail(true, 'rounding of VAT, SHOP-31');
		expect(1).toBe(2);
	});
	test('was known to fail', () => {
		test.fail();
	});

	test('prints', () => {
		console.log('Infrastructure Status: UNAVAILABLE');
		console.error('warning: größe of the mug is unknown');
	});

	test('second time lucky', ({}, info) => {
		expect(info.retry, 'cold').toBe(1);
	});

	test('soft checks', () => {
		expect.soft(1, 'first').toBe(2);
		expect.soft(3, 'second').toBe(4);
	});

	test('never answers', async () => {
		await new Promise(() => {});
	});
});
