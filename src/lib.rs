//! payd: a self-hosted crypto payment daemon. The modules are the map; the floors test keeps imports one-way.

#![cfg_attr(test, allow(clippy::arithmetic_side_effects))]

#[cfg(all(
    target_os = "linux",
    target_arch = "x86_64",
    not(debug_assertions),
    not(target_feature = "crt-static")
))]
compile_error!(
    "a release has to be static: the flag in .cargo/config.toml did not arrive. Unset RUSTFLAGS, or add \
     `-C target-feature=+crt-static` to it"
);

pub mod ambient;
pub mod chain;
pub mod cli;
pub mod config;
pub mod daemon;
pub mod domain;
pub mod engine;
#[cfg(test)]
pub(crate) mod mutation;
pub mod net;
pub mod outbox;
pub mod rates;
pub mod store;
pub mod web;
