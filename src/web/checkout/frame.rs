//! What the pages have in common: the frame around each, and the head that says whose payment it is.

use super::base_path;
use super::manner::Manner;
use super::page::{Shown, price};
use crate::engine::gateway::PaymentView;
use crate::web::assets;
use crate::web::brand::Look;
use crate::web::text::{self, Language};

/// What every page has: head and foot.
pub(in crate::web) struct Frame {
    pub(in crate::web) t: &'static Language,
    pub(in crate::web) title: String,
    pub(in crate::web) style: String,
    pub(in crate::web) script: String,
    pub(in crate::web) icon: String,
    /// Each by its code, its own name and a URL of the same page in it.
    pub(in crate::web) languages: Vec<(&'static str, String, String)>,
    /// How the store whose page it is wants it to look.
    pub(in crate::web) brand: Look,
    /// What a page without JavaScript loads after a while.
    pub(in crate::web) refresh: Option<Refresh>,
    /// Whether the page stands in a frame of another.
    pub(in crate::web) is_embedded: bool,
    /// The page around that is told what becomes of the payment.
    pub(in crate::web) parent: Option<Parent>,
}

/// What is loaded after a while.
pub(in crate::web) struct Refresh {
    pub(in crate::web) seconds: u32,
    pub(in crate::web) url: String,
}

/// The page around.
pub(in crate::web) struct Parent {
    pub(in crate::web) origin: String,
    /// The script that speaks with it.
    pub(in crate::web) script: String,
}

impl Frame {
    /// The frame of a page below `base`. Its languages are links to the same path.
    pub(in crate::web) fn new(language: &'static Language, base: &str, title: String) -> Self {
        Self {
            t: language,
            title,
            style: asset(base, "checkout/checkout.css"),
            script: asset(base, "checkout/checkout.js"),
            icon: asset(base, "checkout/favicon.svg"),
            languages: languages(|code| format!("?lang={code}")),
            brand: Look::default(),
            refresh: None,
            is_embedded: false,
            parent: None,
        }
    }

    /// The frame of a payment's page, of which `link` gives the URL in a manner.
    pub(super) fn of_payment(
        view: &PaymentView,
        shown: &Shown<'_>,
        title: String,
        link: impl Fn(&Manner) -> String,
    ) -> Self {
        let base = base_path(shown.public_url);
        let in_language = |code| link(&shown.manner.in_language(code));
        let may_be_told = |origin: &&String| shown.framing.allows(origin);
        Self {
            is_embedded: shown.is_embedded(),
            brand: Look::of(&view.shop, base),
            parent: shown
                .manner
                .parent
                .as_ref()
                .filter(may_be_told)
                .map(|origin| Parent {
                    origin: origin.clone(),
                    script: asset(base, "checkout/embed.js"),
                }),
            languages: languages(in_language),
            ..Self::new(shown.language, base, title)
        }
    }
}

/// Every language with what `link` gives for its code.
pub(super) fn languages(link: impl Fn(&'static str) -> String) -> Vec<(&'static str, String, String)> {
    let entry = |language: &'static Language| {
        let code = language.code();
        (code, language.name().to_owned(), link(code))
    };
    text::languages().map(entry).collect()
}

fn asset(base: &str, file: &str) -> String {
    format!("{base}{}", assets::path(file))
}

/// Whose payment it is, and for what.
pub(super) struct Head {
    pub(super) shop: String,
    pub(super) order: Option<String>,
    pub(super) description: Option<String>,
    pub(super) price_label: String,
    pub(super) price: String,
}

impl Head {
    /// The head of a payment's page.
    pub(super) fn of(t: &Language, view: &PaymentView) -> Self {
        let (shop, order) = (&view.shop.name, &view.payment.order);
        let has = |text: &str| !text.is_empty();
        Self {
            order: has(&order.external_id)
                .then(|| t.say_with("order", &[("id", order.external_id.as_str().into())])),
            description: has(&order.description).then(|| order.description.clone()),
            price_label: t.say("price-label"),
            price: price(t, view),
            shop: shop.clone(),
        }
    }
}
