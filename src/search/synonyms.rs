//! Words and phrases that mean the same on a site: a query with one of them also finds documents with the others.

#[cfg(feature = "write")]
use crate::words::folded_words;

/// Groups of phrases that mean the same.
#[derive(Debug, Default)]
pub(crate) struct Synonyms {
    groups: Vec<Vec<Phrase>>,
}

pub(crate) type Phrase = Vec<PhraseWord>;

/// A word of a synonym. When it occurs in no document, queries match it only in this spelling.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PhraseWord {
    pub folded: Box<str>,
    pub term: Box<str>,
}

impl Synonyms {
    pub fn new(groups: Vec<Vec<Phrase>>) -> Self {
        Self { groups }
    }

    /// The terms of all phrases that mean the same as the one these words begin with. Words are given as they are typed,
    /// without case and accents, and with their term, if they have one. Stop words inside a longer
    /// phrase (`sign in`) are left out: they would match everywhere.
    pub fn of(&self, words: &[(&str, Option<&str>)], is_stop_word: impl Fn(&str) -> bool) -> Vec<String> {
        let begins = |phrase: &Phrase| phrase.len() <= words.len() && phrase.iter().zip(words).all(PhraseWord::is);
        let meant = self.groups.iter().filter(|group| group.iter().any(begins));
        let others = meant.flatten().filter(|phrase| !begins(phrase));
        let counts = |phrase: &Phrase, word: &PhraseWord| phrase.len() == 1 || !is_stop_word(&word.folded);
        others
            .flat_map(|phrase| phrase.iter().filter(|word| counts(phrase, word)))
            .map(|word| word.term.to_string())
            .collect()
    }
}

impl PhraseWord {
    fn is((word, (folded, term)): (&Self, &(&str, Option<&str>))) -> bool {
        &*word.folded == *folded || *term == Some(&*word.term)
    }
}

/// Reads the groups of the configuration. Empty phrases are left out.
#[cfg(feature = "write")]
pub(crate) fn synonym_groups(groups: &[Vec<String>], term: impl Fn(&str) -> String) -> Vec<Vec<Phrase>> {
    let phrase = |text: &String| -> Phrase {
        let words = folded_words(&crate::normalize(text)).into_iter();
        words.map(|folded| PhraseWord { term: term(&folded).into(), folded: folded.into() }).collect()
    };
    groups.iter().map(|group| group.iter().map(phrase).filter(|phrase| !phrase.is_empty()).collect()).collect()
}
