-- Ways to receive, mempool, confirmation tiers, inbox, second look at what is final, balances, audit log.
--
-- Runs with foreign keys switched off, which a rebuilt table needs; they are checked at the end of the migration.

CREATE TABLE payments_2 (
    id              INTEGER PRIMARY KEY,
    store_id        INTEGER NOT NULL REFERENCES stores (id),
    number          TEXT NOT NULL UNIQUE,
    token           TEXT NOT NULL UNIQUE,
    mode            TEXT NOT NULL CHECK (mode IN ('test', 'live')),
    status          TEXT NOT NULL CHECK (status IN ('selecting', 'queued', 'pending', 'confirming', 'underpaid',
                                                    'paid', 'expired', 'cancelled', 'failed')),
    network         TEXT NOT NULL,
    currency        TEXT NOT NULL,
    address         TEXT NOT NULL,
    way             TEXT NOT NULL CHECK (way IN ('pool', 'xpub', 'shared')),
    due             TEXT NOT NULL,
    -- Nobody has paid by sending nothing.
    required        TEXT NOT NULL CHECK (required <> '0'),
    confirmations   INTEGER NOT NULL,
    price_currency  TEXT NOT NULL,
    price_minor     INTEGER NOT NULL,
    rate            TEXT NOT NULL,
    rate_source     TEXT NOT NULL,
    external_id     TEXT NOT NULL,
    customer_email  TEXT NOT NULL,
    redirect_url    TEXT NOT NULL,
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
    CHECK ((status IN ('pending', 'confirming', 'underpaid', 'paid')) <= (asked_ms IS NOT NULL)),
    -- Without a height, the latest transfer waits for its block.
    CHECK ((latest_txid IS NULL) <= (latest_height IS NULL)),
    CHECK ((status = 'paid') <= (confirmed_ms IS NOT NULL))
) STRICT;
INSERT INTO payments_2 (id, store_id, number, token, mode, status, network, currency, address, due, required, confirmations,
    price_currency, price_minor, rate, rate_source, external_id, customer_email, redirect_url, metadata, seen, settled,
    latest_txid, latest_height, settle_due, created_ms, asked_ms, expires_ms, confirmed_ms, way)
SELECT id, store_id, number, token, mode, status, network, currency, address, due, required, confirmations,
    price_currency, price_minor, rate, rate_source, external_id, customer_email, redirect_url, metadata, seen, settled,
    latest_txid, latest_height, settle_due, created_ms, created_ms, expires_ms, confirmed_ms, 'pool' FROM payments;
DROP TABLE payments;
ALTER TABLE payments_2 RENAME TO payments;
-- No two live payments share an address, unless their amounts tell them apart.
CREATE UNIQUE INDEX payments_live_address ON payments (network, address)
    WHERE way <> 'shared' AND status IN ('selecting', 'queued', 'pending', 'confirming');
CREATE UNIQUE INDEX payments_live_amount ON payments (network, address, currency, due)
    WHERE way = 'shared' AND status IN ('pending', 'confirming');
CREATE INDEX payments_of_address ON payments (network, address, id);
CREATE INDEX payments_of_amount ON payments (network, address, currency, due, id)
    WHERE way = 'shared' AND asked_ms IS NOT NULL;
CREATE INDEX payments_queued ON payments (network, id) WHERE status = 'queued';
CREATE INDEX payments_queued_at ON payments (network, address, currency, id) WHERE status = 'queued';
CREATE INDEX payments_of_store ON payments (store_id, id);
CREATE INDEX payments_by_status ON payments (status, id);
CREATE INDEX payments_of_store_by_status ON payments (store_id, status, id);
CREATE INDEX payments_open ON payments (network, status, expires_ms) WHERE status IN ('pending', 'confirming');
CREATE INDEX payments_to_settle ON payments (network, id) WHERE settle_due = 1;

-- The same edges as the transition function in the source; a test holds the two against each other.
CREATE TRIGGER payments_status BEFORE UPDATE OF status ON payments
WHEN NEW.status <> OLD.status AND OLD.status || '>' || NEW.status NOT IN (
    'selecting>pending', 'selecting>expired', 'selecting>cancelled',
    'queued>pending', 'queued>expired', 'queued>cancelled',
    'pending>confirming', 'pending>underpaid', 'pending>expired', 'pending>cancelled',
    'confirming>paid', 'confirming>pending', 'confirming>underpaid', 'confirming>expired',
    'underpaid>confirming', 'underpaid>paid',
    'expired>confirming', 'expired>paid')
