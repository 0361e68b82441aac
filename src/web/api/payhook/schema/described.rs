//! The description as the types and the handlers make it: what the document that is served has to say.
//!
//! utoipa writes OpenAPI 3.1; the page promises 3.0, which many generators of clients still need. The two differ
//! in how a schema says `null` and in a few words that 3.0 does not have.

use serde_json::Value;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, SecurityScheme};
use utoipa::openapi::server::Server;
use utoipa::{Modify, OpenApi, ToSchema};

use crate::web::api::description;
use crate::web::api::payhook::error::{FieldErrors, ServiceError};

/// What 400 holds: field errors, or a service error.
#[derive(ToSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "describes the two bodies; neither is built through it")]
pub(in crate::web::api::payhook) enum BadRequest {
    /// A field is wrong.
    Fields(FieldErrors),
    /// The request cannot be served as things are set up.
    Service(ServiceError),
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "payd: PayHook API",
        version = "1",
        description = "Non-custodial crypto payments: the customer's money goes straight to the wallet you control.\n\n\
            Errors come in two shapes: `{\"errors\": {\"field\": [\"message\"]}}` for fields, and \
            `{\"error\": \"message\", \"code\": \"code\"}` or `{\"detail\": \"message\"}` for everything else."
    ),
    paths(crate::web::api::payhook::create, crate::web::api::payhook::retrieve, crate::web::api::payhook::cancel),
    tags((name = "payments", description = "Create, look up and cancel payments.")),
    modifiers(&ApiKeyScheme)
)]
struct Description;

struct ApiKeyScheme;

impl Modify for ApiKeyScheme {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let key = ApiKeyValue::with_description("X-API-Key", "Your secret key. Keep it on your server.");
        openapi
            .components
            .get_or_insert_default()
            .add_security_scheme("ApiKey", SecurityScheme::ApiKey(ApiKey::Header(key)));
    }
}

/// The OpenAPI 3.0 document, without what types do not know: the webhooks.
fn made_of_types(public_url: &str) -> Value {
    let mut openapi = Description::openapi();
    openapi.info.license = None;
    openapi.servers = Some(vec![Server::new(public_url)]);
    let mut document = serde_json::to_value(&openapi).unwrap();
    lower(&mut document);
    document["openapi"] = Value::from("3.0.3");
    document
}

