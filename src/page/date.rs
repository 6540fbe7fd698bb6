//! Days and lengths of time, in the many forms in which people write them.

use jiff::civil;

use crate::source::fields::Fields;

/// A day, and the time if one was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    pub day: civil::Date,
    /// The instant, in seconds since 1970 UTC, when a time and zone were given.
    pub instant: Option<i64>,
}

/// A length of time as people plan it: `6 months`, `90 days`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Period {
    /// As written.
    pub text: String,
    pub months: u32,
    pub days: u32,
}

impl Date {
    /// RFC 3339, as feeds want it; a day without time counts from midnight UTC.
    pub fn rfc3339(self) -> String {
        match self.instant.and_then(|seconds| jiff::Timestamp::from_second(seconds).ok()) {
            Some(instant) => instant.to_string(),
            None => format!("{}T00:00:00Z", self.day),
        }
    }

    /// The date of that name. What is none is reported.
    pub fn read(fields: &mut Fields<'_>, name: &'static str) -> Option<Self> {
        Self::read_as(fields, name, name)
    }

    /// The same, with the name that the report gives it.
    pub fn read_as(fields: &mut Fields<'_>, name: &'static str, reported_name: &str) -> Option<Self> {
        let (text, span) = fields.spanned(name)?;
        let date = Self::parse(&text);
        if date.is_none() {
            let help = "write the year, month and day, such as `2026-07-31`".to_owned();
            fields.report(span, format!("`{reported_name}` is `{text}`, which is not a date")).help = Some(help);
        }
        date
    }

    /// Reads the forms that are found in real help centers: ISO 8601 with or without time and zone, `02/23/2023` (month
    /// first), `July 2026` (its first day), `4 July 2026`, `July 4, 2026` and the dates of e-mails. A time without a
    /// zone is left out, because nobody knows which instant it means.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.len() > 64 {
            return None;
        }
        Self::iso(text).or_else(|| Self::email(text)).or_else(|| Self::everyday(text))
    }

    fn iso(text: &str) -> Option<Self> {
        let day: civil::Date = text.get(..10)?.parse().ok()?;
        let rest = text[10..].trim_start_matches(['T', 't']).replace(' ', "");
        if rest.is_empty() {
            return Some(Self { day, instant: None });
        }
        let rest = rest.replace("UTC", "Z").replace("GMT", "Z");
        let time = format!("{day}T{rest}");
        if let Ok(instant) = time.parse::<jiff::Timestamp>() {
            return Some(Self { day, instant: Some(instant.as_second()) });
        }
        time.parse::<civil::DateTime>().ok().map(|_| Self { day, instant: None })
    }

    /// `Thu, 13 Feb 2020 00:38:40 GMT`
    fn email(text: &str) -> Option<Self> {
        let time = jiff::fmt::rfc2822::parse(text).ok()?;
        Some(Self { day: time.date(), instant: Some(time.timestamp().as_second()) })
    }

    fn everyday(text: &str) -> Option<Self> {
        const FORMS: &[&str] = &[
            "%m/%d/%Y", "%d/%m/%Y", "%Y/%m/%d", "%Y-%m-%d", "%d.%m.%Y", "%B %d %Y", "%d %B %Y", "%b %d %Y", "%d %b %Y",
        ];
        let words: Vec<&str> = text.split([' ', ',']).filter(|word| !word.is_empty()).collect();
        let text = if words.len() == 2 { format!("1 {}", words.join(" ")) } else { words.join(" ") };
        let day = FORMS.iter().find_map(|form| civil::Date::strptime(form, &text).ok())?;
        (day.year() >= 1000).then_some(Self { day, instant: None })
    }
}

impl Period {
    /// The length of time of that name. What is none is reported.
    pub fn read(fields: &mut Fields<'_>, name: &'static str) -> Option<Self> {
        let (text, span) = fields.spanned(name)?;
        let period = Self::parse(&text);
        if period.is_none() {
            let help = "write a number and a unit, such as `6 months`, `90 days` or `1 year`".to_owned();
            fields.report(span, format!("`{name}` is `{text}`, which is not a length of time")).help = Some(help);
        }
        period
    }

    /// Reads `6 months`, `90 days`, `2 weeks`, `1 year`, short forms such as `90d`, ISO 8601's `P6M`, and a bare number
    /// of days.
    pub fn parse(text: &str) -> Option<Self> {
        let lower = text.trim().to_lowercase();
        let (iso, rest) = lower.strip_prefix('p').map_or((false, lower.as_str()), |rest| (true, rest));
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let count: u32 = rest[..digits].parse().ok().filter(|count| (1..=9999).contains(count))?;
        let (months, days) = match rest[digits..].trim() {
            "" | "d" | "day" | "days" => (0, count),
            "w" | "week" | "weeks" => (0, count * 7),
            "m" | "month" | "months" | "mo" => (count, 0),
            "q" | "quarter" | "quarters" if !iso => (count * 3, 0),
            "y" | "year" | "years" => (count * 12, 0),
            _ => return None,
        };
        Some(Self { text: text.trim().to_owned(), months, days })
    }

    /// The day so long after `day`; the end of time when it is farther than calendars go.
    pub fn after(&self, day: civil::Date) -> civil::Date {
        let span = jiff::Span::new().try_months(self.months).and_then(|span| span.try_days(self.days));
        span.map_or(civil::Date::MAX, |span| day.saturating_add(span))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn dates_come_in_many_forms() {
        let check = |text: &str, day: &str, instant: Option<i64>| {
            let day = day.parse().expect("the test's day is valid");
            assert_eq!(Date::parse(text), Some(Date { day, instant }), "{text}");
        };
        check("2025-05-01", "2025-05-01", None);
        check("2018-05-01T23:15:00Z", "2018-05-01", Some(1_525_216_500));
        check("2018-05-01T23:15:00", "2018-05-01", None);
        check("2018-05-01 23:15", "2018-05-01", None);
        check("2013-05-06 02:12:52 +0200", "2013-05-06", Some(1_367_799_172));
        check("2013-05-06T02:12:52+02:00", "2013-05-06", Some(1_367_799_172));
        check("2013-05-06 00:12:52 UTC", "2013-05-06", Some(1_367_799_172));
        check("02/23/2023", "2023-02-23", None);
        check("1/8/2026", "2026-01-08", None);
        check("23/02/2023", "2023-02-23", None);
        check("2025/5/1", "2025-05-01", None);
        check("July 2026", "2026-07-01", None);
        check("Jul 2026", "2026-07-01", None);
        check("July 4, 2026", "2026-07-04", None);
        check("4 July 2026", "2026-07-04", None);
        check("Thu, 13 Feb 2020 00:38:40 GMT", "2020-02-13", Some(1_581_554_320));
        for wrong in
            ["2023-01-29 18:30:22 2023 -0800", "soon", "2023-13-01", "2023", "", "31/31/2023", "é".repeat(9).as_str()]
        {
            assert_eq!(Date::parse(wrong), None, "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn no_date_panics(text in "[0-9TZ:+/ ,JulyUTCGMTé-]{0,30}") {
            let _ = Date::parse(&text);
        }
    }
}
