//! The merchant's own pages in a real browser: people who are added at the command line and sign in, and what every page
//! has to be, whatever is on it.

use std::io::Write as _;
use std::process::Stdio;

use serde_json::{Value, json};

use super::browser::{Browser, Options, Scheme};
use super::daemon::{Daemon, printed};

/// What everybody's password is.
pub const PASSWORD: &str = "correct horse battery";

const PHONE: (u32, u32) = (390, 844);
const DESKTOP: (u32, u32) = (1280, 800);

/// Adds somebody whose password is [`PASSWORD`]; `role` is `owner`, `staff` or `read-only`, and no store means all.
pub fn add_user(daemon: &Daemon, name: &str, role: &str, stores: &[&str]) {
    let mut arguments = vec!["user", "add", name, "--role", role, "--password-stdin"];
    for store in stores {
        arguments.extend(["--store", *store]);
    }
    cli_with_input(daemon, &arguments, &format!("{PASSWORD}\n"));
}

/// Runs a `payd` command, which has to succeed, with this on its standard input, and gives what it printed.
pub fn cli_with_input(daemon: &Daemon, arguments: &[&str], input: &str) -> String {
    let mut command = daemon.command(arguments);
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("payd");
    let mut stdin = child.stdin.take().expect("its input");
    stdin.write_all(input.as_bytes()).expect("a command that reads");
    drop(stdin);
    let output = child.wait_with_output().expect("payd");
    printed(arguments, &output)
}

/// A browser at a daemon's dashboard.
pub struct Desk {
    /// The browser, for everything that is special to a page.
    pub browser: Browser,
    /// What the daemon's dashboard begins with; no trailing slash.
    base: String,
}

impl Desk {
    /// Starts a browser in which nobody is signed in.
    pub async fn open(daemon: &Daemon) -> Self {
        Self::open_with(daemon, Options::default()).await
    }

    /// As [`Self::open`], with a browser of another kind.
    pub async fn open_with(daemon: &Daemon, options: Options<'_>) -> Self {
        Self {
            browser: Browser::start_with(options).await,
            base: daemon.dashboard_url(""),
        }
    }

    /// Adds an owner called `ann` and signs her in.
    pub async fn of_owner(daemon: &Daemon) -> Self {
        add_user(daemon, "ann", "owner", &[]);
        let mut desk = Self::open(daemon).await;
        desk.sign_in("ann", PASSWORD).await;
        desk
    }

    /// Signs somebody in by the form, who has no second factor, and waits for the first page.
    pub async fn sign_in(&mut self, name: &str, password: &str) {
        self.type_in(name, password).await;
        self.browser.wait_for("nav.ways").await;
    }

    /// Fills the form to sign in and sends it.
    pub async fn type_in(&mut self, name: &str, password: &str) {
        self.visit("/sign-in").await;
        self.browser.fill("#name", name).await;
        self.browser.fill("#password", password).await;
        self.browser.click("form button").await;
    }

    /// Signs out by the button that stands on every page.
    pub async fn sign_out(&mut self) {
        self.browser.click("form[action='/sign-out'] button").await;
        self.browser.wait_for_url("/sign-in").await;
    }

    /// Opens a page, which has to be there.
    pub async fn visit(&mut self, path: &str) {
        assert_eq!(self.status_of(path).await, 200, "{path}");
    }

    /// Opens a page and gives its status, at the end of all redirects.
    pub async fn status_of(&mut self, path: &str) -> u64 {
        let opened = self.browser.open(&format!("{}{path}", self.base)).await;
        opened["status"].as_u64().expect("a status")
    }

    /// The path of the page that is open, with its query.
    pub async fn path(&mut self) -> String {
        let url = self.browser.url().await;
        url.strip_prefix(&self.base).unwrap_or(&url).to_owned()
    }

    /// Everything that is asked of a page as it stands: on a phone and on a desktop, light and dark, nothing is wider than
    /// its box, people can use it with whatever they use, nothing is on the console, and no other origin was asked. Leaves
    /// pictures to be looked at: `tests/shots/NAME-DEVICE-SCHEME.png`.
    pub async fn is_sound(&mut self, name: &str) {
        for (device, (width, height)) in [("phone", PHONE), ("desktop", DESKTOP)] {
            for (word, scheme) in [("light", Scheme::Light), ("dark", Scheme::Dark)] {
                self.browser.view(width, height, scheme).await;
                let what = format!("{name}-{device}-{word}");
                self.browser.screenshot(&what, true).await;
                let wide = self
                    .browser
                    .evaluate("document.documentElement.scrollWidth")
                    .await;
                assert_eq!(wide, json!(width), "{what}: the page is wider than the window");
                assert_eq!(self.browser.cut_off().await, Vec::<Value>::new(), "{what}");
                assert_eq!(self.browser.axe().await, Vec::<Value>::new(), "{what}");
            }
        }
        self.is_quiet(name).await;
    }

    /// Nothing is on the console, and no other origin was asked for anything, since the last time of asking.
    pub async fn is_quiet(&mut self, name: &str) {
        let none = Vec::<Value>::new();
        assert_eq!(self.browser.console_errors().await, none, "{name}: the console");
        assert_eq!(
            self.browser.foreign_requests().await,
            none,
            "{name}: other origins"
        );
    }

    /// Forgets what is on the console: after a page that was refused on purpose, which browsers note there.
    pub async fn forget_console(&mut self) {
        self.browser.console_errors().await;
    }
}
