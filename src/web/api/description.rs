//! The descriptions of the APIs: OpenAPI 3.0 documents, one file each, with what the standard has no room for under
//! `x-webhooks`. Knows no API; tests hold each document against what its API says.

use crate::web::assets;

/// What stands in the files for the address of this payd.
const STAND_IN: &str = "https://payd.invalid";

/// The description of the API of this name, such as `soko`, for a payd that is found at `public_url` (without closing
/// slash); `None` when there is no such API.
#[must_use]
pub fn text(api: &str, public_url: &str) -> Option<String> {
    let quoted = serde_json::to_string(public_url).ok()?;
    let url = quoted.trim_matches('"');
    Some(assets::text(&format!("docs/openapi/{api}.json"))?.replace(STAND_IN, url))
}
