//! The grammar of the command line. The forms are a contract: scripts and the documentation use them.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{ArgGroup, Args, Parser, Subcommand};

use crate::config::settings::LogFormat;
use crate::domain::allowed::AllowedNetworks;
use crate::domain::event::EventKind;
use crate::domain::money::Fiat;
use crate::domain::network::Mode;
use crate::domain::shop::Format;
use crate::domain::wallet::Way;
use crate::store::prune::Kind;

/// Parses one of the words of a closed vocabulary; usage errors and completions name them all.
macro_rules! word_of {
    ($type:ty) => {
        PossibleValuesParser::new(<$type>::ALL.iter().map(|value| value.word()))
            .try_map(|word| word.parse::<$type>())
    };
}

pub mod confirmations;
pub mod donation;
pub mod inbox;
pub mod network;
mod payment;
mod store;
pub mod user;
mod widget;

pub use payment::{ExportOptions, PaymentCommand};
pub use store::{NO_LANGUAGE, RuleOptions, StoreCommand, StoreRateCommand, SwitchOptions};
pub use widget::{PriceCommand, Switch, WidgetCommand, WidgetOptions};

/// Self-hosted crypto payment daemon: watches your own addresses, never holds a key, posts signed webhooks.
#[derive(Debug, Parser)]
#[command(
    name = "payd",
    version,
    disable_help_subcommand = true,
    arg_required_else_help = true,
    max_term_width = 100
)]
#[command(
    after_help = "Begin with `payd serve`: on a fresh machine it makes a demo store and prints a call to try."
)]
pub struct Cli {
    /// Options of every command.
    #[command(flatten)]
    pub globals: Globals,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Options of every command.
#[derive(Debug, Clone, Default, Args)]
pub struct Globals {
    /// Where database and key file are [env: PAYD_DATA_DIR]
    #[arg(long, global = true, value_name = "DIR", display_order = 900)]
    pub data_dir: Option<PathBuf>,
    /// The configuration file [env: PAYD_CONFIG]
    #[arg(long, global = true, value_name = "FILE", display_order = 901)]
    pub config: Option<PathBuf>,
    /// Print one JSON value instead of text
    #[arg(long, global = true, display_order = 902)]
    pub json: bool,
}

/// What payd can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the daemon
    Serve(ServeOptions),
    /// Read the configuration and say what is in force, without opening anything
    Check,
    /// Examine configuration, data directory, database and providers
    Doctor,
    /// Stores: shops with their own keys, addresses and webhooks
    #[command(subcommand)]
    Store(StoreCommand),
    /// API keys
    #[command(subcommand)]
    Key(KeyCommand),
    /// Receive addresses
    #[command(subcommand)]
    Address(AddressCommand),
    /// How stores receive: from a pool, at addresses of an account's public key, or at one address by the exact amount
    #[command(subcommand)]
    Wallet(WalletCommand),
    /// How many payments the stores' addresses and amounts have room for
    Capacity(CapacityOptions),
    /// Webhook endpoints and deliveries
    #[command(subcommand)]
    Webhook(WebhookCommand),
    /// The payment widget: what a store's own web pages may do and sell
    #[command(subcommand)]
    Widget(WidgetCommand),
    /// Payments
    #[command(subcommand)]
    Payment(PaymentCommand),
    /// Donations, and the page on which people give
    #[command(subcommand)]
    Donation(donation::DonationCommand),
    /// Show the exchange rates that would be quoted now, and what each source says
    Rates(RatesOptions),
    /// Money that counted for nothing: attach it to a payment, or dismiss it
    #[command(subcommand)]
    Inbox(inbox::InboxCommand),
    /// List what was done by hand, newest first
    #[command(visible_alias = "log")]
    AuditLog(inbox::AuditLogOptions),
    /// Compare what addresses hold on the chain with what was recorded; exit code 1 when something is unexplained
    Audit(AuditOptions),
    /// Read live networks up to their tips and stop, before the shop opens again after an outage
    CatchUp(CatchUpOptions),
    /// The live networks: which are read, and through which providers
    #[command(subcommand)]
    Network(network::NetworkCommand),
    /// What is remembered of the providers of networks
    #[command(subcommand)]
    Provider(ProviderCommand),
    /// People who may sign in to the dashboard
    #[command(subcommand)]
    User(user::UserCommand),
    /// Print a new link to set payd up in the browser, while there is no user
    SetupLink,
    /// Copy database and key file into a directory, also while the daemon runs
    Backup(BackupOptions),
    /// Remove how old payments were told of: what would go with --dry-run, into a file with --archive
    Prune(PruneOptions),
    /// Print a systemd unit
    Systemd,
    /// Print completions for a shell
    Completions(CompletionsOptions),
}

