//! `payd store`: add, list, set; what has more to it is elsewhere.

use anyhow::{Context as _, bail};
use serde_json::{Value, json};

use super::args::{NO_LANGUAGE, RuleOptions, StoreCommand, SwitchOptions};
use super::confirmations;
use super::output::{self, Output, Rows};
use super::session::{Session, shop_named, write_down};
use super::{span, store_accept, store_rate};
use crate::domain::money::{BaseUnits, Fiat};
use crate::domain::network::Mode;
use crate::domain::shop::{Accepted, Dialect, LatePolicy, Rules, Shop};
use crate::domain::time::UnixMillis;
use crate::domain::website;
use crate::store::{Txn, accepted, keys, shops};

const NAME_LENGTH_MAX: usize = 64;
const WINDOW_MIN_S: u64 = 60;
const WINDOW_MAX_S: u64 = 30 * 86_400;
const COOL_DOWN_MAX_S: u64 = 365 * 86_400;

/// Runs the command.
///
/// # Errors
/// A text for the person who called it.
pub async fn run(session: &Session, command: StoreCommand) -> anyhow::Result<Output> {
    match command {
        StoreCommand::Add {
            name,
            dialect,
            website,
            currency,
            rules,
        } => add(session, &name, dialect, website, currency, &rules).await,
        StoreCommand::Accept { name, codes, reset } => store_accept::run(session, name, &codes, reset).await,
        StoreCommand::List => list(session).await,
        StoreCommand::Rate(command) => store_rate::run(session, command).await,
        StoreCommand::Set {
            name,
            website,
            switches,
            rules,
        } => set(session, name, website, switches, rules).await,
        StoreCommand::Confirmations(command) => confirmations::run(session, command).await,
    }
}

async fn add(
    session: &Session,
    name: &str,
    dialect: Dialect,
    website: Option<String>,
    currency: Option<Fiat>,
    options: &RuleOptions,
) -> anyhow::Result<Output> {
    let name = checked_name(name)?;
    let website = website.map(|text| website::parse(&text, dialect)).transpose()?;
    let rules = changed(session.settings.defaults.clone(), options)?;
    let now = session.now();
    let shop = session.write(move |txn| {
        if shops::by_name(txn, &name)?.is_some() {
            bail!("there is a store called `{name}` already; see `payd store list`");
        }
        if let Some(site) = &website {
            refuse_taken_site(txn, site, dialect, None)?;
        }
        let id = shops::insert(txn, &name, dialect, website.as_deref(), &rules, now)?;
        let mut shop = shops::by_id(txn, id)?.context("the store vanished")?;
        if let Some(currency) = currency {
            shop.fiat = currency;
            shops::update(txn, &shop)?;
        }
        write_down(txn, now, "store.add", &name, dialect.word())?;
        Ok(shop)
    });
    let shop = shop.await?;
    let in_shell = quoted(&shop.name);
    let mut text = format!(
        "Store `{}` made. Next: `payd key add --store {in_shell} --mode test`\n",
        shop.name
    );
    if shop.mode == Mode::Test {
        text.push_str(&format!(
            "It starts in test mode: live keys are refused until `payd store set {in_shell} --mode live`.\n"
        ));
    }
    text.push_str(&details(&shop));
    let output = Output::new(text, as_json(&shop));
    Ok(warn_of_site(output, &shop))
}

fn warn_of_site(output: Output, shop: &Shop) -> Output {
    match shop.required_site() {
        Ok(_) => output,
        Err(_) => output.warn(format!(
            "the crypto-pay API refuses payments until the web site is set: `payd store set {} --website https://...`",
            quoted(&shop.name)
        )),
    }
}

