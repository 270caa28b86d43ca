//! Keyset pages: one row more than the page is read, and tells whether there is more.

/// A page of rows, and whether the list goes on after it.
#[derive(Clone, Debug)]
pub struct Paged<T> {
    /// At most the size asked for.
    pub rows: Vec<T>,
    /// Whether a further page has rows.
    pub has_more: bool,
}

impl<T> Paged<T> {
    /// Rows to ask the database for, to fill a page of `size`.
    pub fn limit(size: i64) -> i64 {
        size + 1
    }

    /// Cuts what [`Paged::limit`] fetched to `size`.
    pub fn new(mut rows: Vec<T>, size: i64) -> Self {
        let size = usize::try_from(size).unwrap_or(0);
        let has_more = rows.len() > size;
        rows.truncate(size);
        Self { rows, has_more }
    }

    /// The same page of other rows.
    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Paged<U> {
        Paged { rows: self.rows.into_iter().map(f).collect(), has_more: self.has_more }
    }
}
