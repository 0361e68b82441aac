//! Networks are switched on and off by owners, and looked at by everybody.

use axum::http::StatusCode;

use crate::domain::shop::Dialect;
use crate::domain::user::{Role, Shops};
use crate::engine::office::networks::{NetworkChange, ProviderChoice};
use crate::web::dashboard::fixture::{Guest, House, PASSWORD};

const KEY: &str = "s3cretk3y";

async fn house() -> House {
    let house = House::new();
    house.stage.shop(Dialect::Payhook).await;
    house
}

/// Switches bsc on with one public node and one with a key, on a page that was looked at before.
async fn switch_on(guest: &mut Guest<'_>) -> super::super::fixture::Page {
    guest.get("/nodes/networks/bsc").await;
    let url = format!("https://keyed.example/v2/{KEY}");
    let fields = [
        ("provider", "proposed public.example"),
        ("url-1", url.as_str()),
        ("header-1", "x-key: s3cretheader"),
        ("token", "usdt"),
        ("confirmations", "7"),
        ("do", "save"),
        ("again", PASSWORD),
    ];
    guest.post("/nodes/networks/bsc", &fields).await
}

#[tokio::test]
async fn an_owner_switches_a_network_on_and_is_led_through_the_restart() {
    let house = house().await;
    let mut guest = house.owner().await;
    let page = guest.get("/nodes").await;
    assert!(page.text.contains("BNB Smart Chain"), "{}", page.text);
    assert!(page.text.contains("href=\"/nodes/networks/bsc\""));
    let done = switch_on(&mut guest).await;
    assert_eq!(done.location(), "/nodes/applying?run=1", "{}", done.text);
    let [
        NetworkChange::On {
            network,
            providers,
            confirmations,
            tokens_off,
        },
    ] = &house.networks.changes()[..]
    else {
        panic!("{:?}", house.networks.changes())
    };
    assert_eq!((network.as_str(), confirmations.as_str()), ("bsc", "7"));
    let off: Vec<&str> = tokens_off.iter().map(|currency| currency.as_str()).collect();
    assert_eq!(off, ["usdc"]);
    let [ProviderChoice::New(public), ProviderChoice::New(keyed)] = &providers[..] else {
        panic!("{providers:?}")
    };
    assert_eq!(public.url, "https://public.example/rpc");
    assert!(keyed.url.ends_with(KEY));
    assert_eq!(keyed.headers, [("x-key".to_owned(), "s3cretheader".to_owned())]);

    let waiting = guest.get("/nodes/applying?run=1").await;
    assert_eq!(waiting.status, StatusCode::OK);
    assert!(
        waiting.text.contains("content=\"2; url=/nodes/applying?run=1\""),
        "{}",
        waiting.text
    );
    house.networks.start_anew(None);
    let over = guest.get("/nodes/applying?run=1").await;
    assert_eq!(over.location(), "/nodes");
    assert!(
        guest
            .get("/nodes")
            .await
            .text
            .contains("The networks are changed.")
    );
}

#[tokio::test]
async fn keys_of_nodes_are_on_no_page() {
    let house = house().await;
    let mut guest = house.owner().await;
    switch_on(&mut guest).await;
    for path in [
        "/nodes",
        "/nodes/board",
        "/nodes/networks/bsc",
        "/nodes/networks/bsc/off",
    ] {
        let page = guest.get(path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        assert!(
            !page.text.contains(KEY) && !page.text.contains("s3cretheader"),
            "{path}"
        );
    }
    let page = guest.get("/nodes/networks/bsc").await;
    assert!(
        page.text.contains("value=\"kept keyed.example\" checked"),
        "{}",
        page.text
    );
}

#[tokio::test]
async fn a_change_keeps_the_nodes_that_stay_ticked_without_their_keys_being_typed_again() {
    let house = house().await;
    let mut guest = house.owner().await;
    switch_on(&mut guest).await;
    guest.get("/nodes/networks/bsc").await;
    let fields = [
        ("provider", "kept keyed.example"),
        ("do", "save"),
        ("confirmations", ""),
        ("again", PASSWORD),
    ];
    let done = guest.post("/nodes/networks/bsc", &fields).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let changes = house.networks.changes();
    let NetworkChange::On { providers, .. } = &changes[1] else {
        panic!("{changes:?}")
    };
    assert_eq!(providers[..], [ProviderChoice::Kept("keyed.example".to_owned())]);
}

#[tokio::test]
async fn a_node_of_another_network_is_told_by_name_and_never_taken() {
    let house = house().await;
    let mut guest = house.owner().await;
    guest.get("/nodes/networks/bsc").await;
    let fields = [
        ("url-1", "https://wrong.example/"),
        ("do", "save"),
        ("anyway", "1"),
    ];
    let page = guest.post("/nodes/networks/bsc", &fields).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        page.text
            .contains("This node serves Ethereum, not BNB Smart Chain."),
        "{}",
        page.text
    );
    assert!(page.text.contains("value=\"https://wrong.example/\""));
    assert!(house.networks.changes().is_empty());
}

