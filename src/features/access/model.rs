//! Rules of the forms of this feature.

/// Longest first or last name, in characters.
const NAME_CHARS: usize = 60;
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
        assert_eq!(refuse_name(&"a".repeat(61)), Some("field.too_long"));
        assert_eq!(refuse_name("María José"), None);
    }
}
