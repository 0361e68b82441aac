//! Coming in, and being kept out.

use crate::harness::daemon::Daemon;
use crate::harness::office::{Desk, PASSWORD, add_user};

#[tokio::test]
async fn an_owner_signs_in_and_out_and_a_wrong_password_is_told() {
    let daemon = Daemon::start("").await;
    daemon.add_store("North Wind", "payhook");
    add_user(&daemon, "ann", "owner", &[]);
    let mut desk = Desk::open(&daemon).await;
    desk.visit("/sign-in").await;
    desk.is_sound("entry-sign-in").await;
    desk.type_in("ann", "correct horse batterz").await;
    desk.browser.wait_for("#password-mistake").await;
    desk.forget_console().await;
    desk.is_sound("entry-wrong").await;
    desk.sign_in("ann", PASSWORD).await;
    assert!(desk.path().await.ends_with("/overview"));
    desk.is_quiet("entry").await;
    desk.sign_out().await;
    assert_eq!(desk.status_of("/stores/1/overview").await, 200);
    assert!(desk.path().await.starts_with("/sign-in"));
    let log = daemon.log();
    assert!(!log.contains(PASSWORD) && !log.contains("batterz"), "{log}");
}
