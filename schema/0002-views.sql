-- 0002-views.sql - the public views, documented in netra-triage-schema(7).
--
-- Views only ever gain columns. They work in any SQLite 3.40 or newer: no function
-- of ours is used. A time in a text has always 9 digits, so that text order is time
-- order. The lines "-- view:" and "-- column:" are read by the program and by the
-- manual; a test compares them with the columns. Views without such lines are private.

-- entries with their origin and the text of their time
CREATE VIEW event_view AS
SELECT e.id AS id,
	strftime('%Y-%m-%dT%H:%M:%S.', e.ts / 1000000000 - (e.ts % 1000000000 < 0),
		'unixepoch') || substr(2000000000 + e.ts % 1000000000, -9) || 'Z' AS ts,
	e.ts AS ts_ns, e.severity AS severity, e.flags AS flags, e.severity_by AS severity_by,
	nullif(o.project, '') AS project, nullif(o.location, '') AS location,
	nullif(o.resource_type, '') AS resource_type, nullif(o.log, '') AS log,
	nullif(o.service, '') AS service, nullif(o.revision, '') AS revision,
	nullif(o.instance, '') AS instance,
	e.message AS message, e.payload_kind AS payload_kind, e.trace AS trace, e.span AS span,
	e.insert_id AS insert_id, e.signature_id AS signature_id, e.receive_ts AS receive_ns,
	e.source_id AS source_id, e.line AS line, e.byte AS byte, e.bytes AS bytes
FROM event e JOIN origin o ON o.id = e.origin_id;

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
-- column: filled | known records without payload, which this source gave
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
-- column: compression | gzip, or nothing
CREATE VIEW sources AS
SELECT id, path, kind, shape, state, bytes, sha256, seen AS entries, added, known, filled,
	conflicts, damaged, not_evidence,
	strftime('%Y-%m-%dT%H:%M:%S.', first_ns / 1000000000 - (first_ns % 1000000000 < 0),
		'unixepoch') || substr(2000000000 + first_ns % 1000000000, -9) || 'Z' AS first_ts,
	strftime('%Y-%m-%dT%H:%M:%S.', last_ns / 1000000000 - (last_ns % 1000000000 < 0),
		'unixepoch') || substr(2000000000 + last_ns % 1000000000, -9) || 'Z' AS last_ts,
	truncated,
	CASE WHEN kind = 'logs' THEN iif(ts_assumed, 'assumed', 'utc') END AS clock,
	note, first_ns, last_ns, reader, compression
FROM source;

-- view: events | one row for each log entry
-- column: id | number of the entry, printed as e1
-- column: ts | time of the entry, RFC 3339 UTC with 9 digits
-- column: ts_ns | ts as nanoseconds since 1970 UTC
-- column: severity | effective severity as a word; DEFAULT if there is none
-- column: severity_inferred | 1 if the severity was read from the text
-- column: severity_by | what inferred it
-- column: project | Google Cloud project
-- column: location | region or zone
-- column: resource_type | monitored resource, "cloud_run_revision"
-- column: log | decoded log id, "run.googleapis.com/stderr"
-- column: service | service name
-- column: revision | revision name
-- column: instance | instance id
-- column: message | text of the payload as stored
-- column: payload_kind | none, text, json or proto
-- column: trace | trace id
-- column: insert_id | insertId of the entry
-- column: signature_id | template of the message, see signatures
-- column: exception_id | traceback that this entry is a part of, see exceptions
-- column: source_id | source that its text was read from
-- column: line | line where the record begins, from 1
-- column: byte_offset | byte where the record begins, from 0, decompressed
-- column: bytes | length of the record
-- column: span | span id
-- column: severity_n | severity as a number, 0 to 800
-- column: receive_ns | receiveTimestamp, nanoseconds since 1970 UTC
-- column: filled | 1 if a first copy of it had no payload
-- column: fields | payload leaves and labels, a JSON object of texts
CREATE VIEW events AS
SELECT id, ts, ts_ns,
	CASE WHEN severity >= 800 THEN 'EMERGENCY' WHEN severity >= 700 THEN 'ALERT'
		WHEN severity >= 600 THEN 'CRITICAL' WHEN severity >= 500 THEN 'ERROR'
		WHEN severity >= 400 THEN 'WARNING' WHEN severity >= 300 THEN 'NOTICE'
		WHEN severity >= 200 THEN 'INFO' WHEN severity >= 100 THEN 'DEBUG' ELSE 'DEFAULT' END AS severity,
	flags & 1 AS severity_inferred, severity_by, project, location, resource_type, log,
	service, revision, instance, message,
	CASE payload_kind WHEN 1 THEN 'text' WHEN 2 THEN 'json' WHEN 3 THEN 'proto'
		ELSE 'none' END AS payload_kind,
	trace, insert_id, signature_id,
	(SELECT p.exception_id FROM exception_part p WHERE p.event_id = v.id
		ORDER BY p.exception_id LIMIT 1) AS exception_id,
	source_id, line, byte AS byte_offset, bytes, span, severity AS severity_n, receive_ns,
	(flags & 8) / 8 AS filled,
	(SELECT f.fields FROM event_field f WHERE f.event_id = v.id) AS fields
