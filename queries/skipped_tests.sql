-- Reasons for skips in recorded runs, and how often each was given.
SELECT coalesce(message, '(none printed)') AS reason, count(*) AS results, count(DISTINCT run_id) AS runs, min(nodeid) AS first_test
FROM tests
WHERE outcome = 'skipped' AND run_id IN (SELECT id FROM runs WHERE quality = 'recorded')
GROUP BY message
ORDER BY 2 DESC, 1;
