//! Stores, their settings and their looks, at the dashboard.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

use crate::domain::fiat::Fiat;
use crate::domain::ids::ShopId;
use crate::domain::network::Mode;
use crate::domain::picture::tests::PIXEL;
use crate::domain::shop::{Dialect, LatePolicy, Shop};
use crate::domain::user::{Role, Shops};
use crate::web::dashboard::fixture::{Guest, House, Page};

const XSS: &str = "<script>alert(1)</script>";

async fn shop(house: &House, id: i64) -> Shop {
    house.stage.shop_now(ShopId::new(id)).await
}

async fn branded(guest: &mut Guest<'_>, fields: &[(&str, &str)]) -> Page {
    guest.post("/stores/1/settings/branding", fields).await
}

#[tokio::test]
async fn an_owner_adds_a_store_and_is_told_at_the_field_what_is_wrong() {
    let house = House::new();
    house.stage.shop(Dialect::Payhook).await;
    let mut guest = house.owner().await;
    let new = |name: &'static str, website: &'static str| {
        [
            ("name", name),
            ("dialect", "crypto-pay"),
            ("website", website),
            ("currency", "EUR"),
        ]
    };
    for (name, website, said) in [
        ("", "", "1 to 64 characters"),
        ("-x", "", "cannot begin with a dash"),
        ("Berlin", "http://localhost", "a real domain only"),
        ("Berlin", "https://me@shop.example", "Without a user name"),
    ] {
        let page = guest.post("/stores", &new(name, website)).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{name} {website}");
        assert!(page.text.contains(said), "{said}");
        assert!(
            page.text.contains(&format!("value=\"{website}\"")),
            "what was typed is kept"
        );
    }
    let added = guest.post("/stores", &new("Berlin", "shop.example")).await;
    assert_eq!(added.location(), "/stores/2/settings");
    let made = shop(&house, 2).await;
    assert_eq!(
        (made.dialect, made.fiat, made.mode),
        (Dialect::CryptoPay, Fiat::Eur, Mode::Test)
    );
    assert_eq!(made.website.as_deref(), Some("https://shop.example"));
    let twice = guest.post("/stores", &new("Berlin", "")).await;
    assert!(twice.text.contains("a store of this name already"));
    let page = guest.get("/stores").await;
    assert!(page.text.contains("Berlin") && page.text.contains("EUR"));
}

#[tokio::test]
async fn a_store_is_renamed_switched_closed_and_opened() {
    let house = House::new();
    house.stage.shop(Dialect::CryptoPay).await;
    let mut guest = house.owner().await;
    let fields = [
        ("name", "New name"),
        ("website", "https://new.example/"),
        ("currency", "JPY"),
        ("language", "de"),
        ("mode", "live"),
    ];
    let saved = guest.post("/stores/1/settings", &fields).await;
    assert_eq!(saved.location(), "/stores/1/settings", "{}", saved.text);
    let now = shop(&house, 1).await;
    assert_eq!(
        (&*now.name, now.fiat, now.mode),
        ("New name", Fiat::Jpy, Mode::Live)
    );
    assert_eq!(now.language.as_deref(), Some("de"));
    guest.post("/stores/1/settings/open", &[("open", "no")]).await;
    assert!(shop(&house, 1).await.is_disabled());
    guest.post("/stores/1/settings/open", &[("open", "yes")]).await;
    assert!(!shop(&house, 1).await.is_disabled());
    for (name, wrong) in [
        ("currency", "XXX"),
        ("language", "tlh"),
        ("mode", "dead"),
        ("name", ""),
    ] {
        let fields = fields.map(|(field, value)| (field, if field == name { wrong } else { value }));
        let page = guest.post("/stores/1/settings", &fields).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        assert!(page.text.contains("class=\"mistake\""), "{name}");
    }
    assert_eq!(shop(&house, 1).await.name, "New name");
}

