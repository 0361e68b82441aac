//! Delivery of webhooks: what is due is sent, signed, judged and kept until it was received or given up.

use std::sync::Arc;
use std::time::Duration;

use crate::domain::asset::Asset;
use crate::domain::event::{Event, EventKind};
use crate::domain::ids::DeliveryId;
use crate::domain::network::Network;
use crate::domain::payment::Payment;
use crate::domain::shop::Format;
use crate::domain::time::UnixMillis;

/// An event with all that a webhook may tell of it.
#[derive(Debug, Clone)]
pub struct Notice {
    /// What happened, with the figures as they were then.
    pub event: Event,
    /// The payment it happened to.
    pub payment: Payment,
    /// The payment's network.
    pub network: Arc<Network>,
    /// The payment's asset.
    pub asset: Arc<Asset>,
}

/// How webhooks of one format look and are treated. The rules are the format's page's, as data.
pub trait WebhookFormat: Send + Sync + 'static {
    /// The format's name.
    fn format(&self) -> Format;

    /// The events an endpoint of this format gets unless it was given others.
    fn default_events(&self) -> &'static [EventKind];

    /// The post for an event: the same event gives the same body bytes, whenever it is sent.
    fn post(&self, notice: &Notice, sending: &Sending<'_>) -> Post;

    /// What an endpoint's reply means.
    fn verdict(&self, status: u16) -> Verdict;

    /// How long an endpoint may take.
    fn timeout(&self) -> Duration;

    /// The waits after the first, second, ... failed attempt. When they are used up, the delivery is given up.
    fn waits(&self) -> &'static [Duration];
}

/// One sending of a delivery.
#[derive(Clone, Copy)]
pub struct Sending<'a> {
    /// The delivery; retries keep it.
    pub delivery: DeliveryId,
    /// The endpoint's secret, as it was shown to the merchant.
    pub secret: &'a str,
    /// The time of sending.
    pub now: UnixMillis,
}

/// The bytes to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Post {
    /// Header names and values, content type included.
    pub headers: Vec<(&'static str, String)>,
    /// The body; what was signed is exactly this.
    pub body: Vec<u8>,
}

/// What an endpoint's reply means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Received.
    Received,
    /// To be sent again.
    Retry,
    /// Not to be sent again.
    GiveUp,
}
