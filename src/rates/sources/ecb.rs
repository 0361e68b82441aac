//! The European Central Bank's daily reference rates: what one euro is in some thirty currencies, as XML.
//!
//! <https://www.ecb.europa.eu/stats/policy_and_exchange_rates/euro_reference_exchange_rates>

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use rust_decimal::Decimal;
use time::format_description::well_known::Iso8601;
use time::{Date, Time};

use super::{BadReply, quote};
use crate::domain::money::Fiat;
use crate::domain::time::UnixMillis;
use crate::rates::Quote;
use crate::rates::number::{price, sane};

pub(super) const BASE: &str = "https://www.ecb.europa.eu";
pub(super) const PATH: &str = "stats/eurofxref/eurofxref-daily.xml";

/// Far more than the document has.
const EVENTS_MAX: usize = 2000;

/// More than an element has; that none is there twice is looked at for each beside all others.
const ATTRIBUTES_MAX: usize = 8;

/// The day of the rates, and what one euro is.
#[derive(Default)]
struct Sheet {
    day: Option<Date>,
    euro_in: Vec<(Fiat, Decimal)>,
}

pub(super) fn read(body: &[u8], now: UnixMillis) -> Result<Vec<Quote>, BadReply> {
    let sheet = sheet(body)?;
    let day = sheet.day.ok_or(BadReply::Malformed("no day of the rates"))?;
    // The rates of a day stand until those of the next come out: they begin to age at the end of their day.
    let midnight = day
        .next_day()
        .ok_or(BadReply::Malformed("no day of the rates"))?
        .with_time(Time::MIDNIGHT);
    let begins = UnixMillis::from_seconds(day.with_time(Time::MIDNIGHT).assume_utc().unix_timestamp());
    if begins > now {
        return Err(BadReply::Malformed("rates of the future"));
    }
    let at = UnixMillis::from_seconds(midnight.assume_utc().unix_timestamp()).min(now);
    let in_dollars = sheet
        .euro_in
        .iter()
        .find(|(fiat, _)| *fiat == Fiat::Usd)
        .map(|(_, rate)| *rate)
        .ok_or(BadReply::Malformed("no rate of the dollar"))?;
    let others = sheet.euro_in.iter().filter(|(fiat, _)| *fiat != Fiat::Usd);
    let one_euro = (Fiat::Eur, Decimal::ONE);
    Ok(others
        .chain([&one_euro])
        .filter_map(|(fiat, rate)| {
            let dollar_in = rate.checked_div(in_dollars).and_then(sane)?;
            Some(quote("USD", fiat.word(), dollar_in, at))
        })
        .collect())
}

fn sheet(body: &[u8]) -> Result<Sheet, BadReply> {
    const NO_SHEET: BadReply = BadReply::Malformed("not the document of reference rates");
    let mut reader = Reader::from_reader(body);
    let mut sheet = Sheet::default();
    for _ in 0..EVENTS_MAX {
        match reader.read_event().map_err(|_| NO_SHEET)? {
            Event::Eof => return Ok(sheet),
            Event::Start(element) | Event::Empty(element) if element.local_name().as_ref() == b"Cube" => {
                sheet.take(&element).ok_or(NO_SHEET)?;
            }
            _ => {}
        }
    }
    Err(NO_SHEET)
}

impl Sheet {
    /// Takes what an element says: the day, or a rate. `None` when its attributes are no attributes.
    fn take(&mut self, element: &BytesStart<'_>) -> Option<()> {
        let (mut fiat, mut rate) = (None, None);
        // A day, or a currency and its rate: an element with more is none of the document's.
        if element
            .attributes()
            .with_checks(false)
            .nth(ATTRIBUTES_MAX)
            .is_some()
        {
            return None;
        }
        for attribute in element.attributes() {
            let attribute = attribute.ok()?;
            let value = attribute.normalized_value(XmlVersion::Implicit1_0).ok()?;
            match attribute.key.as_ref() {
                // Only the latest day's sheet comes in this document; were there more, the first is the latest.
                b"time" if self.day.is_some() => return None,
                b"time" => self.day = Some(Date::parse(&value, &Iso8601::DATE).ok()?),
                b"currency" => fiat = Some(value.parse::<Fiat>().ok()),
                b"rate" => rate = Some(price(&value)?),
                _ => {}
            }
        }
        // Currencies that payd does not know are passed over.
        if let (Some(Some(fiat)), Some(rate)) = (fiat, rate) {
            self.euro_in.push((fiat, rate));
        }
        Some(())
    }
}
