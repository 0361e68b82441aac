//! As much of the protobuf wire format as TRON's headers and transactions take: fields are written in the order in
//! which the caller puts them, and read within the bounds of the bytes at hand.
//!
//! Knows no message. <https://protobuf.dev/programming-guides/encoding/>

/// A field's value as it is on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Value<'a> {
    /// A number.
    Varint(u64),
    /// A text, bytes, or a message.
    Bytes(&'a [u8]),
    /// A number of four or eight bytes, which no field that is looked for has.
    Fixed,
}

/// Not a protobuf message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Malformed;

/// The fields of a message, one after the other.
pub(super) struct Fields<'a> {
    rest: &'a [u8],
}

impl<'a> Fields<'a> {
    pub(super) const fn of(message: &'a [u8]) -> Self {
        Self { rest: message }
    }

    /// The next field: its number and value.
    ///
    /// # Errors
    /// [`Malformed`] when the bytes end within a field, or the field is of no known kind.
    pub(super) fn next(&mut self) -> Result<Option<(u64, Value<'a>)>, Malformed> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        let tag = self.varint()?;
        let value = match tag & 7 {
            0 => Value::Varint(self.varint()?),
            1 => self.take(8).map(|_| Value::Fixed)?,
            2 => {
                let length = usize::try_from(self.varint()?).map_err(|_| Malformed)?;
                Value::Bytes(self.take(length)?)
            }
            5 => self.take(4).map(|_| Value::Fixed)?,
            _ => return Err(Malformed),
        };
        Ok(Some((tag >> 3, value)))
    }

    fn varint(&mut self) -> Result<u64, Malformed> {
        const BYTES_MAX: u32 = 10;
        let mut number = 0_u64;
        for place in 0..BYTES_MAX {
            let (byte, rest) = self.rest.split_first().ok_or(Malformed)?;
            self.rest = rest;
            let bits = u64::from(*byte & 0x7f);
            let shifted = bits.checked_shl(place.saturating_mul(7)).ok_or(Malformed)?;
            // The tenth byte has room for one bit.
            if place == BYTES_MAX.saturating_sub(1) && bits > 1 {
                return Err(Malformed);
            }
            number |= shifted;
            if *byte & 0x80 == 0 {
                return Ok(number);
            }
        }
        Err(Malformed)
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8], Malformed> {
        let (taken, rest) = self.rest.split_at_checked(length).ok_or(Malformed)?;
        self.rest = rest;
        Ok(taken)
    }
}

/// Writes a number; zero is left out, as proto3 does.
pub(super) fn put_number(out: &mut Vec<u8>, field: u64, number: u64) {
    if number != 0 {
        put_varint(out, field << 3);
        put_varint(out, number);
    }
}

/// Writes bytes; none are left out, as proto3 does.
pub(super) fn put_bytes(out: &mut Vec<u8>, field: u64, bytes: &[u8]) {
    if !bytes.is_empty() {
        put_element(out, field, bytes);
    }
}

/// Writes a message, or an element of a list; an empty one as well.
pub(super) fn put_element(out: &mut Vec<u8>, field: u64, bytes: &[u8]) {
    put_varint(out, field << 3 | 2);
    put_varint(out, u64::try_from(bytes.len()).unwrap_or(u64::MAX));
    out.extend_from_slice(bytes);
}

fn put_varint(out: &mut Vec<u8>, number: u64) {
    let mut left = number;
    loop {
        let bits = u8::try_from(left & 0x7f).unwrap_or_default();
        left >>= 7;
        if left == 0 {
            out.push(bits);
            return;
        }
        out.push(bits | 0x80);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_cut_off_or_of_an_unknown_kind_is_refused() {
        for bytes in [
            &[0x08][..],
            &[0x0a, 0x02, 0x01],
            &[0x0d, 0, 0, 0],
            &[0x0b],
            &[0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
            &[0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02],
        ] {
            assert_eq!(Fields::of(bytes).next(), Err(Malformed), "{bytes:02x?}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(number in 1_u64.., field in 1_u64..1 << 29, bytes: Vec<u8>) {
            let mut out = Vec::new();
            put_number(&mut out, field, number);
            put_element(&mut out, field, &bytes);
            let mut fields = Fields::of(&out);
            prop_assert_eq!(fields.next(), Ok(Some((field, Value::Varint(number)))));
            prop_assert_eq!(fields.next(), Ok(Some((field, Value::Bytes(&bytes)))));
            prop_assert_eq!(fields.next(), Ok(None));
        }

        #[test]
        fn no_bytes_make_reading_fields_panic_or_go_on_for_ever(bytes: Vec<u8>) {
            let mut fields = Fields::of(&bytes);
            for _ in 0..=bytes.len() {
                match fields.next() {
                    Ok(Some(_)) => {}
                    Ok(None) | Err(_) => return Ok(()),
                }
            }
            prop_assert!(false, "more fields than bytes");
        }
    }
}
