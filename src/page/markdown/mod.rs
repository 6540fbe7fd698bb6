//! Markdown and the components in it to a body. Where components begin and end is found first, by `text::blocks`; then the
//! whole text is parsed once.

mod arguments;
mod attributes;
mod blocks;
mod builder;
mod code;
mod elements;
mod emoji;
mod events;
mod footnotes;
mod heading;
mod ids;
mod image;
mod inline;
mod inline_text;
mod lead;
mod link;
mod paragraphs;
mod pasted_video;
mod raw_html;
mod sections;
mod stretch;
mod table;
mod target;
mod writer;

use std::collections::BTreeSet;

use crate::diagnostic::Diagnostic;
use crate::page::body::Body;
use crate::page::spanned::Spanned;
use crate::page::text::blocks::Blocks;
use crate::page::text::options;
use crate::page::text::source::SourceText;
use crate::page::video::{Given, VideoFiles};
use crate::source::config::Markdown;
use builder::BodyBuilder;

/// What the page has above its body.
pub struct AboveBody<'h> {
    /// Ids that the intro has.
    pub taken: &'h BTreeSet<String>,
    /// The video of the front matter.
    pub video: Option<&'h Given>,
    pub attachments: &'h [Spanned<String>],
    pub files: VideoFiles<'h>,
}

/// Parses a text into a body.
pub fn parse(source: &SourceText, options: &Markdown, above: &AboveBody, diagnostics: &mut Vec<Diagnostic>) -> Body {
    let blocks = read_blocks(source, options, diagnostics);
    let mut builder = BodyBuilder::new(source, options, diagnostics).with_ids(above.taken).with_files(above.files);
    if let Some(given) = above.video {
        builder.main_video(given);
    }
    builder.attachments(above.attachments);
    finish(&blocks, builder)
}

/// Parses the text that stands before the body on its page.
pub fn parse_intro(source: &SourceText, options: &Markdown, diagnostics: &mut Vec<Diagnostic>) -> Body {
    let blocks = read_blocks(source, options, diagnostics);
    finish(&blocks, BodyBuilder::new(source, options, diagnostics).with_footnote_prefix("intro-"))
}

/// Parses a text as CommonMark has it, without components and extensions.
pub fn parse_commonmark(source: &SourceText) -> Body {
    let options = Markdown { extensions: false, ..Markdown::default() };
    let mut diagnostics = Vec::new();
    let mut builder = BodyBuilder::new(source, &options, &mut diagnostics);
    let pieces = stretch::write(&Blocks::none(source.text()), &mut builder);
    Body { pieces, ..builder.finish() }
}

fn read_blocks<'s>(source: &'s SourceText, options: &Markdown, diagnostics: &mut Vec<Diagnostic>) -> Blocks<'s> {
    let blocks = Blocks::find(source.text(), options::of(options));
    blocks.report(source, diagnostics);
    blocks
}

fn finish(blocks: &Blocks, mut builder: BodyBuilder) -> Body {
    let mut pieces = stretch::write(blocks, &mut builder);
    pieces.extend(std::mem::take(&mut builder.footnotes).section());
    let mut body = Body { pieces, ..builder.finish() };
    body.demote_extra_titles();
    body.shrink();
    body
}
