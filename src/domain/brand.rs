//! How a store's pages look and what they say besides. Pure.

use url::Url;

use super::donation::is_colour;
use super::picture::PictureKind;

/// Characters of the line below the store's name.
pub const TAGLINE_LENGTH_MAX: usize = 120;

/// Characters of what is said about help.
pub const HELP_TEXT_LENGTH_MAX: usize = 300;

/// Bytes of the address where help is to be had.
pub const HELP_URL_BYTES_MAX: usize = 500;

/// What a store's pages show of its own. Nothing of it, by default.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Brand {
    /// The accent, as `#e11d48`; empty for payd's own.
    pub colour: String,
    /// The picture beside the store's name.
    pub logo: Option<Logo>,
    /// One line below the store's name.
    pub tagline: String,
    /// What to do when something is wrong.
    pub help_text: String,
    /// Where help is to be had: an https address.
    pub help_url: String,
}

/// Where a picture is: its path is made of both, so that it never changes under one path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logo {
    /// The first digits of its SHA-256.
    pub hash: String,
    /// What it is.
    pub kind: PictureKind,
}

/// Why a text is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BrandError {
    /// Not a colour.
    #[error("write the colour like #e11d48")]
    Colour,
    /// Too long, or on more than one line.
    #[error("the tagline is one line of at most {TAGLINE_LENGTH_MAX} characters")]
    Tagline,
    /// Too long.
    #[error("the help text has at most {HELP_TEXT_LENGTH_MAX} characters")]
    HelpText,
    /// Not an address that customers are sent to.
    #[error("the help page's address has to begin with https://, like https://shop.example/help")]
    HelpUrl,
}

impl Brand {
    /// Writes the texts in their one form.
    ///
    /// # Errors
    /// [`BrandError`], for the first that is not taken.
    pub fn checked(self) -> Result<Self, BrandError> {
        Ok(Self {
            colour: colour(&self.colour)?,
            tagline: line(&self.tagline, TAGLINE_LENGTH_MAX).ok_or(BrandError::Tagline)?,
            help_text: paragraph(&self.help_text, HELP_TEXT_LENGTH_MAX).ok_or(BrandError::HelpText)?,
            help_url: help_url(&self.help_url)?,
            logo: self.logo,
        })
    }

    /// Whether the pages look as they do without one.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        *self == Self::default()
    }
}

/// A colour in its one form; empty stays empty.
///
/// # Errors
/// [`BrandError::Colour`].
pub fn colour(text: &str) -> Result<String, BrandError> {
    let text = text.trim().to_ascii_lowercase();
    if text.is_empty() {
        return Ok(text);
    }
    let hashed = format!("#{}", text.strip_prefix('#').unwrap_or(&text));
    if is_colour(&hashed) {
        Ok(hashed)
    } else {
        Err(BrandError::Colour)
    }
}

/// One line of text.
#[must_use]
pub fn line(text: &str, length_max: usize) -> Option<String> {
    let text = text.trim();
    let is_line = text.chars().count() <= length_max && !text.chars().any(is_unprintable);
    is_line.then(|| text.to_owned())
}

/// Text of some lines, ended by a line feed alone.
fn paragraph(text: &str, length_max: usize) -> Option<String> {
    let text = text.trim().replace("\r\n", "\n");
    let is_text =
        text.chars().count() <= length_max && !text.chars().any(|char| char != '\n' && is_unprintable(char));
    is_text.then_some(text)
}

/// Control characters, and those that turn the direction of the text around them.
fn is_unprintable(char: char) -> bool {
    char.is_control() || matches!(char, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The address in its one form; empty stays empty.
///
/// # Errors
/// [`BrandError::HelpUrl`].
pub fn help_url(text: &str) -> Result<String, BrandError> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(String::new());
    }
    let url = Url::parse(text).map_err(|_| BrandError::HelpUrl)?;
    let is_plain = url.scheme() == "https"
        && url.username().is_empty()
        && url.password().is_none()
        && url.host_str().is_some_and(|host| !host.is_empty())
        && url.as_str().len() <= HELP_URL_BYTES_MAX;
    if is_plain {
        Ok(url.into())
    } else {
        Err(BrandError::HelpUrl)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_help_page_is_reached_over_https_and_nothing_else() {
        assert_eq!(help_url("").unwrap(), "");
        assert_eq!(
            help_url(" https://Shop.example/help?a=1 ").unwrap(),
            "https://shop.example/help?a=1"
        );
        for text in [
            "http://shop.example",
            "javascript:alert(1)",
            "data:text/html,x",
            "shop.example",
            "https://",
            "https://me@shop.example",
            "https://me:word@shop.example",
            "//shop.example",
        ] {
            assert_eq!(help_url(text), Err(BrandError::HelpUrl), "{text}");
        }
        let long = format!("https://shop.example/{}", "a".repeat(HELP_URL_BYTES_MAX));
        assert_eq!(help_url(&long), Err(BrandError::HelpUrl));
    }

    #[test]
    fn texts_are_kept_to_their_length_and_to_what_can_be_read() {
        let with = |tagline: &str, help_text: &str| {
            let brand = Brand {
                tagline: tagline.to_owned(),
                help_text: help_text.to_owned(),
                ..Brand::default()
            };
            brand.checked()
        };
        let brand = with(" Fresh since 1998 ", "One\r\ntwo").unwrap();
        assert_eq!(
            (&*brand.tagline, &*brand.help_text),
            ("Fresh since 1998", "One\ntwo")
        );
        assert!(with(&"é".repeat(TAGLINE_LENGTH_MAX), &"é".repeat(HELP_TEXT_LENGTH_MAX)).is_ok());
        for tagline in ["a\nb", "a\u{202e}b", &"a".repeat(TAGLINE_LENGTH_MAX + 1)] {
            assert_eq!(with(tagline, ""), Err(BrandError::Tagline));
        }
        for text in ["a\u{0}b", "a\u{2066}b", &"a".repeat(HELP_TEXT_LENGTH_MAX + 1)] {
            assert_eq!(with("", text), Err(BrandError::HelpText));
        }
    }

    #[test]
    fn a_colour_is_six_digits() {
        assert_eq!(colour("E11D48").unwrap(), "#e11d48");
        assert_eq!(colour("").unwrap(), "");
        for text in ["red", "#fff", "#e11d48;", "url(x)"] {
            assert_eq!(colour(text), Err(BrandError::Colour), "{text}");
        }
    }
}
