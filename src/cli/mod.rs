//! The command line. Every command opens the database itself, so that it works whether or not the daemon runs.
//!
//! Knows no rules of payments: those are the engine's. A command parses, calls, and says what came of it.

pub mod actor;
pub mod address;
pub mod address_file;
pub mod args;
pub mod audit;
pub mod backup;
pub mod capacity;
pub mod catch_up;
pub mod check;
pub mod confirmations;
pub mod doctor;
pub mod donation;
pub mod inbox;
pub mod key;
pub mod network;
pub mod output;
pub mod password;
pub mod payment;
pub mod payment_show;
pub mod plain;
pub mod progress;
pub mod prove;
pub mod provider;
pub mod prune;
pub mod rates;
pub mod serve;
pub mod session;
pub mod span;
pub mod store;
pub mod store_accept;
pub mod store_rate;
pub mod systemd;
#[cfg(test)]
mod tests;
pub mod user;
pub mod wallet;
pub mod wallet_show;
pub mod webhook;
pub mod widget;
pub mod wiring;

use std::ffi::OsString;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{CommandFactory as _, Parser as _};
use serde_json::json;

use args::{Cli, Command, Globals};
use output::Output;
use session::Session;

/// Parses the arguments, runs the command, and gives back the exit code: 0 when it did its work, 1 when not, 2
/// when it was called wrongly.
#[must_use]
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let cli = match Cli::try_parse_from(&arguments) {
        Ok(cli) => cli,
        Err(error) => return wrong_usage(&error, &arguments),
    };
    let as_json = cli.globals.json;
    match run(cli) {
        Ok(output) => {
            output.print(as_json);
            ExitCode::from(u8::from(output.is_bad_news))
        }
        Err(error) => {
            output::print_error(&error, as_json);
            ExitCode::FAILURE
        }
    }
}

fn wrong_usage(error: &clap::Error, arguments: &[OsString]) -> ExitCode {
    if error.use_stderr() && arguments.iter().any(|argument| argument == "--json") {
        let text = error.render().to_string();
        eprintln!(
            "{}",
            json!({ "error": text.trim_start_matches("error: ").trim_end() })
        );
    } else {
        // Nothing is left to say when the terminal is gone.
        let _ = error.print();
    }
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
}

fn run(cli: Cli) -> anyhow::Result<Output> {
    let Cli { globals, command } = cli;
    let as_json = globals.json;
    match command {
        Command::Serve(options) => {
            let mut runtime = tokio::runtime::Builder::new_multi_thread();
            let runtime = runtime.enable_all().build().context("cannot start")?;
            runtime.block_on(wiring::serve(&globals, options))?;
            Ok(Output::default())
        }
        Command::Check => check::run(&globals),
        Command::Backup(options) => backup::run(&globals, &options),
        Command::Prune(options) => in_runtime(with_session(globals, async |session| {
            prune::run(session, &options).await
        })),
        Command::Systemd => systemd::run(),
        Command::Completions(options) => {
            let mut script = Vec::new();
            clap_complete::generate(options.shell, &mut Cli::command(), "payd", &mut script);
            let script = String::from_utf8(script).context("the completions are not text")?;
            Ok(Output::new(script.clone(), json!({ "script": script })))
        }
        Command::Rates(options) => in_runtime(async move { rates::run(&globals, &options).await }),
        Command::Doctor => in_runtime(async move { doctor::run(&globals).await }),
        Command::Store(command) => in_runtime(with_session(globals, async |session| {
            store::run(session, command).await
        })),
        Command::Key(command) => in_runtime(with_session(globals, async |session| {
            key::run(session, command).await
        })),
        Command::Address(command) => in_runtime(with_session(globals, async |session| {
            address::run(session, command).await
        })),
        Command::Audit(options) => in_runtime(with_session(globals, async |session| {
            audit::run(session, &options, as_json).await
        })),
        Command::CatchUp(options) => in_runtime(with_session(globals, async |session| {
            catch_up::run(session, &options, as_json).await
        })),
        Command::Wallet(command) => in_runtime(with_session(globals, async |session| {
            wallet::run(session, command).await
        })),
        Command::Capacity(options) => in_runtime(with_session(globals, async |session| {
            capacity::run(session, options).await
        })),
        Command::Webhook(command) => in_runtime(with_session(globals, async |session| {
            webhook::run(session, command).await
        })),
        Command::Widget(command) => in_runtime(with_session(globals, async |session| {
            widget::run(session, command).await
        })),
        Command::Payment(command) => in_runtime(with_session(globals, async |session| {
            payment::run(session, command).await
        })),
        Command::Donation(command) => in_runtime(with_session(globals, async |session| {
            donation::run(session, command).await
        })),
        Command::Network(command) => in_runtime(with_session(globals, async |session| {
            network::run(session, command).await
        })),
        Command::Provider(command) => in_runtime(with_session(globals, async |session| {
            provider::run(session, command).await
        })),
        Command::Inbox(command) => in_runtime(with_session(globals, async |session| {
            inbox::run(session, command).await
        })),
        Command::User(command) => in_runtime(with_session(globals, async |session| {
            user::run(session, command).await
        })),
        Command::SetupLink => in_runtime(with_session(globals, async |session| {
            user::setup_link(session).await
        })),
        Command::AuditLog(options) => in_runtime(with_session(globals, async |session| {
            inbox::audit_log(session, options).await
        })),
    }
}

fn in_runtime(work: impl Future<Output = anyhow::Result<Output>>) -> anyhow::Result<Output> {
    log_warnings();
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = runtime.enable_all().build().context("cannot start")?;
    runtime.block_on(work)
}

async fn with_session(
    globals: Globals,
    work: impl AsyncFnOnce(&Session) -> anyhow::Result<Output>,
) -> anyhow::Result<Output> {
    let session = Session::open(&globals)?;
    let outcome = work(&session).await;
    session.close().await;
    outcome
}

/// What the floors below log as a warning or worse goes to the error output.
fn log_warnings() {
    let is_terminal = std::io::IsTerminal::is_terminal(&std::io::stderr());
    let subscriber = tracing_subscriber::fmt()
        .with_writer(move || plain::OneLine::new(std::io::stderr(), is_terminal))
        .with_ansi(is_terminal)
        .with_max_level(tracing::Level::WARN)
        .without_time()
        .with_target(false);
    // It fails only when a subscriber is there already, which is as good.
    let _ = subscriber.try_init();
}
