//! The permission matrix (domain: README, section 4.1). The one place where a role is given anything.

use super::{CurrentUser, Module, Role};

/// How far a capability reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// Nothing: 403.
    None,
    /// May look at all, change nothing.
    Read,
    /// Own records.
    Own,
    /// Records of own campaigns.
    Campaigns,
    /// All records of the modules granted by campaign.
    All,
}

use Scope::{All as A, Campaigns as C, None as N, Own as O, Read as R};

/// Declares the matrix: one row a capability, one column a role (asesor, backoffice, supervisor, calidad,
/// administrador), and the module whose membership it needs.
macro_rules! matrix {
    ($($(#[$doc:meta])* $name:ident, $module:expr, [$($scope:expr),*];)*) => {
        /// Something that a person may be allowed to do.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Capability { $($(#[$doc])* $name,)* }

        impl Capability {
            /// Every capability.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// Its name, as pages carry it in `data-can`.
            pub fn code(self) -> &'static str {
                match self { $(Self::$name => stringify!($name),)* }
            }

            /// The module that it belongs to; `None` for what concerns everyone.
            pub fn module(self) -> Option<Module> {
                match self { $(Self::$name => $module,)* }
            }

            /// What a role gets, in the order of [`Role::ALL`].
            fn row(self) -> [Scope; 5] {
                match self { $(Self::$name => [$($scope),*],)* }
            }
        }
    };
}

const CORE: Option<Module> = Some(Module::Core);
const TELEFONICA: Option<Module> = Some(Module::Telefonica);
const PLATA: Option<Module> = Some(Module::TarjetaPlata);
const CALIDAD: Option<Module> = Some(Module::Calidad);

matrix! {
    // Cartera                                     asesor, backoffice, supervisor, calidad, administrador
    /// List, search and open clients.
    ViewClients, CORE, [A, A, A, N, A];
    /// Create a client by form.
    CreateClients, CORE, [A, N, A, N, A];
    /// Load clients in bulk.
    UploadClients, CORE, [N, N, N, N, A];
    /// Record a gestión.
    RecordInteractions, CORE, [A, A, A, N, A];
    /// List gestiones.
    ListInteractions, CORE, [O, A, A, N, A];
    /// Create a payment agreement.
    CreateAgreements, CORE, [A, A, A, N, A];
    /// List payment agreements and open them.
    ListAgreements, CORE, [O, A, A, N, A];
    /// Register or undo the payment of an instalment.
    RegisterPayments, CORE, [O, A, A, N, A];
    /// Complete a follow-up; supervisors reassign.
    CompleteFollowUps, CORE, [O, N, A, N, A];
    /// Dashboard of the portfolio.
    ViewPortfolioDashboard, CORE, [O, A, A, N, A];
    /// Reports and exports of the portfolio.
    ExportPortfolio, CORE, [O, N, A, N, A];

    // Telefónica
    /// Create a sale of any product.
    CreateTelecomSales, TELEFONICA, [O, A, A, N, A];
    /// Open a sale.
    ViewTelecomSales, TELEFONICA, [O, A, A, N, A];
    /// Approve, return or reject a portability.
    ReviewPortability, TELEFONICA, [N, A, N, N, A];
    /// Correct a returned sale.
    CorrectTelecomSales, TELEFONICA, [O, N, N, N, A];
    /// Tray of pending sales.
    PendingTray, TELEFONICA, [N, A, R, N, A];
    /// Tray of sales to be typed into the operator's system.
    DataEntryTray, TELEFONICA, [N, A, R, N, A];
    /// Tray of sales in tracking.
    TrackingTray, TELEFONICA, [O, A, A, N, A];
    /// Tray of returned sales.
    ReturnedTray, TELEFONICA, [O, A, A, N, A];
    /// Create and change plans.
    ManagePlans, TELEFONICA, [N, A, N, N, A];
    /// Bases of eligible clients.
    ManageLeadBases, TELEFONICA, [R, A, A, N, A];
    /// Scheduled call-backs.
    Callbacks, TELEFONICA, [O, A, A, N, A];
    /// List commissions.
    ListCommissions, TELEFONICA, [O, A, A, N, A];
    /// Calculate commissions.
    CalculateCommissions, TELEFONICA, [N, A, N, N, A];
    /// Reports and exports of telecom sales.
    ExportTelecom, TELEFONICA, [O, A, A, N, A];

    // Tarjeta Plata
    /// Create a card sale.
    CreateCardSales, PLATA, [O, A, A, N, A];
    /// Edit a card sale; agents while it is new.
    EditCardSales, PLATA, [O, A, A, N, A];
    /// List and create card clients.
    CardClients, PLATA, [A, A, A, N, A];
    /// Load card clients in bulk.
    UploadCardClients, PLATA, [N, A, N, N, A];
    /// Trays of new, accepted and rejected card sales.
    CardTrays, PLATA, [N, A, R, N, A];
    /// Accept or reject a card sale.
    ReviewCardSales, PLATA, [N, A, N, N, A];
    /// Audit after the sale.
    AuditCardSales, PLATA, [N, A, N, A, A];
    /// Reports of card sales.
    ExportCardSales, PLATA, [O, A, A, N, A];

    // Calidad
    /// Quality dashboard, list and detail of audits.
    ViewAudits, CALIDAD, [N, N, A, A, A];
    /// Create, edit and delete audits.
    ManageAudits, CALIDAD, [N, N, N, A, A];
    /// Read a quality matrix.
    ReadQualityMatrices, CALIDAD, [N, N, R, A, A];
    /// Create and edit a quality matrix.
    ManageQualityMatrices, CALIDAD, [N, N, N, A, A];
    /// Own audits, and replies to their indicators. Agents of every module are audited.
    ReplyToAudits, None, [O, O, O, O, O];
    /// Follow up and close a reply.
    FollowUpReplies, CALIDAD, [N, N, A, A, A];
    /// Costs of audio analysis.
    ViewAudioCosts, CALIDAD, [N, N, A, A, A];

    // Everyone
    /// Create tickets, read and comment own ones.
    UseTickets, None, [O, O, C, O, A];
    /// Assign tickets, change state and priority.
    ManageTickets, None, [N, N, C, N, A];
    /// Direct chat; who may write to whom is chat's own policy.
    ChatDirect, None, [A, A, A, A, A];
    /// Mass messages.
    ChatBroadcast, None, [N, N, A, N, A];
    /// Groups: create, rename, add and remove people; supervisors in own campaigns.
    ManageGroups, None, [N, N, C, N, A];
    /// Export a conversation for an investigation.
    ExportConversations, None, [N, N, N, N, A];
    /// The audit log and its export.
    ViewAuditLog, None, [N, N, N, N, A];
    /// How the live engine does.
    ViewLiveStatus, None, [N, N, N, N, A];
    /// What holds for the whole system: retention, second factor, registration.
    ManageSettings, None, [N, N, N, N, A];
    /// Users, roles, campaigns.
    ManagePeople, None, [N, N, N, N, A];
    /// Employees' data.
    ManageEmployees, None, [N, N, N, N, A];
    /// IP allow-list and access log.
    ManageIpAccess, None, [N, N, N, N, A];
}

impl Capability {
    /// What a role is given.
    pub fn scope_of(self, role: Role) -> Scope {
        let column = Role::ALL.iter().position(|r| *r == role).unwrap_or(0);
        self.row()[column]
    }

    /// What a person is given: a superuser everything; others by role, and only in modules of their active campaigns
    /// (administrators need none).
    pub fn scope_for(self, user: &CurrentUser) -> Scope {
        if user.is_superuser {
            return Scope::All;
        }
        let is_member = self.module().is_none_or(|m| user.campaigns.iter().any(|c| c.module == m));
        if is_member || user.role == Role::Administrador { self.scope_of(user.role) } else { Scope::None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_matrix_says_what_the_specification_says() {
        let cases = [
            (Capability::ViewClients, Role::Calidad, N, "quality does not open clients"),
            (Capability::RegisterPayments, Role::Asesor, O, "agents only on own agreements"),
            (Capability::UploadClients, Role::Supervisor, N, "only administrators load in bulk"),
            (Capability::CalculateCommissions, Role::Supervisor, N, "back office calculates"),
            (Capability::PendingTray, Role::Supervisor, R, "supervisors look on"),
            (Capability::ManageAudits, Role::Supervisor, N, "quality audits"),
            (Capability::ManageTickets, Role::Supervisor, C, "in own campaigns"),
            (Capability::ChatBroadcast, Role::Asesor, N, "agents send no mass messages"),
            (Capability::ManagePeople, Role::Backoffice, N, "administrators only"),
        ];
        for (capability, role, scope, why) in cases {
            assert_eq!(capability.scope_of(role), scope, "{why}");
        }
    }

    #[test]
    fn administrators_have_everything_and_nobody_has_more() {
        for capability in Capability::ALL {
            let expected = if *capability == Capability::ReplyToAudits { O } else { A };
            assert_eq!(capability.scope_of(Role::Administrador), expected, "{capability:?}");
        }
    }
}
