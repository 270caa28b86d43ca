//! Pictures made small: once, at upload, off the request threads, within limits that a hostile file cannot pass.

use std::io::Cursor;

use image::{
    DynamicImage, ImageDecoder as _, ImageFormat, ImageReader, Limits, RgbImage, codecs::jpeg::JpegEncoder,
    imageops::FilterType,
};
use tokio::sync::{Semaphore, SemaphorePermit};

/// Most pixels of a picture that is decoded: a phone's camera has 12 to 50 million.
const PIXELS: u64 = 50_000_000;
/// Longest side.
const SIDE: u32 = 20_000;
/// Most memory that decoding may take.
const DECODE_BYTES: u64 = 256 * 1024 * 1024;
/// Pictures that are decoded at once; others wait, so that memory stays bounded.
const AT_ONCE: usize = 2;
/// JPEG quality of what is made: text in a screenshot stays readable.
const QUALITY: u8 = 82;

/// A small picture, as JPEG.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Small {
    /// The file.
    pub jpeg: Vec<u8>,
    /// Width of the original, turned as it is to be seen.
    pub width: u32,
    /// Height of the original.
    pub height: u32,
}

/// Why no small picture was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ImageError {
    /// Not a JPEG, PNG or WebP, or a broken one.
    #[error("not a picture that can be read")]
    Unreadable,
    /// More pixels or memory than allowed.
    #[error("a picture with too many pixels")]
    TooLarge,
}

/// How a picture is made small.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Whole, within a box of so many pixels; never made larger.
    Within(u32, u32),
    /// The middle of it, as a square of so many pixels.
    Square(u32),
}

