//! The pages about webhooks over a real engine; the way out to endpoints is made up.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::http::StatusCode;
use futures_util::future::BoxFuture;

use crate::domain::event::EventKind;
use crate::domain::ids::{DeliveryId, EndpointId};
use crate::domain::shop::{Dialect, Endpoint, Format};
use crate::domain::time::UnixMillis;
use crate::domain::user::{Role, Shops};
use crate::engine::gateway::Scenario;
use crate::engine::office::deliveries::{Proposal, Which};
use crate::engine::office::endpoints::EndpointOrder;
use crate::engine::office::posts::{Answer, Fired, Posts, PostsError, Request};
use crate::engine::stage::StagedShop;
use crate::web::dashboard::fixture::House;
use crate::web::dashboard::overview::tests::made;

const ATTACK: &str = "<script>alert(1)</script>";
const ATTACK_AS_TEXT: &str = "&#60;script&#62;alert(1)&#60;/script&#62;";

/// Answers every test with what it was told to.
#[derive(Default)]
struct Script(Mutex<Option<Answer>>);

impl Posts for Script {
    fn check_url(&self, url: &str) -> Result<(), String> {
        if url.starts_with("http") {
            Ok(())
        } else {
            Err("not a URL".to_owned())
        }
    }

    fn default_events(&self, _: Format) -> &'static [EventKind] {
        &[EventKind::Confirmed]
    }

    fn test_fire(&self, _: Endpoint) -> BoxFuture<'_, Result<Fired, PostsError>> {
        let answer = self.0.lock().unwrap().clone();
        Box::pin(async move {
            let answer = answer.ok_or(PostsError::NothingSigns)?;
            Ok(Fired {
                is_received: matches!(answer, Answer::Replied { status: 200, .. }),
                answer,
                latency: Duration::from_millis(12),
                timeout: Duration::from_secs(10),
            })
        })
    }

    fn requests(
        &self,
        _: DeliveryId,
        at: Vec<UnixMillis>,
    ) -> BoxFuture<'_, Result<Vec<Request>, PostsError>> {
        let request = Request {
            headers: vec![("X-Signature".to_owned(), "signed".to_owned())],
            body: ATTACK.as_bytes().to_vec(),
        };
        Box::pin(async move { Ok(vec![request; at.len()]) })
    }
}

/// Two stores, an endpoint of each, 1 and 2, and a payment of the first that was paid, which delivery 1 tells.
async fn house() -> (House, Arc<Script>, StagedShop) {
    let script = Arc::new(Script::default());
    let mut house = House::posting_by(Arc::clone(&script) as _);
    let shop = house.stage.shop(Dialect::Payhook).await;
    let other = house.stage.shop(Dialect::Soko).await;
    for shop in [&shop, &other] {
        add(&house, shop).await;
    }
    let view = made(&house, &shop, 500).await;
    let minute = Duration::from_secs(60);
    house.stage.play(&view, Scenario::Exact, minute).await;
    house.stage.pass(minute).await;
    (house, script, shop)
}

async fn add(house: &House, shop: &StagedShop) -> EndpointId {
    let caller = house.stage.gateway.authenticate(&shop.test.key, None).await;
    let shop = caller.unwrap().shop;
    let order = EndpointOrder {
        url: "http://127.0.0.1:9/hook?key=hidden".to_owned(),
        ..EndpointOrder::default()
    };
    let by = house.office.by("cli:test");
    let made = house.office.add_endpoint(by, &shop, order).await.unwrap();
    made.endpoint.id
}

/// Makes `count` more deliveries to endpoint 1, all given up.
async fn fail(house: &House, count: u32) {
    let sql = format!(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})
         INSERT INTO events (payment_id, kind, at_ms, status, received, txid, confirmations)
         SELECT payment_id, kind, at_ms, status, received, txid, confirmations FROM events, n
         WHERE events.id = (SELECT event_id FROM deliveries WHERE id = 1);
         INSERT INTO deliveries (event_id, endpoint_id, state, next_ms, created_ms)
         SELECT id, 1, 'failed', 0, 1800000000000 + id * 1000 FROM events
         WHERE kind = 'payment.confirmed' AND id NOT IN (SELECT event_id FROM deliveries);"
    );
    house.stage.write(move |txn| txn.run_sql(&sql)).await;
}

async fn count(house: &House, condition: &'static str) -> i64 {
    house
        .stage
        .write(move |txn| {
            let sql = format!("SELECT COUNT(*) FROM deliveries WHERE {condition}");
            Ok(txn.raw().query_row(&sql, [], |row| row.get(0))?)
        })
        .await
}

