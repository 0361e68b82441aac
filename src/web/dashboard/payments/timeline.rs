//! All that happened to a payment, in one line of time.

use super::shown::amount;
use crate::domain::asset::Registry;
use crate::domain::network::Network;
use crate::domain::payment::Ask;
use crate::domain::shop::Endpoint;
use crate::domain::time::UnixMillis;
use crate::domain::transfer::{Judgement, Transfer};
use crate::engine::office::Office;
use crate::engine::office::payments::{Attempt, DeliveryState, Sent, Story};
use crate::web::text::Language;

/// Something that happened.
pub(super) struct Entry {
    at: UnixMillis,
    pub(super) iso: String,
    pub(super) when: String,
    /// The word of its kind, for the style sheet.
    pub(super) kind: &'static str,
    pub(super) title: String,
    /// In a few words.
    pub(super) text: String,
    /// A transaction, or where something was sent.
    pub(super) code: String,
    pub(super) tone: &'static str,
    /// Of a transfer that does not count: its row, by which it can be accepted.
    pub(super) late: Option<i64>,
    pub(super) delivery: Option<DeliveryEntry>,
}

/// What is shown of a delivery.
pub(super) struct DeliveryEntry {
    pub(super) id: i64,
    /// Its own page, with what was sent.
    pub(super) href: String,
    pub(super) may_replay: bool,
    /// What makes a form that is sent twice one repetition.
    pub(super) token: String,
    pub(super) tries: Vec<Try>,
}

/// One sending.
pub(super) struct Try {
    pub(super) iso: String,
    pub(super) when: String,
    pub(super) outcome: String,
    pub(super) is_good: bool,
    pub(super) reply: String,
}

/// What is told of a payment, the oldest first.
pub(super) fn timeline(t: &Language, office: &Office, base: &str, story: &Story) -> Vec<Entry> {
    let registry = office.registry();
    let teller = Teller {
        t,
        office,
        registry,
        base,
        story,
    };
    let mut entries: Vec<Entry> = story
        .events
        .iter()
        .map(|event| {
            let title = t.say(&format!(
                "hooks-event-{}",
                event.kind.word().replace("payment.", "")
            ));
            let received = story.payment.ask.as_ref().filter(|_| !event.received.is_zero());
            let text = received.map(|ask| {
                let amount = amount(registry, ask, event.received);
                t.say_with("payments-event-received", &[("amount", amount.into())])
            });
            Entry {
                text: text.unwrap_or_default(),
                ..teller.entry(event.at, "event", title)
            }
        })
        .collect();
    entries.extend(story.transfers.iter().map(|transfer| teller.transfer(transfer)));
    entries.extend(story.waiting.iter().map(|(waiting, at)| Entry {
        text: teller.units(&waiting.currency, waiting.amount),
        code: waiting.txid.to_string(),
        tone: "busy",
        ..teller.entry(*at, "transfer", t.say("payments-transfer-waiting"))
    }));
    entries.extend(story.sent.iter().map(|sent| teller.sent(sent)));
    entries.extend(story.notes.iter().map(|note| Entry {
        text: note.reason.clone(),
        code: note.actor.clone(),
        tone: "warn",
        ..teller.entry(note.at, "note", t.say(&format!("mark-{}", note.mark)))
    }));
    entries.sort_by_key(|entry| entry.at);
    entries
}

struct Teller<'a> {
    t: &'a Language,
    office: &'a Office,
    /// Where the store's pages begin.
    base: &'a str,
    registry: &'a Registry,
    story: &'a Story,
}

