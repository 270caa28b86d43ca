//! Canned answers: what stands in their places.

/// What a place of a canned answer becomes.
#[derive(Clone, Copy, Debug)]
pub struct Places<'a> {
    /// Who opened the ticket.
    pub requester: &'a str,
    /// Its number.
    pub number: i64,
    /// Who answers.
    pub agent: &'a str,
}

impl Places<'_> {
    /// The answer with its places filled, each once: what fills a place is not looked at again. Other braces stay.
    pub fn fill(self, body: &str) -> String {
        let mut filled = String::with_capacity(body.len());
        let mut rest = body;
        while let Some(at) = rest.find('{') {
            filled.push_str(&rest[..at]);
            rest = &rest[at..];
            let place = rest.find('}').map(|end| &rest[..=end]);
            let value = match place {
                Some("{solicitante}") => Some(self.requester.to_owned()),
                Some("{ticket}") => Some(format!("#{}", self.number)),
                Some("{agente}") => Some(self.agent.to_owned()),
                _ => None,
            };
            let (value, taken) = match (value, place) {
                (Some(value), Some(place)) => (value, place.len()),
                _ => ("{".to_owned(), 1),
            };
            filled.push_str(&value);
            rest = &rest[taken..];
        }
        filled + rest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_filled_once_and_other_braces_stay() {
        let places = Places { requester: "Ana {agente}", number: 7, agent: "Luz" };
        let cases = [
            ("Hola {solicitante}: {ticket}. {agente}", "Hola Ana {agente}: #7. Luz"),
            ("{ticket}{ticket}", "#7#7"),
            ("{otro} { } {{ticket}} {", "{otro} { } {#7} {"),
            ("", ""),
        ];
        for (body, expected) in cases {
            assert_eq!(places.fill(body), expected);
        }
    }
}
