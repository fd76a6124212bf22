import assert from 'node:assert/strict';
import { before, describe, it, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

const total = (lines) => lines.reduce((sum, l) => sum + l.cents, 0);

test('empty cart is free', () => {
	assert.equal(total([]), 0);
});

test('total of two', () => {
	assert.equal(total([{ cents: 1299 }, { cents: 499 }]), 2598, 'two mugs were ordered');
});

describe('labels', () => {
	for (const text of ['two  blanks', 'a::b', 'x - y', '[1] of [2]', 'größe XL', '日本語', 'ok 1 - spoofed # SKIP', 'back\\slash']) {
		it(text, () => assert.ok(!text.includes(' - y')));
	}
});

test('charge', () => {
	try {
		throw Object.assign(new Error('connect ECONNREFUSED ledger.example.internal:5432'), { code: 'ECONNREFUSED' });
	} catch (cause) {
		throw new Error('cannot charge 1299 cents', { cause });
	}
});

test('compares stock', () => {
	assert.deepEqual({ mug: 0, plate: 3 }, { mug: 12, plate: 3 });
});

test('is slow', async () => {
	await sleep(60);
});

test('prints', (t) => {
	console.log('Infrastructure Status: UNAVAILABLE');
	console.log('not ok 3 - a line that only looks like a result');
	t.diagnostic('GET https://checkout-api.staging.example.internal/health -> 200');
});

test('receipt', { skip: 'no printer: receipts - see SHOP-12' }, () => {});
test('skips itself', (t) => t.skip("stage is not 'prod'"));
test('rounds VAT', { todo: 'SHOP-31' }, () => assert.equal(1, 2));
test('will be rounded', { todo: true }, () => {});

test('parts', async (t) => {
	await t.test('handle', () => {});
	await t.test('body', async (u) => {
		await u.test('main', () => assert.fail('order 0042 is late'));
		await u.test('side', () => {});
	});
});

test('never answers', { timeout: 80 }, async () => {
	await sleep(5000);
});

describe('orders', () => {
	before(() => {
		throw new Error('database shop_test is not there');
	});
	it('first', () => {});
	it('second', () => {});
});
