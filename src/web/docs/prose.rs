//! Plain text with `code` in it, in paragraphs.

use std::fmt;

/// Paragraphs of text and code.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Prose {
    paragraphs: Vec<Vec<(bool, String)>>,
}

impl Prose {
    /// Reads a text: an empty line ends a paragraph, what stands between back quotes is code.
    pub(super) fn read(text: &str) -> Self {
        let paragraph = |text: &str| {
            let parts = text.split('`').enumerate();
            let parts = parts.map(|(index, part)| (!index.is_multiple_of(2), part.to_owned()));
            parts.filter(|(_, part)| !part.is_empty()).collect()
        };
        let paragraphs = text.split("\n\n").filter(|text| !text.trim().is_empty());
        Self {
            paragraphs: paragraphs.map(paragraph).collect(),
        }
    }

    /// As HTML, escaped here: what a template may put out as it is.
    pub(super) fn html(&self) -> String {
        self.to_string()
    }
}

impl fmt::Display for Prose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for paragraph in &self.paragraphs {
            f.write_str("<p>")?;
            for (is_code, text) in paragraph {
                let tags = if *is_code { ["<code>", "</code>"] } else { ["", ""] };
                write!(f, "{}{}{}", tags[0], escaped(text), tags[1])?;
            }
            f.write_str("</p>")?;
        }
        Ok(())
    }
}

fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            letter => html.push(letter),
        }
    }
    html
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_is_marked_and_everything_is_escaped() {
        let prose = Prose::read("a `b<c>` & \"d\"\n\n`e`'");
        assert_eq!(
            prose.html(),
            "<p>a <code>b&lt;c&gt;</code> &amp; &quot;d&quot;</p><p><code>e</code>&#39;</p>"
        );
        assert_eq!(Prose::read("\n\n "), Prose::default());
    }
}
