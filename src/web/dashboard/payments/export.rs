//! The list as a file. It is read and sent piece by piece: however long it is, no time limit cuts it and no memory is filled.

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Redirect, Response};
use futures_util::stream;

use super::filter::Filter;
use crate::engine::office::payments::export::{Export, Form};
use crate::web::dashboard::{Dashboard, InShop, problem};

pub(super) async fn csv(dashboard: State<Dashboard>, place: InShop, uri: Uri) -> Response {
    export(dashboard, place, uri, Form::Csv).await
}

pub(super) async fn json(dashboard: State<Dashboard>, place: InShop, uri: Uri) -> Response {
    export(dashboard, place, uri, Form::Json).await
}

async fn export(State(dashboard): State<Dashboard>, place: InShop, uri: Uri, form: Form) -> Response {
    let office = &dashboard.office;
    let filter = Filter::read(uri.query());
    let query = filter.query(office.registry(), place.shop.fiat);
    let export = match office.export_payments(place.shop.id, query, form).await {
        Ok(Some(export)) => export,
        // The list says that the search is too broad.
        Ok(None) => {
            let list = format!("{}{}", place.path("payments"), filter.to_query(None));
            return Redirect::to(&list).into_response();
        }
        Err(error) => return problem::failed(place.visit.t, &error),
    };
    let kind = match form {
        Form::Csv => "text/csv; charset=utf-8",
        Form::Json => "application/json",
    };
    let name = format!("attachment; filename=\"payments-{}.{form}\"", place.shop.id);
    let body = Body::from_stream(stream::try_unfold(export, next));
    (
        StatusCode::OK,
        [(CONTENT_TYPE, kind.to_owned()), (CONTENT_DISPOSITION, name)],
        body,
    )
        .into_response()
}

/// The next piece. A failure ends the answer before its end, which the browser shows as a broken download: half an export
/// must not look like a whole one.
async fn next(
    mut export: Export,
) -> Result<Option<(Bytes, Export)>, Box<dyn std::error::Error + Send + Sync>> {
    match export.next().await {
        Ok(piece) => Ok(piece.map(|piece| (Bytes::from(piece), export))),
        Err(error) => {
            tracing::error!(%error, "an export of payments ended early");
            Err(error.into())
        }
    }
}
