//! Payments whose currency the customer chooses, and prices in crypto.

use std::time::Duration;

use crate::domain::asset::Currency;
use crate::domain::event::EventKind;
use crate::domain::money::{BaseUnits, Fiat, FiatAmount};
use crate::domain::network::{Mode, NetworkId};
use crate::domain::payment::Origin;
use crate::domain::price::Price;
use crate::domain::shop::Dialect;
use crate::domain::status::Status;
use crate::engine::gateway::{
    Caller, CreateRequest, GatewayError, Idempotency, PayWith, PaymentView, Scenario,
};
use crate::engine::stage::{Stage, StagedShop};
use crate::store::store_rates::StoreRate;
use crate::store::{events, store_rates};

const MINUTE: Duration = Duration::from_secs(60);

pub fn dollars(minor: u64) -> FiatAmount {
    FiatAmount {
        currency: Fiat::Usd,
        minor,
    }
}

/// So many whole TRC20 dollars, in test mode.
fn usdt(whole: u128) -> Price {
    Price::Asset {
        network: NetworkId::simulated("tron"),
        currency: Currency::parse("usdt").unwrap(),
        amount: BaseUnits::new(whole * 1_000_000),
    }
}

pub async fn set_up(codes: &[&str]) -> (Stage, StagedShop, Caller) {
    let stage = Stage::new();
    let shop = stage.shop(Dialect::Soko).await;
    stage.accept(&shop, codes).await;
    let caller = stage.gateway.authenticate(&shop.test.key, None).await.unwrap();
    (stage, shop, caller)
}

pub async fn make(stage: &Stage, caller: &Caller, price: impl Into<Price>) -> PaymentView {
    let request = CreateRequest::new(price, PayWith::Accepted);
    stage.gateway.create(caller, request).await.unwrap().view
}

async fn now(stage: &Stage, view: &PaymentView) -> PaymentView {
    stage.gateway.by_public_name(&view.payment.token).await.unwrap()
}

async fn offered(stage: &Stage, view: &PaymentView) -> Vec<(String, Option<String>)> {
    let choices = stage.gateway.choices(view).await.unwrap();
    let shown = choices.into_iter().map(|choice| {
        let asset = choice.means.asset;
        (choice.means.code, choice.amount.map(|amount| asset.show(amount)))
    });
    shown.collect()
}

async fn events_of(stage: &Stage, view: &PaymentView) -> Vec<EventKind> {
    let id = view.payment.id;
    let events = stage.engine.database.read(move |txn| events::of_payment(txn, id));
    events.await.unwrap().iter().map(|event| event.kind).collect()
}

fn shown(view: &PaymentView) -> String {
    let chosen = view.asked().unwrap();
    format!(
        "{} {}",
        chosen.means.asset.show(chosen.ask.due),
        chosen.means.code
    )
}

#[tokio::test]
async fn a_store_that_accepts_one_currency_asks_for_it_at_once() {
    let (stage, _, caller) = set_up(&["USDT_TRC20"]).await;
    let view = make(&stage, &caller, dollars(5000)).await;
    assert_eq!(view.payment.status, Status::Pending);
    assert_eq!(shown(&view), "50.000000 USDT_TRC20");
}

#[tokio::test]
async fn a_test_key_of_a_store_with_nothing_set_takes_what_every_api_knows() {
    let (stage, _, caller) = set_up(&[]).await;
    let view = make(&stage, &caller, dollars(100)).await;
    assert_eq!(shown(&view), "1.000000 USDT_TRC20");
}

#[tokio::test]
async fn the_customer_chooses_and_is_told_what_to_pay_from_then_on() {
    let (mut stage, _, caller) = set_up(&["USDT_TRC20", "BTC", "TRX"]).await;
    let view = make(&stage, &caller, dollars(9750)).await;
    assert_eq!(view.payment.status, Status::Selecting);
    assert!(view.asked().is_none() && view.remaining().is_zero());
    let amount = |text: &str| Some(text.to_owned());
    assert_eq!(
        offered(&stage, &view).await,
        [
            ("USDT_TRC20".to_owned(), amount("97.500000")),
            ("BTC".to_owned(), amount("0.00100000")),
            ("TRX".to_owned(), None),
        ],
        "in the store's order, without an amount where nobody knows the rate"
    );

    stage.clock.advance(MINUTE * 10);
    let chosen = stage.gateway.choose(&view.payment.token, "btc").await.unwrap();
    assert_eq!(chosen.payment.status, Status::Pending);
    assert_eq!(shown(&chosen), "0.00100000 BTC");
    assert_eq!(chosen.payment.id, view.payment.id, "the payment it was");
    let window = caller.shop.rules.window;
    assert_eq!(
        chosen.payment.expires_at,
        stage.now().plus(window),
        "the whole window to pay in"
    );
    assert_eq!(
        events_of(&stage, &view).await,
        [EventKind::Created, EventKind::Pending]
    );

    stage.play(&chosen, Scenario::Exact, MINUTE).await;
    assert_eq!(now(&stage, &view).await.payment.status, Status::Paid);
}

