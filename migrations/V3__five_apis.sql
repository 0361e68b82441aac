-- Payments whose currency the customer chooses, prices in crypto, what the other APIs call a payment, webhooks of one API
-- key, donations, the payment widget.
--
-- Runs with foreign keys switched off, which a rebuilt table needs; they are checked at the end of the migration.

ALTER TABLE stores ADD COLUMN mode TEXT NOT NULL DEFAULT 'live' CHECK (mode IN ('test', 'live'));
ALTER TABLE stores ADD COLUMN disabled_ms INTEGER;
ALTER TABLE stores ADD COLUMN language TEXT;

-- The first of the keys that took each other's place; nothing in that key itself.
-- Keys for web pages, which everybody reads: good for the donation page and the widget, and for nothing else.
ALTER TABLE api_keys ADD COLUMN is_public INTEGER NOT NULL DEFAULT 0 CHECK (is_public IN (0, 1));
ALTER TABLE api_keys ADD COLUMN first_id INTEGER REFERENCES api_keys (id);
CREATE INDEX api_keys_of_line ON api_keys (first_id) WHERE first_id IS NOT NULL;

CREATE TABLE payments_3 (
    id              INTEGER PRIMARY KEY,
    store_id        INTEGER NOT NULL REFERENCES stores (id),
    number          TEXT NOT NULL UNIQUE,
    token           TEXT NOT NULL UNIQUE,
    uuid            TEXT NOT NULL UNIQUE,
    -- Below 2^53, so that JavaScript reads it as it is.
    code            INTEGER NOT NULL UNIQUE CHECK (code BETWEEN 1 AND 9007199254740991),
    mode            TEXT NOT NULL CHECK (mode IN ('test', 'live')),
    origin          TEXT NOT NULL CHECK (origin IN ('api', 'donation', 'widget')),
    key_id          INTEGER REFERENCES api_keys (id),
    status          TEXT NOT NULL CHECK (status IN ('selecting', 'queued', 'pending', 'confirming', 'underpaid',
                                                    'paid', 'expired', 'cancelled', 'failed')),
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
    way             TEXT CHECK (way IN ('pool', 'xpub', 'shared')),
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
    CHECK ((price_currency IS NULL) = (price_minor IS NULL)),
    CHECK ((price_currency IS NULL) = (price_network IS NOT NULL)),
    CHECK ((price_network IS NULL) = (price_asset IS NULL) AND (price_network IS NULL) = (price_amount IS NULL)),
    CHECK ((network IS NULL) = (currency IS NULL) AND (network IS NULL) = (address IS NULL)
        AND (network IS NULL) = (way IS NULL) AND (network IS NULL) = (quoted IS NULL)
        AND (network IS NULL) = (due IS NULL) AND (network IS NULL) = (required IS NULL)
        AND (network IS NULL) = (confirmations IS NULL) AND (network IS NULL) = (rate IS NULL)
        AND (network IS NULL) = (rate_source IS NULL)),
    CHECK (network IS NOT NULL OR status IN ('selecting', 'expired', 'cancelled')),
    CHECK ((status IN ('pending', 'confirming', 'underpaid', 'paid')) <= (asked_ms IS NOT NULL)),
    -- Without a height, the latest transfer waits for its block.
    CHECK ((latest_txid IS NULL) <= (latest_height IS NULL)),
    CHECK ((status = 'paid') <= (confirmed_ms IS NOT NULL))
) STRICT;
INSERT INTO payments_3 (id, store_id, number, token, uuid, code, mode, origin, status, price_currency, price_minor,
    usd_cents, network, currency, address, way, quoted, due, required, confirmations, rate, rate_source, external_id,
    customer_email, description, redirect_url, fail_url, metadata, seen, settled, latest_txid, latest_height, settle_due,
    created_ms, asked_ms, expires_ms, confirmed_ms)
SELECT id, store_id, number, token,
    lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-'
        || substr('89ab', 1 + (random() & 3), 1) || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6))),
    1 + (random() & 9007199254740990), mode, 'api', status, price_currency, price_minor,
    CASE price_currency WHEN 'USD' THEN price_minor END, network, currency, address, way, due, due, required, confirmations,
    rate, rate_source, external_id, customer_email, '', redirect_url, '', metadata, seen, settled, latest_txid, latest_height,
    settle_due, created_ms, asked_ms, expires_ms, confirmed_ms FROM payments;
DROP TABLE payments;
ALTER TABLE payments_3 RENAME TO payments;
-- No two live payments share an address, unless their amounts tell them apart.
CREATE UNIQUE INDEX payments_live_address ON payments (network, address)
    WHERE way <> 'shared' AND status IN ('selecting', 'queued', 'pending', 'confirming');
CREATE UNIQUE INDEX payments_live_amount ON payments (network, address, currency, due)
    WHERE way = 'shared' AND status IN ('pending', 'confirming');
-- By when the customer was asked: one who chose late comes after one who was made later and had the address before.
CREATE INDEX payments_of_address ON payments (network, address, asked_ms, id);
CREATE INDEX payments_of_amount ON payments (network, address, currency, due, asked_ms, id)
    WHERE way = 'shared' AND asked_ms IS NOT NULL;
