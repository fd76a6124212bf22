-- 0006-tests.sql - what a run and a result keep besides their outcome; one run in several formats.

ALTER TABLE run ADD COLUMN format TEXT;		-- reader that found it; NULL: read before this was kept
ALTER TABLE run ADD COLUMN fidelity INTEGER NOT NULL DEFAULT 0;	-- 0 to 9
ALTER TABLE run ADD COLUMN quality TEXT NOT NULL DEFAULT 'recorded';	-- or quoted
ALTER TABLE run ADD COLUMN host TEXT;
ALTER TABLE run ADD COLUMN wrapper_why TEXT;	-- totals of what ran the runner that differ (R28)
ALTER TABLE run ADD COLUMN digest INTEGER;	-- of ids and outcomes; NULL: not computed yet
-- derived: the same run in a format that knows it better, and how they were told to be one
ALTER TABLE run ADD COLUMN twin_of INTEGER;
ALTER TABLE run ADD COLUMN twin_rank INTEGER NOT NULL DEFAULT 0;	-- 0: itself; order among twins
ALTER TABLE run ADD COLUMN twins INTEGER NOT NULL DEFAULT 0;	-- other formats of this run
ALTER TABLE run ADD COLUMN twin_why TEXT;
-- the two formats that were read before this was kept: a run may get its others now
UPDATE run SET (format, fidelity) = (SELECT s.reader, iif(s.reader = 'junit', 4, 2)
	FROM source s WHERE s.id = run.source_id)
WHERE source_id IN (SELECT id FROM source WHERE reader IN ('junit', 'pytest'));
CREATE INDEX run_twin ON run (twin_of) WHERE twin_of IS NOT NULL;

ALTER TABLE test ADD COLUMN printed TEXT;	-- NULL: the same as nodeid
ALTER TABLE test ADD COLUMN suite TEXT;
ALTER TABLE test ADD COLUMN params TEXT;
ALTER TABLE test ADD COLUMN duration_from TEXT;
ALTER TABLE test ADD COLUMN duration_note TEXT;	-- why the duration says nothing
ALTER TABLE test ADD COLUMN setup_ns INTEGER;
ALTER TABLE test ADD COLUMN call_ns INTEGER;
ALTER TABLE test ADD COLUMN teardown_ns INTEGER;
ALTER TABLE test ADD COLUMN started_ns INTEGER;
ALTER TABLE test ADD COLUMN cause_signature_id INTEGER;
-- derived: the same result in a format that knows it better
ALTER TABLE test ADD COLUMN twin_of INTEGER;
ALTER TABLE test ADD COLUMN twin_rank INTEGER NOT NULL DEFAULT 0;
CREATE INDEX test_twin ON test (twin_of, twin_rank) WHERE twin_of IS NOT NULL;

-- derived: 1 = another format of the run holds what this test printed
ALTER TABLE output ADD COLUMN hidden INTEGER NOT NULL DEFAULT 0;

-- chain of the exception that a test ended with, n = 0 is the innermost cause
CREATE TABLE test_link (
	test_id INTEGER NOT NULL REFERENCES test ON DELETE CASCADE,
	n INTEGER NOT NULL,
	type TEXT,
	message TEXT,
	place TEXT,			-- "pkg/file.py:23"
	PRIMARY KEY (test_id, n)
) STRICT, WITHOUT ROWID;

-- what a run says of the world it ran in
CREATE TABLE run_fact (
	id INTEGER PRIMARY KEY,
	run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
	kind TEXT NOT NULL,		-- status, time, url, environment, command, exit, ...
	name TEXT,
	value TEXT NOT NULL,
	line INTEGER NOT NULL,
	byte INTEGER NOT NULL
) STRICT;
CREATE INDEX run_fact_run ON run_fact (run_id, kind);

-- what a person says of a source: ingest --label
CREATE TABLE source_label (
	source_id INTEGER NOT NULL REFERENCES source ON DELETE CASCADE,
	name TEXT NOT NULL,
	value TEXT NOT NULL,
	PRIMARY KEY (source_id, name)
) STRICT, WITHOUT ROWID;

