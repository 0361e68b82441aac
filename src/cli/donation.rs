//! `payd donation`: the page on which people give to a store, and what they gave and said.

use anyhow::bail;
use serde_json::{Value, json};

use super::args::donation::{DonationCommand, PageOptions, Switch};
use super::output::{self, Output, Rows};
use super::payment::{find_in, shop_name};
use super::payment_show;
use super::session::{Session, shop_named};
use super::store::quoted;
use crate::domain::donation::{Donation, DonationPage, Given};
use crate::domain::ids::PaymentId;
use crate::domain::money::{Fiat, FiatAmount};
use crate::domain::network::Mode;
use crate::domain::payment::Payment;
use crate::domain::shop::Shop;
use crate::engine::office::donations::{PageChange, page_json, set_page};
use crate::store::{Txn, donations};

/// Runs the command.
///
/// # Errors
/// A text for the person who called it.
pub async fn run(session: &Session, command: DonationCommand) -> anyhow::Result<Output> {
    match command {
        DonationCommand::Set { store, options } => set(session, store, options).await,
        DonationCommand::Show { store } => show(session, store).await,
        DonationCommand::List { store, limit, before } => list(session, store, limit, before).await,
    }
}

async fn set(session: &Session, store: String, options: PageOptions) -> anyhow::Result<Output> {
    let by = session.by();
    let was_opened = options.on;
    let change = change(options)?;
    let written = session.write(move |txn| {
        let shop = shop_named(txn, &store)?;
        let page = set_page(txn, &by, &shop, &change)?;
        let given = donations::given(txn, shop.id)?;
        Ok((shop, page, given))
    });
    let (shop, page, given) = written.await?;
    let output = described(session, &shop, &page, given);
    Ok(if was_opened && !shop.dialect.proves_a_secret() {
        output.warn(format!(
            "the keys of this store are as good as passwords: for the page's address, make one with `payd key add --store {} \
             --mode live --public`",
            super::store::quoted(&shop.name)
        ))
    } else {
        output
    })
}

async fn show(session: &Session, store: String) -> anyhow::Result<Output> {
    let read = session.read(move |txn| {
        let shop = shop_named(txn, &store)?;
        let page = donations::page_of(txn, shop.id)?.unwrap_or_default();
        let given = donations::given(txn, shop.id)?;
        Ok((shop, page, given))
    });
    let (shop, page, given) = read.await?;
    Ok(described(session, &shop, &page, given))
}

fn change(options: PageOptions) -> anyhow::Result<PageChange> {
    let PageOptions {
        on,
        off,
        title,
        text,
        fiat,
        amounts,
        color,
        goal,
        webhooks,
    } = options;
    let sets_text = [&title, &text, &amounts, &color, &goal]
        .iter()
        .any(|text| text.is_some());
    if !(on || off || sets_text || fiat.is_some() || webhooks.is_some()) {
        bail!("nothing to set; see `payd donation set --help`");
    }
    Ok(PageChange {
        is_enabled: (on || off).then_some(on),
        title,
        text,
        fiat,
        amounts,
        colour: color,
        goal,
        sends_webhooks: webhooks.map(|webhooks| webhooks == Switch::On),
    })
}

