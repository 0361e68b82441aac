//! How the merchant is told of things: channels, made and tried by hand.

use std::sync::Arc;
use std::time::Duration;

use super::{By, Office, OfficeError};
use crate::domain::ids::{ChannelId, ShopId};
use crate::domain::notice::{Channel, Destination, Notice, NoticeState, QuietHours, Topic};
use crate::store::{StoreError, Txn, notices};

/// Characters that a channel's name may have.
pub const NAME_LENGTH_MAX: usize = 64;

/// Notices of a channel that are shown.
const LATEST: u32 = 20;

/// How often, and how many times, it is looked whether a test was sent.
const LOOK_EVERY: Duration = Duration::from_millis(100);
const LOOKS_MAX: u32 = 250;

/// What can be set of a channel.
#[derive(Debug, Clone)]
pub struct ChannelForm {
    /// What it is called.
    pub name: String,
    /// What it tells of.
    pub topics: Vec<Topic>,
    /// Of which shop; of all without one.
    pub shop: Option<ShopId>,
    /// When it is quiet.
    pub quiet: Option<QuietHours>,
    /// Its language.
    pub language: Option<String>,
    /// Where it leads; as before without one.
    pub destination: Option<Destination>,
}

/// A channel, where it leads, and what it was told last.
#[derive(Debug, Clone)]
pub struct ChannelView {
    /// The channel.
    pub channel: Channel,
    /// Where it leads: not for show, but by [`Destination::shown`].
    pub destination: Destination,
    /// The latest first.
    pub latest: Vec<Notice>,
}

/// Adds a channel.
///
/// # Errors
/// [`StoreError`].
pub fn add(
    txn: &Txn<'_>,
    by: &By,
    form: ChannelForm,
    destination: &Destination,
    random: &dyn crate::ambient::Random,
) -> Result<ChannelId, StoreError> {
    let channel = Channel {
        id: ChannelId::new(0),
        kind: destination.kind(),
        name: form.name,
        topics: form.topics,
        shop: form.shop,
        quiet: form.quiet,
        language: form.language,
        created_at: by.at,
        disabled_at: None,
    };
    let id = notices::insert_channel(txn, &channel, destination, random)?;
    by.write_down(txn, "notice.add", &channel.name, channel.kind.word())?;
    Ok(id)
}

/// Changes a channel.
///
/// # Errors
/// [`OfficeError`].
pub fn change(
    txn: &Txn<'_>,
    by: &By,
    id: ChannelId,
    form: ChannelForm,
    random: &dyn crate::ambient::Random,
) -> Result<(), OfficeError> {
    let channel = notices::channel(txn, id)?.ok_or(OfficeError::NotFound)?;
    if let Some(destination) = &form.destination {
        if destination.kind() != channel.kind {
            return Err(OfficeError::NotFound);
        }
        notices::set_destination(txn, id, destination, random)?;
    }
    let changed = Channel {
        name: form.name,
        topics: form.topics,
        shop: form.shop,
        quiet: form.quiet,
        language: form.language,
        ..channel
    };
    notices::update_channel(txn, &changed)?;
    let detail = if form.destination.is_some() {
        "leads elsewhere"
    } else {
        ""
    };
    by.write_down(txn, "notice.set", &changed.name, detail)?;
    Ok(())
}

/// Switches a channel off or on.
///
/// # Errors
/// [`OfficeError`].
pub fn switch(txn: &Txn<'_>, by: &By, id: ChannelId, is_on: bool) -> Result<(), OfficeError> {
    let mut channel = notices::channel(txn, id)?.ok_or(OfficeError::NotFound)?;
    // What happened while it was off is no news any more, and may be months of it.
    if is_on && channel.disabled_at.is_some() {
        notices::skip_to_now(txn, id)?;
    }
    channel.disabled_at = (!is_on).then_some(by.at);
    notices::update_channel(txn, &channel)?;
    by.write_down(txn, "notice.set", &channel.name, if is_on { "on" } else { "off" })?;
    Ok(())
}

/// Removes a channel.
///
/// # Errors
/// [`OfficeError`].
pub fn remove(txn: &Txn<'_>, by: &By, id: ChannelId) -> Result<(), OfficeError> {
    let channel = notices::channel(txn, id)?.ok_or(OfficeError::NotFound)?;
    notices::delete_channel(txn, id)?;
    by.write_down(txn, "notice.remove", &channel.name, channel.kind.word())?;
    Ok(())
}

/// All channels with where they lead.
///
/// # Errors
/// [`StoreError`].
pub fn all(txn: &Txn<'_>) -> Result<Vec<ChannelView>, StoreError> {
    let channels = notices::channels(txn)?.into_iter();
    let views = channels.map(|channel| {
        Ok(ChannelView {
            destination: notices::destination(txn, &channel)?,
            latest: notices::latest(txn, channel.id, LATEST)?,
            channel,
        })
    });
    views.collect()
}