/// A turn to make a picture small. Take it before the picture is read, so that no more of them are in memory than are
/// being made small.
#[derive(Debug)]
pub struct Turn(#[expect(dead_code, reason = "held for its turn")] Option<SemaphorePermit<'static>>);

/// Waits for a turn.
pub async fn turn() -> Turn {
    static GATE: Semaphore = Semaphore::const_new(AT_ONCE);
    // It is never closed.
    Turn(GATE.acquire().await.ok())
}

/// Makes a small picture of `bytes` on a blocking thread; the turn ends with it, whether somebody still waits or not. Turned upright, transparency on white, nothing of the camera's
/// data (place, device) kept.
///
/// # Errors
/// See [`ImageError`].
pub async fn small(turn: Turn, bytes: Vec<u8>, shape: Shape) -> Result<Small, ImageError> {
    let work = move || {
        let made = make(&bytes, shape);
        drop(turn);
        made
    };
    // A decoder that panics has met a broken file.
    tokio::task::spawn_blocking(work).await.unwrap_or(Err(ImageError::Unreadable))
}

/// A square of `side` pixels of somebody's photo, as JPEG.
///
/// # Errors
/// See [`ImageError`].
pub async fn square(bytes: Vec<u8>, side: u32) -> Result<Vec<u8>, ImageError> {
    Ok(small(turn().await, bytes, Shape::Square(side)).await?.jpeg)
}

fn make(bytes: &[u8], shape: Shape) -> Result<Small, ImageError> {
    let reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(|_| ImageError::Unreadable)?;
    if !matches!(reader.format(), Some(ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP)) {
        return Err(ImageError::Unreadable);
    }
    let mut decoder = reader.into_decoder().map_err(|_| ImageError::Unreadable)?;
    let (width, height) = decoder.dimensions();
    // The header tells the size: a bomb is refused before anything of it is unpacked.
    if width > SIDE || height > SIDE || u64::from(width) * u64::from(height) > PIXELS {
        return Err(ImageError::TooLarge);
    }
    let mut limits = Limits::default();
    limits.max_alloc = Some(DECODE_BYTES);
    decoder.set_limits(limits).map_err(|_| ImageError::TooLarge)?;
    let orientation = decoder.orientation().unwrap_or(image::metadata::Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder).map_err(refused)?;
    picture.apply_orientation(orientation);
    let (width, height) = (picture.width(), picture.height());
    let shrunk = match shape {
        Shape::Within(w, h) if width <= w && height <= h => picture,
        Shape::Within(w, h) => picture.resize(w, h, FilterType::Triangle),
        Shape::Square(side) => picture.resize_to_fill(side, side, FilterType::Triangle),
    };
    let mut jpeg = Vec::new();
    on_white(&shrunk)
        .write_with_encoder(JpegEncoder::new_with_quality(&mut jpeg, QUALITY))
        .map_err(|_| ImageError::Unreadable)?;
    Ok(Small { jpeg, width, height })
}

fn refused(error: image::ImageError) -> ImageError {
    if matches!(error, image::ImageError::Limits(_)) { ImageError::TooLarge } else { ImageError::Unreadable }
}

/// JPEG knows no transparency: what shines through becomes white, not black.
fn on_white(picture: &DynamicImage) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.to_rgb8();
    }
    let source = picture.to_rgba8();
    let blend = |c: u8, a: u8| {
        let mixed = (u16::from(c) * u16::from(a) + 255 * (255 - u16::from(a)) + 127) / 255;
        u8::try_from(mixed).unwrap_or(u8::MAX)
    };
    RgbImage::from_fn(source.width(), source.height(), |x, y| {
        let [r, g, b, a] = source.get_pixel(x, y).0;
        image::Rgb([blend(r, a), blend(g, a), blend(b, a)])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A picture of one colour.
    fn picture(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        let picture =
            DynamicImage::ImageRgba8(image::RgbaImage::from_pixel(width, height, image::Rgba([200, 0, 0, 0])));
        let picture = if format == ImageFormat::Jpeg { picture.to_rgb8().into() } else { picture };
        picture.write_to(&mut bytes, format).expect("written");
        bytes.into_inner()
    }

    #[test]
    fn a_picture_fits_its_box_and_is_never_made_larger() {
        for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP] {
            let small = make(&picture(800, 200, format), Shape::Within(400, 400)).expect("made");
            assert_eq!((small.width, small.height), (800, 200), "the original's size is told");
            let made = image::load_from_memory(&small.jpeg).expect("a picture");
            assert_eq!((made.width(), made.height()), (400, 100));
        }
        let small = make(&picture(20, 10, ImageFormat::Png), Shape::Within(400, 400)).expect("made");
        assert_eq!(image::load_from_memory(&small.jpeg).expect("a picture").width(), 20);
    }

    #[test]
    fn a_photo_becomes_a_square_and_what_is_transparent_white() {
        let small = make(&picture(300, 100, ImageFormat::Png), Shape::Square(96)).expect("made");
        let made = image::load_from_memory(&small.jpeg).expect("a picture").to_rgb8();
        assert_eq!(made.dimensions(), (96, 96));
        assert!(made.get_pixel(48, 48).0.iter().all(|c| *c > 250), "{:?}", made.get_pixel(48, 48));
    }

    #[test]
    fn what_is_no_picture_or_too_large_is_refused() {
        assert_eq!(make(b"GIF89a not for us", Shape::Square(96)), Err(ImageError::Unreadable));
        assert_eq!(make(b"", Shape::Square(96)), Err(ImageError::Unreadable));
        let mut broken = picture(64, 64, ImageFormat::Png);
        broken.truncate(broken.len() / 2);
        assert_eq!(make(&broken, Shape::Square(96)), Err(ImageError::Unreadable));
        // A header that claims 60,000 × 60,000 pixels: a few bytes that would unpack to 14 GB.
        let mut bomb = picture(1, 1, ImageFormat::Png);
        bomb[16..20].copy_from_slice(&60_000_u32.to_be_bytes());
        bomb[20..24].copy_from_slice(&60_000_u32.to_be_bytes());
        let refused = make(&bomb, Shape::Square(96));
        assert!(refused.is_err(), "{refused:?}");
    }
}
