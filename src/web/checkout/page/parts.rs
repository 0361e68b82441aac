//! The parts of the checkout page, each as ready texts for its template.

use std::time::Duration;

use fluent_bundle::FluentValue;

use super::{Shown, amount_to_send, uri};
use crate::domain::asset::Means;
use crate::domain::money::BaseUnits;
use crate::domain::price::Price;
use crate::domain::time::UnixMillis;
use crate::domain::wallet::Way;
use crate::engine::gateway::{Chosen, PaymentView};
use crate::web::checkout::figure::{Amount, of_asset};
use crate::web::checkout::qr;
use crate::web::checkout::view::Stage;
use crate::web::text::Language;

/// Below this the countdown is shown as urgent.
const URGENT_SECONDS: u64 = 5 * 60;

/// What to send where.
pub(super) struct Ask {
    pub(super) amount: Amount,
    pub(super) symbol: String,
    pub(super) network: String,
    pub(super) warning: String,
    /// Said where the amount alone tells whose money it is.
    pub(super) exact_warning: Option<String>,
    pub(super) address: String,
    pub(super) address_groups: Vec<String>,
    pub(super) qr: String,
    pub(super) wallet_link: Option<String>,
    pub(super) countdown: Countdown,
    pub(super) part_paid: Option<PartPaid>,
}

/// Time left to pay.
pub(in crate::web::checkout) struct Countdown {
    pub(in crate::web::checkout) text: String,
    pub(in crate::web::checkout) left_seconds: u64,
    pub(in crate::web::checkout) total_seconds: u64,
    pub(in crate::web::checkout) is_urgent: bool,
    pub(in crate::web::checkout) expires_at: i64,
}

/// What has come so far.
pub(super) struct PartPaid {
    pub(super) text: String,
    pub(super) received: String,
    pub(super) percent: u8,
}

/// Money that waits for confirmations.
pub(super) struct Confirming {
    pub(super) confirmations: u32,
    pub(super) required: u32,
    pub(super) text: String,
    pub(super) count: String,
    /// How long it takes, and whether to stay.
    pub(super) aside: String,
}

/// One line of the details.
pub(super) struct Detail {
    pub(super) label: String,
    pub(super) value: String,
    /// Shown in a fixed-width face.
    pub(super) is_code: bool,
    /// The name of the button that copies it, if it has one.
    pub(super) copy_label: Option<String>,
}

/// The heading.
pub(super) fn title(t: &Language, stage: Stage) -> String {
    t.say(match stage {
        Stage::Selecting => "select-title",
        Stage::Preparing => "preparing-title",
        Stage::Queued => "queued-title",
        Stage::Waiting => "waiting-title",
        Stage::PartPaid => "part-paid-title",
        Stage::Closing => "closing-title",
        Stage::Confirming => "confirming-title",
        Stage::Paid | Stage::Overpaid => "paid-title",
        Stage::Underpaid => "underpaid-title",
        Stage::Expired => "expired-title",
        Stage::Cancelled => "cancelled-title",
        Stage::Failed => "failed-title",
    })
}

/// What a screen reader says when the page has changed.
pub(super) fn announcement(t: &Language, view: &PaymentView, stage: Stage, title: &str) -> String {
    match stage {
        Stage::PartPaid => {
            let parts = [("title", title.into()), ("text", send_more(t, view).into())];
            t.say_with("announcement", &parts)
        }
        _ => title.to_owned(),
    }
}

