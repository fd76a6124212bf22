-- Entries of severity ERROR and above per service and minute, newest first.
SELECT coalesce(service, '(none)') AS service, substr(ts, 1, 16) AS minute, count(*) AS entries
FROM events
WHERE severity IN ('ERROR', 'CRITICAL', 'ALERT', 'EMERGENCY')
GROUP BY 1, 2
ORDER BY 2 DESC, 1;
