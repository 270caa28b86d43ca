//! RFC 6455 by hand, as far as agents' browsers need it: what we send is encoded once and shared.

pub mod frame;

pub use frame::Frame;
