//! The accent colour of a store's pages: what is written on it, and what of it can be seen beside the pages' own
//! colours. Pure.

use crate::domain::donation::is_colour;

/// The light of a colour channel of 0, 16, .. 256, in hundred-thousandths of the brightest (WCAG 2.2, relative
/// luminance). Between two of them a straight line is exact enough for what is chosen by it.
const LIGHT: [u32; 17] = [
    0, 518, 1444, 2956, 5127, 8022, 11_697, 16_203, 21_586, 27_889, 35_153, 43_415, 52_712, 63_076, 74_540,
    87_137, 100_894,
];

/// What WCAG adds to both luminances of a contrast.
const FLARE: u32 = 5000;

/// What the edge of something to press has to stand out by from what is around it: 3 to 1, in hundredths.
const EDGE_CONTRAST_MIN: u32 = 300;

/// What words have to stand out by from what they are written on: 4.5 to 1, in hundredths.
const TEXT_CONTRAST_MIN: u32 = 450;

/// The sheet of the checkout pages, light and dark.
const SHEETS: [Colour; 2] = [Colour([0xff, 0xff, 0xff]), Colour([0x15, 0x1a, 0x21])];

/// A colour, as red, green and blue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Colour([u8; 3]);

impl Colour {
    /// Reads `#e11d48`, with or without the hash: it is easily lost from a URL.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let hashed = format!("#{}", text.strip_prefix('#').unwrap_or(text));
        let mut channels = [0; 3];
        let digits = Some(&*hashed).filter(|text| is_colour(text))?.get(1..)?;
        hex::decode_to_slice(digits, &mut channels).ok()?;
        Some(Self(channels))
    }

    /// Its six digits.
    pub(super) fn digits(self) -> String {
        hex::encode(self.0)
    }

    /// The style sheet that makes it the page's accent. Nothing but digits of the colour gets into it.
    pub(super) fn style(self) -> String {
        let colour = format!("#{}", hex::encode(self.0));
        let ink = self.ink();
        let [light, dark] = SHEETS.map(|sheet| {
            if self.contrast(sheet) < EDGE_CONTRAST_MIN {
                "var(--soft)"
            } else {
                &colour
            }
        });
        format!(
            ":root{{--gift:{colour};--gift-ink:{ink};--gift-line:{light}}}\
             @media (prefers-color-scheme:dark){{:root{{--gift-line:{dark}}}}}"
        )
    }

    /// The style sheet that makes it the accent of the checkout pages: of the buttons, and of links where it can be read.
    /// Nothing but digits of the colour gets into it.
    pub(super) fn checkout_style(self) -> String {
        let colour = format!("#{}", hex::encode(self.0));
        let ink = self.ink();
        let [light, dark] = SHEETS.map(|sheet| {
            let contrast = self.contrast(sheet);
            let line = if contrast < EDGE_CONTRAST_MIN {
                "var(--soft)"
            } else {
                &colour
            };
            let accent = match contrast < TEXT_CONTRAST_MIN {
                true => String::new(),
                false => {
                    format!("--accent:{colour};--accent-wash:color-mix(in srgb,{colour} 12%,var(--sheet));")
                }
            };
            format!(":root{{{accent}--button-line:{line}}}")
        });
        format!(
            ":root{{--button:{colour};--button-ink:{ink}}}\
             @media (prefers-color-scheme:light){{{light}}}\
             @media (prefers-color-scheme:dark){{:root{{--button:{colour};--button-ink:{ink}}}{dark}}}"
        )
    }

    /// Black or white, whichever is easier to read on it: one of the two always stands out by 4.5 to 1.
    fn ink(self) -> &'static str {
        let [black, white] = [Self([0; 3]), Self([0xff; 3])].map(|ink| self.contrast(ink));
        if black >= white { "#000000" } else { "#ffffff" }
    }

    /// The contrast of two colours in hundredths: 100 for the same, 2100 for black and white.
    fn contrast(self, other: Self) -> u32 {
        let (one, two) = (self.luminance(), other.luminance());
        let (lighter, darker) = (one.max(two), one.min(two));
        let lighter = lighter.saturating_add(FLARE).saturating_mul(100);
        lighter.checked_div(darker.saturating_add(FLARE)).unwrap_or(0)
    }

    /// In hundred-thousandths of white.
    fn luminance(self) -> u32 {
        let [red, green, blue] = self.0.map(light);
        let weighted = |channel: u32, weight: u32| channel.saturating_mul(weight);
        weighted(red, 2126)
            .saturating_add(weighted(green, 7152))
            .saturating_add(weighted(blue, 722))
            / 10_000
    }
}

