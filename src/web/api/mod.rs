//! The public APIs, one folder each, and the webhook formats. Only here are a gateway's words spoken.

pub mod payhook;
pub mod signing;
pub mod standard;

use std::sync::Arc;

use crate::outbox::Formats;

/// All webhook formats; their checkout URLs begin with `public_url`.
#[must_use]
pub fn formats(public_url: &str) -> Formats {
    Formats {
        payhook: Arc::new(payhook::notify::PayhookNotify::new(public_url)),
        standard: Arc::new(standard::StandardWebhooks),
    }
}