-- a run with what its other formats know: private, typed as the tables are
CREATE VIEW run_view AS
SELECT r.id AS id, r.source_id AS source_id, r.framework AS framework, r.format AS format,
	r.fidelity AS fidelity, r.quality AS quality,
	CASE WHEN r.twins AND r.started_ns IS NULL THEN (SELECT w.started_ns FROM run w
		WHERE w.twin_of = r.id AND w.started_ns IS NOT NULL ORDER BY w.twin_rank LIMIT 1)
		ELSE r.started_ns END AS started_ns,
	CASE WHEN r.twins AND r.started_ns IS NULL THEN coalesce((SELECT w.clock FROM run w
		WHERE w.twin_of = r.id AND w.started_ns IS NOT NULL ORDER BY w.twin_rank LIMIT 1), r.clock)
		ELSE r.clock END AS clock,
	CASE WHEN r.twins AND r.duration_ns IS NULL THEN (SELECT w.duration_ns FROM run w
		WHERE w.twin_of = r.id AND w.duration_ns IS NOT NULL ORDER BY w.twin_rank LIMIT 1)
		ELSE r.duration_ns END AS duration_ns,
	coalesce((SELECT l.value FROM run w JOIN source_label l ON l.source_id = w.source_id
		WHERE (w.id = r.id OR w.twin_of = r.id) AND l.name = 'command' ORDER BY w.twin_rank LIMIT 1),
		CASE WHEN r.twins AND r.command IS NULL THEN (SELECT w.command FROM run w
		WHERE w.twin_of = r.id AND w.command IS NOT NULL ORDER BY w.twin_rank LIMIT 1)
		ELSE r.command END) AS command,
	coalesce((SELECT l.value FROM run w JOIN source_label l ON l.source_id = w.source_id
		WHERE (w.id = r.id OR w.twin_of = r.id) AND l.name = 'env' ORDER BY w.twin_rank LIMIT 1),
		CASE WHEN r.twins AND r.env IS NULL THEN (SELECT w.env FROM run w
		WHERE w.twin_of = r.id AND w.env IS NOT NULL ORDER BY w.twin_rank LIMIT 1)
		ELSE r.env END) AS env,
	coalesce((SELECT l.value FROM run w JOIN source_label l ON l.source_id = w.source_id
		WHERE (w.id = r.id OR w.twin_of = r.id) AND l.name = 'commit' ORDER BY w.twin_rank LIMIT 1),
		CASE WHEN r.twins AND r.commit_id IS NULL THEN (SELECT w.commit_id FROM run w
		WHERE w.twin_of = r.id AND w.commit_id IS NOT NULL ORDER BY w.twin_rank LIMIT 1)
		ELSE r.commit_id END) AS commit_id,
	CASE WHEN r.twins AND r.host IS NULL THEN (SELECT w.host FROM run w
		WHERE w.twin_of = r.id AND w.host IS NOT NULL ORDER BY w.twin_rank LIMIT 1)
		ELSE r.host END AS host,
	/* a report counts what it holds, a console what was found */
	CASE WHEN r.twins THEN (SELECT max(w.collected) FROM run w
		WHERE w.id = r.id OR w.twin_of = r.id) ELSE r.collected END AS collected,
	CASE WHEN r.twins AND r.deselected IS NULL THEN (SELECT w.deselected FROM run w
		WHERE w.twin_of = r.id AND w.deselected IS NOT NULL ORDER BY w.twin_rank LIMIT 1)
		ELSE r.deselected END AS deselected,
	CASE WHEN r.twins AND r.selected IS NULL THEN (SELECT w.selected FROM run w
		WHERE w.twin_of = r.id AND w.selected IS NOT NULL ORDER BY w.twin_rank LIMIT 1)
		ELSE r.selected END AS selected,
	CASE WHEN r.twins AND r.passed IS NULL THEN (SELECT w.passed FROM run w
		WHERE w.twin_of = r.id AND w.passed IS NOT NULL ORDER BY w.twin_rank LIMIT 1)
		ELSE r.passed END AS passed,
	CASE WHEN r.twins AND r.failed IS NULL THEN (SELECT w.failed FROM run w
		WHERE w.twin_of = r.id AND w.failed IS NOT NULL ORDER BY w.twin_rank LIMIT 1)
		ELSE r.failed END AS failed,
	CASE WHEN r.twins AND r.errors IS NULL THEN (SELECT w.errors FROM run w
		WHERE w.twin_of = r.id AND w.errors IS NOT NULL ORDER BY w.twin_rank LIMIT 1)
		ELSE r.errors END AS errors,
	CASE WHEN r.twins AND r.skipped IS NULL THEN (SELECT w.skipped FROM run w
		WHERE w.twin_of = r.id AND w.skipped IS NOT NULL ORDER BY w.twin_rank LIMIT 1)
		ELSE r.skipped END AS skipped,
	CASE WHEN r.twins AND r.xfailed IS NULL THEN (SELECT w.xfailed FROM run w
		WHERE w.twin_of = r.id AND w.xfailed IS NOT NULL ORDER BY w.twin_rank LIMIT 1)
		ELSE r.xfailed END AS xfailed,
	CASE WHEN r.twins AND r.xpassed IS NULL THEN (SELECT w.xpassed FROM run w
		WHERE w.twin_of = r.id AND w.xpassed IS NOT NULL ORDER BY w.twin_rank LIMIT 1)
		ELSE r.xpassed END AS xpassed,
	CASE WHEN r.twins AND r.warnings IS NULL THEN (SELECT w.warnings FROM run w
		WHERE w.twin_of = r.id AND w.warnings IS NOT NULL ORDER BY w.twin_rank LIMIT 1)
		ELSE r.warnings END AS warnings,
	CASE WHEN r.twins AND r.exit_code IS NULL THEN (SELECT w.exit_code FROM run w
		WHERE w.twin_of = r.id AND w.exit_code IS NOT NULL ORDER BY w.twin_rank LIMIT 1)
		ELSE r.exit_code END AS exit_code,
	/* a report may not know that more was selected; that a console was cut says nothing */
	CASE WHEN r.twins AND r.state = 'complete' THEN coalesce((SELECT w.state FROM run w
		WHERE w.twin_of = r.id AND w.state IN ('stopped', 'crashed')
		ORDER BY w.twin_rank LIMIT 1), r.state) ELSE r.state END AS state,
	CASE WHEN r.twins AND r.state = 'complete' THEN coalesce((SELECT w.state_why FROM run w
		WHERE w.twin_of = r.id AND w.state IN ('stopped', 'crashed')
		ORDER BY w.twin_rank LIMIT 1), r.state_why) ELSE r.state_why END AS state_why,
	r.reconciled AS reconciled,
	r.reconciled_why AS reconciled_why,
	CASE WHEN r.twins AND r.wrapper_why IS NULL THEN (SELECT w.wrapper_why FROM run w
		WHERE w.twin_of = r.id AND w.wrapper_why IS NOT NULL ORDER BY w.twin_rank LIMIT 1)
		ELSE r.wrapper_why END AS wrapper_why,
	r.line AS line, r.byte AS byte, r.twins AS twins