#[tokio::test]
async fn who_chooses_twice_or_at_once_in_two_tabs_gets_what_was_chosen_first() {
    let (stage, _, caller) = set_up(&["USDT_TRC20", "BTC"]).await;
    let view = make(&stage, &caller, dollars(9750)).await;
    let token = &view.payment.token;
    let (one, other) = tokio::join!(
        stage.gateway.choose(token, "USDT_TRC20"),
        stage.gateway.choose(token, "BTC")
    );
    let (one, other) = (one.unwrap(), other.unwrap());
    assert_eq!(shown(&one), shown(&other));
    let again = stage.gateway.choose(token, "BTC").await.unwrap();
    assert_eq!(shown(&again), shown(&one));
    assert_eq!(
        events_of(&stage, &view).await,
        [EventKind::Created, EventKind::Pending]
    );
}

#[tokio::test]
async fn what_the_store_does_not_accept_cannot_be_chosen_nor_what_cannot_be_quoted() {
    let (stage, _, caller) = set_up(&["USDT_TRC20", "BTC", "TRX"]).await;
    let view = make(&stage, &caller, dollars(100)).await;
    let token = &view.payment.token;
    for code in ["LTC", "", "usdt", "USDT_TRC20 "] {
        let refused = stage.gateway.choose(token, code).await;
        assert!(matches!(refused, Err(GatewayError::NotAccepted { .. })), "{code}");
    }
    let refused = stage.gateway.choose(token, "TRX").await;
    assert!(matches!(refused, Err(GatewayError::NoRate { .. })));
    assert_eq!(
        now(&stage, &view).await.payment.status,
        Status::Selecting,
        "still to be chosen"
    );
}

#[tokio::test]
async fn nothing_is_chosen_once_the_time_is_up_and_the_shop_is_told() {
    let (mut stage, _, caller) = set_up(&["USDT_TRC20", "BTC"]).await;
    let view = make(&stage, &caller, dollars(100)).await;
    stage.clock.advance(caller.shop.rules.window + MINUTE);
    let late = stage.gateway.choose(&view.payment.token, "BTC").await.unwrap();
    assert!(late.asked().is_none(), "also before anybody has looked");
    stage.pass(MINUTE).await;
    assert_eq!(now(&stage, &view).await.payment.status, Status::Expired);
    assert_eq!(
        events_of(&stage, &view).await,
        [EventKind::Created, EventKind::Expired]
    );
}

#[tokio::test]
async fn what_nobody_has_chosen_yet_can_be_cancelled() {
    let (stage, _, caller) = set_up(&["USDT_TRC20", "BTC"]).await;
    let view = make(&stage, &caller, dollars(100)).await;
    let cancelled = stage.gateway.cancel(&caller, &view.payment.number).await.unwrap();
    assert_eq!(cancelled.payment.status, Status::Cancelled);
    let late = stage.gateway.choose(&view.payment.token, "BTC").await.unwrap();
    assert_eq!(late.payment.status, Status::Cancelled);
}

#[tokio::test]
async fn a_choice_that_has_no_amount_left_waits_for_its_turn() {
    let (mut stage, shop, caller) = set_up(&["USDT_TRC20", "BTC"]).await;
    stage.share(&shop, "tron", 1).await;
    stage
        .change(&shop, |shop| shop.rules.cool_down = Duration::ZERO)
        .await;
    let caller = Caller {
        shop: now(&stage, &make(&stage, &caller, dollars(1)).await).await.shop,
        ..caller
    };
    let first = make(&stage, &caller, dollars(100)).await;
    let second = make(&stage, &caller, dollars(100)).await;
    let choose = |view: &PaymentView| {
        let (gateway, token) = (stage.gateway.clone(), view.payment.token.clone());
        async move { gateway.choose(&token, "USDT_TRC20").await.unwrap() }
    };
    let (first, second) = (choose(&first).await, choose(&second).await);
    assert_eq!(
        (first.payment.status, second.payment.status),
        (Status::Pending, Status::Queued)
    );
    assert!(second.asked().is_none());
    assert_eq!(
        events_of(&stage, &second).await,
        [EventKind::Created],
        "nothing new to tell"
    );
    stage
        .gateway
        .cancel(&caller, &first.payment.number)
        .await
        .unwrap();
    stage.pass(MINUTE * 10).await;
    let served = now(&stage, &second).await;
    assert_eq!(served.payment.status, Status::Pending);
    assert_eq!(shown(&served), "1.000000 USDT_TRC20");
}

