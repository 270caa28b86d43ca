//! Photos of some of the demo's people: portraits drawn here, of a few ellipses each.

use chrono::{DateTime, Utc};
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};

use super::floor::Member;
use crate::{
    auth::Role,
    db::Tx,
    features::access,
    storage::{Storage, image::square},
};

/// Side of a drawing; four times what is kept, so that edges come out smooth.
const CANVAS: u32 = 4 * access::PHOTO_SIDE;
/// Longest portrait.
const LIMIT_BYTES: u64 = 64 * 1024;

type Colour = [u8; 3];

/// Ground, coat, skin, hair, and whether the hair is long.
const PORTRAITS: [(Colour, Colour, Colour, Colour, bool); 8] = [
    ([214, 232, 229], [15, 118, 110], [233, 190, 160], [58, 42, 34], true),
    ([232, 224, 212], [71, 85, 105], [198, 144, 108], [32, 26, 24], false),
    ([222, 228, 240], [120, 53, 15], [241, 205, 178], [140, 84, 46], true),
    ([234, 220, 222], [30, 64, 112], [141, 94, 66], [24, 20, 20], false),
    ([224, 234, 216], [112, 26, 60], [222, 172, 136], [88, 58, 40], true),
    ([240, 230, 204], [55, 65, 81], [246, 214, 190], [176, 132, 82], false),
    ([218, 226, 232], [6, 95, 70], [172, 118, 84], [44, 34, 30], true),
    ([230, 226, 236], [88, 64, 130], [228, 182, 150], [120, 118, 116], false),
];

/// The portraits, as they are stored.
pub async fn draw() -> anyhow::Result<Vec<Vec<u8>>> {
    let mut portraits = Vec::new();
    for (ground, coat, skin, hair, is_long) in PORTRAITS {
        let mut canvas = RgbImage::from_pixel(CANVAS, CANVAS, Rgb(ground));
        if is_long {
            ellipse(&mut canvas, (50, 56), (27, 34), hair);
        }
        ellipse(&mut canvas, (50, 106), (38, 34), coat);
        ellipse(&mut canvas, (50, 70), (9, 16), skin);
        ellipse(&mut canvas, (50, 40), (23, 23), hair);
        ellipse(&mut canvas, (50, 48), (19, 23), skin);
        let mut png = std::io::Cursor::new(Vec::new());
        DynamicImage::ImageRgb8(canvas).write_to(&mut png, ImageFormat::Png)?;
        portraits.push(square(png.into_inner(), access::PHOTO_SIDE).await?);
    }
    Ok(portraits)
}

/// Fills an ellipse; middle and radii in hundredths of the side.
fn ellipse(canvas: &mut RgbImage, (x, y): (i64, i64), (rx, ry): (i64, i64), colour: Colour) {
    let side = i64::from(CANVAS);
    for (px, py, pixel) in canvas.enumerate_pixels_mut() {
        let (dx, dy) = (i64::from(px) * 100 - x * side, i64::from(py) * 100 - y * side);
        let (rx, ry) = (rx * side, ry * side);
        if (dx * ry).pow(2) + (dy * rx).pow(2) <= (rx * ry).pow(2) {
            *pixel = Rgb(colour);
        }
    }
}

/// Gives the portraits away: one to the first of each role, the rest to agents; the others keep their initials.
pub async fn insert(
    tx: &mut Tx,
    storage: &Storage,
    portraits: &[Vec<u8>],
    staff: &[Member],
    now: DateTime<Utc>,
) -> anyhow::Result<()> {
    let firsts = Role::ALL.into_iter().filter_map(|role| staff.iter().find(|m| m.role == role));
    let agents = staff.iter().filter(|m| m.role == Role::Asesor).skip(1).step_by(3);
    for (member, jpeg) in firsts.chain(agents).zip(portraits) {
        storage.put(&access::photo_key(member.id), &jpeg[..], LIMIT_BYTES).await?;
        access::set_photo_version(tx, member.id, now.timestamp_millis(), now).await?;
    }
    Ok(())
}
