//! `payd doctor`: looks at everything that has to be right, and says of each thing that is not what to do about it.
//! Changes nothing, but for what every command does: a database of an older payd is brought up to date.

mod providers;

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};

use super::args::Globals;
use super::output::{self, Output, Rows};
use super::session::Place;
use super::wiring;
use crate::ambient::{Clock as _, SystemClock, SystemRandom};
use crate::chain::ProviderReport;
use crate::domain::ids::PaymentId;
use crate::domain::network::NetworkId;
use crate::domain::time::UnixMillis;
use crate::store::{Database, Options, StoreError, blocks, deliveries, examine, payments};

/// No clock that is right shows an earlier time: 2026-01-01.
const CLOCK_MIN: UnixMillis = UnixMillis::from_seconds(1_767_225_600);
/// How far the newest record may lie ahead of the clock.
const AHEAD_MAX: Duration = Duration::from_secs(120);
/// How old the latest block read of a live network may be, at the least, before it is pointed out; where blocks are
/// rare, twenty times the time between two.
const CURSOR_AGE_MIN: Duration = Duration::from_secs(600);

crate::domain::vocabulary! {
    /// How bad a finding is.
    Level, "level" {
        /// As it should be.
        Ok = "ok",
        /// A person should know.
        Warn = "warn",
        /// payd cannot do its work.
        Fail = "FAIL",
    }
}

/// What was found of one thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// How bad.
    pub level: Level,
    /// Of what.
    pub subject: String,
    /// What, and what to do.
    pub text: String,
}

fn finding(level: Level, subject: &str, text: impl Into<String>) -> Finding {
    Finding {
        level,
        subject: subject.to_owned(),
        text: text.into(),
    }
}

/// Runs the command.
///
/// # Errors
/// When the configuration cannot be read; what else is wrong is in the report.
pub async fn run(globals: &Globals) -> anyhow::Result<Output> {
    let place = Place::find(globals)?;
    let now = SystemClock.now();
    let mut findings = Vec::new();
    let file = place.config_file.as_ref().map(|file| file.display().to_string());
    let file = file.map_or("none; the defaults are in force".to_owned(), |file| {
        format!("{file} is good")
    });
    findings.push(finding(Level::Ok, "configuration", file));
    findings.extend(
        place
            .settings
            .warnings()
            .into_iter()
            .map(|text| finding(Level::Warn, "configuration", text)),
    );
    findings.push(clock(now));
    findings.extend(files(&place, now).await);
    let probed = wiring::probe(&place).await?;
    let width = comfy_table::Table::new().width().map(usize::from);
    Ok(report(&findings, &probed, now, width))
}

fn clock(now: UnixMillis) -> Finding {
    let shown = output::time(now);
    if now < CLOCK_MIN {
        let text = format!(
            "it shows {shown}, which is past; set it, best with an NTP service: payments expire by it"
        );
        return finding(Level::Fail, "clock", text);
    }
    finding(Level::Ok, "clock", format!("it shows {shown}"))
}

async fn files(place: &Place, now: UnixMillis) -> Vec<Finding> {
    let directory = place.data_dir.path();
    let Ok(metadata) = std::fs::metadata(directory) else {
        let text = format!(
            "{} is not there (or not for this user); `payd serve` makes it",
            directory.display()
        );
        return vec![finding(Level::Warn, "data directory", text)];
    };
    let options = place.store_options();
    let mut findings = vec![directory_mode(directory, metadata.permissions().mode())];
    if !options.path.exists() {
        let text = format!(
            "{} is not there yet; `payd serve` makes it",
            options.path.display()
        );
        findings.push(finding(Level::Warn, "database", text));
        return findings;
    }
    let live: Vec<(NetworkId, Duration)> = place
        .settings
        .networks
        .iter()
        .map(|live| (live.network.id.clone(), live.network.block_time))
        .collect();
    match database(&options, &live, now).await {
        Ok(found) => findings.extend(found),
        Err(error @ (StoreError::KeyFile { .. } | StoreError::WrongKey { .. })) => {
            findings.push(finding(Level::Fail, "key file", error.to_string()));
        }
        Err(error) => findings.push(finding(
            Level::Fail,
            "database",
            format!("{:#}", anyhow::Error::from(error)),
        )),
    }
    findings
}

