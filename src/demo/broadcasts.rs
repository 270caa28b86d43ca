//! Mass messages of a month: of each importance, got and read and confirmed by most, and one that waits for its hour.

use chrono::{DateTime, Duration, NaiveTime, Utc};

use super::{Dice, floor::Member};
use crate::{
    auth::Role,
    clock::to_millis,
    db::Tx,
    features::{
        broadcasts::{Audience, Importance, NewBroadcast, Sender, publish, schedule},
        chat::Body,
        people::local_day,
    },
    ids::{CampaignId, ConversationId, UserId},
    sql,
};

/// A mass message of the story.
struct Told {
    /// Days before today; below zero, it is scheduled.
    days_ago: i64,
    /// Role of its sender, and which of them.
    from: (Role, usize),
    importance: Importance,
    asks: bool,
    /// Hours until it asks for nothing any more.
    lasts_h: Option<i64>,
    /// Of a hundred people: on whose screen it was, who read it, who confirmed it.
    reached: [u64; 3],
    body: &'static str,
}

const fn told(days_ago: i64, from: (Role, usize), importance: Importance, body: &'static str) -> Told {
    let asks = matches!(importance, Importance::Critical);
    Told { days_ago, from, importance, asks, lasts_h: None, reached: [100, 96, 92], body }
}

/// The newest last. Critical ones are over or confirmed by all, so that a screen is free for what the visitor does.
const STORY: [Told; 9] = [
    told(
        26,
        (Role::Administrador, 0),
        Importance::Normal,
        "Desde el lunes los desprendibles de nómina se descargan en https://intranet.crea.example/nomina. \
         Quien no pueda entrar le escribe a recursos humanos.",
    ),
    Told {
        asks: true,
        ..told(
            20,
            (Role::Supervisor, 0),
            Importance::Important,
            "Cambió el guion de apertura: primero se pide autorización para grabar y después se verifica la identidad.",
        )
    },
    Told {
        lasts_h: Some(3),
        reached: [100, 93, 86],
        ..told(
            13,
            (Role::Supervisor, 0),
            Importance::Critical,
            "Vicidial está caído en la sede norte. Cierre la sesión, espere cinco minutos y vuelva a entrar.",
        )
    },
    told(
        11,
        (Role::Supervisor, 1),
        Importance::Normal,
        "Las metas de portabilidad de la semana ya están en el tablero. Cualquier duda, hoy antes de las 4.",
    ),
    told(
        8,
        (Role::Supervisor, 0),
        Importance::Normal,
        "El viernes la jornada termina a las 4:30 p. m. por mantenimiento eléctrico del edificio.",
    ),
    Told {
        asks: true,
        reached: [98, 90, 84],
        ..told(
            5,
            (Role::Administrador, 0),
            Importance::Important,
            "Nadie pide claves por teléfono ni por chat, tampoco soporte. Si alguien lo hace, cuelgue y avise a su supervisor.",
        )
    },
    Told {
        reached: [100, 100, 100],
        ..told(
            2,
            (Role::Supervisor, 0),
            Importance::Critical,
            "Suspenda los acuerdos con descuento del 30 %: el cliente los cerró hoy al mediodía. Siguen vigentes los del 20 %.",
        )
    },
    Told {
        asks: true,
        reached: [78, 57, 42],
        ..told(
            0,
            (Role::Supervisor, 0),
            Importance::Important,
            "Hoy entra base nueva a las 2 p. m. Antes de marcar revise la columna «Última gestión», hay clientes que ya pagaron.",
        )
    },
    told(
        -1,
        (Role::Supervisor, 0),
        Importance::Normal,
        "Buenos días. La reunión de arranque es a las 8:10 en la sala 2; quien está en casa entra por el enlace de siempre.",
    ),
];
/// The office opens at 8:00 in Bogota, in UTC.
const OPENS: Duration = Duration::hours(13);

