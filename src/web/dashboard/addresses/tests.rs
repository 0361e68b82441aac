//! Where a store receives.

use axum::http::StatusCode;

use crate::domain::shop::Dialect;
use crate::domain::user::{Role, Shops};
use crate::web::dashboard::fixture::{Guest, House, PASSWORD, Page};

const ONE: &str = "0x52908400098527886E0F7030069857D2E4169EE7";
const TWO: &str = "0x8617E340B3D01FA5F11F306F4090FD50E238070D";
const TRON: &str = "TNPeeaaFB7K9cmo4uQpcU32zGK8G1NYqeL";

/// Test vector 1 of BIP-32, the chain m/0H/1/2H: an account by its depth.
const ACCOUNT: &str = "xpub6D4BDPcP2GT577Vvch3R8wDkScZWzQzMMUm3PWbmWvVJrZwQY4VUNgqFJPMM3No2dFDFGTsxxpG5uJh7n7epu4trkrX7x7DogT5Uv6fcLW5";

const PHRASE: &str = "legal winner thank year wave sausage worth useful legal winner thank yellow";

/// The keys of test vectors.
const SECRETS: [&str; 4] = [
    PHRASE,
    "KwFfNUhSDaASSAwtG7ssQM1uVX8RgX5GHWnnLfhfiQDigjioWXHH",
    "0x0101010101010101010101010101010101010101010101010101010101010101",
    "xprv9s21ZrQH143K3QTDL4LXw2F7HEK3wJUD2nW2nRk4stbPy6cq3jPPqjiChkVvvNKmPGJxWUtg6LnF5kejMRNNU3TGtRBeJgk33yuGBxrMPHi",
];

const BSC: &str = "/stores/1/addresses/bsc";

async fn add(guest: &mut Guest<'_>, list: &str, more: &[(&str, &str)]) -> Page {
    let fields = [&[("addresses", list), ("again", PASSWORD)], more].concat();
    guest.post(&format!("{BSC}/add"), &fields).await
}

