//! A network's addresses as a file.

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use futures_util::stream;

use super::{network_of, word};
use crate::domain::ids::{AddressId, ShopId};
use crate::domain::network::NetworkId;
use crate::engine::office::addresses::{AddressView, State as Doing};
use crate::engine::office::{Office, OfficeError};
use crate::web::dashboard::{Dashboard, InShop};

/// Rows read at once.
const PAGE: u32 = 500;

const HEADING: &str = "address,child_index,state,payment,added_at,last_used_at,proof,received\n";

struct Export {
    office: Office,
    shop: ShopId,
    network: NetworkId,
    before: AddressId,
    is_begun: bool,
}

impl Export {
    async fn next(mut self) -> Result<Option<(String, Self)>, OfficeError> {
        let mut text = String::new();
        if !self.is_begun {
            text.push_str(HEADING);
            self.is_begun = true;
        }
        let rows = self
            .office
            .addresses(self.shop, &self.network, self.before, PAGE)
            .await?;
        if let Some(last) = rows.last() {
            self.before = last.id;
        }
        for row in &rows {
            text.push_str(&line(row));
        }
        Ok((!text.is_empty()).then_some((text, self)))
    }
}

/// Nothing in it holds a comma or a quotation mark.
fn line(view: &AddressView) -> String {
    let (state, payment) = match &view.state {
        Doing::Altered => ("altered", ""),
        Doing::Held(number) => ("held", number.as_str()),
        Doing::RetiredHeld(number) => ("retired-held", number.as_str()),
        Doing::Shared => ("shared", ""),
        Doing::WasShared => ("was-shared", ""),
        Doing::Used => ("used", ""),
        Doing::Retired => ("retired", ""),
        Doing::Resting(_) => ("resting", ""),
        Doing::Free => ("free", ""),
    };
    let mut received: Vec<String> = view
        .received
        .iter()
        .map(|(asset, sum)| format!("{} {}", asset.show(*sum), asset.symbol))
        .collect();
    if !view.is_all_received {
        received.push("and more".to_owned());
    }
    let time = |at: Option<crate::domain::time::UnixMillis>| {
        at.map_or_else(String::new, crate::domain::time::UnixMillis::rfc3339)
    };
    format!(
        "{},{},{state},{payment},{},{},{},{}\n",
        // A row that was altered may hold anything.
        view.address.replace([',', '"', '\n', '\r', '=', '+', '@'], "_"),
        view.child_index
            .map_or_else(String::new, |index| index.to_string()),
        time(Some(view.created_at)),
        time(view.used_at),
        view.proved.map_or("", |(proof, _)| proof.word()),
        received.join("; "),
    )
}

pub(super) async fn csv(
    State(d): State<Dashboard>,
    place: InShop,
    Path((_, named)): Path<(String, String)>,
) -> Response {
    let network = match network_of(&d, &place, &named) {
        Ok(network) => network,
        Err(response) => return *response,
    };
    let export = Export {
        office: d.office.clone(),
        shop: place.shop.id,
        network: network.id.clone(),
        before: AddressId::new(i64::MAX),
        is_begun: false,
    };
    let body = Body::from_stream(stream::try_unfold(export, Export::next));
    let name = format!("attachment; filename=\"addresses-{}.csv\"", word(&network));
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (CONTENT_DISPOSITION, name),
    ];
    (headers, body).into_response()
}
