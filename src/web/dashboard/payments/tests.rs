//! Pages of payments over a real engine: who may do what, whose they are, and what foreign texts come out as.

use std::collections::BTreeSet;
use std::time::Duration;

use axum::http::StatusCode;

use super::super::fixture::{Guest, House, Page};
use crate::domain::money::{Fiat, FiatAmount};
use crate::domain::payment::Order;
use crate::domain::shop::Dialect;
use crate::domain::user::{Role, Shops};
use crate::engine::gateway::{CreateRequest, Idempotency, PayWith, PaymentView, Scenario};
use crate::engine::stage::StagedShop;

const EVIL: &str = "<script>alert(1)</script>";

/// A test payment of $50.00 whose every foreign text is a script.
async fn payment(house: &House, shop: &StagedShop, order: &str) -> PaymentView {
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
    let request = CreateRequest {
        order: Order {
            external_id: order.to_owned(),
            customer_email: format!("{EVIL}@example.com"),
            description: format!("={EVIL}"),
            metadata: format!("{{\"a\":\"{EVIL}\"}}"),
            redirect_url: String::new(),
            fail_url: String::new(),
        },
        ..CreateRequest::new(price, PayWith::asset("bsc", "usdt"))
    };
    house.stage.gateway.create(&caller, request).await.unwrap().view
}

fn harmless(page: &Page) {
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    assert!(!page.text.contains(EVIL), "{}", page.text);
    assert!(page.text.contains("&#60;script&#62;"), "{}", page.text);
}

#[tokio::test]
async fn what_shops_and_customers_wrote_comes_out_as_text() {
    let mut house = House::new();
    let shop = house.stage.shop(Dialect::Payhook).await;
    let view = payment(&house, &shop, EVIL).await;
    house
        .stage
        .play(&view, Scenario::Under, Duration::from_secs(60))
        .await;
    let path = format!("/stores/1/payments/{}", view.payment.number);
    let mut guest = house.owner().await;
    let fields = [("mark", "disputed"), ("reason", EVIL)];
    let noted = guest.post(&format!("{path}/note"), &fields).await;
    assert_eq!((noted.status, noted.location()), (StatusCode::SEE_OTHER, &*path));
    harmless(&guest.get("/stores/1/payments").await);
    let search = guest
        .get("/stores/1/payments?q=%3Cscript%3Ealert(1)%3C/script%3E")
        .await;
    harmless(&search);
    assert!(search.text.contains(view.payment.number.as_str()));
    let story = guest.get(&path).await;
    harmless(&story);
    assert!(story.text.contains("Disputed") && story.text.contains("user:owner"));
    harmless(&guest.get(&format!("{path}/link")).await);
    let fields = [("amount", EVIL), ("currency", "USD"), ("description", EVIL)];
    let refused = guest.post("/stores/1/payments/new", &fields).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!refused.text.contains(EVIL) && refused.text.contains("&#60;script&#62;"));
    let log = house
        .stage
        .gateway
        .audit_log(crate::domain::ids::AuditId::new(i64::MAX), 10)
        .await;
    let log = log.unwrap();
    assert!(log.iter().any(|entry| entry.action == "payment.note"));
}

/// Every page and form of a payment, with what the form carries.
fn all_of(number: &str) -> Vec<(String, Vec<(&'static str, &'static str)>)> {
    let forms: [(&str, &[(&str, &str)]); 5] = [
        ("cancel", &[("reason", "why")]),
        ("accept", &[("reason", "why"), ("transfer", "1")]),
        ("note", &[("reason", "why"), ("mark", "note")]),
        ("replay", &[("delivery", "1"), ("token", "0")]),
        ("simulate", &[("scenario", "exact")]),
    ];
    let path = |(form, fields): &(&str, &[(&'static str, &'static str)])| {
        (format!("payments/{number}/{form}"), fields.to_vec())
    };
    forms.iter().map(path).collect()
}

