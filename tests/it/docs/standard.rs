//! The programs that check Standard Webhooks, which no gateway's page has.

use super::programs::{Listening, run_on};
use super::shop;
use crate::harness::receiver::Receiver;
use crate::harness::samples::{Place, Sample};
use crate::harness::{http, wait_until};

/// A program, with the secret in its place.
fn program(extension: &str, secret: &str) -> Sample {
    let name = format!("webhook.{extension}");
    let file = format!(
        "{}/assets/docs/programs/standard/{name}",
        env!("CARGO_MANIFEST_DIR")
    );
    Sample::of(&name, std::fs::read_to_string(file).unwrap()).with("whsec_your_secret", secret)
}

#[tokio::test]
async fn the_programs_take_real_webhooks_and_refuse_those_of_others() {
    let (daemon, _) = shop("payhook").await;
    let receiver = Receiver::start().await;
    let shell = daemon.add_webhook("shop", &receiver.url("/hook"), "standard");
    let mut listening = Vec::new();
    for (code, extension) in [("php", "php"), ("python", "py"), ("node", "mjs")] {
        let place = Place::free();
        let endpoint = daemon.add_webhook("shop", &place.url(), "standard");
        let program = program(extension, &endpoint.secret);
        listening.push((code, place, Listening::start(&program, code, place).await));
    }
    let payment = daemon.create_payment("shop", "5", "bsc", "usdt");
    let number = payment["payment_number"].as_str().unwrap();
    daemon.simulate(number, "exact");
    daemon.wait_for_status(number, "paid").await;
    let is_paid = |one: &crate::harness::receiver::Received| one.json()["type"] == "payment.confirmed";
    let received = receiver.wait_for_matching(1, is_paid).await.remove(0);
    for (code, place, program) in &listening {
        wait_until(&format!("{code}: is paid (a test: do not deliver)"), || async {
            let said = program.said();
            said.contains("is paid (a test: do not deliver)").then_some(())
        })
        .await;
        // Signed for another endpoint, and not at all.
        let mut other = http::client().post(place.url()).body(received.body.clone());
        for (name, value) in &received.headers {
            if name.starts_with("webhook-") {
                other = other.header(name, value);
            }
        }
        assert_eq!(other.send().await.unwrap().status(), 401, "{code}");
        let unsigned = http::client().post(place.url()).body("{}").send().await;
        assert_eq!(unsigned.unwrap().status(), 401, "{code}");
    }
    let shell = program("sh", &shell.secret);
    let (right, printed) = run_on(&shell, &received, |body| body);
    assert!(right && printed.ends_with("(test)"), "{printed}");
    let (right, _) = run_on(&shell, &received, |body| body.replace("paid", "Paid"));
    assert!(!right);
}
