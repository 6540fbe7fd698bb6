//! Where a page stands in its life: draft, due, published, to be looked at again, over. Everything follows from the day a
//! site is built for, so the same day gives the same answer.

use jiff::civil;
use serde::{Serialize, Serializer};

use super::visibility::{self, Audience, Reason, Standing, Visibility};
use crate::diagnostic::{Code, Diagnostic};
use crate::memo::Hashed;
use crate::page::front_matter::FrontMatter;
use crate::page::outline::PageHead;
use crate::path::SourcePath;
use crate::source::config::Config;

/// What a page is on that day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    Published,
    Unlisted,
    Draft,
    /// Its `publish_date` has not come.
    Scheduled,
    /// Its `expiry_date` has come.
    Expired,
    /// For other readers.
    Restricted,
    /// In a folder that is hidden.
    Hidden,
}

/// Why somebody should look at a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stale {
    /// Its `expiry_date` has come.
    Expired,
    /// The day to look at it again has passed.
    ReviewOverdue,
    /// It is to be looked at regularly, and never was.
    NeverVerified,
}

/// A page as `guidepost list` shows it. Days are written as `2026-07-31`.
#[derive(Clone, Debug, Serialize)]
pub struct Life {
    pub path: SourcePath,
    pub title: String,
    pub state: State,
    pub audience: Vec<String>,
    pub owner: Option<String>,
    #[serde(serialize_with = "as_text")]
    pub verified: Option<civil::Date>,
    pub review_every: Option<String>,
    #[serde(serialize_with = "as_text")]
    pub review_due: Option<civil::Date>,
    #[serde(serialize_with = "as_text")]
    pub publish_date: Option<civil::Date>,
    #[serde(serialize_with = "as_text")]
    pub expiry_date: Option<civil::Date>,
    pub stale: Option<Stale>,
}

fn as_text<S: Serializer>(day: &Option<civil::Date>, serializer: S) -> Result<S::Ok, S::Error> {
    day.map(|day| day.to_string()).serialize(serializer)
}

/// The lives of all pages, in path order.
pub fn lives(config: &Config, heads: &[Hashed<PageHead>], audience: &Audience) -> Vec<Life> {
    let standings = visibility::decide(config, heads, audience);
    heads.iter().zip(standings).map(|(head, standing)| life(head, &standing, audience)).collect()
}

fn life(head: &PageHead, standing: &Standing, audience: &Audience) -> Life {
    let front_matter = &head.front_matter;
    let review = Review::of(front_matter);
    let state = State::of(standing);
    let stale = match review {
        // What is still being written is not out of date.
        _ if state == State::Draft => None,
        _ if state == State::Expired => Some(Stale::Expired),
        Some(Review::Due(due)) if due < audience.date => Some(Stale::ReviewOverdue),
        Some(Review::Never) => Some(Stale::NeverVerified),
        _ => None,
    };
    Life {
        path: head.path.clone(),
        title: head.title.clone(),
        state,
        audience: front_matter.audience.clone(),
        owner: front_matter.owner.clone(),
        verified: front_matter.verified.map(|date| date.day),
        review_every: front_matter.review_every.as_ref().map(|period| period.text.clone()),
        review_due: match review {
            Some(Review::Due(due)) => Some(due),
            _ => None,
        },
        publish_date: front_matter.publish_date.map(|date| date.day),
        expiry_date: front_matter.expiry_date.map(|date| date.day),
        stale,
    }
}

impl State {
    fn of(standing: &Standing) -> Self {
        match (&standing.reason, standing.visibility) {
            (Some(Reason::Draft), _) => Self::Draft,
            (Some(Reason::Expired(_)), _) => Self::Expired,
            (Some(Reason::Scheduled(_)), _) => Self::Scheduled,
            (Some(Reason::Restricted(_)), _) => Self::Restricted,
            (Some(Reason::Section(_)), _) | (None, Visibility::Hidden) => Self::Hidden,
            (None, Visibility::Unlisted) => Self::Unlisted,
            (None, Visibility::Listed) => Self::Published,
        }
    }
}

/// When somebody should look at a page again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Review {
    /// On this day at the latest.
    Due(civil::Date),
    /// Nobody ever has.
    Never,
}

impl Review {
    /// Counted from the day it was verified, else from the day the writer says it was changed or written.
    fn of(front_matter: &FrontMatter) -> Option<Self> {
        let every = front_matter.review_every.as_ref()?;
        let since = front_matter.verified.or(front_matter.updated).or(front_matter.date);
        Some(since.map_or(Self::Never, |since| Self::Due(every.after(since.day))))
    }
}

