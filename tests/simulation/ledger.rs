//! What must hold after every step, read from the file itself by a connection of its own: nothing of payd's code is asked.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::ops::RangeInclusive;
use std::path::Path;

use rusqlite::{Connection, OpenFlags};

use crate::chains::Chains;
use crate::facts::{is_really_over, is_really_paid, is_really_sent};
use crate::receivers::Inbox;
use crate::shop::{Book, order_id};
use crate::tally::Tally;
use crate::template::ENDPOINTS;
use crate::waiting::sums_of_the_open;
use crate::world::{Coin, Network, READ_FROM, World, bare};

/// Every change of status that there may be, as the design has it.
const EDGES: &[(&str, &str, &str)] = &[
    ("queued", "pending", "payment.pending"),
    ("queued", "expired", "payment.expired"),
    ("queued", "cancelled", "payment.cancelled"),
    ("pending", "confirming", "payment.confirming"),
    ("pending", "underpaid", "payment.underpaid"),
    ("pending", "expired", "payment.expired"),
    ("pending", "cancelled", "payment.cancelled"),
    ("confirming", "paid", "payment.confirmed"),
    ("confirming", "pending", "payment.reverted"),
    ("underpaid", "confirming", "payment.confirming"),
    ("underpaid", "paid", "payment.confirmed"),
    ("expired", "confirming", "payment.confirming"),
    ("expired", "paid", "payment.confirmed"),
];

/// Events that tell of something else than a change of status.
const NOTES: &[&str] = &["payment.late", "payment.reorged"];

/// What is known of a payment.
#[derive(Debug, Clone)]
struct Known {
    status: String,
}

/// What was read so far.
#[derive(Default)]
pub struct Ledger {
    payments: BTreeMap<i64, Known>,
    by_number: HashMap<String, i64>,
    by_order: HashMap<String, i64>,
    /// Of each network.
    addresses: [HashSet<String>; Network::ALL.len()],
    last_address: i64,
    last_event: i64,
    last_attempt: i64,
    last_delivery: i64,
    pub last_waiting: i64,
    /// Those that are not known to have ended.
    pub deliveries: BTreeSet<i64>,
    /// Orders whose answers were looked at.
    answered: HashSet<usize>,
    checks: u64,
}

/// What does not hold.
pub type Violation = String;

/// The file, as it is read here.
pub struct Reader(Connection);

impl Reader {
    pub fn open(directory: &Path) -> Self {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(directory.join("payd.sqlite"), flags).unwrap();
        connection.set_prepared_statement_cache_capacity(64);
        Self(connection)
    }

    /// The rows of a query, each of its columns as text.
    pub fn rows(&self, sql: &str, values: &[i64]) -> Vec<Vec<String>> {
        let mut statement = self.0.prepare_cached(sql).unwrap();
        let columns = statement.column_count();
        let read = statement.query_map(rusqlite::params_from_iter(values), |row| {
            (0..columns)
                .map(|column| {
                    Ok(match row.get_ref(column)? {
                        rusqlite::types::ValueRef::Null => String::new(),
                        rusqlite::types::ValueRef::Integer(number) => number.to_string(),
                        rusqlite::types::ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
                        other => format!("{other:?}"),
                    })
                })
                .collect()
        });
        read.unwrap().collect::<Result<_, _>>().unwrap()
    }

    pub fn number(&self, sql: &str) -> i64 {
        self.0
            .prepare_cached(sql)
            .unwrap()
            .query_row([], |row| row.get(0))
            .unwrap()
    }
}

pub fn int(text: &str) -> i64 {
    text.parse().unwrap()
}

/// What a check looks at besides the file.
pub struct Around<'a> {
    pub chains: &'a Chains,
    /// What payd's clock showed in this step and in the one before.
    pub clock_ms: &'a [RangeInclusive<i64>; 2],
    pub book: &'a Book,
    pub inbox: &'a mut Inbox,
    pub tally: &'a mut Tally,
}