#[tokio::test]
async fn a_node_that_does_not_answer_is_taken_only_on_purpose() {
    let house = house().await;
    let mut guest = house.owner().await;
    guest.get("/nodes/networks/bsc").await;
    let fields = [("url-1", "https://down.example/"), ("do", "save")];
    let page = guest.post("/nodes/networks/bsc", &fields).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text.contains("name=\"anyway\""), "{}", page.text);
    let fields = [
        ("url-1", "https://down.example/"),
        ("do", "save"),
        ("anyway", "1"),
    ];
    let page = guest.post("/nodes/networks/bsc", &fields).await;
    assert!(
        page.text.contains("id=\"again-mistake\""),
        "without the password: {}",
        page.text
    );
    assert!(house.networks.changes().is_empty());
    let fields = [&fields[..], &[("again", PASSWORD)]].concat();
    let page = guest.post("/nodes/networks/bsc", &fields).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
    assert_eq!(house.networks.changes().len(), 1);
}

#[tokio::test]
async fn a_test_changes_nothing_and_what_is_no_address_is_said_beside_it() {
    let house = house().await;
    let mut guest = house.owner().await;
    guest.get("/nodes/networks/bsc").await;
    let fields = [
        ("provider", "proposed public.example"),
        ("url-2", "nonsense"),
        ("do", "test"),
    ];
    let page = guest.post("/nodes/networks/bsc", &fields).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text.contains("is at block 42."), "{}", page.text);
    assert!(
        page.text.contains("Cannot be used: is not a URL"),
        "{}",
        page.text
    );
    for what in ["test", "save"] {
        let page = guest.post("/nodes/networks/bsc", &[("do", what)]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.text.contains("Tick a node, or write"), "{}", page.text);
    }
    assert!(house.networks.changes().is_empty());
}

#[tokio::test]
async fn what_the_operators_file_sets_is_shown_and_cannot_be_changed() {
    let house = house().await;
    let mut guest = house.owner().await;
    let page = guest.get("/nodes").await;
    assert!(
        page.text.contains("Set in the configuration file"),
        "{}",
        page.text
    );
    assert!(!page.text.contains("/nodes/networks/ethereum"));
    assert_eq!(guest.get("/nodes/networks/ethereum").await.location(), "/nodes");
    let fields = [("url-1", "https://public.example/"), ("do", "save")];
    assert_eq!(
        guest.post("/nodes/networks/ethereum", &fields).await.location(),
        "/nodes"
    );
    assert_eq!(
        guest.post("/nodes/networks/ethereum/off", &[]).await.location(),
        "/nodes"
    );
    assert_eq!(
        guest.get("/nodes/networks/nonsense").await.status,
        StatusCode::NOT_FOUND
    );
    assert!(house.networks.changes().is_empty());
}

#[tokio::test]
async fn staff_and_readers_see_how_nodes_do_and_change_nothing() {
    let house = house().await;
    for (name, role) in [("stan", Role::Staff), ("rita", Role::ReadOnly)] {
        let mut guest = house.guest(name, role, Shops::All).await;
        let page = guest.get("/nodes").await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(!page.text.contains("/nodes/networks/"), "{}", page.text);
        for path in ["/nodes/networks/bsc", "/nodes/networks/bsc/off"] {
            assert_eq!(guest.get(path).await.status, StatusCode::FORBIDDEN);
            assert_eq!(
                guest.post(path, &[("url-1", "https://a.example")]).await.status,
                StatusCode::FORBIDDEN
            );
        }
    }
    assert!(house.networks.changes().is_empty());
}

#[tokio::test]
async fn switching_off_asks_first_and_a_change_that_failed_is_said() {
    let house = house().await;
    let mut guest = house.owner().await;
    switch_on(&mut guest).await;
    let page = guest.get("/nodes/networks/bsc/off").await;
    assert!(page.text.contains("Switch BNB Smart Chain off?"), "{}", page.text);
    let off = guest.post("/nodes/networks/bsc/off", &[]).await;
    assert_eq!(off.location(), "/nodes/applying?run=1");
    house.networks.start_anew(Some("no <port>"));
    assert_eq!(guest.get("/nodes/applying?run=1").await.location(), "/nodes");
    let page = guest.get("/nodes").await;
    assert!(
        page.text.contains("The change could not come into force"),
        "{}",
        page.text
    );
    assert!(page.text.contains("no &#60;port&#62;"), "{}", page.text);
}
