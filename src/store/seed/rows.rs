//! The rows: what a payment of this place was, and all that belongs to it. Chance comes from the place alone, so that the
//! same plan makes the same figures.

use rusqlite::{Transaction, params};
use sha2::{Digest as _, Sha256};

use super::{NETWORKS, POOL, Plan, Pools, Seeded};
use crate::domain::ids::ShopId;
use crate::domain::status::Status;
use crate::domain::time::UnixMillis;
use crate::store::StoreError;

/// Two years.
const SPAN_MS: i64 = 730 * 86_400_000;

/// The newest payments, of which some are not over yet.
const OPEN: u64 = 300;

/// Events that a payment has, on average, in tenths.
const EVENTS_IN_TENTHS: u64 = 25;

/// When the first payment was made.
pub(super) fn began(plan: &Plan) -> UnixMillis {
    UnixMillis::new(plan.until.get().saturating_sub(SPAN_MS))
}

/// Numbers that look like chance (SplitMix64).
struct Chance(u64);

impl Chance {
    const fn of(place: u64) -> Self {
        Self(place.wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        word ^ (word >> 31)
    }

    /// Below `limit`, which is not zero.
    fn below(&mut self, limit: u64) -> u64 {
        self.next().checked_rem(limit).unwrap_or(0)
    }
}

/// An account that nobody holds the key of.
pub(super) fn account(shop: ShopId, network: &str, place: u32) -> [u8; 20] {
    let text = format!("payd seed {shop} {network} {place}");
    let mut account = [0; 20];
    for (byte, made) in account.iter_mut().zip(Sha256::digest(text.as_bytes())) {
        *byte = made;
    }
    account
}

/// One payment, as it is to be.
struct One {
    id: i64,
    shop: usize,
    is_test: bool,
    status: Status,
    network: usize,
    currency: &'static str,
    decimals: u32,
    address: String,
    fiat: &'static str,
    minor: i64,
    usd_cents: Option<i64>,
    created: i64,
    expires: i64,
    confirmed: Option<i64>,
    external: String,
    email: String,
    origin: &'static str,
}

/// Writes rows, and counts them.
pub(super) struct Rows {
    plan: Plan,
    pools: Pools,
    pub(super) made: Seeded,
    /// The running number of each year.
    numbers: std::collections::BTreeMap<i32, i64>,
    next_event: i64,
    donated: [(i64, i64); 3],
}

impl Rows {
    pub(super) fn new(plan: Plan, pools: Pools) -> Self {
        Self {
            plan,
            pools,
            made: Seeded::default(),
            numbers: std::collections::BTreeMap::new(),
            next_event: 1,
            donated: [(0, 0); 3],
        }
    }

    /// Writes the payments from one place up to another, and all that belongs to them.
    pub(super) fn write(&mut self, txn: &Transaction<'_>, from: u64, to: u64) -> Result<(), StoreError> {
        // The newest have events, as many as there are to be.
        let with_events = self.plan.events.saturating_mul(10).div_ceil(EVENTS_IN_TENTHS);
        let silent = self.plan.payments.saturating_sub(with_events);
        for place in from..to {
            let mut chance = Chance::of(place);
            let one = self.one(place, &mut chance);
            self.payment(txn, &one, &mut chance)?;
            let txid = self.transfers(txn, &one, &mut chance)?;
            if place >= silent {
                self.events(txn, &one, &txid, &mut chance)?;
            }
        }
        Ok(())
    }

    /// Numbers of years, and what was donated.
    pub(super) fn write_sums(&self, txn: &Transaction<'_>) -> Result<(), StoreError> {
        for (year, last) in &self.numbers {
            txn.execute(
                "INSERT INTO payment_numbers (year, last) VALUES (?1, ?2)",
                params![year, last],
            )?;
        }
        for ((usd_cents, count), shop) in self.donated.iter().zip(1_i64..) {
            txn.execute(
                "INSERT INTO donated (store_id, usd_cents, count) VALUES (?1, ?2, ?3)",
                params![shop, usd_cents, count],
            )?;
        }
        for place in 0..5000_i64 {
            txn.execute(
                "INSERT INTO audit_log (at_ms, actor, action, subject, detail) VALUES (?1, 'user:ann', 'store.set', 'Nordwind', ?2)",
                params![
                    self.plan.until.get().saturating_sub(5_000_i64.saturating_sub(place).saturating_mul(9_000_000)),
                    format!("change {place}")
                ],
            )?;
        }
        Ok(())
    }

