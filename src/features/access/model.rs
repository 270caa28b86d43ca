//! Rules of the forms of this feature.

/// Longest first or last name, in characters (domain: access, section 3).
const NAME_CHARS: usize = 30;
/// Longest user in another system, and longest telephone number.
const USER_CHARS: usize = 50;
/// Digits that make a telephone number.
const PHONE_DIGITS: std::ops::RangeInclusive<usize> = 7..=15;
/// Longest e-mail address.
const EMAIL_CHARS: usize = 200;

/// Why a name is refused, as a text key.
pub fn refuse_name(name: &str) -> Option<&'static str> {
    match name.trim().chars().count() {
        0 => Some("field.required"),
        n if n > NAME_CHARS => Some("field.too_long"),
        _ => None,
    }
}

/// Why a user in another system is refused: once known, it is not blanked (domain: access, section 5).
pub fn refuse_user(user: &str, former: &str) -> Option<&'static str> {
    match user.trim().chars().count() {
        0 if !former.is_empty() => Some("field.required"),
        n if n > USER_CHARS => Some("field.too_long"),
        _ => None,
    }
}

/// Why a telephone number is refused; none is fine. Spaces, dots, dashes and brackets are as people write them.
pub fn refuse_phone(phone: &str) -> Option<&'static str> {
    let phone = phone.trim();
    if phone.is_empty() {
        return None;
    }
    let digits = phone.chars().filter(char::is_ascii_digit).count();
    let is_plain = phone.chars().all(|c| c.is_ascii_digit() || " .-()+".contains(c)) && !phone[1..].contains('+');
    let fits = phone.len() <= USER_CHARS && PHONE_DIGITS.contains(&digits);
    (!is_plain || !fits).then_some("field.phone")
}

/// Why an e-mail address is refused, as a text key: it needs one @ between a name and a domain with a dot.
pub fn refuse_email(email: &str) -> Option<&'static str> {
    let email = email.trim();
    if email.is_empty() {
        return Some("field.required");
    }
    if email.chars().count() > EMAIL_CHARS {
        return Some("field.too_long");
    }
    let is_plain = !email.contains(char::is_whitespace) && email.matches('@').count() == 1;
    let (name, domain) = email.split_once('@').unwrap_or_default();
    let has_dot = domain.split('.').count() > 1 && domain.split('.').all(|label| !label.is_empty());
    (!is_plain || name.is_empty() || !has_dot).then_some("field.email")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_names() {
        for good in ["a@x.co", " Ana.Ruiz+1@correo.example.com "] {
            assert_eq!(refuse_email(good), None, "{good}");
        }
        for bad in ["", "a", "@x.co", "a@", "a@x", "a@@x.co", "a b@x.co", "a@.co"] {
            assert!(refuse_email(bad).is_some(), "{bad}");
        }
        assert_eq!(refuse_name(" "), Some("field.required"));
        assert_eq!(refuse_name(&"a".repeat(31)), Some("field.too_long"));
        assert_eq!(refuse_name("María José"), None);
    }

    #[test]
    fn telephones_and_users_elsewhere() {
        for good in ["", " 3001234567 ", "+57 (300) 123-45.67", "55 1234 5678"] {
            assert_eq!(refuse_phone(good), None, "{good}");
        }
        for bad in ["123456", "300-CALL-NOW", "57+3001234567", "1234567890123456", "ñ1234567", &"1 ".repeat(26)] {
            assert_eq!(refuse_phone(bad), Some("field.phone"), "{bad}");
        }
        assert_eq!(refuse_user("", ""), None, "nobody needs one");
        assert_eq!(refuse_user(" ", "ana1"), Some("field.required"), "but it is not taken back");
        assert_eq!(refuse_user(&"a".repeat(51), ""), Some("field.too_long"));
    }
}
