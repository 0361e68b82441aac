//! Donations: each counts once, when it is paid, in real money; they send webhooks only where the store wants it so.

use super::rig::{CONFIRMATIONS, DUE, FINAL_DEPTH, Rig, WINDOW};
use crate::domain::donation::{DonationPage, Donor, Given};
use crate::domain::event::EventKind;
use crate::domain::ids::PaymentId;
use crate::domain::network::Mode;
use crate::domain::payment::Origin;
use crate::domain::shop::{LatePolicy, Rules};
use crate::domain::status::Status;
use crate::engine::gateway::{CreateRequest, PaymentView};
use crate::store::{StoreError, deliveries, donations, events};

const FIFTY_ONCE: Given = Given {
    usd_cents: 5000,
    count: 1,
};

async fn open(rig: &Rig, sends_webhooks: bool) {
    let shop = rig.caller.shop.id;
    let page = DonationPage {
        is_enabled: true,
        sends_webhooks,
        ..DonationPage::default()
    };
    let set = rig
        .engine
        .database
        .write(move |txn| donations::set_page(txn, shop, &page));
    set.await.unwrap();
}

fn gift(rig: &Rig) -> CreateRequest {
    CreateRequest {
        origin: Origin::Donation,
        donor: Some(Donor {
            name: "Ann".to_owned(),
            message: "Keep going".to_owned(),
        }),
        ..rig.request()
    }
}

async fn donate(rig: &Rig) -> PaymentView {
    rig.gateway.create(&rig.caller, gift(rig)).await.unwrap().view
}

async fn given(rig: &Rig) -> Given {
    let shop = rig.caller.shop.id;
    rig.engine
        .database
        .read(move |txn| donations::given(txn, shop))
        .await
        .unwrap()
}

/// How many events a payment has, and how many deliveries.
async fn told(rig: &Rig, view: &PaymentView) -> (Vec<EventKind>, usize) {
    let id = view.payment.id;
    let read = rig.engine.database.read(move |txn| {
        let events = events::of_payment(txn, id)?.into_iter().map(|event| event.kind);
        Ok::<_, StoreError>((events.collect(), deliveries::of_payment(txn, id)?.len()))
    });
    read.await.unwrap()
}

async fn pay_and_settle(rig: &mut Rig, view: &PaymentView) {
    let paid = rig.pay(view, DUE);
    rig.mine(&[paid]);
    rig.mine_empty(CONFIRMATIONS);
    rig.catch_up().await;
    assert_eq!(rig.status(view).await, Status::Paid);
}

#[tokio::test]
async fn a_donation_counts_once_it_is_paid_and_an_order_never() {
    let mut rig = Rig::new(2, Rules::default()).await;
    open(&rig, false).await;
    let donation = donate(&rig).await;
    let order = rig.create().await;
    let paid = rig.pay(&donation, DUE);
    rig.mine(&[paid]);
    rig.catch_up().await;
    assert_eq!(
        (rig.status(&donation).await, given(&rig).await),
        (Status::Confirming, Given::default())
    );
    rig.mine_empty(CONFIRMATIONS);
    rig.catch_up().await;
    assert_eq!(
        (rig.status(&donation).await, given(&rig).await),
        (Status::Paid, FIFTY_ONCE)
    );
    pay_and_settle(&mut rig, &order).await;
    // Paid again, and read again after a restart: it is the same donation.
    let again = rig.pay(&donation, DUE);
    rig.mine(&[again]);
    rig.restart().await;
    rig.mine_empty(FINAL_DEPTH * 2);
    rig.catch_up().await;
    assert_eq!(given(&rig).await, FIFTY_ONCE);
}

#[tokio::test]
async fn a_donation_that_is_too_little_or_too_much_counts_as_what_was_promised_once_it_is_paid() {
    let mut rig = Rig::new(2, Rules::default()).await;
    open(&rig, false).await;
    let donation = donate(&rig).await;
    let half = rig.pay(&donation, DUE / 2);
    rig.mine(&[half]);
    rig.mine_empty(CONFIRMATIONS);
    rig.catch_up().await;
    assert_eq!(given(&rig).await, Given::default());
    let rest = rig.pay(&donation, DUE);
    rig.mine(&[rest]);
    rig.mine_empty(CONFIRMATIONS);
    rig.catch_up().await;
    assert_eq!(given(&rig).await, FIFTY_ONCE);
}

