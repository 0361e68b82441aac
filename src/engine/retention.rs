//! How long it is remembered how payments were told of: removes what is older, in small steps between which others write.
//!
//! What may go is decided by the store, row by row. Knows no files: who wants to keep what goes is handed it first.

use std::time::Duration;

use super::Engine;
use crate::ambient::Clock;
use crate::domain::time::UnixMillis;
use crate::store::prune::{self, Found, Kind, Row};
use crate::store::{Database, StoreError};

/// The least age of what is pruned: whoever looks into why something did not arrive does so in the first days.
pub const AGE_MIN: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// Rows that are looked at in one go.
const LOOKED_AT: u32 = 2000;

/// Rows that are removed in one transaction: it takes some milliseconds.
const AT_ONCE: usize = 250;

/// What is to be removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// This.
    pub kind: Kind,
    /// What was made before this time.
    pub before: UnixMillis,
    /// How long others write undisturbed between two transactions.
    pub pause: Duration,
}

/// What was removed, or would be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pruned {
    /// Of this kind.
    pub kind: Kind,
    /// How many.
    pub rows: u64,
    /// What they took on the disk with their places in indexes, about.
    pub bytes: u64,
}

/// Keeps what is about to be removed.
pub trait Archive: Send {
    /// Keeps these rows. They are removed once it has returned: by then they have to be on the disk.
    ///
    /// # Errors
    /// When they cannot be kept; nothing of them is removed then.
    fn keep(&mut self, rows: &[Row]) -> std::io::Result<()>;
}

/// Keeps nothing.
pub struct NoArchive;

impl Archive for NoArchive {
    fn keep(&mut self, _: &[Row]) -> std::io::Result<()> {
        Ok(())
    }
}

/// Why it was broken off. What was removed before stays removed.
#[derive(Debug, thiserror::Error)]
pub enum PruneError {
    /// The store refused or failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What was to be removed could not be kept; so it was not removed.
    #[error("the archive cannot be written; nothing more was removed")]
    Archive(#[source] std::io::Error),
}

/// Removes what a plan says.
///
/// # Errors
/// [`PruneError`].
pub async fn prune(
    database: &Database,
    clock: &dyn Clock,
    plan: Plan,
    archive: &mut dyn Archive,
) -> Result<Pruned, PruneError> {
    let mut sum = Pruned {
        kind: plan.kind,
        rows: 0,
        bytes: 0,
    };
    loop {
        let removed = pass(database, clock, plan, archive, &mut sum).await?;
        // What a repetition repeats can go once the repetition is gone.
        if removed == 0 || plan.kind != Kind::Deliveries {
            return Ok(sum);
        }
    }
}

async fn pass(
    database: &Database,
    clock: &dyn Clock,
    plan: Plan,
    archive: &mut dyn Archive,
    sum: &mut Pruned,
) -> Result<u64, PruneError> {
    let (mut after, mut removed) = (Some(0), 0_u64);
    while let Some(from) = after {
        let found = look(database, plan, from, false).await?;
        if !found.rows.is_empty() {
            archive.keep(&found.rows).map_err(PruneError::Archive)?;
        }
        for part in found.rows.chunks(AT_ONCE) {
            let ids: Vec<i64> = part.iter().map(|row| row.id).collect();
            let gone = database
                .write(move |txn| prune::remove(txn, plan.kind, plan.before, &ids))
                .await?;
            removed = removed.saturating_add(gone);
            sum.rows = sum.rows.saturating_add(gone);
            sum.bytes = sum.bytes.saturating_add(part.iter().map(|row| row.bytes).sum());
            clock.sleep(plan.pause).await;
        }
        after = found.goes_on_at;
    }
    Ok(removed)
}

/// What a plan would remove, at most. Removes nothing.
///
/// # Errors
/// [`StoreError`].
pub async fn would_prune(database: &Database, plan: Plan) -> Result<Pruned, StoreError> {
    let mut sum = Pruned {
        kind: plan.kind,
        rows: 0,
        bytes: 0,
    };
    let mut after = Some(0);
    while let Some(from) = after {
        let found = look(database, plan, from, true).await?;
        sum.rows = sum.rows.saturating_add(found.rows.len() as u64);
        sum.bytes = sum
            .bytes
            .saturating_add(found.rows.iter().map(|row| row.bytes).sum());
        after = found.goes_on_at;
    }
    Ok(sum)
}

async fn look(database: &Database, plan: Plan, after: i64, all_at_once: bool) -> Result<Found, StoreError> {
    database
        .read(move |txn| prune::find(txn, plan.kind, plan.before, after, LOOKED_AT, all_at_once))
        .await
}

/// How long what is kept; for ever, without a span.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Retention {
    /// The single attempts of webhooks.
    pub attempts: Option<Duration>,
    /// Webhooks that were delivered or given up.
    pub deliveries: Option<Duration>,
    /// Steps of payments that are over.
    pub events: Option<Duration>,
}

impl Retention {
    /// What is to be removed at `now`, in order: nothing outlives what it hangs on.
    #[must_use]
    pub fn plans(&self, now: UnixMillis, pause: Duration) -> Vec<Plan> {
        let deliveries = shorter(self.deliveries, self.events);
        let attempts = shorter(self.attempts, deliveries);
        let plan = |kind, age: Option<Duration>| {
            age.map(|age| Plan {
                kind,
                before: now.minus(age),
                pause,
            })
        };
        let plans = [
            plan(Kind::Attempts, attempts),
            plan(Kind::Deliveries, deliveries),
            plan(Kind::Events, self.events),
        ];
        plans.into_iter().flatten().collect()
    }
}

fn shorter(one: Option<Duration>, other: Option<Duration>) -> Option<Duration> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}

impl Engine {
    /// Removes what is older than it is to be kept.
    ///
    /// # Errors
    /// [`PruneError`].
    pub async fn forget_old(&self, retention: Retention, pause: Duration) -> Result<Vec<Pruned>, PruneError> {
        let mut all = Vec::new();
        for plan in retention.plans(self.clock.now(), pause) {
            all.push(prune(&self.database, &*self.clock, plan, &mut NoArchive).await?);
        }
        Ok(all)
    }
}
