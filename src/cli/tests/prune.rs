//! `payd prune`: what it says, refuses and writes.

use std::io::Read as _;

use super::*;

/// A payment that was cancelled long ago, told of once.
const OLD: &str = "
    INSERT INTO payments (id, store_id, number, token, uuid, code, mode, origin, status, price_currency, price_minor, external_id,
        customer_email, description, redirect_url, fail_url, metadata, created_ms, expires_ms)
    VALUES (1, 1, 'PAY-2020-000001', '0000000000000000000000000000000000000000000000000000000000000001',
        '00000000-0000-4000-8000-000000000001', 1, 'live', 'api', 'cancelled', 'USD', 5, '', '', '', '', '', '{}', 1577836800000, 1577836800000);
    INSERT INTO events (id, payment_id, kind, at_ms, status, received, txid, confirmations)
    VALUES (1, 1, 'payment.created', 1577836800000, 'pending', '0', '', 0), (2, 1, 'payment.cancelled', 1577836800000, 'cancelled', '0', '', 0);
    INSERT INTO endpoints (id, store_id, url, format, events, secret_sealed, created_ms)
    VALUES (1, 1, 'http://127.0.0.1:9/', 'payhook', 'payment.cancelled', x'00', 1);
    INSERT INTO deliveries (id, event_id, endpoint_id, state, attempts, next_ms, created_ms)
    VALUES (1, 2, 1, 'delivered', 1, 1577836800000, 1577836800000);
    INSERT INTO attempts (delivery_id, at_ms, status, latency_ms, reply) VALUES (1, 1577836800000, 200, 5, x'6f6b');
";

async fn shell() -> Shell {
    let shell = Shell::with_store().await;
    let session = Session::open(&shell.globals()).unwrap();
    session.write(|txn| Ok(txn.run_sql(OLD)?)).await.unwrap();
    session.close().await;
    shell
}

fn rows(output: &Value) -> Vec<u64> {
    let pruned = output["pruned"].as_array().unwrap();
    pruned.iter().map(|one| one["rows"].as_u64().unwrap()).collect()
}

#[tokio::test]
async fn a_dry_run_says_what_would_go_and_the_run_removes_and_archives_it_and_is_in_the_log() {
    let shell = shell().await;
    let file = shell.directory.path().join("old.jsonl.gz");
    let name = file.to_str().unwrap();
    let dry = shell
        .run(&["prune", "--older-than", "90d", "--what", "events", "--dry-run"])
        .await;
    assert_eq!((rows(&dry), &dry["dry_run"]), (vec![1, 1, 1], &Value::Bool(true)));
    let run = shell
        .run(&["prune", "--older-than", "90d", "--archive", name])
        .await;
    assert_eq!((rows(&run), &run["archive"]), (vec![1, 1], &Value::from(name)));
    let mut text = String::new();
    let packed = std::fs::File::open(&file).unwrap();
    flate2::read::MultiGzDecoder::new(packed)
        .read_to_string(&mut text)
        .unwrap();
    let tables: Vec<String> = text
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["table"].to_string())
        .collect();
    assert_eq!(tables, ["\"attempts\"", "\"deliveries\""]);
    let refused = shell
        .refused(&["prune", "--older-than", "90d", "--archive", name])
        .await;
    assert!(refused.contains("cannot make the archive"), "{refused}");
    let log = shell.run(&["audit-log"]).await.to_string();
    assert!(
        log.contains("history.prune") && log.contains("old.jsonl.gz"),
        "{log}"
    );
    let shown = shell.run(&["payment", "show", "PAY-2020-000001"]).await;
    assert_eq!(shown["deliveries"], Value::Array(Vec::new()));
    assert!(shown["kept_since"]["deliveries"].is_string() && shown["kept_since"]["events"].is_null());
    let again = shell
        .run(&["prune", "--older-than", "90d", "--what", "events"])
        .await;
    assert_eq!(rows(&again), [0, 0, 1]);
}

#[tokio::test]
async fn an_archive_into_which_nothing_came_is_not_left_behind() {
    let shell = Shell::with_store().await;
    let file = shell.directory.path().join("old.jsonl.gz");
    let run = shell
        .run(&[
            "prune",
            "--older-than",
            "90d",
            "--archive",
            file.to_str().unwrap(),
        ])
        .await;
    assert_eq!(run["archive"], Value::Null);
    assert!(!file.exists());
}

#[tokio::test]
async fn what_is_young_is_not_pruned_and_a_wrong_call_says_how_to_call() {
    let shell = Shell::with_store().await;
    let refused = shell.refused(&["prune", "--older-than", "6d"]).await;
    assert!(refused.contains("7 days") && refused.contains("90d"), "{refused}");
    for call in [
        &["prune"][..],
        &["prune", "--older-than", "soon"],
        &["prune", "--older-than", "90d", "--what", "payments"],
        &["prune", "--older-than", "90d", "--dry-run", "--archive", "x"],
    ] {
        assert!(shell.try_run(call).await.is_err(), "{call:?}");
    }
}
