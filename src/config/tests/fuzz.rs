//! Damaged configuration files and variables: refused in words, never a panic, and never half taken.

use std::sync::LazyLock;

use super::*;
use crate::mutation::{Mutator, bounded, run};

static FILES: LazyLock<Vec<String>> = LazyLock::new(|| {
    let example = include_str!("../../../config.example.toml");
    // As it is, and with all that it only shows.
    let shown = example.lines().map(|line| {
        let bare = line
            .strip_prefix("# ")
            .or_else(|| line.strip_prefix('#'))
            .unwrap_or(line);
        if bare.starts_with('[') || bare.contains(" = ") {
            bare
        } else {
            line
        }
    });
    let networks = "[networks.bsc]\nconfirmations = \"0=1,100=15\"\n\
                    [[networks.bsc.providers]]\nurl = \"https://bsc.example/KEY\"\nheaders = { x-api-key = \"k\" }\n\
                    [[networks.bsc.providers]]\nurl = \"https://other.example\"\n\
                    [networks.bsc.tokens.usdt]\nenabled = false\n\
                    [networks.polygon]\nkind = \"evm\"\nchain_id = 137\nname = \"Polygon\"\nsymbol = \"POL\"\nblock_time_ms = 2000\n";
    vec![
        example.to_owned(),
        shown.collect::<Vec<_>>().join("\n"),
        networks.to_owned(),
    ]
});

#[test]
fn a_damaged_file_is_refused_in_words_or_read_the_same_twice() {
    run("config::file", 600, |from| {
        let text = from.foul_text(&FILES);
        let read = bounded(text.len(), 256, || read(&text));
        match (read, super::read(&text)) {
            (Ok(one), Ok(two)) => assert_eq!(format!("{:?}", one.server), format!("{:?}", two.server)),
            (Err(one), Err(two)) => assert_eq!(one.to_string(), two.to_string()),
            (one, two) => panic!("{} and {}", one.is_ok(), two.is_ok()),
        }
    });
}

#[test]
fn a_damaged_file_of_networks_is_refused_in_words() {
    run("config::networks", 600, |from| {
        let file = |text: String| FileText {
            name: "networks.toml".to_owned(),
            text,
        };
        let operators = file(if from.once_in(2) {
            String::new()
        } else {
            FILES[2].clone()
        });
        let networks = file(from.foul_text(&FILES[2..]));
        let read = bounded(networks.text.len(), 512, || {
            settings(&operators, Some(&networks), |_| None)
        });
        // Damage may move a piece of a URL into another setting, where nothing tells that it is one.
        let is_in_urls = |line: &str| !line.contains("/KEY") || line.contains("://");
        if let Err(error) = read
            && networks.text.lines().all(is_in_urls)
        {
            // Who signs in may read what is wrong, and not the keys that stand there.
            assert!(!error.to_string().contains("/KEY"), "{error}");
        }
    });
}

#[test]
fn damaged_variables_of_the_environment_are_refused_in_words() {
    const VALUES: &[&str] = &[
        "127.0.0.1:8420",
        "https://pay.example.com",
        "30s",
        "64 KiB",
        "true",
        "8",
        "off",
        "10.0.0.0/8",
        "usd",
    ];
    run("config::environment", 600, |from| {
        let seed = from.next();
        // Every variable that is asked for is there, each with its own value.
        let value = |name: &str| {
            let mut from = Mutator::of(
                name.bytes()
                    .fold(seed, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into())),
            );
            from.once_in(3).then(|| from.foul_text(VALUES))
        };
        let given = std::cell::Cell::new(1024);
        let weighed = |name: &str| value(name).inspect(|text| given.set(given.get() + text.len()));
        drop(read_text("payd.toml", "", &weighed));
        bounded(given.get(), 1024, || drop(read_text("payd.toml", "", &value)));
    });
}
