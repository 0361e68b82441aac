//! What was sent to webhook endpoints, and sending it once more. A repetition is a delivery of its own, with a number of its
//! own, of the same event.

use super::endpoints::{EndpointError, known, of_shop, switched_on};
use super::posts::{PostsError, Request};
use super::{By, Office};
use crate::ambient::{NoRandomness, random_bytes};
use crate::domain::ids::{DeliveryId, EndpointId, EventId, ShopId};
use crate::domain::payment::Payment;
use crate::domain::shop::Endpoint;
use crate::domain::time::UnixMillis;
pub use crate::store::deliveries::{Attempt, DeliveryState};
use crate::store::prune::{self, Kind};
pub use crate::store::replays::Replay;
pub use crate::store::sent::{Sent, Told, ToldPage};
use crate::store::{StoreError, Txn, deliveries, replays, sent};

/// The most deliveries that are repeated at once.
pub const REPLAYS_MAX: u32 = 10_000;

/// The most that are repeated of one payment.
pub const REPLAYS_OF_PAYMENT_MAX: usize = 1000;

/// How many are repeated in one transaction: others who write wait no longer than for these.
const BATCH: u32 = 200;

/// Events of all stores that a page of one store's looks through.
const EVENTS_SCANNED: u32 = 5000;

/// Why nothing was sent once more, or could be shown.
#[derive(Debug, thiserror::Error)]
pub enum DeliveryError {
    /// The store refused or failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The endpoint is not there, another store's, or switched off.
    #[error(transparent)]
    Endpoint(#[from] EndpointError),
    /// There is no such delivery, or it is another endpoint's.
    #[error("there is no delivery {0}; see `payd webhook deliveries`")]
    Unknown(DeliveryId),
    /// No endpoint wanted the payment's events.
    #[error("{0} has no deliveries: no endpoint wanted its events, or they are no longer kept")]
    NoneOfPayment(String),
    /// More than are repeated at once.
    #[error("{0} has more than {REPLAYS_OF_PAYMENT_MAX} deliveries; replay single ones")]
    TooManyOfPayment(String),
    /// More than are repeated at once.
    #[error("these are more than {REPLAYS_MAX} deliveries: choose a shorter time")]
    TooMany,
    /// There is nothing of the kind.
    #[error("no delivery fits")]
    None,
    /// The form is not one that was shown for this endpoint.
    #[error("the form was not shown for this endpoint: load the page again")]
    ForeignToken,
    /// No randomness.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
    /// The request could not be shown.
    #[error(transparent)]
    Posts(#[from] PostsError),
}

/// Sends a delivery once more.
///
/// # Errors
/// [`DeliveryError`].
pub fn replay_one(txn: &Txn<'_>, by: &By, id: DeliveryId) -> Result<DeliveryId, DeliveryError> {
    let there = deliveries::by_id(txn, id)?.ok_or(DeliveryError::Unknown(id))?;
    switched_on(known(txn, there.endpoint)?)?;
    let made = deliveries::insert(txn, there.event, there.endpoint, Some(id), by.at)?;
    by.write_down(txn, "webhook.replay", &format!("delivery {id}"), "")?;
    Ok(made)
}

/// Sends all deliveries of a payment once more; each by its number and that of its repetition.
///
/// # Errors
/// [`DeliveryError`].
pub fn replay_payment(
    txn: &Txn<'_>,
    by: &By,
    payment: &Payment,
) -> Result<Vec<(DeliveryId, DeliveryId)>, DeliveryError> {
    let mut originals = deliveries::of_payment(txn, payment.id)?;
    originals.retain(|delivery| delivery.replay_of.is_none());
    if originals.is_empty() {
        return Err(DeliveryError::NoneOfPayment(payment.number.to_string()));
    }
    if originals.len() > REPLAYS_OF_PAYMENT_MAX {
        return Err(DeliveryError::TooManyOfPayment(payment.number.to_string()));
    }
    let mut made = Vec::new();
    for original in originals {
        switched_on(known(txn, original.endpoint)?)?;
        let new = deliveries::insert(txn, original.event, original.endpoint, Some(original.id), by.at)?;
        made.push((original.id, new));
    }
    by.write_down(txn, "webhook.replay", payment.number.as_str(), "")?;
    Ok(made)
}

/// Which deliveries of an endpoint are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// This one.
    One(DeliveryId),
    /// Those that were given up and not sent once more since.
    Failed,
    /// Those that were made from here up to, not including, there, whatever became of them; none that still wait.
    Between(UnixMillis, UnixMillis),
}

/// The first and the last delivery that are meant; `None` when there is none.
fn bounds(
    txn: &Txn<'_>,
    endpoint: EndpointId,
    which: Which,
) -> Result<Option<(DeliveryId, DeliveryId)>, StoreError> {
    let newest = || {
        let newest = sent::page(txn, endpoint, None, DeliveryId::new(i64::MAX), 1)?;
        Ok::<_, StoreError>(newest.first().map(|sent| sent.id))
    };
    Ok(match which {
        Which::One(id) => sent::one(txn, endpoint, id)?.map(|sent| (sent.id, sent.id)),
        Which::Failed => newest()?.map(|last| (DeliveryId::new(1), last)),
        Which::Between(from, to) => {
            let first = sent::first_since(txn, endpoint, from)?;
            let last = match sent::first_since(txn, endpoint, to)? {
                Some(after) => Some(before(after)),
                None => newest()?,
            };
            first.zip(last).filter(|(first, last)| first <= last)
        }
    })
}

const fn before(id: DeliveryId) -> DeliveryId {
    DeliveryId::new(id.get().saturating_sub(1))
}

/// What would be repeated, to be confirmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// What the form has to carry: whatever carries it is the same request.
    pub token: String,
    /// The first delivery.
    pub first: DeliveryId,
    /// The last one.
    pub last: DeliveryId,
    /// How many.
    pub count: u32,
}

