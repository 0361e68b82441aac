//! Payments on TRON: the real daemon beside providers that play a recorded chain, its times moved to now.
//!
//! Each test ends with the same audit: what the database holds for the two shops is what the recording's table of
//! credits says, no more and no less.

use std::time::{SystemTime, UNIX_EPOCH};

use rusqlite::{Connection, OpenFlags};
use serde_json::{Value, json};

use crate::harness::daemon::{Daemon, Key};
use crate::harness::receiver::Receiver;
use crate::harness::tron::TronProvider;
use crate::harness::tron::recorded::{Branch, EXPECTED, FIRST, Fault, LAST, base58, positions};
use crate::harness::wait_until;

/// Blocks until money is settled. Its block is solid by then or a block later, as 20 are to 19 on the main network.
const CONFIRMATIONS: u64 = 5;

/// Two shops with one address each, on the recorded chain.
struct Bench {
    daemon: Daemon,
    providers: Vec<TronProvider>,
    receiver: Receiver,
    keys: Vec<Key>,
    branch: Branch,
}

/// A transfer as the database has it: height, transaction, place, address, currency, amount.
type Row = (i64, String, u32, String, String, String);

impl Bench {
    /// Starts the daemon beside so many honest providers, all at the recording's first block.
    async fn start(count: usize) -> Self {
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .expect("a time after 1970");
        let recorded = Branch::recorded();
        let now_ms = i64::try_from(now.as_millis()).expect("a time");
        // A daemon also looks at blocks below those that it reads, and the recording has none.
        let moved_by = now_ms - recorded.time_ms(FIRST);
        let branch = recorded.on_empty_blocks(60).moved_by(moved_by);
        let mut providers = Vec::new();
        for _ in 0..count {
            let provider = TronProvider::start(branch.clone()).await;
            provider.stand_at(FIRST, 292);
            providers.push(provider);
        }
        let receiver = Receiver::start().await;
        let mut daemon = Daemon::prepare(&config(&providers));
        let mut keys = Vec::new();
        for (store, shop) in [("a", "shop_a"), ("b", "shop_b")] {
            daemon.cli(&["store", "add", store]);
            daemon.add_webhook(store, &receiver.url(&format!("/{store}")), "payhook");
            daemon.add_addresses(store, "tron", &[base58("addresses", shop).as_str()]);
            keys.push(daemon.add_key(store, "live"));
        }
        daemon.restart().await;
        Self {
            daemon,
            providers,
            receiver,
            keys,
            branch,
        }
    }

    /// Asks for a payment in shop 0 or 1; gives its number.
    async fn ask(&self, shop: usize, cents: u64, currency: &str) -> String {
        let created = self
            .daemon
            .create_payhook_payment(&self.keys[shop], cents, "tron", currency)
            .await;
        created["payment_number"].as_str().expect("a number").to_owned()
    }

    /// Moves all providers.
    fn stand_at(&self, head: u64, solid: u64) {
        for provider in &self.providers {
            provider.stand_at(head, solid);
        }
    }

    /// Waits until all up to `height` has been read.
    async fn read_to(&self, height: u64) {
        wait_until(&format!("block {height} to be read"), || async {
            let sql = "SELECT height FROM cursors WHERE network = 'tron'";
            let read: Option<i64> = self.database().query_row(sql, [], |row| row.get(0)).ok();
            (read.and_then(|read| u64::try_from(read).ok()) == Some(height)).then_some(())
        })
        .await;
    }

    fn database(&self) -> Connection {
        let path = self.daemon.data_dir().join("payd.sqlite");
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags).expect("the database");
        connection
            .busy_timeout(std::time::Duration::from_secs(20))
            .expect("a waiting connection");
        connection
    }

    /// What is recorded and still on the chain.
    fn rows(&self) -> Vec<Row> {
        let database = self.database();
        let sql =
            "SELECT height, txid, position, address, currency, amount FROM transfers WHERE orphaned = 0";
        let mut statement = database.prepare(sql).expect("SQL");
        let rows = statement.query_map([], |row| {
            Ok((
                row.get(0)?,
                row.get(1)?,
                row.get(2)?,
                row.get(3)?,
                row.get(4)?,
                row.get(5)?,
            ))
        });
        let mut rows: Vec<Row> = rows.expect("SQL").map(|row| row.expect("a row")).collect();
        rows.sort();
        rows
    }

    /// Reads to the end, waits for the webhooks of `paid` payments, and audits.
    async fn close(mut self, paid: &[&str]) {
        let (head, solid) = *positions().last().expect("positions");
        self.stand_at(head, solid);
        self.read_to(LAST).await;
        for number in paid {
            self.daemon.wait_for_status(number, "paid").await;
            let confirms = |body: &Value| body["payment_id"] == **number && body["status"] == "confirmed";
            let notices = self
                .receiver
                .wait_for_matching(1, |notice| confirms(&notice.json()))
                .await;
            assert_eq!(
                notices.iter().filter(|notice| confirms(&notice.json())).count(),
                1
            );
        }
        assert_eq!(self.rows(), credits(|_| true));
        assert!(self.daemon.stop().await.success());
    }
}

