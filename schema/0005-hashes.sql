-- 0005-hashes.sql - payload hashes are keyed.
--
-- Those that stand here were made without the key and match none that is made now. Cut by a
-- byte they still tell the texts of an entry apart; the next payload that is seen settles them.
UPDATE event SET payload_hash = substr(payload_hash, 1, 15) WHERE payload_hash IS NOT NULL;
UPDATE sighting SET payload_hash = substr(payload_hash, 1, 15) WHERE payload_hash IS NOT NULL;
UPDATE conflict SET payload_hash = substr(payload_hash, 1, 15);