FROM event_view v;

-- view: sightings | every source that holds an entry, the first too
-- column: event_id | the entry
-- column: source_id | a source that holds it
-- column: line | line of the record in that source
-- column: byte_offset | byte of the record in that source
CREATE VIEW sightings AS
SELECT id AS event_id, source_id, line, byte AS byte_offset FROM event
UNION ALL
SELECT event_id, source_id, line, byte FROM sighting;

-- view: coverage | records of a source by service and severity, known ones too
-- column: source_id | the source
-- column: service | service name; nothing if the entry names none
-- column: severity | severity as a word
-- column: count | records
-- column: inferred | records whose severity was read from the text
-- column: first_ts | time of the oldest
-- column: last_ts | time of the newest
-- column: severity_n | severity as a number
CREATE VIEW coverage AS
SELECT source_id, nullif(service, '') AS service,
	CASE WHEN severity >= 800 THEN 'EMERGENCY' WHEN severity >= 700 THEN 'ALERT'
		WHEN severity >= 600 THEN 'CRITICAL' WHEN severity >= 500 THEN 'ERROR'
		WHEN severity >= 400 THEN 'WARNING' WHEN severity >= 300 THEN 'NOTICE'
		WHEN severity >= 200 THEN 'INFO' WHEN severity >= 100 THEN 'DEBUG' ELSE 'DEFAULT' END AS severity,
	n AS count, inferred,
	strftime('%Y-%m-%dT%H:%M:%S.', first_ns / 1000000000 - (first_ns % 1000000000 < 0),
		'unixepoch') || substr(2000000000 + first_ns % 1000000000, -9) || 'Z' AS first_ts,
	strftime('%Y-%m-%dT%H:%M:%S.', last_ns / 1000000000 - (last_ns % 1000000000 < 0),
		'unixepoch') || substr(2000000000 + last_ns % 1000000000, -9) || 'Z' AS last_ts,
	severity AS severity_n
FROM source_coverage;

-- view: requests | one row for each entry that carries httpRequest
-- column: event_id | the entry
-- column: ts | start of the request
-- column: ts_ns | start, nanoseconds since 1970 UTC
-- column: end_ns | start plus latency
-- column: method | GET, POST, ...
-- column: url | requestUrl
-- column: path | path of the URL
-- column: status | HTTP status; nothing if not stated
-- column: latency_ms | latency in milliseconds
-- column: user_agent | userAgent
-- column: service | service name
-- column: revision | revision name
-- column: instance | instance id
-- column: trace | trace id
-- column: latency_ns | latency in nanoseconds
-- column: protocol | HTTP/1.1, HTTP/2, ...
-- column: remote_ip | remoteIp
-- column: response_size | bytes
-- column: source_id | source that it was read from
-- column: line | line where the record begins
-- column: byte_offset | byte where the record begins
CREATE VIEW requests AS
SELECT r.event_id AS event_id, v.ts AS ts, v.ts_ns AS ts_ns, r.end_ns AS end_ns,
	(SELECT s FROM str WHERE id = r.method) AS method, r.url AS url, r.path AS path,
	r.status AS status, r.latency_ns / 1000000.0 AS latency_ms,
	(SELECT s FROM str WHERE id = r.user_agent) AS user_agent,
	v.service AS service, v.revision AS revision, v.instance AS instance, v.trace AS trace,
	r.latency_ns AS latency_ns, (SELECT s FROM str WHERE id = r.protocol) AS protocol,
	r.remote_ip AS remote_ip, r.response_size AS response_size,
	v.source_id AS source_id, v.line AS line, v.byte AS byte_offset