#[tokio::test]
async fn a_price_in_an_asset_is_asked_for_as_it_is_there_and_by_what_it_costs_in_others() {
    let (stage, _, caller) = set_up(&["USDT_TRC20", "USDT_BEP20", "BTC", "ETH"]).await;
    let view = make(&stage, &caller, usdt(100)).await;
    let unit = view.price_asset.as_ref().map(|asset| asset.symbol.to_string());
    assert_eq!(unit.as_deref(), Some("USDT"));
    let offered: Vec<String> = offered(&stage, &view)
        .await
        .into_iter()
        .filter_map(|(_, amount)| amount)
        .collect();
    assert_eq!(
        offered,
        ["100.000000", "100.000000", "0.00102565", "0.03125000"],
        "rounded up to the digits of a quote"
    );
    let chosen = stage.gateway.choose(&view.payment.token, "ETH").await.unwrap();
    assert_eq!(shown(&chosen), "0.03125000 ETH");
    assert_eq!(chosen.payment.usd_cents, Some(10_000));
}

#[tokio::test]
async fn a_markup_is_asked_for_where_there_is_a_rate_and_not_where_the_price_is_the_amount() {
    let (stage, shop, _) = set_up(&["USDT_TRC20", "BTC"]).await;
    stage.change(&shop, |shop| shop.rules.markup_bps = 100).await;
    let caller = stage.gateway.authenticate(&shop.test.key, None).await.unwrap();
    let view = make(&stage, &caller, usdt(97_500)).await;
    let offered: Vec<String> = offered(&stage, &view)
        .await
        .into_iter()
        .filter_map(|(_, amount)| amount)
        .collect();
    assert_eq!(offered, ["97500.000000", "1.01000000"]);
}

#[tokio::test]
async fn a_signed_request_is_taken_once_and_one_that_failed_is_not_used_up() {
    let (stage, _, caller) = set_up(&["USDT_TRC20"]).await;
    let request = |pay_with| CreateRequest {
        signature: Some([7; 32]),
        ..CreateRequest::new(dollars(100), pay_with)
    };
    let create = |pay_with| stage.gateway.create(&caller, request(pay_with));
    let refused = create(PayWith::asset("tron", "native")).await;
    assert!(matches!(refused, Err(GatewayError::NoRate { .. })));
    assert!(create(PayWith::Accepted).await.is_ok());
    let again = create(PayWith::Accepted).await;
    assert!(matches!(again, Err(GatewayError::SignatureUsed)));
}

/// Who chose late has an address, or an amount, that somebody who came later had and gave back in the meantime.
async fn chosen_after_another_had_the_place(is_shared: bool) {
    let (mut stage, shop, _) = set_up(&["USDT_TRC20", "BTC"]).await;
    if is_shared {
        stage.share(&shop, "tron", 1).await;
    }
    stage
        .change(&shop, |shop| shop.rules.cool_down = Duration::ZERO)
        .await;
    let caller = stage.gateway.authenticate(&shop.test.key, None).await.unwrap();
    let early = make(&stage, &caller, dollars(100)).await;
    let request = CreateRequest::new(dollars(100), PayWith::asset("tron", "usdt"));
    let other = stage.gateway.create(&caller, request).await.unwrap().view;
    stage
        .gateway
        .cancel(&caller, &other.payment.number)
        .await
        .unwrap();
    stage.pass(MINUTE * 10).await;
    let early = stage
        .gateway
        .choose(&early.payment.token, "USDT_TRC20")
        .await
        .unwrap();
    let address = |view: &PaymentView| view.payment.chosen().unwrap().address.clone();
    assert_eq!(address(&early), address(&other), "the place is the same");
    stage.play(&early, Scenario::Exact, MINUTE).await;
    assert_eq!(now(&stage, &early).await.payment.status, Status::Paid);
    assert!(now(&stage, &other).await.payment.progress.seen.is_zero());
}

#[tokio::test]
async fn money_is_the_payments_whose_customer_was_asked_last_and_not_the_one_that_was_made_last() {
    chosen_after_another_had_the_place(false).await;
}

#[tokio::test]
async fn an_amount_is_the_payments_whose_customer_was_asked_last_and_not_the_one_that_was_made_last() {
    chosen_after_another_had_the_place(true).await;
}

