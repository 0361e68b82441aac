//! The file `networks.toml` in the data directory: read, changed and written by the dashboard and `payd network`.
//!
//! It holds providers' keys: it is for this user alone, and no message quotes it. What a change makes of it is read by
//! the rules of the configuration before it is written.

use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use toml::{Table, Value};
use url::Url;

use super::error::ConfigError;
use super::settings::shown_host;
use super::{FileText, file_text};
use crate::domain::asset::Currency;

/// What the file begins with.
const HEAD: &str = "# Written by payd: the networks that were switched on in the dashboard or with `payd network`. It may hold\n\
                    # providers' keys. What the configuration file says of a network goes before what stands here.\n\n";

/// The file's text; `None` when there is no such file.
///
/// # Errors
/// [`ConfigError`] when it cannot be read, or is no text.
pub fn read(path: &Path) -> Result<Option<FileText>, ConfigError> {
    match file_text(path) {
        Ok(text) => Ok(Some(FileText {
            name: path.display().to_string(),
            text,
        })),
        Err(ConfigError::Unreadable { source, .. }) if source.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Puts `text` in the place of the file, or takes the file away: at any moment the whole of one of the two is there.
///
/// # Errors
/// What the operating system says.
pub fn write(path: &Path, text: Option<&str>) -> io::Result<()> {
    let directory = path.parent().unwrap_or(Path::new("."));
    match text {
        Some(text) => {
            let new = path.with_extension(format!("toml.{}", std::process::id()));
            let put = put(&new, text).and_then(|()| std::fs::rename(&new, path));
            if put.is_err() {
                // Best effort: the error that counts is the one above.
                let _ = std::fs::remove_file(&new);
            }
            put?;
        }
        None => match std::fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            Ok(()) | Err(_) => {}
        },
    }
    // The name too has to survive a power failure.
    File::open(directory)?.sync_all()
}

/// As [`write`], but only where the file says `former`: `false`, and nothing is done, when somebody has changed it meanwhile.
///
/// # Errors
/// What the operating system says.
pub fn replace(path: &Path, former: Option<&str>, text: Option<&str>) -> io::Result<bool> {
    let _alone = alone(path)?;
    let now = match std::fs::read_to_string(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        now => Some(now?),
    };
    if now.as_deref() != former {
        return Ok(false);
    }
    write(path, text).map(|()| true)
}

/// Takes away what writers left that were killed: they hold providers' keys. Best effort.
pub fn clear_leftovers(path: &Path) {
    let (Some(directory), Some(name)) = (path.parent(), path.file_name().and_then(|name| name.to_str()))
    else {
        return;
    };
    let Ok(_alone) = alone(path) else { return };
    for entry in std::fs::read_dir(directory).into_iter().flatten().flatten() {
        let file = entry.file_name();
        let number = file
            .to_str()
            .and_then(|file| file.strip_prefix(name)?.strip_prefix('.'));
        let is_number =
            |number: &str| !number.is_empty() && number.bytes().all(|digit| digit.is_ascii_digit());
        if number.is_some_and(is_number) {
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

/// Waits until no other process changes the file; lets go when what it gives is dropped.
fn alone(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    let lock = options
        .create(true)
        .truncate(false)
        .write(true)
        .mode(0o600)
        .open(path.with_extension("lock"))?;
    lock.lock()?;
    Ok(lock)
}

fn put(new: &Path, text: &str) -> io::Result<()> {
    let mut options = OpenOptions::new();
    let mut file = options
        .create(true)
        .truncate(true)
        .write(true)
        .mode(0o600)
        .open(new)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

/// A provider to be written down. Its URL and headers may hold keys.
#[derive(Clone)]
pub enum Chosen {
    /// The one of this host that is there already, as it is.
    Kept(String),
    /// Another.
    New {
        /// Where it is.
        url: String,
        /// What it speaks; told by the URL when empty.
        kind: String,
        /// Headers to send along.
        headers: Vec<(String, String)>,
    },
}

/// The file while it is changed.
pub struct Edit {
    networks: Table,
}

impl Edit {
    /// The file as it is; `None` when that is no TOML.
    #[must_use]
    pub fn of(file: Option<&FileText>) -> Option<Self> {
        let mut whole: Table = file.map_or("", |file| &file.text).parse().ok()?;
        let networks = match whole.remove("networks") {
            Some(Value::Table(networks)) => networks,
            Some(_) => return None,
            None => Table::new(),
        };
        Some(Self { networks })
    }

    /// The hosts of a network's providers.
    #[must_use]
    pub fn hosts(&self, network: &str) -> Vec<String> {
        self.providers(network).iter().filter_map(host).collect()
    }

    fn providers(&self, network: &str) -> &[Value] {
        let section = self.networks.get(network).and_then(Value::as_table);
        let list = section.and_then(|section| section.get("providers"));
        list.and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }

    /// Switches a network on, or changes how it is read. A provider that is to be kept and is not there is left out.
    pub fn switch_on(
        &mut self,
        network: &str,
        providers: &[Chosen],
        confirmations: &str,
        tokens_off: &[Currency],
    ) {
        let known = self.providers(network).to_vec();
        let kept = |wanted: &str| known.iter().find(|known| host(known).as_deref() == Some(wanted));
        let providers = providers.iter().filter_map(|chosen| match chosen {
            Chosen::Kept(host) => kept(host).cloned(),
            Chosen::New { url, kind, headers } => Some(provider(url, kind, headers)),
        });
        let mut section = Table::new();
        if !confirmations.is_empty() {
            section.insert("confirmations".to_owned(), tiers(confirmations));
        }
        section.insert("providers".to_owned(), Value::Array(providers.collect()));
        let off = |currency: &Currency| {
            let mut token = Table::new();
            token.insert("enabled".to_owned(), Value::Boolean(false));
            (currency.to_string(), Value::Table(token))
        };
        if !tokens_off.is_empty() {
            let tokens = tokens_off.iter().map(off).collect();
            section.insert("tokens".to_owned(), Value::Table(tokens));
        }
        self.networks.insert(network.to_owned(), Value::Table(section));
    }

    /// Switches a network off.
    pub fn switch_off(&mut self, network: &str) {
        self.networks.remove(network);
    }

    /// What is to be written; `None` where no network is left.
    #[must_use]
    pub fn text(self) -> Option<String> {
        if self.networks.is_empty() {
            return None;
        }
        let mut whole = Table::new();
        whole.insert("networks".to_owned(), Value::Table(self.networks));
        Some(format!("{HEAD}{whole}"))
    }
}

fn host(provider: &Value) -> Option<String> {
    let url = provider.as_table()?.get("url")?.as_str()?;
    Some(shown_host(&Url::parse(url).ok()?))
}

fn provider(url: &str, kind: &str, headers: &[(String, String)]) -> Value {
    let mut provider = Table::new();
    provider.insert("url".to_owned(), Value::String(url.to_owned()));
    if !kind.is_empty() {
        provider.insert("kind".to_owned(), Value::String(kind.to_owned()));
    }
    if !headers.is_empty() {
        let headers = headers
            .iter()
            .map(|(name, value)| (name.clone(), Value::String(value.clone())));
        provider.insert("headers".to_owned(), Value::Table(headers.collect()));
    }
    Value::Table(provider)
}

/// A number as a number, steps as text: as in the operator's file.
fn tiers(confirmations: &str) -> Value {
    match confirmations.parse() {
        Ok(number) => Value::Integer(number),
        Err(_) => Value::String(confirmations.to_owned()),
    }
}