FROM request r JOIN event_view v ON v.id = r.event_id;

-- view: exceptions | tracebacks, stitched from all entries that carry parts
-- column: id | number of the exception, printed as x1; it is that of its first entry
-- column: type | type of the last link: what ended the worker or request
-- column: message | first line of the last link's message
-- column: cause_type | type of the innermost cause
-- column: cause_message | first line of the cause's message
-- column: frame | where the cause was raised, "pkg/file.py:23"
-- column: chain | types from the cause outwards, " > " between them
-- column: ts | time of the first entry
-- column: service | service name
-- column: revision | revision name
-- column: instance | instance id
-- column: entries | entries that carry it
-- column: cause_signature_id | fingerprint of the cause, see signatures
-- column: ts_ns | ts as nanoseconds since 1970 UTC
CREATE VIEW exceptions AS
SELECT x.id AS id, l.type AS type, l.message AS message, c.type AS cause_type,
	c.message AS cause_message, c.place AS frame,
	(SELECT group_concat(type, ' > ') FROM (SELECT k.type AS type FROM exception_link k
		WHERE k.exception_id = x.id ORDER BY k.n)) AS chain,
	v.ts AS ts, v.service AS service, v.revision AS revision, v.instance AS instance,
	(SELECT count(*) FROM exception_part p WHERE p.exception_id = x.id) AS entries,
	x.cause_signature_id AS cause_signature_id, v.ts_ns AS ts_ns
FROM exception x
JOIN event_view v ON v.id = x.id
LEFT JOIN exception_link c ON c.exception_id = x.id AND c.n = 0
LEFT JOIN exception_link l ON l.exception_id = x.id
	AND l.n = (SELECT max(k.n) FROM exception_link k WHERE k.exception_id = x.id);

-- view: signatures | shapes of messages, causes and test failures
-- column: id | number of the signature, printed as g1; a hash of the shape
-- column: kind | template, error, stack, cause or test
-- column: template | the text with its variable parts masked
-- column: count | entries, exceptions or tests of that shape
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
	SELECT x.cause_signature_id, count(*), min(x.ts), max(x.ts), NULL,
		group_concat(DISTINCT nullif(o.service, ''))
	FROM exception x JOIN event e ON e.id = x.id JOIN origin o ON o.id = e.origin_id
	WHERE x.cause_signature_id IS NOT NULL GROUP BY x.cause_signature_id
	UNION ALL
	SELECT t.signature_id, count(*), NULL, NULL, NULL, NULL
	FROM test t WHERE t.signature_id IS NOT NULL GROUP BY t.signature_id
) u ON u.id = s.id;

-- view: instances | one row for each instance that wrote an entry
-- column: instance | instance id
-- column: service | service name
-- column: revision | revision name
-- column: started_ts | first entry that a rule of role start matched
-- column: ready_ts | first entry that a health rule with the tag instance.ready matched
-- column: exit_code | code of its last exit
-- column: exit_ts | last entry that a rule of role exit matched
-- column: lifetime_s | seconds from its start to its last exit
-- column: start_reason | why it was started, if the start entry says so
-- column: first_ts | its first entry
-- column: last_ts | its last entry
CREATE VIEW instances AS
SELECT i.instance AS instance, i.service AS service, i.revision AS revision,
	strftime('%Y-%m-%dT%H:%M:%S.', s.ts / 1000000000 - (s.ts % 1000000000 < 0),
		'unixepoch') || substr(2000000000 + s.ts % 1000000000, -9) || 'Z' AS started_ts,
	strftime('%Y-%m-%dT%H:%M:%S.', r.ts / 1000000000 - (r.ts % 1000000000 < 0),
		'unixepoch') || substr(2000000000 + r.ts % 1000000000, -9) || 'Z' AS ready_ts,
	x.code AS exit_code,
	strftime('%Y-%m-%dT%H:%M:%S.', x.ts / 1000000000 - (x.ts % 1000000000 < 0),
		'unixepoch') || substr(2000000000 + x.ts % 1000000000, -9) || 'Z' AS exit_ts,
	(x.ts - s.ts) / 1000000000.0 AS lifetime_s,
	s.reason AS start_reason,
	strftime('%Y-%m-%dT%H:%M:%S.', i.first_ns / 1000000000 - (i.first_ns % 1000000000 < 0),
		'unixepoch') || substr(2000000000 + i.first_ns % 1000000000, -9) || 'Z' AS first_ts,
	strftime('%Y-%m-%dT%H:%M:%S.', i.last_ns / 1000000000 - (i.last_ns % 1000000000 < 0),
		'unixepoch') || substr(2000000000 + i.last_ns % 1000000000, -9) || 'Z' AS last_ts