impl Office {
    /// All channels.
    ///
    /// # Errors
    /// [`OfficeError`].
    pub async fn channels(&self) -> Result<Vec<ChannelView>, OfficeError> {
        Ok(self.engine.database.read(all).await?)
    }

    /// Adds a channel that leads to `destination`.
    ///
    /// # Errors
    /// [`OfficeError`].
    pub async fn add_channel(
        &self,
        by: By,
        form: ChannelForm,
        destination: Destination,
    ) -> Result<ChannelId, OfficeError> {
        let random = Arc::clone(&self.engine.random);
        let added = self
            .engine
            .database
            .write(move |txn| add(txn, &by, form, &destination, random.as_ref()));
        Ok(added.await?)
    }

    /// Changes a channel.
    ///
    /// # Errors
    /// [`OfficeError`].
    pub async fn change_channel(&self, by: By, id: ChannelId, form: ChannelForm) -> Result<(), OfficeError> {
        let random = Arc::clone(&self.engine.random);
        let changed = self
            .engine
            .database
            .write(move |txn| change(txn, &by, id, form, random.as_ref()));
        changed.await
    }

    /// Switches a channel off or on.
    ///
    /// # Errors
    /// [`OfficeError`].
    pub async fn switch_channel(&self, by: By, id: ChannelId, is_on: bool) -> Result<(), OfficeError> {
        self.engine
            .database
            .write(move |txn| switch(txn, &by, id, is_on))
            .await
    }

    /// Removes a channel.
    ///
    /// # Errors
    /// [`OfficeError`].
    pub async fn remove_channel(&self, by: By, id: ChannelId) -> Result<(), OfficeError> {
        self.engine.database.write(move |txn| remove(txn, &by, id)).await
    }

    /// Says by a channel that it works, and what came of it: `None` when nobody has sent it yet.
    ///
    /// # Errors
    /// [`OfficeError`].
    pub async fn test_channel(
        &self,
        by: By,
        id: ChannelId,
    ) -> Result<Option<Result<(), String>>, OfficeError> {
        let written = self.engine.database.write(move |txn| {
            let channel = notices::channel(txn, id)?.ok_or(OfficeError::NotFound)?;
            by.write_down(txn, "notice.test", &channel.name, channel.kind.word())?;
            let about = (Topic::Test, "test");
            Ok::<_, OfficeError>(notices::insert(txn, id, about, &[], by.at, by.at)?)
        });
        let notice = written.await?;
        self.engine.notices.notify_one();
        for _ in 0..LOOKS_MAX {
            self.engine.clock.sleep(LOOK_EVERY).await;
            let latest = self
                .engine
                .database
                .read(move |txn| notices::latest(txn, id, LATEST))
                .await?;
            let sent = latest.into_iter().find(|latest| latest.id == notice);
            match sent.map(|sent| (sent.state, sent.error)) {
                Some((NoticeState::Sent, _)) => return Ok(Some(Ok(()))),
                Some((NoticeState::Failed, error)) => return Ok(Some(Err(error.unwrap_or_default()))),
                Some((NoticeState::Pending, _)) | None => {}
            }
        }
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::money::{Fiat, FiatAmount};
    use crate::domain::shop::Dialect;
    use crate::engine::gateway::{CreateRequest, PayWith};
    use crate::engine::stage::Stage;

    #[tokio::test]
    async fn a_channel_that_is_switched_on_again_is_not_told_of_what_happened_while_it_was_off() {
        let stage = Stage::new();
        let shop = stage.shop(Dialect::Payhook).await;
        let office = Office::new(Arc::clone(&stage.engine));
        let form = ChannelForm {
            name: "ops".to_owned(),
            topics: vec![Topic::Paid],
            shop: None,
            quiet: None,
            language: None,
            destination: None,
        };
        let destination = Destination::Ntfy {
            server: "https://ntfy.example".to_owned(),
            topic: "ops".to_owned(),
            token: String::new(),
        };
        let by = || office.by("user:ann");
        let id = office.add_channel(by(), form, destination).await.unwrap();
        let caller = stage.gateway.authenticate(&shop.test.key, None).await.unwrap();
        let happen = async || {
            let price = FiatAmount {
                currency: Fiat::Usd,
                minor: 5000,
            };
            let request = CreateRequest::new(price, PayWith::asset("bsc", "usdt"));
            stage.gateway.create(&caller, request).await.unwrap();
        };
        let is_behind = async || {
            let channel = office.channels().await.unwrap().remove(0).channel;
            let read = stage
                .engine
                .database
                .read(move |txn| notices::events_for(txn, &channel, 1));
            read.await.unwrap().1.is_some()
        };
        office.switch_channel(by(), id, false).await.unwrap();
        happen().await;
        assert!(is_behind().await);
        office.switch_channel(by(), id, true).await.unwrap();
        assert!(!is_behind().await);
        // Who presses the button of one that is on loses nothing.
        happen().await;
        office.switch_channel(by(), id, true).await.unwrap();
        assert!(is_behind().await);
    }
}
