//! Payments that wait for an amount at a shared address: the longest waiting first is given what became free, and only
//! then does its window begin.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use super::allocate::{self, Wanted};
use super::quote::{Priced, Quote, Rate, Terms};
use super::{Engine, EngineError, lifecycle};
use crate::domain::asset::{Asset, Currency, Registry};
use crate::domain::ids::{PaymentId, ShopId};
use crate::domain::matching;
use crate::domain::money::BaseUnits;
use crate::domain::network::Network;
use crate::domain::payment::{Ask, Payment};
use crate::domain::shop::Shop;
use crate::domain::status::{self, Fact, Status};
use crate::domain::time::UnixMillis;
use crate::domain::wallet::{Wallet, Way};
use crate::store::{StoreError, Txn, payments, shops, slots, wallets};

/// Payments of one shop that are read at once.
const PAGE: u32 = 512;

/// Where so many shops have payments waiting that pages become small: the least of each that is looked at.
const PAGE_MIN: u32 = 16;

/// Payments looked at in one round.
const LOOKED_AT_MAX: u32 = 8 * PAGE;

/// Payments served in one round.
const SERVED_MAX: usize = 256;

/// A price that was quoted longer ago is quoted again.
const QUOTE_AGE_MAX: Duration = Duration::from_secs(10 * 60);

impl Engine {
    /// Gives the amounts that became free on a network to the payments that wait for them.
    ///
    /// # Errors
    /// [`EngineError`] when the store cannot be read; who was served before it stays served.
    pub async fn serve_queue(&self, network: &Arc<Network>) -> Result<(), EngineError> {
        let (mut served, mut looked_at) = (0, 0_u32);
        let mut plan = Plan::new(Arc::clone(network), self.clock.now());
        let mut lines = self.lines(network).await?;
        let page_max = LOOKED_AT_MAX
            .checked_div(lines.len().try_into().unwrap_or(u32::MAX))
            .map_or(PAGE, |share| share.clamp(PAGE_MIN, PAGE));
        while let Some(mut line) = lines.pop_front() {
            let is_first_look = line.after == PaymentId::new(0);
            if served >= SERVED_MAX || (looked_at >= LOOKED_AT_MAX && !is_first_look) {
                break;
            }
            let (id, shop, after) = (network.id.clone(), line.shop, line.after);
            let registry = Arc::clone(&self.registry);
            let page = self
                .database
                .read(move |txn| {
                    let page = payments::queued(txn, &id, shop, after, page_max)?;
                    with_terms(txn, &registry, page)
                })
                .await?;
            let Some(last) = page.last() else { continue };
            line.after = last.payment.id;
            lines.push_back(line);
            looked_at = looked_at.saturating_add(page.len().try_into().unwrap_or(u32::MAX));
            let quoted = page
                .into_iter()
                .filter_map(|waiting| {
                    let asset = waiting.asset?;
                    let quote = self.quote_of(&waiting.payment, &asset, waiting.terms)?;
                    Some((waiting.payment, asset, quote))
                })
                .collect();
            let (returned, turns) = self
                .database
                .read(move |txn| {
                    let turns = plan.turns(txn, quoted)?;
                    Ok::<_, EngineError>((plan, turns))
                })
                .await?;
            plan = returned;
            for turn in turns.into_iter().take(SERVED_MAX.saturating_sub(served)) {
                served = served.saturating_add(1);
                self.serve_one(network, turn).await;
            }
        }
        metrics::gauge!("payd_payments_queued", "network" => network.id.to_string())
            .set(looked_at.saturating_sub(u32::try_from(served).unwrap_or(u32::MAX)));
        Ok(())
    }

    /// One line for each shop: however many wait in it, they keep nobody of another shop waiting.
    async fn lines(&self, network: &Network) -> Result<VecDeque<Line>, EngineError> {
        let id = network.id.clone();
        let shops = self.database.read(move |txn| payments::shops_queued(txn, &id));
        let line = |shop| Line {
            shop,
            after: PaymentId::new(0),
        };
        Ok(shops.await?.into_iter().map(line).collect())
    }

    /// One payment that cannot be served must not hold up the others.
    async fn serve_one(&self, network: &Arc<Network>, turn: Turn) {
        let (network, now) = (Arc::clone(network), self.clock.now());
        let (id, number) = (turn.payment, turn.number.clone());
        let served = self
            .database
            .write(move |txn| serve(txn, &network, &turn, now))
            .await;
        match served {
            Ok(true) => self.announce([id]),
            Ok(false) => {}
            // The database said already that nothing can be recorded.
            Err(_) if self.database.hindrance().is_some() => {}
            Err(error) => {
                tracing::error!(payment = %number, %error, "a waiting payment could not be served; will retry");
            }
        }
    }

    /// What a waiting payment would cost now. `None` while there is no rate for it: it goes on waiting, and nobody with
    /// it.
    fn quote_of(&self, payment: &Payment, asset: &Asset, terms: Terms) -> Option<Quote> {
        let ask = payment.ask.as_ref()?;
        if self.clock.now().since(payment.created_at) < QUOTE_AGE_MAX {
            return Some(Quote {
                due: ask.quoted,
                rate: Rate {
                    price: ask.rate,
                    source: ask.rate_source.clone(),
                },
            });
        }
        let priced = Priced::of(&self.registry, &payment.price)?;
        self.rates.quote_at_once(payment.mode, &priced, asset, terms)
    }
}

/// The payments of a shop that wait, as far as they were looked at.
struct Line {
    shop: ShopId,
    after: PaymentId,
}

