//! Payments in every state, for tests.

use std::sync::Arc;
use std::time::Duration;

use rust_decimal::Decimal;

use crate::domain::address::Address;
use crate::domain::asset::{Asset, Currency, Means};
use crate::domain::ids::{PaymentCode, PaymentId, PaymentNumber, PaymentToken, PaymentUuid, ShopId};
use crate::domain::money::{BaseUnits, Fiat, FiatAmount};
use crate::domain::network::{Bip, Family, Mode, Network, NetworkId};
use crate::domain::payment::{Ask, LatestTransfer, Order, Origin, Payment, Progress};
use crate::domain::price::Price;
use crate::domain::shop::{Dialect, Rules, Shop};
use crate::domain::status::Status;
use crate::domain::time::UnixMillis;
use crate::engine::gateway::{Chosen, PaymentView};

pub(super) const CREATED_AT: UnixMillis = UnixMillis::from_seconds(1_774_101_600);
pub(super) const WINDOW: Duration = Duration::from_secs(30 * 60);
pub(super) const TXID: &str = "0x8f4e1c5b7a9d2e3f60718293a4b5c6d7e8f9011223344556677889900aabbccd";
pub(super) const RECEIVER: &str = "0x742d35Cc6634C0532925a3b844Bc454e4438f44e";

pub(super) fn token() -> PaymentToken {
    PaymentToken::from_random([0xa8; 32])
}

/// A moment 19 seconds into the payment.
pub(super) fn early() -> UnixMillis {
    CREATED_AT.plus(Duration::from_secs(19))
}

pub(super) fn after_expiry() -> UnixMillis {
    CREATED_AT.plus(WINDOW).plus(Duration::from_secs(60))
}

fn network(slug: &str, name: &str, family: Family) -> Network {
    Network {
        id: NetworkId::parse(slug).unwrap(),
        slug: slug.into(),
        name: name.into(),
        mode: Mode::Live,
        family,
        confirmations: crate::domain::confirmations::Tiers::flat(15),
        final_depth: 64,
        block_time: block_time(family),
        timestamp_slack: Duration::ZERO,
    }
}

const fn block_time(family: Family) -> Duration {
    match family {
        Family::Bitcoin(_) => Duration::from_secs(600),
        Family::Litecoin(_) => Duration::from_secs(150),
        Family::Tron => Duration::from_secs(3),
        Family::Evm { .. } => Duration::from_millis(450),
    }
}

fn asset(slug: &str, symbol: &str, decimals: u8, quote_decimals: u8, contract: Option<Address>) -> Asset {
    let word = if contract.is_some() {
        symbol.to_lowercase()
    } else {
        Currency::NATIVE.to_owned()
    };
    Asset {
        network: NetworkId::parse(slug).unwrap(),
        currency: Currency::parse(&word).unwrap(),
        symbol: symbol.into(),
        decimals,
        quote_decimals,
        contract,
    }
}

/// 50 USDT on BNB Smart Chain, 18 decimals, nothing received.
pub(super) fn usdt_on_bsc() -> PaymentView {
    let family = Family::Evm { chain_id: 56 };
    let contract = Address::parse(family, "0x55d398326f99059fF775485246999027B3197955").unwrap();
    view(
        network("bsc", "BNB Smart Chain", family),
        asset("bsc", "USDT", 18, 6, Some(contract)),
        RECEIVER,
        "50",
        Decimal::ONE,
    )
}

pub(super) fn bnb_on_bsc() -> PaymentView {
    view(
        network("bsc", "BNB Smart Chain", Family::Evm { chain_id: 56 }),
        asset("bsc", "BNB", 18, 8, None),
        RECEIVER,
        "0.08163266",
        Decimal::new(61_250, 2),
    )
}

pub(super) fn usdt_on_tron() -> PaymentView {
    let contract = Address::parse(Family::Tron, "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t").unwrap();
    view(
        network("tron", "TRON", Family::Tron),
        asset("tron", "USDT", 6, 6, Some(contract)),
        "TXYZopYRdj2D9XRtbG411XZZ3kM5VkAeBf",
        "50",
        Decimal::ONE,
    )
}

pub(super) fn bitcoin() -> PaymentView {
    let mut view = view(
        network("bitcoin", "Bitcoin", Family::Bitcoin(Bip::Mainnet)),
        asset("bitcoin", "BTC", 8, 8, None),
        "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
        "0.00083214",
        Decimal::new(6_008_600, 2),
    );
    ask(&mut view, |ask| ask.confirmations = 2);
    view
}