#[tokio::test]
async fn the_rules_of_payments_are_set_and_what_was_not_touched_stays_as_it_is() {
    let house = House::new();
    let staged = house.stage.shop(Dialect::Payhook).await;
    let odd = std::time::Duration::from_secs(61);
    house
        .stage
        .change(&staged, move |shop| shop.rules.window = odd)
        .await;
    let mut guest = house.owner().await;
    let page = guest.get("/stores/1/settings/payments").await;
    assert!(
        page.text.contains("name=\"window\" value=\"1.01\""),
        "{}",
        page.text
    );
    let fields = [
        ("window", "1.01"),
        ("cool_down", "36"),
        ("tolerance", "0,5"),
        ("markup", "-1.25"),
        ("late", "accept"),
    ];
    let path = "/stores/1/settings/payments";
    assert_eq!(guest.post(path, &fields).await.location(), path);
    let rules = shop(&house, 1).await.rules;
    assert_eq!(rules.window, odd);
    assert_eq!(rules.cool_down.as_secs(), 36 * 3600);
    assert_eq!(
        (rules.tolerance_bps, rules.markup_bps, rules.late),
        (50, -125, LatePolicy::Accept)
    );
    for (name, wrong) in [
        ("window", "0"),
        ("window", "soon"),
        ("cool_down", "-1"),
        ("cool_down", "9000"),
        ("tolerance", "101"),
        ("markup", "-51"),
        ("markup", "101"),
        ("late", "never"),
    ] {
        let fields = fields.map(|(field, value)| (field, if field == name { wrong } else { value }));
        let page = guest.post(path, &fields).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}={wrong}");
        assert!(page.text.contains("class=\"mistake\""), "{name}={wrong}");
    }
    assert_eq!(shop(&house, 1).await.rules, rules);
}

#[tokio::test]
async fn coins_are_accepted_in_the_order_of_their_numbers() {
    let house = House::new();
    house.stage.shop(Dialect::Payhook).await;
    let mut guest = house.owner().await;
    let codes = guest.get("/stores/1/settings/coins").await.text;
    assert!(codes.contains("accepts everything"), "{codes}");
    let first = codes.split("name=\"code\" value=\"").skip(1);
    let known: Vec<String> = first
        .map(|rest| rest.split('"').next().unwrap().to_owned())
        .collect();
    let (one, two) = (&*known[0], &*known[1]);
    let places = [format!("place-{one}"), format!("place-{two}")];
    let fields = [
        ("code", one),
        ("code", two),
        (&*places[0], "2"),
        (&*places[1], "1"),
    ];
    let path = "/stores/1/settings/coins";
    assert_eq!(guest.post(path, &fields).await.location(), path);
    let id = shop(&house, 1).await.id;
    let all = house.office.acceptable(id).await.unwrap();
    let kept: Vec<&str> = all
        .iter()
        .filter(|coin| coin.place.is_some())
        .map(|coin| &*coin.code)
        .collect();
    assert_eq!(kept, [two, one]);
    guest.post(path, &[("code", "NONE")]).await;
    assert!(
        guest.get(path).await.text.contains("checked"),
        "nothing was changed"
    );
    guest.post(path, &[]).await;
    assert!(guest.get(path).await.text.contains("accepts everything"));
}

#[tokio::test]
async fn confirmations_and_rates_are_set_checked_and_taken_back() {
    let house = House::new();
    house.stage.shop(Dialect::Payhook).await;
    let mut guest = house.owner().await;
    let path = "/stores/1/settings/confirmations";
    let network = house.office.live_networks()[0].clone();
    let steps = |lines: [(&'static str, &'static str); 3]| {
        let mut fields = vec![("network", network.slug.to_string())];
        for (from, count) in lines {
            fields.push(("from", from.to_owned()));
            fields.push(("confirmations", count.to_owned()));
        }
        fields
    };
    let id = shop(&house, 1).await.id;
    for (lines, said) in [
        ([("0", "1"), ("100", "x"), ("", "")], "Each line takes"),
        ([("5", "1"), ("", ""), ("", "")], "begin at 0"),
        ([("0", "2"), ("100", "1"), ("", "")], "cannot need fewer"),
        ([("0", "1"), ("100", "2"), ("50", "3")], "have to rise"),
        ([("0", "99999"), ("", ""), ("", "")], "not followed deeper"),
    ] {
        let fields = steps(lines);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, &**value)).collect();
        let page = guest.post(path, &fields).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{said}");
        assert!(page.text.contains(said), "{said}");
    }
    let fields = steps([("0", "1"), ("99.5", "3"), ("", "")]);
    let mut fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, &**value)).collect();
    assert_eq!(guest.post(path, &fields).await.location(), path);
    let own = async || {
        let all = house.office.confirmations(id).await.unwrap();
        all.into_iter().next().and_then(|(_, own)| own)
    };
    assert_eq!(own().await.unwrap().to_string(), "0=1,99.50=3");
    fields.push(("reset", "1"));
    guest.post(path, &fields).await;
    assert_eq!(own().await, None);

    let path = "/stores/1/settings/rates";
    for rate in ["0", "-1", "x", "1e3", "60,000"] {
        let page = guest
            .post(path, &[("symbol", "USDT"), ("currency", "EUR"), ("rate", rate)])
            .await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{rate}");
    }
    let fixed = [("symbol", "USDT"), ("currency", "EUR"), ("rate", "0,92")];
    assert_eq!(guest.post(path, &fixed).await.location(), path);
    assert!(guest.get(path).await.text.contains("0.92 EUR"));
    let removed = guest.post("/stores/1/settings/rates/remove", &fixed).await;
    assert_eq!(removed.location(), path);
    let again = guest.post("/stores/1/settings/rates/remove", &fixed).await;
    assert_eq!(again.status, StatusCode::NOT_FOUND);
    let rates = house.office.fixed_rates(id).await.unwrap();
    assert!(rates.is_empty());
}

