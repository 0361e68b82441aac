//! Why money counted for nothing, and why something could not be done about it, in plain words.

use crate::domain::status::Status;
use crate::domain::transfer::Judgement;
use crate::engine::inbox::{Entry, InboxError};
use crate::web::text::Language;

/// Why a transfer counts for nothing.
pub(super) fn reason(t: &'static Language, entry: &Entry) -> String {
    let status = entry.payment.as_ref().map(|(_, status)| *status);
    let key = match (entry.transfer.judgement, status) {
        _ if entry.transfer.orphaned => "inbox-reason-gone",
        (Judgement::Counted, _) => "inbox-reason-counted",
        (Judgement::Late, _) => "inbox-reason-late",
        (Judgement::WrongAsset, _) => "inbox-reason-wrong-asset",
        (Judgement::AfterEnd, Some(Status::Paid)) => "inbox-reason-second",
        (Judgement::AfterEnd, _) => "inbox-reason-after-end",
        (Judgement::Unmatched, _) => "inbox-reason-unmatched",
    };
    t.say(key)
}

/// The field that is wrong, and what is wrong with it. `None` for what is payd's own fault.
pub(super) fn mistake(t: &'static Language, error: &InboxError) -> Option<(&'static str, String)> {
    let with_number =
        |key: &str, number: &dyn std::fmt::Display| t.say_with(key, &[("number", number.to_string().into())]);
    let found_and_wanted = |key: &str, number: &dyn std::fmt::Display, found: &str, wanted: &str| {
        let arguments = [
            ("number", number.to_string().into()),
            ("found", found.to_owned().into()),
            ("wanted", wanted.to_owned().into()),
        ];
        t.say_with(key, &arguments)
    };
    Some(match error {
        InboxError::Reason => ("reason", t.say("inbox-mistake-reason")),
        InboxError::NoPayment { .. } | InboxError::NoSuchPayment | InboxError::OtherStore { .. } => {
            ("payment", t.say("inbox-mistake-no-payment"))
        }
        InboxError::Counts { number } => ("payment", with_number("inbox-mistake-counts", number)),
        InboxError::Gone => ("payment", t.say("inbox-mistake-gone")),
        InboxError::OtherNetwork {
            number,
            found,
            wanted,
        } => {
            let text = found_and_wanted("inbox-mistake-network", number, found, wanted);
            ("payment", text)
        }
        InboxError::OtherCurrency {
            number,
            found,
            wanted,
        } => {
            let text = found_and_wanted("inbox-mistake-currency", number, found, wanted);
            ("payment", text)
        }
        InboxError::TakesNone { number, status, .. } => {
            let arguments = [
                ("number", number.to_string().into()),
                ("status", t.say(&format!("status-{status}")).into()),
            ];
            ("payment", t.say_with("inbox-mistake-takes-none", &arguments))
        }
        InboxError::PlaceTaken {
            number,
            confirmations,
        } => {
            let arguments = [
                ("number", number.to_string().into()),
                ("count", (*confirmations).into()),
            ];
            ("payment", t.say_with("inbox-mistake-place", &arguments))
        }
        InboxError::NotFound { .. } | InboxError::Engine(_) => return None,
    })
}
