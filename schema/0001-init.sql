-- 0001-init.sql - the tables of netra-triage. They are private: read the views of 0002.
--
-- Times are signed 64-bit nanoseconds since 1970-01-01 UTC. Offsets count bytes
-- of the decompressed input from 0, lines from 1. An absent text is NULL, except in
-- `origin`, where it is '' so that a combination is unique.

PRAGMA application_id = 1314148929;	-- 0x4e545241, "NTRA"

-- what the evaluation and the stored hits belong to; see store/eval_write.c
CREATE TABLE meta (
	key TEXT PRIMARY KEY,	-- generation, evaluated, rules_hash, cleared, rescan
	value ANY
) STRICT, WITHOUT ROWID;

-- one file that was read, or standard input
CREATE TABLE source (
	id INTEGER PRIMARY KEY,
	path TEXT NOT NULL,		-- as given; "-" is standard input
	kind TEXT NOT NULL CHECK (kind IN ('logs', 'tests', 'worklog', 'issues')),
	reader TEXT NOT NULL,		-- format that read it
	state TEXT NOT NULL DEFAULT 'partial' CHECK (state IN ('partial', 'complete')),
	shape TEXT,			-- "JSON array", "NDJSON", ...
	compression TEXT,		-- "gzip"; NULL if none
	sha256 TEXT,			-- of the bytes as stored
	bytes INTEGER,			-- as stored
	seen INTEGER NOT NULL DEFAULT 0,	-- records; see the CHECK below
	added INTEGER NOT NULL DEFAULT 0,
	known INTEGER NOT NULL DEFAULT 0,
	filled INTEGER NOT NULL DEFAULT 0,
	conflicts INTEGER NOT NULL DEFAULT 0,
	damaged INTEGER NOT NULL DEFAULT 0,
	not_evidence INTEGER NOT NULL DEFAULT 0,
	first_ns INTEGER,		-- of all its records, known ones too
	last_ns INTEGER,
	sort INTEGER NOT NULL DEFAULT 0,	-- enum source_order
	ts_assumed INTEGER NOT NULL DEFAULT 0,	-- 1: a timestamp named no zone
	truncated INTEGER NOT NULL DEFAULT 0,	-- 1: looks cut by a limit
	faulty INTEGER NOT NULL DEFAULT 0,	-- 1: a damage or limit diagnostic
	note TEXT,
	CHECK (seen = added + known + filled + conflicts + damaged + not_evidence)
) STRICT;
CREATE INDEX source_sha256 ON source (sha256) WHERE state = 'complete';

-- the sources of the last ingest
CREATE TABLE latest (
	source_id INTEGER PRIMARY KEY REFERENCES source ON DELETE CASCADE
) STRICT;

-- records of a source by service and severity, known ones too: what an absence rests on
CREATE TABLE source_coverage (
	source_id INTEGER NOT NULL REFERENCES source ON DELETE CASCADE,
	service TEXT NOT NULL,		-- '' = the entry names none
	severity INTEGER NOT NULL,	-- google.logging.type.LogSeverity
	n INTEGER NOT NULL,
	inferred INTEGER NOT NULL,	-- of n: severity came from the text
	first_ns INTEGER NOT NULL,
	last_ns INTEGER NOT NULL,
	PRIMARY KEY (source_id, service, severity)
) STRICT, WITHOUT ROWID;

-- records that were neither stored nor known
CREATE TABLE bad (
	id INTEGER PRIMARY KEY,
	source_id INTEGER NOT NULL REFERENCES source ON DELETE CASCADE,
	kind INTEGER NOT NULL,		-- enum bad_kind: 0 damaged, 1 not evidence
	line INTEGER NOT NULL,
	byte INTEGER NOT NULL,
	bytes INTEGER NOT NULL,		-- 0 = length not known
	reason TEXT,
	head BLOB			-- first bytes, of the first 1000 of a source
) STRICT;
CREATE INDEX bad_source ON bad (source_id);

-- complaints about input: how many of each code a source has ...
CREATE TABLE diag_count (
	source_id INTEGER NOT NULL REFERENCES source ON DELETE CASCADE,
	code TEXT NOT NULL,		-- "json-cut"
	level TEXT NOT NULL,		-- note, warning, limit, damage
	text TEXT NOT NULL,
	n INTEGER NOT NULL,
	PRIMARY KEY (source_id, code)
) STRICT, WITHOUT ROWID;

