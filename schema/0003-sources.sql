-- 0003-sources.sql - what a source is worth: encoding, zone, lost fields, redaction, gaps.

ALTER TABLE source ADD COLUMN encoding TEXT;	-- "utf-16le"; NULL is UTF-8 or ASCII
ALTER TABLE source ADD COLUMN zone TEXT;	-- what --tz named for times without one; NULL is UTC
ALTER TABLE source ADD COLUMN lossy INTEGER NOT NULL DEFAULT 0;	-- 1: its shape has lost fields
ALTER TABLE source ADD COLUMN empty INTEGER NOT NULL DEFAULT 0;	-- records with neither payload nor request
ALTER TABLE source ADD COLUMN redact TEXT;	-- off, pii, secrets or all; NULL: read before redaction was there

-- quarantined records: what they were, without keeping them
ALTER TABLE bad ADD COLUMN sha256 TEXT;		-- of a record over a limit, as in the input

-- what was replaced before it was stored
CREATE TABLE redaction (
	source_id INTEGER NOT NULL REFERENCES source ON DELETE CASCADE,
	kind TEXT NOT NULL,		-- "jwt", "email", ...
	n INTEGER NOT NULL,		-- texts replaced
	PRIMARY KEY (source_id, kind)
) STRICT, WITHOUT ROWID;

-- derived: what a source does not cover, made again by each evaluation
CREATE TABLE gap (
	id INTEGER PRIMARY KEY,
	source_id INTEGER NOT NULL REFERENCES source ON DELETE CASCADE,
	kind TEXT NOT NULL,
	service TEXT,			-- NULL: of all services
	severity INTEGER,		-- NULL: of all severities
	first_ns INTEGER,		-- NULL: open, everything before last_ns
	last_ns INTEGER,		-- NULL: open, everything after first_ns
	n INTEGER,			-- records that the statement counts
	says TEXT NOT NULL,
	collect TEXT			-- command that would get what is missing
) STRICT;
CREATE INDEX gap_source ON gap (source_id);

DROP VIEW sources;
-- view: sources | one row for each ingested file
-- column: id | number of the source, printed as s1
-- column: path | as it was given; "-" is standard input
-- column: kind | logs, tests, worklog or issues
-- column: shape | how the records stand in it: "JSON array", "NDJSON", ...
-- column: state | complete, or partial while and when it was not read to its end
-- column: bytes | size as stored
-- column: sha256 | of the bytes as stored
-- column: entries | records seen = added + known + filled + conflicts + damaged + not_evidence
-- column: added | records that were new
-- column: known | records that another source or an earlier line already gave
-- column: filled | records that lack their payload in one source and have it in another: this one gave it, or lacks it
-- column: conflicts | known records with another payload
-- column: damaged | records that could not be read
-- column: not_evidence | values that are no records
-- column: first_ts | time of the oldest record, known ones too
-- column: last_ts | time of the newest record, known ones too
-- column: truncated | 1 if it looks cut by a limit; note says why
-- column: clock | utc, or assumed if a timestamp named no zone; logs only
-- column: note | what to know about its coverage
-- column: first_ns | first_ts as nanoseconds since 1970 UTC
-- column: last_ns | last_ts as nanoseconds since 1970 UTC
-- column: reader | format that read it
-- column: compression | gzip or zstd, or nothing
-- column: encoding | utf-16le or utf-16be, or nothing for UTF-8
-- column: zone | zone that --tz named for times without one, or nothing for UTC
-- column: lossy | 1 if its shape has lost fields that the log has
-- column: empty | records with neither payload nor request
-- column: redact | what was redacted before it was stored: off, pii, secrets or all
-- column: redacted | texts replaced by kind, "email 3, jwt 1", or nothing
CREATE VIEW sources AS
SELECT id, path, kind, shape, state, bytes, sha256, seen AS entries, added, known, filled,
	conflicts, damaged, not_evidence,
	strftime('%Y-%m-%dT%H:%M:%S.', first_ns / 1000000000 - (first_ns % 1000000000 < 0),
		'unixepoch') || substr(2000000000 + first_ns % 1000000000, -9) || 'Z' AS first_ts,
	strftime('%Y-%m-%dT%H:%M:%S.', last_ns / 1000000000 - (last_ns % 1000000000 < 0),
		'unixepoch') || substr(2000000000 + last_ns % 1000000000, -9) || 'Z' AS last_ts,
	truncated,
	CASE WHEN kind = 'logs' THEN iif(ts_assumed, 'assumed', 'utc') END AS clock,
	note, first_ns, last_ns, reader, compression, encoding, zone, lossy, empty, redact,
	(SELECT group_concat(kind || ' ' || n, ', ') FROM
		(SELECT kind, n FROM redaction r WHERE r.source_id = source.id ORDER BY kind))
		AS redacted
