//! One row for each request, in one group commit with those that came meanwhile.

use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::{Connection, params};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;

pub(super) const GROUP_MAX: usize = 512;

/// What a row holds.
pub(super) struct NewRow {
    pub(super) order_id: String,
    pub(super) amount: String,
    pub(super) metadata: String,
}

type Job = (NewRow, oneshot::Sender<i64>);

/// The way to the thread that writes.
#[derive(Clone)]
pub(super) struct Rows(mpsc::Sender<Job>);

impl Rows {
    pub(super) fn open(database: &Path, group_max: usize) -> Self {
        let connection = Connection::open(database).expect("a database");
        connection
            .execute_batch(
                "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
                 CREATE TABLE requests (id INTEGER PRIMARY KEY, order_id TEXT NOT NULL, amount TEXT NOT NULL,
                     metadata TEXT NOT NULL) STRICT;",
            )
            .expect("a fresh database");
        let (jobs, inbox) = mpsc::channel(4096);
        std::thread::spawn(move || write(&connection, inbox, group_max));
        Self(jobs)
    }

    /// Its number, once it is durable.
    pub(super) async fn insert(&self, row: NewRow) -> i64 {
        let (reply, number) = oneshot::channel();
        self.0.send((row, reply)).await.expect("the thread lives");
        number.await.expect("a row")
    }
}

fn write(connection: &Connection, mut inbox: mpsc::Receiver<Job>, group_max: usize) {
    let mut group = Vec::with_capacity(group_max);
    let mut answers = Vec::with_capacity(group_max);
    let mut insert = connection
        .prepare("INSERT INTO requests (order_id, amount, metadata) VALUES (?1, ?2, ?3)")
        .unwrap();
    while inbox.blocking_recv_many(&mut group, group_max) > 0 {
        connection.execute_batch("BEGIN IMMEDIATE").unwrap();
        for (row, reply) in group.drain(..) {
            let number = insert.insert(params![row.order_id, row.amount, row.metadata]);
            answers.push((reply, number.unwrap()));
        }
        connection.execute_batch("COMMIT").unwrap();
        for (reply, number) in answers.drain(..) {
            // Who has gone away meanwhile is not told.
            let _ = reply.send(number);
        }
    }
}

pub(super) async fn run(database: &Path, writers: u32, seconds: f64, group_max: usize) {
    let rows = Rows::open(database, group_max);
    let until = Instant::now() + Duration::from_secs_f64(seconds);
    let mut tasks = JoinSet::new();
    for _ in 0..writers {
        let rows = rows.clone();
        tasks.spawn(async move {
            let mut took = Vec::new();
            loop {
                let begun = Instant::now();
                if begun >= until {
                    return took;
                }
                let row = NewRow {
                    order_id: format!("order-{}", took.len()),
                    amount: "12.50".to_owned(),
                    metadata: r#"{"sku":"GOLD-PLAN"}"#.to_owned(),
                };
                rows.insert(row).await;
                took.push(u32::try_from(begun.elapsed().as_micros()).unwrap());
            }
        });
    }
    let mut took: Vec<u32> = tasks.join_all().await.into_iter().flatten().collect();
    took.sort_unstable();
    let at = |share: f64| f64::from(took[(took.len() as f64 * share) as usize]) / 1000.0;
    println!(
        "{}",
        serde_json::json!({
            "per_second": (took.len() as f64 / seconds).round(),
            "p50_ms": at(0.5),
            "p99_ms": at(0.99),
        })
    );
}