FROM (
	SELECT o.instance AS instance, nullif(o.service, '') AS service,
		nullif(o.revision, '') AS revision, min(e.ts) AS first_ns, max(e.ts) AS last_ns
	FROM origin o JOIN event e ON e.origin_id = o.id
	WHERE o.instance <> '' GROUP BY o.instance, o.service, o.revision
) i
LEFT JOIN (
	SELECT v.instance AS instance, v.service AS service, v.revision AS revision,
		min(v.ts_ns) AS ts, h.reason AS reason
	FROM hit h JOIN event_view v ON v.id = h.event_id
	WHERE h.role = 'start' AND h.limited = 0 GROUP BY v.instance, v.service, v.revision
) s ON s.instance = i.instance AND s.service IS i.service AND s.revision IS i.revision
LEFT JOIN (
	SELECT v.instance AS instance, v.service AS service, v.revision AS revision,
		max(v.ts_ns) AS ts, h.code AS code
	FROM hit h JOIN event_view v ON v.id = h.event_id
	WHERE h.role = 'exit' AND h.limited = 0 GROUP BY v.instance, v.service, v.revision
) x ON x.instance = i.instance AND x.service IS i.service AND x.revision IS i.revision
LEFT JOIN (
	SELECT v.instance AS instance, v.service AS service, v.revision AS revision,
		min(v.ts_ns) AS ts
	FROM hit h JOIN event_view v ON v.id = h.event_id JOIN rule u ON u.name = h.rule
	WHERE h.role = 'health' AND h.limited = 0 AND instr(u.tags, ' instance.ready ')
	GROUP BY v.instance, v.service, v.revision
) r ON r.instance = i.instance AND r.service IS i.service AND r.revision IS i.revision;

-- view: revisions | one row for each revision of a service
-- column: service | service name
-- column: revision | revision name
-- column: first_ts | its first entry
-- column: last_ts | its last entry
-- column: errors | entries of severity ERROR and above
-- column: entries | all entries
CREATE VIEW revisions AS
SELECT service, revision,
	strftime('%Y-%m-%dT%H:%M:%S.', first_ns / 1000000000 - (first_ns % 1000000000 < 0),
		'unixepoch') || substr(2000000000 + first_ns % 1000000000, -9) || 'Z' AS first_ts,
	strftime('%Y-%m-%dT%H:%M:%S.', last_ns / 1000000000 - (last_ns % 1000000000 < 0),
		'unixepoch') || substr(2000000000 + last_ns % 1000000000, -9) || 'Z' AS last_ts,
	errors, entries
FROM (
	SELECT nullif(o.service, '') AS service, o.revision AS revision, min(e.ts) AS first_ns,
		max(e.ts) AS last_ns, sum(e.severity >= 500) AS errors, count(*) AS entries
	FROM origin o JOIN event e ON e.origin_id = o.id
	WHERE o.revision <> '' GROUP BY o.service, o.revision
);

-- view: deploys | changes to a service, from audit entries and rules of role deploy
-- column: ts | time of the entry
-- column: service | service name
-- column: revision | revision name
-- column: who | principal of the audit entry
-- column: how | method of the audit entry, else the rule that matched
-- column: event_id | the entry
-- column: agent | callerSuppliedUserAgent
CREATE VIEW deploys AS
SELECT v.ts AS ts, v.service AS service, v.revision AS revision, a.principal AS who,
	coalesce(a.method, (SELECT min(h.rule) FROM hit h
		WHERE h.event_id = v.id AND h.role = 'deploy')) AS how,
	v.id AS event_id, a.agent AS agent