/// Options of `payd serve`. They win over the configuration file.
#[derive(Debug, Clone, Default, Args)]
pub struct ServeOptions {
    /// Address and port to listen on [default: 127.0.0.1:8420]
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub listen: Option<SocketAddr>,
    /// How the log looks [default: text]
    #[arg(long, value_name = "FORMAT", value_parser = word_of!(LogFormat))]
    pub log_format: Option<LogFormat>,
}

/// What `payd provider` does.
#[derive(Debug, Clone, Subcommand)]
pub enum ProviderCommand {
    /// Forget the certificate that an Electrum server showed at first, when its operator has changed it
    ForgetCertificate {
        /// Host and port, like electrum.example.com:50002
        #[arg(value_name = "HOST:PORT")]
        host: String,
    },
}

/// Options of `payd backup`.
#[derive(Debug, Clone, Args)]
pub struct BackupOptions {
    /// Where to put the copies; made when it is not there
    pub directory: PathBuf,
}

/// Options of `payd prune`.
#[derive(Debug, Clone, Args)]
pub struct PruneOptions {
    /// What is older than this goes, such as 90d
    #[arg(long, value_name = "SPAN", value_parser = super::span::parse)]
    pub older_than: Duration,
    /// What goes: `attempts` of webhooks; `deliveries`, which are the webhooks with their attempts; or `events`, which are
    /// the steps of payments that are over, with both
    #[arg(long, value_name = "KIND", value_parser = word_of!(Kind), default_value = Kind::Deliveries.word())]
    pub what: Kind,
    /// Only say how much would go
    #[arg(long)]
    pub dry_run: bool,
    /// Write what goes into this file first, as gzipped JSON lines; it must not be there yet
    #[arg(long, value_name = "FILE", conflicts_with = "dry_run")]
    pub archive: Option<PathBuf>,
}

/// Options of `payd audit`.
#[derive(Debug, Clone, Args)]
pub struct AuditOptions {
    /// Only this network
    #[arg(long)]
    pub network: Option<String>,
    /// Take what is unexplained as explained, once you know what it was; no payment is changed by it
    #[arg(long)]
    pub accept: bool,
}

/// Options of `payd catch-up`.
#[derive(Debug, Clone, Args)]
pub struct CatchUpOptions {
    /// Only this network
    pub network: Option<String>,
}

/// Options of `payd completions`.
#[derive(Debug, Clone, Args)]
pub struct CompletionsOptions {
    /// The shell
    pub shell: clap_complete::Shell,
}

/// Parses a currency's code, however it is capitalised.
fn fiat() -> impl TypedValueParser<Value = Fiat> {
    PossibleValuesParser::new(Fiat::ALL.iter().map(|fiat| fiat.word()))
        .try_map(|code| code.to_ascii_uppercase().parse::<Fiat>())
}

/// What `payd rates` shows.
#[derive(Debug, Clone, Args)]
pub struct RatesOptions {
    /// Only this asset, such as BTC
    #[arg(long, value_name = "SYMBOL")]
    pub symbol: Option<String>,
    /// The currency to show prices in
    #[arg(long, value_parser = fiat(), ignore_case = true, default_value = Fiat::Usd.word())]
    pub fiat: Fiat,
}

