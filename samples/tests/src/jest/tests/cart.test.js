'use strict';

const { total, charge } = require('../cart');

test('empty cart is free', () => {
	expect(total([])).toBe(0);
});

describe('cart', () => {
	test('total of two', () => {
		expect(total([{ cents: 1299 }, { cents: 499 }])).toBe(2598);
	});

	test.each(['two  blanks', 'a::b', 'x - y', '[1] of [2]', 'größe XL', '日本語', 'cart > nested', '"quoted" & <tag>'])(
		'label %s',
		(text) => {
			expect(text).not.toContain(' - ');
		},
	);

	describe('with a ledger', () => {
		test('charges', () => {
			charge(1299);
		});

		test('compares stock', () => {
			expect({ mug: 0, plate: 3 }).toEqual({ mug: 12, plate: 3 });
		});
	});

	test('is slow', async () => {
		await new Promise((r) => setTimeout(r, 60));
	});

	test.skip('prints a receipt', () => {});
	test.todo('rounds VAT');
	test.failing('is known to fail', () => {
		expect(1).toBe(2);
	});
	test.failing('was known to fail', () => {
		expect(1).toBe(1);
	});

	test('prints', () => {
		console.log('Infrastructure Status: UNAVAILABLE');
		console.error('  ✓ a line that only looks like a result (1 ms)');
		process.stdout.write('PASS tests/none.test.js\n');
	});

	test('never answers', (done) => {}, 80);

	test('rejects without an error', async () => {
		throw 'order 0042 is late';
	});
});
