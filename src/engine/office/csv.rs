//! Lines of comma-separated tables (RFC 4180).

/// A text from outside, so that no spreadsheet takes it for a formula: one that begins like one gets an apostrophe before it
/// (OWASP, CSV injection).
#[must_use]
pub fn defused(text: &str) -> String {
    let first = text.chars().next();
    if matches!(
        first,
        Some('=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠')
    ) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

/// A line; what would break out of its cell stands in quotation marks.
#[must_use]
pub fn line(cells: impl IntoIterator<Item = String>) -> String {
    let quoted = |cell: String| {
        if cell.contains([',', '"', '\r', '\n']) || cell.starts_with(' ') || cell.ends_with(' ') {
            format!("\"{}\"", cell.replace('"', "\"\""))
        } else {
            cell
        }
    };
    let cells: Vec<String> = cells.into_iter().map(quoted).collect();
    format!("{}\r\n", cells.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_begins_like_a_formula_gets_a_quote_before_it() {
        for bad in [
            "=1+1",
            "+1",
            "-1",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            "\n=1",
            "＝1",
            "=HYPERLINK(\"x\")",
        ] {
            assert_eq!(defused(bad), format!("'{bad}"));
        }
        for good in ["1=1", "a-b", "", "'=1"] {
            assert_eq!(defused(good), good);
        }
    }

    #[test]
    fn a_line_is_quoted_as_rfc_4180_has_it() {
        let cells = [
            "a",
            "b,c",
            "d\"e",
            "f\r\ng",
            "say \"hi\"",
            "two\nlines",
            "ann ",
            "",
        ];
        assert_eq!(
            line(cells.map(str::to_owned)),
            "a,\"b,c\",\"d\"\"e\",\"f\r\ng\",\"say \"\"hi\"\"\",\"two\nlines\",\"ann \",\r\n"
        );
    }
}
