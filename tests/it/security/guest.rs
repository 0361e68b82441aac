//! Somebody at the dashboard with a client that is no browser: keeps cookies, sends forms with their proof.

use std::collections::BTreeMap;

use crate::harness::daemon::Daemon;
use crate::harness::http;

/// A page as it came.
pub struct Page {
    /// The status.
    pub status: u16,
    /// The headers, names in small letters.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub text: String,
}

impl Page {
    /// A header's value; empty where it is not there.
    pub fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value)
    }

    /// What stands between two texts, the first of which has to be there.
    pub fn between(&self, before: &str, after: &str) -> &str {
        let (_, rest) = self
            .text
            .split_once(before)
            .unwrap_or_else(|| panic!("no {before} in {}", self.text));
        rest.split(after).next().unwrap()
    }
}

/// Somebody at the dashboard.
pub struct Guest {
    base: String,
    http: reqwest::Client,
    /// By name.
    pub cookies: BTreeMap<String, String>,
    csrf: String,
}

impl Guest {
    /// Somebody who is not signed in.
    pub fn stranger(daemon: &Daemon) -> Self {
        Self {
            base: daemon.dashboard_url(""),
            http: http::client(),
            cookies: BTreeMap::new(),
            csrf: String::new(),
        }
    }

    /// Signs in.
    pub async fn sign_in(&mut self, name: &str, password: &str) -> Page {
        self.get("/sign-in").await;
        self.post("/sign-in", &[("name", name), ("password", password)])
            .await
    }

    /// Opens a page.
    pub async fn get(&mut self, path: &str) -> Page {
        self.send("GET", path, &[], String::new()).await
    }

    /// Sends a form, with the proof of the page that was open before.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(fields).append_pair("csrf", &self.csrf);
        let kind = ("content-type", "application/x-www-form-urlencoded");
        self.send("POST", path, &[kind], form.finish()).await
    }

    /// Sends anything.
    pub async fn send(&mut self, method: &str, path: &str, headers: &[(&str, &str)], body: String) -> Page {
        let url = format!("{}{path}", self.base);
        let mut request = self.http.request(method.parse().unwrap(), url).body(body);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let kept = self.cookies.iter().map(|(name, value)| format!("{name}={value}"));
        request = request.header("cookie", kept.collect::<Vec<_>>().join("; "));
        let reply = request.send().await.unwrap();
        let status = reply.status().as_u16();
        let headers: Vec<(String, String)> = reply
            .headers()
            .iter()
            .map(|(name, value)| {
                let value = String::from_utf8_lossy(value.as_bytes());
                (name.to_string(), value.into_owned())
            })
            .collect();
        for (_, set) in headers.iter().filter(|(name, _)| name == "set-cookie") {
            let (name, value) = set.split(';').next().unwrap().split_once('=').unwrap();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        let text = String::from_utf8_lossy(&reply.bytes().await.unwrap()).into_owned();
        if let Some((_, rest)) = text.split_once("name=\"csrf\" value=\"") {
            self.csrf = rest.split('"').next().unwrap().to_owned();
        }
        Page {
            status,
            headers,
            text,
        }
    }
}

/// The local pages that a page leads to.
pub fn links(text: &str) -> Vec<String> {
    let found = text.split("href=\"/").skip(1);
    let paths = found.map(|rest| format!("/{}", rest.split(['"', '#']).next().unwrap()));
    paths
        .map(|path| path.replace("&amp;", "&").replace("&#38;", "&"))
        .filter(|path| !path.starts_with("//"))
        .collect()
}
