//! A store's payments: looked through, looked into, and acted on by hand.

mod acts;
pub mod export;

use std::sync::Arc;

pub use self::acts::{ActError, REASON_MAX};
use super::{Office, OfficeError};
use crate::domain::address::Address;
use crate::domain::asset::{Asset, Currency, Means};
use crate::domain::event::Event;
use crate::domain::ids::{PaymentCode, PaymentId, PaymentNumber, PaymentUuid, ShopId};
use crate::domain::money::FiatAmount;
use crate::domain::network::{Mode, NetworkId};
use crate::domain::payment::{Origin, Payment};
use crate::domain::price::Price;
use crate::domain::shop::Endpoint;
use crate::domain::status::Status;
use crate::domain::time::UnixMillis;
use crate::domain::transfer::{Transfer, UnconfirmedTransfer};
pub use crate::store::deliveries::{Attempt, Delivery, DeliveryState};
pub use crate::store::notes::Note;
use crate::store::prune::{self, Kind};
use crate::store::search::{self, Clues, Turn, Wanted};
use crate::store::{StoreError, Txn};
use crate::store::{
    blocks, deliveries, endpoints, events, inbox, notes, payments, shops, transfers, unconfirmed,
};

/// The longest text that is searched for, in characters.
pub const SEARCH_MAX: usize = 255;

/// Rows of each kind that a payment's page tells of: somebody may send dust to an address a thousand times.
const TOLD_MAX: usize = 300;

/// Which payments of a store are listed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Query {
    /// What they are searched by: a payment's number, order number, e-mail address, transaction, address; empty for all.
    pub search: String,
    /// In one of these; in any, when there are none.
    pub statuses: Vec<Status>,
    /// Test or live ones; both without one.
    pub mode: Option<Mode>,
    /// Of this asset.
    pub asset: Option<(NetworkId, Currency)>,
    /// Asked for by this.
    pub origin: Option<Origin>,
    /// Made at this time or later.
    pub from: Option<UnixMillis>,
    /// Made before this time.
    pub before: Option<UnixMillis>,
    /// Priced at least so, in this currency.
    pub price_min: Option<FiatAmount>,
    /// Priced at most so, in this currency.
    pub price_max: Option<FiatAmount>,
}

impl Query {
    fn wanted(&self, shop: ShopId) -> Wanted {
        Wanted {
            shop,
            statuses: self.statuses.clone(),
            mode: self.mode,
            asset: self.asset.clone(),
            origin: self.origin,
            from: self.from,
            before: self.before,
            price_min: self.price_min,
            price_max: self.price_max,
        }
    }
}

/// Which page of a list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum At {
    /// The newest.
    #[default]
    Newest,
    /// What is older than this payment.
    Before(PaymentNumber),
    /// What is newer than this payment.
    After(PaymentNumber),
}

/// A page of a store's payments.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Listing {
    /// The payments, newest first.
    pub payments: Vec<Payment>,
    /// The page of older ones goes on behind this payment.
    pub earlier: Option<PaymentNumber>,
    /// The page of newer ones goes on behind this payment.
    pub later: Option<PaymentNumber>,
    /// Whether the page ends because it has looked at enough, not because it is full.
    pub is_cut: bool,
    /// Whether more fit the search than a search is good for.
    pub is_too_many: bool,
}

/// All that is known of a payment.
#[derive(Debug, Clone)]
pub struct Story {
    /// The payment.
    pub payment: Payment,
    /// What it is paid with; `None` until that was chosen, and when it is no longer configured.
    pub means: Option<Means>,
    /// The asset that the price is in, where it is not in money.
    pub price_asset: Option<Arc<Asset>>,
    /// The last block read of its network.
    pub tip: Option<u64>,
    /// Its transfers.
    pub transfers: Vec<Transfer>,
    /// What waits for a block, with the time when it was seen.
    pub waiting: Vec<(UnconfirmedTransfer, UnixMillis)>,
    /// What happened.
    pub events: Vec<Event>,
    /// What was told of it.
    pub sent: Vec<Sent>,
    /// What the merchant wrote.
    pub notes: Vec<Note>,
    /// What may be missing of it.
    pub gone: Gone,
}

/// What is no longer kept of a payment that is over: what was made before these times.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Gone {
    /// Single sendings of webhooks; only where some are missing.
    pub attempts: Option<UnixMillis>,
    /// Webhooks.
    pub deliveries: Option<UnixMillis>,
    /// What happened.
    pub events: Option<UnixMillis>,
}

