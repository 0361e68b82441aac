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