pub(super) fn ask(view: &PaymentView, asked: &Chosen, shown: &Shown<'_>, stage: Stage) -> Ask {
    let (t, payment) = (shown.language, &view.payment);
    let Chosen {
        ask,
        means: Means { network, asset, .. },
    } = asked;
    let uri = uri(view, asked);
    let warning = [
        ("symbol", FluentValue::from(&*asset.symbol)),
        ("network", FluentValue::from(&*network.name)),
    ];
    Ask {
        amount: Amount::of(asset.show(amount_to_send(view))),
        symbol: asset.symbol.to_string(),
        network: network.name.to_string(),
        warning: t.say_with("network-warning", &warning),
        exact_warning: (ask.way == Way::Shared).then(|| {
            let amount = with_symbol(view, amount_to_send(view));
            t.say_with("exact-warning", &[("amount", amount.into())])
        }),
        address: ask.address.to_string(),
        address_groups: address_groups(&ask.address),
        qr: qr::svg(&uri.text).unwrap_or_default(),
        wallet_link: uri.is_link.then_some(uri.text),
        countdown: Countdown::of(
            payment.asked_at.unwrap_or(payment.created_at),
            payment.expires_at,
            shown.now,
        ),
        part_paid: (stage == Stage::PartPaid).then(|| PartPaid {
            text: send_more(t, view),
            received: with_symbol(view, payment.progress.seen),
            percent: percent(payment.progress.seen, ask.due),
        }),
    }
}

pub(super) fn confirming(t: &Language, view: &PaymentView) -> Confirming {
    let chosen = view.chosen.as_ref();
    let required = chosen.map_or(1, |chosen| chosen.ask.confirmations).max(1);
    let confirmations = view.confirmations.min(required);
    let missing = required.saturating_sub(confirmations).max(1);
    let block_time = chosen.map_or_else(Duration::default, |chosen| chosen.means.network.block_time);
    let minutes = block_time.saturating_mul(missing).as_secs().div_ceil(60);
    let is_mined = view
        .payment
        .progress
        .latest
        .as_ref()
        .is_some_and(|latest| latest.height.is_some());
    // What is in no block yet can still be replaced by its sender.
    let (text, close) = if is_mined {
        ("confirming-text", "confirming-close")
    } else {
        ("unmined-text", "unmined-close")
    };
    let wait = t.say_with("confirming-wait", &[("minutes", minutes.into())]);
    let aside = [("first", wait.into()), ("second", t.say(close).into())];
    Confirming {
        confirmations,
        required,
        count: t.say_with(
            "confirmations",
            &[("count", confirmations.into()), ("required", required.into())],
        ),
        text: t.say(text),
        aside: t.say_with("sentences", &aside),
    }
}

pub(super) fn details(t: &Language, view: &PaymentView, stage: Stage) -> Vec<Detail> {
    let (payment, chosen) = (&view.payment, view.chosen.as_ref());
    let amount = |amount: BaseUnits| with_symbol(view, amount);
    let line = |key: &str, value: String| (t.say(key), value);
    // While money is asked for, the amount is large on the page already.
    let due = payment
        .asked()
        .map(|ask| ask.due)
        .filter(|_| !stage.asks_for_money());
    let received = Some(payment.progress.seen).filter(|seen| !seen.is_zero());
    let confirmed = payment.confirmed_at.map(|at| t.moment(at));
    let plain = [
        line("detail-number", payment.number.to_string()),
        line(
            "detail-network",
            chosen
                .map(|chosen| chosen.means.network.name.to_string())
                .unwrap_or_default(),
        ),
        line("detail-due", due.map(amount).unwrap_or_default()),
        line("detail-received", received.map(amount).unwrap_or_default()),
        line(
            "detail-rate",
            view.asked()
                .and_then(|chosen| rate(t, view, chosen))
                .unwrap_or_default(),
        ),
        line("detail-email", payment.order.customer_email.clone()),
        line("detail-created", t.moment(payment.created_at)),
        line("detail-confirmed", confirmed.unwrap_or_default()),
    ];
    // An address that must not be paid to any more is not put where it can be copied.
    let paid_to = chosen
        .filter(|_| matches!(stage, Stage::Confirming | Stage::Paid | Stage::Overpaid))
        .map(|chosen| chosen.ask.address.to_string());
    let latest = payment
        .progress
        .latest
        .as_ref()
        .map(|latest| latest.txid.to_string());
    let codes = [
        (line("detail-address", paid_to.unwrap_or_default()), false),
        (line("detail-transaction", latest.unwrap_or_default()), true),
    ];
    plain
        .into_iter()
        .map(|line| (line, false, false))
        .chain(codes.map(|(line, is_copied)| (line, true, is_copied)))
        .filter(|((_, value), ..)| !value.is_empty())
        .map(|((label, value), is_code, is_copied)| Detail {
            copy_label: is_copied.then(|| t.say_with("copy-detail", &[("detail", label.as_str().into())])),
            label,
            value,
            is_code,
        })
        .collect()
}

