//! The second factor: codes of six digits that change every 30 seconds (RFC 6238), and codes for who lost the device.
//! Rules alone: what is stored, and that a code works once, is the feature's.

use anyhow::anyhow;
use chrono::{DateTime, Utc};
use serde_json::Value;
use totp_rs::{Algorithm, Builder, Secret, Totp};

use super::Role;

/// Seconds that a code lasts; what every authenticator app assumes.
const STEP_S: u64 = 30;
/// Steps before and after now whose code is taken: clocks differ, people type.
const SKEW: u16 = 1;
/// Digits of a code.
pub const DIGITS: u8 = 6;
/// Bytes of a shared secret, as RFC 4226 recommends.
const SECRET_BYTES: usize = 20;
/// Codes for who lost the device.
pub const RECOVERY_CODES: usize = 10;
/// Letters of a recovery code: none that are read as another. Ten of them are 49 bits.
const LETTERS: &[u8] = b"23456789abcdefghjkmnpqrstuvwxyz";
/// Letters of a recovery code.
const RECOVERY_LETTERS: usize = 10;

/// A fresh shared secret.
pub fn new_secret() -> Vec<u8> {
    rand::random::<[u8; SECRET_BYTES]>().to_vec()
}

/// The step whose code this is, if it is one of now or of a step beside it. Spaces are as apps show them.
///
/// # Errors
/// The secret is none of ours.
pub fn matching_step(secret: &[u8], code: &str, now: DateTime<Utc>) -> anyhow::Result<Option<i64>> {
    let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    if code.len() != usize::from(DIGITS) || !code.bytes().all(|b| b.is_ascii_digit()) {
        return Ok(None);
    }
    let step = totp(secret, "", DIGITS)?.check(&code, u64::try_from(now.timestamp())?);
    Ok(step.map(i64::try_from).transpose()?)
}

/// What an authenticator app reads from the picture: `otpauth://totp/CREA:ana@…?secret=…&issuer=CREA`.
///
/// # Errors
/// The secret is none of ours.
pub fn address(secret: &[u8], account: &str) -> anyhow::Result<String> {
    totp(secret, account, DIGITS)?.to_url().map_err(|error| anyhow!("{error}"))
}

