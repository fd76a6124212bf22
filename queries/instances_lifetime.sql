-- How long instances lived, and how they ended.
SELECT service, revision, substr(instance, -6) AS instance, started_ts, ready_ts, exit_code, exit_ts, lifetime_s
FROM instances
ORDER BY started_ts;
