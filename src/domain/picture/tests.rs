//! What is a picture, and what only looks like one.

use super::*;

/// A chunk of a PNG; its sum is not looked at here.
fn chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let length = u32::try_from(data.len()).unwrap().to_be_bytes();
    [&length[..], kind, data, &[0; 4]].concat()
}

fn png_of(width: u32, height: u32, more: &[u8]) -> Vec<u8> {
    let size = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 2, 0, 0, 0]].concat();
    [
        PNG,
        &chunk(b"IHDR", &size),
        more,
        &chunk(b"IDAT", b"pixels"),
        &chunk(b"IEND", b""),
    ]
    .concat()
}

/// One red pixel that browsers do show.
pub(crate) const PIXEL: &[u8] = &[
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48, 0x44, 0x52, 0x00,
    0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x01, 0x08, 0x02, 0x00, 0x00, 0x00, 0x90, 0x77, 0x53, 0xde, 0x00,
    0x00, 0x00, 0x0c, 0x49, 0x44, 0x41, 0x54, 0x78, 0x9c, 0x63, 0xf8, 0xcf, 0xc0, 0x00, 0x00, 0x03, 0x01,
    0x01, 0x00, 0xc9, 0xfe, 0x92, 0xef, 0x00, 0x00, 0x00, 0x00, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60,
    0x82,
];

fn jpeg_of(more: &[u8]) -> Vec<u8> {
    let frame = b"\xff\xc0\x00\x0b\x08\x00\x20\x00\x40\x01\x01\x11\x00";
    let scan = b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00pix\xff\x00els\xff\xd0more";
    [&b"\xff\xd8\xff\xe0\x00\x04ab"[..], more, frame, scan, b"\xff\xd9"].concat()
}

fn webp_of(chunks: &[u8]) -> Vec<u8> {
    let length = u32::try_from(chunks.len() + 4).unwrap().to_le_bytes();
    [b"RIFF", &length[..], b"WEBP", chunks].concat()
}

fn riff(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let length = u32::try_from(data.len()).unwrap().to_le_bytes();
    let pad = if data.len() % 2 == 1 { &[0][..] } else { &[] };
    [&kind[..], &length, data, pad].concat()
}

/// 64 by 32 pixels.
fn vp8() -> Vec<u8> {
    riff(b"VP8 ", b"\x00\x00\x00\x9d\x01\x2a\x40\x00\x20\x00pixel")
}

fn vp8l() -> Vec<u8> {
    let bits: u32 = 63 | (31 << 14);
    riff(b"VP8L", &[&[0x2f][..], &bits.to_le_bytes()].concat())
}

/// One of each kind, and such as have to be cleaned.
pub(crate) fn samples() -> Vec<Vec<u8>> {
    let x = |flags: u8| riff(b"VP8X", &[flags, 0, 0, 0, 63, 0, 0, 31, 0, 0]);
    vec![
        PIXEL.to_vec(),
        png_of(64, 32, &chunk(b"tEXt", b"a text")),
        jpeg_of(b"\xff\xfe\x00\x05abc\xff\xe1\x00\x04ab"),
        webp_of(&vp8()),
        webp_of(&vp8l()),
        webp_of(
            &[
                x(0x3c),
                riff(b"ICCP", b"abc"),
                riff(b"ALPH", b"a"),
                vp8(),
                riff(b"EXIF", b"ab"),
            ]
            .concat(),
        ),
    ]
}

fn size_of(file: &[u8]) -> Result<(PictureKind, u32, u32), PictureError> {
    Picture::read(file).map(|picture| (picture.kind, picture.width, picture.height))
}

