//! An engine that does what a test tells it, for tests of what the APIs make of requests and answers.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use super::Payments;
use crate::domain::asset::{Asset, Currency, Means};
use crate::domain::ids::{PaymentCode, PaymentId, PaymentNumber, PaymentToken, PaymentUuid, ShopId};
use crate::domain::money::{BaseUnits, Fiat, FiatAmount};
use crate::domain::network::{Family, Mode, Network, NetworkId};
use crate::domain::payment::{Ask, Order, Origin, Payment, Progress};
use crate::domain::price::Price;
use crate::domain::shop::{Dialect, Rules, Shop};
use crate::domain::status::Status;
use crate::domain::time::UnixMillis;
use crate::engine::gateway::{Caller, Chosen, CreateRequest, Created, GatewayError, PaymentView, ShopName};

/// The one key that is known.
pub(crate) const KEY: &str = "pk_00112233445566778899aabbccddeeff";

/// The one payment that is known.
pub(crate) const NUMBER: &str = "PAY-2026-000123";

/// What the engine is told to do.
pub(crate) enum Does {
    /// Answers, from an earlier call when `replayed`.
    Answers { replayed: bool },
    /// Refuses every call.
    Refuses(fn() -> GatewayError),
    /// Panics.
    Panics,
    /// Never answers.
    Hangs,
}

/// The engine.
pub(crate) struct FakeEngine {
    pub(crate) does: Does,
    /// Every create call that came through.
    pub(crate) created: Mutex<Vec<CreateRequest>>,
    /// How many keys were looked up.
    pub(crate) looked_up: AtomicUsize,
}

impl FakeEngine {
    pub(crate) fn new(does: Does) -> Arc<Self> {
        Arc::new(Self {
            does,
            created: Mutex::default(),
            looked_up: AtomicUsize::new(0),
        })
    }

    async fn act(&self) -> Result<(), GatewayError> {
        match self.does {
            Does::Answers { .. } => Ok(()),
            Does::Refuses(error) => Err(error()),
            Does::Panics => panic!("told to"),
            Does::Hangs => std::future::pending().await,
        }
    }

    async fn known(&self, name: &ShopName) -> Result<PaymentView, GatewayError> {
        self.act().await?;
        if matches!(name, ShopName::Number(number) if number.as_str() == NUMBER) {
            Ok(view(Order::default()))
        } else {
            Err(GatewayError::NotFound)
        }
    }
}

impl Payments for FakeEngine {
    fn authenticate<'a>(
        &'a self,
        api_key: &'a str,
        _: Option<std::net::IpAddr>,
    ) -> BoxFuture<'a, Result<Caller, GatewayError>> {
        async move {
            self.looked_up.fetch_add(1, Ordering::Relaxed);
            match api_key {
                KEY => Ok(caller()),
                _ => Err(GatewayError::Unauthorized),
            }
        }
        .boxed()
    }

    fn check_asset(&self, _caller: &Caller, network: &str, currency: &str) -> Result<(), GatewayError> {
        if network != "bsc" {
            return Err(GatewayError::UnknownNetwork { known: "bsc".into() });
        }
        if currency != "usdt" {
            return Err(GatewayError::UnknownCurrency {
                network: network.into(),
                known: "usdt".into(),
            });
        }
        Ok(())
    }

    fn create<'a>(
        &'a self,
        _caller: &'a Caller,
        request: CreateRequest,
    ) -> BoxFuture<'a, Result<Created, GatewayError>> {
        async move {
            self.act().await?;
            let view = view(request.order.clone());
            self.created.lock().unwrap().push(request);
            let replayed = matches!(self.does, Does::Answers { replayed: true });
            Ok(Created { view, replayed })
        }
        .boxed()
    }

    fn payment<'a>(
        &'a self,
        _caller: &'a Caller,
        name: &'a ShopName,
    ) -> BoxFuture<'a, Result<PaymentView, GatewayError>> {
        self.known(name).boxed()
    }

    fn cancel<'a>(
        &'a self,
        _caller: &'a Caller,
        name: &'a ShopName,
    ) -> BoxFuture<'a, Result<PaymentView, GatewayError>> {
        async move {
            let mut view = self.known(name).await?;
            view.payment.status = Status::Cancelled;
            Ok(view)
        }
        .boxed()
    }
}

fn shop() -> Arc<Shop> {
    Arc::new(Shop {
        id: ShopId::new(1),
        name: "Gold".into(),
        dialect: Dialect::Payhook,
        website: None,
        rules: Rules::default(),
        mode: Mode::Live,
        disabled_at: None,
        language: None,
        fiat: Fiat::Usd,
        brand: crate::domain::brand::Brand::default(),
        created_at: UnixMillis::new(0),
    })
}

fn caller() -> Caller {
    Caller {
        shop: shop(),
        mode: Mode::Live,
        key: None,
    }
}

/// The payment of the page's example.
pub(crate) fn view(order: Order) -> PaymentView {
    let network = NetworkId::parse("bsc").unwrap();
    let currency = Currency::parse("usdt").unwrap();
    let ask = Ask {
        network: network.clone(),
        currency: currency.clone(),
        address: "0x742d35Cc6634C0532925a3b844Bc9e7595f7E5a3".into(),
        way: crate::domain::wallet::Way::Pool,
        quoted: BaseUnits::new(50_000_000_000_000_000_000),
        due: BaseUnits::new(50_000_000_000_000_000_000),
        required: BaseUnits::new(50_000_000_000_000_000_000),
        confirmations: 15,
        rate: 1.into(),
        rate_source: "fixed".into(),
    };
    let payment = Payment {
        id: PaymentId::new(7),
        shop: ShopId::new(1),
        number: PaymentNumber::parse(NUMBER).unwrap(),
        token: PaymentToken::from_random([0xa8; 32]),
        mode: Mode::Live,
        status: Status::Pending,
        uuid: PaymentUuid::from_random([0xa8; 16]),
        code: PaymentCode::new(123).unwrap(),
        origin: Origin::Api,
        key: None,
        price: Price::Fiat(FiatAmount {
            currency: Fiat::Usd,
            minor: 5000,
        }),
        usd_cents: Some(5000),
        ask: Some(ask.clone()),
        order,
        progress: Progress::default(),
        // 2026-05-24T11:35:00Z; what is below a second is not shown.
        created_at: UnixMillis::new(1_779_622_500_999),
        asked_at: Some(UnixMillis::new(1_779_622_500_999)),
        expires_at: UnixMillis::new(1_779_624_300_999),
        confirmed_at: None,
    };
    PaymentView {
        payment,
        shop: shop(),
        price_asset: None,
        chosen: Some(Chosen {
            ask,
            means: Means {
                network: Arc::new(bsc(network.clone())),
                asset: Arc::new(Asset {
                    network,
                    currency,
                    symbol: "USDT".into(),
                    decimals: 18,
                    quote_decimals: 6,
                    contract: None,
                }),
                code: "USDT_BEP20".to_owned(),
            },
        }),
        confirmations: 0,
    }
}

fn bsc(id: NetworkId) -> Network {
    Network {
        id,
        slug: "bsc".into(),
        name: "BNB Smart Chain".into(),
        mode: Mode::Live,
        family: Family::Evm { chain_id: 56 },
        confirmations: crate::domain::confirmations::Tiers::flat(15),
        final_depth: 200,
        block_time: Duration::from_millis(750),
        timestamp_slack: Duration::from_secs(60),
    }
}
