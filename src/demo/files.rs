//! A picture and a document in the demo's longest conversation, both made here.

use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use uuid::Uuid;

use super::talk::LONG;
use crate::{
    db::Tx,
    sql,
    storage::{
        Key, Storage, Stored,
        image::{Shape, small, turn},
    },
};

/// Longest object of the demo.
const LIMIT_BYTES: u64 = 1024 * 1024;
/// Width and height of the picture.
const SIZE: (u32, u32) = (960, 540);

/// A file whose bytes are stored.
pub struct DemoFile {
    id: Uuid,
    name: &'static str,
    content_type: &'static str,
    key: Key,
    small: Option<Key>,
    stored: Stored,
}

/// Stores the bytes. Call it before the transaction that tells of them.
pub async fn store(storage: &Storage) -> anyhow::Result<Vec<DemoFile>> {
    let chart = chart()?;
    let thumbnail = small(turn().await, chart.clone(), Shape::Within(640, 480)).await?;
    let small_key = Key::of(&["chat", "small", &Uuid::now_v7().to_string()]);
    storage.put(&small_key, &thumbnail.jpeg[..], LIMIT_BYTES).await?;
    let picture = put(storage, "tablero-de-hoy.png", "image/png", &chart, Some(small_key)).await?;
    let paper = put(storage, "acuerdo-de-pago.pdf", "application/pdf", pdf().as_bytes(), None).await?;
    Ok(vec![picture, paper])
}

async fn put(
    storage: &Storage,
    name: &'static str,
    content_type: &'static str,
    bytes: &[u8],
    small: Option<Key>,
) -> anyhow::Result<DemoFile> {
    let id = Uuid::now_v7();
    let key = Key::of(&["chat", "demo", &id.to_string()]);
    let stored = storage.put(&key, bytes, LIMIT_BYTES).await?;
    Ok(DemoFile { id, name, content_type, key, small, stored })
}

/// Gives the files to the last messages of the longest conversation.
pub async fn insert(tx: &mut Tx, files: &[DemoFile]) -> anyhow::Result<()> {
    let last = i64::try_from(LONG)?;
    for (n, file) in (0_i64..).zip(files) {
        let is_picture = file.small.is_some();
        tx.exec(sql!(
            "insert into stored_file (id, uploader_id, purpose, place_id, name, content_type, object_key, \
               thumbnail_key, size_bytes, sha256, width, height, created_at, stored_at, claimed_at) \
             select $1, m.sender_id, 'chat', m.conversation_id, $2, $3, $4, $5, $6, $7, $8, $9, m.created_at, \
               m.created_at, m.created_at \
             from message m join conversation c on c.id = m.conversation_id \
             where c.last_number = $10 and m.number = $11",
            file.id,
            file.name,
            file.content_type,
            file.key.as_str(),
            file.small.as_ref().map(Key::as_str),
            file.stored.size_bytes,
            file.stored.sha256.as_str(),
            is_picture.then_some(i64::from(SIZE.0)),
            is_picture.then_some(i64::from(SIZE.1)),
            last,
            last - n
        ))
        .await?;
        tx.exec(sql!(
            "insert into attachment (file_id, message_id) select $1, m.id \
             from message m join conversation c on c.id = m.conversation_id \
             where c.last_number = $2 and m.number = $3",
            file.id,
            last,
            last - n
        ))
        .await?;
    }
    Ok(())
}

/// Bars on paper: what a screenshot of a dashboard looks like from afar.
fn chart() -> anyhow::Result<Vec<u8>> {
    let mut paper = RgbImage::from_pixel(SIZE.0, SIZE.1, Rgb([248, 250, 249]));
    for (n, height) in (0_u32..).zip([180_u32, 240, 210, 320, 290, 390, 350, 430]) {
        let colour = if n == 7 { Rgb([15, 118, 110]) } else { Rgb([148, 196, 190]) };
        for (x, y) in (0..72).flat_map(|x| (0..height).map(move |y| (x, y))) {
            paper.put_pixel(72 + n * 104 + x, SIZE.1 - 49 - y, colour);
        }
    }
    let mut bytes = std::io::Cursor::new(Vec::new());
    DynamicImage::ImageRgb8(paper).write_to(&mut bytes, ImageFormat::Png)?;
    Ok(bytes.into_inner())
}

/// One page with one line; readers mend the missing table of places.
fn pdf() -> String {
    let line = "BT /F1 18 Tf 72 720 Td (Acuerdo de pago - documento de demostracion) Tj ET";
    format!(
        "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n\
         3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>endobj\n\
         4 0 obj<</Length {}>>stream\n{line}\nendstream endobj\n\
         5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n",
        line.len()
    )
}
