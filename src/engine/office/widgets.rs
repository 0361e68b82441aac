//! Payments from a store's own web pages: which pages may start them, and what they may sell.

use super::web_origin::{self, OriginError};
use super::{By, Office};
use crate::domain::ids::ShopId;
use crate::domain::money::{AmountError, BaseUnits, Fiat, FiatAmount};
use crate::domain::shop::Shop;
use crate::domain::widget::{ListedPrice, Widget};
use crate::store::{StoreError, Txn, widgets};

/// Sites that a store can have; all of them are named in the policy of every frame.
pub const ORIGINS_MAX: usize = 20;

/// Characters of what a price is for.
pub const LABEL_LENGTH_MAX: usize = 200;

/// Prices that a store can have: they are read for every payment.
pub const PRICES_MAX: usize = 1000;

/// Why a widget or a price stays as it is.
#[derive(Debug, thiserror::Error)]
pub enum WidgetError {
    /// The store refused or failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// An origin is none.
    #[error(transparent)]
    Origin(#[from] OriginError),
    /// Too many sites.
    #[error("a store can have {ORIGINS_MAX} sites at most; begin anew with --no-origins")]
    TooManyOrigins,
    /// Not a name.
    #[error("a price's name has 1 to 64 letters, digits, -, _ and . , such as ebook-1")]
    Name,
    /// What it is for is too long, or not to be shown.
    #[error("a label has at most {LABEL_LENGTH_MAX} characters and no control characters")]
    Label,
    /// Not an amount.
    #[error("write the price in {currency} with at most {} digits after the point", currency.digits())]
    Amount {
        /// The currency.
        currency: Fiat,
        /// What is wrong with it.
        source: AmountError,
    },
    /// Nothing, or more than there is.
    #[error("a price must be above 0, and not out of this world")]
    OutOfThisWorld,
    /// Too many prices.
    #[error("a store can have {PRICES_MAX} prices at most")]
    TooManyPrices,
    /// There is none of this name.
    #[error("the store has no price `{0}`")]
    NoPrice(String),
}

/// What is to be changed of a widget; what is `None` stays.
#[derive(Debug, Clone, Default)]
pub struct WidgetChange {
    /// Whether pages may start payments.
    pub is_enabled: Option<bool>,
    /// Whether they may name any amount.
    pub takes_amounts: Option<bool>,
    /// Whether the origins there are go first.
    pub forgets_origins: bool,
    /// Origins to be added, each in its one form.
    pub origins: Vec<String>,
}

/// Changes what a store's own pages may do.
///
/// # Errors
/// [`WidgetError`].
pub fn set(txn: &Txn<'_>, by: &By, shop: &Shop, change: WidgetChange) -> Result<Widget, WidgetError> {
    let mut widget = widgets::of_shop(txn, shop.id)?;
    if change.forgets_origins {
        widget.origins.clear();
    }
    for origin in change.origins {
        if !widget.origins.contains(&origin) {
            widget.origins.push(origin);
        }
    }
    if widget.origins.len() > ORIGINS_MAX {
        return Err(WidgetError::TooManyOrigins);
    }
    widget.takes_amounts = change.takes_amounts.unwrap_or(widget.takes_amounts);
    widget.is_enabled = change.is_enabled.unwrap_or(widget.is_enabled);
    widgets::set(txn, shop.id, &widget)?;
    by.write_down(txn, "widget.set", &shop.name, &in_short(&widget))?;
    Ok(widget)
}

fn in_short(widget: &Widget) -> String {
    let word = |is_on: bool| if is_on { "on" } else { "off" };
    format!(
        "{}, amounts {}, {}",
        word(widget.is_enabled),
        word(widget.takes_amounts),
        match widget.origins.as_slice() {
            [] => "no origins".to_owned(),
            origins => origins.join(" "),
        }
    )
}

/// Reads a price as it was typed.
///
/// # Errors
/// [`WidgetError`].
pub fn price(name: String, amount: &str, fiat: Fiat, label: &str) -> Result<ListedPrice, WidgetError> {
    if !ListedPrice::is_name(&name) {
        return Err(WidgetError::Name);
    }
    let label = label.trim();
    if label.chars().count() > LABEL_LENGTH_MAX || label.chars().any(char::is_control) {
        return Err(WidgetError::Label);
    }
    let units =
        BaseUnits::from_decimal(amount.trim(), fiat.digits()).map_err(|source| WidgetError::Amount {
            currency: fiat,
            source,
        })?;
    let minor = i64::try_from(units.get()).ok().filter(|minor| *minor > 0);
    let minor = minor.ok_or(WidgetError::OutOfThisWorld)?;
    Ok(ListedPrice {
        name,
        label: label.to_owned(),
        price: FiatAmount {
            currency: fiat,
            minor: minor.unsigned_abs(),
        },
    })
}

/// Sets a price, in place of the one that had its name, which is given back.
///
/// # Errors
/// [`WidgetError`].
pub fn set_price(
    txn: &Txn<'_>,
    by: &By,
    shop: &Shop,
    price: &ListedPrice,
) -> Result<Option<ListedPrice>, WidgetError> {
    let before = widgets::price(txn, shop.id, &price.name)?;
    if before.is_none() && widgets::prices(txn, shop.id)?.len() >= PRICES_MAX {
        return Err(WidgetError::TooManyPrices);
    }
    widgets::set_price(txn, shop.id, price)?;
    let detail = format!("{} is {}", price.name, price.price);
    by.write_down(txn, "widget.price.add", &shop.name, &detail)?;
    Ok(before)
}

/// Takes a price off the list.
///
/// # Errors
/// [`WidgetError::NoPrice`].
pub fn remove_price(txn: &Txn<'_>, by: &By, shop: &Shop, name: &str) -> Result<(), WidgetError> {
    if !widgets::remove_price(txn, shop.id, name)? {
        return Err(WidgetError::NoPrice(name.to_owned()));
    }
    by.write_down(txn, "widget.price.remove", &shop.name, name)?;
    Ok(())
}

/// What stands in a page of the store that sells with a key.
#[must_use]
pub fn snippet(public_url: &str, widget: &Widget, prices: &[ListedPrice], key: &str) -> String {
    let what = match (prices.first(), widget.takes_amounts) {
        (None, true) => "fiat_amount: 19.90,\n        fiat_currency: 'USD'".to_owned(),
        (first, _) => format!("price: '{}'", first.map_or("NAME", |price| price.name.as_str())),
    };
    format!(
        "<button id=\"pay-btn\">Pay with Crypto</button>\n\
         <script src=\"{}/widget.js\"></script>\n\
         <script>\n\
         CryptoMerchant.init({{ apiKey: '{key}' }});\n\
         document.getElementById('pay-btn').addEventListener('click', function() {{\n\
         \x20   CryptoMerchant.pay({{\n\
         \x20       {what},\n\
         \x20       order_id: 'ORDER-123',\n\
         \x20       onSuccess: function(payment) {{ console.log('paid', payment.tx_hash); }}\n\
         \x20   }});\n\
         }});\n\
         </script>\n",
        public_url.trim_end_matches('/')
    )
}

/// Those of a widget's origins that anybody on the way can change what they say.
#[must_use]
pub fn open_to_tampering(origins: &[String]) -> Vec<String> {
    let read = origins.iter().filter_map(|origin| web_origin::parse(origin).ok());
    read.filter(|origin| origin.is_open_to_tampering)
        .map(|origin| origin.text)
        .collect()
}

impl Office {
    /// What a store's own pages may do and sell.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn widget(&self, shop: ShopId) -> Result<(Widget, Vec<ListedPrice>), StoreError> {
        let read = self
            .engine
            .database
            .read(move |txn| Ok((widgets::of_shop(txn, shop)?, widgets::prices(txn, shop)?)));
        read.await
    }

