//! How much came, and how: exact, in parts, too little, too much, of the wrong kind, or only seemingly.

use serde_json::json;

use super::{Bench, Invoice, Reading, Setup, in_both_readings};

in_both_readings! {
    an_exact_payment_is_confirmed_once_its_block_is_deep_enough,
}

async fn an_exact_payment_is_confirmed_once_its_block_is_deep_enough(reading: Reading) {
    let bench = Bench::start(Setup::new(reading)).await;
    let invoice = bench.ask().await;
    assert_eq!(invoice.due, "50.000000");

    let txid = bench.pay(&invoice.address, invoice.units).await;
    let seen = bench.wait_for_amount(&invoice.number, "50.000000").await;
    assert_eq!(
        (&seen["status"], &seen["tx_hash"]),
        (&json!("pending"), &json!(txid))
    );
    let shown = bench.show(&invoice.number);
    assert_eq!(
        (&shown["status"], &shown["settled"]),
        (&json!("confirming"), &json!("0.000000"))
    );

    bench.anvil.mine(2).await;
    let paid = bench.wait_for_status(&invoice.number, "confirmed").await;
    assert_eq!(paid["confirmations"], 3);
    check_paid(&bench, &invoice, &txid, "50.000000").await;
    bench.close().await;
}

/// Checks what everybody is told of a payment that was paid by the transaction `txid`.
async fn check_paid(bench: &Bench, invoice: &Invoice, txid: &str, received: &str) {
    let events = ["created", "confirming", "confirmed"];
    let notices = bench.expect_notices(&invoice.number, &events).await;
    let confirmed = &notices[2];
    for (field, value) in [
        ("event", "payment.confirmed"),
        ("payment_id", &invoice.number),
        ("external_order_id", "order-1"),
        ("amount", received),
        ("currency", "USDT"),
        ("tx_hash", txid),
        ("status", "confirmed"),
        ("expected_crypto_amount", &invoice.due),
        ("actual_crypto_amount", received),
        ("assigned_address", &invoice.address),
    ] {
        assert_eq!(confirmed[field], value, "{field} of {confirmed}");
    }
    assert_eq!(confirmed["metadata"], json!({ "sku": "GOLD" }));
    let shown = bench.show(&invoice.number);
    assert_eq!(
        (&shown["status"], &shown["settled"]),
        (&json!("paid"), &json!(received))
    );
}
