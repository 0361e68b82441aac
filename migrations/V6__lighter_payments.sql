-- Payments are written with less work: their columns stay as they are, what is checked and looked up of them stays too.
--
-- Runs with foreign keys switched off, which a rebuilt table needs; they are checked at the end of the migration.

-- An `IN` with more than two words has SQLite build a table of these words for every row that is written, which takes longer
-- than some of the indexes. So words are told one by one where every new payment passes.
CREATE TABLE payments_6 (
    id              INTEGER PRIMARY KEY,
    store_id        INTEGER NOT NULL REFERENCES stores (id),
    number          TEXT NOT NULL UNIQUE,
    token           TEXT NOT NULL UNIQUE,
    uuid            TEXT NOT NULL UNIQUE,
    -- Below 2^53, so that JavaScript reads it as it is.
    code            INTEGER NOT NULL UNIQUE CHECK (code BETWEEN 1 AND 9007199254740991),
    mode            TEXT NOT NULL CHECK (mode = 'live' OR mode = 'test'),
    origin          TEXT NOT NULL CHECK (origin = 'api' OR origin = 'donation' OR origin = 'widget'),
    key_id          INTEGER REFERENCES api_keys (id),
    status          TEXT NOT NULL CHECK (status = 'pending' OR status = 'selecting' OR status = 'queued'
        OR status = 'confirming' OR status = 'paid' OR status = 'expired' OR status = 'underpaid' OR status = 'cancelled'
        OR status = 'failed'),
    -- An amount of money, or an amount of an asset in its base units.
    price_currency  TEXT,
    price_minor     INTEGER CHECK (price_minor >= 0),
    price_network   TEXT,
    price_asset     TEXT,
    price_amount    TEXT,
    usd_cents       INTEGER CHECK (usd_cents >= 0),
    -- From here on: nothing until the customer has chosen.
    network         TEXT,
    currency        TEXT,
    address         TEXT,
    way             TEXT CHECK (way = 'pool' OR way = 'xpub' OR way = 'shared'),
    quoted          TEXT,
    due             TEXT,
    -- Nobody has paid by sending nothing.
    required        TEXT CHECK (required <> '0'),
    confirmations   INTEGER,
    rate            TEXT,
    rate_source     TEXT,
    -- So far.
    external_id     TEXT NOT NULL,
    customer_email  TEXT NOT NULL,
    description     TEXT NOT NULL,
    redirect_url    TEXT NOT NULL,
    fail_url        TEXT NOT NULL,
    metadata        TEXT NOT NULL,
    seen            TEXT NOT NULL DEFAULT '0',
    settled         TEXT NOT NULL DEFAULT '0',
    latest_txid     TEXT,
    latest_height   INTEGER,
    settle_due      INTEGER NOT NULL DEFAULT 0 CHECK (settle_due IN (0, 1)),
    created_ms      INTEGER NOT NULL,
    -- When the customer was told what to send where: not while it is queued, and never if it ended so.
    asked_ms        INTEGER,
    expires_ms      INTEGER NOT NULL,
    confirmed_ms    INTEGER,
    -- Whether with more than was due.
    is_overpaid     INTEGER GENERATED ALWAYS AS (
        status = 'paid' AND COALESCE(length(seen) > length(due) OR length(seen) = length(due) AND seen > due, 0)) VIRTUAL,
    -- Whether it waits: for a choice, its turn, money or blocks. As long as it does, its address is nobody else's.
    is_open         INTEGER GENERATED ALWAYS AS (
        status = 'pending' OR status = 'confirming' OR status = 'queued' OR status = 'selecting') VIRTUAL,
    CHECK ((price_currency IS NULL) = (price_minor IS NULL)),
    CHECK ((price_currency IS NULL) = (price_network IS NOT NULL)),
    CHECK ((price_network IS NULL) = (price_asset IS NULL) AND (price_network IS NULL) = (price_amount IS NULL)),
    CHECK ((network IS NULL) = (currency IS NULL) AND (network IS NULL) = (address IS NULL)
        AND (network IS NULL) = (way IS NULL) AND (network IS NULL) = (quoted IS NULL)
        AND (network IS NULL) = (due IS NULL) AND (network IS NULL) = (required IS NULL)
        AND (network IS NULL) = (confirmations IS NULL) AND (network IS NULL) = (rate IS NULL)
        AND (network IS NULL) = (rate_source IS NULL)),
    CHECK (network IS NOT NULL OR status = 'selecting' OR status = 'expired' OR status = 'cancelled'),
    CHECK (asked_ms IS NOT NULL
        OR NOT (status = 'pending' OR status = 'confirming' OR status = 'underpaid' OR status = 'paid')),
    -- Without a height, the latest transfer waits for its block.
    CHECK ((latest_txid IS NULL) <= (latest_height IS NULL)),
    CHECK ((status = 'paid') <= (confirmed_ms IS NOT NULL))
) STRICT;
INSERT INTO payments_6 (id, store_id, number, token, uuid, code, mode, origin, key_id, status, price_currency, price_minor,
    price_network, price_asset, price_amount, usd_cents, network, currency, address, way, quoted, due, required,
    confirmations, rate, rate_source, external_id, customer_email, description, redirect_url, fail_url, metadata, seen,
    settled, latest_txid, latest_height, settle_due, created_ms, asked_ms, expires_ms, confirmed_ms)
