//! What the merchant is told besides webhooks, which go to programs: by e-mail, Telegram, ntfy, or a post to any URL.

mod destination;

pub use destination::{BadField, Destination, MailSecurity, NTFY_SERVER, TELEGRAM_SERVER, host};

use super::ids::{ChannelId, NoticeId, ShopId};
use super::time::UnixMillis;

/// Minutes of a day.
pub const DAY_MINUTES: u16 = 24 * 60;

super::vocabulary! {
    /// What a notice is about.
    Topic, "topic" {
        /// A payment was paid.
        Paid = "paid",
        /// Money came late, or counted for no payment: it waits in the inbox.
        Late = "late",
        /// A pool of addresses has few left.
        LowPool = "low-pool",
        /// A network could not be read for a while, or something about it has to be looked at.
        Provider = "provider",
        /// Webhooks do not arrive.
        Webhook = "webhook",
        /// A reorganisation took settled money away. Sent at any hour.
        Reorged = "reorged",
        /// Whether the channel works. Asked for by hand.
        Test = "test",
    }
}

impl Topic {
    /// What a channel can be told of.
    pub const CHOICES: [Self; 6] = [
        Self::Paid,
        Self::Late,
        Self::LowPool,
        Self::Provider,
        Self::Webhook,
        Self::Reorged,
    ];

    /// Whether it is sent in quiet hours, too.
    #[must_use]
    pub const fn is_alarm(self) -> bool {
        match self {
            Self::Reorged | Self::Test => true,
            Self::Paid | Self::Late | Self::LowPool | Self::Provider | Self::Webhook => false,
        }
    }
}

super::vocabulary! {
    /// How the merchant is reached.
    ChannelKind, "kind of channel" {
        /// A letter over SMTP.
        Email = "email",
        /// A message of the merchant's own Telegram bot.
        Telegram = "telegram",
        /// A push by an ntfy server.
        Ntfy = "ntfy",
        /// A post to any URL, signed as Standard Webhooks are.
        Webhook = "webhook",
    }
}

/// A time of the day in which nothing but alarms is sent. It may go over midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuietHours {
    /// From this minute of the day on.
    pub from: u16,
    /// Until this minute.
    pub to: u16,
    /// Minutes that the merchant's clock is ahead of UTC.
    pub utc_offset: i16,
}

impl QuietHours {
    /// When the quiet that holds at `now` ends; `None` when none does.
    #[must_use]
    pub fn end_of(self, now: UnixMillis) -> Option<UnixMillis> {
        const MINUTE_MS: i64 = 60_000;
        let day = i64::from(DAY_MINUTES);
        let local = now
            .get()
            .div_euclid(MINUTE_MS)
            .saturating_add(i64::from(self.utc_offset));
        let (minute, from, to) = (local.rem_euclid(day), i64::from(self.from), i64::from(self.to));
        // How far into the quiet it is, and how long the quiet is, around the clock.
        let (into, length) = (
            minute.saturating_sub(from).rem_euclid(day),
            to.saturating_sub(from).rem_euclid(day),
        );
        let left = length.checked_sub(into).filter(|left| *left > 0)?;
        let begun = now.get().div_euclid(MINUTE_MS).saturating_mul(MINUTE_MS);
        Some(UnixMillis::new(
            begun.saturating_add(left.saturating_mul(MINUTE_MS)),
        ))
    }
}

/// A way to reach the merchant. Where to and with what credentials is sealed in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Channel {
    /// Row number.
    pub id: ChannelId,
    /// How.
    pub kind: ChannelKind,
    /// What the merchant calls it.
    pub name: String,
    /// What it tells of.
    pub topics: Vec<Topic>,
    /// Of this shop alone; of all without one.
    pub shop: Option<ShopId>,
    /// When it is quiet.
    pub quiet: Option<QuietHours>,
    /// The language of what it says, as a BCP 47 tag; English without one.
    pub language: Option<String>,
    /// When it was made.
    pub created_at: UnixMillis,
    /// Since when it tells nothing.
    pub disabled_at: Option<UnixMillis>,
}

super::vocabulary! {
    /// How far a notice is.
    NoticeState, "state of a notice" {
        /// To be sent.
        Pending = "pending",
        /// Sent.
        Sent = "sent",
        /// Given up.
        Failed = "failed",
    }
}

/// Something that the merchant is told by one channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Row number.
    pub id: NoticeId,
    /// By which channel.
    pub channel: ChannelId,
    /// What it is about.
    pub topic: Topic,
    /// What exactly it is about, such as a payment's number; no second one is made while this is fresh.
    pub subject: String,
    /// What there is to say: names and values, in the order of [`Topic`]'s texts.
    pub facts: Vec<(String, String)>,
    /// How far it is.
    pub state: NoticeState,
    /// How often it was tried.
    pub attempts: u32,
    /// Why it was not sent, when it was tried last.
    pub error: Option<String>,
    /// When it was made.
    pub made_at: UnixMillis,
}

impl Notice {
    /// One of the facts; empty when there is none of this name.
    #[must_use]
    pub fn fact(&self, name: &str) -> &str {
        let mut facts = self.facts.iter();
        facts
            .find(|(known, _)| known == name)
            .map_or("", |(_, value)| value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quiet_hours_end_at_their_minute_also_over_midnight_and_in_another_time_zone() {
        const HOUR: i64 = 60;
        let at = |minute: i64| {
            UnixMillis::new(1_800_000_000_000_i64.div_euclid(86_400_000) * 86_400_000 + minute * 60_000 + 7)
        };
        let quiet = |from, to, utc_offset| QuietHours { from, to, utc_offset };
        for (hours, now, end) in [
            (quiet(22 * 60, 7 * 60, 0), 23 * HOUR, Some(31 * HOUR)),
            (quiet(22 * 60, 7 * 60, 0), 22 * HOUR, Some(31 * HOUR)),
            (quiet(22 * 60, 7 * 60, 0), 6 * HOUR + 59, Some(7 * HOUR)),
            (quiet(22 * 60, 7 * 60, 0), 7 * HOUR, None),
            (quiet(22 * 60, 7 * 60, 0), 12 * HOUR, None),
            (quiet(12 * 60, 13 * 60, 0), 12 * HOUR + 30, Some(13 * HOUR)),
            (quiet(22 * 60, 7 * 60, 120), 20 * HOUR, Some(29 * HOUR)),
            (quiet(22 * 60, 7 * 60, -300), 2 * HOUR, None),
            (quiet(22 * 60, 7 * 60, -300), 3 * HOUR, Some(12 * HOUR)),
            (quiet(60, 60, 0), HOUR, None),
        ] {
            let end = end.map(|minute| UnixMillis::new(at(minute).get() - 7));
            assert_eq!(hours.end_of(at(now)), end, "{hours:?} {now}");
        }
    }
}