impl Gone {
    /// What may be missing of a payment.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn of(txn: &Txn<'_>, payment: &Payment, is_any_attempt_missing: bool) -> Result<Self, StoreError> {
        let is_over = matches!(
            payment.status,
            Status::Paid | Status::Expired | Status::Cancelled | Status::Failed
        );
        let before = |kind, may_miss: bool| {
            let before = if may_miss {
                prune::pruned_before(txn, kind)?
            } else {
                None
            };
            Ok::<_, StoreError>(before.filter(|before| payment.created_at < *before))
        };
        Ok(Self {
            attempts: before(Kind::Attempts, is_any_attempt_missing)?,
            deliveries: before(Kind::Deliveries, is_over)?,
            events: before(Kind::Events, is_over)?,
        })
    }
}

/// A delivery with all that came of it.
#[derive(Debug, Clone)]
pub struct Sent {
    /// The delivery.
    pub delivery: Delivery,
    /// Where to.
    pub endpoint: Option<Endpoint>,
    /// Each sending, in order.
    pub attempts: Vec<Attempt>,
}

impl Office {
    /// A page of a store's payments, at most `limit`.
    ///
    /// # Errors
    /// [`OfficeError`].
    pub async fn payments(
        &self,
        shop: ShopId,
        query: Query,
        at: At,
        limit: u32,
    ) -> Result<Listing, OfficeError> {
        let clues = self.clues(&query.search);
        let read = self.engine.database.read(move |txn| {
            let wanted = query.wanted(shop);
            let (found, is_too_many) = found(txn, shop, &clues)?;
            let turn = turn(txn, shop, &at)?;
            let page = search::page(txn, &wanted, found.as_deref(), turn, limit)?;
            listing(txn, page, turn, is_too_many)
        });
        Ok(read.await?)
    }

    /// All that is known of a payment of a store.
    ///
    /// # Errors
    /// [`OfficeError::NotFound`], also for another store's.
    pub async fn payment_story(&self, shop: ShopId, number: &PaymentNumber) -> Result<Story, OfficeError> {
        let number = number.clone();
        let registry = Arc::clone(&self.engine.registry);
        let read = self.engine.database.read(move |txn| {
            let found = payments::by_number(txn, &number)?.filter(|payment| payment.shop == shop);
            found.map(|payment| story(txn, &registry, payment)).transpose()
        });
        read.await?.ok_or(OfficeError::NotFound)
    }

    /// A payment of a store.
    ///
    /// # Errors
    /// [`OfficeError::NotFound`], also for another store's.
    pub async fn payment(&self, shop: ShopId, number: &PaymentNumber) -> Result<Payment, OfficeError> {
        let number = number.clone();
        let read = self
            .engine
            .database
            .read(move |txn| payments::by_number(txn, &number));
        let found = read.await?.filter(|payment| payment.shop == shop);
        found.ok_or(OfficeError::NotFound)
    }

    /// The number and the store of a payment, for who is told that it changed.
    ///
    /// # Errors
    /// [`OfficeError`].
    pub async fn payment_by_row(&self, id: PaymentId) -> Result<Option<Payment>, OfficeError> {
        Ok(self
            .engine
            .database
            .read(move |txn| payments::by_id(txn, id))
            .await?)
    }

    /// What a text to search for can mean.
    fn clues(&self, text: &str) -> Option<Clues> {
        let text: String = text.trim().chars().take(SEARCH_MAX).collect();
        if text.is_empty() {
            return None;
        }
        let lower = text.to_lowercase();
        let mut texts = vec![text.clone()];
        if lower.contains('@') && lower != text {
            texts.push(lower.clone());
        }
        let digits = lower.strip_prefix("0x").unwrap_or(&lower);
        let is_txid = digits.len() == 64 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        let networks: Vec<_> = self.engine.registry.networks().collect();
        let addresses = networks.iter().filter_map(|network| {
            let address = Address::parse(network.family, &text).ok()?;
            Some((network.id.clone(), address.text().to_string()))
        });
        Some(Clues {
            number: PaymentNumber::parse(&text.to_ascii_uppercase()),
            uuid: PaymentUuid::parse(&lower),
            code: PaymentCode::parse(&text),
            addresses: addresses.collect(),
            txids: if is_txid {
                vec![digits.to_owned(), format!("0x{digits}")]
            } else {
                Vec::new()
            },
            networks: networks.iter().map(|network| network.id.clone()).collect(),
            texts,
        })
    }
}

