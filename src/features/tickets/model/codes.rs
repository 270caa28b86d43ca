//! The stored codes of a ticket (domain: tickets, section 1).

/// Declares a closed set of codes, in the order in which people choose from them.
macro_rules! codes {
    ($(#[$of:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $code:literal,)* }) => {
        $(#[$of])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $($(#[$doc])* $variant,)* }

        impl $name {
            /// All of them, in the order in which people choose.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// As it is stored, and the end of its text's key.
            pub fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }

            /// Reads a stored code.
            pub fn from_code(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.code() == code)
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> Self {
                value.code().to_owned()
            }
        }

        impl TryFrom<String> for $name {
            type Error = String;
            fn try_from(code: String) -> Result<Self, String> {
                Self::from_code(&code).ok_or(code)
            }
        }
    };
}

codes! {
    /// What it is about.
    Application {
        /// The debt collection system.
        Cartera = "CARTERA",
        /// Telecom sales and back office.
        Telefonica = "TELEFONICA",
        /// The dialler.
        Vicidial = "VICIDIAL",
        /// Credit-card sales.
        TarjetaPlata = "TARJETA_PLATA",
        /// Call quality.
        Calidad = "CALIDAD",
        /// Anything else.
        Other = "OTRO",
    }
}

codes! {
    /// What is asked for.
    Kind {
        /// Something does not work.
        Incident = "IN",
        /// Something is wanted.
        Request = "RQ",
    }
}

codes! {
    /// How much it matters; later ones are more urgent.
    Priority {
        /// Can wait.
        Low = "BA",
        /// As most.
        Medium = "ME",
        /// Stops somebody.
        High = "AL",
        /// Stops a floor.
        Critical = "CR",
    }
}

codes! {
    /// Where it stands.
    Status {
        /// Nobody works on it yet.
        Open = "AB",
        /// Somebody does.
        InProgress = "EP",
        /// It waits for somebody outside; its clock stands.
        Pending = "PE",
        /// Solved, says who worked on it.
        Resolved = "RS",
        /// Done with.
        Closed = "CE",
    }
}

impl Priority {
    /// 1 (low) to 4 (critical).
    pub fn urgency(self) -> i64 {
        match self {
            Self::Low => 1,
            Self::Medium => 2,
            Self::High => 3,
            Self::Critical => 4,
        }
    }
}

impl Status {
    /// Those that somebody is to work on.
    pub const OPEN: [Self; 3] = [Self::Open, Self::InProgress, Self::Pending];

    /// Whether somebody is to work on it.
    pub fn is_open(self) -> bool {
        Self::OPEN.contains(&self)
    }

    /// Whether its clock runs.
    pub fn is_timed(self) -> bool {
        matches!(self, Self::Open | Self::InProgress)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_there_and_back() {
        for status in Status::ALL {
            assert_eq!(Status::from_code(status.code()), Some(*status));
        }
        assert_eq!(Priority::from_code("UR"), None, "the old code of critical is turned into CR by the import");
        let urgencies: Vec<i64> = Priority::ALL.iter().map(|p| p.urgency()).collect();
        assert_eq!(urgencies, [1, 2, 3, 4]);
    }
}