impl Ledger {
    /// Holds the file against the world.
    ///
    /// # Errors
    /// The first [`Violation`].
    pub fn check(&mut self, reader: &Reader, around: &mut Around<'_>) -> Result<(), Violation> {
        self.checks += 1;
        let thorough = self.checks.is_multiple_of(16);
        reader.rows("BEGIN", &[]);
        let checked = self.check_all(reader, around, thorough);
        reader.rows("COMMIT", &[]);
        checked
    }

    pub fn check_all(
        &mut self,
        reader: &Reader,
        around: &mut Around<'_>,
        thorough: bool,
    ) -> Result<(), Violation> {
        if let Some(fault) = around.book.faults.first().or(around.inbox.faults.first()) {
            return Err(fault.clone());
        }
        self.learn_addresses(reader);
        self.learn_payments(reader)?;
        for network in Network::ALL {
            self.transfers(reader, around.chains.world(network), thorough)?;
        }
        self.waiting(reader, around)?;
        self.events(reader, around)?;
        self.statuses(reader, thorough)?;
        if thorough {
            sums_of_the_open(reader)?;
        }
        if self.checks.is_multiple_of(4) || thorough {
            one_place_each(reader)?;
        }
        self.answers(around.book)?;
        self.delivered(reader, around.inbox)?;
        Ok(())
    }

    fn learn_addresses(&mut self, reader: &Reader) {
        let sql = "SELECT id, address, network FROM addresses WHERE id > ?1 ORDER BY id";
        for row in reader.rows(sql, &[self.last_address]) {
            self.last_address = int(&row[0]);
            let network = Network::of_slug(&row[2]);
            self.addresses[network.index()].insert(bare(&row[1]));
        }
    }

    /// One order is one payment, however often it was sent.
    fn learn_payments(&mut self, reader: &Reader) -> Result<(), Violation> {
        let last = self.payments.keys().next_back().copied().unwrap_or(0);
        let sql = "SELECT id, number, external_id FROM payments WHERE id > ?1 ORDER BY id";
        for row in reader.rows(sql, &[last]) {
            let (id, number, order) = (int(&row[0]), row[1].clone(), row[2].clone());
            if let Some(other) = self.by_order.insert(order.clone(), id) {
                return Err(format!("{order} is two payments, {other} and {id}"));
            }
            self.by_number.insert(number, id);
            let status = String::new();
            self.payments.insert(id, Known { status });
        }
        Ok(())
    }

    /// What is recorded of the blocks below the cursor is what they hold, each unit once; of the newest blocks at every
    /// check, of all from time to time.
    fn transfers(&self, reader: &Reader, world: &World, thorough: bool) -> Result<(), Violation> {
        let (slug, addresses) = (world.network.slug(), &self.addresses[world.network.index()]);
        let cursor = reader.rows(
            &format!("SELECT height, hash FROM cursors WHERE network = '{slug}'"),
            &[],
        );
        let Some(cursor) = cursor.first() else {
            return Ok(());
        };
        let tip = *world
            .by_hash
            .get(&cursor[1])
            .ok_or_else(|| format!("the cursor is at {}, which is no block", cursor[1]))?;
        let height_min = match thorough {
            true => READ_FROM as i64,
            false => (int(&cursor[0]) - 12).max(READ_FROM as i64),
        };
        let mut real = BTreeMap::new();
        for index in world.branch(tip, height_min as u64) {
            let block = &world.blocks[index];
            for transfer in &block.transfers {
                if addresses.contains(&transfer.to) {
                    let what = (
                        transfer.coin.word(),
                        transfer.to.clone(),
                        transfer.amount,
                        block.hash.clone(),
                    );
                    real.insert((transfer.txid.clone(), transfer.position), what);
                }
            }
        }
        let sql = format!(
            "SELECT txid, position, currency, address, amount, block_hash FROM transfers
             WHERE orphaned = 0 AND network = '{slug}' AND height >= ?1"
        );
        for row in reader.rows(&sql, &[height_min]) {
            let key = (row[0].clone(), int(&row[1]) as u32);
            let recorded = (
                Coin::of_word(&row[2]).word(),
                bare(&row[3]),
                row[4].parse::<u128>().unwrap(),
                row[5].clone(),
            );
            match real.remove(&key) {
                Some(held) if held == recorded => {}
                Some(held) => return Err(format!("{key:?} is recorded as {recorded:?} and is {held:?}")),
                None => {
                    return Err(format!(
                        "{key:?} is recorded as {recorded:?} and never moved there"
                    ));
                }
            }
        }
        match real.into_iter().next() {
            Some((key, held)) => Err(format!(
                "{key:?} of {held:?} is below the cursor and not recorded"
            )),
            None => Ok(()),
        }
    }

