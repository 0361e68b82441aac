//! What the merchant does about money that counted for nothing.

use super::chain::Paid;
use super::rig::{CONFIRMATIONS, DUE, Rig, START, WINDOW};
use crate::domain::event::EventKind::{Attached, Cancelled, Confirmed, Confirming, Created, Expired, Late};
use crate::domain::ids::{AuditId, TransferId};
use crate::domain::money::BaseUnits;
use crate::domain::network::Mode;
use crate::domain::shop::{Dialect, LatePolicy, Rules};
use crate::domain::status::Status;
use crate::domain::transfer::{Handled, Judgement};
use crate::engine::gateway::PaymentView;
use crate::engine::inbox::{Entry, Filter, InboxError};
use crate::store::{StoreError, shops};

const NEWEST: TransferId = TransferId::new(i64::MAX);
const OPEN: Filter = Filter {
    shop: None,
    mode: Mode::Live,
    with_handled: false,
};

impl Rig {
    pub(super) async fn inbox(&self) -> Vec<Entry> {
        self.gateway.inbox(OPEN, NEWEST, 100).await.unwrap()
    }

    pub(super) async fn only_entry(&self) -> Entry {
        let mut inbox = self.inbox().await;
        assert_eq!(inbox.len(), 1);
        inbox.remove(0)
    }

    pub(super) async fn attach(&self, entry: &Entry, view: &PaymentView) -> Result<bool, InboxError> {
        let number = &view.payment.number;
        self.gateway
            .attach("test:ann", entry.transfer.id, number, "the customer called")
            .await
    }

    pub(super) async fn audited(&self) -> Vec<(String, String)> {
        let log = self.gateway.audit_log(AuditId::new(i64::MAX), 100).await.unwrap();
        log.into_iter()
            .map(|entry| (entry.action, entry.detail))
            .collect()
    }

    /// A payment that expired, and its money that came too late.
    pub(super) async fn late() -> (Self, PaymentView) {
        let mut rig = Self::with_late_policy(LatePolicy::Flag).await;
        let payment = rig.create().await;
        rig.clock.advance(WINDOW);
        rig.mine_empty(1);
        rig.catch_up().await;
        let paid = rig.pay(&payment, DUE);
        rig.mine(&[paid]);
        rig.catch_up().await;
        (rig, payment)
    }
}

#[tokio::test]
async fn every_kind_of_money_that_counts_for_nothing_is_in_the_inbox_with_its_reason() {
    let (mut rig, late) = Rig::late().await;
    let open = rig.create().await;
    let mut wrong = rig.pay(&open, 7);
    wrong.currency = "usdc";
    let due = rig.pay(&open, DUE);
    rig.mine(&[wrong, due]);
    rig.mine_empty(CONFIRMATIONS);
    rig.catch_up().await;
    let second = rig.pay(&open, DUE);
    let unknown = Paid {
        txid: "0xunknown".to_owned(),
        position: 0,
        currency: "usdt",
        address: format!("{}", crate::domain::address::Address::from_evm_account([3; 20])).into(),
        amount: 9,
    };
    rig.mine(&[second, unknown]);
    rig.catch_up().await;
    let found: Vec<_> = rig
        .inbox()
        .await
        .into_iter()
        .map(|entry| (entry.transfer.judgement, entry.payment))
        .collect();
    let open = Some((open.payment.number, Status::Paid));
    assert_eq!(
        found,
        [
            (Judgement::Unmatched, None),
            (Judgement::AfterEnd, open.clone()),
            (Judgement::WrongAsset, open),
            (Judgement::Late, Some((late.payment.number, Status::Expired))),
        ]
    );
    // By pages, and by store.
    let page = rig.gateway.inbox(OPEN, NEWEST, 3).await.unwrap();
    let rest = rig.gateway.inbox(OPEN, page[2].transfer.id, 3).await.unwrap();
    assert_eq!((page.len(), rest.len()), (3, 1));
    let mine = Filter {
        shop: Some(rig.caller.shop.id),
        ..OPEN
    };
    assert_eq!(rig.gateway.inbox(mine, NEWEST, 9).await.unwrap().len(), 4);
    let others = Filter {
        shop: Some(crate::domain::ids::ShopId::new(77)),
        ..OPEN
    };
    assert!(rig.gateway.inbox(others, NEWEST, 9).await.unwrap().is_empty());
    let simulated = Filter {
        mode: Mode::Test,
        ..OPEN
    };
    assert!(rig.gateway.inbox(simulated, NEWEST, 9).await.unwrap().is_empty());
}