-- ... and the first 1000 of them
CREATE TABLE diag (
	id INTEGER PRIMARY KEY,
	source_id INTEGER NOT NULL,
	code TEXT NOT NULL,
	line INTEGER NOT NULL,		-- 0 = not known
	col INTEGER NOT NULL,		-- bytes from 1; 0 = not known
	byte INTEGER NOT NULL,
	detail TEXT,
	FOREIGN KEY (source_id, code) REFERENCES diag_count ON DELETE CASCADE
) STRICT;
CREATE INDEX diag_code ON diag (source_id, code);

-- texts that many requests share: methods, user agents, protocols
CREATE TABLE str (
	id INTEGER PRIMARY KEY,
	s TEXT NOT NULL UNIQUE
) STRICT;

-- where entries come from: one row for each combination
CREATE TABLE origin (
	id INTEGER PRIMARY KEY,
	project TEXT NOT NULL,
	location TEXT NOT NULL,
	resource_type TEXT NOT NULL,
	log TEXT NOT NULL,		-- decoded id: "run.googleapis.com/stderr"
	service TEXT NOT NULL,
	revision TEXT NOT NULL,
	instance TEXT NOT NULL,
	UNIQUE (project, location, resource_type, log, service, revision, instance)
) STRICT;
CREATE INDEX origin_instance ON origin (instance) WHERE instance <> '';

-- shapes of messages and failures; the id is a hash of the shape
CREATE TABLE signature (
	id INTEGER PRIMARY KEY,
	kind TEXT NOT NULL CHECK (kind IN ('template', 'error', 'stack', 'cause', 'test')),
	text TEXT NOT NULL
) STRICT;

-- one log entry. source_id, line and byte tell where its text stands; other
-- sources that hold the same entry are in `sighting`.
CREATE TABLE event (
	id INTEGER PRIMARY KEY,
	ts INTEGER NOT NULL,		-- ns
	receive_ts INTEGER,		-- ns
	hash INTEGER NOT NULL,		-- 63 bits: of insert_id, or of the content if it has none
	tie INTEGER NOT NULL,		-- with insert_id origin_id, else the number among equals, from 0
	payload_hash BLOB,		-- SHA-256 of the canonical payload, 16 bytes; NULL = no payload
	payload_kind INTEGER NOT NULL,	-- enum payload_kind
	severity INTEGER NOT NULL,
	severity_by TEXT,		-- rule that inferred it
	flags INTEGER NOT NULL,		-- 1 severity inferred, 2 zone assumed, 4 traceback part, 8 filled
	origin_id INTEGER NOT NULL REFERENCES origin,
	signature_id INTEGER,
	insert_id TEXT,
	trace TEXT,
	span TEXT,
	message TEXT,
	source_id INTEGER NOT NULL REFERENCES source,
	line INTEGER NOT NULL,
	byte INTEGER NOT NULL,
	bytes INTEGER NOT NULL
) STRICT;
-- identity is to the microsecond; a (ts, hash) index would be walked for all entries of one
CREATE INDEX event_identity ON event (ts / 1000, hash, tie);
CREATE INDEX event_time ON event (ts);
CREATE INDEX event_origin ON event (origin_id, ts);
CREATE INDEX event_severity ON event (severity, ts) WHERE severity >= 500;
CREATE INDEX event_trace ON event (trace) WHERE trace IS NOT NULL;
CREATE INDEX event_part ON event (id) WHERE flags & 4;

-- payload leaves and labels of an entry, for rules: a JSON object of texts
CREATE TABLE event_field (
	event_id INTEGER PRIMARY KEY REFERENCES event ON DELETE CASCADE,
	fields TEXT NOT NULL
) STRICT;

-- httpRequest of an entry
CREATE TABLE request (
	event_id INTEGER PRIMARY KEY REFERENCES event ON DELETE CASCADE,
	method INTEGER,	-- str
	url TEXT,
	path TEXT,
	status INTEGER,
	latency_ns INTEGER,
	end_ns INTEGER NOT NULL,	-- start + latency
	user_agent INTEGER,	-- str
	remote_ip TEXT,
	protocol INTEGER,	-- str
	response_size INTEGER
) STRICT;
-- not `status >= 400`: SQLite would use that for this very term only
CREATE INDEX request_status ON request (status) WHERE status IS NOT NULL;