FROM (
	SELECT event_id FROM audit WHERE method LIKE '%Services.CreateService'
		OR method LIKE '%Services.ReplaceService' OR method LIKE '%Services.UpdateService'
		OR method LIKE '%Services.DeleteService'
	UNION
	SELECT event_id FROM hit WHERE role = 'deploy' AND event_id IS NOT NULL AND limited = 0
) d
JOIN event_view v ON v.id = d.event_id
LEFT JOIN audit a ON a.event_id = v.id;

-- view: runs | one row for each execution of a test runner
-- column: id | number of the run, printed as u1
-- column: source_id | source that it was read from
-- column: framework | "pytest 8.4.1", "junit"
-- column: started_ts | start, if known
-- column: clock | none, assumed, derived or exact: where started_ts comes from
-- column: duration_s | seconds, as printed
-- column: ended_ts | start plus duration
-- column: command | command line
-- column: env | environment it ran against
-- column: commit_id | commit it ran on
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
CREATE VIEW runs AS
SELECT id, source_id, framework,
	strftime('%Y-%m-%dT%H:%M:%S.', started_ns / 1000000000 - (started_ns % 1000000000 < 0),
		'unixepoch') || substr(2000000000 + started_ns % 1000000000, -9) || 'Z' AS started_ts,
	clock, duration_ns / 1000000000.0 AS duration_s,
	strftime('%Y-%m-%dT%H:%M:%S.', ended_ns / 1000000000 - (ended_ns % 1000000000 < 0),
		'unixepoch') || substr(2000000000 + ended_ns % 1000000000, -9) || 'Z' AS ended_ts,
	command, env, commit_id, collected, passed, failed, errors, skipped, exit_code, state,
	reconciled, 'recorded' AS quality, state_why, reconciled_why, deselected, selected, xfailed,
	xpassed, warnings, started_ns, duration_ns, line,
	byte AS byte_offset
FROM (SELECT *, started_ns + duration_ns AS ended_ns FROM run);

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
CREATE VIEW tests AS
SELECT t.id AS id, t.run_id AS run_id, t.nodeid AS nodeid, t.file AS file, t.attempt AS attempt,
	t.outcome AS outcome, nullif(t.phase, '') AS phase,
	t.duration_ns / 1000000000.0 AS duration_s, t.message AS message,
	t.signature_id AS signature_id, NULL AS realness, NULL AS realness_why,
	t.worker AS worker, r.source_id AS source_id, t.line AS line, t.byte AS byte_offset,
	t.detail AS detail, nullif(t.detail_line, 0) AS detail_line
FROM test t JOIN run r ON r.id = t.run_id;

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
SELECT o.id AS id, o.run_id AS run_id, o.nodeid AS nodeid, o.section AS section, o.text AS text,
	r.source_id AS source_id, o.line AS line, o.byte AS byte_offset
FROM output o JOIN run r ON r.id = o.run_id;

-- view: hits | records that a rule matched
-- column: id | number of the hit
-- column: rule | name of the rule
-- column: role | what a match of that rule means
-- column: event_id | the entry, the request, or the first entry of the exception
-- column: test_id | the test
-- column: output_id | the printed text
-- column: line | printed line that matched
-- column: byte_offset | byte of that line
-- column: field | field that matched
-- column: start | first byte of the match in the field, or in the printed text
-- column: stop | byte behind the match
-- column: captures | JSON object of texts
-- column: limited | 1 if the rule gave up on this record
-- column: rule_hash | SHA-256 of the rule's text
-- column: rule_revision | revision of the rule
CREATE VIEW hits AS
SELECT id, rule, role, event_id, test_id, output_id, nullif(line, 0) AS line,
	iif(line, byte, NULL) AS byte_offset, field, start, stop, captures, limited, rule_hash,
	rule_revision
FROM hit;

-- view: findings | what each rule says of each group, at the last evaluation
-- column: id | number of the finding, printed as f1
-- column: rule | name of the rule
-- column: rule_revision | revision of the rule
-- column: outcome | fired, clear, inconclusive or not evaluated
-- column: group_key | the group, "service=... revision=..."
-- column: count | records that matched
-- column: first_ts | time of the first
-- column: last_ts | time of the last
-- column: priority | P0 to P3
-- column: says | the statement, for outcome fired
-- column: why | the reason, for other outcomes
-- column: rule_hash | SHA-256 of the rule's text
CREATE VIEW findings AS
SELECT id, rule, rule_revision, outcome, group_key, n AS count,
	strftime('%Y-%m-%dT%H:%M:%S.', first_ns / 1000000000 - (first_ns % 1000000000 < 0),
		'unixepoch') || substr(2000000000 + first_ns % 1000000000, -9) || 'Z' AS first_ts,
	strftime('%Y-%m-%dT%H:%M:%S.', last_ns / 1000000000 - (last_ns % 1000000000 < 0),
		'unixepoch') || substr(2000000000 + last_ns % 1000000000, -9) || 'Z' AS last_ts,
	priority, says, why, rule_hash
