//! The fields of a channel's form: what was typed, and what becomes of it.

use std::collections::BTreeMap;

use crate::domain::notice::{ChannelKind, DAY_MINUTES, Destination, QuietHours, Topic};
use crate::engine::office::notices::{ChannelForm, ChannelView, NAME_LENGTH_MAX};
use crate::web::dashboard::{Form, Mistakes, Visit};
use crate::web::text::{self, Language};

/// The fields that are secrets: never shown again; left empty, they stay as they were.
const SECRETS: [&str; 3] = ["password", "token", "secret"];

/// All fields of destinations.
const FIELDS: [&str; 13] = [
    "host", "port", "security", "user", "password", "from", "to", "server", "token", "chat", "topic", "url",
    "secret",
];

/// What stands in the fields.
pub(super) struct Typed {
    pub(super) name: String,
    pub(super) topics: Vec<Topic>,
    pub(super) store: String,
    pub(super) quiet_from: String,
    pub(super) quiet_to: String,
    pub(super) utc_offset: String,
    pub(super) language: String,
    fields: BTreeMap<&'static str, String>,
}

impl Typed {
    /// An empty form, with what most take.
    pub(super) fn new(t: &Language, kind: ChannelKind) -> Self {
        let usual = match kind {
            ChannelKind::Email => vec![("port", "465"), ("security", "tls")],
            ChannelKind::Telegram | ChannelKind::Ntfy | ChannelKind::Webhook => Vec::new(),
        };
        Self {
            name: t.say(&format!("channel-{kind}")),
            topics: Topic::CHOICES.to_vec(),
            store: String::new(),
            quiet_from: String::new(),
            quiet_to: String::new(),
            utc_offset: "0".to_owned(),
            language: t.code().to_owned(),
            fields: usual
                .into_iter()
                .map(|(name, value)| (name, value.to_owned()))
                .collect(),
        }
    }

    /// What a channel has, without its secrets.
    pub(super) fn of(view: &ChannelView) -> Self {
        let channel = &view.channel;
        let clock = |minute: u16| format!("{:02}:{:02}", minute.div_euclid(60), minute.rem_euclid(60));
        let fields = view.destination.fields().into_iter();
        Self {
            name: channel.name.clone(),
            topics: channel.topics.clone(),
            store: channel.shop.map(|shop| shop.to_string()).unwrap_or_default(),
            quiet_from: channel.quiet.map(|quiet| clock(quiet.from)).unwrap_or_default(),
            quiet_to: channel.quiet.map(|quiet| clock(quiet.to)).unwrap_or_default(),
            utc_offset: channel.quiet.map_or(0, |quiet| quiet.utc_offset).to_string(),
            language: channel.language.clone().unwrap_or_default(),
            fields: fields.filter(|(name, _)| !SECRETS.contains(name)).collect(),
        }
    }

    fn posted(form: &Form) -> Self {
        let words = form.all("topic-choice").filter_map(|word| word.parse().ok());
        let shown = FIELDS.iter().filter(|name| !SECRETS.contains(name));
        Self {
            name: form.get("name").to_owned(),
            topics: words.filter(|topic| Topic::CHOICES.contains(topic)).collect(),
            store: form.get("store").to_owned(),
            quiet_from: form.get("quiet-from").to_owned(),
            quiet_to: form.get("quiet-to").to_owned(),
            utc_offset: form.get("utc-offset").to_owned(),
            language: form.get("language").to_owned(),
            fields: shown.map(|name| (*name, form.get(name).to_owned())).collect(),
        }
    }

    /// What stands in a field of the destination.
    pub(super) fn field(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }
}

/// What a posted form comes to. A secret that was left empty stays as it was in `before`.
pub(super) fn read(
    visit: &Visit,
    kind: ChannelKind,
    form: &Form,
    before: Option<&Destination>,
) -> Result<ChannelForm, (Box<Typed>, Mistakes)> {
    let t = visit.t;
    let (typed, mut mistakes) = (Typed::posted(form), Mistakes::default());
    let length = typed.name.chars().count();
    if length == 0 || length > NAME_LENGTH_MAX || typed.name.chars().any(char::is_control) {
        mistakes.add("name", t.say("notices-name-mistake"));
    }
    if typed.topics.is_empty() {
        mistakes.add("topics", t.say("notices-topics-mistake"));
    }
    let old: BTreeMap<&str, String> = before
        .map(Destination::fields)
        .unwrap_or_default()
        .into_iter()
        .collect();
    // A secret stays with the server that it was for: nobody has it sent to another that they name.
    let is_there = ["host", "port", "security", "server", "url"]
        .iter()
        .all(|place| old.get(place).is_none_or(|before| form.get(place) == before));
    let value = |name: &'static str| {
        let sent = form.get(name);
        let kept = old
            .get(name)
            .filter(|_| is_there && sent.is_empty() && SECRETS.contains(&name));
        kept.map_or(sent, String::as_str)
    };
    let destination = Destination::read(kind, value);
    if let Err(bad) = &destination {
        mistakes.add(bad.0, t.say("notices-field-mistake"));
    }
    let quiet = quiet_of(&typed);
    if quiet.is_none() {
        mistakes.add("quiet", t.say("notices-quiet-mistake"));
    }
    let shop = visit.shops.iter().find(|shop| shop.id.to_string() == typed.store);
    if shop.is_none() && !typed.store.is_empty() {
        mistakes.add("store", t.say("notices-field-mistake"));
    }
    let language = text::named(&typed.language).map(|language| language.code().to_owned());
    match (destination, quiet) {
        (Ok(destination), Some(quiet)) if mistakes.is_empty() => Ok(ChannelForm {
            name: typed.name,
            topics: typed.topics,
            shop: shop.map(|shop| shop.id),
            quiet,
            language,
            destination: Some(destination),
        }),
        _ => Err((Box::new(typed), mistakes)),
    }
}

/// The quiet hours that were typed: none when both are empty; `None` when they are not readable.
#[expect(
    clippy::option_option,
    reason = "nothing typed is an answer, and differs from nonsense"
)]
fn quiet_of(typed: &Typed) -> Option<Option<QuietHours>> {
    if typed.quiet_from.is_empty() && typed.quiet_to.is_empty() {
        return Some(None);
    }
    let utc_offset: i16 = typed.utc_offset.parse().ok()?;
    let is_zone = (-840..=840).contains(&utc_offset);
    let quiet = QuietHours {
        from: minute_of(&typed.quiet_from)?,
        to: minute_of(&typed.quiet_to)?,
        utc_offset,
    };
    is_zone.then_some(Some(quiet))
}

/// The minute of the day of a time such as `22:30`.
fn minute_of(text: &str) -> Option<u16> {
    let (hour, minute) = text.split_once(':')?;
    let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
    let minutes = hour.checked_mul(60)?.checked_add(minute)?;
    (minute < 60 && minutes < DAY_MINUTES).then_some(minutes)
}