fn described(session: &Session, shop: &Shop, page: &DonationPage, given: Given) -> Output {
    let amount = |minor: u64| FiatAmount {
        currency: page.fiat,
        minor,
    };
    let amounts: Vec<String> = page.presets.iter().map(|minor| amount(*minor).amount()).collect();
    let is_open = if page.is_enabled { "open" } else { "closed" };
    let or_none = |text: &str| {
        if text.is_empty() {
            "none".to_owned()
        } else {
            text.to_owned()
        }
    };
    let given_dollars = FiatAmount {
        currency: Fiat::Usd,
        minor: given.usd_cents,
    };
    let url = format!("{}/donate/YOUR_API_KEY", session.public_url());
    let button = format!(
        "<script src=\"{}/donate-widget.js\" data-store-key=\"YOUR_API_KEY\"></script>\n",
        session.public_url().trim_end_matches('/')
    );
    let mut text = output::pairs(&[
        ("Store", shop.name.clone()),
        ("Page", is_open.to_owned()),
        (
            "Address",
            format!("{url} (with an API key of the store in place of YOUR_API_KEY)"),
        ),
        (
            "Title",
            if page.title.is_empty() {
                shop.name.clone()
            } else {
                page.title.clone()
            },
        ),
        ("Text", or_none(&page.text.replace('\n', " / "))),
        ("Amounts", or_none(&amounts.join(", "))),
        ("Currency", page.fiat.to_string()),
        ("Colour", or_none(&page.colour)),
        (
            "Goal",
            page.goal()
                .map_or_else(|| "none".to_owned(), |goal| goal.to_string()),
        ),
        (
            "Given",
            format!("{given_dollars} in {} donations, of real money", given.count),
        ),
        (
            "Webhooks",
            if page.sends_webhooks { "on" } else { "off" }.to_owned(),
        ),
    ]);
    if !page.is_enabled {
        text.push_str(&format!(
            "\nOpen it with `payd donation set {} --on`.\n",
            quoted(&shop.name)
        ));
    }
    text.push_str(&format!(
        "\nA button for your own pages, with the same key:\n\n{button}"
    ));
    let mut json = page_json(page);
    if let Some(fields) = json.as_object_mut() {
        fields.insert("store".to_owned(), json!(shop.name));
        fields.insert("url".to_owned(), json!(url));
        fields.insert("snippet".to_owned(), json!(button));
        fields.insert("given_usd".to_owned(), json!(given_dollars.amount()));
        fields.insert("given_count".to_owned(), json!(given.count));
    }
    Output::new(text, json)
}

/// A donation with all that is told of it.
struct Entry {
    shop: String,
    donation: Donation,
    payment: Payment,
}

async fn list(
    session: &Session,
    store: Option<String>,
    limit: u32,
    before: Option<String>,
) -> anyhow::Result<Output> {
    let asked = limit.saturating_add(1);
    let found = session.read(move |txn| entries(txn, store.as_deref(), before.as_deref(), asked));
    let mut found = found.await?;
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let is_more = found.len() > limit;
    found.truncate(limit);
    let mut rows = Rows::new(&["payment", "store", "made", "status", "amount", "donor", "message"]);
    for entry in &found {
        let payment = &entry.payment;
        let test = if payment.mode == Mode::Test { " (test)" } else { "" };
        rows.push([
            payment.number.to_string(),
            entry.shop.clone(),
            output::time(payment.created_at),
            format!("{}{test}", payment.status),
            payment_show::price(session, payment),
            entry.donation.donor.name.clone(),
            entry.donation.donor.message.replace('\n', " / "),
        ]);
    }
    let mut text = rows.or("No donations yet.");
    if let (true, Some(last)) = (is_more, found.last()) {
        text.push_str(&format!(
            "There are more: add `--before {}`.\n",
            last.payment.number
        ));
    }
    let json: Vec<Value> = found.iter().map(|entry| entry_json(session, entry)).collect();
    Ok(Output::new(
        text,
        json!({ "donations": json, "is_more": is_more }),
    ))
}

fn entries(
    txn: &Txn<'_>,
    store: Option<&str>,
    before: Option<&str>,
    limit: u32,
) -> anyhow::Result<Vec<Entry>> {
    let shop = store.map(|name| shop_named(txn, name)).transpose()?;
    let before = before.map(|id| find_in(txn, id.trim())).transpose()?;
    let before = before.map_or(PaymentId::new(i64::MAX), |payment| payment.id);
    let page = donations::page(txn, shop.map(|shop| shop.id), before, limit)?;
    page.into_iter()
        .map(|(donation, payment)| {
            Ok(Entry {
                shop: shop_name(txn, payment.shop)?,
                donation,
                payment,
            })
        })
        .collect()
}

fn entry_json(session: &Session, entry: &Entry) -> Value {
    let mut json = payment_show::as_json(session, &entry.shop, &entry.payment);
    if let Some(fields) = json.as_object_mut() {
        fields.insert("donor_name".to_owned(), json!(entry.donation.donor.name));
        fields.insert("donor_message".to_owned(), json!(entry.donation.donor.message));
    }
    json
}
