//! What is said in the groups of the demo.

/// What a line is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum What {
    /// A message.
    Says,
    /// One that answers the line of this index.
    Answer(usize),
    /// One that its sender changed.
    Edited,
    /// One that its sender deleted.
    Deleted,
    /// Something that happened to the group: a stored code; the text is its argument.
    Notice(&'static str),
}

/// A line of a script.
#[derive(Clone, Copy, Debug)]
pub struct Line {
    /// Who, by place in the group: 0 leads it.
    pub by: usize,
    /// Minutes after the line before.
    pub after_min: i64,
    /// What it is.
    pub what: What,
    /// What it says; `{n}` stands for a person's name, `{campaign}` for the page of the campaign.
    pub text: &'static str,
    /// Code of a reaction and who reacted so.
    pub reactions: &'static [(&'static str, usize)],
}

/// A conversation of more than two.
#[derive(Clone, Copy, Debug)]
pub struct Script {
    /// Its name.
    pub title: &'static str,
    /// How many agents are in it, besides the lead and one of the back office.
    pub agents: usize,
    /// Minutes since its last line.
    pub ended_min: i64,
    /// Whether some have muted it.
    pub is_noisy: bool,
    /// Whether some have pinned it.
    pub is_pinned: bool,
    /// What was said, in order.
    pub lines: &'static [Line],
}

const fn says(by: usize, after_min: i64, text: &'static str) -> Line {
    Line { by, after_min, what: What::Says, text, reactions: &[] }
}

const fn notice(by: usize, code: &'static str, text: &'static str) -> Line {
    Line { what: What::Notice(code), ..says(by, 3, text) }
}

impl Line {
    const fn what(self, what: What) -> Self {
        Self { what, ..self }
    }

    const fn with(self, reactions: &'static [(&'static str, usize)]) -> Self {
        Self { reactions, ..self }
    }
}

/// A day in minutes.
const DAY: i64 = 1_440;

/// Groups of every campaign.
pub const GROUPS: [Script; 3] = [
    Script {
        title: "Turno de la mañana",
        agents: 6,
        ended_min: 4,
        is_noisy: false,
        is_pinned: true,
        lines: &[
            notice(0, "created", "Turno de la mañana"),
            says(0, 1, "Buenos días a todos. Por aquí van las novedades del turno; lo urgente, por favor, en mensaje directo.")
                .with(&[("like", 1), ("like", 2), ("like", 4), ("thanks", 3)]),
            says(1, 6, "Buenos días. ¿La meta sigue en 18 contactos efectivos?"),
            says(0, 2, "Sí, 18 por persona. Quien llegue a 15 antes de mediodía toma 10 minutos adicionales de descanso.")
                .what(What::Answer(2))
                .with(&[("love", 2), ("wow", 5), ("like", 1)]),
            says(3, 41, "A Vicidial se le fue el audio en los puestos 14 a 18."),
            says(3, 1, "Ya volvió, fue la diadema.").what(What::Deleted),
            says(2, 4, "En el 12 también pasó. Con reiniciar el softphone quedó.").with(&[("thanks", 3), ("done", 0)]),
            notice(0, "added", "{7}"),
            says(0, 1, "@{7} cubre la franja de 1 a 2 mientras llega el reemplazo. Bienvenido al turno."),
            says(7, 3, "Gracias. ¿Los casos devueltos los reviso yo, o quedan para la tarde?"),
            says(0, 2, "Revise primero los de ayer y me confirma por aquí.").what(What::Answer(9)),
            says(4, DAY, "Buenos días. Hoy la cola amaneció en 32, ¿entramos todos a entrantes?").what(What::Edited),
            says(0, 2, "Sí, hasta que baje de 10. @{1} y @{2} siguen en seguimiento.").with(&[("done", 1), ("done", 2)]),
            says(1, 1, "Listo."),
            says(5, 26, "La guía nueva de objeciones: https://intranet.crea.example/guias/objeciones").with(&[
                ("thanks", 0),
                ("thanks", 1),
                ("eyes", 2),
                ("like", 4),
            ]),
            says(6, 48, "Ya bajó a 8. ¿Volvemos a salientes?").what(What::Answer(12)),
            says(0, 1, "Sí, gracias a todos por el esfuerzo.").with(&[("like", 3), ("like", 4), ("like", 5), ("love", 6)]),
        ],
    },
    Script {
        title: "Metas de la semana",
        agents: 4,
        ended_min: 95,
        is_noisy: true,
        is_pinned: false,
        lines: &[
            notice(0, "created", "Metas"),
            notice(0, "renamed", "Metas de la semana"),
            says(0, 2, "Lunes: 74 % de cumplimiento. Nos faltan 26 acuerdos para el viernes."),
            says(2, 5, "Yo cierro 4 hoy, los tengo con soporte enviado.").with(&[("like", 0)]),
            says(3, 3, "Tengo 3 que piden plazo hasta el 15, ¿los cuento?"),
            says(0, 4, "Solo si queda la primera cuota dentro del mes.").what(What::Answer(4)),
            says(0, 2 * DAY, "Miércoles: 88 %. @{2} va primero con 11 acuerdos.").with(&[("wow", 3), ("love", 4), ("like", 1)]),
            says(2, 2, "Gracias a @{4}, que me pasó dos casos.").with(&[("laugh", 4)]),
            says(4, 1, "Ya me deberá el almuerzo.").with(&[("laugh", 1), ("laugh", 2), ("laugh", 3)]),
        ],
    },
    Script {
        title: "Casos devueltos por documentación ilegible o vencida",
        agents: 3,
        ended_min: 31 * 60,
        is_noisy: false,
        is_pinned: false,
        lines: &[
            notice(0, "created", "Casos devueltos por documentación ilegible o vencida"),
            says(4, 3, "Hay 7 devueltos de ayer. En 5 no se lee la fecha de expedición del documento."),
            says(1, 9, "Dos son míos. Pido la foto de nuevo hoy mismo."),
            says(
                0,
                4,
                "Por favor revisen tres cosas antes de radicar:\n1. Que se lea la fecha de expedición.\n2. Que la foto no tenga reflejo.\n3. Que el nombre sea igual al de la solicitud.",
            )
            .with(&[("done", 1), ("done", 2), ("done", 3)]),
            says(2, 22, "¿Sirve el certificado de la registraduría si perdió el documento?"),
            says(4, 5, "Sirve si tiene menos de 30 días.").what(What::Answer(4)).with(&[("thanks", 2)]),
        ],
    },
];

/// What is said about a campaign, with its card.
pub const ABOUT: Script = Script {
    title: "",
    agents: 3,
    ended_min: 52,
    is_noisy: false,
    is_pinned: false,
    lines: &[
        says(4, 0, "Desde el lunes el horario de la campaña cambia a 7:00–19:00: {campaign}"),
        says(0, 7, "Enterados. ¿El festivo del mes entrante se trabaja?").with(&[("like", 4)]),
        says(4, 5, "No, quedó en el calendario.").what(What::Answer(1)).with(&[("thanks", 0), ("thanks", 1)]),
        says(1, 3, "Perfecto, gracias."),
    ],
};
