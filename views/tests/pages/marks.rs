//! What hangs on the messages of the sample pages.

use maud::{Markup, html};
use views::chat::{MessageView, Piece, QuoteView, ReactionView};
use views::paths;
use views::text::Locale;
use views::ui::{self, FileKind, FileView, UploadLimits, UploadView};

use crate::sample::{HOSTILE, id, me};

/// Files of every kind, one with a hostile name.
pub fn files() -> Vec<FileView> {
    let file = |n: usize, name: &str, kind, picture| FileView {
        id: id(700 + n),
        url: paths::file(&id(700 + n)),
        thumbnail_url: paths::file_thumbnail(&id(700 + n)),
        removal_url: paths::file_removal(&id(700 + n)),
        name: name.into(),
        size: "1,4 MB".into(),
        kind,
        picture,
    };
    vec![
        file(0, HOSTILE, FileKind::Image, Some((1280, 720))),
        file(1, "Acuerdo de pago firmado por el cliente, versión corregida y definitiva (3).pdf", FileKind::Pdf, None),
        file(2, "llamada.mp3", FileKind::Audio, None),
        file(3, "base.xlsx", FileKind::Sheet, None),
    ]
}

/// Files that wait beside a form.
pub fn upload(n: usize) -> UploadView {
    let files = files().into_iter().map(|f| FileView { id: f.id.replace("07", "08"), ..f }).collect();
    let limits = UploadLimits {
        files: 10,
        file_bytes: 10 * 1024 * 1024,
        count_key: "chat.error.file_count",
        size_key: "file.error.size",
        help_key: "file.help.chat",
    };
    UploadView { id: id(n), url: paths::files(&id(n)), files, limits }
}

/// Two forms of one page, each with files of its own.
pub fn two_forms(l: Locale) -> Markup {
    html! {
        @for n in [101, 102] {
            form method="post" action="/" {
                (ui::upload(l, &upload(n)))
                (ui::attachments(l, &files()))
                button.btn.btn-primary type="submit" { "Enviar" }
            }
        }
    }
}

/// Gives some messages a quote, reactions, a name, an edit; deletes one.
pub fn hang(mut messages: Vec<MessageView>) -> Vec<MessageView> {
    let quote = QuoteView {
        message_id: id(201),
        number: 32,
        author: id(2),
        name: HOSTILE.into(),
        line: HOSTILE.into(),
        is_deleted: false,
    };
    let people: Vec<(String, String)> = vec![(id(1), me().name), (id(2), HOSTILE.into())];
    for (n, m) in messages.iter_mut().enumerate() {
        m.editable_until_ms = 1_795_000_000_000;
        match n {
            0 => m.attachments = files(),
            2 => m.quote = Some(quote.clone()),
            3 => m.quote = Some(QuoteView { is_deleted: true, line: String::new(), ..quote.clone() }),
            4 => m.reactions = vec![ReactionView { kind: "like", people: people.clone() }],
            5 => m.is_edited = true,
            6 => (m.is_deleted, m.body) = (true, Vec::new()),
            7 => m.body.push(Piece::Mention { ids: vec![id(1), id(2)], text: format!("@{HOSTILE}") }),
            _ => {}
        }
    }
    messages
}