SELECT id, store_id, number, token, uuid, code, mode, origin, key_id, status, price_currency, price_minor,
    price_network, price_asset, price_amount, usd_cents, network, currency, address, way, quoted, due, required,
    confirmations, rate, rate_source, external_id, customer_email, description, redirect_url, fail_url, metadata, seen,
    settled, latest_txid, latest_height, settle_due, created_ms, asked_ms, expires_ms, confirmed_ms FROM payments;
DROP TABLE payments;
ALTER TABLE payments_6 RENAME TO payments;

-- ---- Who may have what

-- No two live payments share an address, unless their amounts tell them apart.
CREATE UNIQUE INDEX payments_live_address ON payments (network, address) WHERE way <> 'shared' AND is_open = 1;
CREATE UNIQUE INDEX payments_live_amount ON payments (network, address, currency, due)
    WHERE way = 'shared' AND status IN ('pending', 'confirming');
-- Those that had an address before. The one that has it now is in the index above: so a new payment goes to one place among all
-- addresses, not to two.
-- By when the customer was asked: one who chose late comes after one who was made later and had the address before.
CREATE INDEX payments_of_address ON payments (network, address, asked_ms, id, store_id) WHERE way = 'shared' OR is_open = 0;
CREATE INDEX payments_of_amount ON payments (network, address, currency, due, asked_ms, id)
    WHERE way = 'shared' AND asked_ms IS NOT NULL;

-- ---- What the engine looks for

-- Of each shop what waits: one whose line is long keeps no other waiting.
CREATE INDEX payments_queued ON payments (network, store_id, id) WHERE status = 'queued';
CREATE INDEX payments_queued_at ON payments (network, address, currency, id) WHERE status = 'queued';
CREATE INDEX payments_selecting ON payments (expires_ms) WHERE status = 'selecting';
CREATE INDEX payments_open ON payments (network, status, expires_ms) WHERE status IN ('pending', 'confirming');
CREATE INDEX payments_to_settle ON payments (network, id) WHERE settle_due = 1;

-- ---- Lists and searches

-- Whatever a list is filtered by is in this index, so that what is passed over is never looked up. A list of both modes reads
-- it in two places, which is why there is none without the mode.
CREATE INDEX payments_of_store_by_mode
    ON payments (store_id, mode, id, status, network, currency, origin, created_ms, price_currency, price_minor);
