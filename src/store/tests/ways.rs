//! What tells payments apart, as the database guards it: amounts, children, and the indexes that serve them.

use super::*;

/// A payment at a shared address that asks for `due`.
fn new_shared(shop: ShopId, due: u128, token: u8) -> payments::NewPayment {
    let mut new = new_payment(shop, "0xA", token);
    let ask = new.ask.as_mut().unwrap();
    ask.way = crate::domain::wallet::Way::Shared;
    ask.due = BaseUnits::new(due);
    new
}

#[tokio::test]
async fn two_live_payments_at_a_shared_address_never_ask_for_the_same_amount() {
    let fixture = fixture();
    let made: Result<(), StoreError> = fixture
        .database
        .write(|txn| {
            let shop = shop(txn);
            payments::insert(txn, new_shared(shop, 100, 1))?;
            payments::insert(txn, new_shared(shop, 101, 2))?;
            let mut waiting = new_shared(shop, 100, 3);
            waiting.status = Status::Queued;
            let mut waiting = payments::insert(txn, waiting)?;
            let again = payments::insert(txn, new_shared(shop, 100, 4));
            assert!(matches!(again, Err(StoreError::Sqlite(_))));
            waiting.status = Status::Pending;
            waiting.asked_at = Some(NOW);
            payments::set_ask(
                txn,
                &Payment {
                    status: Status::Queued,
                    ..waiting.clone()
                },
            )?;
            assert!(matches!(
                payments::update(txn, &waiting),
                Err(StoreError::Sqlite(_))
            ));
            Ok(())
        })
        .await;
    made.unwrap();
}

#[tokio::test]
async fn an_amount_has_one_holder_and_amounts_sort_as_numbers() {
    let fixture = fixture();
    let checked: Result<(), StoreError> = fixture
        .database
        .write(|txn| {
            let shop = shop(txn);
            let first = payments::insert(txn, new_shared(shop, 9, 1))?;
            let mut second = payments::insert(txn, new_shared(shop, 10, 2))?;
            assert!(slots::hold(txn, &first)? && slots::hold(txn, &second)?);
            let within = |low: u128, high: u128| {
                let range = BaseUnits::new(low)..=BaseUnits::new(high);
                slots::taken(
                    txn,
                    &network(),
                    "0xA",
                    &first.chosen().unwrap().currency,
                    range,
                    NOW,
                )
                .unwrap()
            };
            assert_eq!(within(9, 10), [BaseUnits::new(9), BaseUnits::new(10)]);
            assert_eq!(within(10, u128::MAX), [BaseUnits::new(10)]);
            second.ask_mut().due = BaseUnits::new(9);
            assert!(!slots::hold(txn, &second)?, "it is the first's");
            slots::release(txn, &second, NOW)?;
            assert_eq!(within(9, 9).len(), 1, "nobody gives back what is another's");
            slots::release(txn, &first, NOW)?;
            assert!(within(9, 9).is_empty() && slots::hold(txn, &second)?);
            Ok(())
        })
        .await;
    checked.unwrap();
}

#[tokio::test]
async fn a_child_of_an_account_is_one_address_and_an_address_one_child() {
    use crate::domain::wallet::Way;
    let fixture = fixture();
    let checked: Result<(), StoreError> = fixture
        .database
        .write(|txn| {
            let shop = shop(txn);
            let new = wallets::NewWallet {
                shop,
                network: &network(),
                way: Way::Xpub,
                account: "xpub",
                first_index: 5,
                slots: None,
            };
            let wallet = wallets::replace(txn, &new, NOW)?;
            let insert = |byte: u8, index: u32| {
                let address = crate::domain::address::Address::from_evm_account([byte; 20]);
                let origin = addresses::Origin::Child { wallet, index };
                addresses::insert_of(txn, shop, &network(), &address, origin, NOW)
            };
            insert(1, 5)?;
            assert!(matches!(insert(1, 6), Err(StoreError::Duplicate { .. })));
            assert!(insert(2, 5).is_err());
            wallets::take_index(txn, wallet, 7)?;
            wallets::take_index(txn, wallet, 5)?;
            let next = wallets::in_use(txn, shop, &network())?.unwrap();
            assert_eq!(
                (next.next_index, next.is_authentic),
                (8, true),
                "it never goes back"
            );
            assert!(
                addresses::longest_free(txn, shop, &network(), NOW, 9, |_| true)?.is_none(),
                "children are not of the pool"
            );
            Ok(())
        })
        .await;
    checked.unwrap();
}