FROM run r WHERE r.twin_of IS NULL;

DROP VIEW runs;
-- view: runs | one row for each execution of a test runner
-- column: id | number of the run, printed as u1
-- column: source_id | source that it was read from: the one that knows it best
-- column: framework | "pytest 8.4.1", "junit"
-- column: started_ts | start, if known
-- column: clock | none, assumed, derived or exact: where started_ts comes from
-- column: duration_s | seconds, as printed
-- column: ended_ts | start plus duration
-- column: command | command line; from ingest --label, else as the output tells
-- column: env | environment it ran against; as command
-- column: commit_id | commit it ran on; as command
-- column: collected | tests collected, as printed
-- column: passed | as printed
-- column: failed | as printed
-- column: errors | as printed
-- column: skipped | as printed
-- column: exit_code | of the runner
-- column: state | complete, stopped, truncated, not run or crashed
-- column: reconciled | do the printed counts agree with the rows: yes, explained, no, unknown
-- column: quality | recorded, or quoted if a document only claims it
-- column: state_why | one clause
-- column: reconciled_why | one clause
-- column: deselected | as printed
-- column: selected | as printed
-- column: xfailed | as printed
-- column: xpassed | as printed
-- column: warnings | as printed
-- column: started_ns | started_ts as nanoseconds since 1970 UTC
-- column: duration_ns | duration in nanoseconds
-- column: line | line where the run begins
-- column: byte_offset | byte where the run begins
-- column: format | format that it was read from: pytest, junit, pytest-reportlog, ...
-- column: formats | all formats of this run that were read, the best first
-- column: host | machine it ran on
-- column: wrapper_why | totals of what ran the runner, where they differ from the output inside
CREATE VIEW runs AS
SELECT id, source_id, framework,
	strftime('%Y-%m-%dT%H:%M:%S.', started_ns / 1000000000 - (started_ns % 1000000000 < 0),
		'unixepoch') || substr(2000000000 + started_ns % 1000000000, -9) || 'Z' AS started_ts,
	clock, duration_ns / 1000000000.0 AS duration_s,
	strftime('%Y-%m-%dT%H:%M:%S.', ended_ns / 1000000000 - (ended_ns % 1000000000 < 0),
		'unixepoch') || substr(2000000000 + ended_ns % 1000000000, -9) || 'Z' AS ended_ts,
	command, env, commit_id, collected, passed, failed, errors, skipped, exit_code, state,
	reconciled, quality, state_why, reconciled_why, deselected, selected, xfailed,
	xpassed, warnings, started_ns, duration_ns, line, byte AS byte_offset, format,
	CASE WHEN twins THEN (SELECT group_concat(format, ', ') FROM (SELECT w.format AS format
		FROM run w WHERE w.id = v.id OR w.twin_of = v.id ORDER BY w.twin_rank))
		ELSE format END AS formats,
	host, wrapper_why
