//! The programs in Rust: that they compile.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::all,
    reason = "they are programs of their own, which nobody calls here"
)]

#[path = "../../../assets/docs/programs/crypto-pay/payment.rs"]
mod crypto_pay_payment;
#[path = "../../../assets/docs/programs/crypto-pay/webhook.rs"]
mod crypto_pay_webhook;
#[path = "../../../assets/docs/programs/cryptopayment/payment.rs"]
mod cryptopayment_payment;
#[path = "../../../assets/docs/programs/cryptopayment/webhook.rs"]
mod cryptopayment_webhook;
#[path = "../../../assets/docs/programs/payhook/payment.rs"]
mod payhook_payment;
#[path = "../../../assets/docs/programs/payhook/webhook.rs"]
mod payhook_webhook;
#[path = "../../../assets/docs/programs/soko/payment.rs"]
mod soko_payment;
#[path = "../../../assets/docs/programs/soko/webhook.rs"]
mod soko_webhook;
#[path = "../../../assets/docs/programs/standard/webhook.rs"]
mod standard_webhook;
