//! The description of the API, held against what the API says; and the page that shows it.

use serde_json::{Value, json};

use super::{PAYMENTS, create, example, shop};
use crate::harness::browser::{Browser, Scheme};
use crate::harness::daemon::Reply;

#[tokio::test]
async fn the_description_is_openapi_3_0_and_real_replies_are_as_it_says() {
    let (daemon, key) = shop().await;
    let document = daemon.get("/api/v1/schema/", &[]).await.json();
    assert!(
        document["openapi"].as_str().unwrap().starts_with("3.0."),
        "{}",
        document["openapi"]
    );
    assert_eq!(document["servers"][0]["url"], json!(daemon.url("")));
    let headers = [("x-api-key", key.api_key.as_str())];

    let made = create(&daemon, &key, &example()).await;
    let number = made.json()["payment_number"].as_str().unwrap().to_owned();
    let paid = create(
        &daemon,
        &key,
        &json!({ "amount_usd_cents": 1, "network": "tron", "currency": "usdt" }),
    )
    .await
    .json();
    let paid = paid["payment_number"].as_str().unwrap();
    daemon.simulate(paid, "exact");
    daemon.wait_for_status(paid, "paid").await;

    let (retrieve, cancel) = (
        format!("{PAYMENTS}{{payment_number}}/"),
        format!("{PAYMENTS}{{payment_number}}/cancel/"),
    );
    let at = |path: &str, number: &str| path.replace("{payment_number}", number);
    let nobody = [("x-api-key", "pk_00")];
    let replies = [
        ("post", PAYMENTS, made),
        (
            "post",
            PAYMENTS,
            create(&daemon, &key, &json!({ "network": 5 })).await,
        ),
        ("post", PAYMENTS, daemon.post(PAYMENTS, &nobody, &example()).await),
        (
            "post",
            PAYMENTS,
            daemon.send("POST", PAYMENTS, &headers, "x".repeat(70_000)).await,
        ),
        ("get", &retrieve, daemon.get(&at(&retrieve, paid), &headers).await),
        (
            "get",
            &retrieve,
            daemon.get(&at(&retrieve, "PAY-2026-999999"), &headers).await,
        ),
        (
            "get",
            &retrieve,
            daemon.get(&at(&retrieve, &number), &nobody).await,
        ),
        (
            "post",
            &cancel,
            daemon.post(&at(&cancel, &number), &headers, &json!({})).await,
        ),
        (
            "post",
            &cancel,
            daemon.post(&at(&cancel, &number), &headers, &json!({})).await,
        ),
        (
            "post",
            &cancel,
            daemon.post(&at(&cancel, paid), &nobody, &json!({})).await,
        ),
    ];
    for (method, path, reply) in &replies {
        check(&document, method, path, reply);
    }
    let request =
        &document["paths"][PAYMENTS]["post"]["requestBody"]["content"]["application/json"]["schema"];
    assert_eq!(
        faults(&document, request, &example(), "request"),
        Vec::<String>::new()
    );
}

fn check(document: &Value, method: &str, path: &str, reply: &Reply) {
    let response = &document["paths"][path][method]["responses"][reply.status.to_string()];
    assert!(
        response.is_object(),
        "{method} {path} {} is not described",
        reply.status
    );
    let schema = &response["content"]["application/json"]["schema"];
    let found = faults(document, schema, &reply.json(), "reply");
    assert!(found.is_empty(), "{method} {path}: {found:?} in {reply:?}");
}

/// Where a value is not as its schema says: as much of OpenAPI 3.0 as the description uses.
fn faults(document: &Value, schema: &Value, value: &Value, at: &str) -> Vec<String> {
    if let Some(reference) = schema["$ref"].as_str() {
        let target = document.pointer(reference.trim_start_matches('#'));
        return faults(
            document,
            target.unwrap_or_else(|| panic!("no {reference}")),
            value,
            at,
        );
    }
    if value.is_null() && schema["nullable"] == true {
        return Vec::new();
    }
    for (word, is_enough) in [("oneOf", 1..=1), ("anyOf", 1..=usize::MAX)] {
        if let Some(choices) = schema[word].as_array() {
            let fitting = choices
                .iter()
                .filter(|choice| faults(document, choice, value, at).is_empty())
                .count();
            return if is_enough.contains(&fitting) {
                Vec::new()
            } else {
                vec![format!("{at}: {fitting} of {word} fit")]
            };
        }
    }
    if let Some(all) = schema["allOf"].as_array() {
        return all
            .iter()
            .flat_map(|part| faults(document, part, value, at))
            .collect();
    }
    if schema.as_object().is_some_and(serde_json::Map::is_empty) {
        return Vec::new();
    }
    let is_typed = match schema["type"].as_str() {
        Some("string") => value.is_string(),
        Some("integer") => value.is_i64() || value.is_u64(),
        Some("object") => value.is_object(),
        Some("array") => value.is_array(),
        Some("boolean") => value.is_boolean(),
        other => panic!("{at}: a type that this check does not know: {other:?} in {schema}"),
    };
    let mut found = Vec::new();
    if !is_typed {
        found.push(format!("{at}: {value} is no {}", schema["type"]));
    }
    if let Some(words) = schema["enum"].as_array()
        && !words.contains(value)
    {
        found.push(format!("{at}: {value} is none of {words:?}"));
    }
    if schema["format"] == "date-time"
        && !value
            .as_str()
            .is_some_and(|text| text.len() == 20 && text.ends_with('Z'))
    {
        found.push(format!("{at}: {value} is no time"));
    }
    for name in schema["required"].as_array().into_iter().flatten() {
        if value.get(name.as_str().unwrap()).is_none() {
            found.push(format!("{at}: {name} is missing"));
        }
    }
    for (name, inner) in value.as_object().into_iter().flatten() {
        let path = format!("{at}.{name}");
        match (schema["properties"].get(name), schema.get("additionalProperties")) {
            (Some(property), _) => found.extend(faults(document, property, inner, &path)),
            (None, Some(any)) if any.is_object() => found.extend(faults(document, any, inner, &path)),
            (None, _) if schema["properties"].is_null() => {}
            (None, _) => found.push(format!("{path} is not described")),
        }
    }
    if let (Some(items), Some(all)) = (schema.get("items"), value.as_array()) {
        found.extend(all.iter().flat_map(|item| faults(document, items, item, at)));
    }
    found
}

#[tokio::test]
async fn the_page_of_the_api_is_shown_without_errors_and_without_the_internet() {
    let (daemon, _) = shop().await;
    let mut browser = Browser::start().await;
    let opened = browser.open(&daemon.url("/docs/payhook")).await;
    assert_eq!(opened["status"], 200);
    browser.wait_for(".opblock-post").await;
    assert_eq!(browser.count(".opblock").await, 3);
    for (width, height, scheme, name) in [
        (1280, 900, Scheme::Light, "docs-desktop-light"),
        (390, 844, Scheme::Dark, "docs-phone-dark"),
    ] {
        browser.view(width, height, scheme).await;
        browser.screenshot(name, false).await;
    }
    browser.click(".opblock-post .opblock-summary-control").await;
    browser.wait_for_text("amount_usd_cents").await;
    browser.screenshot("docs-open-phone-dark", true).await;
    browser.open(&daemon.url("/")).await;
    browser.screenshot("front-phone-dark", false).await;
    assert_eq!(browser.axe().await, Vec::<Value>::new());
    assert_eq!(browser.console_errors().await, Vec::<Value>::new());
    assert_eq!(browser.foreign_requests().await, Vec::<Value>::new());
}
