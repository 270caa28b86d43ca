//! Who is asking, and what they may do: sessions, roles, capabilities, passwords, throttling.

pub mod capability;
pub mod current;
pub mod password;
mod queries;
pub mod role;
pub mod secret;
pub mod session;
pub mod throttle;
pub mod token;
pub mod totp;

pub use capability::{Capability, Scope};
pub use current::{CampaignRef, CurrentUser};
pub use queries::prune;
pub use role::{Module, Role};
