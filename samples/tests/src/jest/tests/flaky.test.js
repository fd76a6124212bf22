'use strict';

let tries = 0;
jest.retryTimes(2, { logErrorsBeforeRetry: true });

test('second time lucky', () => {
	tries++;
	expect(tries).toBeGreaterThan(1);
});

test('never lucky', () => {
	throw new TypeError('connection reset by stock.example.internal');
});
