//! Stores: made, changed, and which of them somebody sees.

use std::time::Duration;

use serde_json::{Map, Value, json};

use super::{By, Office, OfficeError};
use crate::domain::fiat::Fiat;
use crate::domain::ids::ShopId;
use crate::domain::network::Mode;
use crate::domain::shop::{Dialect, LatePolicy, Rules, Shop};
use crate::domain::user::User;
use crate::domain::website::{self, WebsiteError};
use crate::store::{StoreError, Txn, shops};

/// Characters of a store's name.
pub const NAME_LENGTH_MAX: usize = 64;

/// The languages that customers' pages are there in.
pub const LANGUAGES: [&str; 8] = ["en", "ru", "zh", "es", "de", "fr", "pt", "ja"];

const WINDOW: std::ops::RangeInclusive<Duration> = Duration::from_secs(60)..=Duration::from_secs(30 * 86_400);
const COOL_DOWN_MAX: Duration = Duration::from_secs(365 * 86_400);
const TOLERANCE_BPS_MAX: u16 = 10_000;

/// Why a store was not made or changed. Nothing was.
#[derive(Debug, thiserror::Error)]
pub enum ShopError {
    /// The database refused or failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// There is no such store.
    #[error("there is no store {0}; see `payd store list`")]
    Unknown(ShopId),
    /// Not a name.
    #[error("a store's name has 1 to {NAME_LENGTH_MAX} characters and no line breaks; customers see it")]
    Name,
    /// A shell would take it for an option.
    #[error("a store's name does not begin with `-`: commands would take it for an option")]
    NameLikeOption,
    /// Another store's name.
    #[error("there is a store called `{0}` already; see `payd store list`")]
    NameTaken(String),
    /// Not a web site, or not one that the API takes.
    #[error(transparent)]
    Website(#[from] WebsiteError),
    /// Another store's web site.
    #[error("the web site {site} belongs to store `{store}` already")]
    SiteTaken {
        /// In its one form.
        site: String,
        /// Whose.
        store: String,
    },
    /// Too short or too long.
    #[error("the window must be from 1m to 30d; customers need some minutes to pay")]
    Window,
    /// Too long.
    #[error("the cool-down must be at most 365d")]
    CoolDown,
    /// More than everything.
    #[error("the tolerance is at most 10000 basis points")]
    Tolerance,
    /// Nearly all off, or a multiple of the price.
    #[error("the markup is from -5000 to 10000 basis points")]
    Markup,
    /// The API has no such switch.
    #[error("only crypto-pay stores have a test and a live mode; with the other APIs the key alone decides")]
    Mode,
    /// Not one of those there are.
    #[error("there are no pages in that language")]
    Language,
}

/// A store to be made.
#[derive(Debug, Clone)]
pub struct NewShop {
    /// What customers see.
    pub name: String,
    /// The API it is made for.
    pub dialect: Dialect,
    /// As it was typed.
    pub website: Option<String>,
    /// What the merchant reckons in.
    pub fiat: Fiat,
    /// Its rules.
    pub rules: Rules,
}

/// What is to be changed of a store's rules; what is `None` stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RuleChange {
    /// How long a customer has to pay.
    pub window: Option<Duration>,
    /// How long an address rests.
    pub cool_down: Option<Duration>,
    /// How much less than due still counts as paid.
    pub tolerance_bps: Option<u16>,
    /// What to do with late money.
    pub late: Option<LatePolicy>,
    /// How much more than the price is asked for.
    pub markup_bps: Option<i32>,
}

/// What is to be changed of a store; what is `None` stays.
#[derive(Debug, Clone, Default)]
pub struct ShopChange {
    /// The name.
    pub name: Option<String>,
    /// As it was typed; an empty text takes it away.
    pub website: Option<String>,
    /// Which keys its own API takes.
    pub mode: Option<Mode>,
    /// Whether it takes no calls.
    pub is_disabled: Option<bool>,
    /// The language of its pages; `Some(None)` for the customer's.
    pub language: Option<Option<String>>,
    /// What the merchant reckons in.
    pub fiat: Option<Fiat>,
    /// Its rules.
    pub rules: RuleChange,
}

