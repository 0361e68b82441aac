//! The page on which people give to a store, and what they gave and said.

use super::prices::{PriceError, price};
use super::{By, Office, OfficeError};
use crate::domain::donation::{Donation, DonationPage, Given, is_colour};
use crate::domain::ids::{PaymentId, PaymentNumber, ShopId};
use crate::domain::money::{Fiat, FiatAmount};
use crate::domain::payment::Payment;
use crate::domain::shop::Shop;
use crate::store::{StoreError, Txn, donations, payments};

/// Characters of a page's heading.
pub const TITLE_LENGTH_MAX: usize = 100;

/// Characters of what a page says below.
pub const TEXT_LENGTH_MAX: usize = 1000;

/// More than fit on the page beside each other.
pub const AMOUNTS_MAX: usize = 10;

/// The largest amount that a visitor can give, in whole units.
const AMOUNT_MAX: u64 = 1_000_000_000;

/// Why a page stays as it is.
#[derive(Debug, thiserror::Error)]
pub enum PageError {
    /// The store refused or failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Its amounts mean something else in another currency.
    #[error("the amounts and the goal are in {old}: give --amounts and --goal in {new} too")]
    OtherCurrency {
        /// The page's currency.
        old: Fiat,
        /// What it was to become.
        new: Fiat,
    },
    /// A text is too long.
    #[error("{what} has at most {length_max} characters")]
    TooLong {
        /// Which text.
        what: What,
        /// Characters.
        length_max: usize,
    },
    /// A text has characters that are none.
    #[error("{0} has no control characters but line breaks")]
    Control(What),
    /// An amount is none.
    #[error(transparent)]
    Amount(#[from] PriceError),
    /// Nobody gives so much.
    #[error("{amount} is more than can be given at once: at most {largest}")]
    TooMuch {
        /// What was typed.
        amount: FiatAmount,
        /// The most there can be.
        largest: FiatAmount,
    },
    /// Too many amounts.
    #[error("a page shows at most {AMOUNTS_MAX} amounts")]
    TooMany,
    /// Not a colour.
    #[error("a colour is written like '#e11d48', in quotation marks; or none")]
    Colour,
    /// The goal is no amount.
    #[error("the goal is not right")]
    Goal(#[source] PriceError),
}

/// Which text of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// The heading.
    Title,
    /// What it says below.
    Text,
}

impl std::fmt::Display for What {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Title => "the title",
            Self::Text => "the text",
        })
    }
}

/// What is to be changed of a page, as it was typed; what is `None` stays.
#[derive(Debug, Clone, Default)]
pub struct PageChange {
    /// Whether it is open.
    pub is_enabled: Option<bool>,
    /// Its heading.
    pub title: Option<String>,
    /// What it says below.
    pub text: Option<String>,
    /// The currency of its amounts.
    pub fiat: Option<Fiat>,
    /// Amounts to choose from, separated by commas.
    pub amounts: Option<String>,
    /// Its accent colour, with or without `#`, or `none`.
    pub colour: Option<String>,
    /// What is to be reached, or `none`.
    pub goal: Option<String>,
    /// Whether donations send webhooks.
    pub sends_webhooks: Option<bool>,
}

/// Changes a store's page.
///
/// # Errors
/// [`PageError`].
pub fn set_page(txn: &Txn<'_>, by: &By, shop: &Shop, change: &PageChange) -> Result<DonationPage, PageError> {
    let page = changed(donations::page_of(txn, shop.id)?, change)?;
    donations::set_page(txn, shop.id, &page)?;
    by.write_down(txn, "donation.set", &shop.name, &page_json(&page).to_string())?;
    Ok(page)
}

/// The page as this makes it.
fn changed(page: Option<DonationPage>, change: &PageChange) -> Result<DonationPage, PageError> {
    let is_new = page.is_none();
    let mut page = page.unwrap_or_default();
    page.is_enabled = change.is_enabled.unwrap_or(page.is_enabled);
    if let Some(fiat) = change.fiat.filter(|fiat| *fiat != page.fiat) {
        let keeps_amounts = change.amounts.is_none() && !is_new && !page.presets.is_empty();
        if keeps_amounts || change.goal.is_none() && page.goal_minor.is_some() {
            return Err(PageError::OtherCurrency {
                old: page.fiat,
                new: fiat,
            });
        }
        page.fiat = fiat;
    }
    if let Some(title) = &change.title {
        page.title = checked_text(What::Title, title, TITLE_LENGTH_MAX)?;
    }
    if let Some(text) = &change.text {
        page.text = checked_text(What::Text, text, TEXT_LENGTH_MAX)?;
    }
    if let Some(amounts) = &change.amounts {
        page.presets = parsed_amounts(amounts, page.fiat)?;
    }
    if let Some(colour) = &change.colour {
        page.colour = parsed_colour(colour)?;
    }
    if let Some(goal) = &change.goal {
        page.goal_minor = match goal.trim() {
            "none" => None,
            goal => Some(price(goal, page.fiat).map_err(PageError::Goal)?.minor),
        };
    }
    if let Some(sends_webhooks) = change.sends_webhooks {
        page.sends_webhooks = sends_webhooks;
    }
    Ok(page)
}

