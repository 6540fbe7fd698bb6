//! The engine as a whole: documents in, hits out, and tantivy's postings compared with the documents.

use std::collections::{BTreeMap, BTreeSet};
use std::thread;

use tantivy::postings::Postings;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocSet, TERMINATED};

use super::*;
use crate::words::each_word;

pub(crate) fn document(title: &str, text: &str) -> Document {
    let kind = SectionKind::Written { level: 1 };
    let section = Section { id: String::new(), heading: String::new(), kind, text: text.into() };
    Document {
        path: format!("{title}.md"),
        url: String::new(),
        title: title.into(),
        breadcrumb: Vec::new(),
        description: String::new(),
        keywords: Vec::new(),
        former_titles: Vec::new(),
        kind: "article".into(),
        boost: 1.0,
        sections: vec![section],
    }
}

pub(crate) fn article(title: &str, text: &str) -> Article {
    let bytes = write_articles(&[document(title, text)]);
    crate::article::read(&bytes).expect("own bytes").remove(0)
}

fn options(language: &str) -> Options {
    Options { language: language.into(), ..Options::default() }
}

/// An index with the files of its articles.
#[derive(PartialEq)]
struct Published {
    start: Vec<u8>,
    parts: Vec<(Part, Vec<u8>)>,
}

fn write(documents: &[Document], options: &Options) -> Published {
    let terms: Vec<Terms> = documents.iter().map(analyze).collect();
    write_terms(documents, &terms.iter().collect::<Vec<_>>(), options)
}

fn write_terms(documents: &[Document], terms: &[&Terms], options: &Options) -> Published {
    let ranges = split_articles(documents, options.sizes.articles, options.sizes.most_article_files);
    let files: Vec<Vec<u8>> = ranges.iter().map(|range| write_articles(&documents[range.clone()])).collect();
    let articles = ranges.iter().zip(&files).map(|(range, file)| (range.len(), Checksum::of(file))).collect();
    let listing = Listing::new(documents, articles, &options.sizes);
    let Files { start, parts } = write_index(terms, &listing, options).expect("documents can be indexed");
    let articles = (0..).map(Part::Articles).zip(files);
    Published { start, parts: parts.into_iter().chain(articles).collect() }
}

fn open(documents: &[Document], options: &Options) -> Index {
    let Published { start, parts } = write(documents, options);
    let mut index = Index::open(&start).expect("what was written can be opened");
    for (part, bytes) in parts {
        index.put(part, &bytes).expect("own bytes");
    }
    index
}

fn ask(index: &Index, query: &str) -> Hits {
    let request = Request { limit: 10, explain: true, ..Request::default() };
    index.search(query, &request).expect("nothing is missing")
}

/// Titles and texts, a query, and the numbers of the documents expected, best first.
fn check(language: &str, pages: &[(&str, &str)], query: &str, expected: &[usize]) -> Hits {
    let documents: Vec<_> = pages.iter().map(|(title, text)| document(title, text)).collect();
    let hits = ask(&open(&documents, &options(language)), query);
    let found: Vec<usize> = hits.hits.iter().map(|hit| hit.document).collect();
    assert_eq!(found, expected, "for {query:?}");
    for hit in &hits.hits {
        let steps = hit.explanation.as_ref().expect("asked for");
        let score = (steps.text + steps.title_bonus) * steps.whole_title * steps.phrase * steps.boost;
        assert_eq!(score.to_bits(), hit.score.to_bits(), "the explanation adds up");
    }
    hits
}

const SHOP: &[(&str, &str)] = &[
    ("Get a refund", "Open your orders and ask for the money back within 30 days."),
    ("Cancel your subscription", "Billing stops at once. A refund is not paid."),
    ("Connect to Wi-Fi", "Choose the network. The gateway uses firmware v2.4.1."),
    ("Change the card on file", "We charge the new card from the next invoice on."),
];

#[test]
fn any_word_may_match_and_titles_come_first() {
    check("en", SHOP, "refunds", &[0, 1]);
    check("en", SHOP, "how can I get my money back?", &[0]);
    check("en", SHOP, "change my subscription", &[1, 3]);
    check("en", SHOP, "unicorns", &[]);
}

