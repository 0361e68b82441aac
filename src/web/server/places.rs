//! The places that connections take: so many in all, so many of one client. Where none is left, the connection that has
//! waited longest for a request gives up its own.

use std::collections::{BTreeMap, HashMap};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use hyper::body::{Frame, SizeHint};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::web::limits::ClientAddress;

/// The places of one listener.
#[derive(Clone)]
pub(super) struct Places(Arc<Shared>);

struct Shared {
    max: usize,
    per_client_max: usize,
    taken: Mutex<Taken>,
    /// Told when one may have become free.
    freed: Notify,
}

#[derive(Default)]
struct Taken {
    count: usize,
    /// Numbers connections and waits, in the order in which they begin.
    next: u64,
    /// Connections without a request under way, the longest waiting first.
    waiting: BTreeMap<u64, Waiting>,
    of_client: HashMap<ClientAddress, usize>,
}

struct Waiting {
    client: Option<ClientAddress>,
    end: CancellationToken,
}

/// Why a connection gets no place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoPlace {
    /// Its client has as many as one may, all with a request under way.
    OfClient,
    /// All are taken, all with a request under way: one becomes free sooner or later.
    Yet,
}

/// The place of one connection, given back when dropped.
pub(super) struct Place {
    shared: Arc<Shared>,
    client: Option<ClientAddress>,
    end: CancellationToken,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Since when it waits for a request, as the number of that wait; `None` while it has one.
    wait: Option<u64>,
    /// Requests whose answers are not sent yet: one as a rule, two where the next came before the answer was let go.
    under_way: usize,
}

/// A request that is under way. It ends when its answer is sent, or dropped.
pub(super) struct UnderWay(Arc<Place>);

impl Places {
    pub(super) fn new(max: usize, per_client_max: usize) -> Self {
        Self(Arc::new(Shared {
            max: max.max(1),
            per_client_max: per_client_max.max(1),
            taken: Mutex::default(),
            freed: Notify::new(),
        }))
    }

    /// Waits until there is a place, or one that can be made.
    pub(super) async fn free(&self) {
        loop {
            let freed = self.0.freed.notified();
            let is_one = {
                let taken = self.0.taken();
                taken.count < self.0.max || !taken.waiting.is_empty()
            };
            if is_one {
                return;
            }
            freed.await;
        }
    }

    /// Takes a place for a connection of `client`.
    ///
    /// # Errors
    /// [`NoPlace`].
    pub(super) fn take(&self, client: Option<ClientAddress>) -> Result<Place, NoPlace> {
        let mut taken = self.0.taken();
        let own = client.and_then(|client| taken.of_client.get(&client).copied());
        if own.unwrap_or(0) >= self.0.per_client_max {
            let of_client = |waiting: &Waiting| waiting.client == client;
            if !taken.end_longest_waiting(of_client) {
                return Err(NoPlace::OfClient);
            }
        } else if taken.count >= self.0.max && !taken.end_longest_waiting(|_| true) {
            return Err(NoPlace::Yet);
        }
        taken.count = taken.count.saturating_add(1);
        if let Some(client) = client {
            let own = taken.of_client.entry(client).or_default();
            *own = own.saturating_add(1);
        }
        let end = CancellationToken::new();
        let wait = taken.wait(client, end.clone());
        Ok(Place {
            shared: Arc::clone(&self.0),
            client,
            end,
            state: Mutex::new(State {
                wait: Some(wait),
                under_way: 0,
            }),
        })
    }
}

impl Shared {
    fn taken(&self) -> MutexGuard<'_, Taken> {
        // Every change is complete before anything can fail.
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Taken {
    fn wait(&mut self, client: Option<ClientAddress>, end: CancellationToken) -> u64 {
        let number = self.next;
        self.next = number.saturating_add(1);
        self.waiting.insert(number, Waiting { client, end });
        number
    }

    /// Ends the connection that has waited longest among those of which `is_one` holds; false where there is none. Its
    /// place is free once it is gone, which is soon: for that moment there is one more than there may be.
    fn end_longest_waiting(&mut self, is_one: impl Fn(&Waiting) -> bool) -> bool {
        let found = self.waiting.iter().find(|(_, waiting)| is_one(waiting));
        let Some(number) = found.map(|(number, _)| *number) else {
            return false;
        };
        if let Some(waiting) = self.waiting.remove(&number) {
            metrics::counter!("payd_http_connections_displaced_total").increment(1);
            waiting.end.cancel();
        }
        true
    }
}

impl Place {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A request has come.
    pub(super) fn begin(self: &Arc<Self>) -> UnderWay {
        let mut state = self.state();
        state.under_way = state.under_way.saturating_add(1);
        if let Some(number) = state.wait.take() {
            self.shared.taken().waiting.remove(&number);
        }
        UnderWay(Arc::clone(self))
    }

    /// Whether no request is under way.
    pub(super) fn is_waiting(&self) -> bool {
        self.state().under_way == 0
    }

    /// Returns when the connection is to give up its place.
    pub(super) async fn wanted_by_another(&self) {
        self.end.cancelled().await;
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let number = self.state().wait.take();
        let mut taken = self.shared.taken();
        if let Some(number) = number {
            taken.waiting.remove(&number);
        }
        taken.count = taken.count.saturating_sub(1);
        if let Some(client) = self.client {
            match taken.of_client.get_mut(&client) {
                Some(own) if *own > 1 => *own = own.saturating_sub(1),
                _ => {
                    taken.of_client.remove(&client);
                }
            }
        }
        drop(taken);
        self.shared.freed.notify_one();
    }
}

impl UnderWay {
    /// `body`, with the request under way until it has been handed over.
    pub(super) fn until_sent(self, body: Body) -> Body {
        Body::new(Sent {
            body,
            _under_way: self,
        })
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        let mut state = self.0.state();
        state.under_way = state.under_way.saturating_sub(1);
        if state.under_way == 0 {
            let number = self.0.shared.taken().wait(self.0.client, self.0.end.clone());
            state.wait = Some(number);
            self.0.shared.freed.notify_one();
        }
    }
}

/// An answer's body, unchanged.
struct Sent {
    body: Body,
    _under_way: UnderWay,
}

impl HttpBody for Sent {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
