//! Rates: which goes before which, what is asked of the market, and what is kept on the payment.

use std::sync::Arc;

use rust_decimal::Decimal;

use super::rig::Rig;
use crate::ambient::{Clock as _, SimulatedClock};
use crate::domain::asset::{Asset, Currency};
use crate::domain::money::{BaseUnits, Fiat, FiatAmount};
use crate::domain::network::{Mode, NetworkId};
use crate::domain::shop::Rules;
use crate::engine::Engine;
use crate::engine::gateway::{Caller, CreateRequest, Gateway, GatewayError, Idempotency};
use crate::engine::quote::{Rates, Terms, Unquotable};
use crate::rates::fakes::{World, market_of_two};
use crate::store::Txn;
use crate::store::store_rates::{self, StoreRate};

const PRICES_A: &str = r#"{"USDT": {"USD": 0.9990, "EUR": "0.9200"}, "USD": {"EUR": "0.9200"}}"#;
const PRICES_B: &str = r#"{"USDT": {"USD": 1.0010, "EUR": "0.9210"}, "USD": {"EUR": "0.9220"}}"#;

/// A rig whose live rates are the market's; the test's stay.
struct Quoting {
    rig: Rig,
    world: Arc<World>,
}

impl Quoting {
    async fn new(rules: Rules) -> Self {
        let rig = Rig::new(3, rules).await;
        let world = Arc::new(World::default());
        let mut quoting = Self { rig, world };
        let market = market_of_two(
            &quoting.world,
            &quoting.rig.clock,
            &["USDT", "USD"],
            &["USD", "EUR"],
        );
        quoting.set_rates(Rates {
            live: Default::default(),
            market: Some(Arc::new(market)),
            ..quoting.rig.engine.rates.clone()
        });
        quoting
    }

    fn set_rates(&mut self, rates: Rates) {
        let old = &self.rig.engine;
        self.rig.engine = Arc::new(Engine::new(
            old.database.clone(),
            old.registry.clone(),
            old.watched.clone(),
            rates,
            self.rig.clock.clone(),
            old.random.clone(),
        ));
        self.rig.gateway = Gateway::new(self.rig.engine.clone());
    }

    fn answers(&self) {
        self.world.says("a.example", PRICES_A);
        self.world.says("b.example", PRICES_B);
    }

