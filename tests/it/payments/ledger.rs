//! Looks into the daemon's database as an auditor would: beside it, by SQL, with none of its code.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

/// The database, opened anew for each look.
pub struct Ledger<'a> {
    connection: Connection,
    network: &'a str,
}

impl<'a> Ledger<'a> {
    /// Opens the database of the data directory `dir`, to look at `network`.
    pub fn open(dir: &Path, network: &'a str) -> Self {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(dir.join("payd.sqlite"), flags).expect("the database");
        connection
            .busy_timeout(Duration::from_secs(20))
            .expect("a waiting connection");
        Self { connection, network }
    }

    /// The last block that was read completely.
    pub fn cursor(&self) -> Option<(i64, String)> {
        let mut rows = self
            .connection
            .prepare("SELECT height, hash FROM cursors WHERE network = ?1")
            .expect("SQL");
        let row = rows.query_row([self.network], |row| Ok((row.get(0)?, row.get(1)?)));
        row.ok()
    }

    /// How many deliveries are still to be sent.
    pub fn deliveries_waiting(&self) -> i64 {
        self.number("SELECT count(*) FROM deliveries WHERE state = 'pending'", "")
    }

    /// How often payment `number` has an event of `kind`.
    pub fn events(&self, number: &str, kind: &str) -> i64 {
        let sql = format!(
            "SELECT count(*) FROM events JOIN payments ON payments.id = payment_id
             WHERE number = ?1 AND kind = '{kind}'"
        );
        self.number(&sql, number)
    }

    /// What was recorded for `address` in `currency` and is still on the chain, however it was judged.
    pub fn recorded(&self, address: &str, currency: &str) -> u128 {
        let sql = "SELECT amount FROM transfers
                   WHERE network = ?1 AND lower(address) = lower(?2) AND currency = ?3 AND orphaned = 0";
        let mut rows = self.connection.prepare(sql).expect("SQL");
        let amounts = rows
            .query_map([self.network, address, currency], |row| row.get::<_, String>(0))
            .expect("SQL");
        amounts
            .map(|amount| amount.expect("a row").parse::<u128>().expect("base units"))
            .sum()
    }

    /// Moves the whole life of a payment `seconds` into the past, as if it had been made then. The shortest window
    /// that can be set is a minute, which no test should wait for.
    pub fn backdate(&self, number: &str, seconds: u64) {
        let sql = "UPDATE payments SET created_ms = created_ms - ?2 * 1000, asked_ms = asked_ms - ?2 * 1000,
                   expires_ms = expires_ms - ?2 * 1000 WHERE number = ?1";
        let seconds = i64::try_from(seconds).expect("a span");
        let changed = self
            .connection
            .execute(sql, rusqlite::params![number, seconds])
            .expect("SQL");
        assert_eq!(changed, 1, "there is no payment {number}");
    }

    /// When a payment's window ends, in milliseconds.
    pub fn expires_ms(&self, number: &str) -> i64 {
        self.number("SELECT expires_ms FROM payments WHERE number = ?1", number)
    }

    fn number(&self, sql: &str, parameter: &str) -> i64 {
        let mut rows = self.connection.prepare(sql).expect("SQL");
        let parameters: &[&dyn rusqlite::ToSql] = if parameter.is_empty() { &[] } else { &[&parameter] };
        rows.query_row(parameters, |row| row.get(0)).expect("a number")
    }
}