BEGIN
    SELECT RAISE(ABORT, 'illegal change of a payment''s status');
END;
CREATE TRIGGER payments_stay BEFORE DELETE ON payments
BEGIN
    SELECT RAISE(ABORT, 'payments are never deleted');
END;


-- How a store receives on a network; without a row, from its pool of addresses.
CREATE TABLE wallets (
    id         INTEGER PRIMARY KEY,
    store_id   INTEGER NOT NULL REFERENCES stores (id),
    network    TEXT NOT NULL,
    way        TEXT NOT NULL CHECK (way IN ('pool', 'xpub', 'shared')),
    -- xpub: the account's descriptor or extended public key. shared: the address. pool: empty.
    account    TEXT NOT NULL,
    mac        BLOB NOT NULL,
    -- xpub: the child that the first payment got, the one that the next gets, and the highest that received money.
    first_index INTEGER NOT NULL DEFAULT 0,
    -- The last child of a key is number 2^31 - 1.
    next_index  INTEGER NOT NULL DEFAULT 0 CHECK (next_index >= first_index AND next_index <= 2147483648),
    paid_index  INTEGER,
    -- shared, where the store set it: how many amounts of a stablecoin lie beside each other, and the digit after the
    -- point in which they differ.
    slots       INTEGER,
    slot_digits INTEGER,
    created_ms  INTEGER NOT NULL,
    retired_ms  INTEGER,
    CHECK ((slots IS NULL) = (slot_digits IS NULL))
) STRICT;
CREATE TRIGGER wallets_go_on BEFORE UPDATE OF next_index ON wallets WHEN NEW.next_index < OLD.next_index
BEGIN
    SELECT RAISE(ABORT, 'a child of an account is never given out again');
END;
CREATE TRIGGER wallets_stay BEFORE DELETE ON wallets
BEGIN
    SELECT RAISE(ABORT, 'wallets are never deleted');
END;
CREATE TRIGGER addresses_stay BEFORE DELETE ON addresses
BEGIN
    SELECT RAISE(ABORT, 'addresses are never deleted: money may still come');
END;
CREATE UNIQUE INDEX wallets_in_use ON wallets (store_id, network) WHERE retired_ms IS NULL;
CREATE INDEX wallets_of_store ON wallets (store_id, id);

ALTER TABLE addresses ADD COLUMN way TEXT NOT NULL DEFAULT 'pool' CHECK (way IN ('pool', 'xpub', 'shared'));
ALTER TABLE addresses ADD COLUMN wallet_id INTEGER REFERENCES wallets (id);
ALTER TABLE addresses ADD COLUMN child_index INTEGER;
-- How its owner proved to hold its key, if they did: the kind of signature.
ALTER TABLE addresses ADD COLUMN proof TEXT CHECK (proof IN ('bip137', 'bip322', 'eip191', 'tron'));
ALTER TABLE addresses ADD COLUMN proved_ms INTEGER;
CREATE UNIQUE INDEX addresses_children ON addresses (wallet_id, child_index) WHERE child_index IS NOT NULL;
DROP INDEX addresses_free;
CREATE INDEX addresses_free ON addresses (store_id, network, available_ms, id)
    WHERE held_by IS NULL AND retired_ms IS NULL AND way = 'pool';

-- The amounts of a shared address that are taken, or rest before they are given out again. Each is written with as
-- many digits as the largest, so that they sort as numbers do.
CREATE TABLE slots (
    network      TEXT NOT NULL,
    address      TEXT NOT NULL,
    currency     TEXT NOT NULL,
    amount       TEXT NOT NULL CHECK (length(amount) = 39),
    held_by      INTEGER REFERENCES payments (id),
    available_ms INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (network, address, currency, amount)
) STRICT, WITHOUT ROWID;

