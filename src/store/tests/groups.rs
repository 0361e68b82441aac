//! Writes that share a transaction: each is undone alone.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use super::*;

fn named(txn: &Txn<'_>, name: &str) -> Result<ShopId, StoreError> {
    shops::insert(txn, name, Dialect::Soko, None, &Rules::default(), NOW)
}

/// Holds the writer up until all of `writes` wait for it, so that they come into one group.
async fn together<T>(database: &Database, writes: impl Future<Output = T>) -> T {
    let (release, held) = std::sync::mpsc::channel::<()>();
    let holding = database.write(move |_| {
        // The error means that the test has failed already.
        let _ = held.recv();
        Ok::<_, StoreError>(())
    });
    let writes = async {
        // Each of them is handed over when it is first polled.
        futures_util::pin_mut!(writes);
        let first = futures_util::poll!(writes.as_mut());
        assert!(first.is_pending(), "the writer is held up");
        release.send(()).unwrap();
        writes.await
    };
    let (held, result) = tokio::join!(holding, writes);
    held.unwrap();
    result
}

async fn names(database: &Database) -> Vec<String> {
    let shops = database.read(shops::all).await.unwrap();
    shops.into_iter().map(|shop| shop.name).collect()
}

#[tokio::test]
async fn what_a_failed_write_among_many_did_is_undone_and_its_neighbours_stay() {
    // With a write that has a savepoint of its own in the group, and without.
    for with_another in [false, true] {
        let fixture = fixture();
        let database = &fixture.database;
        let runs = Arc::new(AtomicU32::new(0));
        let (counted, another) = (Arc::clone(&runs), database.clone());
        let first = database.try_write_shared(move |txn| {
            counted.fetch_add(1, Ordering::Relaxed);
            named(txn, "first")
        });
        let failed = database.try_write_shared(|txn| {
            named(txn, "undone")?;
            Err::<(), _>(StoreError::Busy)
        });
        let panicked = database.try_write_shared(|txn| {
            named(txn, "undone too")?;
            assert!(txn.connection.is_autocommit(), "a write that panics");
            Ok::<(), StoreError>(())
        });
        let last = database.try_write_shared(|txn| named(txn, "last"));
        let alone = async move {
            match with_another {
                true => another.write(|txn| named(txn, "alone")).await.map(|_| ()),
                false => Ok(()),
            }
        };
        let all = async { tokio::join!(first, failed, panicked, last, alone) };
        let (first, failed, panicked, last, alone) = together(database, all).await;
        assert!(matches!(failed, Err(StoreError::Busy)));
        assert!(matches!(panicked, Err(StoreError::Commit(_))));
        alone.unwrap();
        let shops = database.read(shops::all).await.unwrap();
        let id_of = |name: &str| shops.iter().find(|shop| shop.name == name).unwrap().id;
        assert_eq!((first.unwrap(), last.unwrap()), (id_of("first"), id_of("last")));
        let mut names = names(database).await;
        names.sort();
        let expected: &[&str] = if with_another {
            &["alone", "first", "last"]
        } else {
            &["first", "last"]
        };
        assert_eq!(names, expected);
        assert_eq!(
            runs.load(Ordering::Relaxed),
            2,
            "it was undone with its neighbour, and run again"
        );
    }
}

#[tokio::test]
async fn a_write_that_fails_before_it_has_changed_anything_disturbs_nobody() {
    let fixture = fixture();
    let database = &fixture.database;
    let runs = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&runs);
    let kept = database.try_write_shared(move |txn| {
        counted.fetch_add(1, Ordering::Relaxed);
        named(txn, "kept")
    });
    let failed = database.try_write_shared(|txn| {
        assert!(shops::by_name(txn, "nobody")?.is_none());
        Err::<(), _>(StoreError::Busy)
    });
    let both = async { tokio::join!(kept, failed) };
    let (kept, failed) = together(database, both).await;
    kept.unwrap();
    assert!(matches!(failed, Err(StoreError::Busy)));
    assert_eq!(names(database).await, ["kept"]);
    assert_eq!(runs.load(Ordering::Relaxed), 1);
}