#[tokio::test]
async fn a_donation_whose_block_is_undone_counts_when_it_settles_and_no_more_than_once() {
    let mut rig = Rig::new(1, Rules::default()).await;
    open(&rig, false).await;
    let donation = donate(&rig).await;
    let paid = rig.pay(&donation, DUE);
    rig.mine(std::slice::from_ref(&paid));
    rig.catch_up().await;
    rig.chain.roll_back(1);
    rig.mine_empty(2);
    rig.catch_up().await;
    assert_eq!(
        (rig.status(&donation).await, given(&rig).await),
        (Status::Pending, Given::default())
    );
    rig.mine(std::slice::from_ref(&paid));
    rig.mine_empty(CONFIRMATIONS);
    rig.catch_up().await;
    assert_eq!(given(&rig).await, FIFTY_ONCE);
    // Deeper than it was paid at: an alarm, and the same money in another block.
    rig.chain.roll_back(usize::try_from(CONFIRMATIONS).unwrap() + 1);
    rig.mine_empty(1);
    rig.mine(&[paid]);
    rig.mine_empty(CONFIRMATIONS * 2);
    rig.catch_up().await;
    assert_eq!(rig.status(&donation).await, Status::Paid);
    assert_eq!(given(&rig).await, FIFTY_ONCE);
}

#[tokio::test]
async fn late_money_counts_once_where_the_store_takes_it_and_not_where_it_does_not() {
    for (policy, expected) in [
        (LatePolicy::Accept, FIFTY_ONCE),
        (LatePolicy::Flag, Given::default()),
    ] {
        let mut rig = Rig::with_late_policy(policy).await;
        open(&rig, false).await;
        let donation = donate(&rig).await;
        rig.clock.advance(WINDOW);
        rig.mine_empty(1);
        rig.catch_up().await;
        assert_eq!(rig.status(&donation).await, Status::Expired);
        let paid = rig.pay(&donation, DUE);
        rig.mine(&[paid]);
        rig.mine_empty(CONFIRMATIONS * 2);
        rig.catch_up().await;
        assert_eq!(given(&rig).await, expected, "{policy}");
    }
}

#[tokio::test]
async fn a_donation_that_was_made_with_a_test_key_is_kept_apart() {
    let mut rig = Rig::new(1, Rules::default()).await;
    open(&rig, false).await;
    rig.caller.mode = Mode::Test;
    let donation = donate(&rig).await;
    assert_eq!(donation.payment.mode, Mode::Test);
    let mut payment = donation.payment;
    payment.status = Status::Paid;
    let count = rig
        .engine
        .database
        .write(move |txn| donations::count_paid(txn, &payment));
    count.await.unwrap();
    assert_eq!(given(&rig).await, Given::default());
}

#[tokio::test]
async fn donations_send_no_webhook_unless_the_store_says_so_and_orders_always_do() {
    let expected = [EventKind::Created, EventKind::Confirming, EventKind::Confirmed];
    for (sends_webhooks, deliveries) in [(false, 0), (true, expected.len())] {
        let mut rig = Rig::new(2, Rules::default()).await;
        open(&rig, sends_webhooks).await;
        let donation = donate(&rig).await;
        let paid = rig.pay(&donation, DUE);
        rig.mine(&[paid]);
        rig.catch_up().await;
        rig.mine_empty(CONFIRMATIONS);
        rig.catch_up().await;
        assert_eq!(told(&rig, &donation).await, (expected.to_vec(), deliveries));
        let order = rig.create().await;
        assert_eq!(told(&rig, &order).await, (vec![EventKind::Created], 1));
    }
}

#[tokio::test]
async fn what_a_donor_says_is_kept_with_the_payment_and_paged_newest_first() {
    let rig = Rig::new(3, Rules::default()).await;
    open(&rig, false).await;
    let (first, order, second) = (donate(&rig).await, rig.create().await, donate(&rig).await);
    let page = |before: PaymentId, limit: u32| {
        let shop = rig.caller.shop.id;
        let read = rig
            .engine
            .database
            .read(move |txn| donations::page(txn, Some(shop), before, limit));
        async {
            read.await
                .unwrap()
                .into_iter()
                .map(|(donation, _)| donation.payment)
                .collect::<Vec<_>>()
        }
    };
    let all = PaymentId::new(i64::MAX);
    assert_eq!(page(all, 10).await, [second.payment.id, first.payment.id]);
    assert_eq!(page(all, 1).await, [second.payment.id]);
    assert_eq!(page(second.payment.id, 10).await, [first.payment.id]);
    let of = |id| {
        rig.engine
            .database
            .read(move |txn| donations::of_payment(txn, id))
    };
    assert_eq!(of(order.payment.id).await.unwrap(), None);
    assert_eq!(
        of(first.payment.id).await.unwrap().unwrap().donor.message,
        "Keep going"
    );
}
