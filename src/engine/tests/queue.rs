//! Waiting for an amount at a shared address.

use std::time::Duration;

use super::rig::{CONFIRMATIONS, DUE, Rig, WINDOW};
use super::wallets::{CENT, due, shared_address};
use crate::ambient::Clock as _;
use crate::domain::event::EventKind::{Cancelled, Created, Expired, Pending};
use crate::domain::money::BaseUnits;
use crate::domain::shop::Rules;
use crate::domain::status::Status;
use crate::engine::gateway::PaymentView;
use crate::store::StoreError;

const REST: Duration = Duration::from_secs(121);

fn short_rest() -> Rules {
    Rules {
        cool_down: Duration::ZERO,
        ..Rules::default()
    }
}

async fn end(rig: &Rig, view: &PaymentView) {
    rig.gateway
        .cancel(&rig.caller, &view.payment.number)
        .await
        .unwrap();
}

#[tokio::test]
async fn who_finds_every_amount_taken_waits_and_is_asked_for_nothing() {
    let rig = Rig::shared(1, short_rest()).await;
    let (_, waiting) = (rig.create().await, rig.create().await);
    assert_eq!(waiting.payment.status, Status::Queued);
    assert_eq!(
        (waiting.payment.asked(), waiting.remaining()),
        (None, BaseUnits::ZERO)
    );
    assert_eq!(rig.events(&waiting).await, [Created]);
}

#[tokio::test]
async fn turns_come_in_the_order_of_waiting_and_the_window_begins_with_the_turn() {
    let mut rig = Rig::shared(1, short_rest()).await;
    let first = rig.create().await;
    let waiting = [rig.create().await, rig.create().await];
    end(&rig, &first).await;
    rig.round().await.unwrap();
    assert_eq!(
        rig.status(&waiting[0]).await,
        Status::Queued,
        "the amount rests first"
    );
    rig.clock.advance(REST);
    // Who comes now does not overtake.
    let last = rig.create().await;
    assert_eq!(last.payment.status, Status::Queued);
    rig.round().await.unwrap();
    let turn = rig.now(&waiting[0]).await.payment;
    assert_eq!(
        (turn.status, turn.chosen().unwrap().due),
        (Status::Pending, BaseUnits::new(DUE))
    );
    assert_eq!(turn.asked_at, Some(rig.clock.now()));
    assert_eq!(turn.expires_at, rig.clock.now().plus(WINDOW));
    assert_eq!(rig.events(&waiting[0]).await, [Created, Pending]);

    end(&rig, &waiting[0]).await;
    rig.pass(REST).await;
    assert_eq!(rig.status(&waiting[1]).await, Status::Pending);
    assert_eq!(rig.status(&last).await, Status::Queued);
    let paid = rig.exactly(&waiting[1]);
    rig.mine(&[paid]);
    rig.mine_empty(CONFIRMATIONS);
    rig.catch_up().await;
    assert_eq!(rig.status(&waiting[1]).await, Status::Paid);
    rig.pass(REST).await;
    assert_eq!(rig.status(&last).await, Status::Pending);
}

#[tokio::test]
async fn several_turns_come_at_once_and_survive_a_restart() {
    let mut rig = Rig::shared(3, short_rest()).await;
    let mut made = Vec::new();
    for _ in 0..7 {
        made.push(rig.create().await);
    }
    for view in &made[..2] {
        end(&rig, view).await;
    }
    rig.restart().await;
    rig.pass(REST).await;
    let mut statuses = Vec::new();
    for view in &made[2..] {
        statuses.push(rig.status(view).await);
    }
    use Status::{Pending, Queued};
    assert_eq!(statuses, [Pending, Pending, Pending, Queued, Queued]);
    let amounts = [rig.now(&made[3]).await, rig.now(&made[4]).await].map(|view| due(&view));
    assert_eq!(amounts, [BaseUnits::new(DUE), BaseUnits::new(DUE + CENT)]);
}

#[tokio::test]
async fn another_price_has_its_own_amounts_and_need_not_wait() {
    let rig = Rig::shared(2, short_rest()).await;
    for _ in 0..3 {
        rig.create().await;
    }
    assert_eq!(rig.create_of(9000).await.payment.status, Status::Pending);
    // 50.01 is taken and 50.02 is free, but nobody who waits could have it.
    let beside = rig.create_of(5001).await.payment;
    assert_eq!(
        (beside.status, beside.chosen().unwrap().due),
        (Status::Pending, BaseUnits::new(DUE + 2 * CENT))
    );
}

#[tokio::test]
async fn who_waits_longer_than_the_window_expires_also_while_the_chain_cannot_be_seen() {
    let mut rig = Rig::shared(1, short_rest()).await;
    let (_, waiting) = (rig.create().await, rig.create().await);
    rig.chain.set_down(true);
    rig.clock.advance(WINDOW);
    assert!(rig.round().await.is_err());
    assert_eq!(rig.status(&waiting).await, Status::Queued);
    rig.clock.advance(Duration::from_millis(1));
    assert!(rig.round().await.is_err());
    let ended = rig.now(&waiting).await.payment;
    assert_eq!((ended.status, ended.asked()), (Status::Expired, None));
    assert_eq!(rig.events(&waiting).await, [Created, Expired]);
}

#[tokio::test]
async fn who_waits_can_be_cancelled_and_gives_nothing_back_that_is_anothers() {
    let mut rig = Rig::shared(1, short_rest()).await;
    let (held, waiting) = (rig.create().await, rig.create().await);
    end(&rig, &waiting).await;
    assert_eq!(rig.events(&waiting).await, [Created, Cancelled]);
    rig.pass(REST).await;
    assert_eq!(
        rig.create().await.payment.status,
        Status::Queued,
        "the amount is still held"
    );
    assert_eq!(rig.status(&held).await, Status::Pending);
}

