//! National holidays. Computed from the law, so that no year has to be typed; the tests hold the published lists.
//!
//! Colombia: Ley 51 de 1983 ("Ley Emiliani"), which moves most feasts to the following Monday. Mexico: Ley Federal del
//! Trabajo, artículo 74, as in force since 2024: three feasts on Mondays, the day of a new presidency, election days.

use std::ops::RangeInclusive;

use chrono::{Datelike as _, Days, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};

/// Years for which the sets are offered.
pub const YEARS: RangeInclusive<i32> = 2026..=2032;

/// Declares the codes with their stored form, which is also the end of the key of their name.
macro_rules! holiday_codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal;)*) => {
        /// A national holiday by its code; screens name it in their language.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
        pub enum HolidayCode { $($(#[$doc])* #[serde(rename = $code)] $name,)* }

        impl HolidayCode {
            /// As it is stored.
            pub fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }
        }
    };
}

holiday_codes! {
    /// 1 January, both countries.
    NewYear = "new_year";
    /// 1 May, both countries.
    LabourDay = "labour_day";
    /// 25 December, both countries.
    Christmas = "christmas";
    /// 6 January, moved.
    Epiphany = "epiphany";
    /// 19 March, moved.
    SaintJoseph = "saint_joseph";
    /// Thursday before Easter.
    HolyThursday = "holy_thursday";
    /// Friday before Easter.
    GoodFriday = "good_friday";
    /// 39 days after Easter, moved.
    Ascension = "ascension";
    /// 60 days after Easter, moved.
    CorpusChristi = "corpus_christi";
    /// 68 days after Easter, moved.
    SacredHeart = "sacred_heart";
    /// 29 June, moved.
    SaintPeter = "saint_peter";
    /// 20 July.
    ColombianIndependence = "colombian_independence";
    /// 7 August.
    Boyaca = "boyaca";
    /// 15 August, moved.
    Assumption = "assumption";
    /// 12 October, moved.
    Diversity = "diversity";
    /// 1 November, moved.
    AllSaints = "all_saints";
    /// 11 November, moved.
    Cartagena = "cartagena";
    /// 8 December.
    ImmaculateConception = "immaculate_conception";
    /// First Monday of February, for the 5th.
    Constitution = "constitution";
    /// Third Monday of March, for the 21st.
    Juarez = "juarez";
    /// First Sunday of June, every third year: ordinary federal elections.
    ElectionDay = "election_day";
    /// 16 September.
    MexicanIndependence = "mexican_independence";
    /// 1 October, every sixth year.
    NewPresidency = "new_presidency";
    /// Third Monday of November, for the 20th.
    Revolution = "revolution";
}

use HolidayCode as H;

/// A country whose holidays are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Country {
    /// Colombia.
    Colombia,
    /// Mexico.
    Mexico,
}

impl Country {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Colombia, Self::Mexico];

    /// ISO 3166, lower case.
    pub fn code(self) -> &'static str {
        match self {
            Self::Colombia => "co",
            Self::Mexico => "mx",
        }
    }

    /// The country of a code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|country| country.code() == code)
    }

    /// Its holidays of a year, in order. Two feasts that are moved to the same Monday are one day off.
    pub fn holidays(self, year: i32) -> Vec<(NaiveDate, HolidayCode)> {
        let mut days: Vec<(NaiveDate, HolidayCode)> = match self {
            Self::Colombia => colombia(year).into_iter().flatten().collect(),
            Self::Mexico => mexico(year).into_iter().flatten().collect(),
        };
        days.sort_by_key(|(day, _)| *day);
        days.dedup_by_key(|(day, _)| *day);
        days
    }
}

type Entry = Option<(NaiveDate, HolidayCode)>;

fn colombia(year: i32) -> [Entry; 18] {
    let fixed = |month, day, code| Some((NaiveDate::from_ymd_opt(year, month, day)?, code));
    let moved = |month, day, code| Some((monday_from(NaiveDate::from_ymd_opt(year, month, day)?)?, code));
    let easter = easter(year);
    let before = |days, code| Some((easter?.checked_sub_days(Days::new(days))?, code));
    let after = |days, code| Some((monday_from(easter?.checked_add_days(Days::new(days))?)?, code));
    [
        fixed(1, 1, H::NewYear),
        moved(1, 6, H::Epiphany),
        moved(3, 19, H::SaintJoseph),
        before(3, H::HolyThursday),
        before(2, H::GoodFriday),
        fixed(5, 1, H::LabourDay),
        after(39, H::Ascension),
        after(60, H::CorpusChristi),
        after(68, H::SacredHeart),
        moved(6, 29, H::SaintPeter),
        fixed(7, 20, H::ColombianIndependence),
        fixed(8, 7, H::Boyaca),
        moved(8, 15, H::Assumption),
        moved(10, 12, H::Diversity),
        moved(11, 1, H::AllSaints),
        moved(11, 11, H::Cartagena),
        fixed(12, 8, H::ImmaculateConception),
        fixed(12, 25, H::Christmas),
    ]
}