FROM source;

-- view: redactions | what was replaced in a source before it was stored
-- column: source_id | the source
-- column: kind | kind of secret or personal data, "jwt"
-- column: count | texts replaced
CREATE VIEW redactions AS
SELECT source_id, kind, n AS count FROM redaction;

-- view: gaps | what a source does not cover, or what in it cannot be relied on
-- column: id | number of the gap
-- column: source_id | the source
-- column: kind | limit, cap, silence, ... ; see netra-triage-sources(1)
-- column: service | service it is about; nothing for all
-- column: severity | severity it is about, as a word; nothing for all
-- column: from_ts | where it begins; nothing: it is open
-- column: to_ts | where it ends; nothing: it is open
-- column: count | records that the statement counts
-- column: says | what it means, one sentence
-- column: collect | command that would get what is missing
-- column: from_ns | from_ts as nanoseconds since 1970 UTC
-- column: to_ns | to_ts as nanoseconds since 1970 UTC
CREATE VIEW gaps AS
SELECT id, source_id, kind, service,
	CASE WHEN severity >= 800 THEN 'EMERGENCY' WHEN severity >= 700 THEN 'ALERT'
		WHEN severity >= 600 THEN 'CRITICAL' WHEN severity >= 500 THEN 'ERROR'
		WHEN severity >= 400 THEN 'WARNING' WHEN severity >= 300 THEN 'NOTICE'
		WHEN severity >= 200 THEN 'INFO' WHEN severity >= 100 THEN 'DEBUG'
		WHEN severity IS NOT NULL THEN 'DEFAULT' END AS severity,
	strftime('%Y-%m-%dT%H:%M:%S.', first_ns / 1000000000 - (first_ns % 1000000000 < 0),
		'unixepoch') || substr(2000000000 + first_ns % 1000000000, -9) || 'Z' AS from_ts,
	strftime('%Y-%m-%dT%H:%M:%S.', last_ns / 1000000000 - (last_ns % 1000000000 < 0),
		'unixepoch') || substr(2000000000 + last_ns % 1000000000, -9) || 'Z' AS to_ts,
	n AS count, says, collect, first_ns AS from_ns, last_ns AS to_ns
FROM gap;

DROP VIEW damaged_records;
-- view: damaged_records | records that were neither stored nor known
-- column: id | number of the record
-- column: source_id | its source
-- column: path | path of the source
-- column: kind | damaged or not evidence
-- column: line | line where it begins
-- column: byte_offset | byte where it begins
-- column: bytes | its length, if known
-- column: reason | what is wrong with it
-- column: sha256 | of the record as it stands in the input, if it was over a limit
CREATE VIEW damaged_records AS
SELECT b.id AS id, b.source_id AS source_id, s.path AS path,
	iif(b.kind, 'not evidence', 'damaged') AS kind, b.line AS line, b.byte AS byte_offset,
	nullif(b.bytes, 0) AS bytes, b.reason AS reason, b.sha256 AS sha256
FROM bad b JOIN source s ON s.id = b.source_id;
