//! What the URL of a donation page says of its looks: what the donate widget, or whoever links to the page, wants to be
//! different from what the store has set. Pure. Nothing of it is believed further than text on a page goes.

use url::Url;
use url::form_urlencoded::Serializer;

use super::gift::{bounded, lines, money};
use crate::domain::donation::DonationPage;
use crate::domain::money::FiatAmount;
use crate::web::colour::Colour;
use crate::web::text::{self, Language};

/// Amounts to choose from that a page can show.
const PRESETS_MAX: usize = 10;

/// Characters of a text that can replace the store's.
const TEXT_LENGTH_MAX: usize = 300;

/// Longer than any origin.
const ORIGIN_BYTES_MAX: usize = 300;

/// Longer than any language tag.
const LANGUAGE_BYTES_MAX: usize = 35;

/// The parameters, as they were sent; kept in the page's own links and in its form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Look {
    lang: Option<String>,
    amounts: Option<String>,
    text: Option<String>,
    color: Option<String>,
    embed: Option<String>,
    origin: Option<String>,
}

impl Look {
    /// Takes a parameter; false when it is none of these. The first of a name counts.
    pub(super) fn take(&mut self, name: &str, value: &str) -> bool {
        let field = match name {
            "lang" => &mut self.lang,
            "amounts" => &mut self.amounts,
            "text" => &mut self.text,
            "color" => &mut self.color,
            "embed" => &mut self.embed,
            "origin" => &mut self.origin,
            _ => return false,
        };
        field.get_or_insert_with(|| value.to_owned());
        true
    }

    /// Those of a query.
    pub(super) fn of_query(query: Option<&str>) -> Self {
        let mut look = Self::default();
        for (name, value) in url::form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
            look.take(&name, &value);
        }
        look
    }

    /// All of them, by name.
    pub(super) fn parameters(&self) -> Vec<(&'static str, &str)> {
        let all = [
            ("lang", &self.lang),
            ("amounts", &self.amounts),
            ("text", &self.text),
            ("color", &self.color),
            ("embed", &self.embed),
            ("origin", &self.origin),
        ];
        let given = all
            .into_iter()
            .filter_map(|(name, value)| Some((name, value.as_deref()?)));
        given.collect()
    }

    /// The query of the same page.
    pub(super) fn query(&self) -> String {
        query(self.parameters().into_iter())
    }

    /// The query of the same page in another language.
    pub(super) fn query_in(&self, language: &str) -> String {
        let rest = self.parameters().into_iter().filter(|(name, _)| *name != "lang");
        query(std::iter::once(("lang", language)).chain(rest))
    }

    /// The query for the checkout page that the donor goes on to: language, and the frame it is in.
    pub(super) fn onward(&self, language: &'static Language) -> String {
        let origin = self.origin();
        let is_asked = self.lang.as_deref().and_then(text::named).is_some();
        let lang = is_asked.then_some(("lang", language.code()));
        let embed = self.is_embedded().then_some(("embed", "1"));
        let origin = origin
            .as_deref()
            .map(|origin| ("origin", origin))
            .filter(|_| embed.is_some());
        query(lang.into_iter().chain(embed).chain(origin))
    }

    /// The language: asked for in the URL, else the browser's, else the store's.
    pub(super) fn language(&self, accept_language: Option<&str>, store: Option<&str>) -> &'static Language {
        let asked = self.lang.as_deref().filter(|tag| tag.len() <= LANGUAGE_BYTES_MAX);
        text::choose(asked, accept_language, store)
    }

    /// Whether the page is shown in a frame of another.
    pub(super) fn is_embedded(&self) -> bool {
        self.embed.as_deref() == Some("1")
    }

    /// The origin of the page around the frame, to which alone anything is told; none unless the text is one.
    pub(super) fn origin(&self) -> Option<String> {
        let text = self
            .origin
            .as_deref()
            .filter(|text| text.len() <= ORIGIN_BYTES_MAX)?;
        let url = Url::parse(text)
            .ok()
            .filter(|url| matches!(url.scheme(), "http" | "https"))?;
        let origin = url.origin().ascii_serialization();
        (origin == text).then_some(origin)
    }

    /// The text below the heading.
    pub(super) fn text(&self, page: &DonationPage) -> String {
        let own = self.text.as_deref().map(lines).filter(|text| !text.is_empty());
        own.and_then(|text| bounded(text, TEXT_LENGTH_MAX))
            .unwrap_or_else(|| page.text.clone())
    }

    /// The accent colour; none for payd's own.
    pub(super) fn colour(&self, page: &DonationPage) -> Option<Colour> {
        self.color
            .as_deref()
            .and_then(Colour::parse)
            .or_else(|| Colour::parse(&page.colour))
    }

    /// The amounts to choose from. Those that are none are left out; if none are left, the store's are shown.
    pub(super) fn presets(&self, page: &DonationPage) -> Vec<FiatAmount> {
        let own = self.amounts.as_deref().unwrap_or_default();
        let own = distinct(own.split(',').filter_map(|digits| money(digits, page.fiat).ok()));
        if !own.is_empty() {
            return own;
        }
        distinct(page.presets.iter().map(|minor| FiatAmount {
            currency: page.fiat,
            minor: *minor,
        }))
    }
}

fn distinct(amounts: impl Iterator<Item = FiatAmount>) -> Vec<FiatAmount> {
    let mut all: Vec<FiatAmount> = Vec::new();
    for amount in amounts {
        if all.len() < PRESETS_MAX && !all.contains(&amount) {
            all.push(amount);
        }
    }
    all
}

