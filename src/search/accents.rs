//! Two small tables in place of Unicode's large ones: letters without their accents, and marks that belong to words.
//! Tests compare them with the crate that has all of Unicode.

use std::ops::RangeInclusive;

/// A Latin or Greek letter without its accents; every other letter as it is. Expects a single composed character.
pub(crate) fn base_letter(letter: char) -> char {
    let table = BASES.iter().find(|(letters, _)| letters.contains(&letter));
    let base = table.and_then(|(letters, bases)| bases.chars().nth((letter as u32 - *letters.start() as u32) as usize));
    base.unwrap_or(letter)
}

/// Whether the character is a mark on a letter: a vowel sign, a tone, an accent. It may also be true for letters whose
/// code lies between marks.
pub(crate) fn is_mark(letter: char) -> bool {
    let Ok(code) = u16::try_from(letter as u32) else { return false };
    let after = MARKS.partition_point(|(first, _)| *first <= code);
    after.checked_sub(1).is_some_and(|index| code <= MARKS[index].1)
}

/// Consecutive letters and their bases.
const BASES: [(RangeInclusive<char>, &str); 4] = [
    (
        '\u{C0}'..='\u{24F}',
        "\
         AAAAAAÆCEEEEIIIIÐNOOOOO×ØUUUUYÞßaaaaaaæceeeeiiiiðnooooo÷øuuuuyþyAaAaAaCcCcCcCcDdĐđEeEeEeEeEeGgGgGgGg\
         HhĦħIiIiIiIiIıĲĳJjKkĸLlLlLlĿŀŁłNnNnNnŉŊŋOoOoOoŒœRrRrRrSsSsSsSsTtTtŦŧUuUuUuUuUuUuWwYyYZzZzZzſƀƁƂƃƄƅƆƇ\
         ƈƉƊƋƌƍƎƏƐƑƒƓƔƕƖƗƘƙƚƛƜƝƞƟOoƢƣƤƥƦƧƨƩƪƫƬƭƮUuƱƲƳƴƵƶƷƸƹƺƻƼƽƾƿǀǁǂǃǄǅǆǇǈǉǊǋǌAaIiOoUuUuUuUuUuǝAaAaÆæǤǥGgKkOo\
         OoƷʒjǱǲǳGgǶǷNnAaÆæØøAaAaEeEeIiIiOoOoRrRrUuUuSsTtȜȝHhȠȡȢȣȤȥAaEeOoOoOoOoYyȴȵȶȷȸȹȺȻȼȽȾȿɀɁɂɃɄɅɆɇɈɉɊɋɌɍɎɏ\
         ",
    ),
    (
        '\u{370}'..='\u{3FF}',
        "\
         ͰͱͲͳʹ͵Ͷͷ͸͹ͺͻͼͽ;Ϳ΀΁΂΃΄¨Α·ΕΗΙ΋Ο΍ΥΩιΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡ΢ΣΤΥΦΧΨΩΙΥαεηιυαβγδεζηθικλμνξοπρςστυφχψωιυουωϏϐϑϒϒ\
         ϒϕϖϗϘϙϚϛϜϝϞϟϠϡϢϣϤϥϦϧϨϩϪϫϬϭϮϯϰϱϲϳϴϵ϶ϷϸϹϺϻϼϽϾϿ\
         ",
    ),
    (
        '\u{1E00}'..='\u{1EFF}',
        "\
         AaBbBbBbCcDdDdDdDdDdEeEeEeEeEeFfGgHhHhHhHhHhIiIiKkKkKkLlLlLlLlMmMmMmNnNnNnNnOoOoOoOoPpPpRrRrRrRrSsSs\
         SsSsSsTtTtTtTtUuUuUuUuUuVvVvWwWwWwWwWwXxXxYyZzZzZzhtwyẚſẜẝẞẟAaAaAaAaAaAaAaAaAaAaAaAaEeEeEeEeEeEeEeEe\
         IiIiOoOoOoOoOoOoOoOoOoOoOoOoUuUuUuUuUuUuUuYyYyYyYyỺỻỼỽỾỿ\
         ",
    ),
    (
        '\u{1F00}'..='\u{1FFF}',
        "\
         ααααααααΑΑΑΑΑΑΑΑεεεεεε἖἗ΕΕΕΕΕΕ἞἟ηηηηηηηηΗΗΗΗΗΗΗΗιιιιιιιιΙΙΙΙΙΙΙΙοοοοοο὆὇ΟΟΟΟΟΟ὎὏υυυυυυυυ὘Υ὚Υ὜Υ὞Υωωωω\
         ωωωωΩΩΩΩΩΩΩΩααεεηηιιοουυωω὾὿ααααααααΑΑΑΑΑΑΑΑηηηηηηηηΗΗΗΗΗΗΗΗωωωωωωωωΩΩΩΩΩΩΩΩααααα᾵ααΑΑΑΑΑ᾽ι᾿῀¨ηηη῅ηη\
         ΕΕΗΗΗ᾿᾿᾿ιιιι῔῕ιιΙΙΙΙ῜῾῾῾υυυυρρυυΥΥΥΥΡ¨¨`῰῱ωωω῵ωωΟΟΩΩΩ´῾῿\
         ",
    ),
];

