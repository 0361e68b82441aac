//! Pages inside a frame of another site: who may show them, and what they tell the page around them.
//!
//! # The protocol of the embedded pages
//!
//! A payment whose origin is the widget or the donation page may be shown in a frame: a widget's by the shop's allowed
//! origins, a donation by any web site. All other payments are shown in no frame. A frame is opened on the payment's
//! own URL (`/pay/..` or `/pay/select?token=..`) with `embed=1` and `origin=` the origin of the page around it, exactly as
//! that page's `location.origin` writes it, percent-encoded:
//!
//! ```text
//! /pay/<token>?embed=1&origin=https%3A%2F%2Fshop.example&lang=de
//! ```
//!
//! `embed`, `origin` and `lang` are kept through the whole flow. With `embed=1` the layout is compact and nothing leaves
//! by itself: links back to the shop open in place of the page around (`target="_top"`).
//!
//! If `origin` may frame the payment, and the page does stand in a frame, it posts messages to that very origin, never
//! to `*`. (`assets/checkout/embed.js` sends them.) The page around checks `event.origin` against payd's own origin and
//! `event.source` against the frame's window.
//!
//! ```text
//! { source: "payd", type: "status" | "success" | "close", payment: {
//!     payment_id: "8f4e1c5b-..",  // the UUID
//!     order_id:   "1042" | null,
//!     status:     "selecting" | "queued" | "pending" | "confirming" | "completed" | "overpaid" | "underpaid" | "expired",
//!     tx_hash:    "0x.." | null,
//!     amount:     "50.07" | null,       // a decimal number as text; null until the customer is told to pay it
//!     currency:   "USDT_TRC20" | null } // as amount
//! }
//! ```
//!
//! - `status`: each time a page of the flow is loaded, and after each change of what `payment` holds.
//! - `success`: after the `status` that first says `completed` or `overpaid`; again after each load of such a page, so
//!   that the page around counts the first alone. It proves nothing: what is delivered is decided by the webhook.
//! - `close`: the customer wants the frame closed (the button, or the Escape key).
//!
//! The page around can post `{ source: "payd", type: "close" }` to payd's origin: the answer is `close` with the payment as
//! it stands, and nothing after it. One that has a button to close by itself can post the type `has-close`: the page's own
//! goes away. The embedded page listens to nothing else, and to no other origin or window.

use axum::http::HeaderValue;
use axum::http::header::{CONTENT_SECURITY_POLICY, HeaderMap, X_FRAME_OPTIONS};
use serde::Serialize;
use url::Url;

use super::figure::significant;
use crate::domain::status::Status;
use crate::engine::gateway::PaymentView;

/// The longest origin that is looked at: a host name has at most 253 characters.
const ORIGIN_BYTES_MAX: usize = 300;

/// Nothing is loaded from elsewhere, nothing runs that is not a file of payd's own.
const CONTENT_POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; \
                              connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors ";

/// Who may show a page in a frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Framing {
    /// Nobody.
    Nobody,
    /// The pages of these origins; there is at least one.
    Origins(Vec<String>),
    /// Every web site.
    AnySite,
}

impl Framing {
    /// By these origins and no other. What is not exactly an origin, as browsers write it, is left out: it would end up in a
    /// header.
    pub(super) fn only(origins: Vec<String>) -> Self {
        let origins: Vec<String> = origins.into_iter().filter(|text| is_origin(text)).collect();
        if origins.is_empty() {
            return Self::Nobody;
        }
        Self::Origins(origins)
    }

    /// Whether a page of this origin may show it.
    pub(super) fn allows(&self, origin: &str) -> bool {
        match self {
            Self::Nobody => false,
            Self::Origins(origins) => origins.iter().any(|allowed| allowed == origin),
            Self::AnySite => is_origin(origin),
        }
    }

    /// Writes the policy into an answer's headers.
    pub(super) fn write(&self, headers: &mut HeaderMap) {
        let ancestors = match self {
            Self::Nobody => "'none'".to_owned(),
            Self::Origins(origins) => origins.join(" "),
            Self::AnySite => "https: http:".to_owned(),
        };
        let closed = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");
        let policy = HeaderValue::from_str(&format!("{CONTENT_POLICY}{ancestors}")).unwrap_or(closed);
        headers.insert(CONTENT_SECURITY_POLICY, policy);
        // It knows no list: what may be framed by some is left to the policy alone.
        if *self == Self::Nobody {
            headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
        } else {
            headers.remove(X_FRAME_OPTIONS);
        }
    }
}

