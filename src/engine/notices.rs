//! What the merchant is told by e-mail and the like: made of what was recorded, one channel at a time, each with a mark of how
//! far it was told. A notice and the mark are written together, so that nothing is told twice and nothing is left out,
//! whenever payd is stopped.

use std::time::Duration;

use super::Engine;
use crate::domain::event::EventKind;
use crate::domain::ids::TransferId;
use crate::domain::network::Mode;
use crate::domain::notice::{self, Channel, Topic};
use crate::domain::payment::Payment;
use crate::domain::price::Price;
use crate::domain::time::UnixMillis;
use crate::store::addresses;
use crate::store::notices::Happening;
use crate::store::{StoreError, Txn, inbox, notices, payments, shops};

/// Events and transfers that are looked at in one transaction.
const BATCH: u32 = 200;

/// What goes on is told again after this.
const TOLD_AGAIN_AFTER: Duration = Duration::from_secs(24 * 60 * 60);

/// Nodes come and go: a network that was not read for this long is told of.
const UNREAD_FOR: Duration = Duration::from_secs(10 * 60);

/// A webhook that was not received for this long is told of.
const UNDELIVERED_FOR: Duration = Duration::from_secs(30 * 60);

/// Endpoints that are told of at a time.
const ENDPOINTS_MAX: u32 = 20;

/// Something to tell.
struct Draft {
    topic: Topic,
    subject: String,
    facts: Vec<(String, String)>,
}

impl Draft {
    fn new(topic: Topic, subject: impl Into<String>, facts: &[(&str, &str)]) -> Self {
        let facts = facts.iter();
        Self {
            topic,
            subject: subject.into(),
            facts: facts
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
        }
    }

    fn keep(&self, txn: &Txn<'_>, channel: &Channel, now: UnixMillis) -> Result<(), StoreError> {
        let quiet = channel.quiet.filter(|_| !self.topic.is_alarm());
        let due = quiet.and_then(|quiet| quiet.end_of(now)).unwrap_or(now);
        let about = (self.topic, &*self.subject);
        notices::insert(txn, channel.id, about, &self.facts, due, now).map(|_| ())
    }
}

/// The topic of an event; `None` of what is not worth a message.
const fn topic_of(kind: EventKind) -> Option<Topic> {
    match kind {
        EventKind::Confirmed => Some(Topic::Paid),
        EventKind::Late => Some(Topic::Late),
        EventKind::Reorged => Some(Topic::Reorged),
        EventKind::Created
        | EventKind::Pending
        | EventKind::Confirming
        | EventKind::Underpaid
        | EventKind::Expired
        | EventKind::Cancelled
        | EventKind::Reverted
        | EventKind::Attached => None,
    }
}

impl Engine {
    /// Makes the notices of what was recorded since the last time, for every channel.
    ///
    /// # Errors
    /// [`StoreError`]; what was not made is made the next time.
    pub async fn make_notices(&self) -> Result<(), StoreError> {
        let channels = self.database.read(notices::channels).await?;
        for channel in channels
            .into_iter()
            .filter(|channel| channel.disabled_at.is_none())
        {
            while self.tell_of_events(&channel).await? {}
            while self.tell_of_transfers(&channel).await? {}
        }
        Ok(())
    }

