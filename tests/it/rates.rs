//! Exchange rates over real HTTP: two sources of the merchant's own, asked by the real daemon.

use serde_json::{Value, json};

use crate::harness::anvil::{Anvil, Mining};
use crate::harness::daemon::{Daemon, Key, Reply};
use crate::harness::receiver::{Behaviour, Receiver};
use crate::harness::wait_until;

const ADDRESSES: &[&str] = &[
    "0x742d35Cc6634C0532925a3b844Bc454e4438f44e",
    "0x52908400098527886E0F7030069857D2E4169EE7",
    "0x8617E340B3D01FA5F11F306F4090FD50E238070D",
];

/// A daemon with a live network on a node of the test's own, and two sources of rates.
struct Bench {
    daemon: Daemon,
    sources: [Receiver; 2],
    key: Key,
    _node: Anvil,
}

impl Bench {
    async fn start() -> Self {
        let node = Anvil::start(56, Mining::OnDemand).await;
        node.mine(3).await;
        let usdt = node.deploy_token("USDT", 18).await;
        let sources = [Receiver::start().await, Receiver::start().await];
        let own = |name: &str, source: &Receiver| {
            format!(
                "[[rates.own]]\nname = \"{name}\"\nurl = \"{}\"\npointer = \"/{{symbol}}/{{fiat_lower}}\"\n\
                 symbols = [\"USDT\", \"USD\"]\nfiats = [\"USD\", \"EUR\", \"JPY\"]\nheaders = {{ x-key = \"0123456789abcdef\" }}\n",
                source.url("/rates")
            )
        };
        let config = format!(
            "[rates]\nsources = []\n{}{}[networks.bsc]\nverify = \"none\"\n\
             [networks.bsc.tokens.usdt]\ncontract = \"{}\"\ndecimals = 18\n\
             [networks.bsc.tokens.usdc]\nenabled = false\n[networks.bsc.tokens.busd]\nenabled = false\n\
             [[networks.bsc.providers]]\nurl = \"{}\"\n",
            own("desk", &sources[0]),
            own("bank", &sources[1]),
            usdt.address,
            node.url()
        );
        let daemon = Daemon::start(&config).await;
        daemon.add_store("shop", "payhook");
        daemon.add_addresses("shop", "bsc", ADDRESSES);
        let key = daemon.add_key("shop", "live");
        Self {
            daemon,
            sources,
            key,
            _node: node,
        }
    }

    fn say(&self, index: usize, rates: &Value) {
        self.sources[index].always(Behaviour::Page("application/json", rates.to_string()));
    }

    async fn create(&self) -> Reply {
        let body = json!({ "amount_usd_cents": 5000, "network": "bsc", "currency": "usdt" });
        self.daemon
            .post("/api/v1/payments/", &[("x-api-key", &self.key.api_key)], &body)
            .await
    }

    fn create_in(&self, fiat: &str, amount: &str) -> Value {
        let what = [
            "--fiat",
            fiat,
            "--network",
            "bsc",
            "--currency",
            "usdt",
            "--mode",
            "live",
        ];
        self.daemon.cli_json(
            &[
                &["payment", "create", "--store", "shop", "--amount", amount],
                &what[..],
            ]
            .concat(),
        )
    }
}

#[tokio::test]
async fn a_live_payment_is_quoted_by_two_sources_and_refused_when_one_is_lost() {
    let bench = Bench::start().await;
    assert_eq!(
        bench.sources[0].received().len(),
        0,
        "nobody asked for a rate yet"
    );
    bench.say(
        0,
        &json!({ "USDT": { "usd": "0.9990", "eur": 0.92, "jpy": 150.5 } }),
    );
    bench.say(
        1,
        &json!({ "USDT": { "usd": 1.001, "eur": "0.921" }, "USD": { "jpy": 150 } }),
    );
    bench.daemon.cli(&["store", "set", "shop", "--markup-bps", "50"]);

    let made = bench.create().await;
    assert_eq!(made.status, 201, "{made:?}");
    let number = made.json()["payment_number"].as_str().unwrap().to_owned();
    let shown = bench.daemon.payment(&number);
    assert_eq!(shown["rate"], "1");
    assert_eq!(
        shown["rate_source"],
        "median of desk 0.999, bank 1.001; markup 50 bps"
    );
    assert_eq!(shown["due"], "50.250000", "{shown}");
    let asked = bench.sources[0].received();
    assert_eq!(asked[0].header("x-key"), Some("0123456789abcdef"));
}

// The commands block their thread while they ask the sources, which answer from another.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn prices_in_other_currencies_are_quoted_and_shown_with_their_sources() {
    let bench = Bench::start().await;
    bench.say(
        0,
        &json!({ "USDT": { "usd": "1.0000", "eur": 0.92 }, "USD": { "jpy": "150.00" } }),
    );
    bench.say(
        1,
        &json!({ "USDT": { "usd": 1.0000, "eur": "0.921" }, "USD": { "jpy": 151 } }),
    );
    let euros = bench.create_in("EUR", "46.03");
    assert_eq!(euros["due"], "50.005432", "{euros}");
    assert_eq!(euros["rate_source"], "median of desk 0.92, bank 0.921");
    let yen = bench.create_in("JPY", "7525");
    assert_eq!(yen["due"], "50.000000", "{yen}");
    assert_eq!(
        yen["rate_source"],
        "median of desk 1, bank 1 USD; USD by median of desk 150, bank 151"
    );
    let rates = bench
        .daemon
        .try_cli(&["rates", "--symbol", "USDT", "--fiat", "JPY"]);
    let text = String::from_utf8(rates.stdout).unwrap();
    assert!(rates.status.success() && text.contains("USD/JPY"), "{text}");
}

#[tokio::test]
async fn a_source_that_breaks_is_refused_by_name_and_counted() {
    let bench = Bench::start().await;
    bench.say(0, &json!({ "USDT": { "usd": "1.0000" } }));
    bench.sources[1].always(Behaviour::Page("text/html", "<html>1.0</html>".to_owned()));
    let refused = bench.create().await;
    assert_eq!(refused.status, 503, "{refused:?}");
    assert_eq!(refused.json()["code"], "rate_unavailable");
    let message = refused.json()["error"].as_str().unwrap().to_owned();
    assert!(
        message.contains("only desk has a fresh rate of USDT in USD"),
        "{message}"
    );
    let metrics = wait_until("the failure in the metrics", || async {
        let text = reqwest::get(bench.daemon.metrics_url("/metrics"))
            .await
            .ok()?
            .text()
            .await
            .ok()?;
        text.contains("payd_rate_failures_total").then_some(text)
    })
    .await;
    assert!(
        metrics.contains("payd_rate_failures_total{source=\"bank\"} 1"),
        "{metrics}"
    );
    assert!(!bench.daemon.log().contains("0123456789abcdef"));
    bench
        .daemon
        .cli(&["store", "rate", "set", "--store", "shop", "USDT", "USD", "1.25"]);
    let made = bench.create().await;
    assert_eq!(made.status, 201, "{made:?}");
    let number = made.json()["payment_number"].as_str().unwrap().to_owned();
    assert_eq!(bench.daemon.payment(&number)["due"], "40.000000");
}
