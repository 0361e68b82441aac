//! A source of the merchant's own: any JSON over HTTP, with a pointer (RFC 6901) to the price.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

use super::{Ask, BadReply, Object, Reader, quote};
use crate::domain::pricing::filled;
use crate::domain::time::UnixMillis;
use crate::net::{BadEndpoint, Endpoint};
use crate::rates::number::price_in;
use crate::rates::{OwnSource, Quote};

/// How deep a pointer may lead.
const DEPTH_MAX: usize = 16;

/// Where in a reply which price stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::rates) struct Spot {
    pointer: String,
    base: String,
    quote: String,
}

pub(super) fn asks(source: &OwnSource) -> Result<Vec<Ask>, BadEndpoint> {
    let mut by_url: BTreeMap<String, Vec<Spot>> = BTreeMap::new();
    for symbol in &source.symbols {
        for fiat in &source.fiats {
            let fill = |template: &str| filled(template, symbol, fiat);
            by_url.entry(fill(&source.url)).or_default().push(Spot {
                pointer: fill(&source.pointer),
                base: symbol.clone(),
                quote: fiat.clone(),
            });
        }
    }
    by_url
        .into_iter()
        .map(|(url, spots)| {
            Ok(Ask {
                endpoint: Endpoint::parse(&url, source.headers.clone())?,
                path: String::new(),
                path_of_all: None,
                reader: Reader::Own(spots),
            })
        })
        .collect()
}

pub(super) fn read(body: &[u8], spots: &[Spot], now: UnixMillis) -> Result<Vec<Quote>, BadReply> {
    let root: &RawValue = serde_json::from_slice(body).map_err(|_| BadReply::Malformed("it is not JSON"))?;
    Ok(spots
        .iter()
        .filter_map(|spot| {
            let price = price_in(at(root, &spot.pointer)?)?;
            Some(quote(&spot.base, &spot.quote, price, now))
        })
        .collect())
}

/// The value that a pointer leads to.
fn at<'a>(root: &'a RawValue, pointer: &str) -> Option<&'a RawValue> {
    let mut here = root;
    let steps = pointer.split('/').skip(1);
    if steps.clone().count() > DEPTH_MAX {
        return None;
    }
    for step in steps {
        let key = step.replace("~1", "/").replace("~0", "~");
        here = if here.get().trim_start().starts_with('[') {
            let items: Vec<&RawValue> = serde_json::from_str(here.get()).ok()?;
            items.get(key.parse::<usize>().ok()?).copied()?
        } else {
            let fields: Object<'_> = serde_json::from_str(here.get()).ok()?;
            fields.get(&key).copied()?
        };
    }
    Some(here)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pointer_leads_to_a_value_as_rfc_6901_says() {
        let json = r#"{"a": [ {"b/c": {"~": "1.5"}}, 2.50 ], "": 3}"#;
        let root: &RawValue = serde_json::from_str(json).unwrap();
        for (pointer, value) in [
            ("/a/0/b~1c/~0", Some("\"1.5\"")),
            ("/a/1", Some("2.50")),
            ("/", Some("3")),
            ("/a/2", None),
            ("/a/x", None),
            ("/nothing", None),
            ("/a/1/x", None),
        ] {
            assert_eq!(at(root, pointer).map(RawValue::get), value, "{pointer}");
        }
        assert_eq!(at(root, "").map(RawValue::get), Some(json));
    }
}
