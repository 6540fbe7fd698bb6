//! The index as tantivy's own indexer makes it, without anything of `batch` and `segment`: the tests compare ours with
//! it.

use std::collections::BTreeSet;

use tantivy::directory::{Directory, RamDirectory};
use tantivy::index::SegmentComponent;
use tantivy::schema::{Field, IndexRecordOption, Schema, TextFieldIndexing, TextOptions};
use tantivy::tokenizer::{TextAnalyzer, Token, TokenStream, Tokenizer, TokenizerManager};
use tantivy::{Index, SegmentReader, SingleSegmentIndexWriter, TantivyDocument};

use super::language::Language;
use super::segment::write_segment;
use super::terms::{Terms, numbered_words};
use crate::shard::title_term;

const FIELD: &str = "words";

/// Enough for one segment.
const MEMORY: usize = 64 << 20;

/// Asserts that tantivy's indexer writes the same bytes, and returns its segment.
pub(crate) fn agree_with_indexer(documents: &[&Terms], language: &str) -> SegmentReader {
    let language = Language::of(language);
    let (lexicon, ours) = write_segment(documents, &language).expect("it is in memory");
    let directory = RamDirectory::create();
    let index = index(documents, |word| lexicon.term_of_word(word, &language), &directory);
    let segment = &index.searchable_segments().expect("it was written")[0];
    let file = |component| {
        let path = segment.meta().relative_path(component);
        directory.atomic_read(&path).expect("it was written")
    };
    // Footers follow.
    let postings = [ours.total_length.to_le_bytes().as_slice(), &ours.lists].concat();
    assert!(file(SegmentComponent::Terms).starts_with(&ours.dictionary), "the same dictionary");
    assert!(file(SegmentComponent::Postings).starts_with(&postings), "the same posting lists");
    assert!(file(SegmentComponent::FieldNorms).starts_with(&ours.lengths), "the same lengths");
    SegmentReader::open(segment).expect("it was written")
}

fn index(documents: &[&Terms], term: impl Fn(&str) -> String, directory: &RamDirectory) -> Index {
    let (schema, field) = schema();
    let tokenizers = TokenizerManager::new();
    tokenizers.register(FIELD, TextAnalyzer::from(Lines));
    let builder = Index::builder().schema(schema).tokenizers(tokenizers);
    let mut writer: SingleSegmentIndexWriter =
        builder.single_segment_index_writer(directory.clone(), MEMORY).expect("it is in memory");
    for terms in documents {
        let mut document = TantivyDocument::new();
        document.add_text(field, tokens(terms, &term).join("\n"));
        writer.add_document(document).expect("it is in memory");
    }
    writer.finalize().expect("it is in memory")
}

fn schema() -> (Schema, Field) {
    let mut schema = Schema::builder();
    let indexing = TextFieldIndexing::default()
        .set_tokenizer(FIELD)
        .set_index_option(IndexRecordOption::WithFreqs)
        .set_fieldnorms(true);
    let field = schema.add_text_field(FIELD, TextOptions::default().set_indexing_options(indexing));
    (schema.build(), field)
}

/// The words of a document as often as they count, and those of its title as often as the position where
/// their terms come first.
fn tokens(terms: &Terms, term: impl Fn(&str) -> String) -> Vec<String> {
    let mut tokens = Vec::new();
    for (frequency, word) in numbered_words(&terms.all) {
        tokens.extend((0..frequency).map(|_| term(word)));
    }
    let mut seen = BTreeSet::new();
    for (position, word) in numbered_words(&terms.title) {
        if seen.insert(term(word)) {
            tokens.extend((0..position).map(|_| title_term(&term(word))));
        }
    }
    tokens
}

/// Each line is a token.
#[derive(Clone)]
struct Lines;

struct LineStream<'a> {
    lines: std::str::Lines<'a>,
    token: Token,
}

impl Tokenizer for Lines {
    type TokenStream<'a> = LineStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> LineStream<'a> {
        LineStream { lines: text.lines(), token: Token { position: 0, ..Token::default() } }
    }
}

impl TokenStream for LineStream<'_> {
    fn advance(&mut self) -> bool {
        self.lines.next().is_some_and(|line| {
            self.token.text = line.to_owned();
            true
        })
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}
