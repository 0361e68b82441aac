//! The posts of channels that take one: Telegram's `sendMessage` (core.telegram.org/bots/api), ntfy's publishing as JSON
//! (docs.ntfy.sh/publish), and a post of payd's own, signed as Standard Webhooks are (standardwebhooks.com).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Map, Value, json};
use sha2::Sha256;

use super::Said;
use crate::domain::notice::{Destination, Notice};
use crate::domain::time::UnixMillis;
use crate::outbox::format::{Post, SECRET_PREFIX};

/// The longest message that Telegram takes, in characters.
const TELEGRAM_LENGTH_MAX: usize = 4096;

/// Where to, and what; `None` where the destination takes no post or its secret is none.
pub(super) fn of(
    destination: &Destination,
    notice: &Notice,
    said: &Said,
    now: UnixMillis,
) -> Option<(String, Post)> {
    match destination {
        Destination::Email { .. } => None,
        Destination::Telegram { server, token, chat } => {
            let text: String = format!("{}\n\n{}", said.title, said.text)
                .chars()
                .take(TELEGRAM_LENGTH_MAX)
                .collect();
            let body = json!({ "chat_id": chat, "text": text, "disable_web_page_preview": true });
            Some((
                format!("{server}/bot{token}/sendMessage"),
                post(&body, Vec::new())?,
            ))
        }
        Destination::Ntfy { server, topic, token } => {
            let priority = if notice.topic.is_alarm() { 5 } else { 3 };
            let body =
                json!({ "topic": topic, "title": said.title, "message": said.text, "priority": priority });
            let mut headers = Vec::new();
            if !token.is_empty() {
                headers.push(("authorization", format!("Bearer {token}")));
            }
            Some((format!("{server}/"), post(&body, headers)?))
        }
        Destination::Webhook { url, secret } => {
            let facts: Map<String, Value> = notice
                .facts
                .iter()
                .map(|(name, value)| (name.clone(), Value::from(value.as_str())))
                .collect();
            let body = json!({
                "type": format!("notice.{}", notice.topic),
                "title": said.title,
                "text": said.text,
                "subject": notice.subject,
                "facts": facts,
                "timestamp": notice.made_at.seconds(),
            });
            let id = format!("notice_{}_{}", notice.channel, notice.id);
            let mut signed = post(&body, Vec::new())?;
            signed.headers.extend(signature(secret, &id, now, &signed.body)?);
            Some((url.clone(), signed))
        }
    }
}

fn post(body: &Value, mut headers: Vec<(&'static str, String)>) -> Option<Post> {
    headers.push(("content-type", "application/json".to_owned()));
    Some(Post {
        headers,
        body: serde_json::to_vec(body).ok()?,
    })
}

fn signature(secret: &str, id: &str, now: UnixMillis, body: &[u8]) -> Option<[(&'static str, String); 3]> {
    let key = STANDARD.decode(secret.strip_prefix(SECRET_PREFIX)?).ok()?;
    let at = now.seconds();
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).ok()?;
    mac.update(format!("{id}.{at}.").as_bytes());
    mac.update(body);
    let signature = STANDARD.encode(mac.finalize().into_bytes());
    Some([
        ("webhook-id", id.to_owned()),
        ("webhook-timestamp", at.to_string()),
        ("webhook-signature", format!("v1,{signature}")),
    ])
}
