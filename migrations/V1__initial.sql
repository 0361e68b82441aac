-- Amounts are TEXT: base units of 18-decimal assets overflow INTEGER. Times are milliseconds since 1970 (UTC).

CREATE TABLE meta (
    name  TEXT PRIMARY KEY,
    value BLOB NOT NULL
) STRICT;

CREATE TABLE stores (
    id            INTEGER PRIMARY KEY,
    name          TEXT NOT NULL UNIQUE,
    dialect       TEXT NOT NULL CHECK (dialect IN ('payhook', 'soko', 'crypto-pay', 'usdt-payments', 'cryptopayment')),
    website       TEXT UNIQUE,
    window_ms     INTEGER NOT NULL CHECK (window_ms > 0),
    cool_down_ms  INTEGER NOT NULL CHECK (cool_down_ms >= 0),
    tolerance_bps INTEGER NOT NULL CHECK (tolerance_bps BETWEEN 0 AND 10000),
    late_policy   TEXT NOT NULL CHECK (late_policy IN ('flag', 'accept')),
    created_ms    INTEGER NOT NULL
) STRICT;

CREATE TABLE api_keys (
    id            INTEGER PRIMARY KEY,
    store_id      INTEGER NOT NULL REFERENCES stores (id),
    mode          TEXT NOT NULL CHECK (mode IN ('test', 'live')),
    key_hash      BLOB NOT NULL UNIQUE,
    hint          TEXT NOT NULL,
    secret_sealed BLOB NOT NULL,
    created_ms    INTEGER NOT NULL,
    revoked_ms    INTEGER
) STRICT;
CREATE INDEX api_keys_of_store ON api_keys (store_id, id);

CREATE TABLE addresses (
    id           INTEGER PRIMARY KEY,
    store_id     INTEGER NOT NULL REFERENCES stores (id),
    network      TEXT NOT NULL,
    address      TEXT NOT NULL,
    mac          BLOB NOT NULL,
    available_ms INTEGER NOT NULL DEFAULT 0,
    held_by      INTEGER REFERENCES payments (id),
    created_ms   INTEGER NOT NULL,
    retired_ms   INTEGER,
    UNIQUE (network, address)
) STRICT;
-- The free addresses of a pool, the longest rested first.
CREATE INDEX addresses_free ON addresses (store_id, network, available_ms, id)
    WHERE held_by IS NULL AND retired_ms IS NULL;
CREATE INDEX addresses_of_store ON addresses (store_id, id);
CREATE INDEX addresses_of_network ON addresses (network, id);

CREATE TABLE payment_numbers (
    year INTEGER PRIMARY KEY,
    last INTEGER NOT NULL
) STRICT;

CREATE TABLE payments (
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
    due             TEXT NOT NULL,
    required        TEXT NOT NULL,
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
    expires_ms      INTEGER NOT NULL,
    confirmed_ms    INTEGER,
    CHECK ((latest_txid IS NULL) = (latest_height IS NULL)),
    CHECK ((status = 'paid') <= (confirmed_ms IS NOT NULL))
) STRICT;
-- No two live payments share an address.
CREATE UNIQUE INDEX payments_live_address ON payments (network, address)
    WHERE status IN ('selecting', 'queued', 'pending', 'confirming');
CREATE INDEX payments_of_address ON payments (network, address, id);
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

