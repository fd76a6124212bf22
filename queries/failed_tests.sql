-- Failed tests and errors of every run, with their message.
SELECT run_id, nodeid, outcome, phase, message
FROM tests
WHERE outcome IN ('failed', 'error')
ORDER BY run_id, nodeid;
