//! Test mode: the ledgers of the simulated chains, and the scenarios that write to them.

use std::ops::RangeInclusive;
use std::sync::Arc;

use futures_util::future::BoxFuture;

use super::Engine;
use super::gateway::{GatewayError, Scenario};
use crate::ambient::{Random, random_bytes};
use crate::chain::simulated::{Ledger, LedgerError, LedgerTransfer, Timetable};
use crate::domain::asset::{Asset, Registry};
use crate::domain::ids::PaymentId;
use crate::domain::money::BaseUnits;
use crate::domain::network::{Family, Mode, Network, NetworkId};
use crate::domain::payment::{Ask, Payment};
use crate::domain::status::Status;
use crate::domain::time::UnixMillis;
use crate::store::simulated::{self, SimulatedTransfer};
use crate::store::{Database, StoreError, Txn, payments};

/// Blocks until money arrives: one more than the next, which a scanner may read before this is committed.
const SOON_BLOCKS: u64 = 2;

/// Blocks between the end of a window and the money that comes late, so that the payment is seen to expire first.
const LATE_BY_BLOCKS: u64 = 4;

/// The ledger of one simulated network, kept in the store.
pub struct StoredLedger {
    database: Database,
    network: NetworkId,
}

impl StoredLedger {
    /// The ledger of `network`.
    #[must_use]
    pub const fn new(database: Database, network: NetworkId) -> Self {
        Self { database, network }
    }

    async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Txn<'_>, &NetworkId) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, LedgerError> {
        let network = self.network.clone();
        self.database
            .read(move |txn| work(txn, &network))
            .await
            .map_err(|error| LedgerError(Box::new(error)))
    }
}

impl Ledger for StoredLedger {
    fn transfers(
        &self,
        heights: RangeInclusive<u64>,
    ) -> BoxFuture<'_, Result<Vec<LedgerTransfer>, LedgerError>> {
        Box::pin(async move {
            let (height_min, height_max) = heights.into_inner();
            let rows = self
                .read(move |txn, network| simulated::between(txn, network, height_min, height_max))
                .await?;
            let transfers = rows.into_iter().map(|row| LedgerTransfer {
                height: row.height,
                txid: row.txid.into(),
                currency: row.currency,
                address: row.address.into(),
                amount: row.amount,
            });
            Ok(transfers.collect())
        })
    }

    fn reorgs(&self) -> BoxFuture<'_, Result<Vec<u64>, LedgerError>> {
        Box::pin(self.read(simulated::reorgs))
    }
}

impl Engine {
    /// Has a payment's simulated chain act out `scenario` from the next block on.
    pub(super) async fn simulate(&self, id: PaymentId, scenario: Scenario) -> Result<(), GatewayError> {
        let (registry, random, clock) = (
            Arc::clone(&self.registry),
            Arc::clone(&self.random),
            Arc::clone(&self.clock),
        );
        self.database
            .write(move |txn| {
                let payment = payments::by_id(txn, id)?.ok_or(GatewayError::NotFound)?;
                let stage = Stage::of(&registry, payment, &*random, clock.now())?;
                stage.act(txn, scenario)
            })
            .await?;
        self.announce([id]);
        self.scanning.notify_waiters();
        Ok(())
    }
}

/// A test payment on its simulated chain.
struct Stage<'a> {
    payment: Payment,
    ask: Ask,
    network: Arc<Network>,
    asset: Arc<Asset>,
    registry: &'a Registry,
    random: &'a dyn Random,
    tip: u64,
    tip_time: UnixMillis,
}

impl<'a> Stage<'a> {
    fn of(
        registry: &'a Registry,
        payment: Payment,
        random: &'a dyn Random,
        now: UnixMillis,
    ) -> Result<Self, GatewayError> {
        if payment.mode != Mode::Test {
            return Err(GatewayError::NotATestPayment);
        }
        let Some(ask) = payment.asked().cloned() else {
            return Err(GatewayError::NotNow(
                "the payment waits for a choice or for its turn: there is nothing to pay yet".to_owned(),
            ));
        };
        let network = registry
            .network(&ask.network)
            .filter(|network| network.mode == Mode::Test);
        let network = Arc::clone(network.ok_or(GatewayError::NotATestPayment)?);
        let asset = registry
            .asset(&network.id, &ask.currency)
            .ok_or(GatewayError::NotATestPayment)?;
        let timetable = Timetable::of(&network);
        let tip = timetable.height_at(now);
        let tip_time = timetable.time_of(tip);
        Ok(Self {
            asset: Arc::clone(asset),
            ask,
            payment,
            network,
            registry,
            random,
            tip,
            tip_time,
        })
    }