fn query<'a>(parameters: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let query = Serializer::new(String::new()).extend_pairs(parameters).finish();
    if query.is_empty() {
        query
    } else {
        format!("?{query}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look(query: &str) -> Look {
        Look::of_query(Some(query))
    }

    fn minors(query: &str) -> Vec<u64> {
        let presets = look(query).presets(&DonationPage::default());
        presets.iter().map(|preset| preset.minor).collect()
    }

    #[test]
    fn amounts_of_the_url_go_before_the_stores_as_far_as_they_are_amounts() {
        assert_eq!(minors(""), [500, 1000, 2500, 5000]);
        assert_eq!(minors("amounts=7"), [700]);
        assert_eq!(minors("amounts=5,%2010.50%20,25,5,5.00"), [500, 1050, 2500]);
        assert_eq!(minors("amounts=0,-1,x,,1e3,0.001,99999999999,3"), [300]);
        assert_eq!(minors("amounts=0,x"), [500, 1000, 2500, 5000]);
        assert_eq!(minors("amounts=1,2,3,4,5,6,7,8,9,10,11,12").len(), PRESETS_MAX);
    }

    #[test]
    fn only_what_is_an_origin_is_ever_told_anything() {
        for origin in [
            "https://blog.example.org",
            "http://127.0.0.1:8080",
            "https://xn--bcher-kva.example",
        ] {
            assert_eq!(
                look(&format!("origin={origin}")).origin().as_deref(),
                Some(origin)
            );
        }
        for none in [
            "",
            "*",
            "null",
            "https://blog.example.org/",
            "https://blog.example.org/path",
            "https://BLOG.example.org",
            "https://blog.example.org:443",
            "https://user@blog.example.org",
            "javascript:alert(1)",
            "data:text/html,x",
            "file:///etc",
            "blog.example.org",
            "https://a.example https://b.example",
        ] {
            assert_eq!(
                look(&query([("origin", none)].into_iter())[1..]).origin(),
                None,
                "{none}"
            );
        }
        assert_eq!(
            look(&format!("origin=https://{}.example", "a".repeat(300))).origin(),
            None
        );
    }

    #[test]
    fn what_goes_on_to_the_checkout_is_language_and_frame_and_nothing_else() {
        let english = text::choose(None, None, None);
        let onward = |query: &str| look(query).onward(english);
        assert_eq!(onward(""), "");
        assert_eq!(onward("lang=en&text=a&color=%23e11d48&amounts=1"), "?lang=en");
        assert_eq!(onward("lang=tlh"), "");
        assert_eq!(
            onward("embed=1&origin=https://blog.example.org:8443"),
            "?embed=1&origin=https%3A%2F%2Fblog.example.org%3A8443"
        );
        assert_eq!(onward("embed=0&origin=https://blog.example.org"), "");
        assert_eq!(onward("embed=1&origin=*"), "?embed=1");
    }

    #[test]
    fn a_link_to_another_language_keeps_all_the_rest_and_cannot_be_broken_out_of() {
        let look = look("text=%22%3E%3Cb%3E%26lang%3Dru&embed=1&lang=en&unknown=1&embed=0");
        assert_eq!(
            look.query_in("de"),
            "?lang=de&text=%22%3E%3Cb%3E%26lang%3Dru&embed=1"
        );
    }

    #[test]
    fn a_text_of_the_url_is_plain_bounded_and_replaces_the_stores() {
        let page = DonationPage {
            text: "ours".to_owned(),
            ..DonationPage::default()
        };
        assert_eq!(look("text=theirs%0D%0Aline%00").text(&page), "theirs\nline");
        assert_eq!(look("text=%20%20").text(&page), "ours");
        assert_eq!(look("").text(&page), "ours");
        assert_eq!(
            look(&format!("text={}", "x".repeat(TEXT_LENGTH_MAX)))
                .text(&page)
                .len(),
            TEXT_LENGTH_MAX
        );
        assert_eq!(
            look(&format!("text={}", "x".repeat(TEXT_LENGTH_MAX + 1))).text(&page),
            "ours"
        );
    }

    #[test]
    fn a_colour_of_the_url_goes_before_the_stores_if_it_is_one() {
        let page = DonationPage {
            colour: "#112233".to_owned(),
            ..DonationPage::default()
        };
        let store = Colour::parse("#112233");
        assert_eq!(look("color=%23e11d48").colour(&page), Colour::parse("#e11d48"));
        assert_eq!(look("color=e11d48").colour(&page), Colour::parse("#e11d48"));
        assert_eq!(look("color=red").colour(&page), store);
        assert_eq!(look("color=%23fff;}").colour(&page), store);
        assert_eq!(look("").colour(&DonationPage::default()), None);
    }

    #[test]
    fn the_url_decides_the_language_then_the_browser_then_the_store_and_what_is_not_spoken_is_passed_over() {
        for (query, accept, store, spoken) in [
            ("", None, None, "en"),
            ("lang=xx", Some("xx-YY"), Some("qq"), "en"),
            ("lang=../en", Some(",,,;q"), Some("es"), "es"),
            ("", Some("xx, ru;q=0.5"), Some("es"), "ru"),
            ("lang=de", Some("ru"), Some("es"), "de"),
        ] {
            assert_eq!(look(query).language(accept, store).code(), spoken, "{query}");
        }
    }
}
