//! Tickets of three months, in all states: who serves each application, what was asked, how it ended.

use chrono::{DateTime, Duration, Utc};

use super::{Dice, floor::Member};
use crate::{
    auth::Role,
    clock::to_millis,
    db::Tx,
    features::tickets::{
        Application, Kind, MacroData, NewTicket, Priority, Status, Title, Told, Words, add_to_pool, insert_macro, tell,
    },
    ids::{CampaignId, MacroId, TicketId, UserId},
    sql,
};

/// Tickets; the last ones are of today.
const TICKETS: i64 = 260;
/// Days over which they are spread.
const DAYS: i64 = 90;

/// What people ask for: application, kind, subject, what they say, how it ends.
const ASKED: [(Application, Kind, &str, &str, &str); 9] = [
    (
        Application::Vicidial,
        Kind::Incident,
        "Vicidial no marca",
        "Entro a la campaña y queda en pausa. Ya cerré sesión y volví a entrar.",
        "La extensión estaba tomada por otra sesión. Se liberó.",
    ),
    (
        Application::Cartera,
        Kind::Incident,
        "No carga la ficha del cliente",
        "Al buscar por documento la página queda en blanco desde las 8:10.",
        "Se reconstruyó el índice de clientes.",
    ),
    (
        Application::Cartera,
        Kind::Request,
        "Permiso para registrar acuerdos",
        "Entré esta semana y no me aparece el botón de acuerdo de pago.",
        "Se asignó el permiso. Vuelva a ingresar.",
    ),
    (
        Application::Telefonica,
        Kind::Incident,
        "Error al guardar una portabilidad",
        "Sale que el NIP está vencido, y el cliente lo acaba de recibir.",
        "El reloj del operador iba adelantado. Ya lo corrigieron.",
    ),
    (
        Application::Telefonica,
        Kind::Request,
        "Plan nuevo en la lista",
        "Falta el plan de 60 GB que salió ayer.",
        "El plan ya está en la lista.",
    ),
    (
        Application::TarjetaPlata,
        Kind::Incident,
        "No deja adjuntar la grabación",
        "Pesa 3 MB y responde que el formato no es válido.",
        "Era un .wma. Se convirtió y quedó adjunta.",
    ),
    (
        Application::Calidad,
        Kind::Request,
        "Cambiar la ponderación del saludo",
        "Acordamos bajarla de 10 a 5 puntos en la matriz de ventas.",
        "La matriz quedó actualizada desde hoy.",
    ),
    (
        Application::Other,
        Kind::Incident,
        "Diadema con ruido",
        "Se oye un zumbido en el oído izquierdo en todas las llamadas.",
        "Se cambió la diadema del puesto.",
    ),
    (
        Application::Other,
        Kind::Request,
        "Segundo monitor",
        "Para ver el guion y la ficha al mismo tiempo.",
        "Entregado en el puesto.",
    ),
];

/// Canned answers: application, name, words.
const ANSWERS: [(Option<Application>, &str, &str); 4] = [
    (None, "Recibido", "Hola {solicitante}: recibimos su ticket {ticket} y ya lo revisamos.\n{agente}"),
    (
        None,
        "Falta información",
        "Hola {solicitante}: para avanzar con {ticket} necesitamos la hora y una captura del error.",
    ),
    (
        Some(Application::Vicidial),
        "Volver a entrar a Vicidial",
        "Cierre la sesión de Vicidial, borre la memoria del navegador y vuelva a entrar. Si sigue igual, responda aquí.",
    ),
    (
        Some(Application::Cartera),
        "Permisos de Cartera",
        "{solicitante}, su supervisor debe pedir el permiso con su documento.",
    ),
];

async fn keep_answers(tx: &mut Tx, now: DateTime<Utc>) -> anyhow::Result<()> {
    for (application, name, body) in ANSWERS {
        if let (Ok(name), Ok(body)) = (Title::new(name), Words::new(body)) {
            insert_macro(tx, MacroId::new(), &MacroData { application, name, body }, now).await?;
        }
    }
    Ok(())
}

