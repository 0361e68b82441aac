//! The programs of the quick starts: for each API, in six languages, one that makes a payment and one that takes
//! webhooks. They are files below `assets/docs/programs/`, whole and as they run; only their stand-ins for the host and
//! the keys are replaced.

use super::DocsContext;
use crate::domain::shop::Dialect;
use crate::web::assets;

/// A language that programs are shown in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    /// PHP, without libraries.
    Php,
    /// Python, without libraries.
    Python,
    /// Node.js, without packages.
    Node,
    /// Go, without modules.
    Go,
    /// Rust.
    Rust,
    /// curl and OpenSSL in a shell.
    Curl,
}

impl Code {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 6] = [
        Self::Php,
        Self::Python,
        Self::Node,
        Self::Go,
        Self::Rust,
        Self::Curl,
    ];

    /// The word in URLs.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Php => "php",
            Self::Python => "python",
            Self::Node => "node",
            Self::Go => "go",
            Self::Rust => "rust",
            Self::Curl => "curl",
        }
    }

    /// What people call it.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Php => "PHP",
            Self::Python => "Python",
            Self::Node => "Node.js",
            Self::Go => "Go",
            Self::Rust => "Rust",
            Self::Curl => "curl",
        }
    }

    /// The language of a word in a URL.
    pub(super) fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|code| code.word() == word)
    }

    const fn extension(self) -> &'static str {
        match self {
            Self::Php => "php",
            Self::Python => "py",
            Self::Node => "mjs",
            Self::Go => "go",
            Self::Rust => "rs",
            Self::Curl => "sh",
        }
    }

    /// What a comment begins with.
    const fn comment(self) -> &'static str {
        match self {
            Self::Python | Self::Curl => "#",
            Self::Php | Self::Node | Self::Go | Self::Rust => "//",
        }
    }

    /// What is typed to run a program of this name (without its extension).
    pub(super) const fn command(self, is_webhook: bool) -> &'static str {
        match (self, is_webhook) {
            (Self::Php, false) => "php payment.php",
            (Self::Php, true) => "php -S 0.0.0.0:8000 webhook.php",
            (Self::Python, false) => "python3 payment.py",
            (Self::Python, true) => "python3 webhook.py",
            (Self::Node, false) => "node payment.mjs",
            (Self::Node, true) => "node webhook.mjs",
            (Self::Go, false) => "go run payment.go",
            (Self::Go, true) => "go run webhook.go",
            (Self::Rust, _) => "cargo run",
            (Self::Curl, false) => "sh payment.sh",
            (Self::Curl, true) => "sh webhook.sh headers.txt body.json",
        }
    }
}

/// A program as it is shown.
pub(super) struct Program {
    /// Its file's name.
    pub(super) name: String,
    /// What is typed to run it.
    pub(super) command: &'static str,
    /// Its lines, each with whether it is a comment and nothing else.
    pub(super) lines: Vec<(bool, String)>,
}

/// What stands in the files for a value of the reader's own.
const STAND_INS: [&str; 4] = [
    "https://pay.example.com",
    "pk_your_key",
    "sk_your_secret",
    "your_webhook_secret",
];

/// The program that makes a payment and reads its status, and the one that takes webhooks.
pub(super) fn of(dialect: Dialect, code: Code, context: &DocsContext) -> Vec<Program> {
    let programs = [("payment", false), ("webhook", true)].into_iter();
    programs
        .filter_map(|(name, is_webhook)| {
            let file = format!("{name}.{}", code.extension());
            let source = assets::text(&format!("docs/programs/{}/{file}", folder(dialect)))?;
            let source = filled(source, context);
            let lines = source.lines().map(|line| {
                let is_comment = line.trim_start().starts_with(code.comment());
                (is_comment, line.to_owned())
            });
            Some(Program {
                lines: lines.collect(),
                command: code.command(is_webhook),
                name: file,
            })
        })
        .collect()
}

/// USDT Payments' calls are Crypto Pay's.
const fn folder(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Payhook => "payhook",
        Dialect::Soko => "soko",
        Dialect::CryptoPay | Dialect::UsdtPayments => "crypto-pay",
        Dialect::Cryptopayment => "cryptopayment",
    }
}

/// Puts the reader's own values in the place of the stand-ins. A value with a sign in it that could end a string in some
/// language is left out.
fn filled(source: String, context: &DocsContext) -> String {
    let own = [
        Some(context.base_url.as_str()),
        context.api_key.as_deref(),
        context.api_secret.as_deref(),
        context.webhook_secret.as_deref(),
    ];
    let values = STAND_INS.into_iter().zip(own);
    values.fold(source, |source, (stand_in, own)| {
        match own.filter(|own| own.bytes().all(is_plain)) {
            Some(own) => source.replace(stand_in, own),
            None => source,
        }
    })
}

/// Whether a sign means itself within the quotes of every language there is.
fn is_plain(sign: u8) -> bool {
    sign.is_ascii_alphanumeric() || b"-._~:/?#[]@!&()*+,;=%".contains(&sign)
}
