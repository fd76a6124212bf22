import test from 'node:test';

test('before', () => {});
test('ends the process', () => process.exit(3));
test('after', () => {});
