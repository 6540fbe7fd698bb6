//! `redirects`: old addresses, and where they lead.

use std::ops::Range;

use super::base_url::is_target;
use crate::source::fields::Fields;

/// An old address and where it leads. `from` starts with `/`; a `*` in it stands for any text. `to` is a path of this
/// site or a whole `http` or `https` address.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Redirect {
    pub from: String,
    pub to: String,
    /// Where it stands in `guidepost.toml`, as byte offsets, for diagnostics about its target.
    pub span: std::ops::Range<usize>,
}

pub(super) fn redirect(fields: &mut Fields<'_>, table: &Range<usize>) -> Option<Redirect> {
    let from = fields.spanned("from");
    let to = fields.spanned("to");
    let (Some((from, from_span)), Some((to, to_span))) = (from, to) else {
        let help = "write `from = \"/old/address/\"` and `to = \"/new/address/\"`".to_owned();
        fields.report(table.clone(), "a redirect needs both `from` and `to`").help = Some(help);
        return None;
    };
    if from.contains("://") {
        let help = "write only the part of the address after the web server's name, such as `/old/page/`".to_owned();
        fields.report(from_span, format!("`redirects.from` is `{from}`, a whole web address")).help = Some(help);
        return None;
    }
    if !is_target(&to) {
        let help = "write an address of this site, such as `/new/page/`, or a whole one with `https://`".to_owned();
        fields.report(to_span, format!("`redirects.to` is `{to}`, which is not a web address")).help = Some(help);
        return None;
    }
    Some(Redirect { from: format!("/{}", from.trim_start_matches('/')), to, span: to_span })
}