fn config(providers: &[TronProvider]) -> String {
    let mut config = format!(
        "[metrics]\nlisten = \"off\"\n[rates.fixed.usd]\nUSDT = \"1\"\nTRX = \"0.25\"\n\
         [networks.tron]\nchain = \"private\"\nconfirmations = {CONFIRMATIONS}\nfinal_depth = 30\nstart_height = {FIRST}\n\
         poll_ms = 100\nidle_poll_ms = 100\n\
         [networks.tron.tokens.usdt]\ncontract = \"{}\"\ndecimals = 6\n",
        base58("contracts", "usdt")
    );
    for provider in providers {
        config.push_str(&format!(
            "[[networks.tron.providers]]\nurl = \"{}\"\n",
            provider.url()
        ));
    }
    config
}

/// The table of credits, as the database should have it.
fn credits(wanted: impl Fn(&Value) -> bool) -> Vec<Row> {
    let text = |row: &Value, field: &str| row[field].as_str().expect("a text").to_owned();
    let rows = EXPECTED["rows"].as_array().expect("rows");
    let credited = rows.iter().filter(|row| row["credited"] == true && wanted(row));
    let mut credits: Vec<Row> = credited
        .map(|row| {
            let position = text(row, "position");
            let position = match position.split_once(' ') {
                None => u32::MAX,
                Some(("log", index)) => index.parse().expect("an index"),
                Some((_, index)) => 0x8000_0000 + index.parse::<u32>().expect("an index"),
            };
            let shop = format!("shop_{}", text(row, "shop").to_lowercase());
            (
                row["block"].as_i64().expect("a height"),
                text(row, "txid"),
                position,
                base58("addresses", &shop),
                if row["contract"].is_null() {
                    "native"
                } else {
                    "usdt"
                }
                .to_owned(),
                text(row, "amount"),
            )
        })
        .collect();
    credits.sort();
    credits
}

#[tokio::test]
async fn payments_in_trx_and_in_two_parts_of_usdt_are_paid_once_their_blocks_are_solid() {
    let bench = Bench::start(2).await;
    let trx = bench.ask(0, 1500, "native").await;
    let usdt = bench.ask(1, 2500, "usdt").await;
    let mut head_seen = FIRST;
    for (head, solid) in positions() {
        bench.stand_at(head, solid);
        bench.read_to(head).await;
        head_seen = head;
        // 60 TRX came in block 299, and the second part of 25 USDT in block 306.
        for (number, height) in [(&trx, 299), (&usdt, 306)] {
            let status = bench.daemon.payment(number)["status"].clone();
            if solid < height {
                assert_ne!(status, "paid", "{height} is not solid at {solid}");
            }
            if solid >= height && head >= height + CONFIRMATIONS - 1 {
                bench.daemon.wait_for_status(number, "paid").await;
            }
        }
    }
    assert_eq!(head_seen, LAST);
    assert_eq!(bench.daemon.payment(&trx)["received"], "60.000000");
    // What came before it was paid counts for it as well.
    assert_eq!(bench.daemon.payment(&usdt)["received"], "36.777779");
    bench.close(&[&trx, &usdt]).await;
}

#[tokio::test]
async fn an_outage_of_the_whole_recording_is_caught_up_with() {
    let mut bench = Bench::start(2).await;
    let trx = bench.ask(0, 1500, "native").await;
    assert!(bench.daemon.stop().await.success());
    bench.stand_at(LAST, 336);
    bench.daemon.restart().await;
    bench.close(&[&trx]).await;
}

#[tokio::test]
async fn a_branch_that_is_left_takes_its_money_with_it_and_gives_it_back_when_it_returns() {
    let bench = Bench::start(2).await;
    let usdt = bench.ask(0, 2500, "usdt").await;
    bench.stand_at(304, 300);
    bench.read_to(304).await;
    bench.daemon.wait_for_status(&usdt, "confirming").await;
    let mut other = bench.branch.clone();
    other.rebuild(303, |block, infos| {
        let header = &mut block["block_header"]["raw_data"];
        header["timestamp"] = json!(header["timestamp"].as_u64().expect("a time") + 1);
        if header["number"] == 303 {
            block["transactions"] = json!([]);
            infos.clear();
        }
    });
    for provider in &bench.providers {
        provider.switch_to(other.clone());
        provider.stand_at(305, 300);
    }
    bench.read_to(305).await;
    bench.daemon.wait_for_status(&usdt, "pending").await;
    assert_eq!(
        bench.rows(),
        credits(|row| row["block"]
            .as_u64()
            .is_some_and(|block| block <= 305 && block != 303))
    );
    for provider in &bench.providers {
        provider.switch_to(bench.branch.clone());
        provider.stand_at(306, 302);
    }
    bench.read_to(306).await;
    bench.close(&[&usdt]).await;
}

#[tokio::test]
async fn the_first_of_three_providers_may_lie_and_fail_as_it_likes() {
    let bench = Bench::start(3).await;
    let trx = bench.ask(0, 1500, "native").await;
    let usdt = bench.ask(1, 2500, "usdt").await;
    bench.providers[0].twist(|path, _, mut answer| {
        if path.ends_with("infobyblocknum") {
            for log in answer
                .as_array_mut()
                .expect("infos")
                .iter_mut()
                .flat_map(|info| info["log"].as_array_mut())
            {
                log.clear();
            }
        }
        answer
    });
    for (head, solid) in positions() {
        let fault = match head {
            305 => Some(Fault::Truncated),
            308 => Some(Fault::Status(429, Some(1), String::new())),
            311 => Some(Fault::Status(405, None, "<html>".to_owned())),
            _ => None,
        };
        bench.providers[0].set_fault(fault);
        bench.stand_at(head, solid);
        bench.read_to(head).await;
    }
    bench.close(&[&trx, &usdt]).await;
}
