//! What the dashboard asks of endpoints: lists, and the rules run in transactions of their own.

use zeroize::Zeroizing;

use super::{
    EndpointError, Signs, Wanted, add, name_of, new_secret, of_shop, remove, set_events, set_secret,
    show_secret, switched_on,
};
use crate::domain::event::EventKind;
use crate::domain::ids::{EndpointId, KeyId, ShopId};
use crate::domain::shop::{ApiKey, Endpoint, Format, Shop};
use crate::domain::time::UnixMillis;
use crate::engine::office::posts::Fired;
use crate::engine::office::{By, Office};
use crate::store::{StoreError, Txn, endpoints, keys};

/// An endpoint as its list shows it.
#[derive(Debug, Clone)]
pub struct Shown {
    /// The endpoint.
    pub endpoint: Endpoint,
    /// Deliveries that wait, counted up to [`WAITING_MAX`].
    pub waiting: u32,
    /// When the latest that was received was made.
    pub received_at: Option<UnixMillis>,
    /// When the latest that was given up was made.
    pub failed_at: Option<UnixMillis>,
}

/// Deliveries that wait are counted up to this.
pub const WAITING_MAX: u32 = 1000;

fn shown(txn: &Txn<'_>, endpoint: Endpoint) -> Result<Shown, StoreError> {
    use crate::store::deliveries::DeliveryState::{Delivered, Failed};
    use crate::store::sent;
    let latest = |state| sent::latest(txn, endpoint.id, state);
    Ok(Shown {
        waiting: sent::count_waiting(txn, endpoint.id, WAITING_MAX)?,
        received_at: latest(Delivered)?,
        failed_at: latest(Failed)?,
        endpoint,
    })
}

/// What somebody wants of a new endpoint.
#[derive(Debug, Clone, Default)]
pub struct EndpointOrder {
    /// Where to post, as it was typed.
    pub url: String,
    /// That of the store's own API, when none is named.
    pub format: Option<Format>,
    /// The API key whose payments alone it is told of.
    pub key: Option<KeyId>,
    /// What the format's receivers expect, when there are none.
    pub events: Vec<EventKind>,
}

/// An endpoint that was just made; the only time that its secret is known, but for an APP_KEY.
pub struct MadeEndpoint {
    /// The endpoint.
    pub endpoint: Endpoint,
    /// What signs for it; `None` where that is the secret of API keys.
    pub secret: Option<Zeroizing<String>>,
}

impl Office {
    /// A store's endpoints, by age.
    ///
    /// # Errors
    /// [`EndpointError`].
    pub async fn endpoints(&self, shop: ShopId) -> Result<Vec<Shown>, EndpointError> {
        let read = self.engine.database.read(move |txn| {
            let all = endpoints::all(txn, Some(shop))?;
            all.into_iter()
                .map(|endpoint| Ok(shown(txn, endpoint)?))
                .collect()
        });
        read.await
    }

    /// One of a store's endpoints.
    ///
    /// # Errors
    /// [`EndpointError`].
    pub async fn endpoint(&self, shop: ShopId, id: EndpointId) -> Result<Shown, EndpointError> {
        let read = self
            .engine
            .database
            .read(move |txn| Ok(shown(txn, of_shop(txn, shop, id)?)?));
        read.await
    }

