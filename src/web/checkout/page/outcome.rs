//! How a payment ended or what it waits for, and the way back to the shop.

use std::time::Duration;

use fluent_bundle::FluentValue;
use url::Url;

use super::Shown;
use super::parts::with_symbol;
use crate::domain::money::BaseUnits;
use crate::engine::gateway::PaymentView;
use crate::web::checkout::view::Stage;

/// A page opened long after the payment stays: the customer came for the receipt.
const RETURN_AFTER_MAX: Duration = Duration::from_secs(5 * 60);

/// Before a customer who has nothing left to do is taken back to the shop.
const LEAVE_SECONDS: u32 = 8;

/// The same, where the customer was told where to send money: time to read what to do if it was sent, and to stay.
const LEAVE_UNPAID_SECONDS: u32 = 30;

/// A page with nothing left to do on it.
pub(super) struct Outcome {
    pub(super) tone: Tone,
    pub(super) figure: Option<String>,
    pub(super) text: String,
    pub(super) remark: Option<String>,
    pub(super) shop_link: Option<ShopLink>,
    pub(super) has_receipt: bool,
}

/// How an outcome is meant.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Tone {
    Good,
    Attention,
    Neutral,
    Working,
}

/// Where the customer came from.
pub(super) struct ShopLink {
    pub(super) url: String,
    pub(super) label: String,
    /// Where the customer is taken there after a while.
    pub(super) leaving: Option<Leaving>,
    /// Whether it replaces the page around the frame instead of the frame's.
    pub(super) leaves_frame: bool,
}

/// The customer is taken back to the shop, unless he or she wants to stay.
pub(super) struct Leaving {
    pub(super) text: String,
    pub(super) seconds: u32,
}

pub(super) fn outcome(view: &PaymentView, shown: &Shown<'_>, stage: Stage) -> Outcome {
    let (t, payment) = (shown.language, &view.payment);
    let is_asked = payment.asked().is_some();
    let (tone, key) = match stage {
        Stage::Paid | Stage::Overpaid => (Tone::Good, "paid-text"),
        Stage::Underpaid => (Tone::Attention, "underpaid-text"),
        Stage::Expired if is_asked => (Tone::Neutral, "expired-text"),
        Stage::Expired if payment.ask.is_some() => (Tone::Neutral, "never-asked-text"),
        Stage::Expired => (Tone::Neutral, "select-expired-text"),
        Stage::Cancelled if is_asked => (Tone::Neutral, "cancelled-text"),
        Stage::Cancelled => (Tone::Neutral, "cancelled-unasked-text"),
        Stage::Failed => (Tone::Attention, "failed-text"),
        Stage::Closing | Stage::Waiting | Stage::PartPaid | Stage::Confirming => {
            (Tone::Working, "closing-text")
        }
        Stage::Selecting | Stage::Preparing => (Tone::Working, "preparing-text"),
        Stage::Queued => (Tone::Working, "queued-text"),
    };
    let is_paid = tone == Tone::Good;
    let due = payment.asked().map_or(BaseUnits::ZERO, |ask| ask.due);
    let arguments = [
        ("shop", FluentValue::from(view.shop.name.as_str())),
        ("received", with_symbol(view, payment.progress.seen).into()),
        ("due", with_symbol(view, due).into()),
        (
            "excess",
            with_symbol(view, payment.progress.seen.saturating_sub(due)).into(),
        ),
    ];
    let remark = match stage {
        Stage::Overpaid => Some("overpaid-remark"),
        Stage::Underpaid => Some("underpaid-remark"),
        Stage::Expired if is_asked => Some("expired-remark"),
        Stage::Cancelled if is_asked => Some("cancelled-remark"),
        _ => None,
    };
    Outcome {
        tone,
        figure: is_paid.then(|| with_symbol(view, payment.progress.seen)),
        text: t.say_with(key, &arguments),
        remark: remark.map(|key| t.say_with(key, &arguments)),
        // Who still waits for something is not sent away.
        shop_link: shop_link(view, shown, stage).filter(|_| tone != Tone::Working),
        has_receipt: is_paid,
    }
}

/// The link back to the shop: where it wants those who paid, or those who did not; else its own pages. None unless its
/// text is a plain web address.
fn shop_link(view: &PaymentView, shown: &Shown<'_>, stage: Stage) -> Option<ShopLink> {
    let order = &view.payment.order;
    let is_paid = matches!(stage, Stage::Paid | Stage::Overpaid);
    let wanted = web_address(if is_paid {
        &order.redirect_url
    } else {
        &order.fail_url
    });
    let leaving = wanted
        .as_ref()
        .filter(|_| has_just_ended(view, shown, is_paid) && !shown.is_embedded())
        .map(|url| leaving(view, shown, is_paid, url));
    let shops_own = || {
        let website = view.shop.website.as_deref().and_then(web_address);
        website.or_else(|| web_address(&order.redirect_url))
    };
    let url = wanted.or_else(|| shops_own().filter(|_| !is_paid))?;
    let label = [("shop", view.shop.name.as_str().into())];
    Some(ShopLink {
        label: shown.language.say_with("back-to-shop", &label),
        leaving,
        url: url.into(),
        leaves_frame: shown.is_embedded(),
    })
}

/// A text that is a plain web address.
fn web_address(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let is_web =
        matches!(url.scheme(), "http" | "https") && url.username().is_empty() && url.password().is_none();
    (is_web && url.has_host()).then_some(url)
}

fn has_just_ended(view: &PaymentView, shown: &Shown<'_>, is_paid: bool) -> bool {
    let payment = &view.payment;
    // What did not end in money has no time of its own: it ended at the expiry or before.
    let ended_at = if is_paid {
        payment.confirmed_at
    } else {
        Some(payment.expires_at)
    };
    ended_at.is_some_and(|at| shown.now < at.plus(RETURN_AFTER_MAX))
}

/// What is said before the customer is taken away. Who was told where to send money may have sent it in the last minute:
/// that is never passed over in silence. What to do then stands above: to wait, where money that comes yet is found and
/// shown; to ask the shop, where only the shop can do something about it.
fn leaving(view: &PaymentView, shown: &Shown<'_>, is_paid: bool, url: &Url) -> Leaving {
    let may_have_paid = !is_paid && view.payment.asked().is_some();
    let (key, seconds) = if may_have_paid {
        ("leaving-unless-paid", LEAVE_UNPAID_SECONDS)
    } else {
        ("leaving", LEAVE_SECONDS)
    };
    let host = url.host_str().unwrap_or_default();
    Leaving {
        text: shown.language.say_with(key, &[("host", host.into())]),
        seconds,
    }
}