#[tokio::test]
async fn late_money_that_is_attached_pays_through_the_usual_confirmations() {
    let (mut rig, payment) = Rig::late().await;
    let entry = rig.only_entry().await;
    assert!(rig.attach(&entry, &payment).await.unwrap());
    assert_eq!(
        rig.status(&payment).await,
        Status::Expired,
        "attaching settles nothing by itself"
    );
    rig.catch_up().await;
    assert_eq!(rig.status(&payment).await, Status::Confirming);
    rig.mine_empty(CONFIRMATIONS);
    rig.catch_up().await;
    assert_eq!(rig.status(&payment).await, Status::Paid);
    assert_eq!(
        rig.now(&payment).await.payment.progress.settled,
        BaseUnits::new(DUE)
    );
    assert_eq!(
        rig.events(&payment).await,
        [Created, Expired, Late, Attached, Confirming, Confirmed]
    );
    assert!(rig.inbox().await.is_empty());
    let handled = Filter {
        with_handled: true,
        ..OPEN
    };
    let kept = rig.gateway.inbox(handled, NEWEST, 9).await.unwrap();
    assert_eq!(
        kept[0].handled.map(|(handled, _)| handled),
        Some(Handled::Attached)
    );
}

#[tokio::test]
async fn attached_money_pays_nothing_while_the_providers_disagree() {
    let (mut rig, payment) = Rig::late().await;
    rig.mine_empty(CONFIRMATIONS);
    rig.catch_up().await;
    rig.chain.set_disagreeing(true);
    let entry = rig.only_entry().await;
    rig.attach(&entry, &payment).await.unwrap();
    rig.catch_up().await;
    assert_eq!(rig.status(&payment).await, Status::Expired);
    rig.chain.set_disagreeing(false);
    rig.mine_empty(1);
    rig.catch_up().await;
    assert_eq!(rig.status(&payment).await, Status::Paid);
}

#[tokio::test]
async fn attaching_twice_counts_once_and_is_written_down_once() {
    let (mut rig, payment) = Rig::late().await;
    let entry = rig.only_entry().await;
    assert!(rig.attach(&entry, &payment).await.unwrap());
    assert!(!rig.attach(&entry, &payment).await.unwrap());
    rig.mine_empty(CONFIRMATIONS);
    rig.catch_up().await;
    assert!(
        !rig.attach(&entry, &payment).await.unwrap(),
        "also once it is paid"
    );
    assert_eq!(rig.now(&payment).await.payment.progress.seen, BaseUnits::new(DUE));
    let log = rig.audited().await;
    assert_eq!(log.len(), 1);
    assert_eq!(log[0].0, "inbox.attach");
    assert!(
        log[0].1.contains("the customer called") && log[0].1.contains("late"),
        "{}",
        log[0].1
    );
    // It is spent: no other payment can have it, and it cannot be dismissed.
    let other = rig.create().await;
    assert!(matches!(
        rig.attach(&entry, &other).await,
        Err(InboxError::Counts { .. })
    ));
    let dismissed = rig.gateway.dismiss("test:ann", entry.transfer.id, "no").await;
    assert!(matches!(dismissed, Err(InboxError::Counts { .. })));
    assert_eq!(rig.now(&other).await.payment.progress.seen, BaseUnits::ZERO);
}

#[tokio::test]
async fn money_without_a_payment_can_complete_any_payment_of_its_store() {
    let mut rig = Rig::with_late_policy(LatePolicy::Flag).await;
    let stray = Paid {
        txid: "0xstray".to_owned(),
        position: 0,
        currency: "usdt",
        address: format!("{}", crate::domain::address::Address::from_evm_account([3; 20])).into(),
        amount: DUE,
    };
    rig.mine(&[stray]);
    rig.catch_up().await;
    let payment = rig.create().await;
    let entry = rig.only_entry().await;
    rig.attach(&entry, &payment).await.unwrap();
    rig.mine_empty(CONFIRMATIONS);
    rig.catch_up().await;
    assert_eq!(rig.status(&payment).await, Status::Paid);
    assert_eq!(
        rig.events(&payment).await,
        [Created, Attached, Confirming, Confirmed]
    );
}

