-- Requests answered with 5xx: when they began and ended, and which instance held them.
SELECT event_id, ts, latency_ms, status, method, path, service, revision, substr(instance, -6) AS instance
FROM requests
WHERE status >= 500
ORDER BY ts;