/// `payd key ...`
#[derive(Debug, Subcommand)]
pub enum KeyCommand {
    /// Make a key; key and secret are shown once
    Add {
        /// The store it speaks for
        #[arg(long)]
        store: String,
        /// `test` for simulated chains, `live` for real money
        #[arg(long, value_parser = word_of!(Mode))]
        mode: Mode,
        /// For web pages, which everybody reads: the donation page and the widget take it, and nothing else does
        #[arg(long)]
        public: bool,
        /// What you call it
        #[arg(long, value_name = "TEXT", default_value = "")]
        label: String,
        /// From where alone it may be used: addresses and networks, such as "203.0.113.7 10.0.0.0/8"
        #[arg(long, value_name = "ADDRESSES")]
        allow: Option<AllowedNetworks>,
    },
    /// Change what a key is called, and from where it may be used
    Set {
        /// The number of the key, from `payd key list`
        id: i64,
        /// What you call it
        #[arg(long, value_name = "TEXT")]
        label: Option<String>,
        /// From where alone it may be used: addresses and networks, such as "203.0.113.7 10.0.0.0/8"; an empty text for
        /// everywhere
        #[arg(long, value_name = "ADDRESSES")]
        allow: Option<AllowedNetworks>,
    },
    /// List keys, without what is secret
    List {
        /// Only this store's
        #[arg(long)]
        store: Option<String>,
    },
    /// Make a new key of the same store and mode, and revoke the old one at once
    Rotate {
        /// The number of the old key, from `payd key list`
        id: i64,
    },
    /// End a key at once
    Revoke {
        /// The number of the key, from `payd key list`
        id: i64,
    },
}

/// `payd address ...`
#[derive(Debug, Subcommand)]
pub enum AddressCommand {
    /// Add receive addresses to a store's pool: all of them, or none when one is refused
    #[command(visible_alias = "import")]
    #[command(group = ArgGroup::new("given").required(true).args(["file", "addresses"]))]
    Add {
        /// The store
        #[arg(long)]
        store: String,
        /// The network, such as bsc
        #[arg(long)]
        network: String,
        /// A file with one address a line, and beside it a signature if you have one (# begins a comment); - reads
        /// standard input
        #[arg(long, value_name = "FILE")]
        file: Option<PathBuf>,
        /// Addresses
        #[arg(value_name = "ADDRESS")]
        addresses: Vec<String>,
    },
    /// List a store's addresses and what each is doing
    List {
        /// The store
        #[arg(long)]
        store: String,
        /// Only this network's
        #[arg(long)]
        network: Option<String>,
        /// At most so many
        #[arg(long, value_name = "N", default_value_t = 1000)]
        limit: usize,
    },
    /// Take addresses out of the pool; they stay watched, so late money still counts
    #[command(visible_alias = "retire")]
    Remove {
        /// The store
        #[arg(long)]
        store: String,
        /// The network
        #[arg(long)]
        network: String,
        /// Addresses
        #[arg(value_name = "ADDRESS", required = true)]
        addresses: Vec<String>,
    },
    /// Put addresses that were taken out of the pool back into it
    Restore {
        /// The store
        #[arg(long)]
        store: String,
        /// The network
        #[arg(long)]
        network: String,
        /// Addresses
        #[arg(value_name = "ADDRESS", required = true)]
        addresses: Vec<String>,
    },
    /// Prove that an address's key is yours: sign a text with your wallet, then give the signature
    Prove(ProveOptions),
}

/// Options of `payd address prove`.
#[derive(Debug, Clone, Args)]
pub struct ProveOptions {
    /// The store
    #[arg(long)]
    pub store: String,
    /// The network
    #[arg(long)]
    pub network: String,
    /// What the wallet made of the text; without it, the text is shown
    #[arg(long)]
    pub signature: Option<String>,
    /// Addresses; one, when there is a signature
    #[arg(value_name = "ADDRESS", required = true)]
    pub addresses: Vec<String>,
}

