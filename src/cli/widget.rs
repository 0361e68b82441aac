//! `payd widget`: what a store's own web pages may do and sell.

use anyhow::{Context as _, bail};
use serde_json::{Value, json};

use super::args::{PriceCommand, Switch, WidgetCommand, WidgetOptions};
use super::output::{self, Output, Rows};
use super::session::{Session, shop_named, suggestion, write_down};
use super::store::quoted;
use super::web_origin;
use crate::domain::money::{BaseUnits, Fiat, FiatAmount};
use crate::domain::shop::Shop;
use crate::domain::widget::{ListedPrice, Widget};
use crate::store::widgets;

/// Sites that a store can have; all of them are named in the policy of every frame.
const ORIGINS_MAX: usize = 20;

const LABEL_CHARS_MAX: usize = 200;

/// Prices that a store can have: they are read for every payment.
const PRICES_MAX: usize = 1000;

/// Runs the command.
///
/// # Errors
/// A text for the person who called it.
pub async fn run(session: &Session, command: WidgetCommand) -> anyhow::Result<Output> {
    match command {
        WidgetCommand::Set(options) => set(session, options).await,
        WidgetCommand::Show { store } => show(session, store).await,
        WidgetCommand::Price(PriceCommand::Add {
            store,
            name,
            amount,
            fiat,
            label,
        }) => {
            let price = price(name, &amount, fiat, &label)?;
            add_price(session, store, price).await
        }
        WidgetCommand::Price(PriceCommand::Remove { store, name }) => {
            remove_price(session, store, name).await
        }
        WidgetCommand::Price(PriceCommand::List { store }) => list_prices(session, store).await,
    }
}

async fn set(session: &Session, options: WidgetOptions) -> anyhow::Result<Output> {
    let origins = options.origins.iter().map(|text| web_origin::parse(text));
    let origins = origins.collect::<anyhow::Result<Vec<_>>>()?;
    let open: Vec<String> = origins
        .iter()
        .filter(|origin| origin.is_open_to_tampering)
        .map(|origin| origin.text.clone())
        .collect();
    let now = session.now();
    let written = session.write(move |txn| {
        let shop = shop_named(txn, &options.store)?;
        let mut widget = widgets::of_shop(txn, shop.id)?;
        change(
            &mut widget,
            &options,
            origins.into_iter().map(|origin| origin.text),
        )?;
        widgets::set(txn, shop.id, &widget)?;
        write_down(txn, now, "widget.set", &shop.name, &in_short(&widget))?;
        let prices = widgets::prices(txn, shop.id)?;
        Ok((shop, widget, prices))
    });
    let (shop, widget, prices) = written.await?;
    let mut output = shown(session, &shop, &widget, &prices);
    for origin in open {
        output = output.warn(format!(
            "{origin} is plain HTTP: anybody between it and its visitors can change what they pay and to whom"
        ));
    }
    if widget.is_enabled && !shop.dialect.proves_a_secret() {
        output = output.warn(format!(
            "the keys of this store are as good as passwords: for its pages, make one with `payd key add --store {} --mode \
             live --public`",
            super::store::quoted(&shop.name)
        ));
    }
    Ok(output)
}

fn change(
    widget: &mut Widget,
    options: &WidgetOptions,
    origins: impl Iterator<Item = String>,
) -> anyhow::Result<()> {
    if options.no_origins {
        widget.origins.clear();
    }
    for origin in origins {
        if !widget.origins.contains(&origin) {
            widget.origins.push(origin);
        }
    }
    if widget.origins.len() > ORIGINS_MAX {
        bail!("a store can have {ORIGINS_MAX} sites at most; begin anew with --no-origins");
    }
    if let Some(amounts) = options.amounts {
        widget.takes_amounts = amounts == Switch::On;
    }
    widget.is_enabled = options.on || (widget.is_enabled && !options.off);
    Ok(())
}

