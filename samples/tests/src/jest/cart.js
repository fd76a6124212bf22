'use strict';

const total = (lines) => lines.reduce((sum, l) => sum + l.cents * (l.count ?? 1), 0);

function connect(host) {
	throw Object.assign(new Error(`connect ECONNREFUSED ${host}:5432`), { code: 'ECONNREFUSED' });
}

function charge(cents) {
	try {
		connect('ledger.example.internal');
	} catch (cause) {
		throw new Error(`cannot charge ${cents} cents`, { cause });
	}
}

module.exports = { total, charge };