fn found(
    txn: &Txn<'_>,
    shop: ShopId,
    clues: &Option<Clues>,
) -> Result<(Option<Vec<PaymentId>>, bool), StoreError> {
    match clues {
        None => Ok((None, false)),
        Some(clues) => {
            let (found, is_too_many) = search::find(txn, shop, clues)?;
            Ok((Some(found), is_too_many))
        }
    }
}

/// A payment of another store begins no page.
fn turn(txn: &Txn<'_>, shop: ShopId, at: &At) -> Result<Turn, StoreError> {
    let row = |number: &PaymentNumber| {
        let found = payments::by_number(txn, number)?;
        Ok::<_, StoreError>(
            found
                .filter(|payment| payment.shop == shop)
                .map(|payment| payment.id),
        )
    };
    Ok(match at {
        At::Newest => Turn::Newest,
        At::Before(number) => row(number)?.map_or(Turn::Newest, Turn::Before),
        At::After(number) => row(number)?.map_or(Turn::Newest, Turn::After),
    })
}

fn listing(txn: &Txn<'_>, page: search::Page, turn: Turn, is_too_many: bool) -> Result<Listing, StoreError> {
    let number_of = |id: PaymentId| Ok::<_, StoreError>(payments::by_id(txn, id)?.map(|found| found.number));
    let goes_on = page.goes_on_at.map(number_of).transpose()?.flatten();
    let first = page.payments.first().map(|payment| payment.number.clone());
    let last = page.payments.last().map(|payment| payment.number.clone());
    let edge = match turn {
        Turn::Newest | Turn::Before(_) => page.payments.last(),
        Turn::After(_) => page.payments.first(),
    };
    let is_cut = page.goes_on_at.is_some() && page.goes_on_at != edge.map(|payment| payment.id);
    let (earlier, later) = match turn {
        Turn::Newest => (goes_on, None),
        Turn::Before(from) => (goes_on, first.map_or_else(|| number_of(from), |it| Ok(Some(it)))?),
        Turn::After(from) => (last.map_or_else(|| number_of(from), |it| Ok(Some(it)))?, goes_on),
    };
    Ok(Listing {
        payments: page.payments,
        earlier,
        later,
        is_cut,
        is_too_many,
    })
}

fn story(
    txn: &Txn<'_>,
    registry: &crate::domain::asset::Registry,
    payment: Payment,
) -> Result<Story, StoreError> {
    let ask = payment.ask.as_ref();
    let tip = match ask {
        Some(ask) => blocks::cursor(txn, &ask.network)?.map(|block| block.height),
        None => None,
    };
    let mut sent = Vec::new();
    let mut all = deliveries::of_payment(txn, payment.id)?;
    all.truncate(TOLD_MAX);
    for delivery in all {
        let mut attempts = deliveries::attempts(txn, delivery.id)?;
        attempts.truncate(TOLD_MAX);
        sent.push(Sent {
            endpoint: endpoints::by_id(txn, delivery.endpoint)?,
            attempts,
            delivery,
        });
    }
    let is_any_attempt_missing = sent
        .iter()
        .any(|sent| usize::try_from(sent.delivery.attempts).is_ok_and(|made| made > sent.attempts.len()));
    let mut story = Story {
        gone: Gone::of(txn, &payment, is_any_attempt_missing)?,
        means: ask.and_then(|ask| registry.means(&ask.network, &ask.currency)),
        price_asset: match &payment.price {
            Price::Fiat(_) => None,
            Price::Asset {
                network, currency, ..
            } => registry.asset(network, currency).cloned(),
        },
        tip,
        transfers: transfers::of_payment(txn, payment.id)?,
        waiting: unconfirmed::of_payment(txn, payment.id)?
            .into_iter()
            .take(TOLD_MAX)
            .map(|waiting| (waiting.seen, waiting.first_seen_at))
            .collect(),
        events: events::of_payment(txn, payment.id)?,
        sent,
        notes: notes::of_payment(txn, payment.id)?,
        payment,
    };
    story.transfers.truncate(TOLD_MAX);
    story.events.truncate(TOLD_MAX);
    Ok(story)
}