async fn list(session: &Session) -> anyhow::Result<Output> {
    let read = session.read(|txn| {
        let shops = shops::all(txn)?.into_iter();
        let with_accepted = shops.map(|shop| Ok((accepted::of_shop(txn, shop.id)?, shop)));
        with_accepted.collect::<anyhow::Result<Vec<_>>>()
    });
    let all = read.await?;
    let codes = |all: &[Accepted]| store_accept::codes_of(&session.registry, all);
    let mut rows = Rows::new(&[
        "id",
        "name",
        "dialect",
        "mode",
        "state",
        "window",
        "rest",
        "tolerance",
        "late",
        "language",
        "currency",
        "accepts",
        "web site",
    ]);
    for (accepted, shop) in &all {
        rows.push([
            shop.id.to_string(),
            shop.name.clone(),
            shop.dialect.to_string(),
            shop.mode.to_string(),
            state(shop).to_owned(),
            span::show(shop.rules.window),
            span::show(shop.rules.cool_down),
            percent(shop.rules.tolerance_bps),
            shop.rules.late.to_string(),
            shop.language.clone().unwrap_or_default(),
            shop.fiat.to_string(),
            codes(accepted).join(", "),
            shop.website.clone().unwrap_or_default(),
        ]);
    }
    let as_row = |(accepted, shop): &(Vec<Accepted>, Shop)| {
        let mut row = as_json(shop);
        if let Some(row) = row.as_object_mut() {
            row.insert("accepts".to_owned(), codes(accepted).into());
        }
        row
    };
    let json = json!({ "stores": all.iter().map(as_row).collect::<Vec<_>>() });
    Ok(Output::new(
        rows.or("No stores yet. Make one with `payd store add NAME`."),
        json,
    ))
}

async fn set(
    session: &Session,
    name: String,
    website: Option<String>,
    switches: SwitchOptions,
    options: RuleOptions,
) -> anyhow::Result<Output> {
    if website.is_none() && switches == SwitchOptions::default() && options == RuleOptions::default() {
        bail!("nothing to set; see `payd store set --help`");
    }
    let now = session.now();
    let changed = session.write(move |txn| {
        let was = shop_named(txn, &name)?;
        let mut shop = was.clone();
        shop.rules = changed(shop.rules, &options)?;
        switch(&mut shop, &switches, now)?;
        match website.as_deref() {
            None => {}
            Some("") => shop.website = None,
            Some(text) => {
                let site = website::parse(text, shop.dialect)?;
                refuse_taken_site(txn, &site, shop.dialect, Some(&shop))?;
                shop.website = Some(site);
            }
        }
        shops::update(txn, &shop)?;
        write_down(txn, now, "store.set", &shop.name, &as_json(&shop).to_string())?;
        let has_live_key = keys::newest_active(txn, shop.id, Mode::Live)?.is_some();
        Ok((was, shop, has_live_key))
    });
    let (was, shop, has_live_key) = changed.await?;
    let text = format!(
        "Store `{}` changed; payments made from now on follow it.\n{}",
        shop.name,
        details(&shop)
    );
    let output = Output::new(text, as_json(&shop));
    if was.mode == shop.mode || shop.mode == Mode::Test {
        return Ok(output);
    }
    let output = warn_of_site(output, &shop);
    Ok(if has_live_key {
        output
    } else {
        output.warn(format!(
            "the store has no live key: make one with `payd key add --store {} --mode live`",
            quoted(&shop.name)
        ))
    })
}

/// Turns the switches of a store.
fn switch(shop: &mut Shop, switches: &SwitchOptions, now: UnixMillis) -> anyhow::Result<()> {
    if let Some(mode) = switches.mode {
        if shop.dialect != Dialect::CryptoPay {
            bail!(
                "only crypto-pay stores have a test and a live mode; with the other APIs the key alone decides"
            );
        }
        shop.mode = mode;
    }
    if switches.disable {
        shop.disabled_at = shop.disabled_at.or(Some(now));
    }
    if switches.enable {
        shop.disabled_at = None;
    }
    match switches.language.as_deref() {
        None => {}
        Some(NO_LANGUAGE) => shop.language = None,
        Some(code) => shop.language = Some(code.to_owned()),
    }
    shop.fiat = switches.currency.unwrap_or(shop.fiat);
    Ok(())
}

fn checked_name(name: &str) -> anyhow::Result<String> {
    let name = name.trim();
    let length = name.chars().count();
    if length == 0 || length > NAME_LENGTH_MAX || name.chars().any(char::is_control) {
        bail!("a store's name has 1 to {NAME_LENGTH_MAX} characters and no line breaks; customers see it");
    }
    if name.starts_with('-') {
        bail!("a store's name does not begin with `-`: commands would take it for an option");
    }
    Ok(name.to_owned())
}

/// A web site belongs to one store; a crypto-pay project has its whole domain to itself.
fn refuse_taken_site(txn: &Txn<'_>, site: &str, dialect: Dialect, own: Option<&Shop>) -> anyhow::Result<()> {
    let host = website::host(site);
    let is_project = |dialect| dialect == Dialect::CryptoPay;
    let other = shops::all(txn)?.into_iter().find(|other| {
        own.is_none_or(|own| own.id != other.id)
            && (other.website.as_deref() == Some(site)
                || (is_project(dialect) || is_project(other.dialect))
                    && other.website.as_deref().and_then(website::host) == host)
    });
    match other {
        Some(other) => bail!("the web site {site} belongs to store `{}` already", other.name),
        None => Ok(()),
    }
}