/// Whether a text is the origin of a web page exactly as browsers write it: `https://shop.example`.
pub(super) fn is_origin(text: &str) -> bool {
    // A URL's host may hold more than that; a policy's words are parted by it.
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-_:/[]".contains(&byte);
    text.len() <= ORIGIN_BYTES_MAX
        && text.bytes().all(is_plain)
        && Url::parse(text).is_ok_and(|url| {
            matches!(url.scheme(), "http" | "https") && url.origin().ascii_serialization() == text
        })
}

/// What the page around is told of a payment. The words are those of the widget's own API.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Told<'a> {
    payment_id: &'a str,
    order_id: Option<&'a str>,
    status: &'static str,
    tx_hash: Option<&'a str>,
    amount: Option<String>,
    currency: Option<&'a str>,
}

impl<'a> Told<'a> {
    /// What is told of a payment as it stands.
    pub(super) fn of(view: &'a PaymentView) -> Self {
        let (payment, asked) = (&view.payment, view.asked());
        Self {
            payment_id: payment.uuid.as_str(),
            order_id: Some(payment.order.external_id.as_str()).filter(|id| !id.is_empty()),
            status: match payment.status {
                Status::Selecting => "selecting",
                Status::Queued => "queued",
                Status::Pending => "pending",
                Status::Confirming => "confirming",
                Status::Paid if view.is_overpaid() => "overpaid",
                Status::Paid => "completed",
                Status::Underpaid => "underpaid",
                Status::Expired | Status::Cancelled | Status::Failed => "expired",
            },
            tx_hash: payment.progress.latest.as_ref().map(|latest| &*latest.txid),
            amount: asked.map(|asked| significant(asked.means.asset.show(asked.ask.due))),
            currency: asked.map(|asked| asked.means.code.as_str()),
        }
    }

    /// The JSON text. Equal facts have equal texts.
    pub(super) fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(framing: &Framing) -> HeaderMap {
        let mut headers = HeaderMap::new();
        framing.write(&mut headers);
        headers
    }

    fn ancestors(framing: &Framing) -> String {
        let policy = headers(framing)[CONTENT_SECURITY_POLICY]
            .to_str()
            .unwrap()
            .to_owned();
        policy.split_once("frame-ancestors ").unwrap().1.to_owned()
    }

    #[test]
    fn only_what_a_browser_calls_an_origin_is_one() {
        for origin in [
            "https://shop.example",
            "http://localhost:3000",
            "http://[::1]:8080",
            "https://xn--mnchen-3ya.example",
        ] {
            assert!(is_origin(origin), "{origin}");
        }
        let long = format!("https://{}.example", "a".repeat(400));
        for text in [
            "",
            "*",
            "null",
            "https://shop.example/",
            "https://shop.example:443",
            "https://SHOP.example",
            "https://shop.example https://evil.example",
            "https://shop.example; script-src *",
            "https://user@shop.example",
            "https://*.shop.example",
            "https://shop.example;script-src",
            "https://shop.example,*",
            "ftp://shop.example",
            "data:text/html,x",
            "shop.example",
            &long,
        ] {
            assert!(!is_origin(text), "{text}");
        }
    }

    #[test]
    fn the_policy_names_who_may_frame_a_page_and_an_older_header_does_not_contradict_it() {
        assert_eq!(ancestors(&Framing::Nobody), "'none'");
        assert_eq!(headers(&Framing::Nobody)[X_FRAME_OPTIONS], "DENY");
        let shops = Framing::only(vec![
            "https://shop.example".to_owned(),
            "https://x; script-src *".to_owned(),
            "http://localhost:3000".to_owned(),
        ]);
        assert_eq!(ancestors(&shops), "https://shop.example http://localhost:3000");
        assert_eq!(ancestors(&Framing::AnySite), "https: http:");
        for framing in [shops, Framing::AnySite] {
            assert!(!headers(&framing).contains_key(X_FRAME_OPTIONS));
        }
    }

    #[test]
    fn only_who_may_frame_a_page_is_told_of_it() {
        let shops = Framing::only(vec!["https://shop.example".to_owned()]);
        assert!(shops.allows("https://shop.example"));
        assert!(!shops.allows("https://evil.example") && !shops.allows("http://shop.example"));
        assert!(Framing::AnySite.allows("https://blog.example") && !Framing::AnySite.allows("*"));
        assert!(!Framing::Nobody.allows("https://shop.example"));
        assert_eq!(
            Framing::only(vec!["*".to_owned(), String::new()]),
            Framing::Nobody
        );
    }
}