fn in_short(widget: &Widget) -> String {
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

const fn word(is_on: bool) -> &'static str {
    if is_on { "on" } else { "off" }
}

async fn show(session: &Session, store: String) -> anyhow::Result<Output> {
    let read = session.read(move |txn| {
        let shop = shop_named(txn, &store)?;
        Ok((
            widgets::of_shop(txn, shop.id)?,
            widgets::prices(txn, shop.id)?,
            shop,
        ))
    });
    let (widget, prices, shop) = read.await?;
    Ok(shown(session, &shop, &widget, &prices))
}

fn shown(session: &Session, shop: &Shop, widget: &Widget, prices: &[ListedPrice]) -> Output {
    let snippet = snippet(&session.public_url(), widget, prices);
    let store = quoted(&shop.name);
    let mut text = format!("Store `{}`\n", shop.name);
    text.push_str(&output::pairs(&[
        ("  pages", may(widget.is_enabled).to_owned()),
        ("  of", widget.origins.join(", ")),
        ("  sell", selling(widget, prices)),
    ]));
    if !widget.is_enabled || widget.origins.is_empty() {
        let missing = match (widget.is_enabled, widget.origins.is_empty()) {
            (false, false) => "--on",
            (false, true) => "--on --origin https://YOUR-SHOP",
            (true, _) => "--origin https://YOUR-SHOP",
        };
        text.push_str(&format!("Missing: payd widget set {store} {missing}\n"));
    }
    if !widget.takes_amounts && prices.is_empty() {
        text.push_str(&format!(
            "Missing: something to sell: payd widget price add {store} NAME AMOUNT\n"
        ));
    }
    text.push_str("\nIn your page, with a key of the store (`payd key list` tells them apart):\n\n");
    text.push_str(&snippet);
    text.push_str(advice(widget));
    text.push_str(TEST_KEYS);
    Output::new(
        text,
        json!({
            "store": shop.name,
            "is_enabled": widget.is_enabled,
            "origins": widget.origins,
            "takes_amounts": widget.takes_amounts,
            "prices": prices.iter().map(as_json).collect::<Vec<_>>(),
            "snippet": snippet,
        }),
    )
}

const fn may(is_enabled: bool) -> &'static str {
    if is_enabled {
        "may start payments"
    } else {
        "may start no payments"
    }
}

fn selling(widget: &Widget, prices: &[ListedPrice]) -> String {
    let listed = match prices.len() {
        0 => "nothing by name".to_owned(),
        1 => "1 price by name".to_owned(),
        count => format!("{count} prices by name"),
    };
    match widget.takes_amounts {
        true => format!("any amount that a page names; {listed}"),
        false => listed,
    }
}

