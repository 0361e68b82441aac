//! PayHook's API.

pub mod notify;
