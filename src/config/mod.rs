//! Configuration: a TOML file and the environment, read into checked settings.
//!
//! Imports the domain only; whatever runs the daemon hands the settings to the floors they are about. A setting
//! that is wrong stops payd with its place and what to do; nothing is guessed or ignored.

pub mod dashboard;
pub mod error;
mod live;
pub mod networks;
pub mod networks_file;
pub mod paths;
pub mod proposals;
mod providers;
mod rates;
mod read;
mod sections;
pub mod settings;
mod summary;
mod switched_on;
mod tokens;

use std::io::Read;
use std::path::Path;

pub use error::{ConfigError, Place, Problem};
pub use settings::Settings;

use read::Document;
#[cfg(test)]
use read::Environment;

/// The largest file that is read, in bytes.
const FILE_BYTES_MAX: u64 = 1 << 20;

/// A configuration file that was read, and what it is called in messages. May hold keys.
#[derive(Clone, PartialEq, Eq)]
pub struct FileText {
    /// What it is called.
    pub name: String,
    /// What it says.
    pub text: String,
}

impl std::fmt::Debug for FileText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FileText")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// Reads the configuration in `path`; without one, every setting has its default. Both are overridden by the
/// environment.
///
/// # Errors
/// [`ConfigError`], with everything that is wrong at once.
pub fn load(
    path: Option<&Path>,
    environment: impl Fn(&str) -> Option<String>,
) -> Result<Settings, ConfigError> {
    settings(&operators(path)?, None, environment)
}

/// The text of the operator's own file; an empty one where there is none.
///
/// # Errors
/// [`ConfigError`] when it cannot be read, or is no text.
pub fn operators(path: Option<&Path>) -> Result<FileText, ConfigError> {
    match path {
        Some(path) => Ok(FileText {
            name: path.display().to_string(),
            text: file_text(path)?,
        }),
        None => Ok(FileText {
            name: "built-in defaults".to_owned(),
            text: String::new(),
        }),
    }
}

/// The settings that an operator's file and the dashboard's file of networks make together. Variables of the environment
/// override the first, and stand for nothing in the second: who signs in must not read them.
///
/// # Errors
/// [`ConfigError`], with everything that is wrong in either at once.
pub fn settings(
    operators: &FileText,
    networks: Option<&FileText>,
    environment: impl Fn(&str) -> Option<String>,
) -> Result<Settings, ConfigError> {
    let document = Document::new(operators.name.clone(), &operators.text, &environment);
    let nothing = |_: &str| None;
    let switched_on = networks.map(|file| Document::new(file.name.clone(), &file.text, &nothing));
    let settings = read_documents(&document, switched_on.as_ref());
    let mut problems = document.into_problems();
    problems.extend(switched_on.into_iter().flat_map(Document::into_problems));
    match settings {
        Some(settings) if problems.is_empty() => Ok(settings),
        _ => Err(ConfigError::Invalid(problems)),
    }
}

fn file_text(path: &Path) -> Result<String, ConfigError> {
    let unreadable = |source| ConfigError::Unreadable {
        file: path.to_owned(),
        source,
    };
    let not_one = |what| ConfigError::NotAConfiguration {
        file: path.to_owned(),
        what,
    };
    let file = std::fs::File::open(path).map_err(unreadable)?;
    let mut bytes = Vec::new();
    file.take(FILE_BYTES_MAX.saturating_add(1))
        .read_to_end(&mut bytes)
        .map_err(unreadable)?;
    if u64::try_from(bytes.len()).map_or(true, |length| length > FILE_BYTES_MAX) {
        return Err(not_one("larger than 1 MiB"));
    }
    String::from_utf8(bytes).map_err(|_| not_one("not UTF-8 text"))
}

#[cfg(test)]
fn read_text(file: &str, text: &str, environment: Environment<'_>) -> Result<Settings, ConfigError> {
    let file = FileText {
        name: file.to_owned(),
        text: text.to_owned(),
    };
    settings(&file, None, environment)
}

#[cfg(test)]
fn read_document(document: &Document<'_>) -> Option<Settings> {
    read_documents(document, None)
}

/// The settings, as far as they could be read; what could not is noted in the documents.
fn read_documents(document: &Document<'_>, switched_on: Option<&Document<'_>>) -> Option<Settings> {
    let table = document.parse()?;
    let networks = match switched_on {
        Some(switched_on) => Some((switched_on, switched_on.parse()?)),
        None => None,
    };
    let networks = networks.as_ref().map(|(switched_on, table)| {
        let mut root = switched_on.root(table);
        let section = root.section("networks");
        root.close();
        section
    });
    let mut root = document.root(&table);
    let server = sections::server(root.section("server"));
    let limits = sections::limits(root.section("limits"));
    let metrics = sections::metrics(root.section("metrics"));
    if metrics.listen == Some(server.listen) && server.listen.port() != 0 {
        let message =
            "`server.listen` and `metrics.listen` are the same; give metrics a port of its own, or \"off\"";
        document.refuse(root.place_of("metrics").unwrap_or(root.place.clone()), message);
    }
    let dashboard = dashboard::read(root.section("dashboard"));
    for (other, word) in [(Some(server.listen), "server"), (metrics.listen, "metrics")] {
        if other.is_some_and(|other| Some(other) == dashboard.listen && other.port() != 0) {
            let message = format!(
                "`dashboard.listen` and `{word}.listen` are the same; give the dashboard a port of its own, or \"off\""
            );
            document.refuse(root.place_of("dashboard").unwrap_or(root.place.clone()), message);
        }
    }
    let log = sections::log(root.section("log"));
    let store = sections::store(root.section("store"));
    let defaults = sections::defaults(root.section("defaults"));
    let webhooks = sections::webhooks(root.section("webhooks"));
    let retention = sections::retention(root.section("retention"));
    let trust = sections::trust(root.section("trust"));
    let simulated = sections::simulated(root.section("simulated"));
    let drafts = live::networks(root.section("networks"), networks);
    let rates_section = root.section("rates");
    let top = root.place.clone();
    root.close();
    let registry = live::registry(&drafts)
        .map_err(|fault| document.refuse(top, fault.to_string()))
        .ok()?;
    Some(Settings {
        server,
        limits,
        metrics,
        dashboard,
        log,
        store,
        defaults,
        webhooks,
        retention,
        rates: rates::read(rates_section, &registry),
        trust,
        simulated,
        sources: live::sources(&drafts),
        networks: live::live(drafts, &registry),
        registry,
    })
}

#[cfg(test)]
mod tests;
