//! `payd doctor`: looks at everything that has to be right, and says of each thing that is not what to do about it.
//! Changes nothing, but for what every command does: a database of an older payd is brought up to date.

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
use crate::store::{Database, Options, StoreError, blocks, deliveries, payments, schema};

/// No clock that is right shows an earlier time: 2026-01-01.
const CLOCK_MIN: UnixMillis = UnixMillis::from_seconds(1_767_225_600);
/// How far the newest record may lie ahead of the clock.
const AHEAD_MAX: Duration = Duration::from_secs(120);
/// How old the latest block read of a live network may be before it is pointed out.
const CURSOR_AGE_MAX: Duration = Duration::from_secs(600);
/// How old a provider's highest block may be, at the least, before it is pointed out.
const BLOCK_AGE_MAX: Duration = Duration::from_secs(300);

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
    Ok(report(&findings, &probed, now))
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
    let live: Vec<NetworkId> = place
        .settings
        .networks
        .iter()
        .map(|live| live.network.id.clone())
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
    live: &[NetworkId],
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
                schema::examine(txn)?,
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
    for (network, height, block_time) in cursors {
        let read = format!("read up to block {height} of {}", output::time(block_time));
        let is_behind = live.contains(&network) && now.since(block_time) > CURSOR_AGE_MAX;
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

/// The whole report: findings, then a table of the providers of each live network.
#[must_use]
pub fn report(findings: &[Finding], probed: &[(String, Vec<ProviderReport>)], now: UnixMillis) -> Output {
    let mut rows = Rows::new(&["", "what", "finding"]);
    for finding in findings {
        rows.push([
            finding.level.to_string(),
            finding.subject.clone(),
            finding.text.clone(),
        ]);
    }
    let mut text = rows.or("");
    text.push_str(&providers_table(probed, now));
    let is_bad = findings.iter().any(|finding| finding.level == Level::Fail)
        || probed
            .iter()
            .any(|(_, reports)| !reports.iter().any(|report| report.faults.is_empty()));
    text.push_str(if is_bad {
        "\nSomething keeps payd from working; see FAIL above.\n"
    } else {
        "\nNothing keeps payd from working.\n"
    });
    let mut output = Output::new(text, as_json(findings, probed, !is_bad));
    output.is_bad_news = is_bad;
    output
}

fn providers_table(probed: &[(String, Vec<ProviderReport>)], now: UnixMillis) -> String {
    if probed.is_empty() {
        return "\nNo live network is configured; test payments need none.\n".to_owned();
    }
    let mut rows = Rows::new(&[
        "",
        "network",
        "provider",
        "height",
        "block age",
        "answer",
        "finding",
    ]);
    for (network, reports) in probed {
        for report in reports {
            let mut notes = provider_notes(report, now).into_iter();
            let mut row = |level: Level, text: String, is_first: bool| {
                let of_first = |value: String| if is_first { value } else { String::new() };
                rows.push([
                    level.to_string(),
                    of_first(network.clone()),
                    of_first(report.host.clone()),
                    of_first(report.height.map_or("-".to_owned(), |height| height.to_string())),
                    of_first(
                        report
                            .block_time
                            .map_or("-".to_owned(), |time| super::span::show(now.since(time))),
                    ),
                    of_first(
                        report
                            .latency
                            .map_or("-".to_owned(), |latency| format!("{} ms", latency.as_millis())),
                    ),
                    text,
                ]);
            };
            let (level, text) = notes.next().unwrap_or((Level::Ok, String::new()));
            row(level, text, true);
            for (level, text) in notes {
                row(level, text, false);
            }
        }
    }
    format!("\n{}", rows.or(""))
}

/// What is to be said of a provider, the worst first.
fn provider_notes(report: &ProviderReport, now: UnixMillis) -> Vec<(Level, String)> {
    let faults = report.faults.iter().map(|fault| (Level::Fail, fault.clone()));
    let old = report.block_time.filter(|time| now.since(*time) > BLOCK_AGE_MAX);
    let old = old.map(|_| {
        (
            Level::Warn,
            "its highest block is old: it lags, or the chain stands still".to_owned(),
        )
    });
    let remarks = report.remarks.iter().map(|remark| (Level::Warn, remark.clone()));
    faults.chain(old).chain(remarks).collect()
}

fn as_json(findings: &[Finding], probed: &[(String, Vec<ProviderReport>)], is_well: bool) -> Value {
    let findings: Vec<Value> = findings
        .iter()
        .map(|finding| {
            json!({
                "level": finding.level.word().to_ascii_lowercase(),
                "subject": finding.subject,
                "text": finding.text,
            })
        })
        .collect();
    let provider = |network: &str, report: &ProviderReport| {
        json!({
            "network": network,
            "host": report.host,
            "height": report.height,
            "block_time": output::json_time_or_null(report.block_time),
            "latency_ms": report.latency.map(|latency| u64::try_from(latency.as_millis()).unwrap_or(u64::MAX)),
            "faults": report.faults,
            "remarks": report.remarks,
        })
    };
    let providers: Vec<Value> = probed
        .iter()
        .flat_map(|(network, reports)| reports.iter().map(|report| provider(network, report)))
        .collect();
    json!({ "is_well": is_well, "findings": findings, "providers": providers })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixMillis = UnixMillis::from_seconds(1_800_000_000);

    fn provider(host: &str, faults: &[&str]) -> ProviderReport {
        ProviderReport {
            host: host.to_owned(),
            height: Some(50),
            block_time: Some(NOW.minus(Duration::from_secs(3))),
            latency: Some(Duration::from_millis(12)),
            faults: faults.iter().map(|fault| (*fault).to_owned()).collect(),
            remarks: vec!["no trace calls".to_owned()],
        }
    }

    #[test]
    fn a_network_with_one_good_provider_is_well_and_one_with_none_is_not() {
        let good = [(
            "bsc".to_owned(),
            vec![provider("a", &[]), provider("b", &["wrong chain id 1; use 56"])],
        )];
        let told = report(&[], &good, NOW);
        assert!(!told.is_bad_news);
        assert!(
            told.text
                .contains("FAIL  bsc      b         50      3s         12 ms   wrong chain id 1; use 56\n"),
            "{}",
            told.text
        );
        assert_eq!(told.json["providers"][1]["faults"][0], "wrong chain id 1; use 56");
        let bad = [("bsc".to_owned(), vec![provider("b", &["down"])])];
        assert!(report(&[], &bad, NOW).is_bad_news);
        let silent = [("bsc".to_owned(), Vec::new())];
        assert!(report(&[], &silent, NOW).is_bad_news);
    }

    #[test]
    fn a_block_that_is_old_is_pointed_out() {
        let mut lagging = provider("a", &[]);
        lagging.block_time = Some(NOW.minus(BLOCK_AGE_MAX * 2));
        let notes = provider_notes(&lagging, NOW);
        assert!(notes[0].1.contains("lags"), "{notes:?}");
    }

    #[test]
    fn one_failed_finding_is_bad_news_and_a_warning_is_not() {
        assert!(report(&[finding(Level::Fail, "a", "b")], &[], NOW).is_bad_news);
        assert!(!report(&[finding(Level::Warn, "a", "b")], &[], NOW).is_bad_news);
    }

    #[test]
    fn a_clock_in_the_past_is_bad() {
        assert_eq!(clock(UnixMillis::new(0)).level, Level::Fail);
        assert_eq!(clock(NOW).level, Level::Ok);
    }
}