-- With the mode, so that a count need not look at the rows.
CREATE INDEX payments_of_store_by_status ON payments (store_id, status, id, mode);
CREATE INDEX payments_of_store_by_currency ON payments (store_id, network, currency, id, mode);
-- Within a day a list walks this index alone, whatever it is filtered by.
CREATE INDEX payments_of_store_by_time
    ON payments (store_id, created_ms, id, mode, status, is_overpaid, network, currency);
-- Who asked for it, where that was not the shop itself.
CREATE INDEX payments_of_store_by_origin ON payments (store_id, origin, id) WHERE origin <> 'api';
-- What the search looks for: the merchant's order, the customer.
CREATE INDEX payments_by_external_id ON payments (store_id, external_id, id) WHERE external_id <> '';
CREATE INDEX payments_by_email ON payments (store_id, customer_email, id) WHERE customer_email <> '';

-- ---- What follows from a change

-- The same edges as the transition function in the source; a test holds the two against each other.
CREATE TRIGGER payments_status BEFORE UPDATE OF status ON payments
WHEN NEW.status <> OLD.status AND NOT CASE OLD.status
    WHEN 'selecting' THEN NEW.status = 'pending' OR NEW.status = 'queued' OR NEW.status = 'expired' OR NEW.status = 'cancelled'
    WHEN 'queued' THEN NEW.status = 'pending' OR NEW.status = 'expired' OR NEW.status = 'cancelled'
    WHEN 'pending' THEN NEW.status = 'confirming' OR NEW.status = 'underpaid' OR NEW.status = 'expired'
        OR NEW.status = 'cancelled'
    WHEN 'confirming' THEN NEW.status = 'paid' OR NEW.status = 'pending' OR NEW.status = 'underpaid'
        OR NEW.status = 'expired'
    WHEN 'underpaid' THEN NEW.status = 'confirming' OR NEW.status = 'paid'
    WHEN 'expired' THEN NEW.status = 'confirming' OR NEW.status = 'paid'
    ELSE 0 END
BEGIN
    SELECT RAISE(ABORT, 'illegal change of a payment''s status');
END;
CREATE TRIGGER payments_stay BEFORE DELETE ON payments
BEGIN
    SELECT RAISE(ABORT, 'payments are never deleted');
END;
CREATE TRIGGER payments_counted_on AFTER UPDATE OF status ON payments WHEN NEW.status <> OLD.status
BEGIN
    UPDATE day_counts SET count = count - 1
    WHERE store_id = OLD.store_id AND mode = OLD.mode AND day = OLD.created_ms / 86400000 AND status = OLD.status;
    INSERT INTO day_counts (store_id, mode, day, status, count)
    VALUES (NEW.store_id, NEW.mode, NEW.created_ms / 86400000, NEW.status, 1)
    ON CONFLICT DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER payments_sold AFTER UPDATE OF status ON payments WHEN NEW.status = 'paid' AND OLD.status <> 'paid'
BEGIN
    INSERT INTO day_sales (store_id, mode, day, network, currency, price_currency, count, price_minor, valued, usd_cents)
    VALUES (NEW.store_id, NEW.mode, NEW.confirmed_ms / 86400000, NEW.network, NEW.currency,
        COALESCE(NEW.price_currency, ''), 1, COALESCE(NEW.price_minor, 0), NEW.usd_cents IS NOT NULL,
        COALESCE(NEW.usd_cents, 0))
    -- A sum that overflows is a REAL, and a cast takes that to the largest INTEGER.
    ON CONFLICT DO UPDATE SET count = count + 1, price_minor = CAST(price_minor + excluded.price_minor AS INTEGER),
        valued = valued + excluded.valued, usd_cents = CAST(usd_cents + excluded.usd_cents AS INTEGER);