FROM finding;

-- view: finding_hits | the records that a finding stands on, in order of time
-- column: finding_id | the finding
-- column: n | from 1
-- column: event_id | an entry
-- column: test_id | a test
-- column: output_id | a printed text
-- column: line | printed line
-- column: byte_offset | byte of the printed line
CREATE VIEW finding_hits AS
SELECT finding_id, n, event_id, test_id, output_id, nullif(line, 0) AS line,
	iif(line, byte, NULL) AS byte_offset
FROM finding_hit;

-- view: incidents | what shares one cause at one service
-- column: id | number of the incident, printed as i1; kept for ever
-- column: title | one line
-- column: priority | P0 to P3
-- column: state | open
-- column: verdict | not judged by this version
-- column: service | service name
-- column: revision | the newest revision
-- column: first_ts | time of its first entry
-- column: last_ts | time of its last entry
-- column: occurrences | how often it happened, failed starts for example
-- column: entries | entries that belong to it
-- column: cause_signature_id | fingerprint of the cause, see signatures
-- column: issue | tracked issue that the rule names
-- column: rank | 1 is the top problem
-- column: class | start failure, exception, ...
-- column: priority_why | where the priority comes from
-- column: signatures | templates among its entries
-- column: requests_joined | requests that provably suffered
-- column: requests_open | failed requests at the same time, not joined
-- column: cause_type | type of the cause
-- column: cause_message | message of the cause
-- column: cause_place | where the cause was raised
-- column: rule | rule that names it
-- column: remediation | what the rule recommends
-- column: key | what identifies it for ever
-- column: first_ns | first_ts as nanoseconds since 1970 UTC
-- column: last_ns | last_ts as nanoseconds since 1970 UTC
CREATE VIEW incidents AS
SELECT i.id AS id, i.title AS title, i.priority AS priority, 'open' AS state, NULL AS verdict,
	i.service AS service, i.revision AS revision,
	strftime('%Y-%m-%dT%H:%M:%S.', i.first_ns / 1000000000 - (i.first_ns % 1000000000 < 0),
		'unixepoch') || substr(2000000000 + i.first_ns % 1000000000, -9) || 'Z' AS first_ts,
	strftime('%Y-%m-%dT%H:%M:%S.', i.last_ns / 1000000000 - (i.last_ns % 1000000000 < 0),
		'unixepoch') || substr(2000000000 + i.last_ns % 1000000000, -9) || 'Z' AS last_ts,
	i.occurrences AS occurrences, i.entries AS entries,
	i.cause_signature_id AS cause_signature_id, i.issue AS issue, i.rank AS rank,
	i.class AS class, i.priority_why AS priority_why, i.signatures AS signatures,
	i.requests_joined AS requests_joined, i.requests_open AS requests_open,
	i.cause_type AS cause_type, i.cause_message AS cause_message, i.cause_place AS cause_place,
	i.rule AS rule, i.remediation AS remediation, k.key AS key, i.first_ns AS first_ns,
	i.last_ns AS last_ns
FROM incident i JOIN incident_key k ON k.id = i.id;

