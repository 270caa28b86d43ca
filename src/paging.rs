//! Pages of lists: by key, where one row more than the page tells whether there is more, and by number.

use chrono::{DateTime, Utc};
use uuid::Uuid;
use views::ui::PAGE_SIZES;

/// Later than any instant that is stored, in milliseconds.
const END_OF_TIME_MS: i64 = 9_999_999_999_999;

/// The `data-sort` of a list with the newest first. Its query breaks ties by descending id: so does the key, by the
/// whole id.
pub fn newest_first(at: DateTime<Utc>, id: Uuid) -> String {
    format!("{}{:039}", END_OF_TIME_MS - at.timestamp_millis(), u128::MAX - id.as_u128())
}

/// Rows of a numbered page unless chosen otherwise (domain: README, section 6).
const PAGE: i64 = 15;

/// A numbered page, as an address asks for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Numbered {
    /// From 1.
    pub page: i64,
    /// Rows of a page: one of [`PAGE_SIZES`].
    pub size: i64,
}

impl Numbered {
    /// Reads both words of an address. What they misspell counts as not asked.
    pub fn read(page: &str, size: &str) -> Self {
        Self {
            page: page.parse().ok().filter(|page| (1..100_000).contains(page)).unwrap_or(1),
            size: size.parse().ok().filter(|size| PAGE_SIZES.contains(size)).unwrap_or(PAGE),
        }
    }

    /// Rows before the page.
    pub fn offset(self) -> i64 {
        (self.page - 1) * self.size
    }

    /// The size as an address has it: empty when nothing was chosen.
    pub fn size_word(self) -> String {
        if self.size == PAGE { String::new() } else { self.size.to_string() }
    }
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_address_misspells_counts_as_not_asked() {
        assert_eq!(Numbered::read("3", "50"), Numbered { page: 3, size: 50 });
        for (page, size) in [("", ""), ("0", "16"), ("-1", "1000000"), ("1e3", "x"), ("100000", "99999999999999999999")]
        {
            assert_eq!(Numbered::read(page, size), Numbered { page: 1, size: PAGE }, "{page} {size}");
        }
    }

    #[test]
    fn a_page_begins_after_the_ones_before_it() {
        assert_eq!(Numbered::read("1", "50").offset(), 0);
        assert_eq!(Numbered::read("3", "50").offset(), 100);
        assert_eq!(
            (Numbered::read("1", "15").size_word(), Numbered::read("1", "50").size_word()),
            (String::new(), "50".to_owned())
        );
    }
}
