//! A data directory with one store, a pool of addresses on a network that was read before, and keys.

use std::path::PathBuf;
use std::sync::Arc;

use payd::ambient::{Clock as _, SystemClock, SystemRandom};
use payd::domain::address::Address;
use payd::domain::asset::Currency;
use payd::domain::network::{Mode, NetworkId};
use payd::domain::shop::{Accepted, Dialect, Rules};
use payd::domain::transfer::BlockRef;
use payd::store::{Database, Options, StoreError, accepted, addresses, blocks, keys, shops};

/// As in the page's samples.
const KEY: &str = "pk_0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
const SECRET: &str = "sk_fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210";

const NETWORK: &str = "bsc";

#[derive(clap::Args)]
pub(crate) struct Arguments {
    data_dir: PathBuf,
    /// How many addresses the pool has.
    #[arg(long)]
    addresses: u32,
}

pub(crate) async fn run(arguments: &Arguments) {
    let options = Options::in_directory(&arguments.data_dir);
    let database = Database::open(&options, &SystemRandom).expect("a fresh directory");
    let count = arguments.addresses;
    let (now, network) = (SystemClock.now(), NetworkId::parse(NETWORK).unwrap());
    let written = database.write(move |txn| {
        let shop = shops::insert(txn, "bench", Dialect::Soko, None, &Rules::default(), now)?;
        keys::insert(txn, shop, Mode::Live, KEY, SECRET, now, &SystemRandom)?;
        let usdt = Accepted {
            slug: network.clone(),
            currency: Currency::parse("usdt").unwrap(),
        };
        accepted::set(txn, shop, &[usdt])?;
        for place in 0..count {
            addresses::insert(txn, shop, &network, &address(place), now)?;
        }
        let read_to = BlockRef {
            height: 40_000_000,
            hash: Arc::from(format!("0x{}", "ab".repeat(32))),
            time: now,
        };
        blocks::set_cursor(txn, &network, &read_to)?;
        Ok::<_, StoreError>(())
    });
    written.await.expect("a store");
    database.close().await;
    println!("{}", serde_json::json!({ "key": KEY, "secret": SECRET }));
}

/// Spread over the whole range, as those that wallets make.
fn address(place: u32) -> Address {
    let mut account = [0; 20];
    let mut state = u64::from(place);
    for chunk in account.chunks_mut(8) {
        // SplitMix64.
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        chunk.copy_from_slice(&(mixed ^ (mixed >> 31)).to_be_bytes()[..chunk.len()]);
    }
    Address::from_evm_account(account)
}