impl RuleChange {
    /// The rules with the change made.
    ///
    /// # Errors
    /// [`ShopError`] when a rule makes no sense.
    pub fn apply(&self, rules: &Rules) -> Result<Rules, ShopError> {
        let changed = Rules {
            window: self.window.unwrap_or(rules.window),
            cool_down: self.cool_down.unwrap_or(rules.cool_down),
            tolerance_bps: self.tolerance_bps.unwrap_or(rules.tolerance_bps),
            late: self.late.unwrap_or(rules.late),
            markup_bps: self.markup_bps.unwrap_or(rules.markup_bps),
        };
        if self.window.is_some_and(|window| !WINDOW.contains(&window)) {
            return Err(ShopError::Window);
        }
        if self.cool_down.is_some_and(|cool_down| cool_down > COOL_DOWN_MAX) {
            return Err(ShopError::CoolDown);
        }
        if self.tolerance_bps.is_some_and(|bps| bps > TOLERANCE_BPS_MAX) {
            return Err(ShopError::Tolerance);
        }
        if self
            .markup_bps
            .is_some_and(|bps| !Rules::MARKUP_BPS.contains(&bps))
        {
            return Err(ShopError::Markup);
        }
        Ok(changed)
    }
}

/// Makes a store.
///
/// # Errors
/// [`ShopError`].
pub fn add(txn: &Txn<'_>, by: &By, new: &NewShop) -> Result<Shop, ShopError> {
    let name = checked_name(&new.name)?;
    let website = new.website.as_deref().filter(|text| !text.trim().is_empty());
    let website = website
        .map(|text| website::parse(text, new.dialect))
        .transpose()?;
    refuse_taken_name(txn, &name, None)?;
    if let Some(site) = &website {
        refuse_taken_site(txn, site, new.dialect, None)?;
    }
    let id = shops::insert(txn, &name, new.dialect, website.as_deref(), &new.rules, by.at)?;
    let mut shop = shops::by_id(txn, id)?.ok_or(ShopError::Unknown(id))?;
    if shop.fiat != new.fiat {
        shop.fiat = new.fiat;
        shops::update(txn, &shop)?;
    }
    by.write_down(txn, "store.add", &name, new.dialect.word())?;
    Ok(shop)
}

/// Changes a store; payments that are there keep their rules. Returns it as it was and as it is.
///
/// # Errors
/// [`ShopError`].
pub fn change(txn: &Txn<'_>, by: &By, id: ShopId, what: &ShopChange) -> Result<(Shop, Shop), ShopError> {
    let was = shops::by_id(txn, id)?.ok_or(ShopError::Unknown(id))?;
    let mut shop = was.clone();
    shop.rules = what.rules.apply(&was.rules)?;
    if let Some(name) = &what.name {
        shop.name = checked_name(name)?;
        refuse_taken_name(txn, &shop.name, Some(id))?;
    }
    if let Some(mode) = what
        .mode
        .filter(|mode| *mode != was.mode || was.dialect != Dialect::CryptoPay)
    {
        if shop.dialect != Dialect::CryptoPay {
            return Err(ShopError::Mode);
        }
        shop.mode = mode;
    }
    match what.is_disabled {
        None => {}
        // It says since when.
        Some(true) => shop.disabled_at = was.disabled_at.or(Some(by.at)),
        Some(false) => shop.disabled_at = None,
    }
    if let Some(language) = &what.language {
        if language.as_deref().is_some_and(|code| !LANGUAGES.contains(&code)) {
            return Err(ShopError::Language);
        }
        shop.language.clone_from(language);
    }
    shop.fiat = what.fiat.unwrap_or(was.fiat);
    match what.website.as_deref().map(str::trim) {
        None => {}
        Some("") => shop.website = None,
        Some(text) => {
            let site = website::parse(text, shop.dialect)?;
            refuse_taken_site(txn, &site, shop.dialect, Some(id))?;
            shop.website = Some(site);
        }
    }
    shops::update(txn, &shop)?;
    let changes = changes(&was, &shop);
    if !changes.is_empty() {
        by.write_down(txn, "store.set", &was.name, &Value::Object(changes).to_string())?;
    }
    Ok((was, shop))
}