fn checked_text(what: What, text: &str, length_max: usize) -> Result<String, PageError> {
    let text = text.replace("\r\n", "\n").trim().to_owned();
    if text.chars().count() > length_max {
        return Err(PageError::TooLong { what, length_max });
    }
    if text
        .chars()
        .any(|character| character.is_control() && character != '\n')
    {
        return Err(PageError::Control(what));
    }
    Ok(text)
}

fn parsed_amounts(text: &str, fiat: Fiat) -> Result<Vec<u64>, PageError> {
    if text.trim().is_empty() {
        return Ok(Vec::new());
    }
    let mut presets = Vec::new();
    for part in text.split(',') {
        let amount = price(part.trim(), fiat)?;
        let largest = price(&AMOUNT_MAX.to_string(), fiat)?;
        if amount.minor > largest.minor {
            return Err(PageError::TooMuch { amount, largest });
        }
        if !presets.contains(&amount.minor) {
            presets.push(amount.minor);
        }
    }
    if presets.len() > AMOUNTS_MAX {
        return Err(PageError::TooMany);
    }
    Ok(presets)
}

fn parsed_colour(text: &str) -> Result<String, PageError> {
    let text = text.trim();
    if text == "none" {
        return Ok(String::new());
    }
    let colour = format!("#{}", text.strip_prefix('#').unwrap_or(text)).to_ascii_lowercase();
    is_colour(&colour).then_some(colour).ok_or(PageError::Colour)
}

/// A page, as programs read it.
#[must_use]
pub fn page_json(page: &DonationPage) -> serde_json::Value {
    let amount = |minor: &u64| {
        let amount = FiatAmount {
            currency: page.fiat,
            minor: *minor,
        };
        amount.amount()
    };
    serde_json::json!({
        "is_enabled": page.is_enabled,
        "title": page.title,
        "text": page.text,
        "fiat": page.fiat.word(),
        "amounts": page.presets.iter().map(amount).collect::<Vec<_>>(),
        "color": Some(&page.colour).filter(|colour| !colour.is_empty()),
        "goal": page.goal().map(|goal| goal.amount()),
        "sends_webhooks": page.sends_webhooks,
    })
}

impl Office {
    /// A store's donation page, and what was given so far.
    ///
    /// # Errors
    /// [`OfficeError`].
    pub async fn donation_page(&self, shop: ShopId) -> Result<(DonationPage, Given), OfficeError> {
        let read = self.engine.database.read(move |txn| {
            let page = donations::page_of(txn, shop)?.unwrap_or_default();
            Ok((page, donations::given(txn, shop)?))
        });
        read.await
    }

    /// Changes a store's donation page.
    ///
    /// # Errors
    /// [`PageError`].
    pub async fn set_donation_page(
        &self,
        by: By,
        shop: &Shop,
        change: PageChange,
    ) -> Result<DonationPage, PageError> {
        let shop = shop.clone();
        let set = self
            .engine
            .database
            .write(move |txn| set_page(txn, &by, &shop, &change));
        set.await
    }

    /// A store's donations before the one of a payment, the latest first.
    ///
    /// # Errors
    /// [`OfficeError`].
    pub async fn donations(
        &self,
        shop: ShopId,
        before: PaymentId,
        limit: u32,
    ) -> Result<Vec<(Donation, Payment)>, OfficeError> {
        self.engine
            .database
            .read(move |txn| Ok(donations::page(txn, Some(shop), before, limit)?))
            .await
    }

    /// The donation of this number, if it is the store's.
    ///
    /// # Errors
    /// [`OfficeError`].
    pub async fn donation_numbered(
        &self,
        shop: ShopId,
        number: PaymentNumber,
    ) -> Result<Option<PaymentId>, OfficeError> {
        let found = self
            .engine
            .database
            .read(move |txn| Ok::<_, OfficeError>(payments::by_number(txn, &number)?));
        Ok(found
            .await?
            .filter(|payment| payment.shop == shop)
            .map(|payment| payment.id))
    }
}