-- protoPayload of type AuditLog
CREATE TABLE audit (
	event_id INTEGER PRIMARY KEY REFERENCES event ON DELETE CASCADE,
	method TEXT,
	principal TEXT,
	status TEXT,
	agent TEXT
) STRICT;

-- other sources that hold an entry
CREATE TABLE sighting (
	event_id INTEGER NOT NULL REFERENCES event ON DELETE CASCADE,
	source_id INTEGER NOT NULL REFERENCES source,
	line INTEGER NOT NULL,
	byte INTEGER NOT NULL,
	bytes INTEGER NOT NULL,
	payload_hash BLOB,		-- of the entry as that source has it
	signature_id INTEGER,		-- without payload: what the event goes back to ...
	message TEXT,			-- ... when the source with the payload is forgotten
	PRIMARY KEY (event_id, source_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX sighting_source ON sighting (source_id);

-- the same entry with another payload: evidence that changed after capture (R33)
CREATE TABLE conflict (
	id INTEGER PRIMARY KEY,
	event_id INTEGER NOT NULL REFERENCES event ON DELETE CASCADE,
	source_id INTEGER NOT NULL REFERENCES source,
	line INTEGER NOT NULL,
	byte INTEGER NOT NULL,
	bytes INTEGER NOT NULL,
	payload_hash BLOB NOT NULL,
	payload_kind INTEGER NOT NULL,
	severity INTEGER NOT NULL,
	severity_by TEXT,
	flags INTEGER NOT NULL,
	signature_id INTEGER,
	message TEXT,
	fields TEXT,
	UNIQUE (event_id, source_id, payload_hash)
) STRICT;

-- entries without insert_id that a source holds more than once; kept while it is read
CREATE TABLE repeat (
	source_id INTEGER NOT NULL REFERENCES source ON DELETE CASCADE,
	us INTEGER NOT NULL,		-- event.ts / 1000
	hash INTEGER NOT NULL,
	n INTEGER NOT NULL,
	PRIMARY KEY (source_id, us, hash)
) STRICT, WITHOUT ROWID;

-- one execution of a test runner; counts are as printed, NULL = not printed
CREATE TABLE run (
	id INTEGER PRIMARY KEY,
	source_id INTEGER NOT NULL REFERENCES source ON DELETE CASCADE,
	framework TEXT,
	started_ns INTEGER,
	clock TEXT NOT NULL,
	duration_ns INTEGER,
	command TEXT,
	env TEXT,
	commit_id TEXT,
	collected INTEGER,
	deselected INTEGER,
	selected INTEGER,
	passed INTEGER,
	failed INTEGER,
	errors INTEGER,
	skipped INTEGER,
	xfailed INTEGER,
	xpassed INTEGER,
	warnings INTEGER,
	exit_code INTEGER,
	state TEXT NOT NULL,
	state_why TEXT,
	reconciled TEXT NOT NULL,	-- do the printed counts agree with the rows?
	reconciled_why TEXT,
	line INTEGER NOT NULL,
	byte INTEGER NOT NULL
) STRICT;
CREATE INDEX run_source ON run (source_id);

-- one test's result; one row for each run, id and attempt
CREATE TABLE test (
	id INTEGER PRIMARY KEY,
	run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
	nodeid TEXT NOT NULL,
	attempt INTEGER NOT NULL,
	file TEXT,
	outcome TEXT NOT NULL,
	phase TEXT NOT NULL,
	duration_ns INTEGER,
	message TEXT,
	detail TEXT,			-- traceback as printed
	worker TEXT,
	signature_id INTEGER,
	line INTEGER NOT NULL,
	byte INTEGER NOT NULL,
	detail_line INTEGER NOT NULL,
	detail_byte INTEGER NOT NULL,
	UNIQUE (run_id, nodeid, attempt)
) STRICT;

-- text that a suite printed; of one test if it names one
CREATE TABLE output (
	id INTEGER PRIMARY KEY,
	run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
	nodeid TEXT,
	section TEXT,
	text TEXT NOT NULL,
	line INTEGER NOT NULL,		-- of its first line
	byte INTEGER NOT NULL
) STRICT;
CREATE INDEX output_run ON output (run_id);

-- a record that a rule matched
CREATE TABLE hit (
	id INTEGER PRIMARY KEY,
	rule TEXT NOT NULL,
	rule_hash TEXT NOT NULL,	-- SHA-256 of the rule's text
	rule_revision INTEGER NOT NULL,
	role TEXT NOT NULL,
	derived INTEGER NOT NULL,	-- 1: of an exception rule; made again by each evaluation
	event_id INTEGER REFERENCES event ON DELETE CASCADE,
	test_id INTEGER REFERENCES test ON DELETE CASCADE,
	output_id INTEGER REFERENCES output ON DELETE CASCADE,
	line INTEGER NOT NULL,		-- of the matched line of test output
	byte INTEGER NOT NULL,
	field TEXT NOT NULL,
	start INTEGER NOT NULL,		-- byte range in the field, or in the whole printed text
	stop INTEGER NOT NULL,
	captures TEXT,			-- JSON object of texts
	code INTEGER,			-- its capture `code`, of an exit
	reason TEXT,			-- its capture `reason`, of a start
	limited INTEGER NOT NULL,	-- 1: a match limit was hit, no match was made
	CHECK (event_id IS NOT NULL OR test_id IS NOT NULL OR output_id IS NOT NULL)
) STRICT;
CREATE UNIQUE INDEX hit_event ON hit (event_id, rule) WHERE event_id IS NOT NULL;
CREATE INDEX hit_test ON hit (test_id) WHERE test_id IS NOT NULL;
CREATE INDEX hit_output ON hit (output_id) WHERE output_id IS NOT NULL;
CREATE INDEX hit_role ON hit (role, event_id) WHERE role IN ('start', 'exit', 'health', 'deploy');

-- ---- derived: dropped and written again by each evaluation ----

CREATE TABLE rule (
	name TEXT PRIMARY KEY,
	title TEXT,
	description TEXT,
	path TEXT,
	line INTEGER NOT NULL,
	revision INTEGER NOT NULL,
	hash TEXT NOT NULL,
	subject TEXT NOT NULL,
	role TEXT NOT NULL,
	priority TEXT NOT NULL,
	issue TEXT,
	remediation TEXT,
	tags TEXT NOT NULL		-- each with a blank before and behind it
) STRICT, WITHOUT ROWID;

-- a traceback; the id is that of its first part
CREATE TABLE exception (
	id INTEGER PRIMARY KEY REFERENCES event ON DELETE CASCADE,
	ts INTEGER NOT NULL,
	cause_signature_id INTEGER,
	quote_event_id INTEGER,		-- where the innermost "Type: message" stands ...
	quote_start INTEGER NOT NULL,	-- ... and its bytes there; 0, 0 = not found
	quote_end INTEGER NOT NULL
) STRICT;

CREATE TABLE exception_part (
	exception_id INTEGER NOT NULL REFERENCES exception ON DELETE CASCADE,
	n INTEGER NOT NULL,
	event_id INTEGER NOT NULL,
	PRIMARY KEY (exception_id, n)
) STRICT, WITHOUT ROWID;
CREATE INDEX exception_part_event ON exception_part (event_id);

-- chain of an exception, n = 0 is the innermost cause
CREATE TABLE exception_link (
	exception_id INTEGER NOT NULL REFERENCES exception ON DELETE CASCADE,
	n INTEGER NOT NULL,
	type TEXT,
	message TEXT,
	place TEXT,			-- "pkg/file.py:23"
	PRIMARY KEY (exception_id, n)
) STRICT, WITHOUT ROWID;

-- a rule and what it says of one group
CREATE TABLE finding (
	id INTEGER PRIMARY KEY,
	rule TEXT NOT NULL,
	rule_revision INTEGER NOT NULL,
	rule_hash TEXT NOT NULL,
	outcome TEXT NOT NULL,
	group_key TEXT NOT NULL,
	n INTEGER NOT NULL,
	first_ns INTEGER,
	last_ns INTEGER,
	priority TEXT NOT NULL,
	says TEXT,
	why TEXT
) STRICT;

CREATE TABLE finding_hit (
	finding_id INTEGER NOT NULL REFERENCES finding ON DELETE CASCADE,
	n INTEGER NOT NULL,
	event_id INTEGER,
	test_id INTEGER,
	output_id INTEGER,
	line INTEGER NOT NULL,		-- of a printed line
	byte INTEGER NOT NULL,
	quote_event_id INTEGER,		-- the event that is quoted, if it is another
	start INTEGER NOT NULL,
	stop INTEGER NOT NULL,
	PRIMARY KEY (finding_id, n)
) STRICT, WITHOUT ROWID;

-- ids of incidents, for ever; never dropped
CREATE TABLE incident_key (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	key TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE incident (
	id INTEGER PRIMARY KEY REFERENCES incident_key,
	rank INTEGER NOT NULL,		-- 1 is the top problem
	class TEXT NOT NULL,
	title TEXT NOT NULL,
	priority TEXT NOT NULL,
	priority_why TEXT,
	service TEXT,
	revision TEXT,			-- the newest
	first_ns INTEGER,
	last_ns INTEGER,
	occurrences INTEGER NOT NULL,
	entries INTEGER NOT NULL,
	signatures INTEGER NOT NULL,
	requests_joined INTEGER NOT NULL,
	requests_open INTEGER NOT NULL,
	cause_type TEXT,
	cause_message TEXT,
	cause_place TEXT,
	cause_signature_id INTEGER,
	rule TEXT,
	remediation TEXT,
	issue TEXT
) STRICT;

-- quoted byte ranges are of the stored text: of the message, or of the whole printed text
CREATE TABLE member (
	incident_id INTEGER NOT NULL REFERENCES incident ON DELETE CASCADE,
	n INTEGER NOT NULL,
	role TEXT NOT NULL,
	basis TEXT NOT NULL,
	occurrence INTEGER NOT NULL,	-- from 1; 0 = of none
	rule TEXT,
	event_id INTEGER,
	test_id INTEGER,
	output_id INTEGER,
	line INTEGER NOT NULL,		-- of a printed line
	byte INTEGER NOT NULL,
	quote_start INTEGER NOT NULL,
	quote_end INTEGER NOT NULL,
	PRIMARY KEY (incident_id, n)
) STRICT, WITHOUT ROWID;
CREATE INDEX member_test ON member (test_id) WHERE test_id IS NOT NULL;

CREATE TABLE why (
	incident_id INTEGER NOT NULL REFERENCES incident ON DELETE CASCADE,
	n INTEGER NOT NULL,		-- from 1
	question TEXT NOT NULL,
	answer TEXT,
	basis TEXT NOT NULL,
	mechanism TEXT,
	collect TEXT,			-- command that would get the evidence
	links INTEGER NOT NULL,		-- links that hold ...
	looked_at INTEGER NOT NULL,	-- ... of so many; 0, 0 = no figure
	test_id INTEGER,
	PRIMARY KEY (incident_id, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE why_event (
	incident_id INTEGER NOT NULL,
	n INTEGER NOT NULL,
	k INTEGER NOT NULL,
	event_id INTEGER NOT NULL,
	PRIMARY KEY (incident_id, n, k),
	FOREIGN KEY (incident_id, n) REFERENCES why ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- ids of hypotheses, for ever
CREATE TABLE hypothesis_key (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	name TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE hypothesis (
	id INTEGER PRIMARY KEY REFERENCES hypothesis_key,
	name TEXT NOT NULL,
	class TEXT,
	title TEXT,
	priority TEXT NOT NULL,
	issue TEXT
) STRICT;

-- what a hypothesis or an incident stands on
CREATE TABLE proof (
	id INTEGER PRIMARY KEY,
	kind TEXT NOT NULL,		-- entry, request, test, output
	relation TEXT NOT NULL CHECK (relation IN ('for', 'against', 'neutral')),
	strength TEXT NOT NULL,
	hypothesis_id INTEGER REFERENCES hypothesis ON DELETE CASCADE,
	incident_id INTEGER REFERENCES incident ON DELETE CASCADE,
	finding_id INTEGER,
	event_id INTEGER,
	test_id INTEGER,
	output_id INTEGER,
	line INTEGER NOT NULL,		-- of a printed line
	byte INTEGER NOT NULL,
	quote_start INTEGER NOT NULL,
	quote_end INTEGER NOT NULL,
	rule TEXT,
	says TEXT,
	n INTEGER NOT NULL		-- records that say the same
) STRICT;
CREATE INDEX proof_hypothesis ON proof (hypothesis_id) WHERE hypothesis_id IS NOT NULL;
