//! What is spoken over HTTP: the APIs and the pages. Knows the engine's door, never the store or a chain.

pub mod assets;
pub mod checkout;
pub mod text;
