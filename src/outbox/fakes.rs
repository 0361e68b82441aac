//! Stand-ins for tests: a payment to tell of, a format, a store in memory, endpoints that answer as told.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::future::BoxFuture;
use tokio::sync::watch;
use url::Url;
use zeroize::Zeroizing;

use super::delivery::{Attempt, DeliveryStore, Due, DueLimit, LedgerError, Loaded, Parcel, Target, Then};
use super::format::{Notice, Post, PostError, Sending, Verdict, WebhookFormat};
use super::transport::{Reply, SendError, Transport};
use crate::domain::asset::{Asset, Currency, Means};
use crate::domain::event::{Event, EventKind};
use crate::domain::ids::{
    DeliveryId, EndpointId, EventId, PaymentCode, PaymentId, PaymentNumber, PaymentToken, PaymentUuid, ShopId,
};
use crate::domain::money::{BaseUnits, Fiat, FiatAmount};
use crate::domain::network::{Family, Mode, Network, NetworkId};
use crate::domain::payment::{Ask, Order, Origin, Payment, Progress};
use crate::domain::price::Price;
use crate::domain::shop::Format;
use crate::domain::status::Status;
use crate::domain::time::UnixMillis;

/// 2026-05-24T11:35:00Z, when the payment of [`notice`] was made.
pub(crate) const CREATED: UnixMillis = UnixMillis::from_seconds(1_779_622_500);

/// 2026-05-24T11:40:05Z, when it was confirmed.
pub(crate) const CONFIRMED: UnixMillis = UnixMillis::from_seconds(1_779_622_805);

/// A payment of 50 USDT on BSC that was confirmed.
pub(crate) fn notice() -> Notice {
    let bsc = NetworkId::parse("bsc").unwrap();
    let usdt = Currency::parse("usdt").unwrap();
    let fifty = BaseUnits::new(50_000_000_000_000_000_000);
    Notice {
        event: Event {
            id: EventId::new(9),
            payment: PaymentId::new(5),
            kind: EventKind::Confirmed,
            at: CONFIRMED,
            status: Status::Paid,
            received: fifty,
            txid: "0xabc1".to_owned(),
            confirmations: 15,
        },
        payment: Payment {
            id: PaymentId::new(5),
            shop: ShopId::new(1),
            number: PaymentNumber::new(2026, 123),
            token: PaymentToken::from_random([0xab; 32]),
            mode: Mode::Live,
            status: Status::Paid,
            uuid: PaymentUuid::from_random([0xab; 16]),
            code: PaymentCode::new(123).unwrap(),
            origin: Origin::Api,
            key: None,
            price: Price::Fiat(FiatAmount {
                currency: Fiat::Usd,
                minor: 5000,
            }),
            usd_cents: Some(5000),
            ask: Some(Ask {
                network: bsc.clone(),
                currency: usdt.clone(),
                address: "0x742d35Cc6634C0532925a3b844Bc9e7595f7E5a3".into(),
                way: crate::domain::wallet::Way::Pool,
                quoted: fifty,
                due: fifty,
                required: fifty,
                confirmations: 15,
                rate: rust_decimal::Decimal::ONE,
                rate_source: "fixed".to_owned(),
            }),
            order: Order {
                external_id: "order-9837".to_owned(),
                customer_email: "kunde@example.com".to_owned(),
                description: "Gold plan".to_owned(),
                fail_url: String::new(),
                redirect_url: "https://merchant.example/orders/9837/thanks".to_owned(),
                metadata: "{ \"sku\":\"GOLD-PLAN\",\"n\":1.10, \"sku\":2 }".to_owned(),
            },
            progress: Progress::default(),
            created_at: CREATED,
            asked_at: Some(CREATED),
            expires_at: CREATED.plus(Duration::from_secs(1800)),
            confirmed_at: Some(CONFIRMED),
        },
        means: Some(Means {
            network: Arc::new(Network {
                id: bsc.clone(),
                slug: "bsc".into(),
                name: "BNB Smart Chain".into(),
                mode: Mode::Live,
                family: Family::Evm { chain_id: 56 },
                confirmations: crate::domain::confirmations::Tiers::flat(15),
                final_depth: 100,
                block_time: Duration::from_secs(1),
                timestamp_slack: Duration::from_secs(60),
            }),
            asset: Arc::new(Asset {
                network: bsc,
                currency: usdt,
                symbol: "USDT".into(),
                decimals: 18,
                quote_decimals: 6,
                contract: None,
            }),
            code: "USDT_BEP20".to_owned(),
        }),
        price_asset: None,
    }
}

/// A format with three attempts and short waits: 2xx received, 410 given up, the rest again.
pub(crate) struct PlainFormat;

impl WebhookFormat for PlainFormat {
    fn format(&self) -> Format {
        Format::Payhook
    }