/// What is to be done about pages of the site, on this day or soon.
pub fn due<'p>(config: &Config, pages: impl Iterator<Item = &'p PageHead>, today: civil::Date) -> Vec<Diagnostic> {
    let notice = jiff::Span::new().days(i64::from(config.check.notice_days));
    let soon = today.saturating_add(notice);
    pages.flat_map(|page| [expiry(page, today, soon), review(page, today, soon)]).flatten().collect()
}

fn expiry(page: &PageHead, today: civil::Date, soon: civil::Date) -> Option<Diagnostic> {
    let day = page.front_matter.expiry_date.filter(|date| date.day <= soon)?.day;
    let message = format!("this page leaves the site on {day}, {}", days_until(today, day));
    let expires = Diagnostic::new(Code::ExpiresSoon, message).at(page.place_of("expiry_date"));
    Some(for_owner(expires, page).help("give it a later `expiry_date`, or lead readers to another page by `aliases`"))
}

fn review(page: &PageHead, today: civil::Date, soon: civil::Date) -> Option<Diagnostic> {
    let help = format!("read it, mend it, and write `verified: {today}`");
    let due = match Review::of(&page.front_matter)? {
        Review::Never => {
            let message = "this page is to be reviewed regularly, and nobody has verified it yet";
            Diagnostic::new(Code::ReviewSoon, message).at(page.place_of("review_every"))
        }
        Review::Due(day) if day < today => {
            let message = format!("the review of this page was due on {day}");
            Diagnostic::new(Code::ReviewOverdue, message).at(page.place_of("verified"))
        }
        Review::Due(day) if day <= soon => {
            let message = format!("the review of this page is due on {day}, {}", days_until(today, day));
            Diagnostic::new(Code::ReviewSoon, message).at(page.place_of("verified"))
        }
        Review::Due(_) => return None,
    };
    Some(for_owner(due, page).help(help))
}

fn for_owner(diagnostic: Diagnostic, page: &PageHead) -> Diagnostic {
    match &page.front_matter.owner {
        Some(owner) => diagnostic.note(format!("its owner is `{owner}`")),
        None => diagnostic,
    }
}

fn days_until(today: civil::Date, day: civil::Date) -> String {
    match today.until(day).map_or(0, |span| span.get_days()) {
        0 => "today".to_owned(),
        1 => "tomorrow".to_owned(),
        days => format!("in {days} days"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::{self, PageInput};
    use jiff::civil::date;

    fn audience() -> Audience {
        Audience { drafts: false, future: false, name: None, date: date(2026, 6, 1) }
    }

    fn parse(head: &str) -> Hashed<PageHead> {
        page::parse(&PageInput::from_text("content/a.md", &format!("---\n{head}\n---\ntext"))).outline.head.clone()
    }

    #[track_caller]
    fn check(head: &str, state: State, stale: Option<Stale>, problem: Option<&str>) {
        let page = parse(head);
        let life = &lives(&Config::default(), std::slice::from_ref(&page), &audience())[0];
        assert_eq!((life.state, life.stale), (state, stale));
        let due = due(&Config::default(), std::iter::once(&*page), audience().date);
        assert_eq!(due.first().map(|problem| problem.message.as_str()), problem);
    }

    #[test]
    fn every_state_has_its_reason() {
        check("title: A", State::Published, None, None);
        check("unlisted: true", State::Unlisted, None, None);
        check("draft: true", State::Draft, None, None);
        check("publish_date: 2026-06-02", State::Scheduled, None, None);
        check("audience: internal", State::Restricted, None, None);
    }

    #[test]
    fn expiry_is_told_before() {
        let message = "this page leaves the site on 2026-06-15, in 14 days";
        check("expiry_date: 2026-06-15", State::Published, None, Some(message));
        check("expiry_date: 2026-06-16", State::Published, None, None);
    }

    #[test]
    fn reviews_are_told_before_and_are_late_after() {
        let verified = |day: &str| format!("review_every: 6 months\nverified: {day}");
        check(&verified("2025-12-16"), State::Published, None, None);
        let soon = "the review of this page is due on 2026-06-01, today";
        check(&verified("2025-12-01"), State::Published, None, Some(soon));
        let late = "the review of this page was due on 2026-05-30";
        check(&verified("2025-11-30"), State::Published, Some(Stale::ReviewOverdue), Some(late));
        let never = "this page is to be reviewed regularly, and nobody has verified it yet";
        check("review_every: 90d", State::Published, Some(Stale::NeverVerified), Some(never));
    }
}
