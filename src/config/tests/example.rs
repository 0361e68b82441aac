//! The example configuration is complete, true, and works.

use super::*;
use toml::de::DeValue;

const EXAMPLE: &str = include_str!("../../../config.example.toml");

/// The example with all its commented settings switched on; `# ` with a space is prose.
pub(super) fn uncommented() -> String {
    let lines = EXAMPLE.lines().map(|line| match line.strip_prefix('#') {
        Some(setting) if !setting.is_empty() && !setting.starts_with(' ') => setting,
        _ => line,
    });
    lines.collect::<Vec<_>>().join("\n")
}

pub(super) fn keys(name: &str) -> Option<String> {
    let known = [
        "ETHEREUM_NODE_KEY",
        "ETHEREUM_NODE_TOKEN",
        "TRON_KEY",
        "BITCOIND_PASSWORD",
        "RATES_KEY",
        "RATES_TOKEN",
    ];
    known.contains(&name).then(|| "k3y".to_owned())
}

#[test]
fn the_example_states_the_defaults() {
    let example = read_text("config.example.toml", EXAMPLE, &nothing).unwrap();
    let defaults = load(None, nothing).unwrap();
    assert_eq!(format!("{example:#?}"), format!("{defaults:#?}"));
}

#[test]
fn the_example_states_the_defaults_of_live_networks() {
    let networks = networks::BUILT_IN;
    let providers: String = networks
        .iter()
        .map(|network| {
            format!(
                "\n[[networks.{}.providers]]\nurl = \"http://127.0.0.1:1\"",
                network.slug
            )
        })
        .collect();
    let example = read(&format!("{EXAMPLE}{providers}")).unwrap();
    let defaults = read(&providers).unwrap();
    assert_eq!(example.networks.len(), networks.len());
    assert_eq!(
        format!("{:#?}", example.networks),
        format!("{:#?}", defaults.networks)
    );
}

#[test]
fn what_the_example_has_commented_out_works_and_names_two_providers_a_chain() {
    let text = uncommented();
    let settings = read_text("config.example.toml", &text, &keys).unwrap();
    let slugs: BTreeSet<&str> = settings.networks.iter().map(|live| &*live.network.slug).collect();
    let built_in = networks::BUILT_IN.iter().map(|network| network.slug);
    assert_eq!(slugs, built_in.chain(["sepolia"]).collect());
    for live in &settings.networks {
        assert!(live.providers.len() >= 2, "{}", live.network.slug);
        assert_eq!(live.quorum, 2);
    }
}

#[test]
fn the_example_has_every_setting_there_is_and_no_other() {
    let text = uncommented();
    let document = Document::new("config.example.toml".to_owned(), &text, &keys);
    assert!(read_document(&document).is_some());
    let asked = document.asked();
    let mut stated = BTreeSet::new();
    let table = document.parse().unwrap();
    collect(&DeValue::Table(table), "", &mut stated);
    assert_eq!(stated, asked);
}

#[test]
fn the_summary_has_every_setting() {
    let text = uncommented();
    let document = Document::new("config.example.toml".to_owned(), &text, &keys);
    let settings = read_document(&document).unwrap();
    let shown: BTreeSet<String> = settings.summary().into_iter().map(|(name, _)| name).collect();
    for name in document.asked() {
        let elsewhere = name.starts_with("networks") || name.starts_with("rates") || !name.contains('.');
        assert!(elsewhere || shown.contains(&name), "{name} is not in the summary");
    }
    for name in [
        "networks.bsc",
        "networks.tron",
        "networks.sepolia",
        "rates.fixed.usd.USDT",
    ] {
        assert!(shown.contains(name), "{name} is not in the summary");
    }
}

/// The full names of all keys, with `*` for those that the merchant chooses.
fn collect(value: &DeValue<'_>, path: &str, names: &mut BTreeSet<String>) {
    match value {
        DeValue::Table(table) => {
            for (key, value) in table {
                let chosen = matches!(
                    path,
                    "networks" | "networks.*.tokens" | "networks.*.providers.headers" | "rates.own.headers"
                ) || path.starts_with("rates.fixed")
                    || path.starts_with("rates.test");
                let key: &str = if chosen { "*" } else { key.get_ref() };
                let path = if path.is_empty() {
                    key.to_owned()
                } else {
                    format!("{path}.{key}")
                };
                // Sections with a chosen name are no setting; a text with one is.
                if !(chosen && value.get_ref().is_table()) {
                    names.insert(path.clone());
                }
                collect(value.get_ref(), &path, names);
            }
        }
        DeValue::Array(items) => items.iter().for_each(|item| collect(item.get_ref(), path, names)),
        _ => {}
    }
}

#[test]
fn every_setting_in_the_example_has_a_line_of_why_before_its_first_use() {
    let mut explained = BTreeSet::new();
    let mut after_prose = false;
    for line in EXAMPLE.lines() {
        let setting = line.trim_start_matches('#');
        let key = setting.split_once(" = ").map(|(key, _)| key);
        match key {
            Some(key) if !line.starts_with("# ") && !key.starts_with(|c: char| c.is_ascii_uppercase()) => {
                let repeated = [
                    "decimals",
                    "quote_decimals",
                    "final_depth",
                    "block_time_ms",
                    "url",
                ]
                .contains(&key);
                assert!(
                    after_prose || repeated || explained.contains(key),
                    "{key} is not explained"
                );
                explained.insert(key.to_owned());
                after_prose = false;
            }
            _ => after_prose = line.starts_with("# "),
        }
    }
    assert!(explained.len() > 30, "{explained:?}");
}

#[test]
fn an_unknown_setting_is_refused_in_every_section_of_the_example() {
    let text = uncommented();
    let headings: Vec<usize> = text
        .lines()
        .enumerate()
        .filter(|(_, line)| line.starts_with('['))
        .map(|(position, _)| position)
        .collect();
    assert!(headings.len() > 15);
    for heading in headings {
        let lines: Vec<&str> = text
            .lines()
            .enumerate()
            .flat_map(|(position, line)| {
                let stray = (position == heading).then_some("stray = \"1\"");
                std::iter::once(line).chain(stray)
            })
            .collect();
        let found = problems_with(&lines.join("\n"), &keys);
        let place = format!("payd.toml:{}:1: ", heading + 2);
        assert_eq!(found.len(), 1, "{}: {found:?}", lines[heading]);
        assert!(found[0].starts_with(&place), "{}: {found:?}", lines[heading]);
        assert!(found[0].contains("`stray`"), "{}: {found:?}", lines[heading]);
    }
}