/// The secret for typing: base32 in groups of four.
pub fn readable(secret: &[u8]) -> String {
    let text = Secret::from(secret.to_vec()).to_base32();
    let letters: Vec<char> = text.chars().collect();
    letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

fn totp(secret: &[u8], account: &str, digits: u8) -> anyhow::Result<Totp> {
    Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_digits(digits)
        .with_skew(SKEW)
        .with_step_duration(STEP_S)
        .with_secret(secret.to_vec())
        .with_issuer(Some("CREA"))
        // A colon would end the name in the address.
        .with_account_name(account.replace(':', " "))
        .build()
        .map_err(|error| anyhow!("{error}"))
}

/// Fresh recovery codes, as `abcde-fghjk`.
pub fn new_recovery_codes() -> Vec<String> {
    let letter = || char::from(LETTERS[rand::random_range(0..LETTERS.len())]);
    let half = || (0..RECOVERY_LETTERS / 2).map(|_| letter()).collect::<String>();
    (0..RECOVERY_CODES).map(|_| format!("{}-{}", half(), half())).collect()
}

/// A recovery code as it is compared: without what people add or leave out. `None` when it cannot be one.
pub fn folded_recovery_code(typed: &str) -> Option<String> {
    let letters: String = typed.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    (letters.len() == RECOVERY_LETTERS && letters.bytes().all(|b| LETTERS.contains(&b))).then_some(letters)
}

/// Whether the setting `security` asks people of this role for a second factor; what it does not say it does not ask.
/// A superuser counts as an administrator, whatever the role.
pub fn is_required(security: Option<&Value>, role: Role, is_superuser: bool) -> bool {
    let roles = security.and_then(|value| value.get("totp_roles")).and_then(Value::as_array);
    let asks = |role: Role| roles.is_some_and(|roles| roles.iter().any(|code| code.as_str() == Some(role.code())));
    asks(role) || is_superuser && asks(Role::Administrador)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// The secret of RFC 6238, appendix B.
    const RFC: &[u8] = b"12345678901234567890";

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).expect("an instant")
    }

    #[test]
    fn the_vectors_of_the_standard() {
        let cases = [
            (59, "94287082"),
            (1_111_111_109, "07081804"),
            (1_111_111_111, "14050471"),
            (1_234_567_890, "89005924"),
            (2_000_000_000, "69279037"),
            (20_000_000_000, "65353130"),
        ];
        for (seconds, eight) in cases {
            let totp = totp(RFC, "", 8).expect("builds");
            assert_eq!(totp.check(eight, seconds), Some(seconds / STEP_S), "{seconds}");
            // Six digits are the last six of eight.
            let seconds = i64::try_from(seconds).expect("fits");
            let step = matching_step(RFC, &eight[2..], at(seconds)).expect("checks");
            assert_eq!(step, Some(seconds / 30), "{seconds}");
        }
    }

    #[test]
    fn a_code_is_taken_one_step_early_or_late_and_no_further() {
        // 287082 is the code of the seconds 30 to 59.
        let cases = [(0, true), (29, true), (30, true), (59, true), (60, true), (89, true), (90, false), (120, false)];
        for (seconds, taken) in cases {
            let step = matching_step(RFC, "287082", at(seconds)).expect("checks");
            assert_eq!(step, taken.then_some(1), "{seconds}");
        }
    }

    #[test]
    fn what_is_no_code_is_not_taken() {
        assert_eq!(matching_step(RFC, " 287 082 ", at(59)).expect("checks"), Some(1), "as apps show it");
        for bad in ["", "287083", "28708", "2870822", "-87082", "２８７０８２", "28708a", "+87082"] {
            assert_eq!(matching_step(RFC, bad, at(59)).expect("checks"), None, "{bad}");
        }
    }

    #[test]
    fn an_app_learns_name_and_secret() {
        let address = address(RFC, "ana:x@crea.example").expect("builds");
        assert!(address.starts_with("otpauth://totp/CREA:ana%20x%40crea.example?"), "{address}");
        assert!(address.contains("secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ") && address.contains("issuer=CREA"));
        assert_eq!(readable(RFC), "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
        assert_eq!(new_secret().len(), 20);
        assert_ne!(new_secret(), new_secret());
    }

    #[test]
    fn recovery_codes_differ_and_forgive_how_they_are_typed() {
        let codes = new_recovery_codes();
        let unique: std::collections::HashSet<_> = codes.iter().collect();
        assert_eq!((codes.len(), unique.len()), (10, 10));
        for code in &codes {
            assert_eq!(folded_recovery_code(code), Some(code.replace('-', "")), "{code}");
        }
        assert_eq!(folded_recovery_code(" ABCDE fghjk"), Some("abcdefghjk".to_owned()));
        for bad in ["", "abcde", "abcde-fghjkm", "abcde-fghj0", "123456"] {
            assert_eq!(folded_recovery_code(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_role_needs_it_only_when_the_setting_says_so() {
        let security = json!({ "totp_roles": ["supervisor", 7] });
        let administrators = json!({ "totp_roles": ["administrador"] });
        let cases = [
            (Some(&security), Role::Supervisor, false, true, "named"),
            (Some(&security), Role::Administrador, false, false, "not named"),
            (Some(&security), Role::Asesor, true, false, "administrators are not named"),
            (Some(&administrators), Role::Asesor, true, true, "more than an administrator"),
            (Some(&administrators), Role::Asesor, false, false, "less than one"),
            (None, Role::Supervisor, true, false, "nothing is set"),
            (Some(&Value::Null), Role::Supervisor, true, false, "not understood"),
        ];
        for (security, role, is_superuser, expected, why) in cases {
            assert_eq!(is_required(security, role, is_superuser), expected, "{why}");
        }
    }
}
