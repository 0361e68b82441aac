//! The dashboard's file of networks beside the operator's: which goes before, what it may say, how it is written.

use super::*;
use crate::config::networks_file::{self, Chosen, Edit};
use crate::config::proposals::PROPOSALS;
use crate::config::settings::Source;

const TWO: &str = "
[networks.bsc]
confirmations = 7
[[networks.bsc.providers]]
url = \"https://a.example.com/k3y\"
[[networks.bsc.providers]]
url = \"https://b.example.com\"
[networks.bsc.tokens.busd]
enabled = false
";

fn both(operators: &str, networks: &str) -> Result<Settings, Vec<String>> {
    let file = |name: &str, text: &str| FileText {
        name: name.to_owned(),
        text: text.to_owned(),
    };
    let environment = |name: &str| (name == "KEY").then(|| "s3cret".to_owned());
    let read = settings(
        &file("payd.toml", operators),
        Some(&file("networks.toml", networks)),
        environment,
    );
    read.map_err(|error| match error {
        ConfigError::Invalid(problems) => problems.iter().map(ToString::to_string).collect(),
        other => vec![other.to_string()],
    })
}

fn id(slug: &str) -> NetworkId {
    NetworkId::parse(slug).unwrap()
}

#[test]
fn what_the_dashboard_switches_on_is_read_beside_what_the_operator_says_of_it() {
    let settings = both("[networks.bsc]\npoll_ms = 5000\n", TWO).unwrap();
    let [live] = &settings.networks[..] else {
        panic!("{:?}", settings.networks)
    };
    assert_eq!(live.providers[0].url().as_str(), "https://a.example.com/k3y");
    assert_eq!((live.quorum, live.poll.as_millis()), (2, 5000));
    assert_eq!(live.network.confirmations.highest(), 7);
    let tokens: Vec<&str> = live.tokens.iter().map(|asset| asset.currency.as_str()).collect();
    assert_eq!(tokens, ["usdc", "usdt"]);
    assert_eq!(settings.source(&id("bsc")), Some(Source::Dashboard));
    assert_eq!(settings.source(&id("tron")), None);
}

#[test]
fn a_network_with_providers_in_the_operators_file_or_switched_off_there_is_theirs_as_a_whole() {
    let theirs = "[[networks.bsc.providers]]\nurl = \"https://own.example.com\"\n";
    let settings = both(theirs, TWO).unwrap();
    let [live] = &settings.networks[..] else {
        panic!("{:?}", settings.networks)
    };
    assert_eq!((live.providers.len(), live.tokens.len()), (1, 3));
    assert_eq!(live.network.confirmations.highest(), 15);
    assert_eq!(settings.source(&id("bsc")), Some(Source::File));

    let settings = both("[networks.bsc]\nenabled = false\n", TWO).unwrap();
    assert!(settings.networks.is_empty());
    assert_eq!(settings.source(&id("bsc")), Some(Source::File));
}

#[test]
fn a_chain_of_the_operators_own_can_be_switched_on_in_the_dashboard() {
    let chain = "[networks.mine]\nkind = \"evm\"\nchain_id = 4242\nname = \"Mine\"\nsymbol = \"MINE\"\n\
                 confirmations = 3\nblock_time_ms = 2000\n";
    let settings = both(
        chain,
        "[[networks.mine.providers]]\nurl = \"http://127.0.0.1:8545\"\n",
    )
    .unwrap();
    assert_eq!(&*settings.networks[0].network.slug, "mine");
}

#[test]
fn what_is_wrong_is_refused_with_its_file_and_line_and_without_its_keys() {
    for (text, told) in [
        (
            "[networks.bcs]\n",
            "networks.toml:1:11: unknown network `bcs`; did you mean `bsc`?; or put it back into the configuration file",
        ),
        (
            "[networks.bsc]\nconfirmations = 3\n",
            "networks.toml:1:11: `networks.bsc` names no providers; add some, or remove it",
        ),
        (
            "[[networks.bsc.providers]]\nurl = \"ftp://h/s3cret\"\n",
            "networks.toml:2:7: `networks.bsc.providers.url` must begin with https:// or http://",
        ),
        (
            "[[networks.tron.providers]]\nurl = \"https://h\"\n[networks.tron.tokens.doge]\nenabled = false\n",
            "networks.toml:3:23: TRON has no token `doge`",
        ),
        (
            "[server]\nlisten = \"0.0.0.0:1\"\n",
            "networks.toml:1:2: unknown setting `server` at the top; known here: networks",
        ),
        (
            "[networks.bsc]\nfinal_depth = 3\n[[networks.bsc.providers]]\nurl = \"https://h\"\n",
            "networks.toml:2:1: unknown setting `final_depth` in [networks.bsc]; known here: confirmations, providers, tokens",
        ),
    ] {
        assert_eq!(both("", text).unwrap_err(), [told]);
    }
}

#[test]
fn the_environment_is_not_for_who_signs_in() {
    let text = "[[networks.bsc.providers]]\nurl = \"https://evil.example/${KEY}\"\n";
    let told = both("", text).unwrap_err();
    assert!(told[0].contains("needs the environment variable KEY"), "{told:?}");
    assert!(!told[0].contains("s3cret"));
}

