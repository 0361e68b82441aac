//! Markups and the rates that stores fix for themselves.

use super::*;
use crate::store::store_rates::{self, StoreRate};

#[tokio::test]
async fn a_store_has_one_rate_of_a_pair_and_keeps_its_markup() {
    let fixture = fixture();
    let read = fixture.database.write(|txn| {
        let (one, other) = (
            shop(txn),
            shops::insert(txn, "other", Dialect::Soko, None, &Rules::default(), NOW)?,
        );
        let mut changed = shops::by_id(txn, one)?.unwrap();
        assert_eq!(changed.rules.markup_bps, 0);
        changed.rules.markup_bps = -250;
        shops::update(txn, &changed)?;
        let rate = |shop, fiat, rate: &str| StoreRate {
            shop,
            symbol: "USDT".to_owned(),
            fiat,
            rate: rate.parse().unwrap(),
        };
        for rate in [
            rate(one, Fiat::Usd, "1"),
            rate(one, Fiat::Usd, "1.000000000001"),
            rate(one, Fiat::Eur, "0.9"),
            rate(other, Fiat::Usd, "7"),
        ] {
            store_rates::set(txn, &rate)?;
        }
        let found = store_rates::find(txn, one, "USDT", Fiat::Usd)?;
        assert!(store_rates::remove(txn, one, "USDT", Fiat::Eur)?);
        assert!(!store_rates::remove(txn, one, "USDT", Fiat::Eur)?);
        let (left, markup) = (
            store_rates::of_shop(txn, one)?,
            shops::by_id(txn, one)?.unwrap().rules.markup_bps,
        );
        Ok::<_, StoreError>((found, left.len(), store_rates::of_shop(txn, other)?.len(), markup))
    });
    assert_eq!(read.await.unwrap(), ("1.000000000001".parse().ok(), 1, 1, -250));
}