    /// Each new event is a step that may be, and left one delivery for each endpoint of its shop.
    fn events(&mut self, reader: &Reader, around: &mut Around<'_>) -> Result<(), Violation> {
        let sql = "SELECT e.id, e.payment_id, e.kind, e.status, p.store_id,
                       (SELECT group_concat(d.endpoint_id) FROM deliveries d WHERE d.event_id = e.id)
                   FROM events e JOIN payments p ON p.id = e.payment_id WHERE e.id > ?1 ORDER BY e.id";
        for row in reader.rows(sql, &[self.last_event]) {
            let [event, payment, kind, status, shop, endpoints] = &row[..] else {
                unreachable!()
            };
            self.last_event = int(event);
            let known = self
                .payments
                .get_mut(&int(payment))
                .ok_or("an event of no payment")?;
            let before = std::mem::replace(&mut known.status, status.clone());
            let is_step = match before.as_str() {
                "" => kind == "payment.created" && matches!(status.as_str(), "pending" | "queued"),
                now if now == status => NOTES.contains(&kind.as_str()),
                now => EDGES.contains(&(now, status, kind)),
            };
            if !is_step {
                return Err(format!("payment {payment}: {kind} from {before:?} to {status}"));
            }
            let mut told: Vec<i64> = endpoints
                .split(',')
                .filter(|id| !id.is_empty())
                .map(int)
                .collect();
            told.sort_unstable();
            let shop = int(shop) as usize - 1;
            // Endpoints were made in the order of the receivers, the first with row 1.
            let expected: Vec<i64> = ENDPOINTS[shop]
                .iter()
                .map(|receiver| *receiver as i64 + 1)
                .collect();
            if told != expected {
                return Err(format!(
                    "event {event} of payment {payment} has deliveries to {told:?}, not {expected:?}"
                ));
            }
            if matches!(kind.as_str(), "payment.expired" | "payment.underpaid") {
                is_really_over(reader, around.chains, int(payment))?;
            }
            if kind == "payment.confirming" {
                is_really_sent(reader, around.chains, int(payment))?;
            }
            if kind == "payment.confirmed" {
                around.tally.count("payments paid");
                let of = "SELECT 1 FROM payments WHERE id = ?1 AND network = 'bitcoin'";
                if !reader.rows(of, &[int(payment)]).is_empty() {
                    around.tally.count("payments paid in bitcoins");
                }
                is_really_paid(reader, around.chains, int(payment))?;
            }
        }
        for row in reader.rows(
            "SELECT id FROM deliveries WHERE id > ?1 ORDER BY id",
            &[self.last_delivery],
        ) {
            self.last_delivery = int(&row[0]);
            self.deliveries.insert(self.last_delivery);
        }
        Ok(())
    }

    /// Each payment's status is the one that its events led to.
    fn statuses(&self, reader: &Reader, thorough: bool) -> Result<(), Violation> {
        let live = "WHERE status IN ('queued', 'pending', 'confirming')";
        let sql = format!(
            "SELECT id, status FROM payments {}",
            if thorough { "" } else { live }
        );
        for row in reader.rows(&sql, &[]) {
            let known = &self.payments[&int(&row[0])];
            if known.status != row[1] {
                let (id, told, status) = (&row[0], &known.status, &row[1]);
                return Err(format!("payment {id} is {status}, and its events say {told:?}"));
            }
        }
        Ok(())
    }