#[tokio::test]
async fn money_for_a_payment_that_waits_or_waited_in_vain_is_nobodys() {
    let mut rig = Rig::shared(1, short_rest()).await;
    let held = rig.create_of(4999).await;
    // Its quote lies within the amounts of nobody else, but its own only amount is taken.
    let waiting = rig.create_of(4999).await;
    end(&rig, &held).await;
    rig.mine_empty(1);
    rig.catch_up().await;
    let sent = rig.exactly(&waiting);
    rig.mine(&[sent]);
    rig.catch_up().await;
    assert_eq!(rig.judgements(&waiting).await, []);
    rig.clock.advance(WINDOW);
    rig.chain.set_down(true);
    assert!(rig.round().await.is_err());
    rig.chain.set_down(false);
    let sent = rig.exactly(&waiting);
    rig.mine(&[sent]);
    rig.catch_up().await;
    assert_eq!(rig.judgements(&waiting).await, []);
    assert_eq!(
        rig.judgements(&held).await.len(),
        2,
        "it is late money of who had the amount"
    );
}

#[tokio::test]
async fn money_mined_before_the_turn_is_not_the_new_holders() {
    let mut rig = Rig::shared(1, short_rest()).await;
    let held = rig.create().await;
    rig.clock.advance(Duration::from_secs(60));
    let waiting = rig.create().await;
    end(&rig, &held).await;
    // Mined while the amount rested, and read only after it was given to who had waited all the while.
    rig.clock.advance(Duration::from_secs(10));
    let mined_at = rig.clock.now();
    let sent = rig.exactly(&held);
    rig.clock.advance(REST);
    rig.round().await.unwrap();
    assert_eq!(rig.status(&waiting).await, Status::Pending);
    rig.chain.mine(mined_at, &[sent]);
    rig.catch_up().await;
    assert_eq!(rig.judgements(&waiting).await, []);
    assert_eq!(rig.judgements(&held).await.len(), 1);
}

#[tokio::test]
async fn an_old_quote_is_made_again_at_the_rate_of_the_turn() {
    let rules = Rules {
        window: Duration::from_secs(7200),
        ..short_rest()
    };
    for (wait, expected) in [(599, DUE), (600, 2 * DUE)] {
        let mut rig = Rig::shared(1, rules.clone()).await;
        let (held, waiting) = (rig.create().await, rig.create().await);
        end(&rig, &held).await;
        rig.set_rate("0.5").await;
        rig.clock.advance(Duration::from_secs(wait));
        rig.round().await.unwrap();
        let turn = rig.now(&waiting).await.payment;
        assert_eq!(
            (turn.status, turn.chosen().unwrap().due),
            (Status::Pending, BaseUnits::new(expected))
        );
    }
}

#[tokio::test]
async fn who_waits_is_told_to_pay_to_the_address_in_use_at_the_turn() {
    let mut rig = Rig::shared(1, short_rest()).await;
    let (_, waiting) = (rig.create().await, rig.create().await);
    rig.share_at(shared_address(0xbb), 1).await;
    rig.round().await.unwrap();
    let turn = rig.now(&waiting).await.payment;
    assert_eq!(
        (turn.status, &*turn.chosen().unwrap().address),
        (Status::Pending, &**shared_address(0xbb).text())
    );
    let paid = rig.exactly(&rig.now(&waiting).await);
    rig.mine(&[paid]);
    rig.catch_up().await;
    assert_eq!(rig.status(&waiting).await, Status::Confirming);
}

#[tokio::test]
async fn however_many_of_one_shop_wait_they_keep_nobody_of_another_waiting() {
    let mut rig = Rig::shared(1, short_rest()).await;
    let other = rig
        .another_shared("other", shared_address(0xbb), short_rest())
        .await;
    let (_, waiting) = (rig.create().await, rig.create().await);
    // More than one round looks at, all of them made before the other shop's.
    let first = waiting.payment.id.get();
    let copied = rig.engine.database.write(move |txn| {
        let sql = "WITH RECURSIVE serial (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM serial WHERE n < 5000)
            INSERT INTO payments (store_id, number, token, uuid, code, mode, origin, key_id, status, price_currency,
                price_minor, usd_cents, network, currency, address, way, quoted, due, required, confirmations, rate,
                rate_source, external_id, customer_email, description, redirect_url, fail_url, metadata, created_ms,
                expires_ms)
            SELECT store_id, 'PAY-2027-' || (100000 + n), printf('%064x', n), printf('%08x-0000-4000-8000-000000000000', n),
                n, mode, origin, key_id, status, price_currency, price_minor, usd_cents, network, currency, address, way,
                quoted, due, required, confirmations, rate, rate_source, '', '', '', '', '', '{}', created_ms, expires_ms
            FROM payments, serial WHERE payments.id = ?1";
        Ok::<_, StoreError>(txn.raw().execute(sql, [first])?)
    });
    assert_eq!(copied.await.unwrap(), 5000);
    let [holder, next] = [rig.create_by(&other).await, rig.create_by(&other).await];
    assert_eq!(next.payment.status, Status::Queued);
    rig.gateway.cancel(&other, &holder.payment.number).await.unwrap();
    rig.pass(REST).await;
    assert_eq!(rig.status(&next).await, Status::Pending);
    assert_eq!(rig.status(&waiting).await, Status::Queued);
}
