//! Holds JSON against the schemas of an OpenAPI document.

use serde_json::Value;

use super::daemon::Reply;

/// Checks that a reply is described, and is as described.
///
/// # Panics
/// When it is not.
pub fn check(document: &Value, method: &str, path: &str, reply: &Reply) {
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

/// Where a value is not as its schema says: as much of OpenAPI 3.0 as the descriptions use.
pub fn faults(document: &Value, schema: &Value, value: &Value, at: &str) -> Vec<String> {
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
        Some("number") => value.is_number(),
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
