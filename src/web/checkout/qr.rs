//! QR codes as SVG: black on white whatever the colours of the page, with the quiet zone that scanners need.

use qrcode::{Color, EcLevel, QrCode};

/// Light modules around the code (ISO/IEC 18004, 5.3.8).
const QUIET_ZONE: usize = 4;

/// The picture is at most this wide, in CSS pixels, and a whole number of them per module: no blurred edges.
const WIDTH_MAX: usize = 240;

/// An SVG document that shows `text`; `None` when it is longer than a QR code holds.
#[must_use]
pub fn svg(text: &str) -> Option<String> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let width = code.width();
    let side = width.saturating_add(QUIET_ZONE.saturating_mul(2));
    let shown = WIDTH_MAX.checked_div(side)?.max(1).saturating_mul(side);
    let modules = code.into_colors();
    let path: String = modules
        .chunks(width.max(1))
        .enumerate()
        .flat_map(|(y, row)| dark_runs(row).into_iter().map(move |(x, length)| (x, y, length)))
        .map(|(x, y, length)| {
            let (x, y) = (x.saturating_add(QUIET_ZONE), y.saturating_add(QUIET_ZONE));
            format!("M{x} {y}h{length}v1h-{length}z")
        })
        .collect();
    Some(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" width=\"{shown}\" height=\"{shown}\" shape-rendering=\"crispEdges\">\
         <path fill=\"#fff\" d=\"M0 0h{side}v{side}H0z\"/><path fill=\"#000\" d=\"{path}\"/></svg>"
    ))
}

/// Start and length of each run of dark modules: neighbours drawn as one leave no seams.
fn dark_runs(row: &[Color]) -> Vec<(usize, usize)> {
    let mut x: usize = 0;
    let mut runs = Vec::new();
    for run in row.chunk_by(|left, right| left == right) {
        if run.first() == Some(&Color::Dark) {
            runs.push((x, run.len()));
        }
        x = x.saturating_add(run.len());
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads the modules back from the path.
    fn modules(svg: &str) -> (usize, Vec<Vec<bool>>) {
        let between = |text: &str, start: &str, end: &str| {
            let (_, rest) = text.split_once(start).unwrap();
            rest.split_once(end).unwrap().0.to_owned()
        };
        let side: usize = between(svg, "viewBox=\"0 0 ", " ").parse().unwrap();
        let mut dark = vec![vec![false; side]; side];
        let path = between(svg, "fill=\"#000\" d=\"", "\"");
        for run in path.split('M').skip(1) {
            let (x, rest) = run.split_once(' ').unwrap();
            let (y, rest) = rest.split_once('h').unwrap();
            let (length, _) = rest.split_once('v').unwrap();
            let (x, y, length): (usize, usize, usize) =
                (x.parse().unwrap(), y.parse().unwrap(), length.parse().unwrap());
            dark[y]
                .iter_mut()
                .skip(x)
                .take(length)
                .for_each(|module| *module = true);
        }
        (side, dark)
    }

    #[test]
    fn the_drawing_has_the_modules_of_the_code_and_a_quiet_zone_of_four() {
        let text = "bitcoin:bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4?amount=0.00083214";
        let code = QrCode::with_error_correction_level(text, EcLevel::M).unwrap();
        let (side, dark) = modules(&svg(text).unwrap());
        assert_eq!(side, code.width() + 8);
        for (y, row) in dark.iter().enumerate() {
            for (x, is_dark) in row.iter().enumerate() {
                let inside = (4..side - 4).contains(&x) && (4..side - 4).contains(&y);
                assert_eq!(*is_dark, inside && code[(x - 4, y - 4)] == Color::Dark, "{x} {y}");
            }
        }
    }

    #[test]
    fn a_text_that_no_code_holds_gives_none() {
        assert_eq!(svg(&"x".repeat(5000)), None);
    }
}
