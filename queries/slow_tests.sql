-- The 20 slowest results of recorded runs, and where each duration comes from.
SELECT id, run_id, nodeid, outcome, duration_s, duration_from, duration_note, setup_s, call_s, teardown_s
FROM tests
WHERE duration_s IS NOT NULL AND run_id IN (SELECT id FROM runs WHERE quality = 'recorded')
ORDER BY duration_s DESC, id
LIMIT 20;
