-- Of each shop what waits: one whose line is long keeps no other waiting.
DROP INDEX payments_queued;
CREATE INDEX payments_queued ON payments (network, store_id, id) WHERE status = 'queued';