#[tokio::test]
async fn an_endpoint_is_added_its_secret_is_shown_once_and_only_owners_see_where_it_is() {
    let (house, ..) = house().await;
    let mut ann = house.owner().await;
    let path = "/stores/1/webhooks";
    let wrong = ann.post(path, &[("url", "ftp://x"), ("format", "soko")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains("id=\"url-mistake\"") && wrong.text.contains("value=\"ftp://x\""));
    let foreign = [("url", "http://a.example/"), ("key", "3")];
    assert!(ann.post(path, &foreign).await.text.contains("id=\"key-mistake\""));
    let added = ann
        .post(
            path,
            &[("url", "https://a.example/h?k=hidden"), ("format", "standard")],
        )
        .await;
    assert_eq!(added.status, StatusCode::OK);
    assert!(added.text.contains("id=\"secret\">whsec_"), "{}", added.text);
    let shown = ann.get(&format!("{path}/3")).await.text;
    assert!(shown.contains("k=hidden") && !shown.contains("whsec_"));
    let by_key = [("url", "https://b.example/"), ("format", "crypto-pay")];
    assert!(!ann.post(path, &by_key).await.text.contains("id=\"secret\""));
    let mut bob = house.guest("bob", Role::Staff, Shops::All).await;
    for page in [path.to_owned(), format!("{path}/3")] {
        let shown = bob.get(&page).await.text;
        assert!(
            shown.contains("https://a.example") && !shown.contains("k=hidden"),
            "{shown}"
        );
    }
}

#[tokio::test]
async fn of_another_stores_endpoints_and_deliveries_nothing_is_found() {
    let (house, ..) = house().await;
    let mut ann = house.owner().await;
    for path in [
        "/stores/1/webhooks/2",
        "/stores/2/webhooks/1",
        "/stores/1/webhooks/2/verify",
        "/stores/1/webhooks/2/replay",
        "/stores/1/webhooks/2/remove",
        "/stores/1/webhooks/2/rotate",
        "/stores/2/webhooks/1/deliveries/1",
        "/stores/2/webhooks/2/deliveries/1",
        "/stores/1/webhooks/99",
        "/stores/1/webhooks/x",
        "/stores/1/webhooks/1/deliveries/99",
    ] {
        assert_eq!(ann.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let token = "00".repeat(16);
    let fields = [
        ("token", token.as_str()),
        ("first", "1"),
        ("last", "9"),
        ("events", "payment.late"),
    ];
    for path in [
        "/stores/1/webhooks/2/events",
        "/stores/1/webhooks/2/remove",
        "/stores/1/webhooks/2/rotate",
        "/stores/1/webhooks/2/secret",
        "/stores/1/webhooks/2/test",
        "/stores/1/webhooks/2/replay",
        "/stores/2/webhooks/2/deliveries/1/replay",
        "/stores/2/webhooks/1/deliveries/1/replay",
    ] {
        assert_eq!(
            ann.post(path, &fields).await.status,
            StatusCode::NOT_FOUND,
            "{path}"
        );
    }
    assert_eq!(count(&house, "replay_of IS NOT NULL").await, 0);
    assert!(!ann.get("/stores/2/webhooks/events").await.text.contains("PAY-"));
    assert!(ann.get("/stores/1/webhooks/events").await.text.contains("PAY-"));
}

#[tokio::test]
async fn who_only_reads_changes_nothing_and_staff_test_and_repeat_but_do_not_change_endpoints() {
    let (house, ..) = house().await;
    let changes = ["", "/1/events", "/1/remove", "/1/rotate", "/1/secret"];
    let work = ["/1/test", "/1/replay", "/1/deliveries/1/replay"];
    let mut reader = house.guest("rae", Role::ReadOnly, Shops::All).await;
    for path in changes.iter().chain(&work) {
        let path = format!("/stores/1/webhooks{path}");
        assert_eq!(
            reader.post(&path, &[]).await.status,
            StatusCode::FORBIDDEN,
            "{path}"
        );
    }
    let page = reader.get("/stores/1/webhooks/1").await.text;
    assert!(!page.contains("/1/test") && !page.contains("/1/remove"), "{page}");
    let mut staff = house.guest("sam", Role::Staff, Shops::All).await;
    for path in changes {
        let path = format!("/stores/1/webhooks{path}");
        assert_eq!(
            staff.post(&path, &[]).await.status,
            StatusCode::FORBIDDEN,
            "{path}"
        );
    }
    assert_eq!(
        staff.post("/stores/1/webhooks/1/test", &[]).await.status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn what_comes_of_a_test_is_told_in_plain_words_and_a_reply_is_text() {
    let (house, script, _) = house().await;
    let mut ann = house.owner().await;
    let replied = |status| {
        Some(Answer::Replied {
            status,
            text: ATTACK.to_owned(),
        })
    };
    for (answer, told) in [
        (replied(200), "Webhooks get through"),
        (replied(302), "redirect"),
        (replied(401), "check the secret"),
        (replied(404), "check the path"),
        (replied(503), "error in your server"),
        (replied(422), "try a test payment"),
        (Some(Answer::TooSlow), "within 10 seconds"),
        (Some(Answer::Failed(ATTACK.to_owned())), "was not reached"),
        (None, "the store has none"),
    ] {
        script.0.lock().unwrap().clone_from(&answer);
        let page = ann.post("/stores/1/webhooks/1/test", &[]).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.text.contains(told), "{told}: {}", page.text);
        assert!(!page.text.contains(ATTACK));
        let has_text = matches!(answer, Some(Answer::Replied { .. } | Answer::Failed(_)));
        assert_eq!(page.text.contains(ATTACK_AS_TEXT), has_text, "{}", page.text);
    }
    assert_eq!(count(&house, "attempts > 0 OR replay_of IS NOT NULL").await, 0);
}

#[tokio::test]
async fn a_delivery_shows_what_was_sent_and_answered_as_text_and_the_request_to_those_who_may_repeat_it() {
    let (house, ..) = house().await;
    let sql = format!(
        "INSERT INTO attempts (delivery_id, at_ms, status, latency_ms, reply)
         VALUES (1, 1800000100000, 500, 1234, CAST('{ATTACK}' AS BLOB))"
    );
    house.stage.write(move |txn| txn.run_sql(&sql)).await;
    let path = "/stores/1/webhooks/1/deliveries/1";
    let page = house.owner().await.get(path).await.text;
    assert!(
        !page.contains(ATTACK) && page.matches(ATTACK_AS_TEXT).count() == 2,
        "{page}"
    );
    assert!(page.contains("X-Signature: signed") && page.contains("1,234 ms") && page.contains("HTTP 500"));
    let mut reader = house.guest("rae", Role::ReadOnly, Shops::All).await;
    let page = reader.get(path).await.text;
    assert!(
        page.contains("HTTP 500") && !page.contains("X-Signature"),
        "{page}"
    );
}

#[tokio::test]
async fn a_delivery_is_repeated_once_however_often_its_form_is_posted() {
    let (house, ..) = house().await;
    house
        .stage
        .write(|txn| txn.run_sql("UPDATE deliveries SET state = 'delivered'"))
        .await;
    let mut ann = house.owner().await;
    let path = "/stores/1/webhooks/1/deliveries/1";
    let page = ann.get(path).await.text;
    let token = page.split_once("name=\"token\" value=\"").unwrap().1;
    let token = token.split('"').next().unwrap().to_owned();
    let form = [("token", token.as_str())];
    let first = ann.post(&format!("{path}/replay"), &form).await;
    assert_eq!(first.location(), "/stores/1/webhooks/1/deliveries/2");
    let again = ann.post(&format!("{path}/replay"), &form).await;
    assert_eq!(again.location(), "/stores/1/webhooks/1");
    assert_eq!(count(&house, "replay_of = 1").await, 1);
    let unsigned = ann.post(&format!("{path}/replay"), &[("token", "x")]).await;
    assert_eq!(unsigned.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn what_failed_is_repeated_once_each_even_when_it_is_asked_for_twice_at_once() {
    let (house, _, shop) = house().await;
    fail(&house, 1000).await;
    let endpoint = EndpointId::new(1);
    let proposed = house.office.propose_replay(shop.id, endpoint, Which::Failed);
    let proposal: Proposal = proposed.await.unwrap();
    assert_eq!(proposal.count, 1000);
    let again = || {
        let by = house.office.by("user:ann");
        house
            .office
            .replay_all(by, shop.id, endpoint, true, proposal.clone())
    };
    let (one, two, three) = tokio::join!(again(), again(), again());
    assert_eq!((one.unwrap(), two.unwrap(), three.unwrap()), (1000, 1000, 1000));
    assert_eq!(count(&house, "replay_of IS NOT NULL").await, 1000);
    assert_eq!(
        count(
            &house,
            "replay_of IN (SELECT id FROM deliveries WHERE state = 'failed')"
        )
        .await,
        1000
    );
    // What was sent once more is not there to be sent once more, until that has failed, too.
    let mut ann = house.owner().await;
    let none = ann.get("/stores/1/webhooks/1/replay?which=failed").await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(none.text.contains("nothing of the kind"), "{}", none.text);
}

#[tokio::test]
async fn deliveries_of_a_time_are_counted_confirmed_and_repeated_but_for_those_that_wait() {
    let (house, ..) = house().await;
    fail(&house, 10).await;
    let mut ann = house.owner().await;
    let path = "/stores/1/webhooks/1/replay";
    for (from, to, told) in [
        ("2027-01-15T08:00", "2027-01-15T07:00", "the earlier one first"),
        ("", "2027-01-15T07:00", "the earlier one first"),
        ("2020-01-01T00:00", "2020-02-01T00:00", "nothing of the kind"),
    ] {
        let page = ann
            .get(&format!("{path}?which=between&from={from}&to={to}"))
            .await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.text.contains(told), "{told}: {}", page.text);
    }
    // They were made a second apart, from 08:00:00 on; the one that waits was made in that time, too.
    let page = ann
        .get(&format!(
            "{path}?which=between&from=2027-01-15T08:00&to=2027-01-15T08:10"
        ))
        .await;
    assert!(page.text.contains("10 deliveries are sent"), "{}", page.text);
    let value = |name: &str| {
        let rest = page
            .text
            .split_once(&format!("name=\"{name}\" value=\""))
            .unwrap()
            .1;
        rest.split('"').next().unwrap().to_owned()
    };
    let (token, first, last) = (value("token"), value("first"), value("last"));
    let form = [("token", token.as_str()), ("first", &first), ("last", &last)];
    for _ in 0..2 {
        let done = ann.post(path, &form).await;
        assert_eq!(done.location(), "/stores/1/webhooks/1");
    }
    assert_eq!(count(&house, "replay_of IS NOT NULL").await, 10);
    assert_eq!(count(&house, "replay_of = 1").await, 0);
}

#[tokio::test]
async fn an_interrupted_repetition_is_gone_on_with_from_where_it_was() {
    let (house, ..) = house().await;
    fail(&house, 5).await;
    let token = "ab".repeat(16);
    house
        .stage
        .write(|txn| {
            txn.run_sql(
                "INSERT INTO replays (token, endpoint_id, actor, only_failed, first_id, last_id, done_id, count, made_ms)
                 VALUES ('abababababababababababababababab', 1, 'user:ann', 1, 2, 6, 3, 2, 0)",
            )
        })
        .await;
    let mut ann = house.owner().await;
    let page = ann.get("/stores/1/webhooks/1").await.text;
    assert!(
        page.contains("interrupted after 2") && page.contains(&token),
        "{page}"
    );
    let form = [
        ("token", token.as_str()),
        ("first", "2"),
        ("last", "6"),
        ("only_failed", "1"),
    ];
    ann.post("/stores/1/webhooks/1/replay", &form).await;
    assert_eq!(count(&house, "replay_of IN (4, 5, 6)").await, 3);
    assert_eq!(count(&house, "replay_of IS NOT NULL").await, 3);
    assert!(!ann.get("/stores/1/webhooks/1").await.text.contains("interrupted"));
}

#[tokio::test]
async fn deliveries_come_in_pages_by_state_newest_first() {
    let (house, ..) = house().await;
    fail(&house, 60).await;
    let mut ann = house.owner().await;
    let rows = |page: &str| page.matches("<tr>").count() - 1;
    let first = ann.get("/stores/1/webhooks/1").await.text;
    assert_eq!(rows(&first), 50);
    let second = ann.get("/stores/1/webhooks/1?before=12").await.text;
    assert_eq!(rows(&second), 11);
    assert!(first.contains("?before=12\""), "{first}");
    let waiting = ann.get("/stores/1/webhooks/1?state=pending").await.text;
    assert_eq!(rows(&waiting), 1);
    let failed = ann.get("/stores/1/webhooks/1?state=failed&before=5").await.text;
    assert_eq!(rows(&failed), 3);
}

#[tokio::test]
async fn an_endpoint_is_told_of_other_events_gets_another_secret_and_is_switched_off() {
    let (house, ..) = house().await;
    let mut ann = house.owner().await;
    let path = "/stores/1/webhooks/1";
    let none = ann.post(&format!("{path}/events"), &[]).await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(none.text.contains("id=\"events-mistake\""));
    let two = [
        ("events", "payment.late"),
        ("events", "payment.confirmed"),
        ("events", "no"),
    ];
    assert_eq!(ann.post(&format!("{path}/events"), &two).await.location(), path);
    let rotated = ann.post(&format!("{path}/rotate"), &[]).await.text;
    let secret = rotated.split_once("id=\"secret\">").unwrap().1;
    let secret = secret.split('<').next().unwrap().to_owned();
    let kept = house.stage.endpoint_secret(EndpointId::new(1)).await;
    assert_eq!(kept, secret);
    assert_eq!(
        ann.post(&format!("{path}/secret"), &[]).await.status,
        StatusCode::NOT_FOUND
    );
    ann.post(&format!("{path}/remove"), &[]).await;
    assert!(!ann.get(path).await.text.contains("/1/test"));
    assert_eq!(
        ann.post(&format!("{path}/events"), &two).await.location(),
        "/stores/1/webhooks"
    );
    let off = ann.get(&format!("{path}/replay?which=failed")).await;
    assert!(off.text.contains("switched off"));
}
