//! `payd store`: add, list, set; what has more to it is elsewhere.

use anyhow::bail;
use serde_json::{Value, json};

use super::args::{NO_LANGUAGE, RuleOptions, StoreCommand, SwitchOptions};
use super::confirmations;
use super::output::{self, Output, Rows};
use super::session::{Session, shop_named};
use super::{span, store_accept, store_rate};
use crate::domain::money::{BaseUnits, Fiat};
use crate::domain::network::Mode;
use crate::domain::shop::{Accepted, Dialect, LatePolicy, Shop};
use crate::engine::office::accepted::codes_of;
use crate::engine::office::shops::{self as office, NewShop, RuleChange, ShopChange};
use crate::store::{accepted, keys, shops};

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
    let new = NewShop {
        name: name.to_owned(),
        dialect,
        website,
        fiat: currency.unwrap_or(Fiat::Usd),
        rules: change_of(options).apply(&session.settings.defaults)?,
    };
    let by = session.by();
    let shop = session.write(move |txn| Ok(office::add(txn, &by, &new)?)).await?;
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
    let codes = |all: &[Accepted]| codes_of(&session.registry, all);
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
    let what = ShopChange {
        name: None,
        website,
        mode: switches.mode,
        is_disabled: match (switches.disable, switches.enable) {
            (true, _) => Some(true),
            (false, true) => Some(false),
            (false, false) => None,
        },
        language: switches
            .language
            .map(|code| Some(code).filter(|code| code != NO_LANGUAGE)),
        fiat: switches.currency,
        rules: change_of(&options),
    };
    let by = session.by();
    let changed = session.write(move |txn| {
        let id = shop_named(txn, &name)?.id;
        let (was, shop) = office::change(txn, &by, id, &what)?;
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

fn change_of(options: &RuleOptions) -> RuleChange {
    RuleChange {
        window: options.window,
        cool_down: options.cool_down,
        tolerance_bps: options.tolerance_bps,
        late: options.late_policy,
        markup_bps: options.markup_bps,
    }
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