/// A delivery with all that is known of it.
#[derive(Debug, Clone)]
pub struct SentInFull {
    /// Where it goes.
    pub endpoint: Endpoint,
    /// The delivery.
    pub sent: Sent,
    /// Its sendings, in order, each with the request as it was made; none when it cannot be made again.
    pub attempts: Vec<(Attempt, Option<Request>)>,
}

/// The times before which single sendings and webhooks may be gone, because they are no longer kept.
pub type PrunedBefore = (Option<UnixMillis>, Option<UnixMillis>);

/// Sendings of one delivery that are shown.
const ATTEMPTS_SHOWN: usize = 30;

impl Office {
    /// What was sent to one of a store's endpoints before a delivery, the latest first.
    ///
    /// # Errors
    /// [`DeliveryError`].
    pub async fn sent(
        &self,
        shop: ShopId,
        endpoint: EndpointId,
        state: Option<DeliveryState>,
        before: DeliveryId,
        limit: u32,
    ) -> Result<Vec<Sent>, DeliveryError> {
        let read = self.engine.database.read(move |txn| {
            of_shop(txn, shop, endpoint)?;
            Ok(sent::page(txn, endpoint, state, before, limit)?)
        });
        read.await
    }

    /// From when on all single sendings and all webhooks are kept; `None` where nothing was removed yet.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn sent_pruned_before(&self) -> Result<PrunedBefore, StoreError> {
        let read = self.engine.database.read(|txn| {
            let attempts = prune::pruned_before(txn, Kind::Attempts)?;
            Ok((attempts, prune::pruned_before(txn, Kind::Deliveries)?))
        });
        read.await
    }

    /// One delivery to one of a store's endpoints. Requests are put together again, by today's secret, only when asked for.
    ///
    /// # Errors
    /// [`DeliveryError`].
    pub async fn sent_in_full(
        &self,
        shop: ShopId,
        endpoint: EndpointId,
        id: DeliveryId,
        with_requests: bool,
    ) -> Result<SentInFull, DeliveryError> {
        let read = self.engine.database.read(move |txn| {
            let endpoint = of_shop(txn, shop, endpoint)?;
            let sent = sent::one(txn, endpoint.id, id)?.ok_or(DeliveryError::Unknown(id))?;
            let mut attempts = deliveries::attempts(txn, id)?;
            let extra = attempts.len().saturating_sub(ATTEMPTS_SHOWN);
            attempts.drain(..extra);
            Ok::<_, DeliveryError>((endpoint, sent, attempts))
        });
        let (endpoint, sent, attempts) = read.await?;
        let at = attempts.iter().map(|attempt| attempt.at).collect();
        let requests = match with_requests {
            true => self.posts.requests(id, at).await?,
            false => Vec::new(),
        };
        let mut requests = requests.into_iter();
        Ok(SentInFull {
            endpoint,
            sent,
            attempts: attempts
                .into_iter()
                .map(|attempt| (attempt, requests.next()))
                .collect(),
        })
    }

    /// A store's latest events before `before`, with where they were delivered.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn told(&self, shop: ShopId, before: EventId, limit: usize) -> Result<ToldPage, StoreError> {
        self.engine
            .database
            .read(move |txn| sent::events(txn, shop, before, limit, EVENTS_SCANNED))
            .await
    }

    /// What would be sent once more.
    ///
    /// # Errors
    /// [`DeliveryError`].
    pub async fn propose_replay(
        &self,
        shop: ShopId,
        endpoint: EndpointId,
        which: Which,
    ) -> Result<Proposal, DeliveryError> {
        let token = self.replay_token()?;
        let read = self.engine.database.read(move |txn| {
            switched_on(of_shop(txn, shop, endpoint)?)?;
            let (first, last) = bounds(txn, endpoint, which)?.ok_or(DeliveryError::None)?;
            let count = count(txn, endpoint, which, first, last)?;
            match count {
                0 => Err(DeliveryError::None),
                count if count > REPLAYS_MAX => Err(DeliveryError::TooMany),
                count => Ok(Proposal {
                    token,
                    first,
                    last,
                    count,
                }),
            }
        });
        read.await
    }

    /// What tells one request to send something once more from others.
    ///
    /// # Errors
    /// [`NoRandomness`].
    pub fn replay_token(&self) -> Result<String, NoRandomness> {
        Ok(hex::encode(random_bytes::<16>(self.engine.random.as_ref())?))
    }

    /// Sends one delivery once more; the number of its repetition. Asked again with the same token, it does nothing and says
    /// `None`.
    ///
    /// # Errors
    /// [`DeliveryError`].
    pub async fn replay(
        &self,
        by: By,
        shop: ShopId,
        endpoint: EndpointId,
        id: DeliveryId,
        token: &str,
    ) -> Result<Option<DeliveryId>, DeliveryError> {
        check_token(token)?;
        let token = token.to_owned();
        let replayed = self.engine.database.write(move |txn| {
            switched_on(of_shop(txn, shop, endpoint)?)?;
            sent::one(txn, endpoint, id)?.ok_or(DeliveryError::Unknown(id))?;
            let request = Replay {
                done: id,
                count: 1,
                ..begun(&by, token, endpoint, false, id, id)
            };
            if !replays::insert(txn, &request)? {
                return Ok(None);
            }
            replay_one(txn, &by, id).map(Some)
        });
        let made = replayed.await?;
        self.engine.deliveries.notify_one();
        Ok(made)
    }

    /// Sends what was proposed once more, a part at a time, and says how many there were. Asked again with the same token, it
    /// goes on where it was interrupted: nothing is repeated twice.
    ///
    /// # Errors
    /// [`DeliveryError`].
    pub async fn replay_all(
        &self,
        by: By,
        shop: ShopId,
        endpoint: EndpointId,
        only_failed: bool,
        proposal: Proposal,
    ) -> Result<u32, DeliveryError> {
        check_token(&proposal.token)?;
        let token = proposal.token.clone();
        let begun = self.engine.database.write(move |txn| {
            switched_on(of_shop(txn, shop, endpoint)?)?;
            begin(txn, &by, endpoint, only_failed, &proposal)
        });
        begun.await?;
        loop {
            let (token, now) = (token.clone(), self.now());
            let step = self
                .engine
                .database
                .write(move |txn| repeat_some(txn, endpoint, &token, now));
            let replay = step.await?;
            self.engine.deliveries.notify_one();
            if replay.is_done() {
                return Ok(replay.count);
            }
        }
    }

    /// Goes on with what was interrupted.
    ///
    /// # Errors
    /// [`DeliveryError`].
    pub async fn unfinished_replay(
        &self,
        shop: ShopId,
        endpoint: EndpointId,
    ) -> Result<Option<Replay>, DeliveryError> {
        let read = self.engine.database.read(move |txn| {
            of_shop(txn, shop, endpoint)?;
            Ok(replays::unfinished(txn, endpoint)?)
        });
        read.await
    }
}

