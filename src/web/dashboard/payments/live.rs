//! What happens in a store while a page of it is open, as server-sent events.
//!
//! `GET /stores/{store}/live` sends an event `payment` with `{"number", "status", "mode"}` when a payment of the store is made
//! or changes. `live.js` then loads those parts of its page again that are marked with `data-live`.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{Instant, sleep_until};

use crate::domain::ids::{PaymentId, UserId};
use crate::domain::payment::Payment;
use crate::web::dashboard::{Dashboard, InShop};

/// Open streams over all stores.
const STREAMS_MAX: usize = 256;

/// Open streams of one user: a page in each of many tabs. Who gets none looks again now and then.
const STREAMS_PER_USER_MAX: usize = 24;

/// A stream is ended after this; the browser opens the next one by itself.
const STREAM_AGE_MAX: Duration = Duration::from_secs(60 * 60);

/// How often it is looked at whether the session is still good.
const LOOKED_AT_EVERY: Duration = Duration::from_secs(20);

/// Keeps proxies from cutting a quiet stream.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// When the browser should come back after a cut.
const RECONNECT_AFTER: Duration = Duration::from_secs(3);

/// How many streams each user has open.
static OPEN: Mutex<BTreeMap<UserId, usize>> = Mutex::new(BTreeMap::new());

/// A place among the open streams, given back when dropped.
struct Seat(UserId);

impl Seat {
    fn take(user: UserId) -> Option<Self> {
        let mut open = OPEN.lock().unwrap_or_else(PoisonError::into_inner);
        let total = open
            .values()
            .fold(0, |sum: usize, count| sum.saturating_add(*count));
        let own = open.get(&user).copied().unwrap_or(0);
        if total >= STREAMS_MAX || own >= STREAMS_PER_USER_MAX {
            return None;
        }
        open.insert(user, own.saturating_add(1));
        Some(Self(user))
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut open = OPEN.lock().unwrap_or_else(PoisonError::into_inner);
        match open.get_mut(&self.0) {
            Some(own) if *own > 1 => *own = own.saturating_sub(1),
            _ => {
                open.remove(&self.0);
            }
        }
    }
}

struct Watch {
    dashboard: Dashboard,
    place: Arc<InShop>,
    changes: Receiver<PaymentId>,
    is_begun: bool,
    ends_at: Instant,
    look_at: Instant,
    _seat: Seat,
}

pub(super) async fn stream(State(dashboard): State<Dashboard>, place: InShop) -> Response {
    let Some(seat) = Seat::take(place.visit.user.id) else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    let now = Instant::now();
    let after = |span| now.checked_add(span).unwrap_or(now);
    let watch = Watch {
        changes: dashboard.gateway.changes(),
        dashboard,
        place: Arc::new(place),
        is_begun: false,
        ends_at: after(STREAM_AGE_MAX),
        look_at: after(LOOKED_AT_EVERY),
        _seat: seat,
    };
    let events = Sse::new(stream::unfold(watch, next)).keep_alive(KeepAlive::new().interval(HEARTBEAT));
    // Has nginx pass each event on at once.
    ([("x-accel-buffering", "no")], events).into_response()
}

async fn next(mut watch: Watch) -> Option<(Result<Event, Infallible>, Watch)> {
    if !watch.is_begun {
        watch.is_begun = true;
        return Some((Ok(Event::default().retry(RECONNECT_AFTER).comment("open")), watch));
    }
    loop {
        let changed = tokio::select! {
            () = watch.dashboard.stop.cancelled() => return None,
            () = sleep_until(watch.ends_at) => return None,
            () = sleep_until(watch.look_at) => {
                if !watch.may_go_on().await {
                    return None;
                }
                let now = Instant::now();
                watch.look_at = now.checked_add(LOOKED_AT_EVERY).unwrap_or(now);
                continue;
            }
            changed = watch.changes.recv() => changed,
        };
        let event = match changed {
            Ok(id) => watch.event(id).await,
            // What was missed may have been anything: the page looks at all of it again.
            Err(RecvError::Lagged(_)) => Some(Event::default().event("payment").data("{}")),
            Err(RecvError::Closed) => return None,
        };
        if let Some(event) = event {
            return Some((Ok(event), watch));
        }
    }
}