fn light(channel: u8) -> u32 {
    let (step, part) = (usize::from(channel / 16), u32::from(channel % 16));
    let at = |index: usize| LIGHT.get(index).copied().unwrap_or(0);
    let (below, above) = (at(step), at(step.saturating_add(1)));
    let rise = above.saturating_sub(below).saturating_mul(part) / 16;
    below.saturating_add(rise)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn colour(text: &str) -> Colour {
        Colour::parse(text).unwrap()
    }

    #[test]
    fn a_contrast_is_that_of_wcag() {
        // By the formula with its power of 2.4; tolerance of two hundredths for the straight lines.
        for (one, two, hundredths) in [
            ("#000000", "#ffffff", 2100),
            ("#767676", "#ffffff", 454),
            ("#ff0000", "#ffffff", 399),
            ("#0000ff", "#ffffff", 859),
            ("#e11d48", "#ffffff", 469),
            ("#ffff00", "#ffffff", 107),
            ("#2456e6", "#2456e6", 100),
        ] {
            let contrast = colour(one).contrast(colour(two));
            assert!(contrast.abs_diff(hundredths) <= 10, "{one} {two}: {contrast}");
        }
    }

    #[test]
    fn whatever_the_colour_text_on_it_can_be_read() {
        for red in (0..=255).step_by(15) {
            for green in (0..=255).step_by(15) {
                for blue in (0..=255).step_by(15) {
                    let colour = Colour([red, green, blue]);
                    let ink = Colour::parse(colour.ink()).unwrap();
                    assert!(colour.contrast(ink) >= 450, "{colour:?}");
                }
            }
        }
    }

    #[test]
    fn links_have_the_colour_only_where_it_can_be_read() {
        let accents = |text: &str| {
            let style = colour(text).checkout_style();
            let (light, dark) = style.split_once("(prefers-color-scheme:dark)").unwrap();
            (light.contains("--accent:"), dark.contains("--accent:"))
        };
        assert_eq!(accents("#ffffff"), (false, true));
        assert_eq!(accents("#101010"), (true, false));
        assert_eq!(accents("#ff7a00"), (false, true));
        assert_eq!(accents("#2456e6"), (true, false));
    }

    #[test]
    fn a_colour_that_is_lost_on_the_sheet_gets_an_edge_that_is_not() {
        let edges = |text: &str| {
            let style = colour(text).style();
            let edges: Vec<bool> = style
                .split("--gift-line:")
                .skip(1)
                .map(|rest| rest.starts_with("var(--soft)"))
                .collect();
            (edges[0], edges[1])
        };
        assert_eq!(edges("#ffffff"), (true, false));
        assert_eq!(edges("#fff200"), (true, false));
        assert_eq!(edges("#101010"), (false, true));
        assert_eq!(edges("#e11d48"), (false, false));
    }

    #[test]
    fn only_a_plain_colour_gets_into_a_style_sheet() {
        assert_eq!(Colour::parse("E11D48"), Some(Colour([0xe1, 0x1d, 0x48])));
        assert!(
            colour("#E11D48")
                .style()
                .starts_with(":root{--gift:#e11d48;--gift-ink:#ffffff;")
        );
        for text in [
            "",
            "#",
            "##e11d48",
            "red",
            "#fff",
            "#e11d48}",
            "#e11d48;}body{display:none",
            "</style>",
            "#e11d4\u{37e}",
            "url(x)",
        ] {
            assert_eq!(Colour::parse(text), None, "{text}");
        }
    }
}
