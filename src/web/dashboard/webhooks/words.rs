//! What the pages about webhooks call things.

use url::Url;

use crate::domain::event::EventKind;
use crate::domain::shop::Format;
use crate::engine::office::deliveries::DeliveryState;
use crate::engine::office::posts::{Answer, Fired};
use crate::web::text::Language;

/// The name of a format: those of gateways are names in every language.
pub(super) const fn format_name(format: Format) -> &'static str {
    match format {
        Format::Payhook => "PayHook",
        Format::Standard => "Standard Webhooks",
        Format::Soko => "soko",
        Format::CryptoPay => "Crypto Pay",
        Format::UsdtPayments => "USDT Payments",
        Format::Cryptopayment => "CryptoPayment",
    }
}

/// What an event is, in words.
pub(super) fn event_name(t: &Language, kind: EventKind) -> String {
    t.say(&format!(
        "hooks-event-{}",
        kind.word().trim_start_matches("payment.")
    ))
}

/// Where a delivery stands, with the class of its badge.
pub(super) struct Badge {
    pub(super) class: &'static str,
    pub(super) text: String,
}

impl Badge {
    pub(super) fn new(t: &Language, state: DeliveryState) -> Self {
        Self {
            class: match state {
                DeliveryState::Pending => "busy",
                DeliveryState::Delivered => "good",
                DeliveryState::Failed => "bad",
            },
            text: t.say(&format!("hooks-state-{state}")),
        }
    }
}

/// The part of a URL that tells no secret.
pub(super) fn host(url: &str) -> String {
    Url::parse(url).map_or_else(|_| String::new(), |url| url.origin().ascii_serialization())
}

/// What came of a test post, in plain words.
pub(super) struct Told {
    pub(super) is_received: bool,
    /// What happened.
    pub(super) text: String,
    /// What to do.
    pub(super) advice: String,
    /// What the endpoint said, or why there was no answer.
    pub(super) detail: String,
}

impl Told {
    pub(super) fn new(t: &Language, fired: &Fired) -> Self {
        let latency_ms = fired.latency.as_millis().to_string();
        let (text, advice, detail) = match &fired.answer {
            Answer::Replied { status, text } => {
                let arguments = [("status", status.to_string().into()), ("ms", latency_ms.into())];
                let advice = match (fired.is_received, *status) {
                    (true, _) => t.say("hooks-fired-received"),
                    (false, 300..=399) => t.say("hooks-fired-redirect"),
                    (false, 401 | 403) => t.say("hooks-fired-refused"),
                    (false, 404 | 405 | 410) => t.say("hooks-fired-not-found"),
                    (false, 500..=599) => t.say("hooks-fired-broken"),
                    (false, _) => t.say("hooks-fired-other"),
                };
                (
                    t.say_with("hooks-fired-answered", &arguments),
                    advice,
                    text.clone(),
                )
            }
            Answer::TooSlow => {
                let seconds = [("seconds", fired.timeout.as_secs().into())];
                let text = t.say_with("hooks-fired-slow", &seconds);
                (text, t.say("hooks-fired-slow-advice"), String::new())
            }
            Answer::Failed(why) => (
                t.say("hooks-fired-unreachable"),
                t.say("hooks-fired-unreachable-advice"),
                why.clone(),
            ),
        };
        Self {
            is_received: fired.is_received,
            text,
            advice,
            detail,
        }
    }
}