fn changed(rules: Rules, options: &RuleOptions) -> anyhow::Result<Rules> {
    if let Some(window) = options.window
        && !(WINDOW_MIN_S..=WINDOW_MAX_S).contains(&window.as_secs())
    {
        bail!("the window must be from 1m to 30d; customers need some minutes to pay");
    }
    if let Some(cool_down) = options.cool_down
        && cool_down.as_secs() > COOL_DOWN_MAX_S
    {
        bail!("the cool-down must be at most 365d");
    }
    Ok(Rules {
        window: options.window.unwrap_or(rules.window),
        cool_down: options.cool_down.unwrap_or(rules.cool_down),
        tolerance_bps: options.tolerance_bps.unwrap_or(rules.tolerance_bps),
        late: options.late_policy.unwrap_or(rules.late),
        markup_bps: options.markup_bps.unwrap_or(rules.markup_bps),
    })
}

/// Whether its keys are taken.
const fn state(shop: &Shop) -> &'static str {
    if shop.is_disabled() { "disabled" } else { "open" }
}

fn details(shop: &Shop) -> String {
    output::pairs(&[
        ("  dialect", shop.dialect.to_string()),
        ("  mode", shop.mode.to_string()),
        ("  state", state(shop).to_owned()),
        (
            "  language",
            shop.language
                .clone()
                .unwrap_or_else(|| "the customer's".to_owned()),
        ),
        ("  currency", shop.fiat.to_string()),
        ("  web site", shop.website.clone().unwrap_or_default()),
        ("  window", format!("{} to pay", span::show(shop.rules.window))),
        (
            "  cool-down",
            format!("{} of rest for an address", span::show(shop.rules.cool_down)),
        ),
        (
            "  tolerance",
            match shop.rules.tolerance_bps {
                0 => "none: the full amount has to come".to_owned(),
                bps => format!("{} less than due still counts as paid", percent(bps)),
            },
        ),
        ("  late money", late(shop.rules.late).to_owned()),
        ("  markup", markup(shop.rules.markup_bps)),
    ])
}

fn as_json(shop: &Shop) -> Value {
    json!({
        "store_id": shop.id.get(),
        "name": shop.name,
        "dialect": shop.dialect.word(),
        "mode": shop.mode.word(),
        "disabled_at": output::json_time_or_null(shop.disabled_at),
        "language": shop.language,
        "currency": shop.fiat.word(),
        "website": shop.website,
        "window_s": shop.rules.window.as_secs(),
        "cool_down_s": shop.rules.cool_down.as_secs(),
        "tolerance_bps": shop.rules.tolerance_bps,
        "late_policy": shop.rules.late.word(),
        "markup_bps": shop.rules.markup_bps,
        "created_at": output::json_time(shop.created_at),
    })
}

const fn late(policy: LatePolicy) -> &'static str {
    match policy {
        LatePolicy::Flag => "flag: recorded and told to you, not counted",
        LatePolicy::Accept => "accept: counted as if it had come in time",
    }
}

fn markup(bps: i32) -> String {
    let share = BaseUnits::new(u128::from(bps.unsigned_abs())).to_decimal(2, 0);
    match bps {
        0 => "none: the price is asked for".to_owned(),
        1.. => format!("{share} % more than the price is asked for"),
        _ => format!("{share} % less than the price is asked for"),
    }
}

/// Basis points as people read them: `0 %`, `0.5 %`.
fn percent(bps: u16) -> String {
    BaseUnits::new(u128::from(bps)).to_decimal(2, 0) + " %"
}

/// A name as a shell takes it.
#[must_use]
pub fn quoted(name: &str) -> String {
    let is_plain = |character: char| character.is_ascii_alphanumeric() || "-_.".contains(character);
    if name.chars().all(is_plain) {
        name.to_owned()
    } else {
        format!("'{}'", name.replace('\'', r"'\''"))
    }
}

/// A path as a shell takes it.
#[must_use]
pub fn quoted_path(path: &std::path::Path) -> String {
    let text = path.display().to_string();
    if text.split('/').all(|part| quoted(part) == part) {
        text
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}
