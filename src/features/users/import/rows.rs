//! Rows of text → users, each with what is wrong with it. Heads are known by several names, in Spanish and English;
//! roles also by those of the system that this one replaces (domain: README, section 4).

use std::collections::HashSet;

use super::{super::model::Fields, file::Row};
use crate::{auth::Role, error::FieldErrors, fold::fold, ids::CampaignId};

/// A column of the template and the other names of it, folded.
const COLUMNS: [(&str, &[&str]); 9] = [
    ("first_name", &["nombres", "nombre", "first name", "name"]),
    ("last_name", &["apellidos", "apellido", "last name", "surname"]),
    ("email", &["correo", "correo electronico", "email", "e-mail", "mail"]),
    ("document", &["documento", "numero de documento", "cedula", "identificacion", "usuario", "document"]),
    ("role", &["rol", "grupo", "perfil", "role", "group"]),
    ("campaigns", &["campanas", "campana", "campaigns", "campaign"]),
    ("phone", &["telefono", "celular", "movil", "phone", "mobile"]),
    ("greta_user", &["usuario greta", "greta", "greta user"]),
    ("c8_user", &["usuario c8", "c8", "c8 user"]),
];
/// Without these columns a file is no list of people.
const NEEDED: [&str; 4] = ["first_name", "last_name", "email", "role"];

/// The head of the template, in Spanish as the offices write it.
pub const TEMPLATE: [&str; 9] =
    ["Nombres", "Apellidos", "Correo", "Documento", "Rol", "Campañas", "Teléfono", "Usuario Greta", "Usuario C8"];

/// A row that was read.
#[derive(Clone, Debug)]
pub struct Checked {
    /// As the spreadsheet numbers it.
    pub number: i64,
    /// What was understood.
    pub fields: Fields,
    /// What is wrong.
    pub errors: FieldErrors,
}

/// A campaign by what files call it.
pub struct Campaign {
    /// Which.
    pub id: CampaignId,
    /// Its code and its name, folded.
    pub names: [String; 2],
}

/// Reads the rows, the head first.
///
/// # Errors
/// The head lacks a column, or there is nothing under it.
pub fn check(rows: &[Row], campaigns: &[Campaign]) -> Result<Vec<Checked>, FieldErrors> {
    let Some(((_, head), rows)) = rows.split_first() else {
        return Err(FieldErrors::one("file", "import.error.empty"));
    };
    let heads: Vec<Option<&str>> = head.iter().map(|text| column(text)).collect();
    if NEEDED.iter().any(|name| !heads.contains(&Some(name))) {
        return Err(FieldErrors::one("file", "import.error.head"));
    }
    if rows.is_empty() {
        return Err(FieldErrors::one("file", "import.error.empty"));
    }
    let (mut emails, mut documents) = (HashSet::new(), HashSet::new());
    Ok(rows.iter().map(|row| check_row(row, &heads, campaigns, &mut emails, &mut documents)).collect())
}

fn column(head: &str) -> Option<&'static str> {
    let folded = fold(&head.replace('_', " "));
    COLUMNS.iter().find(|(_, names)| names.contains(&folded.as_str())).map(|(name, _)| *name)
}

fn check_row(
    (number, cells): &Row,
    heads: &[Option<&str>],
    campaigns: &[Campaign],
    emails: &mut HashSet<String>,
    documents: &mut HashSet<String>,
) -> Checked {
    let text = |name: &str| {
        let at = heads.iter().position(|head| *head == Some(name));
        at.and_then(|at| cells.get(at)).cloned().unwrap_or_default()
    };
    let (named, unknown) = named_campaigns(&text("campaigns"), campaigns);
    let fields = Fields {
        first_name: text("first_name"),
        last_name: text("last_name"),
        email: text("email"),
        document: text("document"),
        greta_user: text("greta_user"),
        c8_user: text("c8_user"),
        phone: text("phone"),
        role: Role::from_code(&text("role")),
        is_superuser: false,
        campaigns: named,
        version: 0,
    };
    let mut errors = fields.errors();
    if !text("role").is_empty() && fields.role.is_none() {
        errors.0.retain(|(field, _)| *field != "role");
        errors.add("role", "import.error.role");
    }
    if unknown {
        errors.add("campaigns", "import.error.campaign");
    }
    for (field, name) in [("first_name", &fields.first_name), ("last_name", &fields.last_name)] {
        // What begins otherwise is a formula or a slip.
        if name.chars().next().is_some_and(|c| !c.is_alphabetic()) {
            errors.add(field, "import.error.letters");
        }
    }
    let (email, document) = (fields.email.to_lowercase(), fields.document.clone());
    if emails.contains(&email) {
        errors.add("email", "import.error.twice");
    }
    if documents.contains(&document) {
        errors.add("document", "import.error.twice");
    }
    // A bad row takes nothing from a good one that follows it.
    if errors.0.is_empty() {
        emails.insert(email);
        documents.extend(Some(document).filter(|d| !d.is_empty()));
    }
    Checked { number: *number, fields, errors }
}

