//! A rig whose shop receives in another way than from a pool.

use std::sync::Arc;
use std::time::Duration;

use super::chain::Paid;
use super::rig::{Rig, START};
use crate::domain::address::Address;
use crate::domain::ids::ShopId;
use crate::domain::money::{BaseUnits, Fiat};
use crate::domain::network::{Family, NetworkId};
use crate::domain::shop::{Dialect, Rules};
use crate::domain::wallet::{Slots, Wallet, Way};
use crate::engine::gateway::{Caller, PaymentView};
use crate::store::addresses::Origin;
use crate::store::wallets::{self, NewWallet};
use crate::store::{StoreError, Txn, addresses, shops};

/// Test vector 1 of BIP-32, the chain m/0H/1/2H: an account by its depth.
pub const ACCOUNT: &str = "xpub6D4BDPcP2GT577Vvch3R8wDkScZWzQzMMUm3PWbmWvVJrZwQY4VUNgqFJPMM3No2dFDFGTsxxpG5uJh7n7epu4trkrX7x7DogT5Uv6fcLW5";

/// Base units of a cent of USDT with 6 decimals.
pub const CENT: u128 = 10_000;

pub fn bsc() -> NetworkId {
    NetworkId::parse("bsc").unwrap()
}

pub fn shared_address(byte: u8) -> Address {
    Address::from_evm_account([byte; 20])
}

/// Has a shop receive at one address from now on.
pub fn share(txn: &Txn<'_>, shop: ShopId, address: &Address, slots: Option<Slots>) -> Result<(), StoreError> {
    let new = NewWallet {
        shop,
        network: &bsc(),
        way: Way::Shared,
        account: address.text(),
        first_index: 0,
        slots,
    };
    let wallet = wallets::replace(txn, &new, START)?;
    match addresses::insert_of(txn, shop, &bsc(), address, Origin::Shared { wallet }, START) {
        Err(StoreError::Duplicate { .. }) => Ok(()),
        other => other.map(|_| ()),
    }
}

impl Rig {
    /// A shop that receives at one address, with so many amounts a cent apart.
    pub async fn shared(count: u32, rules: Rules) -> Self {
        let rig = Self::new(0, rules).await;
        rig.share_at(shared_address(0xaa), count).await;
        rig
    }

    /// Another shop, whose one amount is at an address of its own.
    pub async fn another_shared(&self, name: &'static str, address: Address, rules: Rules) -> Caller {
        let made = self.engine.database.write(move |txn| {
            let shop = shops::insert(txn, name, Dialect::Payhook, None, &rules, START)?;
            share(txn, shop, &address, Some(Slots { count: 1, digits: 2 }))?;
            shops::by_id(txn, shop)
        });
        Caller {
            shop: Arc::new(made.await.unwrap().unwrap()),
            ..self.caller.clone()
        }
    }

    pub async fn create_by(&self, caller: &Caller) -> PaymentView {
        self.gateway.create(caller, self.request()).await.unwrap().view
    }

    pub async fn share_at(&self, address: Address, count: u32) {
        let shop = self.caller.shop.id;
        let slots = Some(Slots { count, digits: 2 });
        self.engine
            .database
            .write(move |txn| share(txn, shop, &address, slots))
            .await
            .unwrap();
    }

    /// A shop that receives at the children of an account.
    pub async fn xpub() -> Self {
        let rig = Self::new(0, Rules::default()).await;
        rig.use_account(0).await;
        rig
    }

    pub async fn use_account(&self, first_index: u32) {
        let shop = self.caller.shop.id;
        let account = crate::chain::accounts::Account::parse(Family::Evm { chain_id: 56 }, ACCOUNT).unwrap();
        self.engine
            .database
            .write(move |txn| {
                let new = NewWallet {
                    shop,
                    network: &bsc(),
                    way: Way::Xpub,
                    account: account.canonical(),
                    first_index,
                    slots: None,
                };
                wallets::replace(txn, &new, START)
            })
            .await
            .unwrap();
    }

    pub async fn wallet(&self) -> Wallet {
        let shop = self.caller.shop.id;
        self.engine
            .database
            .read(move |txn| wallets::in_use(txn, shop, &bsc()))
            .await
            .unwrap()
            .unwrap()
    }

    pub async fn create_of(&self, minor: u64) -> PaymentView {
        self.gateway
            .create(&self.caller, self.request_of(Fiat::Usd, minor, "usdt"))
            .await
            .unwrap()
            .view
    }

    /// Exactly what a payment asks for.
    pub fn exactly(&mut self, view: &PaymentView) -> Paid {
        self.pay(view, view.payment.chosen().unwrap().due.get())
    }

    /// Lets a span pass with a block at its end.
    pub async fn pass(&mut self, span: Duration) {
        self.clock.advance(span);
        self.mine_empty(1);
        self.catch_up().await;
    }
}

pub fn due(view: &PaymentView) -> BaseUnits {
    view.payment.chosen().unwrap().due
}