fn mexico(year: i32) -> [Entry; 9] {
    let fixed = |month, day, code| Some((NaiveDate::from_ymd_opt(year, month, day)?, code));
    let nth = |month, weekday, n, code| Some((NaiveDate::from_weekday_of_month_opt(year, month, weekday, n)?, code));
    // 2024 saw both: elections every third year from it, a new presidency every sixth.
    let since = year - 2024;
    [
        fixed(1, 1, H::NewYear),
        nth(2, Weekday::Mon, 1, H::Constitution),
        nth(3, Weekday::Mon, 3, H::Juarez),
        fixed(5, 1, H::LabourDay),
        nth(6, Weekday::Sun, 1, H::ElectionDay).filter(|_| since % 3 == 0),
        fixed(9, 16, H::MexicanIndependence),
        fixed(10, 1, H::NewPresidency).filter(|_| since % 6 == 0),
        nth(11, Weekday::Mon, 3, H::Revolution),
        fixed(12, 25, H::Christmas),
    ]
}

/// The day itself when it is a Monday, else the next one.
fn monday_from(day: NaiveDate) -> Option<NaiveDate> {
    day.checked_add_days(Days::new(u64::from((7 - day.weekday().num_days_from_monday()) % 7)))
}

/// Easter Sunday of the Gregorian calendar (Meeus, Jones and Butcher).
fn easter(year: i32) -> Option<NaiveDate> {
    let (a, b, c) = (year % 19, year / 100, year % 100);
    let (d, e) = (b / 4, b % 4);
    let g = (8 * b + 13) / 25;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 19 * l) / 433;
    let month = (h + l - 7 * m + 90) / 25;
    let day = (h + l - 7 * m + 33 * month + 19) % 32;
    NaiveDate::from_ymd_opt(year, u32::try_from(month).ok()?, u32::try_from(day).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(country: Country, year: i32) -> Vec<String> {
        country.holidays(year).iter().map(|(day, _)| day.format("%m-%d").to_string()).collect()
    }

    #[test]
    fn colombia_rests_on_the_published_days() {
        let years = [
            (
                2026,
                "01-01 01-12 03-23 04-02 04-03 05-01 05-18 06-08 06-15 06-29 07-20 08-07 08-17 10-12 11-02 11-16 12-08 12-25",
            ),
            (
                2027,
                "01-01 01-11 03-22 03-25 03-26 05-01 05-10 05-31 06-07 07-05 07-20 08-07 08-16 10-18 11-01 11-15 12-08 12-25",
            ),
            (
                2028,
                "01-01 01-10 03-20 04-13 04-14 05-01 05-29 06-19 06-26 07-03 07-20 08-07 08-21 10-16 11-06 11-13 12-08 12-25",
            ),
        ];
        for (year, expected) in years {
            assert_eq!(days(Country::Colombia, year).join(" "), expected, "{year}");
        }
    }

    #[test]
    fn mexico_rests_on_the_days_of_article_74() {
        let years = [
            (2026, "01-01 02-02 03-16 05-01 09-16 11-16 12-25"),
            (2027, "01-01 02-01 03-15 05-01 06-06 09-16 11-15 12-25"),
            (2028, "01-01 02-07 03-20 05-01 09-16 11-20 12-25"),
            (2030, "01-01 02-04 03-18 05-01 06-02 09-16 10-01 11-18 12-25"),
        ];
        for (year, expected) in years {
            assert_eq!(days(Country::Mexico, year).join(" "), expected, "{year}");
        }
    }

    #[test]
    fn two_feasts_on_one_monday_are_one_day_off() {
        // Sacred Heart and Saint Peter both fall on 30 June 2025.
        let of_2025 = Country::Colombia.holidays(2025);
        assert_eq!(of_2025.len(), 17);
        assert_eq!(of_2025.iter().filter(|(day, _)| day.to_string() == "2025-06-30").count(), 1);
    }

    #[test]
    fn easter_is_where_the_church_says() {
        for (year, day) in [(2024, "2024-03-31"), (2025, "2025-04-20"), (2026, "2026-04-05"), (2038, "2038-04-25")] {
            assert_eq!(easter(year).map(|d| d.to_string()).as_deref(), Some(day));
        }
    }
}