-- view: incident_members | the records of an incident
-- column: incident_id | the incident
-- column: role | cause, failure, exit, request, symptom, banner or test
-- column: basis | proved, rule or co-occurs: how it is tied to the incident
-- column: occurrence | which occurrence it belongs to, from 1; 0 is none
-- column: rule | rule that matched it
-- column: event_id | an entry
-- column: test_id | a test
-- column: output_id | a printed text
-- column: source_id | source of the record
-- column: line | line of the record or printed line
-- column: byte_offset | byte of the record or printed line
-- column: quote | its cited bytes
-- column: n | order within the incident
-- column: path | path of the source
CREATE VIEW incident_members AS
SELECT m.incident_id AS incident_id, m.role AS role, m.basis AS basis,
	m.occurrence AS occurrence, m.rule AS rule, m.event_id AS event_id, m.test_id AS test_id,
	m.output_id AS output_id,
	s.id AS source_id,
	CASE WHEN m.output_id IS NOT NULL THEN m.line ELSE coalesce(t.line, e.line) END AS line,
	CASE WHEN m.output_id IS NOT NULL THEN m.byte ELSE coalesce(t.byte, e.byte) END
		AS byte_offset,
	CAST(substr(CAST(CASE WHEN m.output_id IS NOT NULL THEN o.text
		WHEN m.test_id IS NOT NULL THEN t.message ELSE e.message END AS BLOB),
		m.quote_start + 1, m.quote_end - m.quote_start) AS TEXT) AS quote,
	m.n AS n, s.path AS path
FROM member m
LEFT JOIN event e ON e.id = m.event_id
LEFT JOIN output o ON o.id = m.output_id
LEFT JOIN test t ON t.id = m.test_id
LEFT JOIN run r ON r.id = coalesce(o.run_id, t.run_id)
LEFT JOIN source s ON s.id = coalesce(r.source_id, e.source_id);

-- view: whys | the chain of whys of an incident
-- column: incident_id | the incident
-- column: n | from 1
-- column: question | why ...
-- column: answer | nothing where evidence is needed
-- column: basis | proved, correlated, stated or needs evidence
-- column: mechanism | how the answer is tied to the question
-- column: collect | command that would get the evidence
-- column: count | links that hold
-- column: of | links that were looked at
-- column: events | ids of the entries cited, blanks between them
-- column: test_id | a test that is cited
CREATE VIEW whys AS
SELECT w.incident_id AS incident_id, w.n AS n, w.question AS question, w.answer AS answer,
	w.basis AS basis, w.mechanism AS mechanism, w.collect AS collect, w.links AS count,
	w.looked_at AS "of",
	(SELECT group_concat(id, ' ') FROM (SELECT e.event_id AS id FROM why_event e
		WHERE e.incident_id = w.incident_id AND e.n = w.n ORDER BY e.k)) AS events,
	w.test_id AS test_id
FROM why w;

-- view: hypotheses | what could explain incidents, where evidence speaks of it
-- column: id | number of the hypothesis, printed as h1
-- column: name | name, as rules use it
-- column: class | H0 to H9
-- column: title | one line
-- column: priority | P0 to P3
-- column: issue | tracked issue
-- column: service | scope; not judged by this version
-- column: from_ts | scope; not judged by this version
-- column: to_ts | scope; not judged by this version
-- column: verdict | not judged by this version
-- column: verdict_by | not judged by this version
-- column: standing | not judged by this version
-- column: why | not judged by this version
CREATE VIEW hypotheses AS
SELECT id, name, class, title, priority, issue, NULL AS service, NULL AS from_ts, NULL AS to_ts,
	NULL AS verdict, NULL AS verdict_by, NULL AS standing, NULL AS why
FROM hypothesis;

-- view: evidence | what hypotheses and incidents stand on
-- column: id | number of the evidence, printed as v1
-- column: kind | entry, request, test or output
-- column: relation | for, against or neutral
-- column: strength | weak, medium or strong
-- column: hypothesis_id | the hypothesis it speaks of
-- column: incident_id | the incident it belongs to
-- column: event_id | the entry that is quoted
-- column: test_id | the test that is quoted
-- column: quote | the cited bytes
-- column: path | path of the source
-- column: line | line of the record or printed line
-- column: byte_offset | byte of the record or printed line
-- column: says | what it says
-- column: output_id | the printed text that is quoted
-- column: source_id | source of the record
-- column: rule | rule that matched it
-- column: count | records that say the same
-- column: finding_id | the finding it comes from
CREATE VIEW evidence AS
SELECT m.id AS id, m.kind AS kind, m.relation AS relation, m.strength AS strength,
	m.hypothesis_id AS hypothesis_id, m.incident_id AS incident_id, m.event_id AS event_id,
	m.test_id AS test_id,
	CAST(substr(CAST(CASE WHEN m.output_id IS NOT NULL THEN o.text
		WHEN m.test_id IS NOT NULL THEN t.message ELSE e.message END AS BLOB),
		m.quote_start + 1, m.quote_end - m.quote_start) AS TEXT) AS quote,
	s.path AS path,
	CASE WHEN m.output_id IS NOT NULL THEN m.line ELSE coalesce(t.line, e.line) END AS line,
	CASE WHEN m.output_id IS NOT NULL THEN m.byte ELSE coalesce(t.byte, e.byte) END
		AS byte_offset,
	m.says AS says, m.output_id AS output_id, s.id AS source_id, m.rule AS rule, m.n AS count,
	m.finding_id AS finding_id
