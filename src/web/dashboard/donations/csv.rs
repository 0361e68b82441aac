//! Cells of comma-separated tables (RFC 4180).

/// A line of cells. Text that a spreadsheet would take for a formula gets an apostrophe in front, which spreadsheets take for
/// text (OWASP, CSV injection).
pub(super) fn line(cells: &[&str]) -> String {
    let cells: Vec<String> = cells.iter().map(|cell| quoted(cell)).collect();
    format!("{}\r\n", cells.join(","))
}

fn quoted(cell: &str) -> String {
    let guard = if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        "'"
    } else {
        ""
    };
    format!("\"{guard}{}\"", cell.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_ends_early_or_is_a_formula() {
        assert_eq!(
            line(&["a,b", "say \"hi\"", "=1+1", "-2", "two\nlines", ""]),
            "\"a,b\",\"say \"\"hi\"\"\",\"'=1+1\",\"'-2\",\"two\nlines\",\"\"\r\n"
        );
    }
}
