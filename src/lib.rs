//! payd: a self-hosted crypto payment daemon. The modules are the map; the floors test keeps imports one-way.

#![cfg_attr(test, allow(clippy::arithmetic_side_effects))]

pub mod ambient;
pub mod chain;
pub mod cli;
pub mod config;
pub mod daemon;
pub mod domain;
pub mod engine;
pub mod outbox;
pub mod store;
pub mod web;
