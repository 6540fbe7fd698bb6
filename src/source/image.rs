//! The width and height of images, from the first bytes of the file. Whatever is odd has no known size.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

/// Where the root element of an SVG image is looked for.
const SVG_HEAD: u64 = 4096;

/// Width and height in pixels; `extension` is the file's, in lower case.
pub fn dimensions(file: &Path, extension: &str) -> Option<(u32, u32)> {
    match extension {
        raster if is_raster(raster) => {
            let size = imagesize::reader_size(BufReader::new(File::open(file).ok()?)).ok()?;
            positive(size.width as f64, size.height as f64)
        }
        "svg" => {
            let mut head = Vec::new();
            File::open(file).ok()?.take(SVG_HEAD).read_to_end(&mut head).ok()?;
            svg_dimensions(&String::from_utf8_lossy(&head))
        }
        _ => None,
    }
}

/// Whether files with this extension, in lower case, hold a picture made of pixels.
pub fn is_raster(extension: &str) -> bool {
    const EXTENSIONS: &[&str] =
        &["png", "apng", "jpg", "jpeg", "gif", "webp", "avif", "heic", "heif", "bmp", "ico", "jxl"];
    EXTENSIONS.contains(&extension)
}

/// From `width` and `height` of the root element, else from its `viewBox`.
fn svg_dimensions(head: &str) -> Option<(u32, u32)> {
    let root = &head[head.find("<svg")? + "<svg".len()..];
    let root = &root[..root.find('>')?];
    if let (Some(width), Some(height)) = (length(root, "width"), length(root, "height")) {
        return positive(width, height);
    }
    let mut numbers = attribute(root, "viewBox")?.split([' ', ',']).filter(|part| !part.is_empty()).skip(2);
    positive(numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?)
}

/// Plain numbers and pixels; other units depend on where the image is shown.
fn length(element: &str, name: &str) -> Option<f64> {
    let text = attribute(element, name)?.trim();
    text.strip_suffix("px").unwrap_or(text).parse().ok()
}

fn attribute<'a>(element: &'a str, name: &str) -> Option<&'a str> {
    let stands_alone = |at: &usize| element[..*at].ends_with(char::is_whitespace);
    element.match_indices(name).map(|(at, _)| at).filter(stands_alone).find_map(|at| {
        let value = element[at + name.len()..].trim_start().strip_prefix('=')?.trim_start();
        let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
        value[1..].split_once(quote).map(|(value, _)| value)
    })
}

fn positive(width: f64, height: f64) -> Option<(u32, u32)> {
    let is_usual = |side: f64| (0.5..=100_000.0).contains(&side);
    (is_usual(width) && is_usual(height)).then(|| (width.round() as u32, height.round() as u32))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(svg: &str, expected: Option<(u32, u32)>) {
        assert_eq!(svg_dimensions(svg), expected, "{svg}");
    }

    #[test]
    fn svg_sizes_come_from_the_root_element() {
        check("<?xml?><svg xmlns='x' width=\"24\" height='32px'><path width='1'/>", Some((24, 32)));
        check("<svg viewBox=\"0 0 100.4 50\">", Some((100, 50)));
        check("<svg width='100%' height='100%' viewBox='0,0,16,9'>", Some((16, 9)));
        check("<svg stroke-width='3' viewBox='0 0 8 8'>", Some((8, 8)));
    }

    #[test]
    fn svg_without_a_plain_size_has_none() {
        for svg in ["", "<svg", "<svg>", "<svg width='2em' height='3em'>", "<svg viewBox='0 0 0 0'>", "<g width='1'>"] {
            check(svg, None);
        }
    }

    fn dimensions_of(extension: &str, bytes: &[u8]) -> Option<(u32, u32)> {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = folder.path().join("image");
        std::fs::write(&file, bytes).expect("a file");
        dimensions(&file, extension)
    }

    #[test]
    fn gif_sizes_come_from_the_header() {
        assert_eq!(dimensions_of("gif", b"GIF89a\x05\0\x07\0\0\0\0"), Some((5, 7)));
        assert_eq!(dimensions_of("png", b"not an image"), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn no_header_panics(head in prop::sample::select(vec![
            &b"\x89PNG\r\n\x1a\n"[..], b"GIF89a", b"\xff\xd8\xff", b"RIFF\x10\0\0\0WEBPVP8 ", b"\0\0\0\x18ftypavif", b"BM", b"\0\0\x01\0", b"\xff\x0a",
        ]), tail in prop::collection::vec(any::<u8>(), 0..80)) {
            let _ = dimensions_of("png", &[head, &tail].concat());
        }

        #[test]
        fn no_svg_panics(text in "(<svg|width=|viewBox|[\"' >é0-9]){0,12}") {
            let _ = svg_dimensions(&text);
        }
    }
}