    /// Changes what a store's own pages may do; the origins are all there shall be, as they were typed.
    ///
    /// # Errors
    /// [`WidgetError`].
    pub async fn set_widget(
        &self,
        by: By,
        shop: &Shop,
        is_enabled: bool,
        takes_amounts: bool,
        origins: &[String],
    ) -> Result<Widget, WidgetError> {
        let origins = origins.iter().map(|text| web_origin::parse(text));
        let origins = origins.collect::<Result<Vec<_>, _>>()?;
        let change = WidgetChange {
            is_enabled: Some(is_enabled),
            takes_amounts: Some(takes_amounts),
            forgets_origins: true,
            origins: origins.into_iter().map(|origin| origin.text).collect(),
        };
        let shop = shop.clone();
        let set = self
            .engine
            .database
            .write(move |txn| set(txn, &by, &shop, change));
        set.await
    }

    /// Sets a price of a store, in place of the one that had its name.
    ///
    /// # Errors
    /// [`WidgetError`].
    pub async fn set_listed_price(&self, by: By, shop: &Shop, price: ListedPrice) -> Result<(), WidgetError> {
        let shop = shop.clone();
        let set = self
            .engine
            .database
            .write(move |txn| set_price(txn, &by, &shop, &price));
        set.await.map(drop)
    }

    /// Takes a price off a store's list.
    ///
    /// # Errors
    /// [`WidgetError`].
    pub async fn remove_listed_price(&self, by: By, shop: &Shop, name: &str) -> Result<(), WidgetError> {
        let (shop, name) = (shop.clone(), name.to_owned());
        let removed = self
            .engine
            .database
            .write(move |txn| remove_price(txn, &by, &shop, &name));
        removed.await
    }
}