impl Teller<'_> {
    fn entry(&self, at: UnixMillis, kind: &'static str, title: String) -> Entry {
        Entry {
            at,
            iso: at.rfc3339(),
            when: self.t.moment(at),
            kind,
            title,
            text: String::new(),
            code: String::new(),
            tone: "",
            late: None,
            delivery: None,
        }
    }

    fn units(
        &self,
        currency: &crate::domain::asset::Currency,
        units: crate::domain::money::BaseUnits,
    ) -> String {
        let network = self.story.payment.ask.as_ref().map(|ask| &ask.network);
        match network.and_then(|network| self.registry.asset(network, currency)) {
            Some(asset) => format!("{} {}", asset.show(units), asset.symbol),
            None => format!("{units} {currency}"),
        }
    }

    fn transfer(&self, transfer: &Transfer) -> Entry {
        let (t, seen) = (self.t, &transfer.seen);
        let (word, tone) = match (transfer.orphaned, transfer.judgement) {
            (true, _) => ("orphaned", "bad"),
            (false, Judgement::Counted) => ("counted", "good"),
            (false, Judgement::Late) => ("late", "warn"),
            (false, Judgement::WrongAsset) => ("wrong-asset", "warn"),
            (false, Judgement::AfterEnd) => ("after-end", "warn"),
            (false, Judgement::Unmatched) => ("unmatched", "warn"),
        };
        let amount = self.units(&seen.currency, seen.amount);
        let ask = self.story.payment.ask.as_ref();
        let is_same = |ask: &Ask| ask.network == transfer.network && ask.currency == seen.currency;
        let may_count = !transfer.orphaned
            && transfer.judgement != Judgement::Counted
            && self.story.payment.status.takes_money()
            && ask.is_some_and(is_same);
        let text = match (ask, transfer.orphaned) {
            (Some(ask), false) => {
                let reached = self
                    .story
                    .tip
                    .map_or(0, |tip| Network::confirmations_at(seen.block.height, tip));
                let arguments = [
                    ("amount", amount.into()),
                    ("reached", reached.min(ask.confirmations).into()),
                    ("required", ask.confirmations.into()),
                ];
                t.say_with("payments-transfer-text", &arguments)
            }
            _ => amount,
        };
        Entry {
            text,
            code: seen.txid.to_string(),
            tone,
            late: may_count.then(|| transfer.id.get()),
            ..self.entry(
                seen.block.time,
                "transfer",
                t.say(&format!("payments-transfer-{word}")),
            )
        }
    }

    fn sent(&self, sent: &Sent) -> Entry {
        let t = self.t;
        let (word, tone) = match sent.delivery.state {
            DeliveryState::Pending => ("pending", "busy"),
            DeliveryState::Delivered => ("delivered", "good"),
            DeliveryState::Failed => ("failed", "bad"),
        };
        let mut events = self.story.events.iter();
        let event = events.find(|event| event.id == sent.delivery.event);
        let event = event.map_or("", |event| event.kind.word());
        let is_open = |endpoint: &Endpoint| endpoint.disabled_at.is_none();
        Entry {
            text: event.to_owned(),
            code: sent
                .endpoint
                .as_ref()
                .map(|endpoint| bare(&endpoint.url))
                .unwrap_or_default(),
            tone,
            delivery: Some(DeliveryEntry {
                id: sent.delivery.id.get(),
                href: format!(
                    "{}/webhooks/{}/deliveries/{}",
                    self.base, sent.delivery.endpoint, sent.delivery.id
                ),
                token: self.office.replay_token().unwrap_or_default(),
                may_replay: sent.endpoint.as_ref().is_some_and(is_open),
                tries: sent.attempts.iter().map(|attempt| self.tried(attempt)).collect(),
            }),
            ..self.entry(
                sent.delivery.created_at,
                "delivery",
                t.say(&format!("payments-delivery-{word}")),
            )
        }
    }

    fn tried(&self, attempt: &Attempt) -> Try {
        let outcome = match (attempt.status, &attempt.error) {
            (Some(status), _) => {
                let status = status.to_string();
                let arguments = [("status", status.into()), ("latency", attempt.latency_ms.into())];
                self.t.say_with("payments-attempt-replied", &arguments)
            }
            (None, Some(error)) => error.clone(),
            (None, None) => String::new(),
        };
        Try {
            iso: attempt.at.rfc3339(),
            when: self.t.moment(attempt.at),
            outcome,
            is_good: attempt.status.is_some_and(|status| (200..300).contains(&status)),
            reply: String::from_utf8_lossy(&attempt.reply).into_owned(),
        }
    }
}

/// An address without what may be secret in it.
fn bare(url: &str) -> String {
    let Ok(mut url) = url::Url::parse(url) else {
        return String::new();
    };
    url.set_query(None);
    url.set_fragment(None);
    // An address that has no host has no name either.
    let _ = (url.set_username(""), url.set_password(None));
    url.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endpoint_is_shown_without_names_passwords_and_query() {
        let shown = bare("https://ann:secret@shop.example/hook?key=secret#x");
        assert_eq!(shown, "https://shop.example/hook");
    }
}
