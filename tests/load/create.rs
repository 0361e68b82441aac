//! Payments, created as fast as payd takes them: a store to create them in, and the clients that do.

mod client;
mod store;

pub(crate) use client::{Arguments, run};
pub(crate) use store::{Arguments as StoreArguments, run as make_store};