/// 50.07 USDT on BNB Smart Chain at an address of many payments: the amount says whose money it is.
pub(super) fn shared_usdt_on_bsc() -> PaymentView {
    let mut view = usdt_on_bsc();
    ask(&mut view, |ask| {
        ask.way = crate::domain::wallet::Way::Shared;
        ask.due = BaseUnits::from_decimal("50.07", 18).unwrap();
        ask.required = ask.due;
    });
    view
}

/// Changes what a payment asks for, in both places where a view has it.
pub(super) fn ask(view: &mut PaymentView, change: impl Fn(&mut Ask)) {
    change(view.payment.ask_mut());
    change(&mut view.chosen.as_mut().unwrap().ask);
}

/// The payment with all of its money in the mempool, in no block yet.
pub(super) fn unmined(view: PaymentView, seen: &str) -> PaymentView {
    let mut view = with(view, Status::Confirming, seen, 0);
    if let Some(latest) = &mut view.payment.progress.latest {
        latest.height = None;
        latest.txid = TXID.trim_start_matches("0x").into();
    }
    view
}

pub(super) fn litecoin() -> PaymentView {
    view(
        network("litecoin", "Litecoin", Family::Litecoin(Bip::Mainnet)),
        asset("litecoin", "LTC", 8, 8, None),
        "ltc1qw508d6qejxtdg4y5r3zarvary0c5xw7kgmn4n9",
        "0.6",
        Decimal::new(8_334, 2),
    )
}

fn view(network: Network, asset: Asset, address: &str, due: &str, rate: Decimal) -> PaymentView {
    let due = BaseUnits::from_decimal(due, asset.decimals).unwrap();
    let payment = Payment {
        id: PaymentId::new(7),
        shop: ShopId::new(1),
        number: PaymentNumber::new(2026, 123),
        token: token(),
        mode: Mode::Live,
        status: Status::Pending,
        uuid: PaymentUuid::from_random([0xa8; 16]),
        code: PaymentCode::new(123).unwrap(),
        origin: Origin::Api,
        key: None,
        price: Price::Fiat(FiatAmount {
            currency: Fiat::Usd,
            minor: 5_000,
        }),
        usd_cents: Some(5_000),
        ask: Some(Ask {
            network: network.id.clone(),
            currency: asset.currency.clone(),
            address: address.into(),
            way: crate::domain::wallet::Way::Pool,
            quoted: due,
            due,
            required: due,
            confirmations: network.confirmations.highest(),
            rate,
            rate_source: "test".to_owned(),
        }),
        order: Order {
            external_id: "1042".to_owned(),
            customer_email: "ada@example.com".to_owned(),
            redirect_url: "https://shop.example/thanks?order=1042".to_owned(),
            metadata: r#"{"secret":"metadata-secret"}"#.to_owned(),
            ..Order::default()
        },
        progress: Progress::default(),
        created_at: CREATED_AT,
        asked_at: Some(CREATED_AT),
        expires_at: CREATED_AT.plus(WINDOW),
        confirmed_at: None,
    };
    let means = Means {
        network: Arc::new(network),
        code: asset.symbol.to_string(),
        asset: Arc::new(asset),
    };
    PaymentView {
        shop: Arc::new(shop()),
        price_asset: None,
        chosen: payment.ask.clone().map(|ask| Chosen { ask, means }),
        payment,
        confirmations: 0,
    }
}

fn shop() -> Shop {
    Shop {
        id: ShopId::new(1),
        name: "Northwind Coffee".to_owned(),
        dialect: Dialect::Payhook,
        website: None,
        rules: Rules::default(),
        mode: Mode::Live,
        disabled_at: None,
        language: None,
        fiat: Fiat::Usd,
        brand: crate::domain::brand::Brand::default(),
        created_at: UnixMillis::new(0),
    }
}

/// The payment with `status`, `seen` received and the latest transfer `confirmations` deep.
pub(super) fn with(mut view: PaymentView, status: Status, seen: &str, confirmations: u32) -> PaymentView {
    view.payment.status = status;
    view.payment.progress.seen =
        BaseUnits::from_decimal(seen, view.chosen.as_ref().unwrap().means.asset.decimals).unwrap();
    view.payment.progress.latest = (!view.payment.progress.seen.is_zero()).then(|| LatestTransfer {
        txid: TXID.into(),
        height: Some(100),
    });
    view.payment.confirmed_at = (status == Status::Paid).then(early);
    view.confirmations = confirmations;
    view
}

pub(super) fn as_test(mut view: PaymentView) -> PaymentView {
    view.payment.mode = Mode::Test;
    view
}
