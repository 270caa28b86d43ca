//! Takes the good rows of a file, a few to a transaction, so that pages keep moving and a stop loses nothing: who clicks
//! again goes on where it stood.

use serde_json::json;
use uuid::Uuid;
use views::text::Locale;

use super::{
    super::{
        invite::{insert_invited, unusable_password},
        mails,
    },
    queries::{self, ImportRow},
};
use crate::{
    app::App,
    audit::{self, Entry},
    error::AppResult,
    ids::UserId,
    live::LiveTx,
};

/// Rows of one transaction.
const CHUNK: i64 = 25;

/// Who imports, from where, and the hash of the password that nobody knows.
pub struct Importer {
    /// The application.
    pub app: App,
    /// The import.
    pub id: Uuid,
    /// Who clicked.
    pub actor: UserId,
    /// From where.
    pub ip: String,
}

impl Importer {
    /// Imports until no good row is left. A failure is logged; the import stands still and can be taken up again.
    pub async fn run(self) {
        if let Err(error) = self.all().await {
            tracing::error!(import = %self.id, %error, "the import stopped");
        }
    }

    async fn all(&self) -> AppResult<()> {
        let hash = unusable_password().await?;
        loop {
            let rows = queries::list_waiting(&self.app.db, self.id, CHUNK).await?;
            if rows.is_empty() {
                return self.finish().await;
            }
            if self.together(&rows, &hash).await.is_err() {
                // Somebody took an address of these at the same moment: one by one, so that it costs one row alone.
                for row in &rows {
                    self.alone(row, &hash).await?;
                }
            }
        }
    }

    async fn together(&self, rows: &[ImportRow], hash: &str) -> AppResult<()> {
        let mut tx = self.app.live.begin().await?;
        for row in rows {
            self.take(&mut tx, row, hash).await?;
        }
        queries::beat(&mut tx, self.id, false, self.app.clock.now()).await?;
        self.app.live.commit(tx).await
    }

    async fn alone(&self, row: &ImportRow, hash: &str) -> AppResult<()> {
        let mut tx = self.app.live.begin().await?;
        if self.take(&mut tx, row, hash).await.is_ok() && self.app.live.commit(tx).await.is_ok() {
            return Ok(());
        }
        let mut tx = self.app.live.begin().await?;
        let taken = Err(crate::error::FieldErrors::one("email", "field.taken"));
        queries::settle(&mut tx, self.id, row.number, &taken).await?;
        self.app.live.commit(tx).await
    }

    async fn take(&self, tx: &mut LiveTx, row: &ImportRow, hash: &str) -> AppResult<()> {
        let now = self.app.clock.now();
        let made = insert_invited(tx, &row.fields(), hash, now).await?;
        if let Ok(id) = &made {
            let entry = Entry::new(Some(self.actor), &self.ip, "user.invite", "app_user", id.0);
            audit::record(tx, entry.after(json!({ "import": self.id })), now).await?;
            if self.app.mail.is_configured() {
                let fields = row.fields();
                let to = (&*fields.first_name, &*fields.email);
                mails::invite(&self.app, tx, *id, (Locale::default(), to)).await?;
            }
        }
        queries::settle(tx, self.id, row.number, &made).await?;
        Ok(())
    }

    async fn finish(&self) -> AppResult<()> {
        let found = queries::find_import(&self.app.db, self.id).await?;
        let now = self.app.clock.now();
        let mut tx = self.app.live.begin().await?;
        queries::beat(&mut tx, self.id, true, now).await?;
        let entry = Entry::new(Some(self.actor), &self.ip, "people.import", "people_import", self.id);
        let after = json!({ "file": found.file_name, "rows": found.total, "made": found.made });
        audit::record(&mut tx, entry.after(after), now).await?;
        self.app.live.commit(tx).await
    }
}
