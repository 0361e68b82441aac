//! What the other four pages' programs all ask for: dollars of USDT on TRON.

use rust_decimal::Decimal;
use serde_json::Value;

/// An amount that stands in JSON as text or as a number, without a detour over floats.
pub fn decimal(value: &Value) -> Decimal {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    text.parse()
        .unwrap_or_else(|error| panic!("{error}: {value} is no amount"))
}

/// The payment asks for USDT on TRON: `price` and, where amounts tell payments apart, less than one more.
pub fn assert_asks_for_usdt_trc20(payment: &Value, price: u32) {
    let network = payment["network"].as_str().unwrap();
    assert!(network.ends_with("tron"), "{payment}");
    assert_eq!(
        (&payment["symbol"], &payment["mode"]),
        (&"USDT".into(), &"test".into()),
        "{payment}"
    );
    let due = decimal(&payment["due"]);
    assert!(
        due >= price.into() && due < (price + 1).into(),
        "{payment} is not for {price}"
    );
}
