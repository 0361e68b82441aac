//! What notices say, in eight languages.

use crate::domain::notice::{Notice, Topic};
use crate::outbox::notices::{Said, Words};
use crate::web::text::{self, Language};

/// The words of notices, with links to the dashboard at this URL where there is one.
pub struct NoticeWords {
    dashboard: Option<String>,
}

impl NoticeWords {
    /// `dashboard` without a trailing slash.
    #[must_use]
    pub const fn new(dashboard: Option<String>) -> Self {
        Self { dashboard }
    }
}

impl Words for NoticeWords {
    fn of(&self, notice: &Notice, language: Option<&str>) -> Said {
        let t = language
            .and_then(text::named)
            .unwrap_or_else(|| text::choose(None, None, None));
        let (title, mut text) = said(t, notice);
        if let Some(url) = &self.dashboard {
            text.push_str("\n\n");
            text.push_str(url);
            text.push_str("/\n");
        }
        Said { title, text }
    }
}

fn said(t: &Language, notice: &Notice) -> (String, String) {
    let fact = |name: &'static str| (name, notice.fact(name).into());
    let with_order = |text: String| match notice.fact("order") {
        "" => text,
        order => format!(
            "{text}\n{}",
            t.say_with("notice-order", &[("order", order.into())])
        ),
    };
    match notice.topic {
        Topic::Paid => {
            let facts = [fact("store"), fact("payment"), fact("amount")];
            let text = with_order(t.say_with("notice-paid-text", &facts));
            (t.say_with("notice-paid-title", &facts), text)
        }
        Topic::Late if notice.fact("payment").is_empty() => {
            let facts = [fact("store"), fact("amount"), fact("txid")];
            (
                t.say_with("notice-inbox-title", &facts),
                t.say_with("notice-inbox-text", &facts),
            )
        }
        Topic::Late => {
            let facts = [fact("store"), fact("payment")];
            let text = with_order(t.say_with("notice-late-text", &facts));
            (t.say_with("notice-late-title", &facts), text)
        }
        Topic::LowPool => {
            let facts = [fact("store"), fact("network"), fact("free")];
            (
                t.say_with("notice-low-pool-title", &facts),
                t.say_with("notice-low-pool-text", &facts),
            )
        }
        Topic::Provider => {
            let facts = [fact("network"), fact("error")];
            (
                t.say_with("notice-provider-title", &facts),
                t.say_with("notice-provider-text", &facts),
            )
        }
        Topic::Webhook => {
            let facts = [fact("store"), fact("host")];
            (
                t.say_with("notice-webhook-title", &facts),
                t.say_with("notice-webhook-text", &facts),
            )
        }
        Topic::Reorged => {
            let facts = [fact("store"), fact("payment"), fact("amount")];
            let text = with_order(t.say_with("notice-reorged-text", &facts));
            (t.say_with("notice-reorged-title", &facts), text)
        }
        Topic::Test => (t.say("notice-test-title"), t.say("notice-test-text")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::{ChannelId, NoticeId};
    use crate::domain::notice::NoticeState;
    use crate::domain::time::UnixMillis;
    use crate::web::text::languages;

    #[test]
    fn every_topic_is_said_in_every_language_with_all_its_facts() {
        let names = [
            "store", "payment", "order", "amount", "price", "txid", "network", "free", "error", "host",
        ];
        let facts: Vec<(String, String)> = names.map(|name| (name.to_owned(), format!("<{name}>"))).to_vec();
        let words = NoticeWords::new(Some("https://office.example".to_owned()));
        for topic in Topic::ALL {
            for facts in [
                facts.clone(),
                facts
                    .clone()
                    .into_iter()
                    .filter(|(name, _)| name != "payment")
                    .collect(),
            ] {
                let notice = Notice {
                    id: NoticeId::new(1),
                    channel: ChannelId::new(1),
                    topic: *topic,
                    subject: "s".to_owned(),
                    facts,
                    state: NoticeState::Pending,
                    attempts: 0,
                    error: None,
                    made_at: UnixMillis::new(0),
                };
                for language in languages() {
                    let said = words.of(&notice, Some(language.code()));
                    let all = format!("{}{}", said.title, said.text);
                    assert!(!all.contains("{$") && !all.contains("notice-"), "{all}");
                    assert!(said.text.contains("https://office.example/"));
                    assert!(
                        !said.title.contains('\n') && said.title.chars().count() < 90,
                        "{}",
                        said.title
                    );
                    if *topic == Topic::Paid {
                        assert!(all.contains("<amount>") && all.contains("<order>"), "{all}");
                    }
                }
            }
        }
    }
}