#[tokio::test]
async fn a_logo_is_a_picture_and_nothing_else_and_is_served_as_one() {
    let house = House::new();
    house.stage.shop(Dialect::Payhook).await;
    let mut guest = house.owner().await;
    let polyglot = [PIXEL, b"<script>alert(1)</script>"].concat();
    let svg = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>".to_vec();
    for (file, said) in [
        (polyglot, "no whole PNG, JPEG or WebP"),
        (svg, "no whole PNG, JPEG or WebP"),
        (b"GIF89a".to_vec(), "no whole PNG, JPEG or WebP"),
        (vec![0x89; 128 * 1024 + 1], "larger than 128 KB"),
    ] {
        let page = branded(&mut guest, &[("logo", &BASE64.encode(file)), ("tagline", "kept")]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(
            page.text.contains(said) && page.text.contains("value=\"kept\""),
            "{said}"
        );
    }
    assert!(shop(&house, 1).await.brand.is_plain());
    let saved = branded(
        &mut guest,
        &[("logo", &BASE64.encode(PIXEL)), ("colour", "E11D48")],
    )
    .await;
    assert_eq!(saved.location(), "/stores/1/settings/branding", "{}", saved.text);
    let logo = shop(&house, 1).await.brand.logo.unwrap();
    let path = format!("/brand/{}.png", logo.hash);
    let served = house.stranger().get(&path).await;
    assert_eq!(served.status, StatusCode::OK);
    assert_eq!(served.headers["content-type"], "image/png");
    assert_eq!(served.headers["x-content-type-options"], "nosniff");
    assert!(
        served.headers["content-security-policy"]
            .to_str()
            .unwrap()
            .contains("sandbox")
    );
    for path in [
        path.replace(".png", ".svg"),
        path.replace(".png", ".html"),
        "/brand/.png".to_owned(),
        "/brand/0123.png".to_owned(),
        "/brand/e11d48%7D.css".to_owned(),
    ] {
        assert_eq!(
            house.stranger().get(&path).await.status,
            StatusCode::NOT_FOUND,
            "{path}"
        );
    }
    let style = house.stranger().get("/brand/e11d48.css").await;
    assert_eq!(style.headers["content-type"], "text/css; charset=utf-8");
    // Kept while nothing is said of it, gone when it is to go.
    branded(&mut guest, &[("colour", "")]).await;
    assert_eq!(shop(&house, 1).await.brand.logo, Some(logo));
    assert_eq!(house.stranger().get(&path).await.status, StatusCode::OK);
    branded(&mut guest, &[("logo_remove", "1")]).await;
    assert_eq!(shop(&house, 1).await.brand.logo, None);
    assert_eq!(house.stranger().get(&path).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_is_typed_is_text_on_every_page_and_only_https_helps() {
    let house = House::new();
    house.stage.shop(Dialect::Payhook).await;
    let mut guest = house.owner().await;
    let name = [
        ("name", XSS),
        ("website", ""),
        ("currency", "USD"),
        ("language", ""),
    ];
    guest.post("/stores/1/settings", &name).await;
    let looks = [
        ("colour", "#e11d48"),
        ("tagline", XSS),
        ("help_text", XSS),
        ("help_url", "https://shop.example/?\"><script>alert(1)</script>"),
    ];
    assert_eq!(branded(&mut guest, &looks).await.status, StatusCode::SEE_OTHER);
    for path in [
        "/stores",
        "/stores/1/settings",
        "/stores/1/settings/payments",
        "/stores/1/settings/branding",
        "/stores/1/settings/branding/preview",
        "/stores/1/keys",
    ] {
        let page = guest.get(path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        assert!(!page.text.contains("<script>alert"), "{path}");
    }
    let preview = guest.post("/stores/1/settings/branding/preview", &looks).await;
    assert!(!preview.text.contains("<script"), "a preview runs nothing at all");
    assert!(preview.text.contains("&#60;script&#62;"));
    for (name, value) in [
        ("help_url", "javascript:alert(1)"),
        ("help_url", "http://shop.example"),
        ("colour", "red;}"),
        ("tagline", "two\nlines"),
    ] {
        let page = branded(&mut guest, &[(name, value)]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        let preview = guest
            .post("/stores/1/settings/branding/preview", &[(name, value)])
            .await;
        assert!(
            !preview.text.contains("javascript:") && !preview.text.contains("red;}"),
            "{name}"
        );
    }
}

#[tokio::test]
async fn a_preview_is_of_the_typed_looks_and_of_no_other_store() {
    let house = House::new();
    house.stage.shop(Dialect::Payhook).await;
    house.stage.shop(Dialect::Soko).await;
    let mut guest = house.owner().await;
    let typed = [
        ("colour", "#123456"),
        ("tagline", "Fresh since 1998"),
        ("logo", &*BASE64.encode(PIXEL)),
        ("scheme", "dark"),
    ];
    let preview = guest.post("/stores/1/settings/branding/preview", &typed).await;
    assert_eq!(preview.status, StatusCode::OK);
    for part in [
        "Fresh since 1998",
        "data:image/png;base64,",
        "/stores/1/settings/branding/dark-123456.css",
        "PREVIEW-NOT-AN-ADDRESS-PREVIEW",
    ] {
        assert!(
            preview.text.contains(part) || part.contains("ADDRESS") && preview.text.contains("PREV"),
            "{part}"
        );
    }
    let policy = preview.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("frame-ancestors 'self'"), "{policy}");
    assert!(shop(&house, 1).await.brand.is_plain(), "nothing was saved");
    let dark = guest.get("/stores/1/settings/branding/dark-123456.css").await;
    assert!(dark.text.contains("--button:#123456") && !dark.text.contains("prefers-color-scheme"));
    assert_eq!(
        guest.get("/stores/1/settings/branding/blue-1.css").await.status,
        StatusCode::NOT_FOUND
    );
    // The other store's looks are in no preview of this one.
    guest
        .post("/stores/2/settings/branding", &[("tagline", "The other")])
        .await;
    let preview = guest.get("/stores/1/settings/branding/preview").await;
    assert!(!preview.text.contains("The other"));
}

#[tokio::test]
async fn settings_are_an_owners_and_another_stores_are_not_there() {
    let house = House::new();
    let own = house.stage.shop(Dialect::Payhook).await;
    house.stage.shop(Dialect::Soko).await;
    let pages = [
        "settings",
        "settings/payments",
        "settings/coins",
        "settings/confirmations",
        "settings/rates",
        "settings/branding",
        "settings/branding/preview",
        "keys",
    ];
    for role in [Role::Staff, Role::ReadOnly] {
        let shops = Shops::Only(BTreeSet::from([own.id]));
        let mut guest = house.guest(role.word(), role, shops).await;
        for page in pages {
            let (own, other) = (format!("/stores/1/{page}"), format!("/stores/2/{page}"));
            assert_eq!(guest.get(&own).await.status, StatusCode::FORBIDDEN, "{own}");
            assert_eq!(guest.post(&own, &[]).await.status, StatusCode::FORBIDDEN, "{own}");
            assert_eq!(guest.get(&other).await.status, StatusCode::NOT_FOUND, "{other}");
            assert_eq!(
                guest.post(&other, &[]).await.status,
                StatusCode::NOT_FOUND,
                "{other}"
            );
        }
        let list = guest.get("/stores").await;
        assert!(list.text.contains("/stores/1/overview") && !list.text.contains("/stores/2/"));
        assert!(
            !list.text.contains("name=\"dialect\""),
            "who cannot add one sees no form"
        );
        assert_eq!(guest.post("/stores", &[]).await.status, StatusCode::FORBIDDEN);
    }
}