#[tokio::test]
async fn money_that_cannot_count_is_refused_with_what_can_be_done() {
    let (mut rig, _) = Rig::late().await;
    let payment = rig.create().await;
    let mut wrong = rig.pay(&payment, DUE);
    wrong.currency = "usdc";
    rig.mine(&[wrong]);
    rig.catch_up().await;
    let inbox = rig.inbox().await;
    let refused = rig.attach(&inbox[0], &payment).await.unwrap_err();
    assert!(matches!(refused, InboxError::OtherCurrency { .. }), "{refused}");
    assert!(refused.to_string().contains("Make a payment in usdc"));

    let id = inbox[1].transfer.id;
    let nowhere = crate::domain::ids::PaymentNumber::parse("PAY-2020-000001").unwrap();
    let refused = rig.gateway.attach("a", id, &nowhere, "why").await;
    assert!(matches!(refused, Err(InboxError::NoPayment { .. })));
    let missing = TransferId::new(999);
    let number = &payment.payment.number;
    let refused = rig.gateway.attach("a", missing, number, "why").await;
    assert!(matches!(refused, Err(InboxError::NotFound { .. })));
    for reason in ["", "  \n", &"x".repeat(501)] {
        let refused = rig.gateway.attach("a", id, number, reason).await;
        assert!(matches!(refused, Err(InboxError::Reason)), "{reason}");
    }

    rig.gateway.cancel(&rig.caller, number).await.unwrap();
    let refused = rig.attach(&inbox[1], &payment).await.unwrap_err();
    assert!(
        refused.to_string().contains("is cancelled: it stays so"),
        "{refused}"
    );
    assert_eq!(rig.events(&payment).await, [Created, Late, Cancelled]);
    assert!(rig.audited().await.is_empty());
}

#[tokio::test]
async fn a_payment_that_is_paid_takes_no_more() {
    let mut rig = Rig::with_late_policy(LatePolicy::Flag).await;
    let payment = rig.create().await;
    let first = rig.pay(&payment, DUE);
    rig.mine(&[first]);
    rig.mine_empty(CONFIRMATIONS);
    rig.catch_up().await;
    let second = rig.pay(&payment, DUE);
    rig.mine(&[second]);
    rig.catch_up().await;
    let entry = rig.only_entry().await;
    let refused = rig.attach(&entry, &payment).await.unwrap_err();
    assert!(
        matches!(
            refused,
            InboxError::TakesNone {
                status: Status::Paid,
                ..
            }
        ),
        "{refused}"
    );
    // A payment made for it is how the merchant keeps it.
    let other = rig.create().await;
    assert!(rig.attach(&entry, &other).await.unwrap());
}

#[tokio::test]
async fn money_of_one_store_is_never_attached_to_a_payment_of_another() {
    let (rig, _) = Rig::late().await;
    let entry = rig.only_entry().await;
    let other_shop = rig
        .engine
        .database
        .write(|txn| {
            let shop = shops::insert(txn, "other", Dialect::Payhook, None, &Rules::default(), START)?;
            let address = crate::domain::address::Address::from_evm_account([9; 20]);
            let network = crate::domain::network::NetworkId::parse("bsc").unwrap();
            crate::store::addresses::insert(txn, shop, &network, &address, START)?;
            shops::by_id(txn, shop)
        })
        .await
        .map_err(|error: StoreError| error)
        .unwrap()
        .unwrap();
    let caller = crate::engine::gateway::Caller {
        shop: std::sync::Arc::new(other_shop),
        mode: Mode::Live,
        key: None,
    };
    let others = rig.gateway.create(&caller, rig.request()).await.unwrap().view;
    let refused = rig.attach(&entry, &others).await;
    assert!(matches!(refused, Err(InboxError::OtherStore { .. })));
}

#[tokio::test]
async fn an_expired_payment_does_not_take_its_address_back_from_the_next_customer() {
    let mut rig = Rig::new(
        1,
        Rules {
            cool_down: std::time::Duration::ZERO,
            ..Rules::default()
        },
    )
    .await;
    let first = rig.create().await;
    rig.clock.advance(WINDOW);
    rig.mine_empty(1);
    rig.catch_up().await;
    let late = rig.pay(&first, DUE);
    rig.mine(&[late]);
    rig.catch_up().await;
    rig.clock.advance(WINDOW);
    let second = rig.create().await;
    assert_eq!(
        first.payment.chosen().unwrap().address,
        second.payment.chosen().unwrap().address
    );
    let entry = rig.only_entry().await;
    let refused = rig.attach(&entry, &first).await;
    assert!(
        matches!(refused, Err(InboxError::PlaceTaken { .. })),
        "{refused:?}"
    );
    assert_eq!(
        rig.only_entry().await,
        entry,
        "a refused attachment leaves nothing behind"
    );
    rig.mine_empty(CONFIRMATIONS);
    rig.catch_up().await;
    rig.attach(&entry, &first).await.unwrap();
    rig.catch_up().await;
    assert_eq!(rig.status(&first).await, Status::Paid);
    assert_eq!(rig.status(&second).await, Status::Pending);
    assert_eq!(rig.events(&second).await, [Created]);
}