FROM (SELECT *, started_ns + duration_ns AS ended_ns FROM run_view) v;

-- view: run_sources | every source that holds a run, in whatever format
-- column: run_id | the run
-- column: source_id | the source
-- column: path | its path
-- column: format | format of the run there
-- column: line | line where the run begins there
-- column: byte_offset | byte where the run begins there
-- column: state | what that source alone says: complete, stopped, truncated, not run or crashed
-- column: state_why | one clause
-- column: same_why | how it was told that it is the same run; nothing for the first
CREATE VIEW run_sources AS
SELECT coalesce(r.twin_of, r.id) AS run_id, r.source_id AS source_id, s.path AS path,
	r.format AS format, r.line AS line, r.byte AS byte_offset, r.state AS state,
	r.state_why AS state_why, r.twin_why AS same_why
FROM run r JOIN source s ON s.id = r.source_id ORDER BY 1, r.twin_rank;

-- view: run_facts | what a run says of the world it ran in
-- column: run_id | the run
-- column: kind | status, time, url, environment, command, exit, commit, ci, host, property or label
-- column: name | what it is called there
-- column: value | what it is said to be
-- column: source_id | source that it was read from
-- column: line | line there; nothing for a label
-- column: byte_offset | byte there
CREATE VIEW run_facts AS
SELECT coalesce(r.twin_of, r.id) AS run_id, f.kind AS kind, f.name AS name, f.value AS value,
	r.source_id AS source_id, f.line AS line, f.byte AS byte_offset
FROM run_fact f JOIN run r ON r.id = f.run_id
UNION ALL
SELECT coalesce(r.twin_of, r.id), 'label', l.name, l.value, r.source_id, NULL, NULL
FROM source_label l JOIN run r ON r.source_id = l.source_id;

