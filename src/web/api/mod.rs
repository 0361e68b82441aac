//! The public APIs, one folder each, and the webhook formats. Only here are a gateway's words spoken.

pub mod payhook;
pub mod signing;
pub mod standard;
