//! The list: pages and filters, and what is no page and no filter.

use serde_json::json;

use super::*;

/// The order ids of a page.
fn orders(reply: &Reply) -> Vec<String> {
    let data = reply.data();
    let payments = data["payments"].as_array().unwrap().iter();
    payments
        .map(|payment| payment["order_id"].as_str().unwrap().to_owned())
        .collect()
}

impl Rig {
    async fn listed(&self, query: &str) -> Vec<String> {
        orders(&self.get(&format!("{LIST}?{query}")).await)
    }

    async fn order(&self, order: &str, more: &str) -> PaymentView {
        self.made(&format!(r#"{{"amount":"100","order_id":"{order}"{more}}}"#))
            .await
    }
}

#[tokio::test]
async fn a_list_has_pages_of_the_same_payments_that_status_shows() {
    let rig = Rig::new().await;
    let empty = rig.get(LIST).await;
    assert_eq!(
        empty.text,
        r#"{"success":true,"data":{"payments":[],"pagination":{"page":1,"per_page":20,"total":0,"pages":0}}}"#
    );
    for order in 1..=5 {
        rig.order(&order.to_string(), "").await;
    }
    let first = rig.get("/api/v1/payments?per_page=2").await;
    assert_eq!(orders(&first), ["5", "4"], "the newest first");
    assert!(
        first
            .text
            .ends_with(r#""pagination":{"page":1,"per_page":2,"total":5,"pages":3}}}"#),
        "{first:?}"
    );
    let shown = first.data()["payments"][0].clone();
    let alone = rig
        .get(&format!(
            "/api/v1/payment/{}",
            shown["payment_id"].as_str().unwrap()
        ))
        .await;
    assert_eq!(alone.data(), shown);
    let names = [
        "payment_id",
        "order_id",
        "status",
        "amount_requested",
        "amount_with_cents",
        "amount_received",
        "currency",
        "pay_address",
        "tx_hash",
        "confirmations",
        "confirmed_at",
        "expires_at",
        "created_at",
    ];
    assert!(fields_in_order(&first.text, &names));
    for (query, expected) in [
        ("page=3&per_page=2", vec!["1"]),
        ("page=4&per_page=2", vec![]),
        ("page=4294967295&per_page=100", vec![]),
        ("page=1&per_page=100", vec!["5", "4", "3", "2", "1"]),
        (
            "page=&per_page=&status=&currency=&from=&to=",
            vec!["5", "4", "3", "2", "1"],
        ),
        ("unknown=1&unknown=2&per_page=1", vec!["5"]),
        ("per%5Fpage=1", vec!["5"]),
    ] {
        assert_eq!(rig.listed(query).await, expected, "{query}");
    }
    // A live key sees live payments.
    let live = rig.send(rig.signed(&rig.shop.live, "GET", LIST, "")).await;
    assert_eq!(live.data()["pagination"]["total"], 0);
}

#[tokio::test]
async fn a_list_is_filtered_by_the_pages_words() {
    let mut rig = Rig::new().await;
    let over = rig.order("over", "").await;
    let exact = rig.order("exact", "").await;
    rig.play(&over, Scenario::Over).await;
    rig.play(&exact, Scenario::Exact).await;
    let cancelled = rig.order("cancelled", "").await;
    rig.stage
        .gateway
        .cancel(&rig.caller().await, &cancelled.payment.number)
        .await
        .unwrap();
    let under = rig.order("under", "").await;
    rig.order("nothing", "").await;
    rig.play(&under, Scenario::Under).await;
    rig.stage.pass(Duration::from_secs(2000)).await;
    rig.stage.pass(Duration::from_secs(60)).await;
    let confirming = rig.order("confirming", "").await;
    rig.stage
        .play(&confirming, Scenario::Exact, Duration::from_secs(2))
        .await;
    rig.order("pending", "").await;
    rig.stage.share(&rig.shop, "tron", 1).await;
    rig.order("slot", "").await;
    rig.order("queued", "").await;
    rig.stage.accept(&rig.shop, &["USDT_TRC20", "BTC"]).await;
    rig.create(r#"{"amount":"100","order_id":"selecting"}"#)
        .await
        .data();
    for (word, expected) in [
        ("selecting", vec!["selecting"]),
        ("pending", vec!["slot", "pending"]),
        ("queued", vec!["queued"]),
        ("confirming", vec!["confirming"]),
        ("completed", vec!["exact"]),
        ("overpaid", vec!["over"]),
        ("underpaid", vec!["under"]),
        ("expired", vec!["nothing", "cancelled"]),
    ] {
        let reply = rig.get(&format!("{LIST}?status={word}")).await;
        assert_eq!(orders(&reply), expected, "{word}");
        let data = reply.data();
        assert!(
            data["payments"]
                .as_array()
                .unwrap()
                .iter()
                .all(|payment| payment["status"] == word)
        );
        assert_eq!(data["pagination"]["total"], expected.len());
    }
    let selecting = rig.get("/api/v1/payments?status=selecting").await.data()["payments"][0].clone();
    for (name, value) in [
        ("amount_requested", json!(100)),
        ("amount_with_cents", json!(null)),
        ("amount_received", json!(0)),
        ("currency", json!(null)),
        ("pay_address", json!(null)),
        ("tx_hash", json!(null)),
    ] {
        assert_eq!(selecting[name], value, "{name}");
    }
}

#[tokio::test]
async fn a_list_is_filtered_by_currency_and_time() {
    let rig = Rig::new().await;
    rig.stage.accept(&rig.shop, &["USDT_TRC20", "BTC"]).await;
    // 2027-01-15T08:00:00Z and the hours after it.
    for (order, more) in [
        ("a", r#","currency":"USDT_TRC20""#),
        ("b", r#","currency":"BTC""#),
        ("c", r#","currency":"USDT_TRC20""#),
    ] {
        rig.order(order, more).await;
        clock_of(&rig).advance(Duration::from_secs(3600));
    }
    clock_of(&rig).advance(Duration::from_secs(86_400));
    rig.order("d", r#","currency":"BTC""#).await;
    for (query, expected) in [
        ("currency=BTC", vec!["d", "b"]),
        ("currency=usdt_trc20", vec!["c", "a"]),
        ("currency=ETH", vec![]),
        ("from=2027-01-15", vec!["d", "c", "b", "a"]),
        ("from=2027-01-16", vec!["d"]),
        ("to=2027-01-15", vec!["c", "b", "a"]),
        ("to=2027-01-14", vec![]),
        ("from=2027-01-15&to=2027-01-15", vec!["c", "b", "a"]),
        ("from=2027-01-15T09:00:00Z", vec!["d", "c", "b"]),
        (
            "from=2027-01-15T10:00:00%2B01:00&to=2027-01-15T10:00:00%2B01:00",
            vec!["b"],
        ),
        (
            "from=2027-01-15T10:00:00+01:00&to=2027-01-15T10:00:00+01:00",
            vec!["b"],
        ),
        ("from=2027-01-15T09:00:00.5Z&to=2027-01-15t09:00:00z", vec!["b"]),
        ("to=2027-01-15T08:59:59Z", vec!["a"]),
        ("from=1800003600&to=1800003600", vec!["b"]),
        (
            "currency=BTC&status=pending&from=2027-01-15&to=2027-01-15&per_page=1",
            vec!["b"],
        ),
    ] {
        assert_eq!(rig.listed(query).await, expected, "{query}");
    }
}

#[tokio::test]
async fn what_is_no_page_and_no_filter_is_a_clear_400() {
    let rig = Rig::new().await;
    for (query, message) in [
        ("page=0", "page must be a whole number from 1 to"),
        ("page=-1", "page must be"),
        ("page=%2B1", "page must be"),
        ("page=1.5", "page must be"),
        ("page=one", "page must be"),
        ("page=4294967296", "page must be"),
        ("page=99999999999999999999999", "page must be"),
        ("per_page=0", "per_page must be a whole number from 1 to 100"),
        ("per_page=101", "per_page must be"),
        ("page=1&page=2", "page is given more than once"),
        (
            "status=paid",
            "status is unknown; use one of: selecting, pending, queued, confirming, completed, expired",
        ),
        ("status=Completed", "status is unknown"),
        (
            "status=completed&status=expired",
            "status is given more than once",
        ),
        ("currency=DOGE", "use one of: "),
        ("currency=USDT", "USDT_TRC20"),
        ("currency=%FF", "use one of: "),
        ("from=yesterday", "from must be a date such as 2025-01-15"),
        ("from=2027-02-30", "from must be"),
        ("from=2027-1-5", "from must be"),
        ("from=15.01.2027", "from must be"),
        ("to=2027-01-15T25:00:00Z", "to must be"),
        ("to=2027-01-15T08:00:00", "to must be"),
        ("to=20270115", "to must be"),
        ("from=%2B2027-01-15", "from must be"),
        ("from=12027-01-15", "from must be"),
        ("from=2027-01-16&to=2027-01-15", "from is later than to"),
        ("from=1800003601&to=1800003600", "from is later than to"),
    ] {
        let (status, error) = rig.get(&format!("{LIST}?{query}")).await.error();
        assert_eq!(status, 400, "{query}");
        assert!(error.contains(message), "{query}: {error}");
    }
}