-- a result with what the other formats of its run know: private, typed as the tables are
CREATE VIEW test_view AS
SELECT t.id AS id, coalesce(r.twin_of, r.id) AS run_id, t.nodeid AS nodeid,
	CASE WHEN g.twins AND t.printed IS NULL THEN (SELECT w.printed FROM test w
		WHERE w.twin_of = t.id AND w.printed IS NOT NULL ORDER BY w.twin_rank LIMIT 1)
		ELSE t.printed END AS printed,
	CASE WHEN g.twins AND t.file IS NULL THEN (SELECT w.file FROM test w
		WHERE w.twin_of = t.id AND w.file IS NOT NULL ORDER BY w.twin_rank LIMIT 1)
		ELSE t.file END AS file,
	CASE WHEN g.twins AND t.suite IS NULL THEN (SELECT w.suite FROM test w
		WHERE w.twin_of = t.id AND w.suite IS NOT NULL ORDER BY w.twin_rank LIMIT 1)
		ELSE t.suite END AS suite,
	CASE WHEN g.twins AND t.params IS NULL THEN (SELECT w.params FROM test w
		WHERE w.twin_of = t.id AND w.params IS NOT NULL ORDER BY w.twin_rank LIMIT 1)
		ELSE t.params END AS params,
	CASE WHEN g.twins AND t.message IS NULL THEN (SELECT w.message FROM test w
		WHERE w.twin_of = t.id AND w.message IS NOT NULL ORDER BY w.twin_rank LIMIT 1)
		ELSE t.message END AS message,
	CASE WHEN g.twins AND t.detail IS NULL THEN (SELECT w.detail FROM test w
		WHERE w.twin_of = t.id AND w.detail IS NOT NULL ORDER BY w.twin_rank LIMIT 1)
		ELSE t.detail END AS detail,
	CASE WHEN g.twins AND t.worker IS NULL THEN (SELECT w.worker FROM test w
		WHERE w.twin_of = t.id AND w.worker IS NOT NULL ORDER BY w.twin_rank LIMIT 1)
		ELSE t.worker END AS worker,
	CASE WHEN g.twins AND t.setup_ns IS NULL THEN (SELECT w.setup_ns FROM test w
		WHERE w.twin_of = t.id AND w.setup_ns IS NOT NULL ORDER BY w.twin_rank LIMIT 1)
		ELSE t.setup_ns END AS setup_ns,
	CASE WHEN g.twins AND t.call_ns IS NULL THEN (SELECT w.call_ns FROM test w
		WHERE w.twin_of = t.id AND w.call_ns IS NOT NULL ORDER BY w.twin_rank LIMIT 1)
		ELSE t.call_ns END AS call_ns,
	CASE WHEN g.twins AND t.teardown_ns IS NULL THEN (SELECT w.teardown_ns FROM test w
		WHERE w.twin_of = t.id AND w.teardown_ns IS NOT NULL ORDER BY w.twin_rank LIMIT 1)
		ELSE t.teardown_ns END AS teardown_ns,
	CASE WHEN g.twins AND t.started_ns IS NULL THEN (SELECT w.started_ns FROM test w
		WHERE w.twin_of = t.id AND w.started_ns IS NOT NULL ORDER BY w.twin_rank LIMIT 1)
		ELSE t.started_ns END AS started_ns,
	CASE WHEN g.twins AND t.duration_ns IS NULL THEN (SELECT w.duration_ns FROM test w
		WHERE w.twin_of = t.id AND w.duration_ns IS NOT NULL ORDER BY w.twin_rank LIMIT 1)
		ELSE t.duration_ns END AS duration_ns,
	CASE WHEN g.twins AND t.duration_ns IS NULL THEN (SELECT w.duration_from FROM test w
		WHERE w.twin_of = t.id AND w.duration_ns IS NOT NULL ORDER BY w.twin_rank LIMIT 1)
		ELSE t.duration_from END AS duration_from,
	CASE WHEN g.twins AND t.duration_ns IS NULL THEN (SELECT w.duration_note FROM test w
		WHERE w.twin_of = t.id AND w.duration_ns IS NOT NULL ORDER BY w.twin_rank LIMIT 1)
		ELSE t.duration_note END AS duration_note,
	CASE WHEN g.twins THEN max(t.attempt, coalesce((SELECT max(w.attempt) FROM test w
		WHERE w.twin_of = t.id), 0)) ELSE t.attempt END AS attempt,
	t.outcome AS outcome, t.phase AS phase, t.signature_id AS signature_id,
	t.cause_signature_id AS cause_signature_id,
	CASE WHEN g.twins AND t.detail IS NULL THEN (SELECT w.detail_line FROM test w
		WHERE w.twin_of = t.id AND w.detail IS NOT NULL ORDER BY w.twin_rank LIMIT 1)
		ELSE t.detail_line END AS detail_line,
	CASE WHEN g.twins AND t.detail IS NULL THEN coalesce((SELECT x.source_id FROM test w
		JOIN run x ON x.id = w.run_id WHERE w.twin_of = t.id AND w.detail IS NOT NULL
		ORDER BY w.twin_rank LIMIT 1), r.source_id) ELSE r.source_id END AS detail_source_id,
	r.source_id AS source_id, t.line AS line, t.byte AS byte, t.detail_byte AS detail_byte,
	r.quality AS quality
