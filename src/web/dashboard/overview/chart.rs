//! A chart of thirty days: bars that the server draws, with a table that says the same.

use crate::domain::time::UnixMillis;
use crate::engine::office::figures::Figures;
use crate::web::text::Language;

/// Units of the drawing: every day is so wide, of which the bar takes the most.
const STEP: u64 = 10;
const BAR: u64 = 7;
/// The height of the highest bar.
const HEIGHT: u64 = 100;

/// A day of the chart.
pub(super) struct Bar {
    pub(super) day: String,
    pub(super) sum: String,
    pub(super) count: u64,
    pub(super) x: u64,
    pub(super) y: u64,
    pub(super) height: u64,
    pub(super) is_today: bool,
}

/// The chart.
pub(super) struct Chart {
    pub(super) bars: Vec<Bar>,
    /// What the highest bar stands for; empty where there is none.
    pub(super) top: String,
    pub(super) first: String,
    pub(super) last: String,
    pub(super) width: u64,
    pub(super) bar: u64,
}

impl Chart {
    /// Of the days of these figures.
    pub(super) fn of(t: &'static Language, figures: &Figures) -> Self {
        let sums = figures.days.iter().map(|(_, sales)| sales.sum(figures.unit));
        let top = sums.max_by_key(|sum| sum.minor).filter(|top| top.minor > 0);
        let bars: Vec<Bar> = figures
            .days
            .iter()
            .zip(0_u64..)
            .map(|((at, sales), place)| {
                let sum = sales.sum(figures.unit);
                let height = top.map_or(0, |top| high(sum.minor, top.minor));
                Bar {
                    day: day(t, *at),
                    sum: t.price(sum),
                    count: sales.count,
                    x: place.saturating_mul(STEP),
                    y: HEIGHT.saturating_sub(height),
                    height,
                    is_today: *at == figures.today_at,
                }
            })
            .collect();
        let end = |bar: Option<&Bar>| bar.map_or_else(String::new, |bar| bar.day.clone());
        Self {
            first: end(bars.first()),
            last: end(bars.last()),
            width: STEP
                .saturating_mul(u64::try_from(bars.len()).unwrap_or(0))
                .saturating_sub(STEP.saturating_sub(BAR)),
            bar: BAR,
            bars,
            top: top.map_or_else(String::new, |top| t.price(top)),
        }
    }
}

/// How high a bar is; one that stands for anything can be seen.
fn high(minor: u64, top: u64) -> u64 {
    let height = u128::from(minor)
        .saturating_mul(u128::from(HEIGHT))
        .checked_div(u128::from(top))
        .unwrap_or(0);
    u64::try_from(height).unwrap_or(HEIGHT).max(u64::from(minor > 0))
}

fn day(t: &'static Language, at: UnixMillis) -> String {
    at.utc().map_or_else(String::new, |utc| {
        let arguments = [("day", utc.day().into()), ("month", u8::from(utc.month()).into())];
        t.say_with("overview-day", &arguments)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_stand_in_proportion_and_the_smallest_can_be_seen() {
        assert_eq!(high(50, 100), 50);
        assert_eq!(high(100, 100), HEIGHT);
        assert_eq!(high(1, 1_000_000), 1);
        assert_eq!(high(0, 100), 0);
        assert_eq!(high(u64::MAX, u64::MAX), HEIGHT);
    }
}