CREATE TABLE idempotency_keys (
    store_id   INTEGER NOT NULL REFERENCES stores (id),
    mode       TEXT NOT NULL CHECK (mode IN ('test', 'live')),
    key        TEXT NOT NULL,
    body_hash  BLOB NOT NULL,
    payment_id INTEGER NOT NULL REFERENCES payments (id),
    created_ms INTEGER NOT NULL,
    PRIMARY KEY (store_id, mode, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_ms);

CREATE TABLE cursors (
    network    TEXT PRIMARY KEY,
    height     INTEGER NOT NULL,
    hash       TEXT NOT NULL,
    block_ms   INTEGER NOT NULL,
    -- After a reorganisation: how far the other branch has to be read before money is counted again.
    unwound_to INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE headers (
    network     TEXT NOT NULL,
    height      INTEGER NOT NULL,
    hash        TEXT NOT NULL,
    parent_hash TEXT NOT NULL,
    block_ms    INTEGER NOT NULL,
    PRIMARY KEY (network, height)
) STRICT, WITHOUT ROWID;

CREATE TABLE transfers (
    id          INTEGER PRIMARY KEY,
    network     TEXT NOT NULL,
    txid        TEXT NOT NULL,
    position    INTEGER NOT NULL,
    currency    TEXT NOT NULL,
    address     TEXT NOT NULL,
    amount      TEXT NOT NULL CHECK (amount <> '0'),
    height      INTEGER NOT NULL,
    block_hash  TEXT NOT NULL,
    block_ms    INTEGER NOT NULL,
    payment_id  INTEGER REFERENCES payments (id),
    judgement   TEXT NOT NULL CHECK (judgement IN ('counted', 'late', 'wrong_asset', 'after_end', 'unmatched')),
    orphaned    INTEGER NOT NULL DEFAULT 0 CHECK (orphaned IN (0, 1)),
    recorded_ms INTEGER NOT NULL,
    CHECK ((payment_id IS NULL) = (judgement = 'unmatched'))
) STRICT;
-- A transfer is recorded once. One whose block left the chain may come back at another position.
CREATE UNIQUE INDEX transfers_once ON transfers (network, txid, position) WHERE orphaned = 0;
CREATE INDEX transfers_orphaned ON transfers (network, txid) WHERE orphaned = 1;
CREATE INDEX transfers_of_payment ON transfers (payment_id, id) WHERE payment_id IS NOT NULL;
CREATE INDEX transfers_by_height ON transfers (network, height);
CREATE TRIGGER transfers_stay BEFORE DELETE ON transfers
BEGIN
    SELECT RAISE(ABORT, 'transfers are never deleted');
END;

CREATE TABLE events (
    id            INTEGER PRIMARY KEY,
    payment_id    INTEGER NOT NULL REFERENCES payments (id),
    kind          TEXT NOT NULL,
    at_ms         INTEGER NOT NULL,
    status        TEXT NOT NULL,
    received      TEXT NOT NULL,
    txid          TEXT NOT NULL,
    confirmations INTEGER NOT NULL
) STRICT;
CREATE INDEX events_of_payment ON events (payment_id, id);

CREATE TABLE endpoints (
    id            INTEGER PRIMARY KEY,
    store_id      INTEGER NOT NULL REFERENCES stores (id),
    url           TEXT NOT NULL,
    format        TEXT NOT NULL CHECK (format IN ('payhook', 'standard')),
    events        TEXT NOT NULL,
    secret_sealed BLOB NOT NULL,
    created_ms    INTEGER NOT NULL,
    disabled_ms   INTEGER
) STRICT;
CREATE INDEX endpoints_of_store ON endpoints (store_id, id);

CREATE TABLE deliveries (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    event_id    INTEGER NOT NULL REFERENCES events (id),
    endpoint_id INTEGER NOT NULL REFERENCES endpoints (id),
    state       TEXT NOT NULL CHECK (state IN ('pending', 'delivered', 'failed')),
    attempts    INTEGER NOT NULL DEFAULT 0,
    next_ms     INTEGER NOT NULL,
    replay_of   INTEGER REFERENCES deliveries (id),
    created_ms  INTEGER NOT NULL
) STRICT;
-- An event leaves once per endpoint; a replay is a delivery of its own.
CREATE UNIQUE INDEX deliveries_once ON deliveries (event_id, endpoint_id) WHERE replay_of IS NULL;
CREATE INDEX deliveries_due ON deliveries (endpoint_id, next_ms, id) WHERE state = 'pending';
CREATE INDEX deliveries_of_event ON deliveries (event_id);

CREATE TABLE attempts (
    id          INTEGER PRIMARY KEY,
    delivery_id INTEGER NOT NULL REFERENCES deliveries (id),
    at_ms       INTEGER NOT NULL,
    status      INTEGER,
    error       TEXT,
    latency_ms  INTEGER NOT NULL,
    reply       BLOB NOT NULL
) STRICT;
CREATE INDEX attempts_of_delivery ON attempts (delivery_id, id);

-- What the simulated chains were told to hold. Their empty blocks follow from the clock.
CREATE TABLE simulated_transfers (
    id       INTEGER PRIMARY KEY,
    network  TEXT NOT NULL,
    height   INTEGER NOT NULL,
    txid     TEXT NOT NULL,
    currency TEXT NOT NULL,
    address  TEXT NOT NULL,
    amount   TEXT NOT NULL,
    dropped  INTEGER NOT NULL DEFAULT 0 CHECK (dropped IN (0, 1))
) STRICT;
CREATE INDEX simulated_transfers_by_height ON simulated_transfers (network, height) WHERE dropped = 0;

CREATE TABLE simulated_reorgs (
    id          INTEGER PRIMARY KEY,
    network     TEXT NOT NULL,
    height_from INTEGER NOT NULL
) STRICT;
CREATE INDEX simulated_reorgs_of_network ON simulated_reorgs (network, id);
