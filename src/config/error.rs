//! What is wrong with a configuration: where, what, and what to do about it. Never quotes a secret.

use std::fmt;
use std::path::PathBuf;

/// Why there are no settings.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file could not be read.
    #[error("cannot read the configuration {file}: check that it exists and that payd may read it", file = .file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// What the operating system said.
        #[source]
        source: std::io::Error,
    },
    /// The file is not what a configuration can be.
    #[error("the configuration {file} is {what}: check that this is the file you mean", file = .file.display())]
    NotAConfiguration {
        /// The file.
        file: PathBuf,
        /// What it is instead.
        what: &'static str,
    },
    /// Everything that was found wrong in it, in the order of the file.
    #[error("{}", Listed(.0))]
    Invalid(Vec<Problem>),
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// Where.
    pub place: Place,
    /// What, and what to do.
    pub message: String,
}

/// Where a setting was made.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// In the file.
    Line {
        /// The file, as it was given.
        file: String,
        /// The line, counted from 1.
        line: usize,
        /// The character in the line, counted from 1.
        column: usize,
    },
    /// In an environment variable of this name.
    Variable(String),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line { file, line, column } => write!(f, "{file}:{line}:{column}"),
            Self::Variable(name) => write!(f, "environment variable {name}"),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.message)
    }
}

/// One problem on its own line, several under a heading.
struct Listed<'a>(&'a [Problem]);

impl fmt::Display for Listed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let [only] = self.0 {
            return only.fmt(f);
        }
        write!(f, "the configuration has {} problems:", self.0.len())?;
        self.0.iter().try_for_each(|problem| write!(f, "\n  {problem}"))
    }
}

/// Points from a name that does not exist to the nearest that does.
pub(super) fn hint<T: AsRef<str>>(name: &str, known: &[T]) -> String {
    let nearest = known
        .iter()
        .map(|known| {
            let known = known.as_ref();
            let distance = strsim::damerau_levenshtein(&name.to_lowercase(), &known.to_lowercase());
            (distance, known)
        })
        .min();
    match nearest {
        Some((distance, nearest)) if distance <= 2.max(nearest.len().div_euclid(3)) => {
            format!("did you mean `{nearest}`?")
        }
        Some(_) => {
            let mut known: Vec<&str> = known.iter().map(AsRef::as_ref).collect();
            known.sort_unstable();
            known.dedup();
            format!("known here: {}", known.join(", "))
        }
        None => "remove it".to_owned(),
    }
}

/// A foreign text for a message: short, on one line, and no URL, in which keys stand.
pub(super) fn quoted(text: &str) -> String {
    if text.contains("://") {
        return "`***` (a URL, where none is meant to be)".to_owned();
    }
    const SHOWN_MAX: usize = 40;
    let cut = if text.chars().nth(SHOWN_MAX).is_some() {
        "..."
    } else {
        ""
    };
    let shown: String = text.chars().take(SHOWN_MAX).collect();
    format!("`{}{cut}`", shown.escape_debug())
}
