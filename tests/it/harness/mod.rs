//! The rig the integration tests run on: a real EVM node, a real webhook receiver, a real browser, the real daemon,
//! and a proxy that makes a provider lie. Everything listens on loopback only and ends with the test that started it.
//!
//! Knows no rule of payd: what is right is for the tests to say.
#![allow(dead_code, reason = "the rig offers more than each test uses")]

pub mod abi;
pub mod anvil;
pub mod bitcoin_server;
pub mod browser;
pub mod contracts;
pub mod core_node;
pub mod daemon;
pub mod electrumx;
pub mod hostile;
pub mod http;
pub mod litecoin;
pub mod node;
pub mod office;
pub mod openapi;
pub mod pages;
pub mod ports;
pub mod process;
pub mod proxy;
pub mod receiver;
pub mod recorded_bitcoin;
pub mod samples;
pub mod signature;
pub mod tron;
pub mod wait;

pub use node::node_dir;
pub use wait::{WAIT_MAX, wait_until};
