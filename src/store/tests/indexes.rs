//! Which index serves what, and that nothing is planned or made twice.

use super::*;

#[tokio::test]
async fn what_runs_every_second_and_what_lists_is_served_from_an_index() {
    let fixture = fixture();
    let connection = connect(
        &Options::in_directory(fixture.directory.path()),
        OpenFlags::default(),
    )
    .unwrap();
    for (source, sql, index) in [
        (
            include_str!("../payments.rs"),
            "WHERE network = ?1 AND status IN ('pending', 'confirming') AND status = 'pending' AND expires_ms < ?2",
            "payments_open (network=? AND status=? AND expires_ms<?)",
        ),
        (
            include_str!("../payments.rs"),
            "WHERE network = ?1 AND status IN ('pending', 'confirming') AND status = 'confirming'",
            "payments_open (network=? AND status=?)",
        ),
        (
            include_str!("../payments.rs"),
            "WHERE network = ?1 AND settle_due = 1 AND id > ?2",
            "payments_to_settle",
        ),
        (
            include_str!("../payments.rs"),
            "WHERE store_id = ?1 AND status = ?2 AND id < ?3 ORDER BY id DESC",
            "payments_of_store_by_status",
        ),
        (
            include_str!("../payments.rs"),
            "INDEXED BY payments_selecting WHERE status = 'selecting' AND expires_ms < ?1 ORDER BY expires_ms LIMIT ?2",
            "payments_selecting (expires_ms<?)",
        ),
    ] {
        assert!(source.contains(sql), "no longer a condition in the source: {sql}");
        let plan = format!("EXPLAIN QUERY PLAN SELECT id, due FROM payments {sql}");
        let plan: Vec<String> = connection
            .prepare(&plan)
            .unwrap()
            .query_map(
                rusqlite::params_from_iter(vec![1; sql.matches('?').count()]),
                |row| row.get("detail"),
            )
            .unwrap()
            .map(Result::unwrap)
            .collect();
        assert!(plan.iter().any(|step| step.contains(index)), "{sql}: {plan:?}");
        assert!(
            !plan
                .iter()
                .any(|step| step.contains("SCAN") || step.contains("TEMP")),
            "{sql}: {plan:?}"
        );
    }
}

#[tokio::test]
async fn no_table_is_made_and_thrown_away_where_a_payment_is_written() {
    let fixture = fixture();
    let read = fixture.database.read(|txn| {
        for table in [
            "payments",
            "addresses",
            "events",
            "used_signatures",
            "day_counts",
            "slots",
        ] {
            let sql = format!("EXPLAIN INSERT INTO {table} DEFAULT VALUES");
            let mut statement = txn.connection.prepare(&sql)?;
            let steps: Vec<String> = statement
                .query_map([], |row| row.get("opcode"))?
                .collect::<Result<_, _>>()?;
            assert!(
                !steps.iter().any(|step| step == "OpenEphemeral"),
                "{table}: {steps:?}"
            );
        }
        Ok::<_, StoreError>(())
    });
    read.await.unwrap();
}

#[tokio::test]
async fn payments_of_an_address_are_found_by_index_whether_they_have_it_or_had_it() {
    let fixture = fixture();
    let found = fixture.database.write(|txn| {
        let shop = shop(txn);
        let mut statement = txn
            .connection
            .prepare(&format!("EXPLAIN QUERY PLAN {}", payments::AT_ADDRESS))?;
        let plan: Vec<String> = statement
            .query_map(rusqlite::params!["bsc", "0xA", 3], |row| row.get("detail"))?
            .collect::<Result<_, _>>()?;
        let plan = plan.join("; ");
        for index in ["payments_live_address", "payments_of_address"] {
            let by = format!("INDEX {index} (network=? AND address=?)");
            assert!(plan.contains(&by) && !plan.contains("TEMP"), "{plan}");
        }
        let mut ids = Vec::new();
        for token in 1..=3 {
            let mut payment = payments::insert(txn, new_payment(shop, "0xA", token))?;
            ids.insert(0, payment.id);
            if token < 3 {
                payment.status = Status::Expired;
                payments::update(txn, &payment)?;
            }
        }
        let found = |limit| {
            let found = payments::of_address(txn, &network(), "0xA", limit)?;
            Ok::<Vec<_>, StoreError>(found.into_iter().map(|payment| payment.id).collect())
        };
        assert_eq!((found(9)?, found(1)?), (ids.clone(), ids[..1].to_vec()));
        // Late money opens an earlier one again, while the newest is over: it was asked last all the same.
        let mut newest = payments::by_id(txn, ids[0])?.ok_or(StoreError::Closed)?;
        newest.status = Status::Expired;
        payments::update(txn, &newest)?;
        let mut oldest = payments::by_id(txn, ids[2])?.ok_or(StoreError::Closed)?;
        oldest.status = Status::Confirming;
        payments::update(txn, &oldest)?;
        assert_eq!((found(9)?, found(1)?), (ids.clone(), ids[..1].to_vec()));
        Ok::<_, StoreError>(())
    });
    found.await.unwrap();
}

#[tokio::test]
async fn a_statement_is_planned_once_whatever_it_is_asked_for() {
    let fixture = fixture();
    let planned_again = |txn: &Txn<'_>| {
        let sql = "SELECT id FROM payments WHERE network = ?1 AND status = ?2";
        let mut statement = txn.connection.prepare(sql)?;
        for status in ["pending", "paid", "queued"] {
            statement.exists([network().as_str(), status])?;
        }
        Ok::<_, StoreError>(statement.get_status(rusqlite::StatementStatus::RePrepare))
    };
    assert_eq!(fixture.database.read(planned_again).await.unwrap(), 0);
    assert_eq!(fixture.database.write(planned_again).await.unwrap(), 0);
}