-- Money that was seen to wait for a block.
CREATE TABLE unconfirmed (
    id            INTEGER PRIMARY KEY,
    network       TEXT NOT NULL,
    txid          TEXT NOT NULL,
    position      INTEGER NOT NULL,
    currency      TEXT NOT NULL,
    address       TEXT NOT NULL,
    amount        TEXT NOT NULL CHECK (amount <> '0'),
    payment_id    INTEGER NOT NULL REFERENCES payments (id),
    first_seen_ms INTEGER NOT NULL,
    -- Looks at the mempool since it was last there.
    missed        INTEGER NOT NULL DEFAULT 0,
    -- When it was given up: mined, replaced, spent elsewhere or forgotten.
    gone_ms       INTEGER
) STRICT;
CREATE UNIQUE INDEX unconfirmed_once ON unconfirmed (network, txid, position);
CREATE INDEX unconfirmed_of_payment ON unconfirmed (payment_id) WHERE gone_ms IS NULL;
CREATE INDEX unconfirmed_of_network ON unconfirmed (network, id) WHERE gone_ms IS NULL;

-- What the merchant did about a transfer that counted for nothing.
ALTER TABLE transfers ADD COLUMN handled TEXT CHECK (handled IN ('attached', 'dismissed'));
ALTER TABLE transfers ADD COLUMN handled_ms INTEGER;
-- Whose address it came to.
ALTER TABLE transfers ADD COLUMN store_id INTEGER REFERENCES stores (id);
UPDATE transfers SET store_id = (SELECT store_id FROM addresses
    WHERE addresses.network = transfers.network AND addresses.address = transfers.address);
CREATE INDEX transfers_inbox ON transfers (id) WHERE judgement <> 'counted' AND orphaned = 0 AND handled IS NULL;
CREATE INDEX transfers_inbox_of_store ON transfers (store_id, id)
    WHERE judgement <> 'counted' AND orphaned = 0 AND handled IS NULL;
CREATE INDEX transfers_once_in_inbox ON transfers (id) WHERE judgement <> 'counted' OR handled IS NOT NULL;
CREATE INDEX transfers_of_address ON transfers (network, address, currency, height);

-- A store's own number of confirmations, by what a payment is worth in US dollars.
CREATE TABLE confirmation_tiers (
    store_id       INTEGER NOT NULL REFERENCES stores (id),
    network        TEXT NOT NULL,
    from_usd_cents INTEGER NOT NULL CHECK (from_usd_cents >= 0),
    confirmations  INTEGER NOT NULL CHECK (confirmations >= 1),
    PRIMARY KEY (store_id, network, from_usd_cents)
) STRICT, WITHOUT ROWID;

-- Prices: a surcharge or discount on every rate, and rates that a store fixed for itself.
ALTER TABLE stores ADD COLUMN markup_bps INTEGER NOT NULL DEFAULT 0 CHECK (markup_bps BETWEEN -5000 AND 10000);
CREATE TABLE store_rates (
    store_id INTEGER NOT NULL REFERENCES stores (id),
    symbol   TEXT NOT NULL,
    fiat     TEXT NOT NULL,
    rate     TEXT NOT NULL,
    PRIMARY KEY (store_id, symbol, fiat)
) STRICT, WITHOUT ROWID;

-- How far each chain was read a second time, at its final depth and from another provider.
CREATE TABLE second_looks (
    network TEXT PRIMARY KEY,
    height  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The last balance that was explained by what is recorded.
CREATE TABLE balances (
    network  TEXT NOT NULL,
    address  TEXT NOT NULL,
    currency TEXT NOT NULL,
    height   INTEGER NOT NULL,
    amount   TEXT NOT NULL,
    PRIMARY KEY (network, address, currency)
) STRICT, WITHOUT ROWID;

-- How far all balances of a network's own coin were looked through.
CREATE TABLE balance_passes (
    network TEXT PRIMARY KEY,
    height  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The certificates that Electrum servers showed at first.
CREATE TABLE pinned_certificates (
    host        TEXT PRIMARY KEY,
    fingerprint BLOB NOT NULL,
    pinned_ms   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Who did what by hand. Only ever added to.
CREATE TABLE audit_log (
    id      INTEGER PRIMARY KEY,
    at_ms   INTEGER NOT NULL,
    actor   TEXT NOT NULL,
    action  TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail  TEXT NOT NULL
) STRICT;
CREATE TRIGGER audit_log_stays BEFORE DELETE ON audit_log
BEGIN
    SELECT RAISE(ABORT, 'the audit log is never deleted');
END;
CREATE TRIGGER audit_log_is_fixed BEFORE UPDATE ON audit_log
BEGIN
    SELECT RAISE(ABORT, 'the audit log is never changed');
END;