    async fn fix(&self, symbol: &str, fiat: Fiat, rate: &str) {
        let rate = StoreRate {
            shop: self.rig.caller.shop.id,
            symbol: symbol.to_owned(),
            fiat,
            rate: rate.parse().unwrap(),
        };
        let database = &self.rig.engine.database;
        let written = database.write(move |txn: &Txn<'_>| store_rates::set(txn, &rate));
        written.await.unwrap();
    }

    fn request(&self, currency: Fiat, minor: u64) -> CreateRequest {
        CreateRequest {
            price: FiatAmount { currency, minor }.into(),
            ..self.rig.request()
        }
    }

    /// What is due, the rate and its source.
    async fn made(&self, request: CreateRequest) -> (u128, Decimal, String) {
        let created = self.rig.gateway.create(&self.rig.caller, request).await.unwrap();
        let ask = created.view.payment.ask.unwrap();
        (ask.due.get(), ask.rate, ask.rate_source)
    }
}

fn with_markup(markup_bps: i32) -> Rules {
    Rules {
        markup_bps,
        ..Rules::default()
    }
}

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn usdt(clock: &SimulatedClock) -> Asset {
    assert!(clock.now().get() > 0);
    Asset {
        network: NetworkId::parse("bsc").unwrap(),
        currency: Currency::parse("usdt").unwrap(),
        symbol: "USDT".into(),
        decimals: 6,
        quote_decimals: 6,
        contract: None,
    }
}

#[tokio::test]
async fn a_payment_is_quoted_by_the_market_and_says_by_whom() {
    let quoting = Quoting::new(with_markup(50)).await;
    quoting.answers();
    let (due, rate, source) = quoting.made(quoting.request(Fiat::Usd, 5000)).await;
    assert_eq!((due, rate), (50_250_000, Decimal::ONE));
    assert_eq!(source, "median of a 0.999, b 1.001; markup 50 bps");
    let (due, rate, source) = quoting.made(quoting.request(Fiat::Eur, 4605)).await;
    assert_eq!((due, rate), (50_277_295, decimal("0.9205")));
    assert_eq!(source, "median of a 0.92, b 0.921; markup 50 bps");
}

#[tokio::test]
async fn without_two_sources_a_payment_is_refused_with_what_to_do() {
    let quoting = Quoting::new(Rules::default()).await;
    quoting.world.says("a.example", PRICES_A);
    let refused = quoting.rig.refused().await;
    assert!(matches!(refused, GatewayError::NoRate { .. }));
    assert_eq!(
        refused.to_string(),
        "no exchange rate for USDT in USD: only a has a fresh rate of USDT in USD, and two have to agree; retry shortly, \
         see `payd rates`, or set one with `payd store rate set` or under [rates.fixed] in the configuration"
    );
}

#[tokio::test]
async fn a_rate_that_the_store_fixed_goes_before_all_others_and_asks_nobody() {
    let mut quoting = Quoting::new(with_markup(-100)).await;
    quoting.fix("USDT", Fiat::Usd, "2").await;
    let (due, rate, source) = quoting.made(quoting.request(Fiat::Usd, 5000)).await;
    assert_eq!((due, rate), (24_750_000, Decimal::TWO));
    assert_eq!(source, "fixed by the store; markup -100 bps");
    let mut rates = quoting.rig.engine.rates.clone();
    rates.live.insert(("USDT".to_owned(), Fiat::Usd), Decimal::ONE);
    quoting.set_rates(rates);
    assert_eq!(
        quoting.made(quoting.request(Fiat::Usd, 5000)).await.1,
        Decimal::TWO
    );
    assert_eq!(quoting.world.take_asked(), Vec::<String>::new());
}

#[tokio::test]
async fn fixed_rates_alone_never_touch_the_network() {
    let mut quoting = Quoting::new(Rules::default()).await;
    let mut rates = quoting.rig.engine.rates.clone();
    rates.live.insert(("USDT".to_owned(), Fiat::Usd), Decimal::ONE);
    quoting.set_rates(rates);
    let (due, _, source) = quoting.made(quoting.request(Fiat::Usd, 5000)).await;
    assert_eq!((due, source.as_str()), (50_000_000, "fixed"));
    let test = Caller {
        mode: Mode::Test,
        ..quoting.rig.caller.clone()
    };
    let made = quoting.rig.gateway.create(&test, quoting.rig.request()).await;
    // A test payment is quoted; whether it finds an address is another matter.
    assert!(!matches!(made, Err(GatewayError::NoRate { .. })));
    assert_eq!(quoting.world.take_asked(), Vec::<String>::new());
}

#[tokio::test]
async fn what_is_fixed_in_dollars_is_quoted_elsewhere_by_the_markets_dollar() {
    let mut quoting = Quoting::new(Rules::default()).await;
    quoting.answers();
    let mut rates = quoting.rig.engine.rates.clone();
    rates.live.insert(("USDT".to_owned(), Fiat::Usd), decimal("1.10"));
    quoting.set_rates(rates);
    let (_, rate, source) = quoting.made(quoting.request(Fiat::Eur, 5000)).await;
    assert_eq!(rate, decimal("1.0131"));
    assert_eq!(source, "fixed 1.1 USD; USD by median of a 0.92, b 0.922");
}

#[tokio::test]
async fn test_payments_have_no_part_in_the_market() {
    let quoting = Quoting::new(Rules::default()).await;
    quoting.answers();
    let rates = &quoting.rig.engine.rates;
    let asset = usdt(&quoting.rig.clock);
    let quoted = rates.of(Mode::Test, &asset, Fiat::Usd, Terms::default()).await;
    assert_eq!(quoted.unwrap().source, "test");
    let refused = rates.of(Mode::Test, &asset, Fiat::Eur, Terms::default()).await;
    assert_eq!(refused, Err(Unquotable::NotSet));
    assert_eq!(quoting.world.take_asked(), Vec::<String>::new());
}

#[tokio::test]
async fn a_repeated_call_gets_its_payment_also_when_the_market_is_gone() {
    let quoting = Quoting::new(Rules::default()).await;
    quoting.answers();
    let request = CreateRequest {
        idempotency: Some(Idempotency {
            key: "order-1".to_owned(),
            body_hash: [7; 32],
        }),
        ..quoting.rig.request()
    };
    let create = |request| quoting.rig.gateway.create(&quoting.rig.caller, request);
    let first = create(request.clone()).await.unwrap();
    quoting.rig.clock.advance(std::time::Duration::from_secs(3600));
    quoting.world.says("a.example", "<html>");
    quoting.world.says("b.example", "<html>");
    let again = create(request.clone()).await.unwrap();
    assert!(again.replayed);
    assert_eq!(again.view.payment.number, first.view.payment.number);
    let other = CreateRequest {
        idempotency: Some(Idempotency {
            key: "order-1".to_owned(),
            body_hash: [8; 32],
        }),
        ..request.clone()
    };
    assert!(matches!(
        create(other).await,
        Err(GatewayError::IdempotencyConflict)
    ));
    let fresh = CreateRequest {
        idempotency: None,
        ..request
    };
    assert!(matches!(create(fresh).await, Err(GatewayError::NoRate { .. })));
}

#[tokio::test]
async fn a_value_in_dollars_is_known_without_asking_or_not_at_all() {
    let quoting = Quoting::new(Rules::default()).await;
    let rates = &quoting.rig.engine.rates;
    let asset = usdt(&quoting.rig.clock);
    let amount = BaseUnits::new(50_000_001);
    assert_eq!(rates.usd_value(Mode::Live, &asset, amount), None);
    assert_eq!(rates.usd_value(Mode::Test, &asset, amount), Some(5001));
    assert_eq!(quoting.world.take_asked(), Vec::<String>::new());
    quoting.answers();
    quoting.made(quoting.request(Fiat::Eur, 5000)).await;
    assert_eq!(rates.usd_value(Mode::Live, &asset, amount), Some(5001));
    let euros = FiatAmount {
        currency: Fiat::Eur,
        minor: 1,
    };
    assert_eq!(
        rates.usd_value_of(Mode::Live, &euros.into(), &asset, amount),
        Some(5001)
    );
    let dollars = FiatAmount {
        currency: Fiat::Usd,
        minor: 7,
    };
    assert_eq!(
        rates.usd_value_of(Mode::Live, &dollars.into(), &asset, amount),
        Some(7)
    );
}

#[tokio::test]
async fn who_may_not_wait_gets_a_rate_once_the_market_is_known() {
    let mut quoting = Quoting::new(Rules::default()).await;
    quoting.answers();
    let asset = usdt(&quoting.rig.clock);
    let terms = Terms {
        markup_bps: 50,
        ..Terms::default()
    };
    let at_once = |quoting: &Quoting, fiat| {
        let rates = &quoting.rig.engine.rates;
        rates.at_once(Mode::Live, &asset, fiat, terms)
    };
    assert_eq!(at_once(&quoting, Fiat::Eur), None);
    assert_eq!(quoting.world.take_asked(), Vec::<String>::new());
    quoting.made(quoting.request(Fiat::Eur, 5000)).await;
    let rate = at_once(&quoting, Fiat::Eur).unwrap();
    assert_eq!(rate.source, "median of a 0.92, b 0.921; markup 50 bps");
    let mut rates = quoting.rig.engine.rates.clone();
    rates.live.insert(("USDT".to_owned(), Fiat::Usd), Decimal::TWO);
    quoting.set_rates(rates);
    assert_eq!(at_once(&quoting, Fiat::Eur).unwrap().price, decimal("1.842"));
    assert_eq!(
        at_once(&quoting, Fiat::Usd).unwrap().source,
        "fixed; markup 50 bps"
    );
}
