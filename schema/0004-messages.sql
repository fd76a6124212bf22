-- 0004-messages.sql - messages that were cut into several entries, put together again.

-- event.flags has more bits, of entries read from now on: 16 its text ends inside a construct
-- that it opened, 32 among these a colour tag, 64 it closes a tag that it did not open,
-- 128 its text is of a source that lost fields
CREATE INDEX event_open ON event (id) WHERE flags & 16;

-- LogEntry.split: this entry is a piece of a longer one
CREATE TABLE split (
	event_id INTEGER PRIMARY KEY REFERENCES event ON DELETE CASCADE,
	uid TEXT NOT NULL,		-- the same for all pieces
	n INTEGER NOT NULL,		-- index, from 0
	total INTEGER NOT NULL		-- totalSplits; 0 = not stated
) STRICT;
CREATE INDEX split_uid ON split (uid, n);

-- derived: made again by each evaluation; the id is that of the first part
CREATE TABLE message (
	id INTEGER PRIMARY KEY REFERENCES event ON DELETE CASCADE,
	kind TEXT NOT NULL,		-- split, line-break
	connector TEXT,			-- of a line break: what was left open
	text TEXT NOT NULL,
	total INTEGER NOT NULL,		-- parts that there should be; 0 = not known
	complete INTEGER NOT NULL,
	trace INTEGER NOT NULL		-- 1: a split message that holds a traceback
) STRICT;

CREATE TABLE message_part (
	message_id INTEGER NOT NULL REFERENCES message ON DELETE CASCADE,
	n INTEGER NOT NULL,		-- from 1
	event_id INTEGER NOT NULL,
	start INTEGER NOT NULL,		-- bytes of message.text that are this entry's
	stop INTEGER NOT NULL,
	PRIMARY KEY (message_id, n)
) STRICT, WITHOUT ROWID;
CREATE INDEX message_part_event ON message_part (event_id);

-- view: messages | messages that were cut into several entries, put together again
-- column: id | number of its first entry
-- column: kind | split: Cloud Logging cut an entry that was too long; line-break: the text held one
-- column: text | the texts of its parts, joined
-- column: parts | entries that were joined
-- column: complete | 1 if no part is missing
-- column: total | parts that there should be, if that is known
-- column: missing | parts that no source holds, if that is known
-- column: connector | of a line break, what the first part left open: colour-tag, quote, apostrophe, bracket
-- column: first_ts | time of the oldest part
-- column: last_ts | time of the newest part
-- column: service | service name
-- column: revision | revision name
-- column: instance | instance id
-- column: log | decoded log id
-- column: first_ns | first_ts as nanoseconds since 1970 UTC
-- column: last_ns | last_ts as nanoseconds since 1970 UTC
CREATE VIEW messages AS
SELECT m.id AS id, m.kind AS kind, m.text AS text, u.parts AS parts, m.complete AS complete,
	nullif(m.total, 0) AS total, iif(m.total, m.total - u.parts, NULL) AS missing,
	m.connector AS connector,
	strftime('%Y-%m-%dT%H:%M:%S.', u.first_ns / 1000000000 - (u.first_ns % 1000000000 < 0),
		'unixepoch') || substr(2000000000 + u.first_ns % 1000000000, -9) || 'Z' AS first_ts,
	strftime('%Y-%m-%dT%H:%M:%S.', u.last_ns / 1000000000 - (u.last_ns % 1000000000 < 0),
		'unixepoch') || substr(2000000000 + u.last_ns % 1000000000, -9) || 'Z' AS last_ts,
	v.service AS service, v.revision AS revision, v.instance AS instance, v.log AS log,
	u.first_ns AS first_ns, u.last_ns AS last_ns
FROM message m
JOIN event_view v ON v.id = m.id
JOIN (SELECT p.message_id AS message_id, count(*) AS parts, min(e.ts) AS first_ns,
	max(e.ts) AS last_ns FROM message_part p JOIN event e ON e.id = p.event_id
	GROUP BY p.message_id) u ON u.message_id = m.id;

-- view: message_parts | the entries that a message was put together from
-- column: message_id | the message
-- column: n | which part, from 1
-- column: event_id | the entry
-- column: start | first byte of messages.text that is this entry's
-- column: stop | byte behind the last
CREATE VIEW message_parts AS
SELECT message_id, n, event_id, start, stop FROM message_part;
