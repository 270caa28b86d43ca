//! Passwords: argon2id off the request threads, and the one policy for choosing them (domain: access, section 4).

use std::sync::LazyLock;

use argon2::{Argon2, PasswordHasher as _, PasswordVerifier as _, password_hash::phc::PasswordHash};
use tokio::sync::Semaphore;

use crate::{error::AppResult, fold::fold};

/// Shortest password.
pub const MIN_CHARS: usize = 10;
/// Longest password: more is work for an attacker to give us.
pub const MAX_CHARS: usize = 200;
/// Shortest part of a name, document or e-mail address that a password is searched for.
const KNOWN_CHARS: usize = 4;
/// Hashes at the same time: each takes 19 MiB and a core.
static HASHING: Semaphore = Semaphore::const_new(2);
/// Verified when there is no account, so that its absence takes as long as a wrong password.
static NOBODY: LazyLock<String> = LazyLock::new(|| hash_now("nobody has this password").unwrap_or_default());
/// The commonest passwords of the policy's length, folded; most lists' entries are shorter and fall to the length.
const COMMON: [&str; 24] = [
    "1234567890",
    "12345678910",
    "123456789a",
    "0123456789",
    "9876543210",
    "1111111111",
    "0000000000",
    "qwertyuiop",
    "qwerty12345",
    "qwerty123456",
    "password12",
    "password123",
    "password1234",
    "contrasena",
    "contrasena1",
    "contrasena123",
    "colombia123",
    "colombia2026",
    "mexico12345",
    "bogota12345",
    "administrador",
    "bienvenido1",
    "bienvenido123",
    "iloveyou123",
];

/// Hashes a password.
///
/// # Errors
/// The hasher refused its own parameters, or the runtime is shutting down.
pub async fn hash(password: &str) -> AppResult<String> {
    let password = password.to_owned();
    let _permit = HASHING.acquire().await.map_err(anyhow::Error::new)?;
    let done = tokio::task::spawn_blocking(move || hash_now(&password)).await;
    Ok(done.map_err(anyhow::Error::new)??)
}

/// Whether `password` is the one of `stored`; without an account it takes as long and is false.
///
/// # Errors
/// The runtime is shutting down.
pub async fn verify(password: &str, stored: Option<String>) -> AppResult<bool> {
    let password = password.to_owned();
    let _permit = HASHING.acquire().await.map_err(anyhow::Error::new)?;
    let done = tokio::task::spawn_blocking(move || match stored {
        Some(stored) => verify_now(&password, &stored),
        None => {
            let _ = verify_now(&password, &NOBODY);
            false
        }
    });
    Ok(done.await.map_err(anyhow::Error::new)?)
}

/// Why a person may not choose this password, as a text key. `about` are e-mail, document and names.
pub fn refuse(password: &str, about: &[&str]) -> Option<&'static str> {
    let folded = fold(password).replace(' ', "");
    if password.chars().count() < MIN_CHARS {
        return Some("password.too_short");
    }
    if password.chars().count() > MAX_CHARS {
        return Some("field.too_long");
    }
    let is_one_character = folded.chars().all(|c| folded.starts_with(c));
    if COMMON.contains(&folded.as_str()) || is_one_character || folded.chars().all(|c| c.is_ascii_digit()) {
        return Some("password.too_common");
    }
    // Similar: without what is known of the person too little is left to be a password of its own.
    let about: Vec<String> = about.iter().map(|text| fold(text)).collect();
    let known = about.iter().flat_map(|text| text.split(|c: char| !c.is_alphanumeric()));
    let known: Vec<&str> = known.filter(|part| part.chars().count() >= KNOWN_CHARS).collect();
    let left = known.iter().fold(folded.clone(), |left, part| left.replace(part, ""));
    if left != folded && left.chars().filter(|c| c.is_alphanumeric()).count() < MIN_CHARS - KNOWN_CHARS {
        return Some("password.too_similar");
    }
    None
}

fn hash_now(password: &str) -> anyhow::Result<String> {
    let hash = Argon2::default().hash_password(password.as_bytes());
    Ok(hash.map_err(|e| anyhow::anyhow!("argon2: {e}"))?.to_string())
}

fn verify_now(password: &str, stored: &str) -> bool {
    PasswordHash::new(stored).is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policy_refuses_with_its_reason() {
        let about = ["laura.perez@crea.example", "1020304050", "Laura", "Pérez"];
        let cases = [
            ("corta", Some("password.too_short")),
            ("Contraseña123", Some("password.too_common")),
            ("aaaaaaaaaaaa", Some("password.too_common")),
            ("8675309867530", Some("password.too_common")),
            ("laura.perez12", Some("password.too_similar")),
            ("LauraPérez99", Some("password.too_similar")),
            ("gato tejado lluvia", None),
            ("perez-vive-en-usaquen-7", None),
        ];
        for (password, reason) in cases {
            assert_eq!(refuse(password, &about), reason, "{password}");
        }
    }

    #[test]
    fn a_hash_verifies_its_password_alone() {
        let hash = hash_now("gato tejado lluvia").expect("hashes");
        assert!(hash.starts_with("$argon2id$"), "{hash}");
        assert!(verify_now("gato tejado lluvia", &hash));
        assert!(!verify_now("gato tejado", &hash));
        assert!(!verify_now("", "not a hash"));
    }
}