#[tokio::test]
async fn a_payment_of_another_store_is_not_there() {
    let house = House::new();
    let own = house.stage.shop(Dialect::Payhook).await;
    let other = house.stage.shop(Dialect::Soko).await;
    let number = payment(&house, &other, "1").await.payment.number.to_string();
    let shops = Shops::Only(BTreeSet::from([own.id]));
    for mut guest in [house.owner().await, house.guest("bob", Role::Staff, shops).await] {
        for (page, fields) in all_of(&number) {
            let page = guest.post(&format!("/stores/{}/{page}", own.id), &fields).await;
            assert_eq!(page.status, StatusCode::NOT_FOUND, "{}", page.text);
        }
        for page in ["", "/link"] {
            let path = format!("/stores/{}/payments/{number}{page}", own.id);
            assert_eq!(guest.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
        for query in [number.as_str(), "1"] {
            let page = guest.get(&format!("/stores/{}/payments?q={query}", own.id)).await;
            assert!(!page.text.contains(&format!("payments/{number}")));
        }
        let page = guest
            .get(&format!("/stores/{}/payments?before={number}", own.id))
            .await;
        assert_eq!(page.status, StatusCode::OK);
    }
    let mut owner = house.stranger();
    owner.sign_in("owner", super::super::fixture::PASSWORD).await;
    let story = owner
        .get(&format!("/stores/{}/payments/{number}", other.id))
        .await;
    assert!(
        story.status == StatusCode::OK && story.text.contains("Waiting"),
        "{}",
        story.text
    );
}

#[tokio::test]
async fn who_may_only_read_sees_payments_and_changes_none() {
    let house = House::new();
    let shop = house.stage.shop(Dialect::Payhook).await;
    let number = payment(&house, &shop, "1").await.payment.number.to_string();
    let mut guest = house.guest("bob", Role::ReadOnly, Shops::All).await;
    let mut forms = all_of(&number);
    forms.push((
        "payments/new".to_owned(),
        vec![("amount", "5"), ("currency", "USD")],
    ));
    for (page, fields) in forms {
        let page = guest.post(&format!("/stores/1/{page}"), &fields).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN);
    }
    let story = guest.get(&format!("/stores/1/payments/{number}")).await;
    assert_eq!(story.status, StatusCode::OK);
    assert!(
        !story.text.contains("<form method=\"post\" action=\"/stores/"),
        "{}",
        story.text
    );
    assert_eq!(guest.get("/stores/1/payments").await.status, StatusCode::OK);
    assert_eq!(guest.get("/stores/1/payments.csv").await.status, StatusCode::OK);
}

#[tokio::test]
async fn staff_cancels_with_a_reason_and_not_without() {
    let house = House::new();
    let shop = house.stage.shop(Dialect::Payhook).await;
    let number = payment(&house, &shop, "1").await.payment.number.to_string();
    let mut guest = house.guest("bob", Role::Staff, Shops::All).await;
    let path = format!("/stores/1/payments/{number}");
    guest.get(&path).await;
    let refused = guest.post(&format!("{path}/cancel"), &[("reason", " ")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("Give a reason") && refused.text.contains("status-pending"));
    let done = guest
        .post(&format!("{path}/cancel"), &[("reason", "sold out")])
        .await;
    assert_eq!(done.location(), path);
    let page = guest.get(&path).await;
    assert!(page.text.contains("status-cancelled") && page.text.contains("The payment was cancelled."));
    let again = guest
        .post(&format!("{path}/cancel"), &[("reason", "sold out")])
        .await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn late_money_is_counted_by_hand() {
    let mut house = House::new();
    let shop = house.stage.shop(Dialect::Payhook).await;
    let view = payment(&house, &shop, "1").await;
    house
        .stage
        .play(&view, Scenario::Late, Duration::from_secs(120))
        .await;
    let path = format!("/stores/1/payments/{}", view.payment.number);
    let transfer = {
        let mut guest = house.owner().await;
        let page = guest.get(&path).await;
        assert!(
            page.text.contains("Money came late") && page.text.contains("status-expired"),
            "{}",
            page.text
        );
        let (_, rest) = page.text.split_once("name=\"transfer\" value=\"").unwrap();
        let transfer = rest.split('"').next().unwrap().to_owned();
        let fields = [("reason", "a good customer"), ("transfer", &*transfer)];
        let done = guest.post(&format!("{path}/accept"), &fields).await;
        assert_eq!(done.location(), path, "{}", done.text);
        transfer
    };
    house.stage.pass(Duration::from_secs(10)).await;
    let mut guest = house.stranger();
    guest.sign_in("owner", super::super::fixture::PASSWORD).await;
    assert!(guest.get(&path).await.text.contains("status-paid"));
    let fields = [("reason", "again"), ("transfer", &*transfer)];
    assert_eq!(
        guest.post(&format!("{path}/accept"), &fields).await.location(),
        path
    );
}

/// Reads a file as RFC 4180 has it.
fn csv(text: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut cell) = (Vec::new(), Vec::new(), String::new());
    let (mut chars, mut is_quoted) = (text.chars().peekable(), false);
    while let Some(char) = chars.next() {
        match char {
            '"' if is_quoted && chars.peek() == Some(&'"') => cell.extend(chars.next()),
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted => row.push(std::mem::take(&mut cell)),
            '\r' if !is_quoted => assert_eq!(chars.peek(), Some(&'\n')),
            '\n' if !is_quoted => {
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            char => cell.push(char),
        }
    }
    assert!(cell.is_empty() && row.is_empty(), "the last line has an end");
    rows
}

#[tokio::test]
async fn an_export_reads_back_as_it_was_and_no_cell_is_a_formula() {
    let mut house = House::new();
    let shop = house.stage.shop(Dialect::Payhook).await;
    let other = house.stage.shop(Dialect::Soko).await;
    let orders = [
        "=HYPERLINK(\"http://evil\")",
        "a,\"b\"",
        "line\r\ntwo",
        "+1",
        "-1",
        "@x",
    ];
    for order in orders {
        payment(&house, &shop, order).await;
    }
    payment(&house, &other, "foreign").await;
    let view = payment(&house, &shop, "paid").await;
    house
        .stage
        .play(&view, Scenario::Exact, Duration::from_secs(60))
        .await;
    let mut guest = house.owner().await;
    let file = guest.get("/stores/1/payments.csv").await;
    assert_eq!(file.headers["content-type"], "text/csv; charset=utf-8");
    let rows = csv(&file.text);
    assert_eq!(rows.len(), 8);
    let head = &rows[0];
    let column =
        |row: &Vec<String>, name: &str| row[head.iter().position(|known| known == name).unwrap()].clone();
    for (row, order) in rows[2..].iter().rev().zip(orders) {
        let cell = column(row, "order_id");
        let is_defused = order.starts_with(['=', '+', '-', '@']);
        assert_eq!(
            cell,
            if is_defused {
                format!("'{order}")
            } else {
                order.to_owned()
            }
        );
        assert!(
            row.iter()
                .all(|cell| !cell.starts_with(['=', '+', '-', '@', '\t'])),
            "{row:?}"
        );
    }
    let paid = &rows[1];
    for (name, value) in [
        ("status", "paid"),
        ("mode", "test"),
        ("price", "50.00"),
        ("price_currency", "USD"),
        ("usd_value", "50.00"),
        ("asset", "USDT"),
        ("network", "test-bsc"),
        ("due", "50"),
        ("received", "50"),
        ("created_at", "2027-01-15T08:00:00Z"),
    ] {
        assert_eq!(column(paid, name), value, "{name}");
    }
    assert!(
        column(paid, "txids").starts_with("0x") && column(paid, "paid_at").starts_with("2027-01-15T08:0")
    );
    let file = guest.get("/stores/1/payments.json?status=paid").await;
    let json: serde_json::Value = serde_json::from_str(&file.text).unwrap();
    assert_eq!(json.as_array().unwrap().len(), 1);
    assert_eq!(json[0]["order_id"], "paid");
    assert_eq!(json[0]["due"], "50");
    let none = guest.get("/stores/1/payments.json?q=nothing").await;
    assert_eq!(none.text.split_whitespace().collect::<String>(), "[]");
    assert!(!guest.get("/stores/1/payments.csv").await.text.contains("foreign"));
}

async fn made(guest: &mut Guest<'_>, fields: &[(&str, &str)]) -> String {
    let page = guest.post("/stores/1/payments/new", fields).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text);
    page.location().to_owned()
}

#[tokio::test]
async fn a_form_that_is_sent_twice_makes_one_payment() {
    let house = House::new();
    let shop = house.stage.shop(Dialect::Payhook).await;
    house.stage.accept(&shop, &["USDT_BEP20", "USDT_TRC20"]).await;
    let mut guest = house.guest("bob", Role::Staff, Shops::All).await;
    let fields = |amount| {
        [
            ("once", "form-1-2"),
            ("amount", amount),
            ("currency", "USD"),
            ("mode", "test"),
            ("order_id", "7"),
        ]
    };
    let first = made(&mut guest, &fields("49.90")).await;
    assert!(first.starts_with("/stores/1/payments/PAY-") && first.ends_with("/link"));
    assert_eq!(made(&mut guest, &fields("49.90")).await, first);
    let other = guest.post("/stores/1/payments/new", &fields("5")).await;
    assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = guest.get(&first).await;
    assert!(page.text.contains("$49.90") && page.text.contains("https://pay.example/pay/"));
    let log = house
        .stage
        .gateway
        .audit_log(crate::domain::ids::AuditId::new(i64::MAX), 10)
        .await;
    let made: Vec<_> = log
        .unwrap()
        .into_iter()
        .filter(|entry| entry.action == "payment.create")
        .collect();
    assert_eq!((made.len(), made[0].actor.as_str()), (1, "user:bob"));
}

#[tokio::test]
async fn what_a_form_is_kept_under_can_be_no_key_of_the_shops_own_calls() {
    let house = House::new();
    let shop = house.stage.shop(Dialect::Payhook).await;
    house.stage.accept(&shop, &["USDT_BEP20"]).await;
    let mut guest = house.owner().await;
    let fields = [
        ("once", "order-7"),
        ("amount", "5"),
        ("currency", "USD"),
        ("mode", "test"),
    ];
    made(&mut guest, &fields).await;
    // The same key in a call of the shop's own means another payment, and is no conflict either.
    let caller = house.stage.gateway.authenticate(&shop.test.key, None).await;
    let price = FiatAmount {
        currency: Fiat::Usd,
        minor: 900,
    };
    let request = CreateRequest {
        idempotency: Some(Idempotency {
            key: "order-7".to_owned(),
            body_hash: [7; 32],
        }),
        ..CreateRequest::new(price, PayWith::asset("bsc", "usdt"))
    };
    let made = house.stage.gateway.create(&caller.unwrap(), request).await;
    assert!(!made.unwrap().replayed);
}

#[tokio::test]
async fn a_price_can_be_in_a_coin_and_no_nonsense_makes_a_payment() {
    let house = House::new();
    let shop = house.stage.shop(Dialect::Payhook).await;
    house.stage.accept(&shop, &["USDT_BEP20", "USDT_TRC20"]).await;
    let mut guest = house.owner().await;
    let coin = [
        ("amount", "12,5"),
        ("currency", "USDT_BEP20"),
        ("mode", "test"),
        ("pay_with", "USDT_BEP20"),
    ];
    let link = made(&mut guest, &coin).await;
    let page = guest.get(&link).await;
    assert!(page.text.contains("12.500000 USDT"), "{}", page.text);
    for (field, value) in [
        ("amount", "0"),
        ("amount", "-1"),
        ("amount", "1.005"),
        ("amount", "1e3"),
        ("currency", "XXX"),
        ("pay_with", "DOGE"),
        ("email", "nobody"),
    ] {
        let mut fields = vec![("amount", "5"), ("currency", "USD"), ("mode", "test")];
        fields.retain(|(name, _)| *name != field);
        fields.push((field, value));
        let page = guest.post("/stores/1/payments/new", &fields).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{field} {value}");
        assert!(page.text.contains("class=\"mistake\""), "{field} {value}");
    }
}
