//! Pictures that strangers' browsers are shown: what they are, told by their bytes, and nothing beside the picture in
//! them. Pure.
//!
//! A file that is a picture and something else besides (an archive, a page) is cut down to the picture, or refused.
//! PNG: <https://www.w3.org/TR/png-3/>; JPEG: ITU-T T.81; WebP: RFC 9649.

super::vocabulary! {
    /// A kind of picture that every browser shows and that runs nothing.
    PictureKind, "kind of picture" {
        /// PNG.
        Png = "png",
        /// JPEG.
        Jpeg = "jpeg",
        /// WebP.
        Webp = "webp",
    }
}

impl PictureKind {
    /// What it is served as.
    #[must_use]
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Webp => "image/webp",
        }
    }
}

/// The longest file.
pub const PICTURE_BYTES_MAX: usize = 128 * 1024;

/// The widest and the highest picture, in pixels.
pub const SIDE_MAX: u32 = 2048;

/// The most parts of a file that are looked at.
const PARTS_MAX: usize = 4096;

/// A picture: what was read of a file, and nothing besides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// What it is.
    pub kind: PictureKind,
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// The file without what is not the picture: comments, where it was taken, previews.
    pub bytes: Vec<u8>,
}

/// Why a file is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PictureError {
    /// Too long.
    #[error("the picture has to be at most 128 KB")]
    TooLong,
    /// Something else, or broken, or something besides.
    #[error("this is no whole PNG, JPEG or WebP picture")]
    Unknown,
    /// Too wide or too high, or nothing at all.
    #[error("the picture has to be at most {SIDE_MAX} pixels wide and high")]
    Size,
}

impl Picture {
    /// Reads a file.
    ///
    /// # Errors
    /// [`PictureError`].
    pub fn read(file: &[u8]) -> Result<Self, PictureError> {
        if file.len() > PICTURE_BYTES_MAX {
            return Err(PictureError::TooLong);
        }
        let found = png(file).or_else(|| jpeg(file)).or_else(|| webp(file));
        let picture = found.ok_or(PictureError::Unknown)?;
        let fits = |side: u32| (1..=SIDE_MAX).contains(&side);
        if fits(picture.width) && fits(picture.height) {
            Ok(picture)
        } else {
            Err(PictureError::Size)
        }
    }
}

/// The first `count` bytes and the rest.
fn split(bytes: &[u8], count: usize) -> Option<(&[u8], &[u8])> {
    bytes.split_at_checked(count)
}

fn big(bytes: &[u8]) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.try_into().ok()?))
}

fn big16(bytes: &[u8]) -> Option<u32> {
    Some(u32::from(u16::from_be_bytes(bytes.try_into().ok()?)))
}

fn little(bytes: &[u8]) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.try_into().ok()?))
}

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

/// The chunks that make a still picture; what is written beside it is left out.
const PNG_CHUNKS: [&[u8]; 9] = [
    b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND", b"gAMA", b"cHRM", b"sRGB", b"pHYs",
];

fn png(file: &[u8]) -> Option<Picture> {
    let mut rest = file.strip_prefix(PNG)?;
    let mut bytes = PNG.to_vec();
    let mut size = None;
    let mut has_data = false;
    for index in 0..PARTS_MAX {
        let length = usize::try_from(big(rest.get(..4)?)?).ok()?;
        let (chunk, after) = split(rest, length.checked_add(12)?)?;
        let (kind, data) = (chunk.get(4..8)?, chunk.get(8..length.checked_add(8)?)?);
        if (index == 0) != (kind == b"IHDR") || index == 0 && length != 13 {
            return None;
        }
        if index == 0 {
            size = Some((big(data.get(..4)?)?, big(data.get(4..8)?)?));
        }
        has_data |= kind == b"IDAT";
        if PNG_CHUNKS.contains(&kind) {
            bytes.extend_from_slice(chunk);
        }
        rest = after;
        if kind == b"IEND" {
            let (width, height) = size?;
            let is_whole = has_data && length == 0 && rest.is_empty();
            return is_whole.then_some(Picture {
                kind: PictureKind::Png,
                width,
                height,
                bytes,
            });
        }
    }
    None
}