FROM test t JOIN run r ON r.id = t.run_id JOIN run g ON g.id = coalesce(r.twin_of, r.id)
WHERE t.twin_of IS NULL;

DROP VIEW tests;
-- view: tests | one row for each run, test id and attempt
-- column: id | number of the result, printed as t1
-- column: run_id | the run
-- column: nodeid | normalised test id
-- column: file | file of the test
-- column: attempt | 1 for the first
-- column: outcome | passed, failed, error, skipped, xfailed, xpassed or not run
-- column: phase | setup, call, teardown or collect: what decided the outcome
-- column: duration_s | seconds
-- column: message | crash message or skip reason
-- column: signature_id | fingerprint of the failure, see signatures
-- column: realness | not judged by this version
-- column: realness_why | not judged by this version
-- column: worker | of a distributed run
-- column: source_id | source that it was read from
-- column: line | line of the result
-- column: byte_offset | byte of the result
-- column: detail | traceback as printed, at most 64 KiB
-- column: detail_line | line of the traceback
-- column: printed | id as the source has it
-- column: suite | class or suite
-- column: params | parameters
-- column: duration_from | field of a report, row, table of durations, sum of phases, or elapsed
-- column: duration_note | why the duration says nothing; nothing if it does
-- column: setup_s | seconds of the set-up
-- column: call_s | seconds of the test itself
-- column: teardown_s | seconds of the teardown
-- column: started_ts | start, if known
-- column: cause_signature_id | cause of the exception it ended with, see test_exceptions
-- column: detail_source_id | source of the traceback
CREATE VIEW tests AS
SELECT id, run_id, nodeid, file, attempt, outcome, nullif(phase, '') AS phase,
	duration_ns / 1000000000.0 AS duration_s, message, signature_id, NULL AS realness,
	NULL AS realness_why, worker, source_id, line, byte AS byte_offset, detail,
	nullif(detail_line, 0) AS detail_line, coalesce(printed, nodeid) AS printed, suite, params,
	nullif(duration_from, '') AS duration_from, duration_note,
	setup_ns / 1000000000.0 AS setup_s, call_ns / 1000000000.0 AS call_s,
	teardown_ns / 1000000000.0 AS teardown_s,
	strftime('%Y-%m-%dT%H:%M:%S.', started_ns / 1000000000 - (started_ns % 1000000000 < 0),
		'unixepoch') || substr(2000000000 + started_ns % 1000000000, -9) || 'Z' AS started_ts,
	cause_signature_id, detail_source_id
FROM test_view;

-- view: test_exceptions | the exception that a test ended with
-- column: test_id | the test
-- column: type | what was raised last
-- column: message | its message
-- column: cause_type | innermost cause
-- column: cause_message | its message
-- column: frame | where that was raised, in the application if a frame is
-- column: chain | links of the chain
-- column: cause_signature_id | fingerprint of the cause, that of exceptions in logs too
CREATE VIEW test_exceptions AS
SELECT t.id AS test_id, l.type AS type, l.message AS message, c.type AS cause_type,
	c.message AS cause_message, c.place AS frame, l.n + 1 AS chain,
	t.cause_signature_id AS cause_signature_id
FROM test t
JOIN test_link c ON c.test_id = t.id AND c.n = 0
JOIN test_link l ON l.test_id = t.id
	AND l.n = (SELECT max(k.n) FROM test_link k WHERE k.test_id = t.id)
WHERE t.twin_of IS NULL;

