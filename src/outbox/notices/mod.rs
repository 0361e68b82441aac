//! Sending notices to the merchant: by letter, or by a post to Telegram, ntfy or any URL. What they say the web floor
//! brings. A channel that does not work delays no other for longer than one try takes.

pub mod mail;
mod posts;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::future::BoxFuture;
use futures_util::stream;

use self::mail::Mail;
use super::guard::{Guard, check_url};
use super::transport::Transport;
use crate::ambient::Clock;
use crate::domain::notice::{Channel, Destination, Notice, NoticeState, Topic};
use crate::domain::time::UnixMillis;
use crate::store::{Database, StoreError, notices};

/// Notices that are tried at a time, and at once.
const BATCH: u32 = 50;
const AT_ONCE: usize = 8;

/// How long one try may take.
const TRY_TIMEOUT: Duration = Duration::from_secs(20);

/// Characters of an error that are kept.
const ERROR_LENGTH_MAX: usize = 300;

/// The waits after the first, second, ... failed try; then it is given up.
const WAITS: [Duration; 5] = [
    Duration::from_secs(60),
    Duration::from_secs(5 * 60),
    Duration::from_secs(30 * 60),
    Duration::from_secs(2 * 60 * 60),
    Duration::from_secs(12 * 60 * 60),
];

/// What a notice says, in the language of its channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// In a line.
    pub title: String,
    /// The whole.
    pub text: String,
}

/// Says what a notice has to say.
pub trait Words: Send + Sync + 'static {
    /// The text of a notice in the language of this tag, or in English.
    fn of(&self, notice: &Notice, language: Option<&str>) -> Said;
}

/// Sends letters.
pub trait Letters: Send + Sync + 'static {
    /// Sends a letter. The error names no credentials.
    fn send(&self, mail: Mail) -> BoxFuture<'_, Result<(), String>>;
}

/// Sends what is due.
#[derive(Clone)]
pub struct Notifier {
    /// Where notices are kept.
    pub database: Database,
    /// Times the tries.
    pub clock: Arc<dyn Clock>,
    /// Carries posts.
    pub posts: Arc<dyn Transport>,
    /// Carries letters.
    pub letters: Arc<dyn Letters>,
    /// Where posts may go.
    pub guard: Guard,
    /// What is said.
    pub words: Arc<dyn Words>,
}

impl Notifier {
    /// Sends what is due, and notes how it went.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn send_due(&self) -> Result<(), StoreError> {
        loop {
            let now = self.clock.now();
            let due = self
                .database
                .read(move |txn| notices::due(txn, now, BATCH))
                .await?;
            if due.is_empty() {
                return Ok(());
            }
            let tries = stream::iter(due).map(|notice| self.try_one(notice));
            let outcomes: Vec<Result<(), StoreError>> = tries.buffer_unordered(AT_ONCE).collect().await;
            outcomes.into_iter().collect::<Result<(), StoreError>>()?;
        }
    }

    async fn try_one(&self, notice: Notice) -> Result<(), StoreError> {
        let id = notice.channel;
        let found = self.database.read(move |txn| {
            let channel = notices::channel(txn, id)?;
            let destination = channel.as_ref().map(|channel| notices::destination(txn, channel));
            Ok::<_, StoreError>(channel.zip(destination.transpose()?))
        });
        let sent = match found.await? {
            Some((channel, destination)) if channel.disabled_at.is_none() => {
                self.send(&channel, destination, &notice).await
            }
            // It was switched off meanwhile: nothing is sent, now or later.
            Some(_) | None => Err(Failure::Final("the channel was switched off".to_owned())),
        };
        let (state, error, next) = self.next(&notice, sent);
        let recorded = self
            .database
            .write(move |txn| notices::record_try(txn, notice.id, state, error.as_deref(), next));
        recorded.await
    }

    fn next(&self, notice: &Notice, sent: Result<(), Failure>) -> (NoticeState, Option<String>, UnixMillis) {
        let now = self.clock.now();
        let shortened = |text: String| Some(text.chars().take(ERROR_LENGTH_MAX).collect::<String>());
        let tries = usize::try_from(notice.attempts).unwrap_or(usize::MAX);
        match (sent, WAITS.get(tries)) {
            (Ok(()), _) => (NoticeState::Sent, None, now),
            (Err(Failure::Passing(error)), Some(wait)) if notice.topic != Topic::Test => {
                (NoticeState::Pending, shortened(error), now.plus(*wait))
            }
            (Err(Failure::Passing(error) | Failure::Final(error)), _) => {
                tracing::warn!(channel = %notice.channel, topic = %notice.topic, error, "a notice was given up");
                (NoticeState::Failed, shortened(error), now)
            }
        }
    }

    /// Says something by a channel, now and once. For tests of a channel as for all else.
    ///
    /// # Errors
    /// [`Failure`], in words for the merchant.
    pub async fn send(
        &self,
        channel: &Channel,
        destination: Destination,
        notice: &Notice,
    ) -> Result<(), Failure> {
        let said = self.words.of(notice, channel.language.as_deref());
        let trying = async {
            match destination {
                Destination::Email { .. } => match Mail::of(destination, &said, self.clock.now()) {
                    Some(mail) => self.letters.send(mail).await.map_err(Failure::Passing),
                    None => Err(Failure::Final("the channel leads to no mailbox".to_owned())),
                },
                Destination::Telegram { .. } | Destination::Ntfy { .. } | Destination::Webhook { .. } => {
                    self.post(&destination, notice, &said).await
                }
            }
        };
        tokio::select! {
            tried = trying => tried,
            () = self.clock.sleep(TRY_TIMEOUT) => Err(Failure::Passing("no answer in time".to_owned())),
        }
    }

    async fn post(&self, destination: &Destination, notice: &Notice, said: &Said) -> Result<(), Failure> {
        let (url, post) = posts::of(destination, notice, said, self.clock.now())
            .ok_or_else(|| Failure::Final("the channel's settings make no post".to_owned()))?;
        let url = check_url(&url, self.guard.allow_private)
            .map_err(|refused| Failure::Final(refused.to_string()))?;
        let reply = self
            .posts
            .send(url, post)
            .await
            .map_err(|error| Failure::Passing(error.to_string()))?;
        match reply.status {
            200..=299 => Ok(()),
            // The token or the chat is wrong, which can be put right while it is tried again.
            400 | 401 | 403 | 404 => {
                let body = reply.body.await;
                let text = String::from_utf8_lossy(&body);
                Err(Failure::Passing(format!(
                    "HTTP {}: {}",
                    reply.status,
                    text.trim()
                )))
            }
            status => Err(Failure::Passing(format!("HTTP {status}"))),
        }
    }
}

/// Why something was not sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// It may work later.
    #[error("{0}")]
    Passing(String),
    /// It never will.
    #[error("{0}")]
    Final(String),
}