fn jpeg(file: &[u8]) -> Option<Picture> {
    let mut rest = file.strip_prefix(b"\xff\xd8")?;
    let mut bytes = b"\xff\xd8".to_vec();
    let mut size = None;
    for _ in 0..PARTS_MAX {
        let (head, after) = split(rest, 2)?;
        let [0xff, marker] = *head else { return None };
        match marker {
            // Filling.
            0xff => {
                rest = rest.get(1..)?;
                continue;
            }
            0xd9 => {
                let (width, height) = size?;
                bytes.extend_from_slice(head);
                return after.is_empty().then_some(Picture {
                    kind: PictureKind::Jpeg,
                    width,
                    height,
                    bytes,
                });
            }
            0x01 | 0xd0..=0xd8 => return None,
            _ => {}
        }
        let length = usize::try_from(big16(after.get(..2)?)?).ok()?;
        let (segment, after) = split(after, length)?;
        // Start of a frame; the others of this row are tables.
        if matches!(marker, 0xc0..=0xcf if !matches!(marker, 0xc4 | 0xc8 | 0xcc)) {
            if size.is_some() {
                return None;
            }
            size = Some((big16(segment.get(5..7)?)?, big16(segment.get(3..5)?)?));
        }
        // Of what applications and people wrote, only what says how the colours are meant: JFIF and Adobe.
        let is_left_out = matches!(marker, 0xe1..=0xed | 0xef | 0xf0..=0xfe);
        if !is_left_out {
            bytes.extend_from_slice(head);
            bytes.extend_from_slice(segment);
        }
        rest = after;
        if marker == 0xda {
            let end = entropy_length(rest)?;
            let (data, after) = split(rest, end)?;
            bytes.extend_from_slice(data);
            rest = after;
        }
    }
    None
}

/// How many bytes there are up to the next marker that is no restart and no escaped byte.
fn entropy_length(data: &[u8]) -> Option<usize> {
    let pairs = data.iter().zip(data.iter().skip(1));
    let mut ends = pairs.enumerate();
    ends.find(|(_, (one, next))| **one == 0xff && !matches!(**next, 0 | 0xd0..=0xd7 | 0xff))
        .map(|(index, _)| index)
}

/// Flags of VP8X: an ICC profile is left out, as EXIF and XMP are; an animation is no logo.
const VP8X_ALPHA: u8 = 0x10;
const VP8X_ANIMATION: u8 = 0x02;

fn webp(file: &[u8]) -> Option<Picture> {
    let (head, mut rest) = split(file, 12)?;
    let said = usize::try_from(little(head.get(4..8)?)?).ok()?;
    if !head.starts_with(b"RIFF") || !head.ends_with(b"WEBP") || said.checked_add(8)? != file.len() {
        return None;
    }
    let mut chunks = Vec::new();
    let (mut canvas, mut size) = (None, None);
    for _ in 0..PARTS_MAX {
        if rest.is_empty() {
            break;
        }
        let length = usize::try_from(little(rest.get(4..8)?)?).ok()?;
        let padded = length.checked_add(length % 2)?;
        let (chunk, after) = split(rest, padded.checked_add(8)?)?;
        let (kind, data) = (chunk.get(..4)?, chunk.get(8..length.checked_add(8)?)?);
        match kind {
            b"VP8X" if canvas.is_none() && chunks.is_empty() && length == 10 => {
                let flags = *data.first()?;
                if flags & VP8X_ANIMATION != 0 {
                    return None;
                }
                let side = |at: usize| {
                    little(&[
                        *data.get(at)?,
                        *data.get(at.checked_add(1)?)?,
                        *data.get(at.checked_add(2)?)?,
                        0,
                    ])?
                    .checked_add(1)
                };
                canvas = Some((side(4)?, side(7)?));
                chunks.extend_from_slice(chunk.get(..8)?);
                chunks.push(flags & VP8X_ALPHA);
                chunks.extend_from_slice(data.get(1..)?);
            }
            b"VP8 " | b"VP8L" if size.is_none() => {
                size = Some(if kind == b"VP8 " {
                    lossy(data)?
                } else {
                    lossless(data)?
                });
                chunks.extend_from_slice(chunk);
            }
            b"ALPH" if canvas.is_some() && size.is_none() => chunks.extend_from_slice(chunk),
            b"EXIF" | b"XMP " | b"ICCP" => {}
            _ => return None,
        }
        rest = after;
    }
    let (width, height) = size?;
    if !rest.is_empty() || canvas.is_some_and(|canvas| canvas != (width, height)) {
        return None;
    }
    let length = u32::try_from(chunks.len().checked_add(4)?).ok()?;
    let mut bytes = b"RIFF".to_vec();
    bytes.extend_from_slice(&length.to_le_bytes());
    bytes.extend_from_slice(b"WEBP");
    bytes.extend_from_slice(&chunks);
    Some(Picture {
        kind: PictureKind::Webp,
        width,
        height,
        bytes,
    })
}

/// The size in a VP8 key frame's header (RFC 6386, section 9.1).
fn lossy(data: &[u8]) -> Option<(u32, u32)> {
    if data.get(3..6)? != b"\x9d\x01\x2a" {
        return None;
    }
    let side = |at: usize| {
        let [low, high] = [*data.get(at)?, *data.get(at.checked_add(1)?)?];
        Some(u32::from(u16::from_le_bytes([low, high])) & 0x3fff)
    };
    Some((side(6)?, side(8)?))
}

/// The size in a VP8L header: two times 14 bits, each less one.
fn lossless(data: &[u8]) -> Option<(u32, u32)> {
    if data.first()? != &0x2f {
        return None;
    }
    let bits = little(data.get(1..5)?)?;
    let side = |bits: u32| (bits & 0x3fff).checked_add(1);
    Some((side(bits)?, side(bits >> 14)?))
}

#[cfg(test)]
pub(crate) mod tests;