#[test]
fn accents_and_case_may_be_left_out() {
    let pages = &[("Gérer la facturation", "Où trouver vos factures réglées"), ("Über uns", "")];
    check("fr", pages, "FACTURE", &[0]);
    check("fr", pages, "gerer", &[0]);
    check("fr", pages, "réglé ", &[0]);
    check("de", pages, "uber", &[1]);
    let spanish = &[("Configuraciones", ""), ("configuracion y configuración", "")];
    check("es", spanish, "configuracion ", &[0, 1]);
}

#[test]
fn compounds_match_however_they_are_joined() {
    check("en", SHOP, "wifi", &[2]);
    check("en", SHOP, "wi-fi", &[2]);
    check("en", SHOP, "WI FI ", &[2]);
    check("en", SHOP, "v2.4.1", &[2]);
    check("en", SHOP, "v2.4", &[2]);
}

#[test]
fn scripts_without_spaces_are_searchable() {
    let pages = &[
        ("如何申请退款", "打开订单页面，选择退款。"),
        ("請求書の確認", "請求書をダウンロードできます。"),
        ("환불 요청하기", "주문에서 환불을 요청하세요."),
        ("วิธีขอคืนเงิน", "เปิดคำสั่งซื้อแล้วขอคืนเงิน"),
    ];
    check("zh", pages, "退款", &[0]);
    check("ja", pages, "請求書", &[1]);
    check("ja", pages, "請", &[1]);
    check("ko", pages, "환불을", &[2]);
    check("th", pages, "คืนเงิน", &[3]);
}

#[test]
fn only_unknown_words_are_corrected_and_the_answer_says_so() {
    let corrected = check("en", SHOP, "Cancel my subscirption", &[1]);
    assert_eq!(corrected.corrected.as_deref(), Some("Cancel my subscription"));
    assert_eq!(corrected.query, "Cancel my subscirption");
    let known = check("en", &[("Charge", ""), ("Change", "")], "change ", &[1]);
    assert_eq!(known.corrected, None);
    assert_eq!(check("en", SHOP, "xqzt", &[]).corrected, None);
}

#[test]
fn the_last_word_may_be_unfinished() {
    check("en", SHOP, "subscr", &[1]);
    check("en", SHOP, "your subscr", &[1, 0]);
    check("en", SHOP, "subscr ", &[]);
}

#[test]
fn questions_of_function_words_only_still_answer() {
    check("en", SHOP, "to the ", &[2, 3, 0]);
    check("en", SHOP, "", &[]);
    check("en", SHOP, " ?!\0 ", &[]);
}

#[test]
fn synonyms_keywords_and_former_titles_are_found() {
    let mut documents = vec![document("Sign in", "Open the page"), document("Pay", ""), document("Close", "")];
    documents[1].keywords = vec!["invoice".into()];
    documents[2].former_titles = vec!["Delete everything".into()];
    let synonyms = vec![vec!["login".into(), "sign in".into()]];
    let options = Options { synonyms, ..options("en") };
    let index = open(&documents, &options);
    let first = |query: &str| ask(&index, query).hits.first().map(|hit| hit.document);
    assert_eq!(first("login"), Some(0));
    assert_eq!(first("invoices"), Some(1));
    assert_eq!(first("delete"), Some(2));
}

#[test]
fn boosts_move_equals() {
    let mut documents = vec![document("Same", "words"), document("Same", "words")];
    let first = |documents: &[Document]| ask(&open(documents, &options("en")), "same").hits[0].document;
    assert_eq!(first(&documents), 0);
    documents[1].boost = 1.5;
    assert_eq!(first(&documents), 1);
}

#[test]
fn an_empty_index_answers_nothing() {
    check("en", &[], "refund", &[]);
    check("en", &[("", "")], "refund", &[]);
}

#[test]
fn strange_text_is_indexed_or_passed_over() {
    let long = "x".repeat(100_000);
    let stutter = "org ".repeat(15_000);
    let pages = &[
        ("\u{0}\u{1}\u{FFFD}\u{FEFF}", "\u{301}\u{301} \u{202E}abc\u{200D}👩‍👩‍👧 ﬁnd"),
        (long.as_str(), stutter.as_str()),
        ("한글", "ㅎ ｶﾀｶﾅ ﷺ 𝓗𝓮𝓵𝓵𝓸 İI"),
    ];
    check("en", pages, "find", &[0]);
    check("tr", pages, "hello", &[2]);
    check("en", pages, "org", &[1]);
    check("en", pages, "カタカナ", &[2]);
    for query in ["\u{301}", "👩‍👩‍👧", "\u{0}", "-", "a-", "-.-_", "é\u{301}", "𝓗"] {
        ask(&open(&[document("a", "b")], &options("en")), query);
    }
}