DROP VIEW outputs;
-- view: outputs | text that a suite printed
-- column: id | number of the text
-- column: run_id | the run
-- column: nodeid | the test that printed it; nothing for the run itself
-- column: section | "Captured stdout call", ...
-- column: text | whole lines, at most 64 KiB
-- column: source_id | source that it was read from
-- column: line | its first line
-- column: byte_offset | byte of its first line
CREATE VIEW outputs AS
SELECT o.id AS id, coalesce(r.twin_of, r.id) AS run_id, o.nodeid AS nodeid,
	o.section AS section, o.text AS text, r.source_id AS source_id, o.line AS line,
	o.byte AS byte_offset
FROM output o JOIN run r ON r.id = o.run_id WHERE NOT o.hidden;

DROP VIEW signatures;
-- view: signatures | shapes of messages, causes and test failures
-- column: id | number of the signature, printed as g1; a hash of the shape
-- column: kind | template, error, stack, cause or test
-- column: template | the text with its variable parts masked
-- column: count | entries, exceptions or tests of that shape; of a cause, exceptions in logs and tests
-- column: first_ts | time of the first; nothing for tests
-- column: last_ts | time of the last; nothing for tests
-- column: severity | highest severity as a word; templates only
-- column: services | services that wrote it
CREATE VIEW signatures AS
SELECT s.id AS id, s.kind AS kind, s.text AS template, u.n AS count,
	strftime('%Y-%m-%dT%H:%M:%S.', u.first_ns / 1000000000 - (u.first_ns % 1000000000 < 0),
		'unixepoch') || substr(2000000000 + u.first_ns % 1000000000, -9) || 'Z' AS first_ts,
	strftime('%Y-%m-%dT%H:%M:%S.', u.last_ns / 1000000000 - (u.last_ns % 1000000000 < 0),
		'unixepoch') || substr(2000000000 + u.last_ns % 1000000000, -9) || 'Z' AS last_ts,
	CASE WHEN u.severity IS NOT NULL THEN
	CASE WHEN u.severity >= 800 THEN 'EMERGENCY' WHEN u.severity >= 700 THEN 'ALERT'
		WHEN u.severity >= 600 THEN 'CRITICAL' WHEN u.severity >= 500 THEN 'ERROR'
		WHEN u.severity >= 400 THEN 'WARNING' WHEN u.severity >= 300 THEN 'NOTICE'
		WHEN u.severity >= 200 THEN 'INFO' WHEN u.severity >= 100 THEN 'DEBUG' ELSE 'DEFAULT'
		END END AS severity,
	u.services AS services
FROM signature s JOIN (
	SELECT e.signature_id AS id, count(*) AS n, min(e.ts) AS first_ns, max(e.ts) AS last_ns,
		max(e.severity) AS severity, group_concat(DISTINCT nullif(o.service, '')) AS services
	FROM event e JOIN origin o ON o.id = e.origin_id
	WHERE e.signature_id IS NOT NULL GROUP BY e.signature_id
	UNION ALL
	SELECT c.id, sum(c.n), min(c.first_ns), max(c.last_ns), NULL, max(c.services) FROM (
		SELECT x.cause_signature_id AS id, count(*) AS n, min(x.ts) AS first_ns,
			max(x.ts) AS last_ns, group_concat(DISTINCT nullif(o.service, '')) AS services
		FROM exception x JOIN event e ON e.id = x.id JOIN origin o ON o.id = e.origin_id
		WHERE x.cause_signature_id IS NOT NULL GROUP BY x.cause_signature_id
		UNION ALL
		SELECT t.cause_signature_id, count(*), NULL, NULL, NULL
		FROM test t JOIN run r ON r.id = t.run_id
		WHERE t.cause_signature_id IS NOT NULL AND t.twin_of IS NULL AND r.quality = 'recorded'
		GROUP BY t.cause_signature_id
	) c GROUP BY c.id
	UNION ALL
	SELECT t.signature_id, count(*), NULL, NULL, NULL, NULL
	FROM test t JOIN run r ON r.id = t.run_id
	WHERE t.signature_id IS NOT NULL AND t.twin_of IS NULL AND r.quality = 'recorded'
	GROUP BY t.signature_id
) u ON u.id = s.id;
