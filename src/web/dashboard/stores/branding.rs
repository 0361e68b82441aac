//! How a store's pages look, with a preview of the real thing.

use crate::web::dashboard::html::html_with;
use askama::Template;
use axum::extract::{Path, State};
use axum::http::{Uri, header};
use axum::response::{Html, IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

use super::wording::{brand_mistake, picture_mistake};
use super::{Dashboard, Flash, Form, Frame, InShop, Mistakes, Tab, frame, problem, tabs};
use crate::domain::asset::Means;
use crate::domain::brand::{Brand, HELP_TEXT_LENGTH_MAX, TAGLINE_LENGTH_MAX, colour};
use crate::domain::network::Mode;
use crate::domain::picture::Picture;
use crate::engine::office::branding::{BrandingError, LogoChange};
use crate::web::assets;
use crate::web::brand::Look;
use crate::web::checkout::preview::{Preview, page as preview_page};
use crate::web::colour::Colour;
use crate::web::text;

#[derive(Template)]
#[template(path = "dashboard/stores/branding.html")]
struct BrandingPage {
    frame: Frame,
    tabs: Vec<Tab>,
    /// What is there, or what was typed.
    colour: String,
    tagline: String,
    help_text: String,
    help_url: String,
    /// The URL of the logo that is there.
    logo: Option<String>,
    /// The picture that was sent along with what was wrong, in base64.
    sent: String,
    preview_path: String,
    mistakes: Mistakes,
}

fn render(place: &InShop, form: Option<&Form>, mistakes: Mistakes) -> Response {
    let brand = &place.shop.brand;
    let typed = |name: &str, known: &str| form.map_or(known, |form| form.get(name)).to_owned();
    let status = mistakes.status();
    let page = BrandingPage {
        frame: frame(place),
        tabs: tabs(place, "settings/branding"),
        colour: typed("colour", &brand.colour),
        tagline: typed("tagline", &brand.tagline),
        help_text: typed("help_text", &brand.help_text),
        help_url: typed("help_url", &brand.help_url),
        logo: Look::of(&place.shop, "").logo,
        sent: match mistakes.of("logo").is_empty() {
            true => typed("logo", ""),
            false => String::new(),
        },
        preview_path: place.path("settings/branding/preview"),
        mistakes,
    };
    html_with(status, &page)
}

pub(super) async fn page(place: InShop) -> Response {
    render(&place, None, Mistakes::default())
}

fn brand_of(form: &Form) -> Brand {
    let typed = |name: &str| form.get(name).to_owned();
    Brand {
        colour: typed("colour"),
        tagline: typed("tagline"),
        help_text: typed("help_text"),
        help_url: typed("help_url"),
        logo: None,
    }
}

/// What was sent as a picture; what is not base64 is none, as the check of the picture will say.
fn logo_of(form: &Form) -> LogoChange {
    match (form.get("logo"), form.has("logo_remove")) {
        (_, true) => LogoChange::Remove,
        ("", false) => LogoChange::Keep,
        (text, false) => LogoChange::Replace(BASE64.decode(text).unwrap_or_default()),
    }
}

pub(super) async fn save(State(dashboard): State<Dashboard>, place: InShop, form: Form) -> Response {
    let t = place.visit.t;
    let by = place.visit.by(&dashboard.office);
    let set = dashboard
        .office
        .set_branding(by, place.shop.id, brand_of(&form), logo_of(&form));
    let mistakes = match set.await {
        Ok(_) => return Flash::new("branding-saved", place.path("settings/branding")).into_response(),
        Err(BrandingError::Brand(error)) => brand_mistake(t, error),
        Err(BrandingError::Picture(error)) => picture_mistake(t, error),
        Err(error) => return problem::failed(t, &error),
    };
    render(&place, Some(&form), mistakes)
}

/// The page as it is, in the scheme that the query names.
pub(super) async fn preview(State(dashboard): State<Dashboard>, place: InShop, uri: Uri) -> Response {
    let is_dark = uri.query().is_some_and(|query| query.contains("scheme=dark"));
    let logo = Look::of(&place.shop, "").logo;
    let brand = place.shop.brand.clone();
    show(&dashboard, place, brand, logo, is_dark)
}

/// The page as it would be. What cannot be taken of what was typed is left out of it: who saves it is told.
pub(super) async fn preview_of(State(dashboard): State<Dashboard>, place: InShop, form: Form) -> Response {
    let typed = brand_of(&form);
    let brand = Brand {
        colour: colour(&typed.colour).unwrap_or_default(),
        help_url: crate::domain::brand::help_url(&typed.help_url).unwrap_or_default(),
        tagline: typed.tagline.chars().take(TAGLINE_LENGTH_MAX).collect(),
        help_text: typed.help_text.chars().take(HELP_TEXT_LENGTH_MAX).collect(),
        logo: None,
    };
    let logo = match logo_of(&form) {
        LogoChange::Keep => Look::of(&place.shop, "").logo,
        LogoChange::Remove => None,
        LogoChange::Replace(file) => Picture::read(&file).ok().map(|picture| {
            let bytes = BASE64.encode(&picture.bytes);
            format!("data:{};base64,{bytes}", picture.kind.content_type())
        }),
    };
    show(&dashboard, place, brand, logo, form.get("scheme") == "dark")
}

fn show(dashboard: &Dashboard, place: InShop, brand: Brand, logo: Option<String>, is_dark: bool) -> Response {
    let scheme = if is_dark { "dark" } else { "light" };
    let digits = brand.colour.trim_start_matches('#');
    let style = place.path(&format!("settings/branding/{scheme}-{digits}.css"));
    let own = place.shop.language.as_deref().and_then(text::named);
    let language = own.unwrap_or(place.visit.t);
    let Some(means) = sample_means(dashboard) else {
        return problem::not_found(&place.visit);
    };
    let mut shop = place.shop;
    shop.brand = brand;
    let preview = Preview {
        shop,
        means,
        language,
        style,
        logo,
        now: dashboard.office.now(),
    };
    Html(preview_page(preview, &dashboard.settings.public_url)).into_response()
}

/// A stablecoin, else whatever there is.
fn sample_means(dashboard: &Dashboard) -> Option<Means> {
    let registry = dashboard.office.registry();
    let live = registry.networks().filter(|network| network.mode == Mode::Live);
    let mut assets: Vec<_> = live.flat_map(|network| registry.assets_of(&network.id)).collect();
    assets.sort_by_key(|asset| &*asset.symbol != "USDT");
    let asset = assets.first()?;
    registry.means(&asset.network, &asset.currency)
}

/// The checkout's style sheet with a colour, in one scheme whatever the browser's: `dark-e11d48.css`.
pub(super) async fn style(place: InShop, Path((_, look)): Path<(String, String)>) -> Response {
    let parts = look.strip_suffix(".css").and_then(|name| name.split_once('-'));
    let (scheme, digits) = match parts {
        Some(("dark", digits)) => ("dark", digits),
        Some(("light", digits)) => ("light", digits),
        _ => return problem::not_found(&place.visit),
    };
    let other = if scheme == "dark" { "light" } else { "dark" };
    let colour = Colour::parse(digits).map(Colour::checkout_style);
    let sheet = assets::text("checkout/checkout.css").unwrap_or_default() + &colour.unwrap_or_default();
    let forced = sheet
        .replace("color-scheme: light dark", &format!("color-scheme: {scheme}"))
        .replace("(prefers-color-scheme:", "(prefers-color-scheme: ")
        .replace("(prefers-color-scheme:  ", "(prefers-color-scheme: ")
        .replace(&format!("(prefers-color-scheme: {scheme})"), "all")
        .replace(&format!("(prefers-color-scheme: {other})"), "not all");
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], forced).into_response()
}
