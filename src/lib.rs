//! payd: a self-hosted crypto payment daemon. The modules are the map; the floors test keeps imports one-way.

pub mod ambient;
pub mod chain;
pub mod domain;
pub mod engine;
pub mod outbox;
pub mod web;