/// The document that is served.
fn document(public_url: &str) -> Value {
    let text = description::text("payhook", public_url).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// Writes every schema in a document in the words of OpenAPI 3.0: `null` is no type there but a flag, nothing may
/// stand beside a reference, and the names in a map are always strings.
fn lower(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(lower),
        Value::Object(map) => {
            if map.contains_key("$ref") {
                map.retain(|key, _| key == "$ref");
            }
            map.remove("propertyNames");
            if let Some(Value::Array(types)) = map.get("type") {
                let mut types = types.clone();
                types.retain(|name| name != "null");
                if let [only] = types.as_slice() {
                    map.insert("type".to_owned(), only.clone());
                    map.insert("nullable".to_owned(), Value::Bool(true));
                }
            }
            for (key, inner) in map.iter_mut() {
                // Examples are data: a `type` in one is not a schema's.
                if key != "example" {
                    lower(inner);
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[test]
fn the_document_that_is_served_says_what_the_types_say() {
    let url = "https://pay.example.com";
    let mut served = document(url);
    let webhooks = served.as_object_mut().unwrap().remove("x-webhooks");
    assert!(webhooks.is_some_and(|webhooks| webhooks.is_object()));
    let made = made_of_types(url);
    let mut differing = Vec::new();
    differences("", &served, &made, &mut differing);
    assert_eq!(differing, Vec::<String>::new(), "the types make of it: {made:#}");
}

/// The places where two documents differ.
fn differences(at: &str, one: &Value, other: &Value, found: &mut Vec<String>) {
    match (one.as_object(), other.as_object()) {
        (Some(fields), Some(others)) => {
            let missing = others.keys().filter(|key| !fields.contains_key(*key));
            found.extend(missing.map(|key| format!("{at}/{key} is missing")));
            for (key, value) in fields {
                differences(&format!("{at}/{key}"), value, &other[key], found);
            }
        }
        _ if one != other => found.push(format!("{at}: {one} is {other} by the types")),
        _ => {}
    }
}

/// Every place in the document where a 3.0 reader would stumble.
fn faults(at: &str, value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| faults(at, item, found)),
        Value::Object(map) => {
            let in_schema = !at.ends_with("/properties");
            for (key, inner) in map {
                let path = format!("{at}/{key}");
                let of_3_1 = match key.as_str() {
                    "type" => in_schema && (!inner.is_string() || inner == "null"),
                    "const" | "examples" | "$defs" | "$schema" | "jsonSchemaDialect" | "webhooks"
                    | "prefixItems" | "propertyNames" | "contentEncoding" | "contentMediaType"
                    | "identifier" => in_schema,
                    "exclusiveMinimum" | "exclusiveMaximum" => in_schema && !inner.is_boolean(),
                    "$ref" => map.len() > 1,
                    _ => false,
                };
                if of_3_1 {
                    found.push(path.clone());
                }
                if key != "example" {
                    faults(&path, inner, found);
                }
            }
        }
        _ => {}
    }
}

#[test]
fn the_document_has_nothing_that_only_openapi_3_1_knows() {
    let document = document("https://pay.example.com");
    let mut found = Vec::new();
    faults("", &document, &mut found);
    assert_eq!(found, Vec::<String>::new());
    assert_eq!(document["openapi"], "3.0.3");

    let raw = serde_json::to_value(Description::openapi()).unwrap();
    faults("", &raw, &mut found);
    assert!(
        !found.is_empty(),
        "there was nothing to lower: is `lower` still needed?"
    );
}

#[test]
fn every_call_and_every_refusal_is_described_with_its_body() {
    let document = document("https://pay.example.com");
    let number = "/api/v1/payments/{payment_number}/";
    let cancel = format!("{number}cancel/");
    for (path, method, statuses) in [
        (
            "/api/v1/payments/",
            "post",
            &[
                "200", "201", "400", "401", "403", "409", "413", "429", "500", "503",
            ][..],
        ),
        (number, "get", &["200", "401", "403", "404", "429", "500", "503"]),
        (
            &cancel,
            "post",
            &["200", "401", "403", "404", "409", "429", "500", "503"],
        ),
    ] {
        let operation = &document["paths"][path][method];
        assert_eq!(
            operation["security"],
            serde_json::json!([{"ApiKey": []}]),
            "{path}"
        );
        let responses = operation["responses"].as_object().unwrap();
        let described: Vec<&str> = responses.keys().map(String::as_str).collect();
        assert_eq!(described, statuses, "{path}");
        for (status, response) in responses {
            let schema = &response["content"]["application/json"]["schema"]["$ref"];
            let name = schema
                .as_str()
                .and_then(|text| text.strip_prefix("#/components/schemas/"));
            let name = name.unwrap_or_else(|| panic!("{path} {status} has no body"));
            assert!(document["components"]["schemas"][name].is_object(), "{name}");
        }
    }
}

#[test]
fn the_payment_is_described_as_it_is_written() {
    let document = document("https://pay.example.com");
    let payment = &document["components"]["schemas"]["Payment"];
    let property = |name: &str| payment["properties"][name].clone();
    assert_eq!(property("amount_usd_cents")["type"], "integer");
    assert_eq!(property("actual_crypto_amount")["nullable"], true);
    assert_eq!(property("confirmed_at")["nullable"], true);
    assert_eq!(property("confirmed_at")["format"], "date-time");
    assert_eq!(property("metadata")["type"], "object");
    assert_eq!(
        document["components"]["schemas"]["PaymentStatus"]["enum"],
        serde_json::json!(["pending", "confirmed", "expired", "cancelled", "failed"])
    );
    assert_eq!(payment["required"].as_array().unwrap().len(), 19);
    let create = &document["components"]["schemas"]["PaymentCreate"];
    assert_eq!(
        create["required"],
        serde_json::json!(["amount_usd_cents", "network", "currency"])
    );
    assert_eq!(
        create["properties"]["amount_usd_cents"]["maximum"],
        super::super::fields::USD_CENTS_MAX
    );
    assert_eq!(
        document["components"]["securitySchemes"]["ApiKey"]["name"],
        "X-API-Key"
    );
    assert_eq!(document["servers"][0]["url"], "https://pay.example.com");
}