#[test]
fn more_providers_than_the_dashboard_names_may_be_asked_for_in_the_operators_file() {
    let told = both("[networks.bsc]\nquorum = 3\n", TWO).unwrap_err();
    assert!(
        told[0].starts_with("networks.toml:2:11: `networks.bsc` names 2 providers"),
        "{told:?}"
    );
}

#[test]
fn the_file_is_written_whole_for_this_user_alone_and_read_back_as_it_was_meant() {
    use std::os::unix::fs::PermissionsExt as _;

    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("networks.toml");
    assert_eq!(networks_file::read(&path).unwrap(), None);
    let mut edit = Edit::of(None).unwrap();
    let new = |url: &str| Chosen::New {
        url: url.to_owned(),
        kind: String::new(),
        headers: vec![("x-key".to_owned(), "a \"quoted\" s3cret\\".to_owned())],
    };
    let busd = Currency::parse("busd").unwrap();
    edit.switch_on(
        "bsc",
        &[new("https://a.example.com/k3y?x=\"1\"")],
        "0=1,100=4",
        &[busd],
    );
    networks_file::write(&path, edit.text().as_deref()).unwrap();
    let mode = std::fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);

    let file = networks_file::read(&path).unwrap().unwrap();
    assert!(!format!("{file:?}").contains("k3y"));
    let first = both("", &file.text).unwrap();
    assert_eq!(
        first.networks[0].providers[0].headers()[0].1,
        "a \"quoted\" s3cret\\"
    );
    assert_eq!(first.networks[0].network.confirmations.to_string(), "0=1,100=4");

    // What is kept keeps its keys, though nobody typed them again.
    let mut edit = Edit::of(Some(&file)).unwrap();
    assert_eq!(edit.hosts("bsc"), ["a.example.com"]);
    edit.switch_on(
        "bsc",
        &[
            Chosen::Kept("a.example.com".to_owned()),
            new("https://b.example.com"),
        ],
        "9",
        &[],
    );
    networks_file::write(&path, edit.text().as_deref()).unwrap();
    let file = networks_file::read(&path).unwrap().unwrap();
    let second = both("", &file.text).unwrap();
    assert_eq!(second.networks[0].providers[0], first.networks[0].providers[0]);
    assert_eq!(second.networks[0].providers.len(), 2);

    let mut edit = Edit::of(Some(&file)).unwrap();
    edit.switch_off("bsc");
    networks_file::write(&path, edit.text().as_deref()).unwrap();
    assert_eq!(networks_file::read(&path).unwrap(), None);
    networks_file::write(&path, None).unwrap();
    assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 0);
}

#[test]
fn what_is_proposed_is_good_and_stands_in_the_example() {
    let mut text = String::new();
    for proposal in PROPOSALS {
        text.push_str(&format!(
            "[[networks.{}.providers]]\nurl = \"{}\"\nkind = \"{}\"\n",
            proposal.network, proposal.url, proposal.kind
        ));
    }
    // Nodes say their kind only where there are others.
    let text = text.replace("kind = \"node\"\n", "");
    let proposed = both("", &text).unwrap();
    assert_eq!(proposed.networks.len(), networks::BUILT_IN.len());
    let example = super::example::uncommented();
    let example = read_text("config.example.toml", &example, &super::example::keys).unwrap();
    for live in &proposed.networks {
        let of_example = example
            .networks
            .iter()
            .find(|other| other.network.id == live.network.id);
        let of_example = &of_example.unwrap().providers;
        let known = |provider: &&crate::config::settings::Provider| {
            of_example
                .iter()
                .any(|other| (other.url(), other.kind()) == (provider.url(), provider.kind()))
        };
        assert!(
            live.providers.iter().all(|provider| known(&provider)),
            "{}",
            live.network.id
        );
        let operators: BTreeSet<&str> = PROPOSALS
            .iter()
            .filter(|proposal| proposal.network == &*live.network.slug)
            .take(2)
            .map(|proposal| proposal.operator)
            .collect();
        assert_eq!(operators.len(), 2, "{}", live.network.id);
    }
    // And nobody is named there who is not proposed, but for examples of one's own.
    for live in &example.networks {
        for provider in &live.providers {
            let host = provider.host();
            let is_own =
                host.ends_with("example.com") || host.starts_with("127.") || &*live.network.slug == "sepolia";
            let is_proposed = PROPOSALS.iter().any(|proposal| {
                proposal.network == &*live.network.slug
                    && proposal.url.trim_end_matches('/') == provider.url().as_str().trim_end_matches('/')
            });
            assert!(is_own || is_proposed, "{host}");
        }
    }
}

#[test]
fn only_who_knows_what_the_file_says_now_may_change_it_and_what_killed_writers_left_is_cleared_away() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("networks.toml");
    let replaced = |former, text| networks_file::replace(&path, former, text).unwrap();
    assert!(!replaced(Some("a"), Some("b")) && replaced(None, Some("a")) && !replaced(None, None));
    assert!(!replaced(Some("b"), None) && replaced(Some("a"), Some("b")));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "b");
    let (left, kept) = (path.with_extension("toml.77"), path.with_extension("toml.bak"));
    std::fs::write(&left, "a key").unwrap();
    std::fs::write(&kept, "the operator's").unwrap();
    networks_file::clear_leftovers(&path);
    assert!(!left.exists() && kept.exists() && path.exists());
}
