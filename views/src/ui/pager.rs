//! Below a list: which part of it is shown, the way on, and how many rows a page has.

use maud::{Markup, html};

use super::{Address, icon};
use crate::text::{Locale, fill, t};

/// Page sizes to choose from.
pub const PAGE_SIZES: [i64; 3] = [15, 50, 100];

/// Which part of a list is shown.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PagerView {
    /// Number of the first row that is shown, and of the last; `None` in a list that is not counted.
    pub shown: Option<(i64, i64, i64)>,
    /// The page before, if there is one.
    pub previous: Option<Address>,
    /// The page after, if there is one.
    pub next: Option<Address>,
    /// Rows of a page, when they can be chosen.
    pub size: Option<i64>,
}

impl PagerView {
    /// Page `page` (from 1) of `total` rows, with `size` to a page.
    pub fn counted(list: &Address, page: i64, size: i64, total: i64) -> Self {
        let (first, last) = ((page - 1) * size + 1, (page * size).min(total));
        let turn = |page: i64| list.with("page", &if page == 1 { String::new() } else { page.to_string() });
        Self {
            shown: Some((first.min(last), last, total)),
            previous: (page > 1).then(|| turn(page - 1)),
            next: (last < total).then(|| turn(page + 1)),
            size: Some(size),
        }
    }

    /// Whether there is anything to turn or to choose: a list that is shown whole needs no pager.
    pub fn leads_anywhere(&self) -> bool {
        let fits = self.shown.is_none_or(|(_, _, total)| total <= PAGE_SIZES[0]);
        !fits || self.previous.is_some() || self.next.is_some()
    }

    /// A list that is read on by key, without a total.
    pub fn keyset(first: Option<Address>, next: Option<Address>) -> Self {
        Self { shown: None, previous: first, next, size: None }
    }
}

/// The pager; `list` is the list's address with everything that is set.
pub fn pager(l: Locale, list: &Address, v: &PagerView) -> Markup {
    let step = |to: &Option<Address>, key: &str, rel: &str, icon_name: &str| {
        html! {
            @if let Some(to) = to {
                a.icon-btn href=(to.href()) rel=(rel) aria-label=(t(l, key)) title=(t(l, key)) { (icon(icon_name)) }
            } @else { span.icon-btn aria-hidden="true" data-off { (icon(icon_name)) } }
        }
    };
    html! {
        nav.pager aria-label=(t(l, "list.pager")) {
            @if let Some((first, last, total)) = v.shown {
                p.num { (fill(l, "list.shown", &[("first", &first.to_string()), ("last", &last.to_string()), ("total", &total.to_string())])) }
            }
            @if let Some(size) = v.size {
                p.pager-size {
                    span.quiet { (t(l, "list.size")) }
                    @for choice in PAGE_SIZES {
                        " "
                        a href=(list.with("page", "").with("size", &choice.to_string()).href())
                            aria-current=[(choice == size).then_some("true")] { (choice) }
                    }
                }
            }
            div.pager-steps {
                (step(&v.previous, if v.shown.is_some() { "list.previous" } else { "list.first" }, "prev", "chevron-left"))
                (step(&v.next, "list.next", "next", "chevron-right"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_say_what_they_show_and_end_where_the_list_ends() {
        let list = Address::new("/people").with("q", "a");
        let cases = [
            ((1, 15, 53), (1, 15, 53), None, Some("/people?q=a&page=2")),
            ((4, 15, 53), (46, 53, 53), Some("/people?q=a&page=3"), None),
            ((2, 50, 53), (51, 53, 53), Some("/people?q=a"), None),
            ((1, 15, 0), (0, 0, 0), None, None),
        ];
        for ((page, size, total), shown, previous, next) in cases {
            let v = PagerView::counted(&list, page, size, total);
            assert_eq!(v.shown, Some(shown), "{page} {size} {total}");
            assert_eq!(v.previous.map(|a| a.href()).as_deref(), previous);
            assert_eq!(v.next.map(|a| a.href()).as_deref(), next);
        }
    }
}
