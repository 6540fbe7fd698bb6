//! The sidebars of all pages. Each is rendered once, however many pages show it.

use rayon::prelude::*;

use super::nav::{self, Nav, NavInput, NavPart, NavPlan};
use super::templates::Templates;
use crate::memo::{Hashed, Memo};
use crate::site::SectionIndex;
use crate::site::arrange::Arrangement;

/// What sidebars are made from.
#[derive(Debug, Hash)]
pub struct SidebarsInput<'s> {
    pub arrangement: &'s Hashed<Arrangement>,
    pub templates: &'s Hashed<Templates>,
}

/// The sidebars of a site: of each page and of each section.
#[derive(Debug)]
pub struct Sidebars {
    pub pages: Vec<NavPart>,
    pub sections: Vec<NavPart>,
    /// Each once.
    pub rendered: Vec<Hashed<Nav>>,
}

/// Plans and renders the sidebars; those that are as before come from the memo.
pub fn render(input: &SidebarsInput, memo: &mut Memo<Nav>) -> Sidebars {
    let SidebarsInput { arrangement, templates } = input;
    let sections = 0..arrangement.sections.len();
    let runs: Vec<(SectionIndex, usize)> =
        sections.flat_map(|section| (0..nav::runs(arrangement, section)).map(move |run| (section, run))).collect();
    let plans: Vec<NavPlan> = runs.par_iter().map(|(section, run)| nav::plan(arrangement, *section, *run)).collect();
    let inputs: Vec<NavInput> =
        plans.iter().map(|plan| NavInput { templates: (*templates).clone(), view: plan.view.clone() }).collect();
    let rendered = memo.map(&inputs, nav::render);
    let mut pages: Vec<Option<NavPart>> = vec![None; arrangement.pages.len()];
    let mut sections: Vec<NavPart> = Vec::with_capacity(arrangement.sections.len());
    for (((section, run), plan), nav) in runs.iter().zip(&plans).zip(&rendered) {
        let part = |entry| NavPart { nav: nav.clone(), current: Some(entry) };
        if *run == 0 {
            sections.push(part(plan.section_entry));
        }
        for (page, entry) in plan.pages.iter().filter(|(page, _)| arrangement.section_of[*page] == *section) {
            pages[*page] = Some(part(*entry));
        }
    }
    let unlisted = |section: SectionIndex| NavPart { current: None, ..sections[section].clone() };
    let of_pages = pages.into_iter().zip(&arrangement.section_of);
    let pages = of_pages.map(|(part, section)| part.unwrap_or_else(|| unlisted(*section))).collect();
    Sidebars { pages, sections, rendered }
}
