//! `payd widget`: what a store's own web pages may do and sell.

use anyhow::bail;
use serde_json::{Value, json};

use super::args::{PriceCommand, Switch, WidgetCommand, WidgetOptions};
use super::output::{self, Output, Rows};
use super::session::{Session, shop_named, suggestion};
use super::store::quoted;
use crate::domain::shop::Shop;
use crate::domain::widget::{ListedPrice, Widget};
use crate::engine::office::web_origin;
use crate::engine::office::widgets::{self as office, WidgetChange, WidgetError};
use crate::store::widgets;

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
            let price = office::price(name, &amount, fiat, &label)?;
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
    let origins = origins.collect::<Result<Vec<_>, _>>()?;
    let open: Vec<String> = origins
        .iter()
        .filter(|origin| origin.is_open_to_tampering)
        .map(|origin| origin.text.clone())
        .collect();
    let by = session.by();
    let change = WidgetChange {
        is_enabled: (options.on || options.off).then_some(options.on),
        takes_amounts: options.amounts.map(|amounts| amounts == Switch::On),
        forgets_origins: options.no_origins,
        origins: origins.into_iter().map(|origin| origin.text).collect(),
    };
    let written = session.write(move |txn| {
        let shop = shop_named(txn, &options.store)?;
        let widget = office::set(txn, &by, &shop, change)?;
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
    let snippet = office::snippet(&session.public_url(), widget, prices, "YOUR_STORE_API_KEY");
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

async fn add_price(session: &Session, store: String, price: ListedPrice) -> anyhow::Result<Output> {
    let by = session.by();
    let written = session.write(move |txn| {
        let shop = shop_named(txn, &store)?;
        let before = office::set_price(txn, &by, &shop, &price)?;
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
    let by = session.by();
    let written = session.write(move |txn| {
        let shop = shop_named(txn, &store)?;
        match office::remove_price(txn, &by, &shop, &name) {
            Err(WidgetError::NoPrice(_)) => {
                let prices = widgets::prices(txn, shop.id)?;
                let known: Vec<&str> = prices.iter().map(|price| price.name.as_str()).collect();
                let name = output::printable(&name);
                bail!(
                    "store `{}` has no price `{name}`; {}",
                    shop.name,
                    suggestion(&name, &known)
                );
            }
            removed => removed?,
        }
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
