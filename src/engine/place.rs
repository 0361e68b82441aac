//! Where a payment's money is to go and what is asked for there: the part that making a payment and choosing its currency
//! later have in common. All of it inside one transaction.

use super::allocate::{Allocation, Wanted};
use super::gateway::{Caller, GatewayError};
use super::quote::Quote;
use super::{Engine, EngineError};
use crate::domain::asset::Means;
use crate::domain::ids::{AddressId, ShopId};
use crate::domain::matching;
use crate::domain::money::BaseUnits;
use crate::domain::network::{Mode, Network, NetworkId};
use crate::domain::payment::{Ask, Payment};
use crate::domain::price::Price;
use crate::domain::shop::{NotAdmitted, Shop};
use crate::domain::status::Status;
use crate::domain::time::UnixMillis;
use crate::domain::wallet::Way;
use crate::store::{Txn, addresses, blocks, confirmation_tiers, shops, slots};

/// What a payment is to be made in, and what it comes to.
pub(super) struct Target {
    pub(super) means: Means,
    pub(super) quote: Quote,
}

/// Where a payment's money is to go, and how it is told apart there.
pub(super) struct Place {
    pub(super) ask: Ask,
    /// Pending, or queued when there is nothing yet to tell the customer.
    pub(super) status: Status,
    pub(super) usd_cents: Option<u64>,
    /// The row of an address that nobody else has.
    row: Option<AddressId>,
}

impl Place {
    /// Picks a place by the way in which the shop receives. Nobody has it before [`hold`].
    pub(super) fn pick(
        txn: &Txn<'_>,
        engine: &Engine,
        shop: &Shop,
        price: &Price,
        target: &Target,
        now: UnixMillis,
    ) -> Result<Self, GatewayError> {
        let Target { means, quote } = target;
        let (network, asset) = (&*means.network, &*means.asset);
        let wanted = Wanted {
            shop,
            network,
            asset,
            quoted: quote.due,
            now,
        };
        let shared = |address, due, status| (address, Way::Shared, None, due, status);
        let (address, way, row, due, status) = match wanted.pick(txn, &*engine.random, &engine.children)? {
            Allocation::Address { id, address, way } => (address, way, Some(id), quote.due, Status::Pending),
            Allocation::Slot { address, due } => shared(address, due, Status::Pending),
            Allocation::Queue { address, due } => shared(address, due, Status::Queued),
            Allocation::AllHeld => return Err(GatewayError::AllAddressesHeld),
            Allocation::NoneConfigured => {
                return Err(GatewayError::NoAddress {
                    network: network.slug.to_string(),
                    currency: asset.currency.to_string(),
                });
            }
        };
        // A chain is read from where it was first seen: money sent before that would not be found. Simulated chains
        // are read from the beginning of the first shop.
        if network.mode == Mode::Live && blocks::cursor(txn, &network.id)?.is_none() {
            return Err(GatewayError::NotReadYet {
                network: network.slug.to_string(),
            });
        }
        // By what is known already; where that says nothing, the payment needs the most.
        let usd_cents = engine.rates.usd_value_of(network.mode, price, asset, due);
        let ask = Ask {
            network: network.id.clone(),
            currency: asset.currency.clone(),
            address,
            way,
            quoted: quote.due,
            due,
            required: required(due, way, shop),
            confirmations: confirmations(txn, shop, network, usd_cents)?,
            rate: quote.rate.price,
            rate_source: quote.rate.source.clone(),
        };
        Ok(Self {
            ask,
            status,
            usd_cents,
            row,
        })
    }

    /// The row to hold.
    pub(super) const fn row(&self) -> Option<AddressId> {
        self.row
    }
}

/// Gives a payment its place, of which `row` is the address that nobody else has.
pub(super) fn hold(txn: &Txn<'_>, row: Option<AddressId>, payment: &Payment) -> Result<(), GatewayError> {
    if let Some(row) = row {
        addresses::hold(txn, row, payment.id)?;
    } else if payment.status == Status::Pending && !slots::hold(txn, payment)? {
        return Err(EngineError::AmountTaken.into());
    }
    Ok(())
}

/// Refuses a new payment with a key that the shop, as it is inside the transaction, does not admit: whichever page or API
/// asks for it.
pub(super) fn refuse_unadmitted(txn: &Txn<'_>, caller: &Caller) -> Result<(), GatewayError> {
    let shop = shops::by_id(txn, caller.shop.id)?.ok_or(GatewayError::Disabled)?;
    admit(&shop, caller.mode)
}

/// Refuses a new payment with a key of a mode that the shop does not admit.
pub(super) fn admit(shop: &Shop, mode: Mode) -> Result<(), GatewayError> {
    shop.admit(mode).map_err(|reason| match reason {
        NotAdmitted::Disabled => GatewayError::Disabled,
        NotAdmitted::TestModeOnly => GatewayError::NotOpen(reason.to_string()),
    })
}

/// Refuses to ask anybody for money in the name of a shop that is switched off, as it is inside the transaction.
pub(super) fn refuse_disabled(txn: &Txn<'_>, shop: ShopId) -> Result<(), GatewayError> {
    match shops::by_id(txn, shop)? {
        Some(shop) if !shop.is_disabled() => Ok(()),
        Some(_) | None => Err(GatewayError::Disabled),
    }
}

/// What completes a payment of `due`.
fn required(due: BaseUnits, way: Way, shop: &Shop) -> BaseUnits {
    match way {
        // The amount is all that tells payments apart: a little less is somebody else's.
        Way::Shared => matching::required(due, 0),
        Way::Pool | Way::Xpub => matching::required(due, shop.rules.tolerance_bps),
    }
}

/// What a payment needs by what it is worth: by the store's own steps on the network, else by the network's.
fn confirmations(
    txn: &Txn<'_>,
    shop: &Shop,
    network: &Network,
    usd_cents: Option<u64>,
) -> Result<u32, GatewayError> {
    // A store's steps hold for the simulated network too, which has the real one's slug.
    let own = match NetworkId::parse(&network.slug) {
        Some(network) => confirmation_tiers::of(txn, shop.id, &network)?,
        None => None,
    };
    Ok(own.as_ref().unwrap_or(&network.confirmations).of(usd_cents))
}
