//! The pages' own programs against the real daemon, with nothing changed but the host and the keys: they make payments,
//! and they and handlers in other languages verify the webhooks that follow.

mod crypto_pay;
mod cryptopayment;
mod payhook;
mod soko;
mod usdt_trc20;

use serde_json::Value;

use crate::harness::daemon::Daemon;
use crate::harness::samples::{Handled, Served};
use crate::harness::wait_until;

/// What a store has been asked for so far, newest first.
fn payments_of(daemon: &Daemon, store: &str) -> Vec<Value> {
    let listed = daemon.cli_json(&["payment", "list", "--store", store]);
    listed["payments"].as_array().unwrap().clone()
}

/// The one payment that was made since there were `before`.
fn made_since(daemon: &Daemon, store: &str, before: usize) -> Value {
    let mut all = payments_of(daemon, store);
    assert_eq!(all.len(), before + 1, "{all:?}");
    all.remove(0)
}

fn number_of(payment: &Value) -> &str {
    payment["payment_number"].as_str().unwrap()
}

/// The page at `url` is of this daemon, opens, and names the address to pay to.
async fn assert_opens(daemon: &Daemon, url: &str, payment: &Value) {
    let path = url
        .strip_prefix(&daemon.url(""))
        .filter(|path| path.starts_with("/pay/"));
    let path = path.unwrap_or_else(|| panic!("{url} is not a page of this daemon"));
    let page = daemon.get(path, &[]).await;
    assert_eq!(page.status, 200, "{url}");
    let address = payment["address"].as_str().unwrap();
    assert!(page.body.contains(address), "{url} does not name {address}");
}

/// Has the customer pay exactly.
async fn pay(daemon: &Daemon, payment: &Value) {
    let path = format!("/pay/{}/simulate", payment["payment_token"].as_str().unwrap());
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let reply = daemon.send("POST", &path, &form, "scenario=exact").await;
    assert!(reply.status < 400, "{reply:?}");
    daemon.wait_for_status(number_of(payment), "paid").await;
}

/// Waits for a webhook whose field has this value, and that the handler has accepted.
async fn accepted(handler: &Served, field: &str, value: &str) -> Handled {
    let is_it = |handled: &Handled| handled.json()[field] == value;
    let what = format!("a webhook with the {field} {value}");
    let told = handler.wait_for(&what, is_it).await;
    assert_eq!(told.status, 200, "{told:?}: {}", handler.stderr());
    told
}

/// The handler takes the same bytes again, and neither another body under the same signature nor the same body under
/// another.
async fn assert_refuses_changed(handler: &Served, told: &Handled, signature: &str, refused: u16) {
    assert_eq!(handler.send_again(told, |_, _| ()).await, 200);
    for at in [1, told.body.len() / 2, told.body.len() - 2] {
        let changed = handler.send_again(told, |_, body| body[at] ^= 1).await;
        assert_eq!(changed, refused, "byte {at} of {told:?}");
    }
    let changed = handler.send_again(told, |headers, _| {
        let header = headers.iter_mut().find(|(name, _)| name == signature);
        let value = &mut header.unwrap_or_else(|| panic!("no {signature} in {told:?}")).1;
        let last = if value.ends_with('0') { "1" } else { "0" };
        value.replace_range(value.len() - 1.., last);
    });
    assert_eq!(changed.await, refused, "another signature for {told:?}");
}

/// Each of payd's posts about this payment was taken as delivered.
async fn wait_for_deliveries(daemon: &Daemon, payment: &Value, count_min: usize) {
    wait_until("all deliveries to be acknowledged", || async {
        let deliveries = daemon.payment(number_of(payment))["deliveries"].clone();
        let all = deliveries.as_array()?;
        (all.len() >= count_min && all.iter().all(|one| one["state"] == "delivered")).then_some(())
    })
    .await;
}