    /// Makes the notices of what goes on: pools that run low, networks that are not read, webhooks that do not arrive. What
    /// was told of lately is not told again.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn make_notices_of_state(&self) -> Result<(), StoreError> {
        let now = self.clock.now();
        let mut drafts = self.troubles(now);
        let registry = std::sync::Arc::clone(&self.registry);
        let stored = self.database.read(move |txn| {
            let mut found = Vec::new();
            for count in addresses::pool_counts(txn, now)? {
                let network = registry.network(&count.network);
                let Some(network) = network.filter(|network| network.mode == Mode::Live) else {
                    continue;
                };
                if !super::capacity::is_low(&count) {
                    continue;
                }
                if let Some(name) = super::capacity::name_if_used(txn, &count)? {
                    let subject = format!("{}/{}", count.shop, count.network);
                    let facts = [
                        ("store", &*name),
                        ("network", &*network.name),
                        ("free", &*count.free.to_string()),
                    ];
                    found.push((Some(count.shop), Draft::new(Topic::LowPool, subject, &facts)));
                }
            }
            let since = now.minus(UNDELIVERED_FOR);
            for (endpoint, shop, url) in notices::failing_endpoints(txn, since, ENDPOINTS_MAX)? {
                let name = shops::by_id(txn, shop)?.map(|shop| shop.name).unwrap_or_default();
                let facts = [("store", &*name), ("host", notice::host(&url))];
                found.push((
                    Some(shop),
                    Draft::new(Topic::Webhook, format!("endpoint {endpoint}"), &facts),
                ));
            }
            Ok::<_, StoreError>(found)
        });
        drafts.extend(stored.await?);
        if drafts.is_empty() {
            return Ok(());
        }
        let made = self.database.write(move |txn| {
            for channel in notices::channels(txn)? {
                for (shop, draft) in &drafts {
                    let is_its = channel.shop.is_none() || *shop == channel.shop || shop.is_none();
                    let wants =
                        channel.disabled_at.is_none() && channel.topics.contains(&draft.topic) && is_its;
                    let last = notices::last_told(txn, channel.id, draft.topic, &draft.subject)?;
                    if wants && last.is_none_or(|last| now.since(last) >= TOLD_AGAIN_AFTER) {
                        draft.keep(txn, &channel, now)?;
                    }
                }
            }
            Ok(())
        });
        made.await
    }

    fn troubles(&self, now: UnixMillis) -> Vec<(Option<crate::domain::ids::ShopId>, Draft)> {
        let mut found = Vec::new();
        for (id, health) in self.health.snapshot() {
            let Some(network) = self
                .registry
                .network(&id)
                .filter(|network| network.mode == Mode::Live)
            else {
                continue;
            };
            let is_unread = health.read_at.is_none_or(|read| now.since(read) >= UNREAD_FOR);
            let error = health.error.filter(|_| is_unread);
            for (kind, text) in [("error", error), ("alarm", health.alarm)] {
                if let Some(text) = text {
                    let facts = [("network", &*network.name), ("error", &*text)];
                    found.push((None, Draft::new(Topic::Provider, format!("{id} {kind}"), &facts)));
                }
            }
        }
        found
    }

    /// Tells a channel of the next events; true when there may be more.
    async fn tell_of_events(&self, channel: &Channel) -> Result<bool, StoreError> {
        let (now, channel, registry) = (
            self.clock.now(),
            channel.clone(),
            std::sync::Arc::clone(&self.registry),
        );
        // A look at a snapshot first: writing is for when there is something to write.
        let (of, any) = (channel.clone(), self.database.clone());
        let seen = any.read(move |txn| notices::events_for(txn, &of, 1)).await?;
        if seen.1.is_none() {
            return Ok(false);
        }
        let told = self.database.write(move |txn| {
            let (happened, last) = notices::events_for(txn, &channel, BATCH)?;
            for Happening { payment, kind, .. } in happened {
                let Some(topic) = topic_of(kind).filter(|topic| channel.topics.contains(topic)) else {
                    continue;
                };
                let Some(payment) = payments::by_id(txn, payment)? else {
                    continue;
                };
                let shop = shops::by_id(txn, payment.shop)?
                    .map(|shop| shop.name)
                    .unwrap_or_default();
                draft_of(topic, &payment, &shop, &registry).keep(txn, &channel, now)?;
            }
            notices::advance(txn, channel.id, last, None)?;
            Ok(last.is_some())
        });
        told.await
    }

    async fn tell_of_transfers(&self, channel: &Channel) -> Result<bool, StoreError> {
        let (now, channel, registry) = (
            self.clock.now(),
            channel.clone(),
            std::sync::Arc::clone(&self.registry),
        );
        let of = channel.clone();
        let seen = self
            .database
            .read(move |txn| notices::unmatched_for(txn, &of, 1))
            .await?;
        if seen.1.is_none() {
            return Ok(false);
        }
        let told = self.database.write(move |txn| {
            let (found, last) = notices::unmatched_for(txn, &channel, BATCH)?;
            let found = if channel.topics.contains(&Topic::Late) {
                found
            } else {
                Vec::new()
            };
            for id in found {
                if let Some(draft) = inbox_draft(txn, id, &registry)? {
                    draft.keep(txn, &channel, now)?;
                }
            }
            notices::advance(txn, channel.id, None, last)?;
            Ok(last.is_some())
        });
        told.await
    }
}

fn draft_of(topic: Topic, payment: &Payment, shop: &str, registry: &crate::domain::asset::Registry) -> Draft {
    let ask = payment.chosen().ok();
    let asset = ask.and_then(|ask| registry.asset(&ask.network, &ask.currency));
    let received = asset.map(|asset| format!("{} {}", asset.show(payment.progress.seen), asset.symbol));
    let price = match &payment.price {
        Price::Fiat(price) => format!("{} {}", price.amount(), price.currency),
        Price::Asset { .. } => String::new(),
    };
    let facts = [
        ("store", shop),
        ("payment", payment.number.as_str()),
        ("order", &*payment.order.external_id),
        ("amount", received.as_deref().unwrap_or_default()),
        ("price", &*price),
    ];
    Draft::new(topic, payment.number.as_str(), &facts)
}

fn inbox_draft(
    txn: &Txn<'_>,
    id: TransferId,
    registry: &crate::domain::asset::Registry,
) -> Result<Option<Draft>, StoreError> {
    let Some(entry) = inbox::by_id(txn, id)? else {
        return Ok(None);
    };
    let seen = &entry.transfer.seen;
    let asset = registry.asset(&entry.transfer.network, &seen.currency);
    let amount = asset.map(|asset| format!("{} {}", asset.show(seen.amount), asset.symbol));
    let shop = match entry.shop {
        Some(shop) => shops::by_id(txn, shop)?.map(|shop| shop.name),
        None => None,
    };
    let facts = [
        ("store", shop.as_deref().unwrap_or_default()),
        ("amount", amount.as_deref().unwrap_or_default()),
        ("txid", &*seen.txid),
    ];
    Ok(Some(Draft::new(Topic::Late, format!("transfer {id}"), &facts)))
}
