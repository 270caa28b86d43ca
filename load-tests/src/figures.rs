//! Figures of a run: one value per round, beside the same of the rivals in that round; medians, ratios, budgets.

use serde_json::{Value, json};

/// What a figure must not pass.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Budget {
    /// Nothing is asked.
    None,
    /// The figure itself.
    AtMost(f64),
    /// The same, from below.
    AtLeast(f64),
    /// Its ratio to the reference, and to nchan where that ran.
    Ratio { reference: f64, nchan: Option<f64> },
}

/// One value of one round.
#[derive(Clone, Debug)]
pub struct Figure {
    pub what: String,
    pub unit: &'static str,
    pub ours: f64,
    pub reference: Option<f64>,
    pub nchan: Option<f64>,
    pub budget: Budget,
}

impl Figure {
    /// A figure of the server alone.
    pub fn new(what: impl Into<String>, unit: &'static str, ours: f64, budget: Budget) -> Self {
        Self { what: what.into(), unit, ours, reference: None, nchan: None, budget }
    }

    /// Beside the same of the rivals.
    pub fn beside(self, reference: Option<f64>, nchan: Option<f64>) -> Self {
        Self { reference, nchan, ..self }
    }
}

/// A figure over all rounds: medians, of ratios too, since each ratio belongs to one round.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    pub what: String,
    pub unit: &'static str,
    pub ours: f64,
    pub reference: Option<f64>,
    pub ratio: Option<f64>,
    pub nchan: Option<f64>,
    pub nchan_ratio: Option<f64>,
    pub budget: Budget,
}

impl Row {
    /// Whether the budget holds; `None` without one, or without what it is measured against.
    pub fn holds(&self) -> Option<bool> {
        match self.budget {
            Budget::None => None,
            Budget::AtMost(most) => Some(self.ours <= most),
            Budget::AtLeast(least) => Some(self.ours >= least),
            Budget::Ratio { reference, nchan } => {
                let beside_nchan = nchan.zip(self.nchan_ratio).is_none_or(|(most, ratio)| ratio <= most);
                Some(self.ratio? <= reference && beside_nchan)
            }
        }
    }

    fn asked(&self) -> String {
        match self.budget {
            Budget::None => String::new(),
            Budget::AtMost(most) => format!("≤ {}", short(most)),
            Budget::AtLeast(least) => format!("≥ {}", short(least)),
            Budget::Ratio { reference, nchan: None } => format!("≤ {} × ref", short(reference)),
            Budget::Ratio { reference, nchan: Some(nchan) } => {
                format!("≤ {} × ref, ≤ {} × nchan", short(reference), short(nchan))
            }
        }
    }
}

/// Rows in the order in which their figures first came.
pub fn rows(figures: &[Figure]) -> Vec<Row> {
    let mut names: Vec<&str> = Vec::new();
    for figure in figures {
        if !names.contains(&figure.what.as_str()) {
            names.push(&figure.what);
        }
    }
    let row = |name: &&str| {
        let same: Vec<&Figure> = figures.iter().filter(|figure| figure.what == *name).collect();
        let of = |value: fn(&Figure) -> Option<f64>| median(same.iter().filter_map(|figure| value(figure)).collect());
        Row {
            what: (*name).to_owned(),
            unit: same.first().map_or("", |figure| figure.unit),
            ours: of(|f| Some(f.ours)).unwrap_or_default(),
            reference: of(|f| f.reference),
            ratio: of(|f| f.reference.filter(|r| *r > 0.0).map(|r| f.ours / r)),
            nchan: of(|f| f.nchan),
            nchan_ratio: of(|f| f.nchan.filter(|n| *n > 0.0).map(|n| f.ours / n)),
            budget: same.first().map_or(Budget::None, |figure| figure.budget),
        }
    };
    names.iter().map(row).collect()
}

fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let middle = values.len().checked_sub(1)? / 2;
    let upper = values.len() / 2;
    Some((values[middle] + values[upper]) / 2.0)
}

/// Lines for people.
pub fn table(rows: &[Row]) -> String {
    let width = rows.iter().map(|row| row.what.chars().count()).max().unwrap_or(0).max(4);
    let mut lines = vec![format!(
        "{:<width$} {:>10} {:<8} {:>10} {:>6} {:>10} {:>6}  {:<28} holds",
        "what", "CREA", "", "reference", "ratio", "nchan", "ratio", "budget"
    )];
    for row in rows {
        let optional = |value: Option<f64>| value.map(short).unwrap_or_default();
        let holds = row.holds().map_or("", |holds| if holds { "yes" } else { "NO" });
        let line = format!(
            "{:<width$} {:>10} {:<8} {:>10} {:>6} {:>10} {:>6}  {:<28} {holds}",
            row.what,
            short(row.ours),
            row.unit,
            optional(row.reference),
            row.ratio.map(|ratio| format!("{ratio:.2}")).unwrap_or_default(),
            optional(row.nchan),
            row.nchan_ratio.map(|ratio| format!("{ratio:.2}")).unwrap_or_default(),
            row.asked(),
        );
        lines.push(line.trim_end().to_owned());
    }
    lines.join("\n") + "\n"
}

/// The same for scripts.
pub fn json(rows: &[Row]) -> Value {
    let row = |row: &Row| {
        json!({
            "what": row.what, "unit": row.unit, "crea": row.ours, "reference": row.reference, "ratio": row.ratio,
            "nchan": row.nchan, "nchan_ratio": row.nchan_ratio, "budget": row.asked(), "holds": row.holds(),
        })
    };
    rows.iter().map(row).collect()
}

/// Three digits that matter, at most.
fn short(value: f64) -> String {
    match value.abs() {
        v if v == 0.0 || v >= 100.0 => format!("{value:.0}"),
        v if v >= 10.0 => trimmed(format!("{value:.1}")),
        _ => trimmed(format!("{value:.2}")),
    }
}

fn trimmed(text: String) -> String {
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians_and_ratios_are_of_rounds() {
        let budget = Budget::Ratio { reference: 1.15, nchan: Some(0.8) };
        let rounds = [(10.0, 10.0), (40.0, 20.0), (12.0, 11.0)];
        let figures = rounds.map(|(ours, reference)| {
            Figure::new("a", "µs", ours, budget).beside(Some(reference), Some(2.0 * reference))
        });
        let rows = rows(&figures);
        assert_eq!((rows.len(), rows[0].ours, rows[0].reference), (1, 12.0, Some(11.0)));
        assert!(rows[0].ratio.is_some_and(|ratio| (ratio - 12.0 / 11.0).abs() < 1e-9) && rows[0].holds() == Some(true));
        assert!(table(&rows).contains("yes") && json(&rows)[0]["holds"] == true);
    }

    #[test]
    fn a_budget_needs_what_it_is_measured_against() {
        let holds = |figure: Figure| rows(&[figure])[0].holds();
        assert_eq!(holds(Figure::new("a", "", 9.0, Budget::None)), None);
        assert_eq!(holds(Figure::new("a", "", 9.0, Budget::AtMost(8.0))), Some(false));
        assert_eq!(holds(Figure::new("a", "", 9.0, Budget::AtLeast(8.0))), Some(true));
        let ratio = |nchan| Figure::new("a", "", 9.0, Budget::Ratio { reference: 1.0, nchan });
        assert_eq!(holds(ratio(None)), None);
        assert_eq!(holds(ratio(None).beside(Some(9.0), None)), Some(true));
        assert_eq!(holds(ratio(Some(0.5)).beside(Some(9.0), Some(10.0))), Some(false));
    }
}