/// The path of the page of an address.
async fn page_of(guest: &mut Guest<'_>, address: &str) -> String {
    let page = guest.get(BSC).await.text;
    let (before, _) = page.split_once(&format!("\"><code>{address}")).expect(address);
    before.rsplit('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn nothing_is_added_when_a_line_is_wrong_unless_the_good_ones_alone_are_wanted() {
    let house = House::new();
    house.stage.shop(Dialect::Payhook).await;
    let mut owner = house.owner().await;
    let list = format!("# tills\n{ONE}\n{TRON}\nhello <b>\n{ONE}\n{ACCOUNT}\n");
    let page = add(&mut owner, &list, &[]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    for said in [
        "1 can be added, 4 cannot",
        "This is an address of TRON; you are adding to EVM chains",
        "Expected: an address of EVM chains",
        "The same address as in line 2.",
        "This is an account key, not an address.",
        "hello &#60;b&#62;",
        "Add the 1 good ones",
    ] {
        assert!(page.text.contains(said), "{said}: {}", page.text);
    }
    assert!(!owner.get(BSC).await.text.contains(ONE));
    let page = add(&mut owner, &list, &[("only_good", "yes")]).await;
    assert_eq!((page.status, page.location()), (StatusCode::SEE_OTHER, BSC));
    let list = owner.get(BSC).await.text;
    assert!(
        list.contains(ONE) && list.contains("<code>user:owner</code>"),
        "{list}"
    );
    let page = add(&mut owner, ONE, &[]).await;
    assert!(page.text.contains("This address is in the pool already."));
}

#[tokio::test]
async fn a_list_is_checked_while_it_is_typed_and_nothing_is_kept() {
    let house = House::new();
    house.stage.shop(Dialect::Payhook).await;
    house.stage.shop(Dialect::Soko).await;
    let mut owner = house.owner().await;
    let path = format!("{BSC}/check");
    let part = owner
        .post(&path, &[("addresses", &format!("{ONE}\n{TRON}"))])
        .await;
    assert_eq!(part.status, StatusCode::OK);
    assert!(part.text.contains("1 can be added, 1 cannot") && !part.text.contains("<html"));
    assert!(!owner.get(BSC).await.text.contains(ONE));
    add(&mut owner, ONE, &[]).await;
    let other = owner
        .post("/stores/2/addresses/bsc/check", &[("addresses", ONE)])
        .await;
    assert!(
        other.text.contains("The store “payhook shop” has this address."),
        "{}",
        other.text
    );
}

#[tokio::test]
async fn where_money_goes_is_not_changed_without_the_password() {
    let house = House::new();
    house.stage.shop(Dialect::Payhook).await;
    let mut owner = house.owner().await;
    for (path, fields) in [
        ("add", [("addresses", ONE), ("way", "")]),
        ("way", [("step", "save"), ("way", "xpub")]),
    ] {
        for password in ["", "wrong horse battery"] {
            let fields = [&fields[..], &[("account", ACCOUNT), ("again", password)]].concat();
            let page = owner.post(&format!("{BSC}/{path}"), &fields).await;
            assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
            assert!(page.text.contains("id=\"again-mistake\""), "{}", page.text);
            assert!(password.is_empty() || !page.text.contains(password));
        }
    }
    let page = owner.get(BSC).await.text;
    assert!(!page.contains(ONE) && page.contains("Pool of addresses") && !page.contains("user:owner"));
}

#[tokio::test]
async fn who_guesses_the_password_again_and_again_has_to_wait() {
    let house = House::limited_calls();
    house.stage.shop(Dialect::Payhook).await;
    let mut owner = house.owner().await;
    for _ in 0..10 {
        let page = owner
            .post(&format!("{BSC}/add"), &[("addresses", ONE), ("again", "guess")])
            .await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let page = add(&mut owner, ONE, &[]).await;
    assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(!owner.get(BSC).await.text.contains(ONE));
}

#[tokio::test]
async fn what_can_spend_is_never_shown_again_wherever_it_was_typed() {
    let house = House::new();
    house.stage.shop(Dialect::Payhook).await;
    let mut owner = house.owner().await;
    add(&mut owner, ONE, &[]).await;
    let prove = format!("{}/prove", page_of(&mut owner, ONE).await);
    for secret in SECRETS {
        let list = format!("{TWO}\n{secret}\n");
        let with_key = format!("{TWO},{secret}");
        for (path, fields) in [
            (format!("{BSC}/check"), vec![("addresses", list.as_str())]),
            (format!("{BSC}/check"), vec![("addresses", with_key.as_str())]),
            (
                format!("{BSC}/add"),
                vec![("addresses", list.as_str()), ("again", PASSWORD)],
            ),
            (
                format!("{BSC}/add"),
                vec![("addresses", with_key.as_str()), ("again", PASSWORD)],
            ),
            (format!("{BSC}/way"), vec![("way", "xpub"), ("account", secret)]),
            (format!("{BSC}/way"), vec![("way", "shared"), ("address", secret)]),
            (
                format!("{BSC}/way"),
                vec![
                    ("way", "xpub"),
                    ("account", ACCOUNT),
                    ("address", secret),
                    ("next_index", secret),
                ],
            ),
            (prove.clone(), vec![("signature", secret)]),
        ] {
            let page = owner.post(&path, &fields).await;
            assert!(page.text.contains("Consider it burnt"), "{path}: {}", page.text);
            let first = secret.split(' ').nth(5).unwrap_or(secret);
            assert!(!page.text.contains(first), "{path}: {}", page.text);
        }
    }
    let log = house.stage.audit_log().await;
    assert!(
        !log.contains("sausage") && !log.contains("KwFf") && !log.contains("xprv"),
        "{log}"
    );
}

#[tokio::test]
async fn an_account_is_shown_with_its_first_addresses_before_money_goes_there() {
    let house = House::new();
    house.stage.shop(Dialect::Payhook).await;
    let mut owner = house.owner().await;
    let way = format!("{BSC}/way");
    let choice = [("way", "xpub"), ("account", ACCOUNT), ("next_index", "7")];
    let page = owner.post(&way, &choice).await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(page.text.matches("<code>0x").count(), 5, "{}", page.text);
    assert!(page.text.contains("Compare these first") && page.text.contains("Fingerprint"));
    assert!(
        owner.get(BSC).await.text.contains("Pool of addresses"),
        "nothing is set yet"
    );
    let save = [&choice[..], &[("step", "save"), ("again", PASSWORD)]].concat();
    let saved = owner.post(&way, &save).await;
    assert_eq!((saved.status, saved.location()), (StatusCode::SEE_OTHER, BSC));
    let page = owner.get(BSC).await.text;
    assert!(
        page.contains("Account key") && page.contains("address number 7 of the account"),
        "{page}"
    );
    let cards = owner.get("/stores/1/addresses").await.text;
    assert!(cards.contains("address number 7") && cards.contains("<code>user:owner</code>"));

    let shared = [
        ("way", "shared"),
        ("address", ONE),
        ("step", "save"),
        ("again", PASSWORD),
    ];
    owner.post(&way, &shared).await;
    let log = house.stage.audit_log().await;
    let change = format!("on bsc: shared {ONE} (before: xpub xpub6D4BD");
    assert!(log.contains(&change), "{log}");
    let page = owner.get(&way).await.text;
    assert!(
        page.contains("Account key: xpub6D4BD"),
        "what was used before is kept: {page}"
    );
}

#[tokio::test]
async fn a_way_that_would_mix_up_payments_is_refused_with_the_reason() {
    let house = House::new();
    house.stage.shop(Dialect::Payhook).await;
    house.stage.shop(Dialect::Soko).await;
    let mut owner = house.owner().await;
    add(&mut owner, ONE, &[]).await;
    let save = [("step", "save"), ("again", PASSWORD)];
    for (path, fields, said) in [
        (
            BSC,
            [("way", "shared"), ("address", ONE)],
            "to single payments already",
        ),
        (
            "/stores/2/addresses/bsc",
            [("way", "shared"), ("address", ONE)],
            "has this address",
        ),
        (BSC, [("way", "shared"), ("address", TRON)], "an address of TRON"),
        (BSC, [("way", "xpub"), ("account", TRON)], "no account key"),
        (
            BSC,
            [("way", "xpub"), ("account", ONE)],
            "a single address, not an account key",
        ),
        (
            BSC,
            [("way", "elsewhere"), ("account", ONE)],
            "Choose a way to receive.",
        ),
    ] {
        let page = owner
            .post(&format!("{path}/way"), &[&fields[..], &save].concat())
            .await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{said}");
        assert!(page.text.contains(said), "{said}: {}", page.text);
    }
}

#[tokio::test]
async fn an_address_is_retired_and_brought_back() {
    let house = House::new();
    house.stage.shop(Dialect::Payhook).await;
    let mut owner = house.owner().await;
    add(&mut owner, ONE, &[]).await;
    let path = page_of(&mut owner, ONE).await;
    let done = owner.post(&format!("{path}/retire"), &[]).await;
    assert_eq!(
        (done.status, done.location()),
        (StatusCode::SEE_OTHER, path.as_str())
    );
    let page = owner.get(&path).await.text;
    assert!(
        page.contains("Retired; still watched") && !page.contains("id=\"retire\""),
        "{page}"
    );
    let refused = owner.post(&format!("{path}/restore"), &[]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    owner
        .post(&format!("{path}/restore"), &[("again", PASSWORD)])
        .await;
    assert!(owner.get(&path).await.text.contains("id=\"retire\""));
    let refused = owner
        .post(&format!("{path}/prove"), &[("signature", "0x12")])
        .await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains(">0x12</textarea>") && refused.text.contains("Copy it whole"));
    let log = house.stage.audit_log().await;
    assert!(
        log.contains("address.remove") && log.contains("address.restore"),
        "{log}"
    );
}

#[tokio::test]
async fn an_address_of_another_store_or_network_is_not_there() {
    let house = House::new();
    house.stage.shop(Dialect::Payhook).await;
    house.stage.shop(Dialect::Soko).await;
    let mut owner = house.owner().await;
    add(&mut owner, ONE, &[]).await;
    let path = page_of(&mut owner, ONE).await;
    let id = path.rsplit('/').next().unwrap().to_owned();
    for base in [
        format!("/stores/2/addresses/bsc/{id}"),
        format!("/stores/1/addresses/ethereum/{id}"),
        format!("/stores/1/addresses/nowhere/{id}"),
        "/stores/1/addresses/bsc/999999".to_owned(),
        "/stores/1/addresses/bsc/x".to_owned(),
    ] {
        assert_eq!(owner.get(&base).await.status, StatusCode::NOT_FOUND, "{base}");
        for act in ["retire", "restore", "prove"] {
            let page = owner.post(&format!("{base}/{act}"), &[("again", PASSWORD)]).await;
            assert_eq!(page.status, StatusCode::NOT_FOUND, "{base}/{act}");
        }
    }
    assert!(!owner.get("/stores/2/addresses/bsc").await.text.contains(ONE));
    assert!(owner.get(&path).await.text.contains("Free"));
}

#[tokio::test]
async fn a_row_that_was_swapped_in_the_database_is_shown_as_altered() {
    let house = House::new();
    house.stage.shop(Dialect::Payhook).await;
    let mut owner = house.owner().await;
    add(&mut owner, ONE, &[]).await;
    let path = page_of(&mut owner, ONE).await;
    let sql = format!("UPDATE addresses SET address = '{TWO}' WHERE address = '{ONE}'");
    house.stage.write(move |txn| txn.run_sql(&sql)).await;
    let list = owner.get(BSC).await.text;
    assert!(
        list.contains(TWO) && list.contains("Altered: never given out"),
        "{list}"
    );
    let page = owner.get(&path).await.text;
    assert!(
        page.contains("and not by payd") && !page.contains("id=\"prove\""),
        "{page}"
    );
    owner.post(&format!("{path}/retire"), &[]).await;
    let page = owner
        .post(&format!("{path}/restore"), &[("again", PASSWORD)])
        .await;
    assert_eq!(page.status, StatusCode::NOT_FOUND, "it is not put back");
}

#[tokio::test]
async fn only_owners_change_where_money_goes_and_only_they_see_account_keys() {
    let house = House::new();
    house.stage.shop(Dialect::Payhook).await;
    let mut owner = house.owner().await;
    add(&mut owner, ONE, &[]).await;
    let path = page_of(&mut owner, ONE).await;
    let save = [
        ("way", "xpub"),
        ("account", ACCOUNT),
        ("step", "save"),
        ("again", PASSWORD),
    ];
    owner.post(&format!("{BSC}/way"), &save).await;
    for (name, role) in [("bob", Role::Staff), ("eve", Role::ReadOnly)] {
        let mut guest = house.guest(name, role, Shops::All).await;
        for page in ["/stores/1/addresses", BSC, &path] {
            let seen = guest.get(page).await;
            assert_eq!(seen.status, StatusCode::OK, "{name} {page}");
            let shown = &seen.text;
            assert!(
                !shown.contains("xpub") && !shown.contains("/retire\""),
                "{name} {page}: {shown}"
            );
        }
        for page in ["add", "way"] {
            let seen = guest.get(&format!("{BSC}/{page}")).await;
            assert_eq!(seen.status, StatusCode::FORBIDDEN, "{name} {page}");
        }
        for act in [
            format!("{BSC}/add"),
            format!("{BSC}/check"),
            format!("{BSC}/way"),
            format!("{path}/retire"),
            format!("{path}/restore"),
            format!("{path}/prove"),
        ] {
            let fields = [
                ("addresses", TWO),
                ("way", "pool"),
                ("step", "save"),
                ("again", PASSWORD),
            ];
            let done = guest.post(&act, &fields).await;
            assert_eq!(done.status, StatusCode::FORBIDDEN, "{name} {act}");
        }
        let csv = guest.get(&format!("{BSC}/export")).await;
        assert_eq!(csv.headers["content-type"], "text/csv; charset=utf-8");
        assert!(
            csv.text
                .contains(&format!("{ONE},,free,,2027-01-15T08:00:00Z,,,\n")),
            "{}",
            csv.text
        );
        assert!(!csv.text.contains("xpub"));
    }
}

#[tokio::test]
async fn a_long_list_is_shown_in_pages_and_room_is_planned() {
    let house = House::new();
    house.stage.shop(Dialect::Payhook).await;
    let mut owner = house.owner().await;
    let list: Vec<String> = (1..=70_u32).map(|n| format!("0x{n:040x}")).collect();
    add(&mut owner, &list.join("\n"), &[]).await;
    let page = owner.get(BSC).await.text;
    assert_eq!(page.matches("<th scope=\"row\">").count(), 50);
    let (_, rest) = page.split_once(&format!("href=\"{BSC}?before=")).unwrap();
    let before = rest.split('"').next().unwrap();
    let page = owner.get(&format!("{BSC}?before={before}")).await.text;
    // Three were there already.
    assert_eq!(page.matches("<th scope=\"row\">").count(), 23);
    let page = owner.get(&format!("{BSC}?per_hour=1")).await.text;
    assert!(page.contains("There is room for that."), "{page}");
    let page = owner.get(&format!("{BSC}?per_hour=100")).await.text;
    assert!(page.contains("Add 2"), "{page}");
    let tron = owner.get("/stores/1/addresses/tron").await.text;
    assert!(tron.contains("73") || tron.contains("3 in all"), "{tron}");
}

#[tokio::test]
async fn simulated_networks_take_no_addresses_but_can_be_tried_with_an_account() {
    let house = House::new();
    house.stage.shop(Dialect::Payhook).await;
    let mut owner = house.owner().await;
    let path = "/stores/1/addresses/test-bsc";
    let page = owner.get(path).await.text;
    assert!(
        page.contains("simulated networks inside payd") && !page.contains("test-bsc/add"),
        "{page}"
    );
    for page in [
        owner.get(&format!("{path}/add")).await,
        owner.post(&format!("{path}/add"), &[("addresses", ONE)]).await,
        owner.post(&format!("{path}/check"), &[("addresses", ONE)]).await,
    ] {
        assert_eq!(page.status, StatusCode::NOT_FOUND);
    }
    let save = [
        ("way", "xpub"),
        ("account", ACCOUNT),
        ("step", "save"),
        ("again", PASSWORD),
    ];
    let saved = owner.post(&format!("{path}/way"), &save).await;
    assert_eq!(saved.location(), path);
}