    fn act(mut self, txn: &Txn<'_>, scenario: Scenario) -> Result<(), GatewayError> {
        let due = self.ask.due;
        match scenario {
            Scenario::Exact => self.pay(txn, self.missing(), SOON_BLOCKS),
            Scenario::Under => self.pay(txn, part(due, 1, 2), SOON_BLOCKS),
            Scenario::Over => self.pay(txn, part(due, 11, 10), SOON_BLOCKS),
            Scenario::Twice => self
                .pay(txn, due, SOON_BLOCKS)
                .and_then(|()| self.pay(txn, due, SOON_BLOCKS)),
            Scenario::WrongToken => self.pay_in_another_asset(txn),
            Scenario::Late => {
                self.end_window(txn)?;
                self.pay(txn, self.missing(), LATE_BY_BLOCKS)
            }
            Scenario::Reorg => self.reorg(txn),
        }
    }

    /// What is still to be paid, or the whole amount when nothing is.
    fn missing(&self) -> BaseUnits {
        let missing = self.ask.due.saturating_sub(self.payment.progress.seen);
        if missing.is_zero() { self.ask.due } else { missing }
    }

    fn pay(&self, txn: &Txn<'_>, amount: BaseUnits, blocks_ahead: u64) -> Result<(), GatewayError> {
        self.transfer(txn, &self.asset, amount, blocks_ahead)
    }

    fn transfer(
        &self,
        txn: &Txn<'_>,
        asset: &Asset,
        amount: BaseUnits,
        blocks_ahead: u64,
    ) -> Result<(), GatewayError> {
        let prefix = if matches!(self.network.family, Family::Evm { .. }) {
            "0x"
        } else {
            ""
        };
        let txid = hex::encode(random_bytes::<32>(self.random).map_err(GatewayError::internal)?);
        let transfer = SimulatedTransfer {
            height: self.tip.saturating_add(blocks_ahead),
            txid: format!("{prefix}{txid}"),
            currency: asset.currency.clone(),
            address: self.ask.address.to_string(),
            amount: amount.max(BaseUnits::new(1)),
        };
        Ok(simulated::insert(txn, &self.network.id, &transfer)?)
    }

    fn pay_in_another_asset(&self, txn: &Txn<'_>) -> Result<(), GatewayError> {
        let other = self
            .registry
            .assets_of(&self.network.id)
            .find(|other| other.currency != self.asset.currency);
        let other = other.ok_or_else(|| {
            GatewayError::NotNow(format!(
                "{} has only one currency here; try another network",
                self.network.name
            ))
        })?;
        let shown = self.ask.due.to_decimal(self.asset.decimals, 0);
        let same_figure = BaseUnits::from_decimal(&shown, other.decimals).unwrap_or(BaseUnits::new(1));
        self.transfer(txn, other, same_figure, SOON_BLOCKS)
    }

    /// Ends the payment's window now, so that nobody has to wait for it.
    fn end_window(&mut self, txn: &Txn<'_>) -> Result<(), GatewayError> {
        if self.payment.status == Status::Pending && self.payment.expires_at > self.tip_time {
            self.payment.expires_at = self.tip_time;
            payments::update(txn, &self.payment)?;
            payments::mark_for_settling(txn, self.payment.id)?;
        }
        Ok(())
    }

    fn reorg(&self, txn: &Txn<'_>) -> Result<(), GatewayError> {
        let latest = self.payment.progress.latest.as_ref();
        let height = latest.and_then(|latest| latest.height).ok_or_else(|| {
            GatewayError::NotNow("nothing was received that could be taken back".to_owned())
        })?;
        if self.tip.saturating_sub(height) >= u64::from(self.network.final_depth) {
            return Err(GatewayError::NotNow(
                "the payment lies too deep to be taken back".to_owned(),
            ));
        }
        Ok(simulated::reorg(
            txn,
            &self.network.id,
            height,
            &self.ask.address,
        )?)
    }
}

/// `numerator / denominator` of an amount, rounded down.
fn part(amount: BaseUnits, numerator: u128, denominator: u128) -> BaseUnits {
    let scaled = amount.get().saturating_mul(numerator).checked_div(denominator);
    BaseUnits::new(scaled.unwrap_or(amount.get()))
}