#[test]
fn writing_twice_and_in_parallel_gives_the_same_bytes() {
    let documents = generated(300);
    let once = write(&documents, &options("en"));
    let terms: Vec<Terms> = thread::scope(|scope| {
        let started: Vec<_> = documents.iter().map(|document| scope.spawn(|| analyze(document))).collect();
        started.into_iter().map(|thread| thread.join().expect("analysis does not panic")).collect()
    });
    let terms: Vec<&Terms> = terms.iter().collect();
    assert!(write_terms(&documents, &terms, &options("en")) == once);
}

#[test]
fn ten_thousand_documents_are_one_segment_in_order() {
    let documents = generated(10_000);
    let index = open(&documents, &options("en"));
    let hits = ask(&index, "number7777 ");
    assert_eq!((hits.total, hits.hits[0].document), (1, 7777));
    assert_eq!(ask(&index, "article").total, 10_000);
}

#[test]
fn damaged_and_swapped_files_are_refused() {
    let Published { start, parts } = write(&generated(300), &small_files());
    for end in (0..start.len()).step_by(101) {
        assert!(Index::open(&start[..end]).is_err(), "the first {end} bytes");
    }
    let mut index = Index::open(&start).expect("own bytes");
    for ((part, bytes), (other, _)) in parts.iter().zip(parts.iter().skip(1)) {
        assert_eq!(index.put(*part, &bytes[1..]), Err(IndexError::Damaged));
        assert_eq!(index.put(*other, bytes), Err(IndexError::Damaged));
    }
    assert_eq!(index.put(Part::Words(9999), &[]), Err(IndexError::Damaged));
}

fn small_files() -> Options {
    let sizes = Sizes {
        articles: 300,
        words: 100,
        spellings: 50,
        most_inline_words: 0,
        most_inline_spellings: 0,
        most_rows: 0,
        ..Sizes::default()
    };
    Options { sizes, ..options("en") }
}

#[test]
fn answers_do_not_depend_on_the_sizes_of_files_or_on_their_order() {
    let documents = generated(300);
    let whole = open(&documents, &options("en"));
    let Published { start, parts } = write(&documents, &small_files());
    let files: BTreeMap<Part, Vec<u8>> = parts.into_iter().collect();
    for query in ["refund", "invo", "billing refnd wifi", "number17", "\"sign in\"", "signin exprot", "the", "xyzzyx"] {
        let mut index = Index::open(&start).expect("own bytes");
        let mut rounds = 0;
        let request = Request { limit: 5, ..Request::default() };
        let found = loop {
            match index.search(query, &request) {
                Ok(hits) => break hits,
                Err(missing) => {
                    // The last one first, and alone: what else is needed is asked for again.
                    let part = missing.last().expect("something is missing");
                    index.put(*part, &files[part]).expect("own bytes");
                }
            }
            rounds += 1;
            assert!(rounds < files.len(), "{query} never ends");
        };
        assert_eq!(found, whole.search(query, &request).expect("nothing is missing"), "{query}");
        while answer(&index, query, &request).contains("\"need\":[{") {
            for document in found.hits.iter().map(|hit| hit.document) {
                let part = index.article_part(document);
                index.put(part, &files[&part]).expect("own bytes");
            }
        }
        assert_eq!(answer(&index, query, &request), answer(&whole, query, &request));
    }
}