END;
CREATE TRIGGER payments_closed AFTER UPDATE OF status, seen ON payments
WHEN (NEW.status <> OLD.status OR NEW.is_overpaid <> OLD.is_overpaid) AND (OLD.is_open = 0 OR NEW.is_open = 0)
BEGIN
    UPDATE day_closed SET count = count - 1, overpaid = overpaid - OLD.is_overpaid
    WHERE store_id = OLD.store_id AND mode = OLD.mode AND status = OLD.status AND network = COALESCE(OLD.network, '')
        AND currency = COALESCE(OLD.currency, '') AND day = OLD.created_ms / 86400000;
    INSERT INTO day_closed (store_id, mode, status, network, currency, day, count, overpaid)
    SELECT NEW.store_id, NEW.mode, NEW.status, COALESCE(NEW.network, ''), COALESCE(NEW.currency, ''),
        NEW.created_ms / 86400000, 1, NEW.is_overpaid
    WHERE NEW.is_open = 0
    ON CONFLICT DO UPDATE SET count = count + 1, overpaid = overpaid + excluded.overpaid;
END;

-- ---- Addresses: one for every payment, where they are made from an account key

CREATE TABLE addresses_6 (
    id           INTEGER PRIMARY KEY,
    store_id     INTEGER NOT NULL REFERENCES stores (id),
    network      TEXT NOT NULL,
    address      TEXT NOT NULL,
    mac          BLOB NOT NULL,
    available_ms INTEGER NOT NULL DEFAULT 0,
    held_by      INTEGER REFERENCES payments (id),
    created_ms   INTEGER NOT NULL,
    retired_ms   INTEGER,
    way          TEXT NOT NULL DEFAULT 'pool' CHECK (way = 'pool' OR way = 'xpub' OR way = 'shared'),
    wallet_id    INTEGER REFERENCES wallets (id),
    child_index  INTEGER,
    -- How its owner proved to hold its key, if they did: the kind of signature.
    proof        TEXT CHECK (proof = 'bip137' OR proof = 'bip322' OR proof = 'eip191' OR proof = 'tron'),
    proved_ms    INTEGER,
    UNIQUE (network, address)
) STRICT;
INSERT INTO addresses_6 (id, store_id, network, address, mac, available_ms, held_by, created_ms, retired_ms, way, wallet_id,
    child_index, proof, proved_ms)
SELECT id, store_id, network, address, mac, available_ms, held_by, created_ms, retired_ms, way, wallet_id,
    child_index, proof, proved_ms FROM addresses;
DROP TABLE addresses;
ALTER TABLE addresses_6 RENAME TO addresses;
-- The free addresses of a pool, the longest rested first; those that payments have: what is left is held against them.
CREATE INDEX addresses_free ON addresses (store_id, network, available_ms, id)
    WHERE held_by IS NULL AND retired_ms IS NULL AND way = 'pool';
CREATE INDEX addresses_held ON addresses (store_id, network)
    WHERE held_by IS NOT NULL AND retired_ms IS NULL AND way = 'pool';
CREATE UNIQUE INDEX addresses_children ON addresses (wallet_id, child_index) WHERE child_index IS NOT NULL;
CREATE INDEX addresses_of_store ON addresses (store_id, id);
CREATE INDEX addresses_of_network ON addresses (network, id);
-- The addresses of a store on a network, and those of its pools.
CREATE INDEX addresses_of_store_on_network ON addresses (store_id, network, id);
CREATE INDEX addresses_of_pool ON addresses (store_id, network, id) WHERE way = 'pool';
CREATE TRIGGER addresses_stay BEFORE DELETE ON addresses
BEGIN
    SELECT RAISE(ABORT, 'addresses are never deleted: money may still come');
END;
-- A store accepts what it has addresses for. Those of simulated networks are made as they are needed.
CREATE TRIGGER addresses_added AFTER INSERT ON addresses WHEN NEW.way = 'pool' AND NEW.network NOT LIKE 'test-%'
BEGIN UPDATE settings_version SET version = version + 1; END;
CREATE TRIGGER addresses_changed AFTER UPDATE OF store_id, network, way, retired_ms ON addresses
BEGIN UPDATE settings_version SET version = version + 1; END;