/// First and last of each range of marks, with letters of the same script that lie between them.
#[rustfmt::skip]
const MARKS: [(u16, u16); 79] = [
    (0x0300, 0x036F), (0x0483, 0x0489), (0x0591, 0x05BD), (0x05BF, 0x05BF), (0x05C1, 0x05C2), (0x05C4, 0x05C5),
    (0x05C7, 0x05C9), (0x0610, 0x061A), (0x064B, 0x065F), (0x0670, 0x0670), (0x06D6, 0x06DC), (0x06DF, 0x06E8),
    (0x06EA, 0x06ED), (0x0711, 0x07F3), (0x07FD, 0x07FD), (0x0816, 0x082D), (0x0859, 0x085B), (0x0897, 0x08E1),
    (0x08E3, 0x0963), (0x0981, 0x09E3), (0x09FE, 0x0A75), (0x0A81, 0x0AE3), (0x0AFA, 0x0B63), (0x0B82, 0x0BD7),
    (0x0C00, 0x0C63), (0x0C81, 0x0C83), (0x0CBC, 0x0D4D), (0x0D57, 0x0D63), (0x0D81, 0x0DF3), (0x0E31, 0x0E3A),
    (0x0E47, 0x0E4E), (0x0EB1, 0x0ECE), (0x0F18, 0x0F19), (0x0F35, 0x0F35), (0x0F37, 0x0F37), (0x0F39, 0x0F39),
    (0x0F3E, 0x0F84), (0x0F86, 0x0FBC), (0x0FC6, 0x0FC6), (0x102B, 0x103E), (0x1056, 0x109D), (0x135D, 0x135F),
    (0x1712, 0x1734), (0x1752, 0x17D3), (0x17DD, 0x17DD), (0x180B, 0x180D), (0x180F, 0x193B), (0x1A17, 0x1A1B),
    (0x1A55, 0x1A7F), (0x1AB0, 0x1B44), (0x1B6B, 0x1B73), (0x1B80, 0x1BF3), (0x1C24, 0x1C37), (0x1CD0, 0x1CD2),
    (0x1CD4, 0x1DFF), (0x20D0, 0x20F0), (0x2CEF, 0x2CF1), (0x2D7F, 0x2DFF), (0x302A, 0x302F), (0x3099, 0x309A),
    (0xA66F, 0xA672), (0xA674, 0xA67D), (0xA69E, 0xA6F1), (0xA802, 0xA827), (0xA82C, 0xA82C), (0xA880, 0xA8C5),
    (0xA8E0, 0xA8F1), (0xA8FF, 0xA92D), (0xA947, 0xA953), (0xA980, 0xA9C0), (0xA9E5, 0xAA4D), (0xAA7B, 0xAAC1),
    (0xAAEB, 0xAAEF), (0xAAF5, 0xAAF6), (0xABE3, 0xABEA), (0xABEC, 0xABED), (0xFB1E, 0xFB1E), (0xFE00, 0xFE0F),
    (0xFE20, 0xFE2F),
];

#[cfg(test)]
mod tests {
    use unicode_normalization::char::{decompose_canonical, is_combining_mark};

    use super::*;

    #[test]
    fn bases_are_those_of_unicode() {
        for (letters, bases) in BASES {
            assert_eq!(letters.clone().count(), bases.chars().count());
            for (letter, base) in letters.zip(bases.chars()).filter(|(letter, _)| letter.is_alphabetic()) {
                let mut parts = Vec::new();
                decompose_canonical(letter, |part| parts.extend((!is_combining_mark(part)).then_some(part)));
                let expected = if parts.len() == 1 { parts[0] } else { letter };
                assert_eq!(base, expected, "{letter}");
            }
        }
        assert_eq!((base_letter('a'), base_letter('й'), base_letter('請')), ('a', 'й', '請'));
    }

    #[test]
    fn marks_are_those_of_unicode() {
        let mut missed = Vec::new();
        for letter in (0..=u16::MAX).filter_map(|code| char::from_u32(u32::from(code))) {
            if is_combining_mark(letter) && !is_mark(letter) {
                missed.push(letter as u32);
            }
        }
        assert!(missed.is_empty(), "{missed:x?}");
        assert!(!is_mark('a') && !is_mark('。') && !is_mark('-') && !is_mark('\u{1F389}'));
    }
}
