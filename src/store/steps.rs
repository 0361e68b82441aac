//! A store that goes step by step: its work runs on the runtime of its callers, on no thread of its own, so that whoever
//! drives the runtime decides what happens in which order. For simulations; a daemon runs on threads.

use futures_util::future::BoxFuture;

/// What a commit meets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Disk {
    /// It can be written.
    HasRoom,
    /// It cannot: the group is undone.
    IsFull,
}

/// Where a store stops between two steps. A step that never ends is a process that died there.
pub trait Steps: Send + Sync + 'static {
    /// Awaited before a group of writes is carried out.
    fn before_commit(&self) -> BoxFuture<'_, Disk>;

    /// Awaited once a group is committed, before anybody hears of it.
    fn after_commit(&self) -> BoxFuture<'_, ()>;

    /// Awaited before a snapshot is read.
    fn before_read(&self) -> BoxFuture<'_, ()>;
}
