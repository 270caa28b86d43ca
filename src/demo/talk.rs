//! A month of conversations between agents, supervisors and back office.

use chrono::{DateTime, Duration, Utc};
use uuid::Uuid;

use super::{Dice, floor::Member};
use crate::{
    auth::Role,
    db::{Arg, Tx},
    features::{
        chat::{Body, Previous, find_or_create, starts},
        people::local_day,
    },
    sql,
};

const ASKS: [&str; 14] = [
    "Buenos días, ¿me confirma la meta de hoy?",
    "El cliente pide el estado de su acuerdo, ya le envié el soporte.",
    "Tengo una llamada escalada, ¿puede escucharla conmigo?",
    "Se me cayó Vicidial, ya reinicié y sigue igual.",
    "¿Puedo tomar el descanso ahora o espero a que baje la cola?",
    "La venta quedó devuelta por documento ilegible, ya la corrijo.",
    "Cliente satisfecho, pidió que le escribiéramos por WhatsApp.",
    "¿El descuento del 30 % aplica para esta referencia?",
    "Ya quedó registrado el compromiso para el viernes.",
    "No me carga la grabación de la llamada de las 10:40.",
    "El NIP llegó vencido, ¿pido uno nuevo?",
    "Listo, quedó el seguimiento agendado.",
    "¿Quién cubre la franja de 1 a 2?",
    "La guía está en https://intranet.crea.example/guias/acuerdos, por si la necesita.",
];
const ANSWERS: [&str; 14] = [
    "Buenos días. 18 contactos efectivos, vamos bien.",
    "Perfecto, gracias. Deje la nota en la gestión, por favor.",
    "Claro, entro en dos minutos.",
    "Reporte el caso a soporte y pásese al equipo 14.",
    "Espere diez minutos, la cola está alta.",
    "Gracias por avisar. Revise que se vea la fecha de expedición.",
    "Muy buena gestión, felicitaciones.",
    "Sí, hasta fin de mes. Después vuelve al 20 %.",
    "Anotado.",
    "Ya la pedí, llega en media hora.",
    "Sí, uno nuevo, y confirme con el cliente antes de colgar.",
    "Excelente, gracias.",
    "Yo reviso y le confirmo.",
    "Recibido.",
];
/// Days of history.
const DAYS: i64 = 30;
/// Seconds after midnight in Greenwich when the office opens, and for how long.
const OPENS_S: i64 = 13 * 3_600;
/// See [`OPENS_S`].
const OFFICE_S: i64 = 10 * 3_600;
/// Messages of the first agent's first conversation: more than one page.
pub(super) const LONG: u64 = 180;

struct Talk {
    now: DateTime<Utc>,
    messages: Vec<Vec<Arg>>,
}

/// Inserts conversations, messages and read pointers. Some conversations end unread.
pub async fn insert(tx: &mut Tx, staff: &[Member], now: DateTime<Utc>) -> anyhow::Result<()> {
    let mut talk = Talk { now, messages: Vec::new() };
    let of = |role: Role| staff.iter().filter(move |m| m.role == role);
    for (n, agent) in of(Role::Asesor).enumerate() {
        let mut dice = Dice::new(n as u64 + 1);
        let near = |m: &&Member| m.campaign == agent.campaign;
        let partners = of(Role::Supervisor).filter(near).chain(of(Role::Backoffice).filter(near));
        for (k, partner) in partners.enumerate() {
            let length = if n == 0 && k == 0 { LONG } else { 8 + dice.roll(36) };
            talk.converse(tx, agent, partner, length, &mut dice).await?;
        }
    }
    for (n, supervisor) in of(Role::Supervisor).enumerate() {
        let mut dice = Dice::new(1_000 + n as u64);
        for partner in of(Role::Administrador).chain(of(Role::Calidad)) {
            let length = 6 + dice.roll(20);
            talk.converse(tx, supervisor, partner, length, &mut dice).await?;
        }
    }
    talk.flush(tx).await
}

impl Talk {
    async fn converse(
        &mut self,
        tx: &mut Tx,
        a: &Member,
        b: &Member,
        length: u64,
        dice: &mut Dice,
    ) -> anyhow::Result<()> {
        let started = self.now - Duration::days(DAYS);
        // Midnight in Greenwich; the office opens at 13:00 there, 8:00 in Bogota.
        let first_day = started.date_naive().and_time(chrono::NaiveTime::MIN).and_utc();
        let (conversation, _) = find_or_create(tx, a.id, b.id, started).await?;
        let total = i64::try_from(length)?;
        let mut previous: Option<Previous<_>> = None;
        let mut line = String::new();
        for n in 0..length {
            let is_ask = n % 2 == 0;
            let sender = if is_ask { a.id } else { b.id };
            // An answer follows its question within minutes; the last message is a few minutes old.
            let at = if is_ask {
                let worked_s = DAYS * OFFICE_S * i64::try_from(n)? / total;
                first_day + Duration::days(worked_s / OFFICE_S) + Duration::seconds(OPENS_S + worked_s % OFFICE_S)
            } else {
                previous.as_ref().map_or(started, |p| p.at) + Duration::seconds(20 + i64::try_from(dice.roll(500))?)
            };
            let at = crate::clock::to_millis(at.min(self.now - Duration::minutes(2)));
            let text = if is_ask { dice.pick(&ASKS) } else { dice.pick(&ANSWERS) };
            let day = local_day(at);
            let (starts_group, starts_day) = starts(previous.as_ref(), &sender, at, day);
            line = Body::new(text).map(|b| b.line()).unwrap_or_default();
            self.messages.push(vec![
                Uuid::now_v7().into(),
                conversation.into(),
                (i64::try_from(n)? + 1).into(),
                sender.into(),
                (*text).into(),
                starts_group.into(),
                starts_day.into(),
                at.into(),
            ]);
            previous = Some(Previous { sender, at, day });
        }
        let Some(last) = previous else { return Ok(()) };
        tx.exec(sql!(
            "update conversation set last_number = $2, last_message_at = $3, last_sender_id = $4, last_line = $5 where id = $1",
            conversation,
            total,
            last.at,
            last.sender,
            line.as_str()
        ))
        .await?;
        let unread = if dice.roll(4) == 0 { i64::try_from(1 + dice.roll(3))? } else { 0 };
        tx.exec(sql!(
            "update participant set active_at = $2, last_read_number = case when user_id = $3 then $4 else $5 end \
             where conversation_id = $1",
            conversation,
            last.at,
            last.sender,
            total,
            total - unread
        ))
        .await?;
        if self.messages.len() > 500 { self.flush(tx).await } else { Ok(()) }
    }

    async fn flush(&mut self, tx: &mut Tx) -> anyhow::Result<()> {
        if self.messages.is_empty() {
            return Ok(());
        }
        let insert = sql!(
            "insert into message (id, conversation_id, number, sender_id, body, starts_group, starts_day, created_at) values "
        );
        tx.exec(insert.rows(self.messages.drain(..))).await?;
        Ok(())
    }
}