impl Countdown {
    /// The time from `asked_at` to `expires_at`, as it stands.
    pub(in crate::web::checkout) fn of(
        asked_at: UnixMillis,
        expires_at: UnixMillis,
        now: UnixMillis,
    ) -> Self {
        let left_seconds = expires_at.since(now).as_secs();
        Self {
            text: clock_text(left_seconds),
            left_seconds,
            total_seconds: expires_at.since(asked_at).as_secs().max(1),
            is_urgent: left_seconds < URGENT_SECONDS,
            expires_at: expires_at.get(),
        }
    }
}

/// `29:41`, or `1:05:00` from an hour on.
fn clock_text(seconds: u64) -> String {
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 {
        format!("{hours}:{minutes:02}:{seconds:02}")
    } else {
        format!("{minutes}:{seconds:02}")
    }
}

/// An amount as people say it: exact, without the zeros that only fill up.
pub(super) fn with_symbol(view: &PaymentView, amount: BaseUnits) -> String {
    let chosen = view.chosen.as_ref();
    chosen.map_or_else(String::new, |chosen| of_asset(&chosen.means.asset, amount))
}

/// What the order costs: in money as the language writes it, in an asset as wallets do.
pub(in crate::web::checkout) fn price(t: &Language, view: &PaymentView) -> String {
    match (&view.payment.price, &view.price_asset) {
        (Price::Fiat(price), _) => t.price(*price),
        (Price::Asset { amount, .. }, Some(asset)) => of_asset(asset, *amount),
        (Price::Asset { .. }, None) => String::new(),
    }
}

/// What one whole unit costs; nothing where the price is in that unit already.
fn rate(t: &Language, view: &PaymentView, chosen: &Chosen) -> Option<String> {
    let symbol = &chosen.means.asset.symbol;
    let unit = match (&view.payment.price, &view.price_asset) {
        (Price::Fiat(price), _) => price.currency.to_string(),
        (Price::Asset { .. }, Some(asset)) if asset.symbol != *symbol => asset.symbol.to_string(),
        (Price::Asset { .. }, _) => return None,
    };
    let arguments = [
        ("symbol", FluentValue::from(&**symbol)),
        (
            "rate",
            format!("{} {unit}", t.number(&chosen.ask.rate.normalize().to_string())).into(),
        ),
    ];
    Some(t.say_with("rate", &arguments))
}

fn send_more(t: &Language, view: &PaymentView) -> String {
    let arguments = [
        ("received", with_symbol(view, view.payment.progress.seen).into()),
        ("remaining", with_symbol(view, amount_to_send(view)).into()),
    ];
    t.say_with("send-more", &arguments)
}

/// How much of `whole` is there, rounded down.
fn percent(part: BaseUnits, whole: BaseUnits) -> u8 {
    let percent = part
        .get()
        .checked_mul(100)
        .and_then(|hundredfold| hundredfold.checked_div(whole.get()));
    u8::try_from(percent.unwrap_or(0).min(100)).unwrap_or(100)
}

/// An address in groups of four, as people compare them; the first takes what is over.
pub(super) fn address_groups(address: &str) -> Vec<String> {
    let characters: Vec<char> = address.chars().collect();
    let first = characters.len().checked_rem(4).unwrap_or(0).saturating_add(4);
    let (head, rest) = characters.split_at_checked(first).unwrap_or((&characters, &[]));
    std::iter::once(head)
        .chain(rest.chunks(4))
        .map(|group| group.iter().collect())
        .collect()
}