/// Campaigns by code or name, between commas, semicolons or bars; and whether one of them is none of ours.
fn named_campaigns(text: &str, campaigns: &[Campaign]) -> (Vec<CampaignId>, bool) {
    let mut ids = Vec::new();
    let mut is_unknown = false;
    for name in text.split([',', ';', '|']).map(fold).filter(|name| !name.is_empty()) {
        match campaigns.iter().find(|c| c.names.contains(&name)) {
            Some(campaign) if !ids.contains(&campaign.id) => ids.push(campaign.id),
            Some(_) => {}
            None => is_unknown = true,
        }
    }
    (ids, is_unknown)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<Row> {
        let cells = |line: &str| line.split(';').map(str::to_owned).collect();
        text.lines().zip(1..).map(|(line, number)| (number, cells(line))).collect()
    }

    #[test]
    fn heads_go_by_many_names_and_in_any_order() {
        for head in ["E-mail;NOMBRE;Apellido;Grupo;otra", "correo electrónico;first_name;Last name;ROL;"] {
            let checked = check(&rows(&format!("{head}\na@x.co;Ana;Ruiz;Agentes;-")), &[]).expect("a head");
            assert_eq!(checked[0].errors.0, [], "{head}");
            assert_eq!(checked[0].fields.role, Some(Role::Asesor), "an old name");
        }
        for (text, key) in [
            ("", "import.error.empty"),
            ("Nombres;Apellidos;Correo\na;b;c", "import.error.head"),
            ("Nombres;Apellidos;Correo;Rol", "import.error.empty"),
        ] {
            assert_eq!(check(&rows(text), &[]).err(), Some(FieldErrors::one("file", key)), "{text}");
        }
        for (name, head) in COLUMNS.iter().map(|(name, _)| *name).zip(TEMPLATE) {
            assert_eq!(column(head), Some(name), "the template's own head");
        }
    }

    #[test]
    fn each_bad_row_says_why() {
        let id = CampaignId::new();
        let campaigns = [Campaign { id, names: ["teleco".to_owned(), "telefonica ventas".to_owned()] }];
        let head = "Nombres;Apellidos;Correo;Rol;Campañas;Documento\n";
        let cases: [(&str, &[(&str, &str)]); 8] = [
            ("Ana;Ruiz;a@x.co;asesor;Telefónica  Ventas;1", &[]),
            (";Ruiz;b@x.co;asesor;;", &[("first_name", "field.required")]),
            ("Ana;Ruiz;no;asesor;;", &[("email", "field.email")]),
            ("Ana;Ruiz;c@x.co;jefe;;", &[("role", "import.error.role")]),
            ("Ana;Ruiz;A@X.co;asesor;;", &[("email", "import.error.twice")]),
            ("Ana;Ruiz;d@x.co;asesor;;1", &[("document", "import.error.twice")]),
            ("Ana;Ruiz;e@x.co;asesor;TELECO|otra;", &[("campaigns", "import.error.campaign")]),
            ("=HYPERLINK(1);Ruiz;f@x.co;asesor;;", &[("first_name", "import.error.letters")]),
        ];
        let text = format!("{head}{}", cases.map(|(line, _)| line).join("\n"));
        let checked = check(&rows(&text), &campaigns).expect("a head");
        for (row, (line, errors)) in checked.iter().zip(cases) {
            assert_eq!(row.errors.0, errors, "{line}");
        }
        assert_eq!(checked[0].fields.campaigns, [id]);
        assert_eq!(checked[7].number, 9, "as the spreadsheet counts");
    }
}
