//! What a person has to look at, in words, each with the way to the page that mends it; and the first steps of a new store.

use super::super::InShop;
use super::super::frame::Room;
use crate::domain::user::Role;
use crate::engine::office::attention::{Attention, INBOX_COUNTED_MAX, Steps};

/// Something to look at.
pub(super) struct Notice {
    pub(super) text: String,
    /// The page that mends it, and what its way is called; none for those who cannot go there.
    pub(super) way: Option<(String, String)>,
    pub(super) is_grave: bool,
}

/// A first step.
pub(super) struct Step {
    pub(super) text: String,
    pub(super) href: String,
    pub(super) is_done: bool,
}

/// `steps` say already that addresses are to be added.
pub(super) fn notices(place: &InShop, attention: &[Attention], steps: &[Step]) -> Vec<Notice> {
    let is_said = |found: &&Attention| !steps.is_empty() && **found == Attention::NoAddress;
    let left = attention.iter().filter(|found| !is_said(found));
    let mut notices: Vec<Notice> = left.map(|found| notice(place, found)).collect();
    if place.visit.is_owner() && !place.visit.user.has_totp {
        notices.push(Notice {
            text: place.visit.t.say("overview-no-second-factor"),
            way: Some(("/account".to_owned(), place.visit.t.say("overview-to-account"))),
            is_grave: false,
        });
    }
    notices
}

fn notice(place: &InShop, attention: &Attention) -> Notice {
    let t = place.visit.t;
    let (text, room) = match attention {
        // No page mends a disk.
        Attention::NotRecording { why } => (t.say(&format!("overview-not-recording-{why}")), None),
        Attention::Disabled => (t.say("overview-disabled"), Some(Room::Settings)),
        Attention::TestMode => (t.say("overview-test-mode"), Some(Room::Settings)),
        Attention::NoNetwork => (t.say("overview-no-network"), Some(Room::Nodes)),
        Attention::NoAddress => (t.say("overview-no-address"), Some(Room::Addresses)),
        Attention::Inbox { count } => {
            let key = if *count >= INBOX_COUNTED_MAX {
                "overview-inbox-many"
            } else {
                "overview-inbox"
            };
            let text = t.say_with(key, &[("count", (*count).into())]);
            (text, Some(Room::Inbox))
        }
        Attention::LowPool { network, free } => {
            let arguments = [("network", network.as_str().into()), ("free", (*free).into())];
            let text = t.say_with("overview-low-pool", &arguments);
            (text, Some(Room::Addresses))
        }
        Attention::Unread { network, since } => {
            let text = match since {
                None => t.say_with("overview-unread", &[("network", network.as_str().into())]),
                Some(at) => t.say_with(
                    "overview-unread-since",
                    &[
                        ("network", network.as_str().into()),
                        ("time", t.moment(*at).into()),
                    ],
                ),
            };
            (text, Some(Room::Nodes))
        }
        Attention::Alarm { network } => {
            let text = t.say_with("overview-alarm", &[("network", network.as_str().into())]);
            (text, Some(Room::Nodes))
        }
        Attention::WebhookFailed { url } => {
            let text = t.say_with("overview-webhook-failed", &[("url", shown_url(url).into())]);
            (text, Some(Room::Webhooks))
        }
        Attention::WebhookWaits { url } => {
            let text = t.say_with("overview-webhook-waits", &[("url", shown_url(url).into())]);
            (text, Some(Room::Webhooks))
        }
    };
    let way = |room| {
        let href = match room {
            Room::Nodes => "/nodes".to_owned(),
            _ => place.path(room.word()),
        };
        (href, t.say(&format!("nav-{room}")))
    };
    let may_go = |room: &Room| *room != Room::Settings || place.visit.is_owner();
    Notice {
        text,
        way: room.filter(may_go).map(way),
        is_grave: matches!(
            attention,
            Attention::NotRecording { .. }
                | Attention::Disabled
                | Attention::NoNetwork
                | Attention::NoAddress
                | Attention::Unread { .. }
                | Attention::WebhookFailed { .. }
        ),
    }
}

/// Scheme and host: the rest may hold what not everybody should read.
fn shown_url(url: &str) -> String {
    url::Url::parse(url).map_or_else(|_| String::new(), |url| url.origin().ascii_serialization())
}

/// What is left to do until a store works; none once it does, and for those who cannot do it.
pub(super) fn steps(place: &InShop, steps: Steps) -> Vec<Step> {
    if steps.are_done() || !place.visit.may(Role::Owner) {
        return Vec::new();
    }
    let t = place.visit.t;
    let step = |key: &str, path: &str, is_done: bool| Step {
        text: t.say(key),
        href: place.path(path),
        is_done,
    };
    vec![
        step("overview-step-test", "payments/new", steps.tested),
        step("overview-step-address", "addresses", steps.receives),
        step("overview-step-webhook", "webhooks", steps.tells),
        step("overview-step-key", "keys", steps.has_live_key),
        Step {
            text: t.say("overview-step-backup"),
            href: "/backup".to_owned(),
            is_done: false,
        },
    ]
}
