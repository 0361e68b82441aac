-- The dashboard: users and their sessions, branding, notes, notices to the merchant, the counter, running totals.
--
-- Runs with foreign keys switched off, which a rebuilt table needs; they are checked at the end of the migration.

-- ---- People

CREATE TABLE users (
    id            INTEGER PRIMARY KEY,
    name          TEXT NOT NULL UNIQUE COLLATE NOCASE,
    role          TEXT NOT NULL CHECK (role IN ('owner', 'staff', 'read-only')),
    -- Argon2id, as a PHC string.
    password_hash TEXT NOT NULL,
    -- Binds name, role, stores, password, second factor and whether they may sign in together under the key file.
    mac           BLOB NOT NULL,
    -- The stores that are theirs to see: row numbers separated by spaces, or `*` for all.
    stores        TEXT NOT NULL,
    -- The shared secret of the second factor, once it was confirmed by a code.
    totp_sealed   BLOB,
    -- The last time step of which a code was taken: each is good once.
    totp_step     INTEGER NOT NULL DEFAULT 0,
    language      TEXT,
    created_ms    INTEGER NOT NULL,
    disabled_ms   INTEGER,
    CHECK (role <> 'owner' OR stores = '*')
) STRICT;
-- Codes that stand in for the second factor, each once.
CREATE TABLE recovery_codes (
    user_id   INTEGER NOT NULL REFERENCES users (id),
    code_hash BLOB NOT NULL,
    used_ms   INTEGER,
    PRIMARY KEY (user_id, code_hash)
) STRICT, WITHOUT ROWID;

CREATE TABLE sessions (
    id         INTEGER PRIMARY KEY,
    user_id    INTEGER NOT NULL REFERENCES users (id),
    -- Under the key file: who writes into the database cannot make one up.
    token_hash BLOB NOT NULL UNIQUE,
    -- Whether the second factor, where the user has one, was shown too.
    is_whole   INTEGER NOT NULL CHECK (is_whole IN (0, 1)),
    -- Binds token, user, being whole and the time of signing in together under the key file.
    mac        BLOB NOT NULL,
    created_ms INTEGER NOT NULL,
    seen_ms    INTEGER NOT NULL,
    -- From where, and with what: as the browser says, shortened.
    address    TEXT NOT NULL,
    agent      TEXT NOT NULL,
    ended_ms   INTEGER
) STRICT;
CREATE INDEX sessions_of_user ON sessions (user_id, id) WHERE ended_ms IS NULL;
CREATE INDEX sessions_by_age ON sessions (seen_ms);

-- Who did what, of one person or of one kind.
CREATE INDEX audit_log_of_actor ON audit_log (actor, id);
CREATE INDEX audit_log_of_action ON audit_log (action, id);
CREATE INDEX audit_log_of_both ON audit_log (actor, action, id);

-- The one link with which the first owner sets payd up. There is at most one.
CREATE TABLE setup_link (
    id         INTEGER PRIMARY KEY CHECK (id = 1),
    token_hash BLOB NOT NULL,
    made_ms    INTEGER NOT NULL
) STRICT;

-- ---- Stores

-- The currency that the dashboard shows and the counter asks for.
ALTER TABLE stores ADD COLUMN fiat TEXT NOT NULL DEFAULT 'USD';

-- How a store's pages look and what they say besides.
CREATE TABLE brandings (
    store_id  INTEGER PRIMARY KEY REFERENCES stores (id),
    -- Six hexadecimal digits after a hash; empty for payd's own.
    colour    TEXT NOT NULL,
    -- A PNG, JPEG or WebP, as it was checked when it came in; empty for none.
    logo      BLOB NOT NULL,
    logo_type TEXT NOT NULL,
    -- What its URL ends in: the first digits of its SHA-256.
    logo_hash TEXT NOT NULL,
    -- Shown under the heading, and where help is to be had.
    tagline   TEXT NOT NULL,
    help_text TEXT NOT NULL,
    help_url  TEXT NOT NULL
) STRICT;
CREATE INDEX brandings_by_logo ON brandings (logo_hash) WHERE logo_hash <> '';

-- From where a key may be used: addresses and networks, separated by spaces; empty for everywhere.
ALTER TABLE api_keys ADD COLUMN allowed_networks TEXT NOT NULL DEFAULT '';
ALTER TABLE api_keys ADD COLUMN label TEXT NOT NULL DEFAULT '';