    /// The keys that an endpoint of a store can be bound to, revoked ones too.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn endpoint_keys(&self, shop: ShopId) -> Result<Vec<ApiKey>, StoreError> {
        self.engine
            .database
            .read(move |txn| keys::of_shop(txn, shop))
            .await
    }

    /// What an endpoint of a format is told of unless it is said otherwise.
    #[must_use]
    pub fn default_events(&self, format: Format) -> &'static [EventKind] {
        self.posts.default_events(format)
    }

    /// Adds an endpoint to a store.
    ///
    /// # Errors
    /// [`EndpointError`].
    pub async fn add_endpoint(
        &self,
        by: By,
        shop: &Shop,
        order: EndpointOrder,
    ) -> Result<MadeEndpoint, EndpointError> {
        let url = order.url.trim().to_owned();
        self.posts.check_url(&url).map_err(EndpointError::Url)?;
        let format = order.format.unwrap_or_else(|| Format::from(shop.dialect));
        let events = match order.events {
            events if events.is_empty() => self.posts.default_events(format).to_vec(),
            events => events,
        };
        let random = self.random();
        let secret = new_secret(random.as_ref(), format)?;
        let wanted = Wanted {
            url,
            format,
            key: order.key,
            events,
            secret: secret.clone(),
        };
        let shop = shop.clone();
        let added = self
            .engine
            .database
            .write(move |txn| add(txn, &by, &shop, &wanted, random.as_ref()));
        Ok(MadeEndpoint {
            endpoint: added.await?,
            secret: (Signs::from(format) != Signs::ApiSecret).then_some(secret),
        })
    }

    /// Has one of a store's endpoints told of these events from now on.
    ///
    /// # Errors
    /// [`EndpointError`].
    pub async fn set_endpoint_events(
        &self,
        by: By,
        shop: ShopId,
        id: EndpointId,
        events: Vec<EventKind>,
    ) -> Result<(), EndpointError> {
        let set = self.engine.database.write(move |txn| {
            of_shop(txn, shop, id)?;
            set_events(txn, &by, id, events)
        });
        set.await
    }

    /// Switches one of a store's endpoints off.
    ///
    /// # Errors
    /// [`EndpointError`].
    pub async fn remove_endpoint(&self, by: By, shop: ShopId, id: EndpointId) -> Result<(), EndpointError> {
        let removed = self.engine.database.write(move |txn| {
            of_shop(txn, shop, id)?;
            remove(txn, &by, id)
        });
        removed.await.map(drop)
    }

    /// Gives one of a store's endpoints another secret; the only time that it is known.
    ///
    /// # Errors
    /// [`EndpointError`].
    pub async fn rotate_endpoint(
        &self,
        by: By,
        shop: ShopId,
        id: EndpointId,
    ) -> Result<Zeroizing<String>, EndpointError> {
        let random = self.random();
        let rotated = self.engine.database.write(move |txn| {
            let endpoint = of_shop(txn, shop, id)?;
            let secret = new_secret(random.as_ref(), endpoint.format)?;
            set_secret(txn, &by, id, &secret, random.as_ref())?;
            Ok(secret)
        });
        rotated.await
    }

    /// The APP_KEY of one of a store's endpoints, again.
    ///
    /// # Errors
    /// [`EndpointError`].
    pub async fn endpoint_secret(
        &self,
        by: By,
        shop: ShopId,
        id: EndpointId,
    ) -> Result<Zeroizing<String>, EndpointError> {
        let shown = self.engine.database.write(move |txn| {
            of_shop(txn, shop, id)?;
            show_secret(txn, &by, id)
        });
        shown.await
    }

    /// Sends a signed post that is marked as a test and about no payment to one of a store's endpoints, and tells what came
    /// back. That it was sent is written down, and nothing else is: no delivery waits for it.
    ///
    /// # Errors
    /// [`EndpointError`] when nothing could be sent; that nothing came back is no error.
    pub async fn test_fire(&self, by: By, shop: ShopId, id: EndpointId) -> Result<Fired, EndpointError> {
        let noted = self.engine.database.write(move |txn| {
            let endpoint = switched_on(of_shop(txn, shop, id)?)?;
            let name = name_of(txn, shop)?;
            by.write_down(txn, "webhook.test", &name, &format!("endpoint {id}"))?;
            Ok::<_, EndpointError>(endpoint)
        });
        let endpoint = noted.await?;
        Ok(self.posts.test_fire(endpoint).await?)
    }
}
