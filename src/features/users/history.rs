//! Two states of an account side by side, in words: for entries of the audit log and for two editors at once.

use serde_json::{Value, json};
use views::{
    people::detail::HistoryItem,
    text::{Locale, exists, t},
};

use super::{model::Fields, queries::HistoryRow};
use crate::{auth::Role, features::people::local_time, ids::CampaignId};

/// Names of campaigns by their ids.
type Names = [(CampaignId, String)];

/// An entry of the audit log.
pub fn history_item(l: Locale, row: &HistoryRow, campaigns: &Names) -> HistoryItem {
    let (before, after) = (&row.before.0, &row.after.0);
    let fields = after.as_object().into_iter().flat_map(|map| map.keys());
    HistoryItem {
        at: local_time(l, row.at),
        actor: row.actor.clone().unwrap_or_default(),
        action: row.action.clone(),
        changes: fields.map(|name| changed(l, name, &before[name], &after[name], campaigns)).collect(),
    }
}

/// What two forms differ in: label, stored, typed.
pub fn conflict(l: Locale, stored: &Fields, typed: &Fields, campaigns: &Names) -> Vec<(String, String, String)> {
    let (stored, typed) = (as_json(stored), as_json(typed));
    let pairs = stored.into_iter().zip(typed).filter(|((_, a), (_, b))| a != b);
    pairs.map(|((name, a), (_, b))| changed(l, name, &a, &b, campaigns)).collect()
}

/// The fields in the order of the form, under the names that the audit log has for them.
pub fn as_json(f: &Fields) -> [(&'static str, Value); 10] {
    let mut campaigns = f.campaigns.clone();
    campaigns.sort();
    [
        ("first_name", json!(f.first_name)),
        ("last_name", json!(f.last_name)),
        ("email", json!(f.email)),
        ("document", json!(f.document)),
        ("phone", json!(f.phone)),
        ("greta_user", json!(f.greta_user)),
        ("c8_user", json!(f.c8_user)),
        ("role", json!(f.role.map(Role::code))),
        ("is_superuser", json!(f.is_superuser)),
        ("campaigns", json!(campaigns)),
    ]
}

fn changed(l: Locale, name: &str, before: &Value, after: &Value, campaigns: &Names) -> (String, String, String) {
    let key = format!("people.field.{name}");
    let label = if exists(&key) { t(l, &key).to_owned() } else { name.to_owned() };
    (label, words(l, name, before, campaigns), words(l, name, after, campaigns))
}

fn words(l: Locale, name: &str, value: &Value, campaigns: &Names) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(yes) => t(l, if *yes { "people.yes" } else { "people.no" }).to_owned(),
        Value::String(code) if name == "role" => {
            Role::from_code(code).map_or(code.clone(), |r| t(l, &format!("role.{}", r.code())).to_owned())
        }
        Value::String(text) => campaign(text, campaigns).unwrap_or(text).to_owned(),
        Value::Array(all) => all.iter().map(|v| words(l, name, v, campaigns)).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

fn campaign<'a>(id: &str, campaigns: &'a Names) -> Option<&'a str> {
    let id: CampaignId = id.parse().ok()?;
    campaigns.iter().find(|(c, _)| *c == id).map(|(_, name)| name.as_str())
}