-- What is sold over the counter.
CREATE TABLE counter_items (
    id       INTEGER PRIMARY KEY,
    store_id INTEGER NOT NULL REFERENCES stores (id),
    place    INTEGER NOT NULL,
    label    TEXT NOT NULL,
    fiat     TEXT NOT NULL,
    minor    INTEGER NOT NULL CHECK (minor > 0)
) STRICT;
CREATE INDEX counter_items_of_store ON counter_items (store_id, place, id);

-- ---- Where a store receives

-- The addresses of a store on a network, and those of its pools.
CREATE INDEX addresses_of_store_on_network ON addresses (store_id, network, id);
CREATE INDEX addresses_of_pool ON addresses (store_id, network, id) WHERE way = 'pool';
-- Who changed it last, and when.
CREATE TABLE receiving_changes (
    store_id INTEGER NOT NULL REFERENCES stores (id),
    network  TEXT NOT NULL,
    actor    TEXT NOT NULL,
    at_ms    INTEGER NOT NULL,
    PRIMARY KEY (store_id, network)
) STRICT, WITHOUT ROWID;

-- ---- Payments

-- What the merchant wrote at a payment. Only ever added to.
CREATE TABLE payment_notes (
    id         INTEGER PRIMARY KEY,
    payment_id INTEGER NOT NULL REFERENCES payments (id),
    at_ms      INTEGER NOT NULL,
    actor      TEXT NOT NULL,
    mark       TEXT NOT NULL CHECK (mark IN ('note', 'refunded', 'disputed', 'settled-elsewhere')),
    reason     TEXT NOT NULL
) STRICT;
CREATE INDEX payment_notes_of_payment ON payment_notes (payment_id, id);

-- What the search looks for: the merchant's order, the customer.
CREATE INDEX payments_by_external_id ON payments (store_id, external_id, id) WHERE external_id <> '';
CREATE INDEX payments_by_email ON payments (store_id, customer_email, id) WHERE customer_email <> '';
CREATE INDEX transfers_by_txid ON transfers (txid);
-- Who asked for it, where that was not the shop itself.
CREATE INDEX payments_of_store_by_origin ON payments (store_id, origin, id) WHERE origin <> 'api';