fn snippet(public_url: &str, widget: &Widget, prices: &[ListedPrice]) -> String {
    let what = match (prices.first(), widget.takes_amounts) {
        (None, true) => "fiat_amount: 19.90,\n        fiat_currency: 'USD'".to_owned(),
        (first, _) => format!("price: '{}'", first.map_or("NAME", |price| price.name.as_str())),
    };
    format!(
        "<button id=\"pay-btn\">Pay with Crypto</button>\n\
         <script src=\"{}/widget.js\"></script>\n\
         <script>\n\
         CryptoMerchant.init({{ apiKey: 'YOUR_STORE_API_KEY' }});\n\
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

/// Why a test that worked before no longer does.
const TEST_KEYS: &str = "\nOnce the store has a live key, a payment that a page starts with a test key sends webhooks only to endpoints of \
                         that very key (`payd webhook add --key ID`): every visitor can have a test payment paid.\n";

/// What the owner of a shop has to know before going live.
const fn advice(widget: &Widget) -> &'static str {
    if widget.takes_amounts {
        "\nA visitor can change the amount and the order id: before anything is delivered, your backend has to compare the \
         amount in the webhook with the order's.\n"
    } else {
        "\nA visitor can change the order id, and name any price of the list: deliver what `metadata.price` of the webhook \
         names, not what the order id says.\n"
    }
}

fn price(name: String, amount: &str, fiat: Fiat, label: &str) -> anyhow::Result<ListedPrice> {
    if !ListedPrice::is_name(&name) {
        bail!("a price's name has 1 to 64 letters, digits, -, _ and . , such as ebook-1");
    }
    let label = label.trim();
    if label.chars().count() > LABEL_CHARS_MAX || label.chars().any(char::is_control) {
        bail!("a label has at most {LABEL_CHARS_MAX} characters and no control characters");
    }
    let units = BaseUnits::from_decimal(amount.trim(), fiat.digits()).with_context(|| {
        format!(
            "write the price in {fiat} with at most {} digits after the point",
            fiat.digits()
        )
    })?;
    let minor = i64::try_from(units.get()).ok().filter(|minor| *minor > 0);
    let minor = minor.context("a price must be above 0, and not out of this world")?;
    Ok(ListedPrice {
        name,
        label: label.to_owned(),
        price: FiatAmount {
            currency: fiat,
            minor: minor.unsigned_abs(),
        },
    })
}

async fn add_price(session: &Session, store: String, price: ListedPrice) -> anyhow::Result<Output> {
    let now = session.now();
    let written = session.write(move |txn| {
        let shop = shop_named(txn, &store)?;
        let before = widgets::price(txn, shop.id, &price.name)?;
        if before.is_none() && widgets::prices(txn, shop.id)?.len() >= PRICES_MAX {
            bail!("a store can have {PRICES_MAX} prices at most");
        }
        widgets::set_price(txn, shop.id, &price)?;
        let detail = format!("{} is {}", price.name, price.price);
        write_down(txn, now, "widget.price.add", &shop.name, &detail)?;
        Ok((shop.name, price, before))
    });
    let (store, price, before) = written.await?;
    let instead = before.map_or_else(String::new, |before| format!(" instead of {}", before.price));
    let text = format!(
        "Pages of store `{store}` sell `{}` for {}{instead}.",
        price.name, price.price
    );
    Ok(Output::new(text, as_json(&price)))
}

async fn remove_price(session: &Session, store: String, name: String) -> anyhow::Result<Output> {
    let now = session.now();
    let written = session.write(move |txn| {
        let shop = shop_named(txn, &store)?;
        if !widgets::remove_price(txn, shop.id, &name)? {
            let prices = widgets::prices(txn, shop.id)?;
            let known: Vec<&str> = prices.iter().map(|price| price.name.as_str()).collect();
            let name = output::printable(&name);
            bail!(
                "store `{}` has no price `{name}`; {}",
                shop.name,
                suggestion(&name, &known)
            );
        }
        write_down(txn, now, "widget.price.remove", &shop.name, &name)?;
        Ok((shop.name, name))
    });
    let (store, name) = written.await?;
    let text = format!("Pages of store `{store}` no longer sell `{name}`.");
    Ok(Output::new(text, json!({ "name": name, "removed": true })))
}

async fn list_prices(session: &Session, store: String) -> anyhow::Result<Output> {
    let read = session.read(move |txn| {
        let shop = shop_named(txn, &store)?;
        Ok(widgets::prices(txn, shop.id)?)
    });
    let prices = read.await?;
    let mut rows = Rows::new(&["name", "price", "label"]);
    for price in &prices {
        rows.push([price.name.clone(), price.price.to_string(), price.label.clone()]);
    }
    let json = json!({ "prices": prices.iter().map(as_json).collect::<Vec<_>>() });
    let none = "The store's pages sell nothing by name: add a price with `payd widget price add`.";
    Ok(Output::new(rows.or(none), json))
}

fn as_json(price: &ListedPrice) -> Value {
    json!({
        "name": price.name,
        "label": price.label,
        "amount": price.price.amount(),
        "fiat": price.price.currency.word(),
    })
}
