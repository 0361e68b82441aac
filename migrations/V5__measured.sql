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

-- ---------------------------------------------------------------------------------------------------------------------
-- What stores have set has a version, so that what was read of it need not be read again for every call. Whoever changes
-- any of it makes the version another one, in the same transaction, whichever program it is.

CREATE TABLE settings_version (
    id      INTEGER PRIMARY KEY CHECK (id = 1),
    version INTEGER NOT NULL
) STRICT;
INSERT INTO settings_version (id, version) VALUES (1, 1);

CREATE TRIGGER stores_added AFTER INSERT ON stores
BEGIN UPDATE settings_version SET version = version + 1; END;
CREATE TRIGGER stores_changed AFTER UPDATE ON stores
BEGIN UPDATE settings_version SET version = version + 1; END;
CREATE TRIGGER stores_removed AFTER DELETE ON stores
BEGIN UPDATE settings_version SET version = version + 1; END;

CREATE TRIGGER api_keys_added AFTER INSERT ON api_keys
BEGIN UPDATE settings_version SET version = version + 1; END;
CREATE TRIGGER api_keys_changed AFTER UPDATE ON api_keys
BEGIN UPDATE settings_version SET version = version + 1; END;
CREATE TRIGGER api_keys_removed AFTER DELETE ON api_keys
BEGIN UPDATE settings_version SET version = version + 1; END;

CREATE TRIGGER brandings_added AFTER INSERT ON brandings
BEGIN UPDATE settings_version SET version = version + 1; END;
CREATE TRIGGER brandings_changed AFTER UPDATE ON brandings
BEGIN UPDATE settings_version SET version = version + 1; END;
CREATE TRIGGER brandings_removed AFTER DELETE ON brandings
BEGIN UPDATE settings_version SET version = version + 1; END;

CREATE TRIGGER accepted_added AFTER INSERT ON accepted
BEGIN UPDATE settings_version SET version = version + 1; END;
CREATE TRIGGER accepted_changed AFTER UPDATE ON accepted
BEGIN UPDATE settings_version SET version = version + 1; END;
CREATE TRIGGER accepted_removed AFTER DELETE ON accepted
BEGIN UPDATE settings_version SET version = version + 1; END;

CREATE TRIGGER store_rates_added AFTER INSERT ON store_rates
BEGIN UPDATE settings_version SET version = version + 1; END;
CREATE TRIGGER store_rates_changed AFTER UPDATE ON store_rates
BEGIN UPDATE settings_version SET version = version + 1; END;
CREATE TRIGGER store_rates_removed AFTER DELETE ON store_rates
BEGIN UPDATE settings_version SET version = version + 1; END;

CREATE TRIGGER donation_pages_added AFTER INSERT ON donation_pages
BEGIN UPDATE settings_version SET version = version + 1; END;
CREATE TRIGGER donation_pages_changed AFTER UPDATE ON donation_pages
BEGIN UPDATE settings_version SET version = version + 1; END;
CREATE TRIGGER donation_pages_removed AFTER DELETE ON donation_pages
BEGIN UPDATE settings_version SET version = version + 1; END;

CREATE TRIGGER widgets_added AFTER INSERT ON widgets
BEGIN UPDATE settings_version SET version = version + 1; END;
CREATE TRIGGER widgets_changed AFTER UPDATE ON widgets
BEGIN UPDATE settings_version SET version = version + 1; END;
CREATE TRIGGER widgets_removed AFTER DELETE ON widgets
BEGIN UPDATE settings_version SET version = version + 1; END;

-- Which child is next, and which has received money, changes with every payment and is no setting.
CREATE TRIGGER wallets_added AFTER INSERT ON wallets
BEGIN UPDATE settings_version SET version = version + 1; END;
CREATE TRIGGER wallets_changed AFTER UPDATE OF store_id, network, way, retired_ms ON wallets
BEGIN UPDATE settings_version SET version = version + 1; END;

-- A store accepts what it has addresses for. Those of simulated networks are made as they are needed.
CREATE TRIGGER addresses_added AFTER INSERT ON addresses WHEN NEW.way = 'pool' AND NEW.network NOT LIKE 'test-%'
BEGIN UPDATE settings_version SET version = version + 1; END;
CREATE TRIGGER addresses_changed AFTER UPDATE OF store_id, network, way, retired_ms ON addresses
BEGIN UPDATE settings_version SET version = version + 1; END;

-- ---------------------------------------------------------------------------------------------------------------------
-- New payments are counted by the statement after the one that adds them: a trigger has SQLite keep a copy of every page
-- that the insert changes, of each of its indexes, in case that counting fails.

DROP TRIGGER payments_counted;
