//! `payd network`: the file it writes, what it shows, what it refuses.

use super::*;
use crate::cli::network;

impl Shell {
    fn networks_file(&self) -> String {
        let file = self.directory.path().join("data/networks.toml");
        std::fs::read_to_string(file).unwrap_or_default()
    }

    async fn network(&self, arguments: &[&str]) -> anyhow::Result<Output> {
        let arguments = [&["payd", "network"], arguments].concat();
        let Command::Network(command) = Cli::try_parse_from(arguments)?.command else {
            unreachable!()
        };
        let session = Session::open(&self.globals())?;
        let output = network::run(&session, command).await;
        session.close().await;
        output
    }

    async fn listed(&self, slug: &str) -> Value {
        let list = self.network(&["list"]).await.unwrap();
        assert!(!list.json.to_string().contains("s3cret") && !list.text.contains("s3cret"));
        let all = list.json["networks"].as_array().unwrap().clone();
        all.into_iter()
            .find(|network| network["network"] == slug)
            .unwrap()
    }
}

#[tokio::test]
async fn a_network_is_switched_on_and_off_without_its_keys_being_shown() {
    let shell = Shell::new();
    assert_eq!(shell.listed("bsc").await["source"], "off");
    let url = "https://a.example.com/v2/s3cret";
    let on = [
        "on",
        "bsc",
        "--provider",
        url,
        "--confirmations",
        "9",
        "--without",
        "BUSD",
    ];
    let done = shell.network(&on).await.unwrap();
    assert_eq!(done.json["is_on"], true);
    assert!(shell.networks_file().contains(url));
    let bsc = shell.listed("bsc").await;
    assert_eq!(bsc["providers"][0]["host"], "a.example.com");
    assert_eq!(
        (&bsc["source"], &bsc["is_on"]),
        (&"dashboard".into(), &true.into())
    );
    assert_eq!(bsc["tokens_off"], serde_json::json!(["busd"]));

    // Another is added with a key of its own, and the first keeps its.
    let more = [
        "on",
        "bsc",
        "--keep",
        "--provider",
        "https://b.example.com",
        "--header",
        "x-key: s3cret2",
    ];
    shell.network(&more).await.unwrap();
    let file = shell.networks_file();
    assert!(file.contains(url) && file.contains("s3cret2"), "{file}");
    assert_eq!(
        shell.listed("bsc").await["providers"].as_array().unwrap().len(),
        2
    );

    let log = shell.try_run(&["audit-log"]).await.unwrap();
    assert!(
        !log.json.to_string().contains("s3cret") && log.text.contains("network.on"),
        "{}",
        log.text
    );
    assert!(
        log.text.contains("providers: a.example.com, b.example.com"),
        "{}",
        log.text
    );

    shell.network(&["off", "bsc"]).await.unwrap();
    assert_eq!(shell.networks_file(), "");
    assert_eq!(shell.listed("bsc").await["is_on"], false);
}

#[tokio::test]
async fn without_a_provider_the_public_ones_are_taken_by_their_kinds() {
    let shell = Shell::new();
    shell.network(&["on", "bitcoin"]).await.unwrap();
    let bitcoin = shell.listed("bitcoin").await;
    assert_eq!(bitcoin["providers"][0]["host"], "blockstream.info");
    assert_eq!(bitcoin["providers"][0]["kind"], "esplora");
    let own = [
        "on",
        "litecoin",
        "--provider",
        "esplora:https://own.example.com/api",
    ];
    shell.network(&own).await.unwrap();
    assert_eq!(shell.listed("litecoin").await["providers"][0]["kind"], "esplora");
}

#[tokio::test]
async fn what_cannot_be_is_refused_and_the_file_stays_as_it_was() {
    let shell = Shell::new();
    shell
        .network(&["on", "tron", "--provider", "https://a.example.com"])
        .await
        .unwrap();
    let before = shell.networks_file();
    for (arguments, told) in [
        (
            &["on", "bsc", "--provider", "ftp://h/s3cret"][..],
            "provider 1: must begin with https:// or http://",
        ),
        (
            &["on", "bsc", "--provider", "https://evil.example/${PATH}"],
            "needs the environment variable PATH",
        ),
        (
            &[
                "on",
                "bsc",
                "--provider",
                "https://a.example/1",
                "--provider",
                "https://a.example/2",
            ],
            "provider 2: a.example is named twice",
        ),
        (
            &["on", "bsc", "--confirmations", "100000"],
            "confirmations: BNB Smart Chain takes 1 to 239 blocks",
        ),
        (&["on", "bsc", "--confirmations", "nine"], "confirmations: "),
        (
            &["on", "bsc", "--without", "doge"],
            "BNB Smart Chain has no token `doge`",
        ),
        (&["on", "bcs"], "did you mean `bsc`?"),
        (
            &[
                "on",
                "bsc",
                "--provider",
                "https://a.example",
                "--provider",
                "https://b.example",
                "--header",
                "k: v",
            ],
            "a header goes to one provider",
        ),
    ] {
        let refused = shell
            .network(arguments)
            .await
            .err()
            .map(|error| format!("{error:#}"));
        let refused = refused.unwrap_or_else(|| panic!("{arguments:?} was taken"));
        assert!(refused.contains(told), "{arguments:?}: {refused}");
        assert!(!refused.contains("s3cret"), "{refused}");
        assert_eq!(shell.networks_file(), before);
    }
}

#[tokio::test]
async fn the_operators_file_goes_before_and_is_not_written_over() {
    let shell = Shell::new();
    shell
        .network(&["on", "bsc", "--provider", "https://a.example.com"])
        .await
        .unwrap();
    let config = "[[networks.bsc.providers]]\nurl = \"https://own.example.com/s3cret\"\n";
    std::fs::write(shell.globals().config.unwrap(), config).unwrap();
    let bsc = shell.listed("bsc").await;
    assert_eq!(
        (&bsc["source"], &bsc["providers"][0]["host"]),
        (&"file".into(), &"own.example.com".into())
    );
    for arguments in [&["on", "bsc"][..], &["off", "bsc"]] {
        let refused = shell.network(arguments).await.err().unwrap().to_string();
        assert!(
            refused.contains("bsc is set in the configuration file"),
            "{refused}"
        );
    }
    let all = shell.network(&["list"]).await.unwrap();
    assert!(all.text.contains("configuration"), "{}", all.text);
}

#[tokio::test]
async fn a_wrong_file_of_networks_is_refused_with_its_line() {
    let shell = Shell::new();
    shell
        .network(&["on", "bsc", "--provider", "https://a.example.com"])
        .await
        .unwrap();
    let file = shell.directory.path().join("data/networks.toml");
    std::fs::write(&file, "[networks.bsc]\nprovider = 1\n").unwrap();
    let refused = shell.network(&["list"]).await.err().unwrap().to_string();
    assert!(
        refused.contains(&format!("{}:2:1: unknown setting `provider`", file.display())),
        "{refused}"
    );
}