#[test]
fn an_answer_that_lacks_files_names_them() {
    let Published { start, .. } = write(&generated(300), &small_files());
    let index = Index::open(&start).expect("own bytes");
    let need = answer(&index, "refund ", &Request { limit: 5, ..Request::default() });
    assert!(need.starts_with(r#"{"need":[{"part":1,"number":"#) && need.contains(r#""file":"words-"#), "{need}");
}

#[test]
fn one_word_and_two_are_corrected_into_each_other() {
    let pages = &[("Install the chatbot", "A chatbot answers."), ("Credit cards", "Pay by card")];
    assert_eq!(check("en", pages, "chat bot", &[0]).corrected.as_deref(), Some("chatbot"));
    assert_eq!(check("en", pages, "my creditcard ", &[1]).corrected.as_deref(), Some("my credit card "));
}

#[test]
fn phrases_are_found_word_for_word() {
    let pages = &[("A", "money back guarantee"), ("B", "back to the money"), ("C", "Get Money Back today")];
    check("en", pages, "\"money back\"", &[0, 2]);
    check("en", pages, "“money back” today", &[2]);
    check("en", pages, "\"money back", &[0, 1, 2]);
    check("en", pages, "\"back money\"", &[]);
}

#[test]
fn a_literal_query_is_left_as_it_is() {
    let documents: Vec<_> = SHOP.iter().map(|(title, text)| document(title, text)).collect();
    let index = open(&documents, &options("en"));
    let request = Request { limit: 10, literal: true, ..Request::default() };
    let hits = index.search("subscirption", &request).expect("nothing is missing");
    assert_eq!((hits.total, hits.corrected), (0, None));
}

#[test]
fn pinned_documents_stand_first_and_filters_hold_for_all() {
    let mut documents: Vec<_> = SHOP.iter().map(|(title, text)| document(title, text)).collect();
    documents[0].breadcrumb = vec!["Billing".into()];
    documents[2].kind = "video".into();
    let pinned = vec![("Money BACK!".into(), vec![2, 99])];
    let index = open(&documents, &Options { pinned, ..options("en") });
    let found = |request: &Request| {
        let hits = index.search("money back", request).expect("nothing is missing");
        (hits.pinned, hits.hits.iter().map(|hit| hit.document).collect::<Vec<_>>(), hits.kinds)
    };
    let kinds = vec![("article".to_owned(), 1), ("video".to_owned(), 1)];
    let all = Request { limit: 10, ..Request::default() };
    assert_eq!(found(&all), (1, vec![2, 0], kinds.clone()));
    assert_eq!(found(&Request { kind: Some("article".into()), ..all.clone() }), (0, vec![0], kinds.clone()));
    let articles = vec![("article".to_owned(), 1)];
    assert_eq!(found(&Request { category: Some("Billing".into()), ..all.clone() }), (0, vec![0], articles));
    assert_eq!(ask(&index, "money").pinned, 0);
}

#[test]
fn hits_with_every_word_come_before_the_divider() {
    let hits = check("en", SHOP, "refund subscription", &[1, 0]);
    assert_eq!(hits.related, 1);
    assert_eq!(check("en", SHOP, "refund gateway", &[0, 2, 1]).related, 3);
}

/// Articles of a fixed vocabulary, each with one word of its own.
fn generated(count: usize) -> Vec<Document> {
    let words = ["refund", "Billing", "invoice", "café", "sign-in", "password", "wi-fi", "export", "the", "to"];
    let article = |number: usize| {
        let text: Vec<&str> = (0..12).map(|place| words[(number * 7 + place * place) % words.len()]).collect();
        document(&format!("Article number{number}"), &text.join(" "))
    };
    (0..count).map(article).collect()
}

#[test]
fn terms_and_postings_are_those_of_tantivy() {
    agree_with_tantivy(&generated(1_400), "en");
    agree_with_tantivy(&[document("", ""), document("Ünïcode 請求書", "請求書 wi-fi")], "fr");
}

/// Every byte that tantivy's own indexer writes, every term of its own reading, with its documents and frequencies, and
/// every document's length.
fn agree_with_tantivy(documents: &[Document], language: &str) {
    let terms: Vec<Terms> = documents.iter().map(analyze).collect();
    let segment = crate::write::agree_with_indexer(&terms.iter().collect::<Vec<_>>(), language);
    let index = open(documents, &options(language));
    let field = segment.schema().fields().next().expect("there is one field").0;
    let lengths = segment.get_fieldnorms_reader(field).expect("lengths are kept");
    for (document, length) in index.lengths().iter().enumerate() {
        assert_eq!(*length, lengths.fieldnorm(document as u32));
    }
    let tantivy = segment.inverted_index(field).expect("the field is indexed");
    let mut all = tantivy.terms().stream().expect("terms can be read");
    while all.advance() {
        let term = String::from_utf8(all.key().to_vec()).expect("terms are text");
        let postings = tantivy.read_postings_from_terminfo(all.value(), IndexRecordOption::WithFreqs);
        let mut postings = postings.expect("postings can be read");
        let mut expected = Vec::new();
        while postings.doc() != TERMINATED {
            expected.push((postings.doc(), postings.term_freq()));
            postings.advance();
        }
        assert_eq!(all.value().doc_freq as usize, expected.len());
        let [ours, _] = index.vocabulary().postings(&term, &mut BTreeSet::new());
        assert_eq!(ours, expected, "postings of `{term}`");
    }
}

#[test]
fn postings_agree_with_the_documents() {
    let documents = generated(400);
    let index = open(&documents, &options(""));
    let expected = weighted_frequencies(&documents);
    let words: BTreeSet<&String> = expected.iter().flat_map(BTreeMap::keys).collect();
    for word in words {
        let having = expected.iter().enumerate().filter_map(|(number, words)| Some((number as u32, *words.get(word)?)));
        let [all, _] = index.vocabulary().postings(word, &mut BTreeSet::new());
        assert_eq!(all, having.collect::<Vec<_>>(), "postings of `{word}`");
    }
}

#[test]
fn scores_are_those_of_a_search_without_an_index() {
    let documents = generated(40);
    let index = open(&documents, &options(""));
    for query in ["refund ", "billing invoice ", "cafe wifi export ", "article number7 "] {
        let request = Request { limit: 40, ..Request::default() };
        let hits = index.search(query, &request).expect("nothing is missing");
        let mut expected = brute_force(&documents, query);
        let best = expected.values().copied().fold(0.0, f64::max);
        expected.retain(|_, score| *score >= 0.05 * best);
        assert_eq!(hits.hits.len(), expected.len());
        for hit in hits.hits {
            let score = expected[&hit.document];
            assert!((f64::from(hit.score) - score).abs() < 1e-4 * score, "{query}: {} is not {score}", hit.score);
        }
    }
}

fn weighted_frequencies(documents: &[Document]) -> Vec<BTreeMap<String, u32>> {
    let count = |document: &Document| {
        let mut words: BTreeMap<String, u32> = BTreeMap::new();
        let mut add = |text: &str, weight| {
            each_word(text, |word| *words.entry(letters::fold(word.text).into_owned()).or_default() += weight);
        };
        add(&document.title, 3);
        add(&document.sections[0].text, 1);
        words
    };
    documents.iter().map(count).collect()
}

/// The formula of `rank`, in the order of the book and in double precision. Documents are short, so that their lengths
/// are kept exactly.
fn brute_force(documents: &[Document], query: &str) -> BTreeMap<usize, f64> {
    let frequencies = weighted_frequencies(documents);
    // Two words a title, whose places count as well.
    let lengths: Vec<f64> = frequencies.iter().map(|words| f64::from(words.values().sum::<u32>() + 1 + 2)).collect();
    let count = documents.len() as f64;
    let average = lengths.iter().sum::<f64>() / count;
    let mut scores: BTreeMap<usize, (f64, f64)> = BTreeMap::new();
    let mut whole = 0.0;
    for word in query.split_whitespace() {
        let having = frequencies.iter().filter(|words| words.contains_key(word)).count() as f64;
        let idf = (1.0 + (count - having + 0.5) / (having + 0.5)).ln();
        whole += idf;
        for (number, words) in frequencies.iter().enumerate().filter(|(_, words)| words.contains_key(word)) {
            let frequency = f64::from(words[word]);
            let (text, title) = scores.entry(number).or_default();
            *text += idf * frequency * 2.2 / (frequency + 1.2 * (0.25 + 0.75 * lengths[number] / average));
            let in_title = documents[number].title.to_lowercase().split(' ').any(|part| part == word);
            *title += if in_title { idf } else { 0.0 };
        }
    }
    let score = |number: usize, (text, title): (f64, f64)| {
        let coverage: f64 = title / whole;
        let whole_title = if coverage > 0.99 { 1.25 } else { 1.0 };
        let phrase = if documents[number].title.to_lowercase() == query.trim() { 1.15 } else { 1.0 };
        (text + 4.0 * title * coverage * coverage) * whole_title * phrase
    };
    scores.into_iter().map(|(number, sums)| (number, score(number, sums))).collect()
}
