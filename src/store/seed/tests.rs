//! What is seeded is a database that payd itself could have written.

use super::*;
use crate::ambient::SystemRandom;
use crate::domain::ids::PaymentId;
use crate::store::payments;

#[tokio::test]
async fn seeded_rows_read_as_payments_their_totals_are_right_and_nothing_is_seeded_twice() {
    let directory = tempfile::tempdir().unwrap();
    let options = Options::in_directory(directory.path());
    let plan = Plan {
        payments: 3000,
        events: 2000,
        until: UnixMillis::from_seconds(1_800_000_000),
    };
    let made = seed(&options, &plan, &SystemRandom).await.unwrap();
    assert_eq!(made.payments, 3000);
    assert!((2000..2600).contains(&made.events), "{made:?}");
    let database = Database::open(&options, &SystemRandom).unwrap();
    let read = database.write(move |txn| {
        let all = payments::page(txn, None, None, PaymentId::new(i64::MAX), 5000)?;
        figures::tests::are_right(txn);
        let broken: i64 = txn
            .connection
            .query_row("SELECT COUNT(*) FROM pragma_foreign_key_check", [], |row| row.get(0))?;
        let indexes: i64 = txn.connection.query_row(
            "SELECT COUNT(*) FROM sqlite_schema WHERE name IN ('payments_of_store_by_mode', 'payments_sold', 'payments_stay')",
            [],
            |row| row.get(0),
        )?;
        Ok::<_, StoreError>((all, broken, indexes))
    });
    let (all, broken, indexes) = read.await.unwrap();
    assert_eq!((all.len(), broken, indexes), (3000, 0, 3));
    let statuses: std::collections::BTreeSet<_> = all.iter().map(|payment| payment.status).collect();
    assert_eq!(statuses.len(), 6, "{statuses:?}");
    database.close().await;
    let again = seed(&options, &plan, &SystemRandom).await;
    assert!(matches!(again, Err(StoreError::NotEmpty)));
}
