//! Pinned certificates, kept in the database.

use std::sync::Arc;

use futures_util::future::BoxFuture;

use crate::ambient::Clock;
use crate::net::lines::{Pins, PinsUnread};
use crate::store::{Database, StoreError, pins};

/// Those in a database.
pub(super) struct StoredPins {
    database: Database,
    clock: Arc<dyn Clock>,
}

impl StoredPins {
    pub(super) fn new(database: Database, clock: Arc<dyn Clock>) -> Self {
        Self { database, clock }
    }
}

fn unread(error: StoreError) -> PinsUnread {
    PinsUnread(error.to_string())
}

impl Pins for StoredPins {
    fn get<'a>(&'a self, host: &'a str) -> BoxFuture<'a, Result<Option<[u8; 32]>, PinsUnread>> {
        let host = host.to_owned();
        Box::pin(async move {
            let read = self.database.read(move |txn| pins::get(txn, &host)).await;
            read.map_err(unread)
        })
    }

    fn set<'a>(&'a self, host: &'a str, fingerprint: [u8; 32]) -> BoxFuture<'a, Result<(), PinsUnread>> {
        let (host, now) = (host.to_owned(), self.clock.now());
        Box::pin(async move {
            let written = self
                .database
                .write(move |txn| pins::set(txn, &host, fingerprint, now))
                .await;
            written.map_err(unread)
        })
    }
}

/// None: nothing is known of any host, and nothing is kept.
pub(super) struct NoPins;

impl Pins for NoPins {
    fn get<'a>(&'a self, _: &'a str) -> BoxFuture<'a, Result<Option<[u8; 32]>, PinsUnread>> {
        Box::pin(async { Ok(None) })
    }

    fn set<'a>(&'a self, _: &'a str, _: [u8; 32]) -> BoxFuture<'a, Result<(), PinsUnread>> {
        Box::pin(async { Ok(()) })
    }
}