-- Running totals, by the day (UTC) on which payments were made and the status that they are in.
CREATE TABLE day_counts (
    store_id INTEGER NOT NULL REFERENCES stores (id),
    mode     TEXT NOT NULL,
    day      INTEGER NOT NULL,
    status   TEXT NOT NULL,
    count    INTEGER NOT NULL,
    PRIMARY KEY (store_id, mode, day, status)
) STRICT, WITHOUT ROWID;
-- What was paid, by the day (UTC) on which it was, what with, and the currency of the price. Paid is final, so that these
-- only ever grow. Sums that do not fit stay at the largest number: they are only shown, and must not keep a payment from
-- being paid.
CREATE TABLE day_sales (
    store_id       INTEGER NOT NULL REFERENCES stores (id),
    mode           TEXT NOT NULL,
    day            INTEGER NOT NULL,
    network        TEXT NOT NULL,
    currency       TEXT NOT NULL,
    -- Empty where the price was an amount of an asset.
    price_currency TEXT NOT NULL,
    count          INTEGER NOT NULL,
    price_minor    INTEGER NOT NULL,
    -- Of how many the worth in dollars was known, and what they were worth together.
    valued         INTEGER NOT NULL,
    usd_cents      INTEGER NOT NULL,
    PRIMARY KEY (store_id, mode, day, network, currency, price_currency)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER payments_counted AFTER INSERT ON payments
BEGIN
    INSERT INTO day_counts (store_id, mode, day, status, count)
    VALUES (NEW.store_id, NEW.mode, NEW.created_ms / 86400000, NEW.status, 1)
    ON CONFLICT DO UPDATE SET count = count + 1;
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
INSERT INTO day_counts (store_id, mode, day, status, count)
SELECT store_id, mode, created_ms / 86400000, status, COUNT(*) FROM payments GROUP BY 1, 2, 3, 4;
-- SUM() fails where it overflows: so the upper and the lower bits apart, and together as above.
INSERT INTO day_sales (store_id, mode, day, network, currency, price_currency, count, price_minor, valued, usd_cents)
SELECT store_id, mode, confirmed_ms / 86400000, network, currency, COALESCE(price_currency, ''), COUNT(*),
    CAST(SUM(COALESCE(price_minor, 0) >> 20) * 1048576 + SUM(COALESCE(price_minor, 0) & 1048575) AS INTEGER),
    COUNT(usd_cents),
    CAST(SUM(COALESCE(usd_cents, 0) >> 20) * 1048576 + SUM(COALESCE(usd_cents, 0) & 1048575) AS INTEGER)
FROM payments WHERE status = 'paid' GROUP BY 1, 2, 3, 4, 5, 6;

-- The addresses of pools that payments have: what is left is held against them.
CREATE INDEX addresses_held ON addresses (store_id, network)
    WHERE held_by IS NOT NULL AND retired_ms IS NULL AND way = 'pool';

-- The inbox of a store, real money and that of simulated chains apart: neither is looked for among the other.
DROP INDEX transfers_inbox_of_store;
CREATE INDEX transfers_inbox_of_store ON transfers (store_id, (substr(network, 1, 5) = 'test-'), id)
    WHERE judgement <> 'counted' AND orphaned = 0 AND handled IS NULL;

-- ---- Webhooks

-- A list of what was sent, newest first, by endpoint and state.
CREATE INDEX deliveries_of_endpoint ON deliveries (endpoint_id, id);
CREATE INDEX deliveries_of_endpoint_by_state ON deliveries (endpoint_id, state, id);

-- What was asked to be sent once more, and how far that has come. A form that is posted twice is one of these.
CREATE TABLE replays (
    token       TEXT PRIMARY KEY,
    endpoint_id INTEGER NOT NULL REFERENCES endpoints (id),
    actor       TEXT NOT NULL,
    -- Whether only what was given up and not sent once more since.
    only_failed INTEGER NOT NULL CHECK (only_failed IN (0, 1)),
    -- The deliveries between these, both included; the last that was looked at; how many were repeated.
    first_id    INTEGER NOT NULL,
    last_id     INTEGER NOT NULL,
    done_id     INTEGER NOT NULL,
    count       INTEGER NOT NULL DEFAULT 0,
    made_ms     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX replays_of_endpoint ON replays (endpoint_id, made_ms);

-- ---- Notices to the merchant

CREATE TABLE notice_channels (
    id              INTEGER PRIMARY KEY,
    kind            TEXT NOT NULL CHECK (kind IN ('email', 'telegram', 'ntfy', 'webhook')),
    name            TEXT NOT NULL,
    -- Where to and with what credentials: JSON, sealed.
    settings_sealed BLOB NOT NULL,
    -- Words of what it tells of, separated by spaces.
    topics          TEXT NOT NULL,
    -- Of this store alone; of all without one.
    store_id        INTEGER REFERENCES stores (id),
    -- Minutes of the day between which nothing but alarms is sent, and the minutes that its clock is before UTC.
    quiet_from      INTEGER CHECK (quiet_from BETWEEN 0 AND 1439),
    quiet_to        INTEGER CHECK (quiet_to BETWEEN 0 AND 1439),
    utc_offset      INTEGER NOT NULL DEFAULT 0 CHECK (utc_offset BETWEEN -840 AND 840),
    language        TEXT,
    -- The last event and the last transfer that it was told of.
    last_event      INTEGER NOT NULL,
    last_transfer   INTEGER NOT NULL,
    created_ms      INTEGER NOT NULL,
    disabled_ms     INTEGER,
    CHECK ((quiet_from IS NULL) = (quiet_to IS NULL))
) STRICT;
CREATE TABLE notices (
    id         INTEGER PRIMARY KEY,
    channel_id INTEGER NOT NULL REFERENCES notice_channels (id),
    topic      TEXT NOT NULL,
    -- What it is about; a second notice of it is not made while this one is fresh.
    subject    TEXT NOT NULL,
    -- What there is to say: JSON.
    facts      TEXT NOT NULL,
    state      TEXT NOT NULL CHECK (state IN ('pending', 'sent', 'failed')),
    attempts   INTEGER NOT NULL DEFAULT 0,
    next_ms    INTEGER NOT NULL,
    error      TEXT,
    made_ms    INTEGER NOT NULL
) STRICT;
CREATE INDEX notices_due ON notices (next_ms, id) WHERE state = 'pending';
CREATE INDEX notices_of_channel ON notices (channel_id, id);
CREATE INDEX notices_by_subject ON notices (channel_id, subject, id);