    fn default_events(&self) -> &'static [EventKind] {
        EventKind::ALL
    }

    fn post(&self, notice: &Notice, sending: &Sending<'_>) -> Result<Post, PostError> {
        assert_ne!(
            notice.payment.order.external_id, "defect",
            "a defect in the format"
        );
        Ok(Post {
            headers: vec![
                ("x-delivery", sending.delivery.to_string()),
                ("x-sent-at", sending.now.get().to_string()),
            ],
            body: notice.event.kind.word().as_bytes().to_vec(),
        })
    }

    fn test_post(&self, sending: &Sending<'_>) -> Result<Post, PostError> {
        let headers = vec![("x-delivery", sending.delivery.to_string())];
        Ok(Post {
            headers,
            body: super::format::TEST_EVENT.as_bytes().to_vec(),
        })
    }

    fn verdict(&self, status: u16) -> Verdict {
        match status {
            200..=299 => Verdict::Received,
            410 => Verdict::GiveUp,
            _ => Verdict::Retry,
        }
    }

    fn timeout(&self) -> Duration {
        Duration::from_secs(10)
    }

    fn waits(&self) -> &'static [Duration] {
        const WAITS: &[Duration] = &[Duration::from_secs(30), Duration::from_secs(600)];
        WAITS
    }
}

/// A row of the store in memory.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub endpoint: EndpointId,
    pub state: &'static str,
    pub attempts: u32,
    pub next_attempt: UnixMillis,
    pub external_id: String,
    pub is_unreadable: bool,
}

#[derive(Default)]
pub(crate) struct Tables {
    pub urls: HashMap<EndpointId, String>,
    pub rows: BTreeMap<DeliveryId, Row>,
    pub attempts: Vec<Attempt>,
    pub latest: Option<UnixMillis>,
    /// While set, attempts are not taken.
    pub is_read_only: bool,
}

/// A [`DeliveryStore`] that holds its rows in memory, as the daemon's restart would find them in the database.
pub(crate) struct MemoryStore {
    pub tables: Mutex<Tables>,
    pub changed: watch::Sender<u64>,
}

impl MemoryStore {
    pub fn new() -> Arc<Self> {
        Arc::new(Self {
            tables: Mutex::default(),
            changed: watch::Sender::new(0),
        })
    }

    pub fn endpoint(&self, endpoint: i64) {
        let url = format!("http://e{endpoint}.example/hook?key=hidden");
        let mut tables = self.tables.lock().unwrap();
        tables.urls.insert(EndpointId::new(endpoint), url);
    }

    pub fn insert(&self, delivery: i64, endpoint: i64, due: UnixMillis) {
        let row = Row {
            endpoint: EndpointId::new(endpoint),
            state: "pending",
            attempts: 0,
            next_attempt: due,
            external_id: String::new(),
            is_unreadable: false,
        };
        self.endpoint(endpoint);
        let mut tables = self.tables.lock().unwrap();
        tables.rows.insert(DeliveryId::new(delivery), row);
    }

    pub fn row(&self, delivery: i64) -> Row {
        self.tables.lock().unwrap().rows[&DeliveryId::new(delivery)].clone()
    }

    /// Returns once `holds` does.
    pub async fn until(&self, holds: impl Fn(&Tables) -> bool) {
        let mut changed = self.changed.subscribe();
        let waiting = changed.wait_for(|_| holds(&self.tables.lock().unwrap()));
        let waited = tokio::time::timeout(Duration::from_secs(60), waiting).await;
        waited.expect("the awaited state did not come").unwrap();
    }
}

