//! What is spoken over HTTP: the APIs and the pages, and how webhooks look. Knows the engine's door, never the
//! store or a chain.

pub mod api;
pub mod assets;
pub mod checkout;
pub mod text;