fn count(
    txn: &Txn<'_>,
    endpoint: EndpointId,
    which: Which,
    first: DeliveryId,
    last: DeliveryId,
) -> Result<u32, StoreError> {
    let only_failed = which == Which::Failed;
    let limit = REPLAYS_MAX.saturating_add(1);
    let left = replays::left(txn, endpoint, only_failed, before(first), last, limit)?;
    Ok(u32::try_from(left.len()).unwrap_or(u32::MAX))
}

fn begin(
    txn: &Txn<'_>,
    by: &By,
    endpoint: EndpointId,
    only_failed: bool,
    proposal: &Proposal,
) -> Result<(), DeliveryError> {
    let Proposal { first, last, .. } = *proposal;
    let which = if only_failed {
        Which::Failed
    } else {
        Which::One(first)
    };
    let request = begun(by, proposal.token.clone(), endpoint, only_failed, first, last);
    if !replays::insert(txn, &request)? {
        return Ok(());
    }
    // Numbers in a form can be changed by who sends it.
    if count(txn, endpoint, which, first, last)? > REPLAYS_MAX {
        return Err(DeliveryError::TooMany);
    }
    let detail = format!("deliveries {first} to {last}");
    by.write_down(txn, "webhook.replay", &format!("endpoint {endpoint}"), &detail)?;
    Ok(())
}