/// Inserts them and what became of each.
pub async fn insert(tx: &mut Tx, staff: &[Member], now: DateTime<Utc>) -> anyhow::Result<()> {
    // Whom visitors sign in as has read all but the last one.
    let shown: Vec<UserId> =
        Role::ALL.into_iter().filter_map(|role| staff.iter().find(|m| m.role == role)).map(|m| m.id).collect();
    let mut dice = Dice::new(7_000);
    for (n, one) in STORY.iter().enumerate() {
        let Some(from) = staff.iter().filter(|m| m.role == one.from.0).nth(one.from.1) else { continue };
        let minutes = Duration::minutes(10 + i64::try_from(n)? * 37);
        let at = match one.days_ago {
            0 => now - Duration::minutes(50),
            days => (now - Duration::days(days)).date_naive().and_time(NaiveTime::MIN).and_utc() + OPENS + minutes,
        };
        let new = describe(tx, one, from, to_millis(at)).await?;
        if one.days_ago < 0 {
            schedule(tx, &new, now).await?;
            continue;
        }
        let recipients = send(tx, from, &new).await?;
        for user in recipients {
            let reached = [dice.roll(100), dice.roll(100), dice.roll(100)];
            let is_shown = shown.contains(&user);
            let did = match (is_shown, one.days_ago) {
                (true, 0) => [true, false, false],
                (true, _) => [true; 3],
                _ => [0, 1, 2].map(|k| reached[k] < one.reached[k]),
            };
            let after_s = i64::try_from(5 + dice.roll(2_000))?;
            note(tx, &new, user, did, (after_s, now)).await?;
        }
        let ended = sql!(
            "update broadcast set expired_at = expires_at where conversation_id = $1 and expires_at <= $2",
            new.id,
            now
        );
        tx.exec(ended).await?;
    }
    Ok(())
}

/// Administrators write to everyone, supervisors to the agents and the back office of their campaign.
async fn describe(tx: &mut Tx, one: &Told, from: &Member, at: DateTime<Utc>) -> anyhow::Result<NewBroadcast> {
    let roles = |roles: &[Role]| roles.iter().map(|role| role.code().to_owned()).collect();
    let audience = if from.role == Role::Administrador {
        Audience {
            everyone: true,
            roles: roles(&[Role::Supervisor, Role::Asesor, Role::Backoffice]),
            ..Audience::default()
        }
    } else {
        let own: Vec<(CampaignId,)> =
            tx.all(sql!("select campaign_id from membership where user_id = $1", from.id)).await?;
        let campaigns = own.into_iter().map(|(id,)| id).collect();
        Audience { campaigns, roles: roles(&[Role::Asesor, Role::Backoffice]), ..Audience::default() }
    };
    let lasts =
        one.lasts_h.map(Duration::hours).or((one.importance == Importance::Critical).then(|| Duration::days(30)));
    Ok(NewBroadcast {
        id: ConversationId::new(),
        sender: from.id,
        importance: one.importance,
        asks_confirmation: one.asks,
        audience,
        body: one.body.to_owned(),
        due_at: at,
        expires_at: lasts.map(|lasts| at + lasts),
    })
}

async fn send(tx: &mut Tx, from: &Member, new: &NewBroadcast) -> anyhow::Result<Vec<UserId>> {
    let at = new.due_at;
    schedule(tx, new, at).await?;
    let sender = Sender { id: from.id, role: from.role, is_superuser: false };
    let line = Body::new(&new.body).map(|body| body.line()).unwrap_or_default();
    let users = publish(tx, new.id, sender, &new.audience, (&new.body, &line, local_day(at)), at).await?;
    let mut users: Vec<UserId> = users.into_iter().map(UserId).collect();
    users.sort_by_key(|user| user.0);
    Ok(users)
}

/// How far it got with one of them: whoever confirmed has read it, whoever read it had it on a screen.
async fn note(
    tx: &mut Tx,
    new: &NewBroadcast,
    user: UserId,
    [received, read, confirmed]: [bool; 3],
    (after_s, now): (i64, DateTime<Utc>),
) -> anyhow::Result<()> {
    let at = |seconds: i64| Some((new.due_at + Duration::seconds(seconds)).min(now));
    let confirmed = confirmed && new.asks_confirmation;
    let read = read || confirmed;
    let number = i64::from(read);
    tx.exec(sql!(
        "update participant set received_at = $3, seen_at = $4, confirmed_at = $5, seen_number = $6, \
           last_read_number = $6 where conversation_id = $1 and user_id = $2",
        new.id,
        user,
        if received || read { at(after_s / 9) } else { None },
        if read { at(after_s) } else { None },
        if confirmed { at(after_s + 4) } else { None },
        number
    ))
    .await?;
    Ok(())
}