#[tokio::test]
async fn a_price_in_an_asset_that_the_store_fixed_is_worth_what_the_store_says() {
    let (stage, shop, caller) = set_up(&["USDT_TRC20", "BTC"]).await;
    let id = shop.id;
    let fix = |symbol: &'static str, rate: u32| {
        let rate = StoreRate {
            shop: id,
            symbol: symbol.to_owned(),
            fiat: Fiat::Usd,
            rate: rate.into(),
        };
        stage.write(move |txn| store_rates::set(txn, &rate))
    };
    fix("TRX", 2).await;
    fix("BTC", 100_000).await;
    let price = |slug: &str, amount: u128| Price::Asset {
        network: NetworkId::simulated(slug),
        currency: Currency::parse(Currency::NATIVE).unwrap(),
        amount: BaseUnits::new(amount),
    };
    for (price, shown) in [
        (price("tron", 50_000_000), "100.000000"),
        (price("bitcoin", 1_000_000), "1000.000000"),
    ] {
        let view = make(&stage, &caller, price).await;
        let (_, amount) = offered(&stage, &view).await.swap_remove(0);
        assert_eq!(amount.as_deref(), Some(shown));
        let chosen = stage
            .gateway
            .choose(&view.payment.token, "USDT_TRC20")
            .await
            .unwrap();
        assert_eq!(
            chosen
                .asked()
                .unwrap()
                .means
                .asset
                .show(chosen.asked().unwrap().ask.due),
            shown
        );
    }
}

#[tokio::test]
async fn nobody_is_asked_for_money_in_the_name_of_a_store_that_is_switched_off() {
    let (stage, shop, caller) = set_up(&["USDT_TRC20", "BTC"]).await;
    let request = |key: &str| CreateRequest {
        idempotency: Some(Idempotency {
            key: key.to_owned(),
            body_hash: [1; 32],
        }),
        ..CreateRequest::new(dollars(100), PayWith::asset("tron", "usdt"))
    };
    let made = stage.gateway.create(&caller, request("a")).await.unwrap().view;
    let selecting = make(&stage, &caller, dollars(100)).await;
    stage
        .change(&shop, |shop| shop.disabled_at = Some(shop.created_at))
        .await;
    let refused = stage.gateway.create(&caller, request("b")).await;
    assert!(matches!(refused, Err(GatewayError::Disabled)));
    let refused = stage.gateway.choose(&selecting.payment.token, "BTC").await;
    assert!(matches!(refused, Err(GatewayError::Disabled)));
    assert_eq!(now(&stage, &selecting).await.payment.status, Status::Selecting);
    let again = stage.gateway.create(&caller, request("a")).await.unwrap();
    assert_eq!((again.replayed, again.view.payment.id), (true, made.payment.id));
}

#[tokio::test]
async fn nobody_is_asked_for_real_money_in_the_name_of_a_store_in_test_mode() {
    let (stage, shop, caller) = set_up(&["USDT_TRC20", "BTC"]).await;
    stage.change(&shop, |shop| shop.mode = Mode::Test).await;
    for (mode, is_made) in [(Mode::Live, false), (Mode::Test, true)] {
        let caller = Caller {
            mode,
            ..caller.clone()
        };
        let request = CreateRequest::new(dollars(100), PayWith::asset("tron", "usdt"));
        match stage.gateway.create(&caller, request).await {
            Ok(_) => assert!(is_made),
            Err(error) => assert!(!is_made && matches!(error, GatewayError::NotOpen(_)), "{error}"),
        }
    }
}

#[tokio::test]
async fn a_gift_is_told_to_choose_something_else_rather_than_to_wait() {
    let (stage, shop, caller) = set_up(&["USDT_TRC20", "BTC"]).await;
    stage.share(&shop, "tron", 1).await;
    for (origin, status) in [
        (Origin::Donation, Status::Pending),
        (Origin::Donation, Status::Selecting),
    ] {
        let request = CreateRequest {
            origin,
            ..CreateRequest::new(dollars(100), PayWith::Accepted)
        };
        let gift = stage.gateway.create(&caller, request).await.unwrap().view;
        let chosen = stage.gateway.choose(&gift.payment.token, "USDT_TRC20").await;
        assert_eq!(now(&stage, &gift).await.payment.status, status);
        let is_held = matches!(chosen, Err(GatewayError::AllAddressesHeld));
        assert_eq!(is_held, status == Status::Selecting);
    }
    let direct = CreateRequest {
        origin: Origin::Donation,
        ..CreateRequest::new(dollars(100), PayWith::asset("tron", "usdt"))
    };
    let refused = stage.gateway.create(&caller, direct).await;
    assert!(matches!(refused, Err(GatewayError::AllAddressesHeld)));
}