fn begun(
    by: &By,
    token: String,
    endpoint: EndpointId,
    only_failed: bool,
    first: DeliveryId,
    last: DeliveryId,
) -> Replay {
    Replay {
        token,
        endpoint,
        actor: by.actor.clone(),
        only_failed,
        first,
        last,
        done: before(first),
        count: 0,
        made_at: by.at,
    }
}

/// Repeats some of what is left. What is repeated and how far that came are one transaction.
fn repeat_some(
    txn: &Txn<'_>,
    endpoint: EndpointId,
    token: &str,
    now: UnixMillis,
) -> Result<Replay, DeliveryError> {
    let replay = replays::by_token(txn, token)?.filter(|replay| replay.endpoint == endpoint);
    let mut replay = replay.ok_or(DeliveryError::ForeignToken)?;
    if replay.is_done() {
        return Ok(replay);
    }
    let Replay {
        only_failed,
        done,
        last,
        ..
    } = replay;
    let left = replays::left(txn, endpoint, only_failed, done, last, BATCH)?;
    for (id, event) in &left {
        deliveries::insert(txn, *event, endpoint, Some(*id), now)?;
    }
    let repeated = u32::try_from(left.len()).unwrap_or(u32::MAX);
    replay.done = match left.last() {
        Some((id, _)) if repeated >= BATCH => *id,
        _ => last,
    };
    replay.count = replay.count.saturating_add(repeated);
    replays::advance(txn, token, replay.done, repeated)?;
    Ok(replay)
}

fn check_token(token: &str) -> Result<(), DeliveryError> {
    let is_token = token.len() == 32 && token.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_token.then_some(()).ok_or(DeliveryError::ForeignToken)
}
