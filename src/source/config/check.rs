//! `check`: what each kind of problem counts as on this site, and how early what is due is reported.

use std::collections::BTreeSet;

use crate::diagnostic::{Code, Diagnostic, Severity, nearest};
use crate::source::fields::Fields;

/// What each code counts as, where the site differs from the usual.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Check {
    pub deny: BTreeSet<Code>,
    pub warn: BTreeSet<Code>,
    pub allow: BTreeSet<Code>,
    /// How many days before a page expires or is to be reviewed that is reported.
    pub notice_days: u32,
    /// In megabytes: how large videos may be before it is reported that hosts refuse them.
    pub largest_video: u32,
}

impl Default for Check {
    fn default() -> Self {
        Self {
            deny: BTreeSet::new(),
            warn: BTreeSet::new(),
            allow: BTreeSet::new(),
            notice_days: 14,
            largest_video: 25,
        }
    }
}

impl Check {
    /// Gives all diagnostics the severity that the site wants, sorts them, and says once what many pages have in common,
    /// such as a template's error.
    pub fn judge_all(&self, diagnostics: impl IntoIterator<Item = Diagnostic>) -> Vec<Diagnostic> {
        let mut judged: Vec<Diagnostic> = diagnostics.into_iter().filter_map(|found| self.judge(found)).collect();
        judged.sort_by(Diagnostic::order);
        judged.dedup();
        judged
    }

    /// Gives the diagnostic the severity that the site wants; `None` when the site allows it.
    pub fn judge(&self, mut diagnostic: Diagnostic) -> Option<Diagnostic> {
        if self.allow.contains(&diagnostic.code) {
            return None;
        }
        if self.deny.contains(&diagnostic.code) {
            diagnostic.severity = Severity::Error;
        } else if self.warn.contains(&diagnostic.code) {
            diagnostic.severity = Severity::Warning;
        }
        Some(diagnostic)
    }
}

pub(super) fn check_table(fields: &mut Fields<'_>) -> Check {
    Check {
        deny: codes(fields, "deny"),
        warn: codes(fields, "warn"),
        allow: codes(fields, "allow"),
        notice_days: number(fields, "notice_days", 3650, "days").unwrap_or(Check::default().notice_days),
        largest_video: number(fields, "largest_video", 100_000, "megabytes").unwrap_or(Check::default().largest_video),
    }
}

fn number(fields: &mut Fields<'_>, name: &'static str, most: u32, unit: &str) -> Option<u32> {
    let span = fields.value(name)?.span.clone();
    let number = u32::try_from(fields.integer(name)?).ok().filter(|number| *number <= most);
    if number.is_none() {
        fields.report(span, format!("`check.{name}` is a number of {unit} from 0 to {most}"));
    }
    number
}

fn codes(fields: &mut Fields<'_>, name: &'static str) -> BTreeSet<Code> {
    let mut codes = BTreeSet::new();
    for (text, span) in fields.list(name) {
        if let Some(code) = Code::from_name(&text) {
            codes.insert(code);
            continue;
        }
        let names = Code::ALL.iter().map(|code| code.name());
        let help = nearest(&text, names).map(|nearest| format!("did you mean `{nearest}`?"));
        let message = format!("`{}` names `{text}`, but there is no such diagnostic", fields.full_name(name));
        fields.report(span, message).help = help;
    }
    codes
}
