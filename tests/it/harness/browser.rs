//! A real browser, driven over a line protocol by `tests/node/browser.mjs`.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

use super::node_dir;

/// A running browser with one page. It refuses and records requests to any origin but the opened page's own.
pub struct Browser {
    driver: Child,
    commands: Option<ChildStdin>,
    answers: Lines<BufReader<ChildStdout>>,
    _profile: TempDir,
}

/// How a page is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// Dark letters on light ground.
    Light,
    /// Light letters on dark ground.
    Dark,
}

/// What the browser is set up as.
#[derive(Debug, Clone, Copy)]
pub struct Options<'a> {
    /// Whether pages may run scripts.
    pub javascript: bool,
    /// The language it asks for, such as `en-GB`.
    pub locale: &'a str,
    /// Pixels of a picture to a CSS pixel, each way.
    pub scale: u32,
}

impl Default for Options<'_> {
    fn default() -> Self {
        Self {
            javascript: true,
            locale: "en-GB",
            scale: 1,
        }
    }
}

impl Browser {
    /// Starts a browser that speaks English and runs scripts.
    pub async fn start() -> Self {
        Self::start_with(Options::default()).await
    }

    /// Starts a browser of another kind.
    pub async fn start_with(options: Options<'_>) -> Self {
        let chromium = std::env::var("CHROMIUM").unwrap_or_else(|_| "/usr/bin/chromium".to_owned());
        let profile = tempfile::tempdir().expect("a temporary folder");
        let mut driver = Command::new("node")
            .arg(node_dir().join("browser.mjs"))
            .arg(chromium)
            .arg(profile.path())
            .args([if options.javascript { "on" } else { "off" }, options.locale])
            .arg(options.scale.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("node, which `tests/run` needs");
        let commands = driver.stdin.take();
        let answers = BufReader::new(driver.stdout.take().expect("its output")).lines();
        let mut browser = Self {
            driver,
            commands,
            answers,
            _profile: profile,
        };
        assert_eq!(browser.answer().await, Ok(json!("ready")));
        browser
    }

    /// Opens a URL and gives the answer's `status` and `headers`.
    pub async fn open(&mut self, url: &str) -> Value {
        self.order(json!({ "do": "open", "url": url })).await
    }

    /// Lets the page leave for this URL's origin too.
    pub async fn allow(&mut self, origin: &str) {
        self.order(json!({ "do": "allow", "origin": origin })).await;
    }

    /// Lets every page reach these origins too, such as those of what stands in a frame.
    pub async fn keep_allowed(&mut self, origins: &[&str]) {
        self.order(json!({ "do": "keep_allowed", "origins": origins }))
            .await;
    }

    /// Clicks what the selector finds in the frame that the other selector finds.
    pub async fn click_in_frame(&mut self, frame: &str, selector: &str) {
        self.order(json!({ "do": "click_in_frame", "frame": frame, "selector": selector }))
            .await;
    }

    /// Waits until the selector finds something in the frame that the other selector finds.
    pub async fn wait_in_frame(&mut self, frame: &str, selector: &str) {
        self.order(json!({ "do": "wait_in_frame", "frame": frame, "selector": selector }))
            .await;
    }

    /// Loads the page again.
    pub async fn reload(&mut self) {
        self.order(json!({ "do": "reload" })).await;
    }

    /// Where the page is.
    pub async fn url(&mut self) -> String {
        self.text_order(json!({ "do": "url" })).await
    }

    /// The page as it stands in the browser.
    pub async fn html(&mut self) -> String {
        self.text_order(json!({ "do": "html" })).await
    }

    /// Clicks what the CSS selector finds, once it is there and can be clicked.
    pub async fn click(&mut self, selector: &str) {
        self.order(json!({ "do": "click", "selector": selector })).await;
    }

    /// Writes into a field.
    pub async fn fill(&mut self, selector: &str, text: &str) {
        self.order(json!({ "do": "fill", "selector": selector, "text": text }))
            .await;
    }

    /// Chooses an option of a list by its value.
    pub async fn select(&mut self, selector: &str, value: &str) {
        self.order(json!({ "do": "select", "selector": selector, "value": value }))
            .await;
    }

    /// Presses a key, such as `Tab` or `Enter`.
    pub async fn press(&mut self, selector: &str, key: &str) {
        self.order(json!({ "do": "press", "selector": selector, "key": key }))
            .await;
    }

    /// The text that a person sees there.
    pub async fn text(&mut self, selector: &str) -> String {
        self.text_order(json!({ "do": "text", "selector": selector }))
            .await
    }

    /// An attribute's value, if it is there.
    pub async fn attribute(&mut self, selector: &str, name: &str) -> Option<String> {
        let value = self
            .order(json!({ "do": "attribute", "selector": selector, "name": name }))
            .await;
        value.as_str().map(str::to_owned)
    }

    /// How many elements the selector finds.
    pub async fn count(&mut self, selector: &str) -> u64 {
        self.order(json!({ "do": "count", "selector": selector }))
            .await
            .as_u64()
            .expect("a number")
    }

    /// Whether a person can see it.
    pub async fn is_visible(&mut self, selector: &str) -> bool {
        self.order(json!({ "do": "visible", "selector": selector })).await == json!(true)
    }

    /// Waits until this text can be seen.
    pub async fn wait_for_text(&mut self, text: &str) {
        self.order(json!({ "do": "wait_for_text", "text": text })).await;
    }

    /// Waits until the selector finds something that can be seen.
    pub async fn wait_for(&mut self, selector: &str) {
        self.order(json!({ "do": "wait_for", "selector": selector }))
            .await;
    }

    /// Waits until the page is at a URL with this in it.
    pub async fn wait_for_url(&mut self, part: &str) {
        self.order(json!({ "do": "wait_for_url", "part": part })).await;
    }

    /// Changes the size of the window, in CSS pixels, and the colour scheme that is asked for.
    pub async fn view(&mut self, width: u32, height: u32, scheme: Scheme) {
        let scheme = match scheme {
            Scheme::Light => "light",
            Scheme::Dark => "dark",
        };
        self.order(json!({ "do": "view", "width": width, "height": height, "scheme": scheme }))
            .await;
    }

    /// Takes a picture of the window, or of the whole page, into `tests/shots/NAME.png`.
    pub async fn screenshot(&mut self, name: &str, full_page: bool) -> PathBuf {
        let path = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/shots"));
        self.picture(path.join(format!("{name}.png")), full_page).await
    }

    /// As [`Self::screenshot`], into this file.
    pub async fn picture(&mut self, path: PathBuf, full_page: bool) -> PathBuf {
        self.order(json!({ "do": "screenshot", "path": path, "full_page": full_page }))
            .await;
        path
    }

    /// The value of a JavaScript expression in the page.
    pub async fn evaluate(&mut self, expression: &str) -> Value {
        self.order(json!({ "do": "evaluate", "expression": expression }))
            .await
    }

    /// Runs a script in every page that is loaded from now on, before its own.
    pub async fn at_every_load(&mut self, script: &str) {
        self.order(json!({ "do": "at_every_load", "script": script }))
            .await;
    }

    /// Asks for the expression's value until it is true.
    ///
    /// # Panics
    /// When it has not become true within the rig's limit.
    pub async fn wait_for_truth(&mut self, expression: &str) {
        let browser = tokio::sync::Mutex::new(self);
        super::wait_until(expression, || async {
            let is_true = browser.lock().await.evaluate(expression).await == json!(true);
            is_true.then_some(())
        })
        .await;
    }

    /// The accessibility rules that the page breaks: `id`, `impact`, `help` and the `nodes`.
    pub async fn axe(&mut self) -> Vec<Value> {
        self.list_order(json!({ "do": "axe" })).await
    }

    /// What is wider than its box or the window, in frames too: texts that are cut off, pages that move sideways.
    pub async fn overflowing(&mut self) -> Vec<Value> {
        self.list_order(json!({ "do": "overflowing" })).await
    }

    /// As [`Self::overflowing`], but for boxes that can be moved sideways by themselves, such as wide tables.
    pub async fn cut_off(&mut self) -> Vec<Value> {
        self.list_order(json!({ "do": "overflowing", "scrolling": true }))
            .await
    }

    /// Presses a key, wherever the focus is.
    pub async fn key(&mut self, key: &str) {
        self.order(json!({ "do": "key", "key": key })).await;
    }

    /// The text that a person sees inside a frame.
    pub async fn text_in_frame(&mut self, frame: &str, selector: &str) -> String {
        self.text_order(json!({ "do": "text_in_frame", "frame": frame, "selector": selector }))
            .await
    }

    /// The value of a JavaScript expression inside a frame.
    pub async fn evaluate_in_frame(&mut self, frame: &str, expression: &str) -> Value {
        self.order(json!({ "do": "evaluate_in_frame", "frame": frame, "expression": expression }))
            .await
    }

    /// What pages said on the console since the last time of asking: `kind: text`.
    pub async fn console_log(&mut self) -> Vec<Value> {
        self.list_order(json!({ "do": "console_log" })).await
    }

    /// What pages asked the person in a box of its own (`alert`) since the last time of asking.
    pub async fn dialogs(&mut self) -> Vec<Value> {
        self.list_order(json!({ "do": "dialogs" })).await
    }

    /// The errors on the page's console since the last time of asking.
    pub async fn console_errors(&mut self) -> Vec<Value> {
        self.list_order(json!({ "do": "console_errors" })).await
    }

    /// The URLs of other origins that the page wanted since the last time of asking.
    pub async fn foreign_requests(&mut self) -> Vec<Value> {
        self.list_order(json!({ "do": "foreign_requests" })).await
    }

    /// Gives an order that may fail; the error is the driver's.
    pub async fn try_order(&mut self, order: Value) -> Result<Value, String> {
        let line = format!("{order}\n");
        self.commands
            .as_mut()
            .expect("an open line")
            .write_all(line.as_bytes())
            .await
            .expect("a driver");
        self.answer().await
    }

    async fn order(&mut self, order: Value) -> Value {
        let what = order.to_string();
        self.try_order(order)
            .await
            .unwrap_or_else(|error| panic!("{what}: {error}"))
    }

    async fn text_order(&mut self, order: Value) -> String {
        self.order(order).await.as_str().expect("a text").to_owned()
    }

    async fn list_order(&mut self, order: Value) -> Vec<Value> {
        self.order(order).await.as_array().expect("a list").clone()
    }

    async fn answer(&mut self) -> Result<Value, String> {
        let line = tokio::time::timeout(super::WAIT_MAX * 2, self.answers.next_line()).await;
        let line = line.expect("an answer from the browser in time").expect("a line");
        let line = line.expect("a browser driver that runs; `tests/run` installs what it needs");
        let mut answer: Value = serde_json::from_str(&line).expect("JSON");
        match answer["error"].as_str() {
            Some(error) => Err(error.to_owned()),
            None => Ok(answer["ok"].take()),
        }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // The end of its input ends the driver, which closes the browser in good order. A driver that does not end
        // is killed; the browser ends with the pipe between them.
        self.commands = None;
        let started = Instant::now();
        while started.elapsed() < Duration::from_secs(10) && matches!(self.driver.try_wait(), Ok(None)) {
            // The profile's folder can be removed only when the process is gone, and `drop` cannot await that.
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}