#[tokio::test]
async fn what_is_asked_for_every_payment_is_served_from_an_index() {
    let fixture = fixture();
    let checked: Result<(), StoreError> = fixture
        .database
        .read(|txn| {
            for (sql, index) in [
                (
                    "SELECT * FROM payments WHERE network = 'a' AND address = 'b' AND currency = 'c' AND due = '1'
                     AND way = 'shared' AND asked_ms IS NOT NULL ORDER BY asked_ms DESC, id DESC LIMIT 32",
                    "payments_of_amount",
                ),
                (
                    "SELECT * FROM payments INDEXED BY payments_queued WHERE network = 'a' AND store_id = 1
                     AND status = 'queued' AND id > 0 ORDER BY id LIMIT 9",
                    "payments_queued ",
                ),
                (
                    "SELECT due FROM payments WHERE network = 'a' AND address = 'b' AND currency = 'c'
                     AND status = 'queued' ORDER BY id LIMIT 9",
                    "payments_queued_at",
                ),
                (
                    "SELECT * FROM addresses WHERE store_id = 1 AND network = 'a' AND held_by IS NULL
                     AND retired_ms IS NULL AND way = 'pool' AND available_ms <= 5 ORDER BY available_ms, id LIMIT 9",
                    "addresses_free",
                ),
                (
                    "SELECT address FROM payments INDEXED BY payments_open WHERE network = 'a'
                     AND status IN ('pending', 'confirming')",
                    "payments_open (network=? AND status=?)",
                ),
                (
                    "SELECT amount FROM slots WHERE network = 'a' AND address = 'b' AND currency = 'c'
                     AND amount BETWEEN '0' AND '1' AND (held_by IS NOT NULL OR available_ms > 5) ORDER BY amount",
                    "PRIMARY KEY",
                ),
                (
                    "SELECT * FROM wallets WHERE store_id = 1 AND network = 'a' AND retired_ms IS NULL",
                    "wallets_in_use",
                ),
            ] {
                let mut statement = txn.connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}"))?;
                let plan: Vec<String> = statement.query_map([], |row| row.get("detail"))?.collect::<Result<_, _>>()?;
                let plan = plan.join("; ");
                assert!(plan.contains(index) && !plan.contains("TEMP B-TREE"), "{sql}: {plan}");
            }
            Ok(())
        })
        .await;
    checked.unwrap();
}

#[tokio::test]
async fn the_database_lets_no_wallet_go_back_and_nothing_that_is_watched_go_away() {
    let fixture = fixture();
    let added: Result<(), StoreError> = fixture
        .database
        .write(|txn| {
            let shop = shop(txn);
            let new = wallets::NewWallet {
                shop,
                network: &network(),
                way: crate::domain::wallet::Way::Xpub,
                account: "xpub",
                first_index: 0,
                slots: None,
            };
            let wallet = wallets::replace(txn, &new, NOW)?;
            wallets::take_index(txn, wallet, 6)?;
            let address = crate::domain::address::Address::from_evm_account([1; 20]);
            addresses::insert(txn, shop, &network(), &address, NOW).map(|_| ())
        })
        .await;
    added.unwrap();
    for sql in [
        "UPDATE wallets SET next_index = 6",
        "UPDATE wallets SET next_index = 2147483649",
        "DELETE FROM wallets",
        "DELETE FROM addresses",
        "UPDATE addresses SET proof = 'word of honour', proved_ms = 1",
    ] {
        let done = fixture.database.write(move |txn| txn.run_sql(sql)).await;
        assert!(done.is_err(), "{sql}");
    }
    for proof in crate::domain::proof::Proof::ALL {
        let kept = fixture.database.write(move |txn| {
            let sql = format!("UPDATE addresses SET proof = '{proof}', proved_ms = 1");
            txn.run_sql(&sql)
        });
        kept.await.unwrap();
    }
}

