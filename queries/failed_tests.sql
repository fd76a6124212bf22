-- Failed tests and errors of every recorded run, with their message.
SELECT run_id, nodeid, attempt, outcome, phase, message
FROM tests
WHERE outcome IN ('failed', 'error')
	AND run_id IN (SELECT id FROM runs WHERE quality = 'recorded')
ORDER BY run_id, nodeid, attempt;