#[tokio::test]
async fn what_is_dismissed_leaves_the_inbox_and_can_still_be_attached() {
    let (mut rig, payment) = Rig::late().await;
    let entry = rig.only_entry().await;
    let id = entry.transfer.id;
    assert!(rig.gateway.dismiss("test:ann", id, "sent back").await.unwrap());
    assert!(!rig.gateway.dismiss("test:ann", id, "sent back").await.unwrap());
    assert!(rig.inbox().await.is_empty());
    assert_eq!(rig.audited().await.len(), 1);
    assert_eq!(rig.status(&payment).await, Status::Expired);
    assert!(rig.attach(&entry, &payment).await.unwrap());
    rig.mine_empty(CONFIRMATIONS);
    rig.catch_up().await;
    assert_eq!(rig.status(&payment).await, Status::Paid);
}

#[tokio::test]
async fn attached_money_that_a_reorg_moves_counts_again_and_once() {
    let (mut rig, payment) = Rig::late().await;
    let entry = rig.only_entry().await;
    rig.attach(&entry, &payment).await.unwrap();
    rig.catch_up().await;
    assert_eq!(rig.status(&payment).await, Status::Confirming);
    let again = Paid {
        txid: entry.transfer.seen.txid.to_string(),
        position: 4,
        currency: "usdt",
        address: entry.transfer.seen.address.clone(),
        amount: DUE,
    };
    rig.chain.roll_back(1);
    rig.mine_empty(2);
    rig.catch_up().await;
    assert_eq!(rig.now(&payment).await.payment.progress.seen, BaseUnits::ZERO);
    let gone = rig.gateway.inbox_entry(entry.transfer.id).await.unwrap();
    assert!(gone.transfer.orphaned);
    rig.mine(&[again]);
    rig.mine_empty(CONFIRMATIONS);
    rig.catch_up().await;
    assert_eq!(rig.status(&payment).await, Status::Paid);
    assert_eq!(rig.now(&payment).await.payment.progress.seen, BaseUnits::new(DUE));
    assert_eq!(rig.transfers(&payment).await.len(), 1);
}

#[tokio::test]
async fn what_left_the_chain_leaves_the_inbox_and_comes_back_with_its_block() {
    let (mut rig, payment) = Rig::late().await;
    let entry = rig.only_entry().await;
    rig.chain.roll_back(1);
    rig.mine_empty(2);
    rig.catch_up().await;
    assert!(rig.inbox().await.is_empty());
    assert!(matches!(
        rig.attach(&entry, &payment).await,
        Err(InboxError::Gone)
    ));
    let dismissed = rig.gateway.dismiss("test:ann", entry.transfer.id, "no").await;
    assert!(matches!(dismissed, Err(InboxError::Gone)));
    let again = Paid {
        txid: entry.transfer.seen.txid.to_string(),
        position: 0,
        currency: "usdt",
        address: entry.transfer.seen.address.clone(),
        amount: DUE,
    };
    rig.mine(&[again]);
    rig.catch_up().await;
    assert_eq!(rig.only_entry().await.transfer.id, entry.transfer.id);
}

#[tokio::test]
async fn attached_money_that_comes_back_after_the_payment_was_cancelled_is_in_the_inbox_again() {
    let mut rig = Rig::with_late_policy(LatePolicy::Flag).await;
    let stray = Paid {
        txid: "0xstray".to_owned(),
        position: 0,
        currency: "usdt",
        address: format!("{}", crate::domain::address::Address::from_evm_account([3; 20])).into(),
        amount: DUE,
    };
    rig.mine(std::slice::from_ref(&stray));
    rig.catch_up().await;
    let payment = rig.create().await;
    let entry = rig.only_entry().await;
    rig.attach(&entry, &payment).await.unwrap();
    rig.catch_up().await;
    rig.chain.roll_back(1);
    rig.mine_empty(2);
    rig.catch_up().await;
    assert_eq!(rig.status(&payment).await, Status::Pending);
    rig.gateway
        .cancel(&rig.caller, &payment.payment.number)
        .await
        .unwrap();
    rig.mine(&[stray]);
    rig.catch_up().await;
    assert_eq!(rig.only_entry().await.transfer.judgement, Judgement::AfterEnd);
}
