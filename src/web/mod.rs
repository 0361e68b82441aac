//! HTTP: the APIs and the pages, and how webhooks look.

pub mod api;
