//! What receivers ask for, and where they are said to be: waits without a bound, damaged URLs.

use std::time::Duration;

use super::guard;
use super::schedule::wait_after;
use crate::ambient::SystemRandom;
use crate::mutation::{bounded, run};

#[test]
fn no_wait_that_is_asked_for_leaves_a_delivery_without_an_end() {
    run("outbox::schedule", 3000, |from| {
        let waits: Vec<Duration> = (0..from.below(12))
            .map(|_| Duration::from_secs(from.next() >> from.below(64)))
            .collect();
        let asked = (!from.once_in(3)).then(|| Duration::from_secs(from.next() >> from.below(64)));
        let sent = (1..).take_while(|attempts| wait_after(*attempts, &waits, asked, &SystemRandom).is_some());
        assert_eq!(sent.count(), waits.len());
        if let Some(wait) = wait_after(1, &[Duration::from_secs(60)], asked, &SystemRandom) {
            assert!(
                wait <= Duration::from_secs(8 * 24 * 60 * 60),
                "asked for {asked:?}"
            );
        }
    });
}

#[test]
fn a_damaged_url_of_an_endpoint_never_leads_to_what_is_refused() {
    const URLS: &[&str] = &[
        "https://shop.example/hook?x=1#y",
        "http://127.0.0.1:8000/hook",
        "http://[::1]:8000/",
        "http://169.254.169.254/latest/meta-data",
        "http://[fd00:ec2::254]/",
        "http://user:pass@shop.example/",
        "http://0x7f.1/",
        "http://2852039166/",
        "http://[::ffff:169.254.169.254]/",
    ];
    run("outbox::url", 4000, |from| {
        let text = from.foul_text(URLS);
        let allow_private = from.once_in(2);
        if let Ok(url) = bounded(text.len(), 64, || guard::check_url(&text, allow_private)) {
            assert!(matches!(url.scheme(), "http" | "https"), "{text}");
            let ip = match url.host() {
                Some(url::Host::Ipv4(ip)) => Some(ip),
                Some(url::Host::Ipv6(ip)) => ip.to_ipv4(),
                Some(url::Host::Domain(_)) | None => None,
            };
            assert!(!ip.is_some_and(|ip| ip.is_link_local()), "{text} leads to {url}");
            // What is escaped is longer, and may be too long then.
            let again = guard::check_url(url.as_str(), allow_private);
            assert!(again.is_ok() || url.as_str().len() > text.len(), "{text}");
        }
    });
}