/// A payment that waits, with what it takes to quote it again.
struct Waiting {
    payment: Payment,
    /// Where it is still configured.
    asset: Option<Arc<Asset>>,
    /// The shop's terms as they are now.
    terms: Terms,
}

fn with_terms(
    txn: &Txn<'_>,
    registry: &Registry,
    payments: Vec<Payment>,
) -> Result<Vec<Waiting>, StoreError> {
    let mut all = Vec::with_capacity(payments.len());
    for payment in payments {
        let ask = payment.chosen()?;
        let asset = registry.asset(&ask.network, &ask.currency).cloned();
        let terms = match asset.as_ref().zip(Priced::of(registry, &payment.price)) {
            Some((asset, price)) => Terms::now(txn, payment.shop, asset, &price)?,
            None => Terms::default(),
        };
        all.push(Waiting {
            payment,
            asset,
            terms,
        });
    }
    Ok(all)
}

/// A payment whose turn it is.
struct Turn {
    payment: PaymentId,
    number: String,
    asset: Arc<Asset>,
    quote: Quote,
}

/// What is free, as far as one round of looking has found and given away.
struct Plan {
    network: Arc<Network>,
    now: UnixMillis,
    shops: BTreeMap<i64, Option<(Shop, Wallet)>>,
    taken: BTreeMap<(Arc<str>, Currency), BTreeSet<BaseUnits>>,
}

impl Plan {
    fn new(network: Arc<Network>, now: UnixMillis) -> Self {
        Self {
            network,
            now,
            shops: BTreeMap::new(),
            taken: BTreeMap::new(),
        }
    }

    /// Those of `waiting` for which there is an amount, in their order.
    fn turns(
        &mut self,
        txn: &Txn<'_>,
        waiting: Vec<(Payment, Arc<Asset>, Quote)>,
    ) -> Result<Vec<Turn>, EngineError> {
        let mut turns = Vec::new();
        for (payment, asset, quote) in waiting {
            let Some((shop, wallet)) = self.shared_wallet(txn, &payment)? else {
                continue;
            };
            let Some(range) = wallet.slots_of(&asset).above(quote.due, &asset) else {
                continue;
            };
            let key = (Arc::clone(&wallet.account), asset.currency.clone());
            let taken = match self.taken.entry(key) {
                std::collections::btree_map::Entry::Occupied(known) => known.into_mut(),
                std::collections::btree_map::Entry::Vacant(unknown) => {
                    let all = BaseUnits::ZERO..=BaseUnits::new(u128::MAX);
                    let rested_by = allocate::rested_by(&shop, &self.network, self.now);
                    let (address, currency) = (&wallet.account, &asset.currency);
                    let rows = slots::taken(txn, &self.network.id, address, currency, all, rested_by)?;
                    unknown.insert(rows.into_iter().collect())
                }
            };
            let within = taken.range(range.first..=range.last).copied();
            let Some(free) = range.lowest_free(within) else {
                continue;
            };
            taken.insert(free);
            turns.push(Turn {
                payment: payment.id,
                number: payment.number.to_string(),
                asset,
                quote,
            });
        }
        Ok(turns)
    }

    fn shared_wallet(
        &mut self,
        txn: &Txn<'_>,
        payment: &Payment,
    ) -> Result<Option<(Shop, Wallet)>, StoreError> {
        let key = payment.shop.get();
        if let Some(known) = self.shops.get(&key) {
            return Ok(known.clone());
        }
        let found = shared_wallet(txn, payment)?;
        self.shops.insert(key, found.clone());
        Ok(found)
    }
}

/// The wallet that a waiting payment can be served from: the shop's, if it still receives at a shared address. Who
/// waits for the address of a wallet that was replaced is told to pay to the new one.
fn shared_wallet(txn: &Txn<'_>, payment: &Payment) -> Result<Option<(Shop, Wallet)>, StoreError> {
    let shop = shops::by_id(txn, payment.shop)?;
    let wallet = wallets::in_use(txn, payment.shop, &payment.chosen()?.network)?
        .filter(|wallet| wallet.way == Way::Shared);
    Ok(shop.zip(wallet))
}

/// Gives a payment its amount, with the rows as they are inside the transaction. Whether it was served.
fn serve(txn: &Txn<'_>, network: &Network, turn: &Turn, now: UnixMillis) -> Result<bool, EngineError> {
    let waits = |payment: &Payment| payment.status == Status::Queued && now <= payment.expires_at;
    let Some(mut payment) = payments::by_id(txn, turn.payment)?.filter(waits) else {
        return Ok(false);
    };
    let Some((shop, wallet)) = shared_wallet(txn, &payment)? else {
        return Ok(false);
    };
    allocate::refuse_altered(&wallet)?;
    let wanted = Wanted {
        shop: &shop,
        network,
        asset: &turn.asset,
        quoted: turn.quote.due,
        now,
    };
    let range = wanted.range(&wallet)?;
    let Some(due) = wanted.free_slot(txn, &wallet, &range)? else {
        return Ok(false);
    };
    payment.ask = Some(Ask {
        address: Arc::clone(&wallet.account),
        quoted: turn.quote.due,
        due,
        required: matching::required(due, 0),
        rate: turn.quote.rate.price,
        rate_source: turn.quote.rate.source.clone(),
        ..payment.chosen()?.clone()
    });
    payment.asked_at = Some(now);
    payment.expires_at = now.plus(shop.rules.window);
    payments::set_ask(txn, &payment)?;
    if !slots::hold(txn, &payment)? {
        return Err(EngineError::AmountTaken);
    }
    let then = status::next(payment.status, Fact::SlotFreed)?;
    lifecycle::change(txn, &mut payment, then, 0, now)?;
    Ok(true)
}