    /// What was answered is there, and what was called off stays so.
    fn answers(&mut self, book: &Book) -> Result<(), Violation> {
        for (index, order) in book.orders.iter().enumerate() {
            let Some(number) = &order.number else { continue };
            if !order.is_called_off && !self.answered.insert(index) {
                continue;
            }
            let Some(id) = self.by_number.get(number) else {
                return Err(format!(
                    "payment {number} of order {index} was answered and is lost"
                ));
            };
            if self.by_order.get(&order_id(index)) != Some(id) {
                return Err(format!(
                    "payment {number} was answered for order {index} and is another's"
                ));
            }
            if order.is_called_off && self.payments[id].status != "cancelled" {
                return Err(format!(
                    "payment {number} was cancelled and is {}",
                    self.payments[id].status
                ));
            }
        }
        Ok(())
    }

    /// What is written down as received was acknowledged; looked at when an attempt was written down.
    fn delivered(&mut self, reader: &Reader, inbox: &mut Inbox) -> Result<(), Violation> {
        let sql = "SELECT a.id, d.id, d.state FROM attempts a JOIN deliveries d ON d.id = a.delivery_id
                   WHERE a.id > ?1 ORDER BY a.id";
        for row in reader.rows(sql, &[self.last_attempt]) {
            self.last_attempt = int(&row[0]);
            let id = int(&row[1]);
            if row[2] == "pending" || !self.deliveries.remove(&id) {
                continue;
            }
            let seen = inbox.seen.entry(id).or_default();
            seen.closed = true;
            match row[2].as_str() {
                "delivered" if seen.acknowledged => {}
                "failed" if seen.refused_for_good || seen.posts >= 10 => {}
                state => {
                    return Err(format!(
                        "delivery {id} is {state}, and its receiver knows {seen:?}"
                    ));
                }
            }
        }
        Ok(())
    }
}

/// No two live payments share what tells their money apart, and each has what it was given.
fn one_place_each(reader: &Reader) -> Result<(), Violation> {
    let shared = reader.rows(
        "SELECT group_concat(id) FROM payments WHERE status IN ('selecting', 'queued', 'pending', 'confirming')
             AND way <> 'shared' GROUP BY network, address HAVING count(*) > 1
         UNION ALL
         SELECT group_concat(id) FROM payments WHERE status IN ('pending', 'confirming') AND way = 'shared'
             GROUP BY network, address, currency, due HAVING count(*) > 1",
        &[],
    );
    if let Some(row) = shared.first() {
        return Err(format!("payments {} are live in one place", row[0]));
    }
    let homeless = reader.rows(
        "SELECT p.id FROM payments p WHERE p.status IN ('pending', 'confirming') AND CASE p.way
             WHEN 'shared' THEN NOT EXISTS (SELECT 1 FROM slots s WHERE s.network = p.network AND s.address = p.address
                 AND s.currency = p.currency AND CAST(s.amount AS INTEGER) = CAST(p.due AS INTEGER) AND s.held_by = p.id)
             ELSE NOT EXISTS (SELECT 1 FROM addresses a WHERE a.network = p.network AND a.address = p.address
                 AND a.held_by = p.id) END",
        &[],
    );
    if let Some(row) = homeless.first() {
        return Err(format!("payment {} is live and does not hold its place", row[0]));
    }
    let kept = reader.rows(
        "SELECT p.id FROM addresses a JOIN payments p ON p.id = a.held_by
             WHERE a.held_by IS NOT NULL AND p.status NOT IN ('selecting', 'queued', 'pending', 'confirming')
         UNION ALL
         SELECT p.id FROM slots s JOIN payments p ON p.id = s.held_by WHERE p.status NOT IN ('pending', 'confirming')",
        &[],
    );
    match kept.first() {
        Some(row) => Err(format!("payment {} is over and keeps its place", row[0])),
        None => Ok(()),
    }
}

impl Ledger {
    /// How many payments there are.
    pub fn payments(&self) -> u64 {
        self.payments.len() as u64
    }
}