fn directory_mode(directory: &Path, mode: u32) -> Finding {
    let shown = directory.display();
    if mode & 0o077 == 0 {
        return finding(Level::Ok, "data directory", shown.to_string());
    }
    let text = format!("{shown}: others may look into it; run `chmod 700 {shown}`");
    finding(Level::Warn, "data directory", text)
}

async fn database(
    options: &Options,
    live: &[(NetworkId, Duration)],
    now: UnixMillis,
) -> Result<Vec<Finding>, StoreError> {
    let options = Options {
        readers: 1,
        ..options.clone()
    };
    let database = Database::open(&options, &SystemRandom)?;
    let seen = database
        .read(|txn| {
            let newest = payments::page(txn, None, None, PaymentId::new(i64::MAX), 1)?.pop();
            Ok::<_, StoreError>((
                examine::examine(txn)?,
                newest,
                deliveries::count_waiting(txn)?,
                blocks::all_cursors(txn)?,
            ))
        })
        .await;
    database.close().await;
    let (faults, newest, waiting, cursors) = seen?;
    let mut findings = vec![finding(
        Level::Ok,
        "key file",
        "belongs to this database, for this user alone",
    )];
    if faults.is_empty() {
        let size = std::fs::metadata(&options.path).map_or(0, |metadata| metadata.len());
        findings.push(finding(Level::Ok, "database", format!("sound, {}", bytes(size))));
    }
    findings.extend(faults.into_iter().map(|fault| {
        let text = format!("{fault}: stop payd and restore the latest backup");
        finding(Level::Fail, "database", text)
    }));
    if let Some(newest) = newest.filter(|newest| newest.created_at > now.plus(AHEAD_MAX)) {
        let text = format!(
            "{} was made at {}, which is ahead of the clock: one of the two was wrong; set the clock",
            newest.number,
            output::time(newest.created_at)
        );
        findings.push(finding(Level::Fail, "clock", text));
    }
    let level = if waiting > 1000 { Level::Warn } else { Level::Ok };
    findings.push(finding(
        level,
        "webhooks",
        format!("{waiting} deliveries wait to be sent"),
    ));
    let (simulated, cursors): (Vec<_>, Vec<_>) = cursors
        .into_iter()
        .partition(|(network, ..)| network.as_str().starts_with("test-"));
    // They are payd's own: that they are read says that the daemon ran, and one of them says it as well as all.
    if let Some((_, _, newest)) = simulated.iter().max_by_key(|(.., block_time)| *block_time) {
        let text = format!("{} read up to {}", simulated.len(), output::time(*newest));
        findings.push(finding(Level::Ok, "simulated networks", text));
    }
    for (network, height, block_time) in cursors {
        let read = format!("read up to block {height} of {}", output::time(block_time));
        let age_max = live
            .iter()
            .find(|(id, _)| *id == network)
            .map(|(_, block_time)| block_time.saturating_mul(20).max(CURSOR_AGE_MIN));
        let is_behind = age_max.is_some_and(|most| now.since(block_time) > most);
        let (level, text) = if is_behind {
            (
                Level::Warn,
                format!("{read}, which is old: is `payd serve` running, and do the providers answer?"),
            )
        } else {
            (Level::Ok, read)
        };
        findings.push(finding(level, network.as_str(), text));
    }
    Ok(findings)
}

fn bytes(count: u64) -> String {
    for (unit, size) in [("GiB", 1u64 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)] {
        if let Some(whole @ 1..) = count.checked_div(size) {
            return format!("{whole} {unit}");
        }
    }
    format!("{count} bytes")
}