FROM proof m
LEFT JOIN event e ON e.id = m.event_id
LEFT JOIN output o ON o.id = m.output_id
LEFT JOIN test t ON t.id = m.test_id
LEFT JOIN run r ON r.id = coalesce(o.run_id, t.run_id)
LEFT JOIN source s ON s.id = coalesce(r.source_id, e.source_id);

-- view: conflicts | both texts of an entry that two sources hold with different payloads
-- column: id | number of the conflict
-- column: event_id | the entry
-- column: ts | its time
-- column: insert_id | its insertId
-- column: first_source_id | source of the text that stays the entry's
-- column: first_path | path of that source
-- column: first_line | line there
-- column: first_byte_offset | byte there
-- column: first_message | the text that stays
-- column: source_id | source of the other text
-- column: path | path of that source
-- column: line | line there
-- column: byte_offset | byte there
-- column: message | the other text
CREATE VIEW conflicts AS
SELECT c.id AS id, c.event_id AS event_id, v.ts AS ts, v.insert_id AS insert_id,
	v.source_id AS first_source_id, f.path AS first_path, v.line AS first_line,
	v.byte AS first_byte_offset, v.message AS first_message, c.source_id AS source_id,
	s.path AS path, c.line AS line, c.byte AS byte_offset, c.message AS message
FROM conflict c JOIN event_view v ON v.id = c.event_id
JOIN source f ON f.id = v.source_id JOIN source s ON s.id = c.source_id;

-- view: damaged_records | records that were neither stored nor known
-- column: id | number of the record
-- column: source_id | its source
-- column: path | path of the source
-- column: kind | damaged or not evidence
-- column: line | line where it begins
-- column: byte_offset | byte where it begins
-- column: bytes | its length, if known
-- column: reason | what is wrong with it
CREATE VIEW damaged_records AS
SELECT b.id AS id, b.source_id AS source_id, s.path AS path,
	iif(b.kind, 'not evidence', 'damaged') AS kind, b.line AS line, b.byte AS byte_offset,
	nullif(b.bytes, 0) AS bytes, b.reason AS reason
FROM bad b JOIN source s ON s.id = b.source_id;

-- view: diagnostics | complaints about input
-- column: id | number of the complaint
-- column: source_id | its source
-- column: path | path of the source
-- column: name | name of the complaint, as in netra-triage-ingest(1)
-- column: level | note, warning, limit or damage
-- column: text | what the name means
-- column: detail | what exactly
-- column: line | line, if known
-- column: col | byte of the line from 1, if known
-- column: byte_offset | byte of the input
-- column: count | how many of this name its source has; 1000 of them have a row
CREATE VIEW diagnostics AS
SELECT d.id AS id, d.source_id AS source_id, s.path AS path, d.code AS name, c.level AS level,
	c.text AS text, d.detail AS detail, nullif(d.line, 0) AS line, nullif(d.col, 0) AS col,
	d.byte AS byte_offset, c.n AS count
FROM diag d JOIN diag_count c ON c.source_id = d.source_id AND c.code = d.code
JOIN source s ON s.id = d.source_id;

-- view: rules | the rules of the last evaluation
-- column: name | name
-- column: title | one line
-- column: subject | entry, request, exception or test
-- column: role | what a match means
-- column: priority | P0 to P3
-- column: revision | revision, from 1
-- column: hash | SHA-256 of its text
-- column: issue | tracked issue
-- column: tags | tags, blanks between them
-- column: path | file it came from
-- column: line | line there
-- column: description | what it is for
-- column: remediation | what it recommends
CREATE VIEW rules AS
SELECT name, title, subject, role, priority, revision, hash, issue, trim(tags) AS tags, path,
	line, description, remediation
FROM rule;