/// What is different now, for the audit log.
fn changes(was: &Shop, is: &Shop) -> Map<String, Value> {
    let (old, new) = (&was.rules, &is.rules);
    let all = [
        ("name", was.name != is.name, json!(is.name)),
        ("website", was.website != is.website, json!(is.website)),
        ("mode", was.mode != is.mode, json!(is.mode.word())),
        (
            "disabled",
            was.is_disabled() != is.is_disabled(),
            json!(is.is_disabled()),
        ),
        ("language", was.language != is.language, json!(is.language)),
        ("currency", was.fiat != is.fiat, json!(is.fiat.word())),
        ("window_s", old.window != new.window, json!(new.window.as_secs())),
        (
            "cool_down_s",
            old.cool_down != new.cool_down,
            json!(new.cool_down.as_secs()),
        ),
        (
            "tolerance_bps",
            old.tolerance_bps != new.tolerance_bps,
            json!(new.tolerance_bps),
        ),
        ("late_policy", old.late != new.late, json!(new.late.word())),
        (
            "markup_bps",
            old.markup_bps != new.markup_bps,
            json!(new.markup_bps),
        ),
    ];
    all.into_iter()
        .filter(|(_, is_changed, _)| *is_changed)
        .map(|(name, _, value)| (name.to_owned(), value))
        .collect()
}

fn checked_name(name: &str) -> Result<String, ShopError> {
    let name = name.trim();
    let length = name.chars().count();
    if length == 0 || length > NAME_LENGTH_MAX || name.chars().any(char::is_control) {
        return Err(ShopError::Name);
    }
    if name.starts_with('-') {
        return Err(ShopError::NameLikeOption);
    }
    Ok(name.to_owned())
}

fn refuse_taken_name(txn: &Txn<'_>, name: &str, own: Option<ShopId>) -> Result<(), ShopError> {
    match shops::by_name(txn, name)? {
        Some(other) if Some(other.id) != own => Err(ShopError::NameTaken(name.to_owned())),
        Some(_) | None => Ok(()),
    }
}

/// A web site belongs to one store; a crypto-pay project has its whole domain to itself.
fn refuse_taken_site(
    txn: &Txn<'_>,
    site: &str,
    dialect: Dialect,
    own: Option<ShopId>,
) -> Result<(), ShopError> {
    let host = website::host(site);
    let is_project = |dialect| dialect == Dialect::CryptoPay;
    let other = shops::all(txn)?.into_iter().find(|other| {
        own != Some(other.id)
            && (other.website.as_deref() == Some(site)
                || (is_project(dialect) || is_project(other.dialect))
                    && other.website.as_deref().and_then(website::host) == host)
    });
    match other {
        Some(other) => Err(ShopError::SiteTaken {
            site: site.to_owned(),
            store: other.name,
        }),
        None => Ok(()),
    }
}

impl Office {
    /// The stores that a user sees, by age.
    ///
    /// # Errors
    /// [`OfficeError`].
    pub async fn shops_of(&self, user: &User) -> Result<Vec<Shop>, OfficeError> {
        let mut all = self.engine.database.read(shops::all).await?;
        all.retain(|shop| user.shops.has(shop.id));
        Ok(all)
    }

    /// A store, if there is one and the user sees it.
    ///
    /// # Errors
    /// [`OfficeError`].
    pub async fn shop_of(&self, user: &User, id: ShopId) -> Result<Option<Shop>, OfficeError> {
        if !user.shops.has(id) {
            return Ok(None);
        }
        Ok(self
            .engine
            .database
            .read(move |txn| shops::by_id(txn, id))
            .await?)
    }

    /// Makes a store.
    ///
    /// # Errors
    /// [`ShopError`].
    pub async fn add_shop(&self, by: By, new: NewShop) -> Result<Shop, ShopError> {
        self.engine.database.write(move |txn| add(txn, &by, &new)).await
    }

    /// Changes a store.
    ///
    /// # Errors
    /// [`ShopError`].
    pub async fn change_shop(&self, by: By, id: ShopId, what: ShopChange) -> Result<Shop, ShopError> {
        let changed = self.engine.database.write(move |txn| change(txn, &by, id, &what));
        changed.await.map(|(_, shop)| shop)
    }
}
