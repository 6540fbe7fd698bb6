//! Times of a video: reading them in the forms that people and captions use, and showing them.

/// Seconds from `83`, `1:23`, `1:02:03`, `1m23s` or `PT1M23S`; parts of seconds are dropped.
pub fn seconds(text: &str) -> Option<u32> {
    let text = text.trim();
    if text.is_empty() || text.len() > 20 {
        return None;
    }
    let number = |text: &str| text.split('.').next().unwrap_or_default().parse::<u32>().ok();
    if text.contains(':') {
        let parts: Vec<u32> = text.split(':').map(number).collect::<Option<_>>()?;
        let is_clock = parts.len() <= 3 && parts[1..].iter().all(|part| *part < 60);
        let seconds = parts.iter().try_fold(0u32, |sum, part| sum.checked_mul(60)?.checked_add(*part));
        return seconds.filter(|_| is_clock);
    }
    if text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
        return number(text);
    }
    let lower = text.to_ascii_lowercase();
    let mut rest = lower.strip_prefix("pt").unwrap_or(&lower);
    let mut sum = 0u32;
    for (unit, worth) in [('h', 3600), ('m', 60), ('s', 1)] {
        if let Some((amount, after)) = rest.split_once(unit) {
            sum = sum.checked_add(number(amount.trim())?.checked_mul(worth)?)?;
            rest = after.trim_start();
        }
    }
    rest.is_empty().then_some(sum)
}

/// A time as players show it: `1:23`, `1:02:03`.
pub fn clock(seconds: u32) -> String {
    match seconds / 3600 {
        0 => format!("{}:{:02}", seconds / 60, seconds % 60),
        hours => format!("{hours}:{:02}:{:02}", seconds / 60 % 60, seconds % 60),
    }
}

/// The id of a moment on the page of the first video; those of other videos have the number of the video in front.
pub fn moment_id(video: usize, second: u32) -> String {
    match video {
        0 => format!("t={second}"),
        other => format!("v{}-t={second}", other + 1),
    }
}

/// Milliseconds from a time in captions: `01:02:03.456` or `02:03.456`, in SRT with a comma.
pub(super) fn milliseconds(text: &str) -> Option<u32> {
    let (whole, part) = text.split_once(['.', ',']).unwrap_or((text, "0"));
    let is_number = |text: &str| !text.is_empty() && text.len() <= 5 && text.bytes().all(|byte| byte.is_ascii_digit());
    let parts: Vec<&str> = whole.split(':').collect();
    if !(2..=3).contains(&parts.len()) || !is_number(part) || !parts.iter().all(|part| is_number(part)) {
        return None;
    }
    let numbers: Vec<u64> = parts.iter().filter_map(|part| part.parse().ok()).collect();
    let seconds = numbers.iter().fold(0, |sum, number| sum * 60 + number);
    let is_real = numbers[1..].iter().all(|number| *number < 60);
    let thousandths: u64 = format!("{part:0<3}")[..3].parse().ok()?;
    u32::try_from(seconds * 1000 + thousandths).ok().filter(|_| is_real)
}

/// A time as WebVTT writes it: `00:01:02.003`.
pub(super) fn caption_clock(milliseconds: u32) -> String {
    let (seconds, rest) = (milliseconds / 1000, milliseconds % 1000);
    format!("{:02}:{:02}:{:02}.{rest:03}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_come_in_many_forms() {
        for (text, expected) in [
            ("83", 83),
            ("1:23", 83),
            ("01:02:03.5", 3723),
            ("1m23s", 83),
            ("PT1H2M3S", 3723),
            ("90s", 90),
            ("2h", 7200),
        ] {
            assert_eq!(seconds(text), Some(expected), "{text}");
        }
        for text in ["", "soon", "1:99", "1:2:3:4", "99999999999", "m", "1m x"] {
            assert_eq!(seconds(text), None, "{text}");
        }
        assert_eq!((clock(83), clock(3723)), ("1:23".to_owned(), "1:02:03".to_owned()));
    }
}
