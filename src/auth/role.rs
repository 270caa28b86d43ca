//! Roles and modules, with the codes that are stored.

use sqlx::{Decode, Encode, Type};

/// A person's one role (domain: access, section 4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// Operator on the phone.
    Asesor,
    /// Reviewer of sales.
    Backoffice,
    /// Steers a floor.
    Supervisor,
    /// Quality team.
    Calidad,
    /// Manages people and settings.
    Administrador,
}

impl Role {
    /// Every role, in the order of the permission matrix.
    pub const ALL: [Self; 5] = [Self::Asesor, Self::Backoffice, Self::Supervisor, Self::Calidad, Self::Administrador];

    /// As stored.
    pub fn code(self) -> &'static str {
        match self {
            Self::Asesor => "asesor",
            Self::Backoffice => "backoffice",
            Self::Supervisor => "supervisor",
            Self::Calidad => "calidad",
            Self::Administrador => "administrador",
        }
    }

    /// The role of a stored code; also accepts the names of the system that this one replaces.
    pub fn from_code(code: &str) -> Option<Self> {
        let folded = crate::fold::fold(code);
        Some(match folded.as_str() {
            "asesor" | "agentes" | "colaborador" | "asesores tarjeta plata" => Self::Asesor,
            "backoffice" | "backoffice tarjeta plata" => Self::Backoffice,
            "calidad" => Self::Calidad,
            "administrador" | "admin" => Self::Administrador,
            name if name.starts_with("supervisor") => Self::Supervisor,
            _ => return None,
        })
    }
}

/// A business module; a campaign grants exactly one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Module {
    /// Cartera: debt collection.
    Core,
    /// Sales of mobile plans.
    Telefonica,
    /// Credit-card sales in Mexico.
    TarjetaPlata,
    /// Call quality.
    Calidad,
}

impl Module {
    /// Every module.
    pub const ALL: [Self; 4] = [Self::Core, Self::Telefonica, Self::TarjetaPlata, Self::Calidad];

    /// As stored.
    pub fn code(self) -> &'static str {
        match self {
            Self::Core => "core",
            Self::Telefonica => "telefonica",
            Self::TarjetaPlata => "tarjeta_plata",
            Self::Calidad => "calidad",
        }
    }

    /// The module of a stored code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|m| m.code() == code)
    }
}

/// Reads and binds a type by its stored code, on both engines.
macro_rules! stored_as_code {
    ($name:ident) => {
        impl<DB: sqlx::Database> Type<DB> for $name
        where
            String: Type<DB>,
        {
            fn type_info() -> DB::TypeInfo {
                String::type_info()
            }
            fn compatible(ty: &DB::TypeInfo) -> bool {
                String::compatible(ty)
            }
        }
        impl<'r, DB: sqlx::Database> Decode<'r, DB> for $name
        where
            String: Decode<'r, DB>,
        {
            fn decode(value: DB::ValueRef<'r>) -> Result<Self, sqlx::error::BoxDynError> {
                let code = String::decode(value)?;
                Self::from_code(&code).ok_or_else(|| format!("no {} has the code {code}", stringify!($name)).into())
            }
        }
        impl<'q, DB: sqlx::Database> Encode<'q, DB> for $name
        where
            String: Encode<'q, DB>,
        {
            fn encode_by_ref(
                &self,
                buffer: &mut DB::ArgumentBuffer,
            ) -> Result<sqlx::encode::IsNull, sqlx::error::BoxDynError> {
                self.code().to_owned().encode(buffer)
            }
        }
        impl From<$name> for crate::db::Arg {
            fn from(value: $name) -> Self {
                value.code().into()
            }
        }
    };
}
stored_as_code!(Role);
stored_as_code!(Module);

#[cfg(test)]
mod tests {
    use super::Role;

    #[test]
    fn old_names_find_their_role() {
        let cases = [
            ("asesor", Role::Asesor),
            ("Agentes", Role::Asesor),
            ("Asesores Tarjeta Plata", Role::Asesor),
            ("Supervisores Tarjeta Plata", Role::Supervisor),
            ("admin", Role::Administrador),
            ("Calidad", Role::Calidad),
        ];
        for (name, role) in cases {
            assert_eq!(Role::from_code(name), Some(role), "{name}");
        }
        assert_eq!(Role::from_code("jefe"), None);
    }
}
