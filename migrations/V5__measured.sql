-- ---------------------------------------------------------------------------------------------------------------------
-- Lists by number of page: how many payments of a day (UTC, by when they were made) wait no longer, so that neither a total nor
-- the way to a deep page has to walk past them. Those that still wait are few enough to be counted.

ALTER TABLE payments ADD COLUMN is_overpaid INTEGER GENERATED ALWAYS AS (
    status = 'paid' AND COALESCE(length(seen) > length(due) OR length(seen) = length(due) AND seen > due, 0)) VIRTUAL;

CREATE TABLE day_closed (
    store_id INTEGER NOT NULL REFERENCES stores (id),
    mode     TEXT NOT NULL,
    status   TEXT NOT NULL,
    -- Empty where nothing was chosen.
    network  TEXT NOT NULL,
    currency TEXT NOT NULL,
    day      INTEGER NOT NULL,
    count    INTEGER NOT NULL,
    -- Of these, with more than was due.
    overpaid INTEGER NOT NULL,
    PRIMARY KEY (store_id, mode, status, network, currency, day)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER payments_closed AFTER UPDATE OF status, seen ON payments
WHEN (NEW.status <> OLD.status OR NEW.is_overpaid <> OLD.is_overpaid)
    AND (OLD.status NOT IN ('selecting', 'queued', 'pending', 'confirming')
        OR NEW.status NOT IN ('selecting', 'queued', 'pending', 'confirming'))
BEGIN
    UPDATE day_closed SET count = count - 1, overpaid = overpaid - OLD.is_overpaid
    WHERE store_id = OLD.store_id AND mode = OLD.mode AND status = OLD.status AND network = COALESCE(OLD.network, '')
        AND currency = COALESCE(OLD.currency, '') AND day = OLD.created_ms / 86400000;
    INSERT INTO day_closed (store_id, mode, status, network, currency, day, count, overpaid)
    SELECT NEW.store_id, NEW.mode, NEW.status, COALESCE(NEW.network, ''), COALESCE(NEW.currency, ''),
        NEW.created_ms / 86400000, 1, NEW.is_overpaid
    WHERE NEW.status NOT IN ('selecting', 'queued', 'pending', 'confirming')
    ON CONFLICT DO UPDATE SET count = count + 1, overpaid = overpaid + excluded.overpaid;
END;
INSERT INTO day_closed (store_id, mode, status, network, currency, day, count, overpaid)
SELECT store_id, mode, status, COALESCE(network, ''), COALESCE(currency, ''), created_ms / 86400000, COUNT(*), SUM(is_overpaid)
FROM payments WHERE status NOT IN ('selecting', 'queued', 'pending', 'confirming') GROUP BY 1, 2, 3, 4, 5, 6;

-- Within a day a list walks this index alone, whatever it is filtered by.
DROP INDEX payments_of_store_by_time;
CREATE INDEX payments_of_store_by_time
    ON payments (store_id, created_ms, id, mode, status, is_overpaid, network, currency);

-- ---------------------------------------------------------------------------------------------------------------------
-- What refers to a delivery that is to be pruned: its repetitions.
CREATE INDEX deliveries_of_replay ON deliveries (replay_of) WHERE replay_of IS NOT NULL;

-- ---------------------------------------------------------------------------------------------------------------------
-- Transactions are searched for network by network, in the index that keeps each transfer from being recorded twice.
DROP INDEX transfers_by_txid;