#[test]
fn the_three_kinds_are_known_by_their_bytes_with_their_size() {
    let webp_x = [
        riff(b"VP8X", &[0x10, 0, 0, 0, 63, 0, 0, 31, 0, 0]),
        riff(b"ALPH", b"a"),
        vp8(),
    ]
    .concat();
    for (file, expected) in [
        (PIXEL.to_vec(), (PictureKind::Png, 1, 1)),
        (png_of(64, 32, b""), (PictureKind::Png, 64, 32)),
        (jpeg_of(b""), (PictureKind::Jpeg, 64, 32)),
        (webp_of(&vp8()), (PictureKind::Webp, 64, 32)),
        (webp_of(&vp8l()), (PictureKind::Webp, 64, 32)),
        (webp_of(&webp_x), (PictureKind::Webp, 64, 32)),
    ] {
        assert_eq!(size_of(&file), Ok(expected));
        assert_eq!(Picture::read(&file).unwrap().bytes, file, "{expected:?}");
    }
}

#[test]
fn what_has_other_bytes_than_a_picture_is_refused_whatever_it_is_called() {
    let truncated = |file: Vec<u8>| file[..file.len() - 1].to_vec();
    for file in [
        b"".to_vec(),
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>".to_vec(),
        b"<!doctype html><script>alert(1)</script>".to_vec(),
        b"GIF89a\x01\x00\x01\x00\x00\x00\x00;".to_vec(),
        b"\x89PNG\r\n\x1a\n".to_vec(),
        b"\xff\xd8\xff\xd9".to_vec(),
        truncated(png_of(64, 32, b"")),
        truncated(jpeg_of(b"")),
        truncated(webp_of(&vp8())),
        webp_of(b""),
        webp_of(&[vp8(), vp8()].concat()),
        webp_of(&[vp8(), riff(b"HTML", b"<b>")].concat()),
        webp_of(&[riff(b"VP8X", &[0x02, 0, 0, 0, 63, 0, 0, 31, 0, 0]), vp8()].concat()),
        webp_of(&[riff(b"VP8X", &[0, 0, 0, 0, 9, 9, 0, 9, 9, 0]), vp8()].concat()),
    ] {
        assert_eq!(size_of(&file), Err(PictureError::Unknown), "{file:?}");
    }
}

#[test]
fn a_picture_that_is_something_else_besides_is_refused() {
    for file in [png_of(8, 8, b""), jpeg_of(b""), webp_of(&vp8())] {
        for tail in [&b"<script>alert(1)</script>"[..], b"PK\x03\x04", b"\0"] {
            let both = [&file[..], tail].concat();
            assert_eq!(size_of(&both), Err(PictureError::Unknown));
            let both = [tail, &file[..]].concat();
            assert_eq!(size_of(&both), Err(PictureError::Unknown));
        }
    }
}

#[test]
fn what_is_written_beside_the_picture_does_not_stay_in_it() {
    let page = b"<script>alert(1)</script>";
    let text = chunk(b"tEXt", page);
    let comment = [&b"\xff\xfe\x00\x1b"[..], page].concat();
    let exif = [&b"\xff\xe1\x00\x1b"[..], page].concat();
    let x = |flags: u8| riff(b"VP8X", &[flags, 0, 0, 0, 63, 0, 0, 31, 0, 0]);
    let webp_with = [
        x(0x3c),
        riff(b"ICCP", page),
        vp8(),
        riff(b"EXIF", page),
        riff(b"XMP ", page),
    ]
    .concat();
    for (file, cleaned) in [
        (png_of(8, 8, &text), png_of(8, 8, b"")),
        (jpeg_of(&[comment, exif].concat()), jpeg_of(b"")),
        (webp_of(&webp_with), webp_of(&[x(0x10), vp8()].concat())),
    ] {
        let picture = Picture::read(&file).unwrap();
        assert_eq!(picture.bytes, cleaned);
        assert!(!picture.bytes.windows(7).any(|window| window == b"<script"));
    }
}

#[test]
fn a_picture_too_long_or_too_large_is_refused() {
    let long = png_of(8, 8, &chunk(b"tEXt", &vec![b'a'; PICTURE_BYTES_MAX]));
    assert_eq!(size_of(&long), Err(PictureError::TooLong));
    for (width, height) in [
        (SIDE_MAX + 1, 8),
        (8, SIDE_MAX + 1),
        (0, 8),
        (8, 0),
        (u32::MAX, u32::MAX),
    ] {
        assert_eq!(size_of(&png_of(width, height, b"")), Err(PictureError::Size));
    }
}
