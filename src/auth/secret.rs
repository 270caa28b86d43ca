//! Sealing: what the database holds but must not give away with a copy of it, such as the seeds of second factors.
//!
//! AES-256-GCM under a key derived from `SECRET_KEY` (HKDF-SHA-256, RFC 5869). The purpose and the row's id are bound
//! to each sealed value, so that one cannot be moved to another row or column. Without the key nothing opens again: who
//! changes `SECRET_KEY` has everyone enrol anew.

use anyhow::anyhow;
use ring::{
    aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    hkdf::{HKDF_SHA256, Salt},
};
use uuid::Uuid;

/// Starts each sealed value; another way of sealing gets another mark.
const MARK: &str = "v1.";

/// What a sealed value is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// The seed of a person's second factor; the row is the person.
    Totp,
    /// What an employee earns; the row is the employee.
    Salary,
}

impl Purpose {
    fn code(self) -> &'static str {
        match self {
            Self::Totp => "totp",
            Self::Salary => "salary",
        }
    }
}

/// Seals `plain` for one row: `v1.` and hex of nonce and ciphertext.
///
/// # Errors
/// The cipher refused, which it does for none of our lengths.
pub fn seal(secret: &str, purpose: Purpose, row: Uuid, plain: &[u8]) -> anyhow::Result<String> {
    // 96 random bits: some billions of values under one key before two may share one.
    let nonce: [u8; NONCE_LEN] = rand::random();
    let mut sealed = plain.to_vec();
    key(secret)?
        .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), bound(purpose, row), &mut sealed)
        .map_err(|_| anyhow!("cannot seal"))?;
    Ok(format!("{MARK}{}{}", hex::encode(nonce), hex::encode(sealed)))
}

/// What was sealed for this purpose and row.
///
/// # Errors
/// It was sealed with another key, for something else, or is damaged: which of it, nobody can tell.
pub fn open(secret: &str, purpose: Purpose, row: Uuid, sealed: &str) -> anyhow::Result<Vec<u8>> {
    let wrong = || anyhow!("a sealed value does not open: was SECRET_KEY changed?");
    let bytes = hex::decode(sealed.strip_prefix(MARK).ok_or_else(wrong)?).map_err(|_| wrong())?;
    let (nonce, ciphertext) = bytes.split_at_checked(NONCE_LEN).ok_or_else(wrong)?;
    let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| wrong())?;
    let mut ciphertext = ciphertext.to_vec();
    let plain = key(secret)?.open_in_place(nonce, bound(purpose, row), &mut ciphertext).map_err(|_| wrong())?;
    Ok(plain.to_vec())
}

fn key(secret: &str) -> anyhow::Result<LessSafeKey> {
    let material = Salt::new(HKDF_SHA256, b"crea").extract(secret.as_bytes());
    let derived = material.expand(&[b"seal"], &AES_256_GCM).map_err(|_| anyhow!("cannot derive a key"))?;
    Ok(LessSafeKey::new(UnboundKey::from(derived)))
}

fn bound(purpose: Purpose, row: Uuid) -> Aad<Vec<u8>> {
    let mut about = purpose.code().as_bytes().to_vec();
    about.push(0);
    about.extend(row.as_bytes());
    Aad::from(about)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "a key that is long enough for tests";

    #[test]
    fn what_is_sealed_opens_for_its_own_row_and_purpose_alone() {
        let row = Uuid::now_v7();
        let sealed = seal(KEY, Purpose::Totp, row, b"seed").expect("seals");
        assert_eq!(open(KEY, Purpose::Totp, row, &sealed).expect("opens"), b"seed");
        assert_ne!(sealed, seal(KEY, Purpose::Totp, row, b"seed").expect("seals"), "never the same twice");
        assert!(!sealed.contains(&hex::encode("seed")), "{sealed}");
        assert!(open(KEY, Purpose::Salary, row, &sealed).is_err(), "another column");
        assert!(open(KEY, Purpose::Totp, Uuid::now_v7(), &sealed).is_err(), "another row");
        assert!(open("another key that is long enough", Purpose::Totp, row, &sealed).is_err(), "another key");
    }

    #[test]
    fn what_was_damaged_does_not_open() {
        let row = Uuid::now_v7();
        let sealed = seal(KEY, Purpose::Totp, row, b"").expect("seals");
        assert_eq!(open(KEY, Purpose::Totp, row, &sealed).expect("opens"), b"");
        for bad in ["", "v1.", "v1.00", "v1.zz", "v2.00", &sealed[..sealed.len() - 2], &format!("{sealed}00")] {
            assert!(open(KEY, Purpose::Totp, row, bad).is_err(), "{bad}");
        }
    }
}