/// `payd wallet ...`
#[derive(Debug, Subcommand)]
pub enum WalletCommand {
    /// Set how a store receives on a network from now on; what it had before stays watched
    Set {
        /// The store
        store: String,
        /// The network, such as bsc; test-bsc for its simulated twin
        network: String,
        /// pool: addresses of the pool in turn; xpub: a fresh address for every payment, from an account's public key;
        /// shared: one address, the exact amount says whose money it is
        #[arg(value_parser = word_of!(Way))]
        way: Way,
        /// xpub: the account's extended public key (xpub..., zpub..., Ltub...) or output descriptor. shared: the address
        #[arg(value_name = "ACCOUNT|ADDRESS")]
        account: Option<String>,
        /// xpub: the child that the next payment gets [default: after the last that was given out, 0 at first]
        ///
        /// After a backup was restored, give a number beyond all children that were given out since it was made: payd no
        /// longer knows of those, and would give them out again.
        #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=0x7fff_ffff))]
        next_index: Option<u32>,
        /// shared: how many amounts of a stablecoin lie beside each other [default: 99]
        #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=9_999))]
        slots: Option<u32>,
        /// shared: how far they lie apart [default: 0.01]
        #[arg(long, value_name = "AMOUNT")]
        step: Option<String>,
    },
    /// Show how a store receives on a network: the next addresses, the gap, the amounts in use
    Show {
        /// The store
        store: String,
        /// The network
        network: String,
    },
    /// List how stores receive, and what they received with before
    List {
        /// Only this store's
        store: Option<String>,
    },
    /// Write an account's addresses that were given out as CSV: index, address, payment, whether money came
    Export {
        /// The store
        store: String,
        /// The network
        network: String,
        /// Only from this child on
        #[arg(long, value_name = "N", default_value_t = 0)]
        from_index: u32,
    },
}

/// Options of `payd capacity`.
#[derive(Debug, Clone, Args)]
pub struct CapacityOptions {
    /// Only this store
    pub store: Option<String>,
    /// Say what so many payments an hour would take
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub per_hour: Option<u32>,
}

/// `payd webhook ...`
#[derive(Debug, Subcommand)]
pub enum WebhookCommand {
    /// Add an endpoint, and show what signs for it
    Add {
        /// The store whose events it gets
        #[arg(long)]
        store: String,
        /// Where to post
        #[arg(long)]
        url: String,
        /// How posts look and are signed [default: as the store's own API has them]
        #[arg(long, value_parser = word_of!(Format))]
        format: Option<Format>,
        /// Only the payments of this API key, and of those that take its place: its number, from `payd key list`
        #[arg(long, value_name = "ID")]
        key: Option<i64>,
        /// The events to send, separated by commas [default: what the format's receivers expect]
        #[arg(long, value_name = "EVENT,...", value_delimiter = ',', value_parser = word_of!(EventKind))]
        events: Vec<EventKind>,
    },
    /// List endpoints
    List {
        /// Only this store's
        #[arg(long)]
        store: Option<String>,
    },
    /// Show the APP_KEY of a cryptopayment endpoint again; other secrets are shown once only
    Secret {
        /// The number of the endpoint, from `payd webhook list`
        id: i64,
    },
    /// Switch an endpoint off; what waits for it is not sent
    Remove {
        /// The number of the endpoint, from `payd webhook list`
        id: i64,
    },
    /// Post a made-up event to an endpoint and say what it answered
    Test {
        /// The number of the endpoint, from `payd webhook list`
        id: i64,
    },
    /// List the deliveries of a payment's events
    Deliveries {
        /// The payment's number
        #[arg(long, value_name = "PAY-...")]
        payment: String,
    },
    /// Send a delivery again, as a new one; the running daemon posts it
    #[command(group = ArgGroup::new("which").required(true).args(["delivery", "payment"]))]
    Replay {
        /// The number of the delivery, from `payd webhook deliveries`
        #[arg(value_name = "DELIVERY")]
        delivery: Option<i64>,
        /// All deliveries of this payment
        #[arg(long, value_name = "PAY-...")]
        payment: Option<String>,
    },
}