#[tokio::test]
async fn what_is_asked_for_every_transfer_and_every_look_is_served_from_an_index() {
    let fixture = fixture();
    let checked: Result<(), StoreError> = fixture
        .database
        .read(|txn| {
            for (source, sql, index) in [
                (
                    include_str!("../unconfirmed.rs"),
                    "FROM unconfirmed WHERE network = ?1 AND gone_ms IS NULL AND id > ?2 ORDER BY id LIMIT ?3",
                    "unconfirmed_of_network",
                ),
                (
                    include_str!("../unconfirmed.rs"),
                    "FROM unconfirmed WHERE payment_id = ?1 AND gone_ms IS NULL ORDER BY id",
                    "unconfirmed_of_payment",
                ),
                (
                    include_str!("../unconfirmed.rs"),
                    "FROM unconfirmed WHERE network = ?1 AND txid = ?2 AND position = ?3",
                    "unconfirmed_once",
                ),
                (
                    include_str!("../transfers.rs"),
                    "FROM transfers WHERE payment_id = ?1 ORDER BY id",
                    "transfers_of_payment",
                ),
                (
                    include_str!("../transfers.rs"),
                    "FROM transfers WHERE payment_id = ?1 AND judgement = 'counted' AND orphaned = 0 AND id IS NOT ?2 LIMIT 1",
                    "transfers_of_payment",
                ),
                (
                    include_str!("../transfers.rs"),
                    "FROM transfers WHERE network = ?1 AND txid = ?2 AND position = ?3 AND orphaned = 0",
                    "transfers_once",
                ),
                (
                    include_str!("../second_looks.rs"),
                    "FROM transfers WHERE network = ?1 AND height BETWEEN ?2 AND ?3 AND orphaned = 0 AND position <> ?4",
                    "transfers_by_height",
                ),
                (
                    include_str!("../second_looks.rs"),
                    "FROM transfers WHERE network = ?1 AND address = ?2 AND currency = ?3 AND height >= ?4 AND position = ?5 \
                     AND orphaned = 0 ORDER BY height",
                    "transfers_of_address",
                ),
                (
                    include_str!("../second_looks.rs"),
                    "FROM transfers WHERE network = ?1 AND txid = ?2 AND block_hash <> ?4 AND orphaned = 0",
                    "transfers_once (network=? AND txid=?)",
                ),
                (
                    include_str!("../second_looks.rs"),
                    "FROM transfers WHERE network = ?1 AND height = ?3 AND block_hash <> ?4 AND orphaned = 0",
                    "transfers_by_height (network=? AND height=?)",
                ),
                (
                    include_str!("../balances.rs"),
                    "FROM transfers WHERE network = ?1 AND address = ?2 AND currency = ?3 AND height > ?4 AND height <= ?5 \
                     AND orphaned = 0 ORDER BY height",
                    "transfers_of_address",
                ),
                (
                    include_str!("../addresses.rs"),
                    "FROM addresses WHERE wallet_id = ?1 AND child_index >= ?2 AND child_index IS NOT NULL \
                     ORDER BY child_index LIMIT ?3",
                    "addresses_children",
                ),
            ] {
                let words = source.split_whitespace().collect::<Vec<_>>().join(" ");
                assert!(words.contains(sql), "no longer a statement of the source: {sql}");
                let mut statement = txn
                    .connection
                    .prepare(&format!("EXPLAIN QUERY PLAN SELECT 1 {sql}"))?;
                let nulls = vec![None::<i64>; statement.parameter_count()];
                let plan: Vec<String> = statement
                    .query_map(rusqlite::params_from_iter(nulls), |row| row.get("detail"))?
                    .collect::<Result<_, _>>()?;
                let plan = plan.join("; ");
                let is_slow = plan.contains("SCAN") || plan.contains("TEMP");
                assert!(plan.contains(index) && !is_slow, "{sql}: {plan}");
            }
            Ok(())
        })
        .await;
    checked.unwrap();
}