/// Inserts them. Back office serves the applications.
pub async fn insert(tx: &mut Tx, staff: &[Member], now: DateTime<Utc>) -> anyhow::Result<()> {
    let campaigns: Vec<(CampaignId,)> = tx.all(sql!("select id from campaign order by code, id")).await?;
    keep_answers(tx, now).await?;
    let mut helpers: Vec<(UserId, String)> = Vec::new();
    for member in staff.iter().filter(|member| member.role == Role::Backoffice) {
        let (name,): (String,) =
            tx.one(sql!("select first_name || ' ' || last_name from app_user where id = $1", member.id)).await?;
        helpers.push((member.id, name));
    }
    fill_pools(tx, &helpers).await?;
    let agents: Vec<&Member> = staff.iter().filter(|member| member.role == Role::Asesor).collect();
    if helpers.is_empty() || agents.is_empty() || campaigns.is_empty() {
        return Ok(());
    }
    let mut dice = Dice::new(77);
    for n in 0..TICKETS {
        // Every tenth is the visitor's, the rest anybody's.
        let requester = if n % 10 == 0 { agents[0] } else { *dice.pick(&agents) };
        // The nearer, the more: a floor that grows.
        let back = (TICKETS - 1 - n) as f64 / TICKETS as f64;
        let ago = Duration::minutes((back * back * (DAYS * 24 * 60) as f64) as i64);
        let opened_at = to_millis(now - ago - Duration::minutes(20 + i64::try_from(dice.roll(90))?));
        one(tx, &mut dice, (requester, &campaigns, &helpers), opened_at, now).await?;
    }
    Ok(())
}

/// Everybody serves most applications, one more than another, each as far as their capacity goes.
async fn fill_pools(tx: &mut Tx, helpers: &[(UserId, String)]) -> anyhow::Result<()> {
    let few = helpers.len() < 3;
    for (a, application) in Application::ALL.iter().enumerate() {
        for (n, (helper, _)) in helpers.iter().enumerate().filter(|(n, _)| few || (n + a) % 3 != 0) {
            let weight = 1 + i64::try_from((n + a) % 2)?;
            let capacity = if n == 0 { None } else { Some(10 + 10 * i64::try_from(n % 4)?) };
            add_to_pool(tx, *application, *helper, weight, capacity).await?;
        }
    }
    Ok(())
}

type Who<'a> = (&'a Member, &'a [(CampaignId,)], &'a [(UserId, String)]);

async fn one(
    tx: &mut Tx,
    dice: &mut Dice,
    (requester, campaigns, helpers): Who<'_>,
    opened_at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> anyhow::Result<()> {
    let (application, kind, title, words, solution) = *dice.pick(&ASKED);
    let priority = *dice.pick(&[
        Priority::Low,
        Priority::Low,
        Priority::Medium,
        Priority::Medium,
        Priority::Medium,
        Priority::High,
        Priority::Critical,
    ]);
    let text = |error| anyhow::anyhow!("a text of the demo: {error:?}");
    let new = NewTicket {
        id: TicketId::new(),
        campaign: campaigns[requester.campaign % campaigns.len()].0,
        title: Title::new(title).map_err(text)?,
        description: Words::new(words).map_err(text)?,
        application,
        kind,
        priority,
        requester: requester.id,
    };
    let (helper, name) = dice.pick(helpers);
    let mut at = opened_at;
    let mut later = |minutes: i64, dice: &mut Dice| -> anyhow::Result<DateTime<Utc>> {
        at = to_millis(at + Duration::minutes(minutes + i64::try_from(dice.roll(minutes.unsigned_abs()))?));
        Ok(at)
    };
    let age = now - opened_at;
    let mut chapters = Vec::new();
    // A few of today have nobody yet.
    if age > Duration::hours(6) || dice.roll(3) > 0 {
        chapters.push((later(1, dice)?, Told::Given(*helper, name)));
        if age > Duration::hours(6) || dice.roll(2) > 0 {
            chapters.push((later(15, dice)?, Told::Moved(*helper, Status::InProgress, "")));
            chapters.push((later(10, dice)?, Told::Said(*helper, "Ya lo estoy revisando. Le aviso por aquí.")));
        }
        if age > Duration::days(3) || (age > Duration::hours(20) && dice.roll(2) > 0) {
            if dice.roll(6) == 0 {
                chapters.push((later(30, dice)?, Told::Moved(*helper, Status::Pending, "Espera al proveedor.")));
                chapters.push((later(300, dice)?, Told::Moved(*helper, Status::InProgress, "")));
            }
            chapters.push((later(90, dice)?, Told::Moved(*helper, Status::Resolved, solution)));
            if dice.roll(12) == 0 {
                chapters.push((later(120, dice)?, Told::Moved(requester.id, Status::Open, "Volvió a fallar.")));
                chapters.push((later(200, dice)?, Told::Moved(*helper, Status::Resolved, solution)));
            }
            if age > Duration::days(8) || dice.roll(2) > 0 {
                chapters.push((later(200, dice)?, Told::Moved(requester.id, Status::Closed, "")));
            }
        } else if age > Duration::hours(30) && dice.roll(2) > 0 {
            chapters.push((later(40, dice)?, Told::Moved(*helper, Status::Pending, "Espera al proveedor.")));
        }
    }
    chapters.retain(|(at, _)| *at <= now);
    tell(tx, &new, opened_at, &chapters).await?;
    Ok(())
}