impl DeliveryStore for MemoryStore {
    fn due<'a>(
        &'a self,
        now: UnixMillis,
        skip: &'a [EndpointId],
        limit: DueLimit,
    ) -> BoxFuture<'a, Result<Vec<Due>, LedgerError>> {
        let tables = self.tables.lock().unwrap();
        let mut due: BTreeMap<EndpointId, Vec<(UnixMillis, DeliveryId)>> = BTreeMap::new();
        for (delivery, row) in &tables.rows {
            if row.state == "pending" && row.next_attempt <= now && !skip.contains(&row.endpoint) {
                due.entry(row.endpoint)
                    .or_default()
                    .push((row.next_attempt, *delivery));
            }
        }
        let mut found = Vec::new();
        for (endpoint, mut rows) in due.into_iter().take(limit.endpoints) {
            rows.sort_unstable();
            let first = rows.into_iter().take(limit.per_endpoint);
            found.extend(first.map(|(_, delivery)| Due { delivery, endpoint }));
        }
        Box::pin(async move { Ok(found) })
    }

    fn next_due_after(&self, now: UnixMillis) -> BoxFuture<'_, Result<Option<UnixMillis>, LedgerError>> {
        let tables = self.tables.lock().unwrap();
        let pending = tables.rows.values().filter(|row| row.state == "pending");
        let next = pending
            .map(|row| row.next_attempt)
            .filter(|next| *next > now)
            .min();
        Box::pin(async move { Ok(next) })
    }

    fn load<'a>(&'a self, deliveries: &'a [DeliveryId]) -> BoxFuture<'a, Result<Vec<Loaded>, LedgerError>> {
        let tables = self.tables.lock().unwrap();
        let loaded = deliveries.iter().map(|delivery| {
            let row = tables.rows[delivery].clone();
            if row.is_unreadable {
                return Err(LedgerError::Unreadable {
                    why: "its secret was altered".to_owned(),
                    attempts: row.attempts,
                });
            }
            let url = tables.urls[&row.endpoint].clone();
            let mut notice = notice();
            notice.payment.order.external_id = row.external_id;
            Ok((row.state == "pending").then_some(Parcel {
                target: Target {
                    endpoint: row.endpoint,
                    url,
                    format: Format::Payhook,
                    secret: Zeroizing::new("secret".to_owned()),
                },
                notice,
                attempts: row.attempts,
            }))
        });
        let loaded = loaded.collect();
        Box::pin(async move { Ok(loaded) })
    }

    fn record<'a>(&'a self, attempt: &'a Attempt) -> BoxFuture<'a, Result<(), LedgerError>> {
        Box::pin(async move {
            {
                let mut tables = self.tables.lock().unwrap();
                if tables.is_read_only {
                    return Err(LedgerError::Unavailable("disk full".into()));
                }
                tables.attempts.push(attempt.clone());
                let row = tables.rows.get_mut(&attempt.delivery).unwrap();
                row.attempts = row.attempts.saturating_add(1);
                match attempt.then {
                    Then::Delivered => row.state = "delivered",
                    Then::Again(at) => row.next_attempt = at,
                    Then::GivenUp => row.state = "failed",
                }
            }
            self.changed
                .send_modify(|changes| *changes = changes.saturating_add(1));
            Ok(())
        })
    }

    fn latest(&self) -> BoxFuture<'_, Result<Option<UnixMillis>, LedgerError>> {
        let latest = self.tables.lock().unwrap().latest;
        Box::pin(async move { Ok(latest) })
    }

    fn shift_earlier(&self, by: Duration) -> BoxFuture<'_, Result<(), LedgerError>> {
        for row in self.tables.lock().unwrap().rows.values_mut() {
            row.next_attempt = row.next_attempt.minus(by);
        }
        Box::pin(async { Ok(()) })
    }
}

/// What an endpoint does with a post.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Manner {
    /// Answers with this status.
    Status(u16),
    /// Answers 503 and asks for this many seconds.
    Busy(u64),
    /// Never answers.
    Hang,
    /// Does not listen.
    Refuse,
}

/// Endpoints by host name; those not told anything answer 200.
#[derive(Default)]
pub(crate) struct FakeEndpoints {
    pub manners: Mutex<HashMap<String, Manner>>,
    pub posts: Mutex<Vec<(String, Post)>>,
    pub arrived: tokio::sync::Notify,
}

impl FakeEndpoints {
    pub fn set(&self, endpoint: i64, manner: Manner) {
        let host = format!("e{endpoint}.example");
        self.manners.lock().unwrap().insert(host, manner);
    }

    /// The delivery ids that an endpoint got, in order.
    pub fn deliveries(&self, endpoint: i64) -> Vec<String> {
        let host = format!("e{endpoint}.example");
        let posts = self.posts.lock().unwrap();
        let of_host = posts.iter().filter(|(to, _)| *to == host);
        of_host.map(|(_, post)| post.headers[0].1.clone()).collect()
    }

    /// Returns once an endpoint got `count` posts.
    pub async fn until(&self, endpoint: i64, count: usize) {
        let waiting = async {
            while self.deliveries(endpoint).len() < count {
                self.arrived.notified().await;
            }
        };
        let waited = tokio::time::timeout(Duration::from_secs(60), waiting).await;
        waited.expect("the posts did not arrive");
    }
}

impl Transport for FakeEndpoints {
    fn send(&self, url: Url, post: Post) -> BoxFuture<'_, Result<Reply, SendError>> {
        let host = url.host_str().unwrap().to_owned();
        let manner = self.manners.lock().unwrap().get(&host).copied();
        self.posts.lock().unwrap().push((host, post));
        self.arrived.notify_one();
        let reply = |status, retry_after| Reply {
            status,
            retry_after,
            body: Box::pin(async { b"answer".to_vec() }),
        };
        Box::pin(async move {
            match manner.unwrap_or(Manner::Status(200)) {
                Manner::Status(status) => Ok(reply(status, None)),
                Manner::Busy(seconds) => Ok(reply(503, Some(seconds.to_string()))),
                Manner::Refuse => Err(SendError("connection refused".to_owned())),
                Manner::Hang => std::future::pending().await,
            }
        })
    }
}