    fn one(&self, place: u64, chance: &mut Chance) -> One {
        let shop = match chance.below(10) {
            0..6 => 0,
            6..9 => 1,
            _ => 2,
        };
        // Nothing is open on the simulated chains: they would be read from there on at the next start.
        let is_new = place.saturating_add(OPEN) >= self.plan.payments;
        let is_test = chance.below(10) == 0 && !is_new;
        let (real, currency, decimals): (usize, _, _) = match chance.below(10) {
            0..2 => (0, "usdc", 6),
            2..3 => (0, "native", 18),
            3..6 => (1, "usdt", 18),
            _ => (2, "usdt", 6),
        };
        // The simulated ones stand behind the real ones.
        let network = if is_test {
            real.saturating_add(NETWORKS.len() / 2)
        } else {
            real
        };
        let step = u64::try_from(SPAN_MS)
            .unwrap_or(0)
            .checked_div(self.plan.payments.max(1))
            .unwrap_or(0);
        let offset = place
            .saturating_mul(step)
            .saturating_add(chance.below(step.max(1)));
        let created = began(&self.plan)
            .get()
            .saturating_add(i64::try_from(offset).unwrap_or(0));
        let expires = created.saturating_add(1_800_000);
        let status = match chance.below(100) {
            0..10 if is_new => Status::Pending,
            10..15 if is_new => Status::Confirming,
            0..72 => Status::Paid,
            72..91 => Status::Expired,
            91..95 => Status::Underpaid,
            _ => Status::Cancelled,
        };
        let minor = i64::try_from(chance.below(30_000))
            .unwrap_or(0)
            .saturating_add(100);
        let fiat = if shop == 0 && chance.below(50) > 0 {
            "EUR"
        } else {
            "USD"
        };
        let usd_cents = match fiat {
            "USD" => Some(minor),
            _ if chance.below(200) == 0 => None,
            _ => Some(minor.saturating_mul(109).div_euclid(100)),
        };
        // Those that are open together have places of their own.
        let slot = usize::try_from(place.checked_rem(u64::from(POOL)).unwrap_or(0)).unwrap_or(0);
        let pool = self.pools.get(shop).and_then(|networks| networks.get(network));
        let address = pool.and_then(|pool| pool.get(slot)).cloned().unwrap_or_default();
        let customer = chance.below(self.plan.payments.div_ceil(3).max(1));
        One {
            id: i64::try_from(place).unwrap_or(i64::MAX).saturating_add(1),
            shop,
            is_test,
            status,
            network,
            currency,
            decimals,
            address,
            fiat,
            minor,
            usd_cents,
            created,
            expires,
            confirmed: (status == Status::Paid).then(|| created.saturating_add(240_000)),
            external: if chance.below(10) > 0 {
                format!("ORDER-{}", place.saturating_add(10_000))
            } else {
                String::new()
            },
            email: if chance.below(3) > 0 {
                format!("customer{customer}@example.com")
            } else {
                String::new()
            },
            origin: match chance.below(50) {
                0 => "donation",
                1..4 => "widget",
                _ => "api",
            },
        }
    }