CREATE INDEX payments_queued ON payments (network, id) WHERE status = 'queued';
CREATE INDEX payments_queued_at ON payments (network, address, currency, id) WHERE status = 'queued';
CREATE INDEX payments_selecting ON payments (expires_ms) WHERE status = 'selecting';
CREATE INDEX payments_by_status ON payments (status, id);
CREATE INDEX payments_of_store ON payments (store_id, id);
CREATE INDEX payments_of_store_by_mode ON payments (store_id, mode, id);
-- With the mode, so that a count need not look at the rows.
CREATE INDEX payments_of_store_by_status ON payments (store_id, status, id, mode);
CREATE INDEX payments_of_store_by_currency ON payments (store_id, network, currency, id, mode);
CREATE INDEX payments_of_store_by_time ON payments (store_id, created_ms, id, mode);
CREATE INDEX payments_open ON payments (network, status, expires_ms) WHERE status IN ('pending', 'confirming');
CREATE INDEX payments_to_settle ON payments (network, id) WHERE settle_due = 1;

-- The same edges as the transition function in the source; a test holds the two against each other.
CREATE TRIGGER payments_status BEFORE UPDATE OF status ON payments
WHEN NEW.status <> OLD.status AND OLD.status || '>' || NEW.status NOT IN (
    'selecting>pending', 'selecting>queued', 'selecting>expired', 'selecting>cancelled',
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

-- What payments have received, summed per asset: seen at any depth, and settled of that.
CREATE TABLE received (
    store_id INTEGER NOT NULL REFERENCES stores (id),
    network  TEXT NOT NULL,
    currency TEXT NOT NULL,
    seen     TEXT NOT NULL,
    settled  TEXT NOT NULL,
    PRIMARY KEY (store_id, network, currency)
) STRICT, WITHOUT ROWID;

CREATE TABLE endpoints_3 (
    id            INTEGER PRIMARY KEY,
    store_id      INTEGER NOT NULL REFERENCES stores (id),
    url           TEXT NOT NULL,
    format        TEXT NOT NULL CHECK (format IN ('payhook', 'standard', 'soko', 'crypto-pay', 'usdt-payments',
                                                  'cryptopayment')),
    -- Told of the payments of this key alone; without one, of all of the store's.
    key_id        INTEGER REFERENCES api_keys (id),
    events        TEXT NOT NULL,
    secret_sealed BLOB NOT NULL,
    created_ms    INTEGER NOT NULL,
    disabled_ms   INTEGER
) STRICT;
INSERT INTO endpoints_3 (id, store_id, url, format, events, secret_sealed, created_ms, disabled_ms)
SELECT id, store_id, url, format, events, secret_sealed, created_ms, disabled_ms FROM endpoints;
DROP TABLE endpoints;
ALTER TABLE endpoints_3 RENAME TO endpoints;
CREATE INDEX endpoints_of_store ON endpoints (store_id, id);

-- What a store accepts, in the order in which customers are offered it. The network in the APIs' word.
CREATE TABLE accepted (
    store_id INTEGER NOT NULL REFERENCES stores (id),
    place    INTEGER NOT NULL,
    slug     TEXT NOT NULL,
    currency TEXT NOT NULL,
    PRIMARY KEY (store_id, place),
    UNIQUE (store_id, slug, currency)
) STRICT, WITHOUT ROWID;

-- Signatures of requests that changed something, while their timestamps are still good: each is taken once.
CREATE TABLE used_signatures (
    key_id    INTEGER NOT NULL REFERENCES api_keys (id),
    signature BLOB NOT NULL,
    used_ms   INTEGER NOT NULL,
    PRIMARY KEY (key_id, signature)
) STRICT, WITHOUT ROWID;
CREATE INDEX used_signatures_by_age ON used_signatures (used_ms);

-- The page on which people can give to a store.
CREATE TABLE donation_pages (
    store_id       INTEGER PRIMARY KEY REFERENCES stores (id),
    is_enabled     INTEGER NOT NULL CHECK (is_enabled IN (0, 1)),
    title          TEXT NOT NULL,
    text           TEXT NOT NULL,
    fiat           TEXT NOT NULL,
    -- Amounts to choose from, in the currency's minor unit, separated by spaces.
    presets        TEXT NOT NULL,
    -- Six hexadecimal digits after a hash; empty for payd's own.
    colour         TEXT NOT NULL,
    goal_minor     INTEGER CHECK (goal_minor > 0),
    sends_webhooks INTEGER NOT NULL CHECK (sends_webhooks IN (0, 1))
) STRICT;

CREATE TABLE donations (
    payment_id    INTEGER PRIMARY KEY REFERENCES payments (id),
    store_id      INTEGER NOT NULL REFERENCES stores (id),
    donor_name    TEXT NOT NULL,
    donor_message TEXT NOT NULL
) STRICT;
CREATE INDEX donations_of_store ON donations (store_id, payment_id);

-- What was given to a store, in US cents as it was worth when it was promised; real money only.
CREATE TABLE donated (
    store_id  INTEGER PRIMARY KEY REFERENCES stores (id),
    usd_cents INTEGER NOT NULL CHECK (usd_cents >= 0),
    count     INTEGER NOT NULL CHECK (count >= 0)
) STRICT;

-- Payments that customers may start from a store's own pages.
CREATE TABLE widgets (
    store_id       INTEGER PRIMARY KEY REFERENCES stores (id),
    is_enabled     INTEGER NOT NULL CHECK (is_enabled IN (0, 1)),
    -- The origins of those pages, separated by spaces.
    origins        TEXT NOT NULL,
    -- Whether the page may name any amount: the merchant's backend then has to look at what was paid.
    takes_amounts  INTEGER NOT NULL CHECK (takes_amounts IN (0, 1))
) STRICT;

-- What a widget may sell, by name.
CREATE TABLE price_list (
    store_id INTEGER NOT NULL REFERENCES stores (id),
    name     TEXT NOT NULL,
    label    TEXT NOT NULL,
    fiat     TEXT NOT NULL,
    minor    INTEGER NOT NULL CHECK (minor > 0),
    PRIMARY KEY (store_id, name)
) STRICT, WITHOUT ROWID;
