//! A payment's changes as server-sent events: a small snapshot at once and after every change, until the payment
//! is final. The number of open streams is bounded; who gets none polls instead.

use std::collections::HashMap;
use std::convert::Infallible;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

use super::view::Snapshot;
use super::{CheckoutState, problem};
use crate::domain::ids::PaymentId;
use crate::domain::time::UnixMillis;
use crate::engine::gateway::{GatewayError, PaymentView, PublicName};
use crate::web::limits::ClientAddress;

/// Open streams over all payments.
const STREAMS_MAX: usize = 512;

/// Open streams of one payment: a customer with a few tabs, the shop, and no more.
const STREAMS_PER_PAYMENT_MAX: usize = 8;

/// Open streams of one visitor, unless it is near: behind one address of a proxy or of a company there are many.
const STREAMS_PER_CLIENT_MAX: usize = 32;

/// A stream is ended after this; the browser opens the next one by itself.
const STREAM_AGE_MAX: Duration = Duration::from_secs(60 * 60);

/// Confirmations grow and windows close without a change being told.
const LOOK_AGAIN_AFTER: Duration = Duration::from_secs(5);

/// Keeps proxies from cutting a quiet stream.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// When the browser should come back after a cut.
const RECONNECT_AFTER: Duration = Duration::from_secs(3);

/// The streams that are open.
#[derive(Debug, Clone, Default)]
pub struct OpenStreams(Arc<Mutex<Open>>);

#[derive(Debug, Default)]
struct Open {
    total: usize,
    of_payment: HashMap<PaymentId, usize>,
    of_client: HashMap<ClientAddress, usize>,
}

/// A place among the open streams, given back when dropped.
#[derive(Debug)]
pub(super) struct Place {
    streams: OpenStreams,
    payment: PaymentId,
    client: Option<ClientAddress>,
}

impl OpenStreams {
    /// Takes a place; `None` when all are taken, or as many as one payment or one visitor may have.
    pub(super) fn enter(&self, payment: PaymentId, client: ClientAddress) -> Option<Place> {
        let client = (!client.is_near()).then_some(client);
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let of_payment = open.of_payment.get(&payment).copied().unwrap_or(0);
        let of_client = client.and_then(|client| open.of_client.get(&client).copied());
        if open.total >= STREAMS_MAX
            || of_payment >= STREAMS_PER_PAYMENT_MAX
            || of_client.unwrap_or(0) >= STREAMS_PER_CLIENT_MAX
        {
            return None;
        }
        open.total = open.total.saturating_add(1);
        open.of_payment.insert(payment, of_payment.saturating_add(1));
        if let Some(client) = client {
            let count = of_client.unwrap_or(0).saturating_add(1);
            open.of_client.insert(client, count);
        }
        Some(Place {
            streams: self.clone(),
            payment,
            client,
        })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.streams.0.lock().unwrap_or_else(PoisonError::into_inner);
        open.total = open.total.saturating_sub(1);
        give_back(&mut open.of_payment, &self.payment);
        if let Some(client) = &self.client {
            give_back(&mut open.of_client, client);
        }
    }
}

/// Counts one less, and forgets who has none.
fn give_back<K: Eq + Hash>(counts: &mut HashMap<K, usize>, of: &K) {
    match counts.get_mut(of) {
        Some(count) if *count > 1 => *count = count.saturating_sub(1),
        _ => {
            counts.remove(of);
        }
    }
}

/// One open stream.
struct Watch {
    state: CheckoutState,
    name: PublicName,
    payment: PaymentId,
    changes: Receiver<PaymentId>,
    opened_at: UnixMillis,
    sent: Option<String>,
    is_over: bool,
    _place: Place,
}

/// The stream of a payment whose existence the caller has checked. `changes` was subscribed to before `view` was
/// read, so that no change falls between.
pub(super) fn open(
    state: CheckoutState,
    changes: Receiver<PaymentId>,
    view: &PaymentView,
    client: ClientAddress,
) -> Response {
    let Some(place) = state.streams.enter(view.payment.id, client) else {
        return problem::no_place();
    };
    let watch = Watch {
        opened_at: state.clock.now(),
        name: PublicName::Token(view.payment.token.clone()),
        payment: view.payment.id,
        state,
        changes,
        sent: None,
        is_over: false,
        _place: place,
    };
    let stream = Sse::new(stream::unfold(watch, next)).keep_alive(KeepAlive::new().interval(HEARTBEAT));
    // Has nginx pass each event on at once.
    ([("x-accel-buffering", "no")], stream).into_response()
}

async fn next(mut watch: Watch) -> Option<(Result<Event, Infallible>, Watch)> {
    if watch.is_over || (watch.sent.is_some() && !watch.wait().await) {
        return None;
    }
    loop {
        match watch.state.payments.by_public_name(&watch.name).await {
            Ok(view) => {
                let snapshot = Snapshot::of(&view, watch.state.clock.now());
                let text = snapshot.to_json();
                if watch.sent.as_ref() != Some(&text) {
                    watch.is_over = snapshot.is_final;
                    watch.sent = Some(text.clone());
                    return Some((Ok(Event::default().retry(RECONNECT_AFTER).data(text)), watch));
                }
            }
            Err(GatewayError::Busy) => {}
            // The browser comes back and gets the reply that fits.
            Err(_) => return None,
        }
        if !watch.wait().await {
            return None;
        }
    }
}

impl Watch {
    /// Returns when the payment may have changed; `false` when the stream is to end.
    async fn wait(&mut self) -> bool {
        let goes_on = tokio::select! {
            () = self.state.stop.cancelled() => false,
            is_open = changed(&mut self.changes, self.payment) => is_open,
            () = self.state.clock.sleep(LOOK_AGAIN_AFTER) => true,
        };
        goes_on && self.state.clock.now().since(self.opened_at) < STREAM_AGE_MAX
    }
}

/// Returns when the payment may have changed; `false` when nothing will be told any more.
async fn changed(changes: &mut Receiver<PaymentId>, payment: PaymentId) -> bool {
    loop {
        match changes.recv().await {
            Ok(changed) if changed == payment => return true,
            Ok(_) => {}
            // What was missed may have been this payment's.
            Err(RecvError::Lagged(_)) => return true,
            Err(RecvError::Closed) => return false,
        }
    }
}