    fn payment(&mut self, txn: &Transaction<'_>, one: &One, chance: &mut Chance) -> Result<(), StoreError> {
        let sql = "INSERT INTO payments (id, store_id, number, token, uuid, code, mode, origin, status, price_currency,
                price_minor, usd_cents, network, currency, address, way, quoted, due, required, confirmations, rate,
                rate_source, external_id, customer_email, description, redirect_url, fail_url, metadata, seen, settled,
                latest_txid, latest_height, created_ms, asked_ms, expires_ms, confirmed_ms)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, 'pool', ?16, ?16, ?16, 12, '1.0002',
                'median of a, b', ?17, ?18, ?19, 'https://shop.invalid/thanks', '', '{}', ?20, ?21, ?22, ?23, ?24, ?24, ?25,
                ?26)";
        let year = UnixMillis::new(one.created)
            .utc()
            .map_or(1970, time::OffsetDateTime::year);
        let running = self.numbers.entry(year).or_default();
        *running = running.saturating_add(1);
        let id = u64::try_from(one.id).unwrap_or(0);
        let due = due(one);
        let (seen, settled) = match one.status {
            Status::Paid => (due, due),
            Status::Confirming => (due, 0),
            Status::Underpaid => (due / 2, due / 2),
            _ => (0, 0),
        };
        let has_money = seen > 0;
        txn.prepare_cached(sql)?.execute(params![
            one.id,
            place_of(one.shop),
            format!("PAY-{year:04}-{running:06}"),
            format!(
                "{id:016x}{:016x}{:016x}{:016x}",
                chance.next(),
                chance.next(),
                chance.next()
            ),
            format!("{id:08x}-0000-4000-8000-{:012x}", chance.next() >> 16),
            one.id.saturating_mul(4099),
            if one.is_test { "test" } else { "live" },
            one.origin,
            one.status.word(),
            one.fiat,
            one.minor,
            one.usd_cents,
            NETWORKS.get(one.network),
            one.currency,
            one.address,
            due.to_string(),
            one.external,
            one.email,
            if chance.below(4) == 0 {
                "A small parcel"
            } else {
                ""
            },
            seen.to_string(),
            settled.to_string(),
            has_money.then(|| txid(one, 0)),
            has_money.then(|| height(one)),
            one.created,
            one.expires,
            one.confirmed,
        ])?;
        self.made.payments = self.made.payments.saturating_add(1);
        if one.origin == "donation" {
            let sql = "INSERT INTO donations (payment_id, store_id, donor_name, donor_message) VALUES (?1, ?2, ?3, 'Thank you!')";
            let donor = format!("Donor {}", chance.below(5000));
            txn.prepare_cached(sql)?
                .execute(params![one.id, place_of(one.shop), donor])?;
            if one.status == Status::Paid
                && !one.is_test
                && let Some((cents, count)) = self.donated.get_mut(one.shop)
            {
                *cents = cents.saturating_add(one.usd_cents.unwrap_or(0));
                *count = count.saturating_add(1);
            }
        }
        Ok(())
    }

    /// Its money, and now and then some that counts for nothing. Gives the transaction that counts.
    fn transfers(
        &mut self,
        txn: &Transaction<'_>,
        one: &One,
        chance: &mut Chance,
    ) -> Result<String, StoreError> {
        let due = due(one);
        let amount = match one.status {
            Status::Paid | Status::Confirming => due,
            Status::Underpaid => due / 2,
            _ => 0,
        };
        let mut latest = String::new();
        if amount > 0 {
            latest = self.transfer(txn, one, 0, amount, "counted", None)?;
        }
        match (chance.below(1000), one.status) {
            (0..4, Status::Expired) => {
                self.transfer(txn, one, 1, due, "late", None)?;
            }
            (4..30, Status::Expired) => {
                self.transfer(txn, one, 1, due, "late", Some("dismissed"))?;
            }
            (0..2, Status::Paid) => {
                self.transfer(txn, one, 1, due, "after_end", None)?;
            }
            _ => {}
        }
        Ok(latest)
    }

    fn transfer(
        &mut self,
        txn: &Transaction<'_>,
        one: &One,
        serial: u64,
        amount: u128,
        judgement: &str,
        handled: Option<&str>,
    ) -> Result<String, StoreError> {
        let sql = "INSERT INTO transfers (network, txid, position, currency, address, amount, height, block_hash, block_ms,
                payment_id, judgement, recorded_ms, handled, handled_ms, store_id)
            VALUES (?1, ?2, 0, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?8, ?11, ?12, ?13)";
        let at = one
            .created
            .saturating_add(if serial == 0 { 120_000 } else { 2_400_000 });
        let txid = txid(one, serial);
        txn.prepare_cached(sql)?.execute(params![
            NETWORKS.get(one.network),
            txid,
            one.currency,
            one.address,
            amount.to_string(),
            height(one),
            format!("0x{:064x}", height(one)),
            at,
            one.id,
            judgement,
            handled,
            handled.map(|_| at.saturating_add(3_600_000)),
            place_of(one.shop),
        ])?;
        self.made.transfers = self.made.transfers.saturating_add(1);
        Ok(txid)
    }

    fn events(
        &mut self,
        txn: &Transaction<'_>,
        one: &One,
        txid: &str,
        chance: &mut Chance,
    ) -> Result<(), StoreError> {
        let due = due(one).to_string();
        let steps: &[(&str, &str, i64)] = match one.status {
            Status::Paid => &[
                ("payment.created", "pending", 0),
                ("payment.confirming", "confirming", 120_000),
                ("payment.confirmed", "paid", 240_000),
            ],
            Status::Confirming => &[
                ("payment.created", "pending", 0),
                ("payment.confirming", "confirming", 120_000),
            ],
            Status::Underpaid => &[
                ("payment.created", "pending", 0),
                ("payment.underpaid", "underpaid", 1_800_000),
            ],
            Status::Expired => &[
                ("payment.created", "pending", 0),
                ("payment.expired", "expired", 1_800_000),
            ],
            Status::Cancelled => &[
                ("payment.created", "pending", 0),
                ("payment.cancelled", "cancelled", 60_000),
            ],
            _ => &[("payment.created", "pending", 0)],
        };
        for (kind, status, after) in steps {
            let at = one.created.saturating_add(*after);
            let is_paid = *kind != "payment.created" && !txid.is_empty();
            let sql =
                "INSERT INTO events (id, payment_id, kind, at_ms, status, received, txid, confirmations)
                       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
            txn.prepare_cached(sql)?.execute(params![
                self.next_event,
                one.id,
                kind,
                at,
                status,
                if is_paid { due.as_str() } else { "0" },
                if is_paid { txid } else { "" },
                if is_paid { 12 } else { 0 },
            ])?;
            let state = if chance.below(400) == 0 {
                "failed"
            } else {
                "delivered"
            };
            let sql =
                "INSERT INTO deliveries (id, event_id, endpoint_id, state, attempts, next_ms, created_ms)
                       VALUES (?1, ?1, ?2, ?3, 1, ?4, ?4)";
            txn.prepare_cached(sql)?
                .execute(params![self.next_event, place_of(one.shop), state, at])?;
            let status = if state == "failed" { 500 } else { 200 };
            let sql = "INSERT INTO attempts (delivery_id, at_ms, status, latency_ms, reply) VALUES (?1, ?2, ?3, ?4, x'6f6b')";
            txn.prepare_cached(sql)?.execute(params![
                self.next_event,
                at.saturating_add(90),
                status,
                i64::try_from(chance.below(400)).unwrap_or(0)
            ])?;
            self.next_event = self.next_event.saturating_add(1);
            self.made.events = self.made.events.saturating_add(1);
            self.made.deliveries = self.made.deliveries.saturating_add(1);
        }
        Ok(())
    }
}

/// What is asked for: a dollar is a dollar, and ether costs 3200.
fn due(one: &One) -> u128 {
    let cents = u128::try_from(one.usd_cents.unwrap_or(one.minor)).unwrap_or(1);
    let unit = 10_u128.saturating_pow(one.decimals);
    let price = if one.currency == "native" { 320_000 } else { 100 };
    cents.saturating_mul(unit).checked_div(price).unwrap_or(1).max(2)
}

fn txid(one: &One, serial: u64) -> String {
    let mut chance = Chance::of(u64::try_from(one.id).unwrap_or(0).rotate_left(17) ^ serial);
    format!(
        "0x{:016x}{:016x}{:016x}{:016x}",
        chance.next(),
        chance.next(),
        chance.next(),
        chance.next()
    )
}

const fn height(one: &One) -> i64 {
    one.created / 12_000
}

/// The row number of a store, and of its one endpoint.
fn place_of(shop: usize) -> i64 {
    i64::try_from(shop).unwrap_or(0).saturating_add(1)
}
