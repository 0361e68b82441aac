//! The disk takes nothing more while payd runs: nothing new is promised, all that there is can be looked at, webhooks do not
//! storm, and everything goes on by itself once there is room.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use serde_json::json;

use super::{ask, ask_for_payment, shop};
use crate::harness::daemon::{Daemon, Key};
use crate::harness::receiver::{Behaviour, Receiver};
use crate::harness::signature::check_payhook;
use crate::harness::wait_until;

/// More payments than there is ever room for.
const ORDERS_MAX: usize = 2000;

#[tokio::test]
async fn a_disk_that_takes_nothing_more_holds_up_payments_and_loses_none() {
    let (daemon, key) = shop().await;
    // Less than the log has already, and than the database: neither takes anything behind that.
    let starve = || daemon.limit_file_bytes("65536");
    starved_and_fed(
        &daemon,
        &key,
        starve,
        || daemon.limit_file_bytes("unlimited"),
        true,
    )
    .await;
}

#[tokio::test]
async fn a_full_file_system_holds_up_payments_and_loses_none() {
    let mut daemon = Daemon::prepare("");
    let Some(mount) = Mount::over(&daemon.data_dir()) else {
        println!("skipped: no file system may be mounted here");
        return;
    };
    daemon.restart().await;
    daemon.add_store("shop", "payhook");
    let key = daemon.add_key("shop", "test");
    let ballast = daemon.data_dir().join("ballast");
    let starve = || {
        let mut file = File::create(&ballast).expect("a file");
        for size in [65_536, 4096, 512, 1] {
            let block = vec![1; size];
            while file.write_all(&block).is_ok() {}
        }
    };
    let feed = || std::fs::remove_file(&ballast).expect("the ballast");
    // Here a command has no more room than the daemon.
    starved_and_fed(&daemon, &key, starve, feed, false).await;
    starve();
    let said = daemon.try_cli(&["store", "add", "another"]);
    let said = String::from_utf8_lossy(&said.stderr).into_owned();
    assert!(said.contains("the disk is full"), "{said}");
    drop(daemon);
    drop(mount);
}

/// Takes the room away while payments are made and webhooks are sent, looks at all that has to go on, and gives it back.
async fn starved_and_fed(
    daemon: &Daemon,
    key: &Key,
    starve: impl Fn(),
    feed: impl Fn(),
    commands_have_room: bool,
) {
    let receiver = Receiver::start().await;
    let endpoint = daemon.add_webhook_for(
        "shop",
        &receiver.url("/hook"),
        "payhook",
        "payment.created,payment.confirmed",
    );
    // The first attempt fails; the second, three seconds later, is taken and cannot be noted.
    receiver.next([Behaviour::Status(503)]);
    let first = ask_for_payment(daemon, key, "first").await;
    assert_eq!(first.status, 201, "{first:?}");
    let first = first.json();
    let number = first["payment_number"].as_str().expect("a number");
    wait_until("the attempt to be noted", || async {
        (ask(daemon, "SELECT count(*) FROM attempts") == 1).then_some(())
    })
    .await;
    let sent_before = receiver.received().len();

    starve();
    let (kept, refused) = until_refused(daemon, key).await;
    let order = format!("order-{kept}");
    assert_eq!(refused.status, 503, "{refused:?}");
    assert_eq!(refused.json()["code"], "storage_unavailable");
    assert!(refused.header("retry-after").is_some());
    assert!(!refused.body.contains("SQL"), "{refused:?}");
    assert_eq!(
        ask(daemon, "SELECT count(*) FROM payments"),
        1 + i64::try_from(kept).unwrap()
    );

    let (status, readiness) = daemon.readiness().await;
    assert_eq!(
        (status, &readiness["not_ready"][0]["part"]),
        (503, &json!("store"))
    );
    let reason = readiness["not_ready"][0]["reason"].as_str().expect("a reason");
    assert!(
        reason.contains("nothing can be recorded") && reason.contains("by itself"),
        "{reason}"
    );
    for path in [
        "/healthz",
        &format!("/pay/{}", first["payment_token"].as_str().unwrap()),
    ] {
        assert_eq!(daemon.get(path, &[]).await.status, 200, "{path}");
    }
    let found = daemon.payhook_payment(key, number).await;
    assert_eq!(found["assigned_address"], first["assigned_address"]);
    let metrics = reqwest::get(daemon.metrics_url("/metrics"))
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert!(metrics.contains("payd_store_writable 0"), "{metrics}");

    // The webhook that could not be noted is not sent over and over.
    let again = |count| receiver.wait_for_matching(count, |post| post.json()["payment_id"] == number);
    let told = again(2).await;
    check_payhook(&told[1], &endpoint.secret, told[1].at_unix_s()).unwrap();
    if commands_have_room {
        // Money comes meanwhile: another process writes it down, the daemon cannot yet.
        daemon.simulate(number, "exact");
    }
    let still = ask_for_payment(daemon, key, "still").await;
    // A log that was brought into the database has some room again; a limit on its size leaves it none.
    assert!(
        still.status == 503 || (still.status == 201 && !commands_have_room),
        "{still:?}"
    );
    assert_ne!(daemon.payment(number)["status"], "paid");
    let sent = receiver.received().len() - sent_before;
    assert!(sent <= 2 * (kept + 1), "{sent} webhooks for {kept} payments");

    feed();
    wait_until("payd to be ready again", || async {
        (daemon.readiness().await.0 == 200).then_some(())
    })
    .await;
    // What was refused was not made: the same key makes it now.
    let made = ask_for_payment(daemon, key, &order).await;
    assert_eq!(
        (made.status, made.header("idempotent-replayed")),
        (201, None),
        "{made:?}"
    );
    if !commands_have_room {
        daemon.simulate(number, "exact");
    }
    daemon.wait_for_status(number, "paid").await;
    wait_until("all webhooks to be delivered", || async {
        (ask(
            daemon,
            "SELECT count(*) FROM deliveries WHERE state <> 'delivered'",
        ) == 0)
            .then_some(())
    })
    .await;
    let posts = receiver.received();
    let of_first = posts.iter().filter(|post| post.json()["payment_id"] == number);
    let events: Vec<_> = of_first
        .map(|post| post.header("x-payhook-event").unwrap())
        .collect();
    assert_eq!(
        events,
        ["payment.created", "payment.created", "payment.confirmed"]
    );
    assert_eq!(
        ask(
            daemon,
            "SELECT count(*) FROM payments WHERE external_id = 'still'"
        ),
        i64::from(still.status == 201)
    );
    let log = daemon.log();
    assert!(!log.contains("panicked"), "{log}");
    assert!(log.contains("can be written again"), "{log}");
}

/// Makes payments until there is no room for one: how many there were, and the refusal.
async fn until_refused(daemon: &Daemon, key: &Key) -> (usize, crate::harness::daemon::Reply) {
    for made in 0..ORDERS_MAX {
        let reply = ask_for_payment(daemon, key, &format!("order-{made}")).await;
        if reply.status != 201 {
            return (made, reply);
        }
    }
    panic!("there was room for {ORDERS_MAX} payments");
}

/// A small file system over a directory, for as long as this lives.
struct Mount(std::path::PathBuf);

impl Mount {
    fn over(directory: &Path) -> Option<Self> {
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=6m,mode=0700", "tmpfs"])
            .arg(directory)
            .output();
        mounted
            .is_ok_and(|done| done.status.success())
            .then(|| Self(directory.to_owned()))
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(&self.0).status();
    }
}