/// The whole report: findings, then the providers of each live network. Both are tables where a terminal of `width`
/// columns (`None`: as wide as needed) has room for them, else a paragraph for each.
#[must_use]
pub fn report(
    findings: &[Finding],
    probed: &[(String, Vec<ProviderReport>)],
    now: UnixMillis,
    width: Option<usize>,
) -> Output {
    let providers = providers::judged(probed, now);
    let mut text = findings_text(findings, width);
    text.push('\n');
    text.push_str(&providers::text(&providers, width));
    let is_bad = findings.iter().any(|finding| finding.level == Level::Fail)
        || probed
            .iter()
            .any(|(_, reports)| !reports.iter().any(|report| report.faults.is_empty()));
    text.push_str(if is_bad {
        "\nSomething keeps payd from working; see FAIL above.\n"
    } else {
        "\nNothing keeps payd from working.\n"
    });
    let findings: Vec<Value> = findings.iter().map(finding_json).collect();
    let providers: Vec<Value> = providers.iter().map(providers::json).collect();
    let json = json!({ "is_well": !is_bad, "findings": findings, "providers": providers });
    let mut output = Output::new(text, json);
    output.is_bad_news = is_bad;
    output
}

fn findings_text(findings: &[Finding], width: Option<usize>) -> String {
    let mut rows = Rows::new(&["", "what", "finding"]);
    for finding in findings {
        rows.push([
            finding.level.to_string(),
            finding.subject.clone(),
            finding.text.clone(),
        ]);
    }
    let table = rows.or("");
    let Some(width) = too_narrow(&table, width) else {
        return table;
    };
    findings
        .iter()
        .map(|finding| {
            let text = format!(
                "{:4}  {}: {}",
                finding.level.word(),
                finding.subject,
                finding.text
            );
            wrapped(&output::printable(&text), width, 6)
        })
        .collect()
}

/// The width, when a line of `table` is wider.
fn too_narrow(table: &str, width: Option<usize>) -> Option<usize> {
    width.filter(|width| table.lines().any(|line| line.chars().count() > *width))
}

/// `text` in lines of at most `width` columns where its words allow, all but the first indented by `indent`.
fn wrapped(text: &str, width: usize, indent: usize) -> String {
    let mut lines = String::new();
    let mut column = 0_usize;
    for (number, word) in text.split(' ').enumerate() {
        let length = word.chars().count();
        if number > 0 && column.saturating_add(1).saturating_add(length) > width {
            lines.push('\n');
            lines.push_str(&" ".repeat(indent));
            column = indent;
        } else if number > 0 {
            lines.push(' ');
            column = column.saturating_add(1);
        }
        lines.push_str(word);
        column = column.saturating_add(length);
    }
    lines.push('\n');
    lines
}

fn finding_json(finding: &Finding) -> Value {
    json!({
        "level": finding.level.word().to_ascii_lowercase(),
        "subject": finding.subject,
        "text": finding.text,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixMillis = UnixMillis::from_seconds(1_800_000_000);

    #[test]
    fn one_failed_finding_is_bad_news_and_a_warning_is_not() {
        assert!(report(&[finding(Level::Fail, "a", "b")], &[], NOW, None).is_bad_news);
        assert!(!report(&[finding(Level::Warn, "a", "b")], &[], NOW, None).is_bad_news);
    }

    #[test]
    fn a_clock_in_the_past_is_bad() {
        assert_eq!(clock(UnixMillis::new(0)).level, Level::Fail);
        assert_eq!(clock(NOW).level, Level::Ok);
    }

    #[test]
    fn on_a_narrow_terminal_findings_are_paragraphs() {
        let long = finding(Level::Warn, "clock", "it is wrong, and ".repeat(6));
        let told = report(&[long], &[], NOW, Some(40)).text;
        assert!(
            told.starts_with("warn  clock: it is wrong, and it is\n      wrong, and"),
            "{told}"
        );
        assert!(told.lines().all(|line| line.chars().count() <= 58), "{told}");
    }
}