impl Watch {
    async fn event(&self, id: PaymentId) -> Option<Event> {
        match self.dashboard.office.payment_by_row(id).await {
            Ok(found) => {
                let own = found.filter(|payment| payment.shop == self.place.shop.id)?;
                Some(Event::default().event("payment").data(told(&own)))
            }
            Err(error) => {
                tracing::warn!(%error, "a change of a payment was not shown");
                None
            }
        }
    }

    /// Whether the session is still good and its user still sees the store. That a page is open is no use of a session.
    async fn may_go_on(&self) -> bool {
        let visit = &self.place.visit;
        let (office, limits) = (&self.dashboard.office, self.dashboard.settings.sessions);
        let (Ok(sessions), Ok(users)) = (office.sessions(visit.user.id, limits).await, office.users().await)
        else {
            return false;
        };
        let is_signed_in = sessions.iter().any(|session| session.id == visit.session.id);
        let user = users.iter().find(|user| user.id == visit.user.id);
        is_signed_in
            && user.is_some_and(|user| user.disabled_at.is_none() && user.shops.has(self.place.shop.id))
    }
}

fn told(payment: &Payment) -> String {
    let (number, status, mode) = (&payment.number, payment.status, payment.mode);
    format!("{{\"number\":\"{number}\",\"status\":\"{status}\",\"mode\":\"{mode}\"}}")
}

#[cfg(test)]
mod tests {
    use super::super::super::fixture::House;
    use super::*;
    use crate::domain::money::{Fiat, FiatAmount};
    use crate::domain::shop::Dialect;
    use crate::domain::user::{Role, Shops};
    use crate::engine::gateway::{CreateRequest, PayWith};
    use crate::engine::office::users::UserChange;
    use crate::engine::stage::StagedShop;

    /// No user has a number as high as those that take seats for the sake of it.
    const SITTERS_FROM: i64 = 1_000_000;

    fn open_streams() -> usize {
        let open = OPEN.lock().unwrap();
        open.range(..UserId::new(SITTERS_FROM))
            .map(|(_, count)| count)
            .sum()
    }

    #[test]
    fn one_user_gets_a_part_of_the_streams_and_others_get_theirs() {
        let seats = |user: i64| -> Vec<Seat> {
            (0..1000)
                .map_while(|_| Seat::take(UserId::new(SITTERS_FROM + user)))
                .collect()
        };
        let one = seats(1);
        assert_eq!(one.len(), STREAMS_PER_USER_MAX);
        assert_eq!(seats(2).len(), STREAMS_PER_USER_MAX);
        drop(one);
        assert_eq!(seats(1).len(), STREAMS_PER_USER_MAX, "closed ones make room");
    }

    async fn payment(house: &House, shop: &StagedShop) -> String {
        let caller = house
            .stage
            .gateway
            .authenticate(&shop.test.key, None)
            .await
            .unwrap();
        let price = FiatAmount {
            currency: Fiat::Usd,
            minor: 5000,
        };
        let request = CreateRequest::new(price, PayWith::asset("bsc", "usdt"));
        let made = house.stage.gateway.create(&caller, request).await.unwrap();
        made.view.payment.number.to_string()
    }

    #[tokio::test]
    async fn a_stream_tells_of_its_own_store_and_ends_soon_after_its_session() {
        let house = House::new();
        let own = house.stage.shop(Dialect::Payhook).await;
        let other = house.stage.shop(Dialect::Soko).await;
        house.user("ann", Role::Owner, Shops::All).await;
        let mut guest = house.guest("bob", Role::ReadOnly, Shops::All).await;
        let path = format!("/stores/{}/live", own.id);
        let (page, (seen, unseen)) = tokio::join!(guest.get(&path), async {
            while open_streams() == 0 {
                tokio::task::yield_now().await;
            }
            let unseen = payment(&house, &other).await;
            let seen = payment(&house, &own).await;
            let users = house.office.users().await.unwrap();
            let bob = users.iter().find(|user| user.name == "bob").unwrap();
            let change = UserChange {
                is_disabled: Some(true),
                ..UserChange::default()
            };
            let by = house.office.by("cli:test");
            house.office.change_user(by, bob.id, change).await.unwrap();
            // From here on, waiting takes no time.
            tokio::time::pause();
            (seen, unseen)
        });
        assert_eq!(page.headers["x-accel-buffering"], "no");
        assert!(
            page.text.contains(&format!("\"number\":\"{seen}\"")),
            "{}",
            page.text
        );
        assert!(page.text.contains("event: payment") && !page.text.contains(&unseen));
        assert_eq!(open_streams(), 0);
    }
}
