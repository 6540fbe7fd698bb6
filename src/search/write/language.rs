//! What depends on the language of a site: stemming and stop words.

use std::borrow::Cow;
use std::fmt;

use frostem::{Algorithm, Stemmer};

use crate::letters::fold;

/// Stems words and knows stop words. A language without a stemmer leaves words as they are.
pub(crate) struct Language {
    stemmer: Option<Stemmer>,
    stop_words: Vec<&'static str>,
}

impl Language {
    /// Takes a language tag, of which only the first part counts.
    pub fn of(tag: &str) -> Self {
        let code = tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
        // Bokmål and Nynorsk have codes of their own but share a stemmer.
        let code = if code == "nb" || code == "nn" { "no" } else { &code };
        let stemmer = (code.len() == 2).then(|| Algorithm::from_name(code).ok()).flatten().map(Stemmer::new);
        let listed = STOP_WORDS.iter().find(|(language, _)| *language == code).map_or("", |(_, words)| words);
        let mut stop_words: Vec<_> = listed.split_whitespace().collect();
        stop_words.sort_unstable();
        Self { stemmer, stop_words }
    }

    /// The term of a word in lower case: its stem without accents. Words with digits or joiners are names and numbers,
    /// which are not inflected.
    pub fn term(&self, word: &str) -> String {
        let stem = match &self.stemmer {
            Some(stemmer) if word.chars().all(char::is_alphabetic) => stemmer.stem(word),
            _ => Cow::Borrowed(word),
        };
        let term = fold(&stem);
        if term.is_empty() { fold(word).into_owned() } else { term.into_owned() }
    }

    /// Words too common to distinguish documents, folded and sorted.
    pub fn stop_words(&self) -> &[&'static str] {
        &self.stop_words
    }
}

impl fmt::Debug for Language {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Language").field("stems", &self.stemmer.is_some()).finish_non_exhaustive()
    }
}

/// Function words and the words that questions begin with, folded.
const STOP_WORDS: &[(&str, &str)] = &[
    (
        "en",
        "a about am an and any are as at be been being but by can cannot could did do does doing don for from had has \
         have having how i if in into is it its just me my no not of on or our ours please s should so some t than that \
         the their them then there these they this those to too us was we were what when where which who whom whose why \
         will with would you your yours",
    ),
    (
        "de",
        "aber als am an auch auf aus bei bin bis bitte das dass dein dem den der des dich die dir doch du durch ein eine \
         einem einen einer eines er es fur habe haben hat ich ihr im in ist kann kein keine konnen man mein meine meinem \
         meinen meiner mich mir mit nach nicht noch nur oder ohne sein sich sie sind so uber um und uns unser von vor wann \
         warum was welche wenn wer werden wie wir wird wo zu zum zur",
    ),
    (
        "fr",
        "a ai au aux avec c ce ces cette comment d dans de des du elle en est et etre il ils j je l la le les leur ma mais \
         me mes moi mon n ne nos notre nous on ou par pas peut pour pourquoi puis qu quand que quel quelle qui quoi s sa sans \
         se ses si son sont sur ta te tes toi ton tu un une vos votre vous y",
    ),
    (
        "es",
        "a al como con cual cuando cuanto de del desde donde e el ella ellos en entre es esta este esto estos fue ha hay he la \
         las le les lo los me mi mis muy ni no nos nuestro o para pero por porque puede puedo que quien se ser si sin sobre \
         son su sus te tengo tiene tu tus un una unos y ya yo",
    ),
    (
        "it",
        "a ai al alla alle anche che chi ci come con cosa cui d da dal dalla de dei del della delle di dove e ed gli ha ho i il \
         in io l la le lo ma me mi mia mio nel nella no noi non o per perche piu posso puo quale quando quanto questa questo se \
         si sono su sua suo sul sulla te ti tra tu tuo un una uno vi voi",
    ),
    (
        "pt",
        "a ao aos as com como da das de do dos e ela ele em entre era essa esse esta este eu foi ha isso isto ja la lhe mas me \
         meu minha muito na nao nas nem no nos nossa nosso o onde os ou para pela pelo por porque posso qual quando que quem se \
         sem ser seu seus so sua suas tem ter um uma voce voces",
    ),
    (
        "nl",
        "aan als bij dan dat de die dit door een en er ga heb hebben heeft het hij hoe ik in is je kan kunnen maar me met mij \
         mijn naar niet nog of om omdat onze ook op over te tot u uit uw van voor waar waarom wanneer wat we wel welke wie wij \
         worden wordt ze zich zij zijn zo",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn check(tag: &str, word: &str, term: &str) {
        assert_eq!(Language::of(tag).term(word), term, "{word} in {tag}");
    }

    #[test]
    fn words_are_stemmed_by_language_and_folded_afterwards() {
        check("en", "installations", "instal");
        check("en-US", "refunds", "refund");
        check("es", "configuración", "configur");
        check("es", "configuraciones", "configur");
        check("de", "häuser", "haus");
        check("nb_NO", "fakturaer", "faktura");
    }

    #[test]
    fn unknown_languages_and_numbers_are_left_alone() {
        check("xx", "refunds", "refunds");
        check("", "ünits", "units");
        check("en", "2.4.1s", "2.4.1s");
        check("en", "請求", "請求");
    }

    #[test]
    fn stop_words_follow_the_language() {
        let is_stop_word = |tag: &str, word: &str| Language::of(tag).stop_words().contains(&word);
        assert!(is_stop_word("en-GB", "how"));
        assert!(!is_stop_word("de", "how"));
        assert!(!is_stop_word("xx", "the"));
    }
}
