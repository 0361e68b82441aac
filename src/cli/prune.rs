//! `payd prune`: removes how old payments were told of, also beside a running daemon.

mod archive;

use std::time::Duration;

use anyhow::{Context as _, bail};
use serde_json::json;

use self::archive::File;
use super::args::PruneOptions;
use super::output::{self, Output, Rows};
use super::session::Session;
use super::span;
use crate::domain::time::UnixMillis;
use crate::engine::retention::{AGE_MIN, Archive, NoArchive, Plan, Pruned, prune, would_prune};
use crate::store::audit_log;
use crate::store::prune::{Kind, free_bytes};

/// Others write between two transactions.
const PAUSE: Duration = Duration::from_millis(10);

/// Runs the command.
///
/// # Errors
/// A text for the person who called it.
pub async fn run(session: &Session, options: &PruneOptions) -> anyhow::Result<Output> {
    if options.older_than < AGE_MIN {
        bail!(
            "--older-than {} is too young: what is younger than {} days is always kept; write it like 90d",
            span::show(options.older_than),
            AGE_MIN.as_secs() / (24 * 60 * 60)
        );
    }
    let before = session.now().minus(options.older_than);
    let kinds: Vec<Kind> = Kind::ALL
        .iter()
        .copied()
        .filter(|kind| *kind <= options.what)
        .collect();
    if options.dry_run {
        return look(session, &kinds, before).await;
    }
    let mut file = options.archive.as_deref().map(File::create).transpose()?;
    let mut none = NoArchive;
    // Before anything goes: also what is broken off was begun by somebody.
    write_down(session, options, before).await?;
    let mut pruned = Vec::new();
    for kind in kinds {
        let archive: &mut dyn Archive = match &mut file {
            Some(file) => file,
            None => &mut none,
        };
        let done = prune(&session.database, &*session.clock, plan(kind, before), archive).await;
        pruned.push(done.context("broken off; what was removed before stays removed")?);
    }
    let archived = file.map(File::finish).transpose()?.flatten();
    let free = session.read(|txn| Ok(free_bytes(txn)?)).await?;
    let mut text = table(&pruned, "removed");
    if pruned.iter().any(|pruned| pruned.rows > 0) {
        text.push_str(&format!(
            "\n{} of the database file are free for what is new; the file does not get smaller. A copy by `payd backup` is as \
             small as can be.\n",
            size(free)
        ));
    }
    if let Some(path) = &archived {
        text.push_str(&format!("Written to {} first.\n", path.display()));
    }
    let json = json!({
        "dry_run": false,
        "before": output::json_time(before),
        "pruned": as_json(&pruned),
        "free_bytes": free,
        "archive": archived.map(|path| path.display().to_string()),
    });
    Ok(Output::new(text, json))
}

async fn look(session: &Session, kinds: &[Kind], before: UnixMillis) -> anyhow::Result<Output> {
    let mut found = Vec::new();
    for kind in kinds {
        found.push(would_prune(&session.database, plan(*kind, before)).await?);
    }
    let text = format!(
        "{}\nNothing was removed. Of what was made before {}, this would go, at most.\n",
        table(&found, "would go"),
        output::time(before)
    );
    let json = json!({ "dry_run": true, "before": output::json_time(before), "pruned": as_json(&found) });
    Ok(Output::new(text, json))
}

const fn plan(kind: Kind, before: UnixMillis) -> Plan {
    Plan {
        kind,
        before,
        pause: PAUSE,
    }
}

async fn write_down(session: &Session, options: &PruneOptions, before: UnixMillis) -> anyhow::Result<()> {
    let by = session.by();
    let archive = options
        .archive
        .as_deref()
        .map_or_else(|| "nowhere".to_owned(), |path| path.display().to_string());
    let (subject, detail) = (
        options.what.word(),
        format!("made before {}; archived: {archive}", output::time(before)),
    );
    let written = session.write(move |txn| {
        Ok(audit_log::record(
            txn,
            &by.actor,
            "history.prune",
            subject,
            &detail,
            by.at,
        )?)
    });
    written.await
}

fn table(pruned: &[Pruned], title: &str) -> String {
    let mut rows = Rows::new(&["kind", title, "about"]);
    for Pruned {
        kind,
        rows: count,
        bytes,
    } in pruned
    {
        rows.push([kind.to_string(), count.to_string(), size(*bytes)]);
    }
    rows.or("")
}

fn as_json(pruned: &[Pruned]) -> serde_json::Value {
    let one =
        |pruned: &Pruned| json!({ "kind": pruned.kind.word(), "rows": pruned.rows, "bytes": pruned.bytes });
    pruned.iter().map(one).collect()
}

/// Bytes as people read them.
fn size(bytes: u64) -> String {
    const UNITS: [(u128, &str); 3] = [(1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")];
    for (unit, name) in UNITS {
        let tenths = u128::from(bytes)
            .saturating_mul(10)
            .checked_div(unit)
            .unwrap_or(0);
        if tenths >= 10 {
            return format!("{}.{} {name}", tenths / 10, tenths % 10);
        }
    }
    format!("{bytes} bytes")
}

#[cfg(test)]
mod tests {
    use super::size;

    #[test]
    fn sizes_are_shown_as_people_read_them() {
        for (bytes, shown) in [
            (0, "0 bytes"),
            (1023, "1023 bytes"),
            (1024, "1.0 KiB"),
            (1536, "1.5 KiB"),
            (5 << 20, "5.0 MiB"),
            ((3 << 30) + (1 << 29), "3.5 GiB"),
        ] {
            assert_eq!(size(bytes), shown);
        }
    }
}
