//! Entries of the audit log → what screens and spreadsheets show.

use serde_json::{Map, Value};
use views::{
    audit_log::{Change, EntryView, action_words, entity_words},
    text::{Locale, t},
};

use super::queries::AuditRow;
use crate::{
    export::{Cell, Column, Sheet},
    features::people,
};

/// Longest value of a difference that a screen shows, in characters; the export has all of it.
const MAX_SHOWN: usize = 300;

/// An entry in the list.
pub fn entry_view(l: Locale, row: &AuditRow) -> EntryView {
    EntryView {
        id: row.id.to_string(),
        at: people::local_time(l, row.at),
        actor: row.actor.clone().unwrap_or_default(),
        ip: row.ip.clone(),
        action: row.action.clone(),
        entity: row.entity.clone(),
        target: row.target.clone().unwrap_or_default(),
        entity_id: row.entity_id.map(|id| id.to_string()).unwrap_or_default(),
        changes: changes(&row.before, &row.after)
            .into_iter()
            .map(|(field, before, after)| Change { field, before: short(before), after: short(after) })
            .collect(),
    }
}

/// Fields of either object, in order, with what they were and are; empty where there was nothing.
fn changes(before: &Value, after: &Value) -> Vec<(String, String, String)> {
    let none = Map::new();
    let (before, after) = (before.as_object().unwrap_or(&none), after.as_object().unwrap_or(&none));
    let mut names: Vec<&String> = before.keys().chain(after.keys()).collect();
    names.sort();
    names.dedup();
    let of = |object: &Map<String, Value>, name: &str| object.get(name).map(words).unwrap_or_default();
    names.into_iter().map(|name| (name.clone(), of(before, name), of(after, name))).collect()
}

/// A value as a person reads it: texts without quotes, lists with commas.
fn words(value: &Value) -> String {
    match value {
        Value::Null => "–".to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(words).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

fn short(text: String) -> String {
    match text.char_indices().nth(MAX_SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// The same entries as a spreadsheet: words and codes, so that it can be read and filtered.
pub fn sheet(l: Locale, rows: &[AuditRow]) -> Sheet {
    let columns = [
        ("audit.at", 20),
        ("audit.who", 28),
        ("audit.ip", 16),
        ("audit.what", 44),
        ("audit.code", 24),
        ("audit.entity", 18),
        ("audit.target", 28),
        ("audit.entity_id", 38),
        ("audit.before", 50),
        ("audit.after", 50),
    ];
    let line = |changes: &[(String, String, String)], which: fn(&(String, String, String)) -> &String| {
        let parts = changes.iter().filter(|c| !which(c).is_empty()).map(|c| format!("{}: {}", c.0, which(c)));
        Cell::text(parts.collect::<Vec<_>>().join("\n"))
    };
    Sheet {
        name: t(l, "audit.title").to_owned(),
        columns: columns.iter().map(|(key, width)| Column::new(t(l, key), *width)).collect(),
        rows: rows
            .iter()
            .map(|row| {
                let changes = changes(&row.before, &row.after);
                vec![
                    Cell::At(row.at, people::DEFAULT_ZONE),
                    Cell::text(row.actor.clone().unwrap_or_else(|| t(l, "audit.system").to_owned())),
                    Cell::text(&*row.ip),
                    Cell::text(action_words(l, &row.action)),
                    Cell::text(&*row.action),
                    Cell::text(entity_words(l, &row.entity)),
                    Cell::text(row.target.clone().unwrap_or_default()),
                    Cell::text(row.entity_id.map(|id| id.to_string()).unwrap_or_default()),
                    line(&changes, |c| &c.1),
                    line(&changes, |c| &c.2),
                ]
            })
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_difference_names_each_field_once() {
        let found =
            changes(&json!({ "name": "Uno", "gone": true }), &json!({ "name": "Dos", "users": ["a", "b"], "x": null }));
        let expected = [("gone", "true", ""), ("name", "Uno", "Dos"), ("users", "", "a, b"), ("x", "", "–")];
        let expected = expected.map(|(f, b, a)| (f.to_owned(), b.to_owned(), a.to_owned()));
        assert_eq!(found, expected);
        assert!(changes(&json!({}), &json!([1])).is_empty(), "what is no object is no difference");
    }

    #[test]
    fn a_long_value_is_cut_on_the_screen() {
        assert_eq!(short("ñ".repeat(301)).chars().count(), 301, "300 and the mark");
        assert_eq!(short("ñ".repeat(300)), "ñ".repeat(300));
    }
}
