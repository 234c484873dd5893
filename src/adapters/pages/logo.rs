use std::fs;
use std::path::Path;

use crate::ports::Logo;

/// More than a logo needs. It is kept in memory and sent with each page.
const LARGEST: usize = 256 * 1024;

/// The types of images that every browser shows, with how such a file begins.
const TYPES: [(&str, &str, &[u8]); 5] = [
    ("png", "image/png", b"\x89PNG\r\n\x1a\n"),
    ("jpg", "image/jpeg", b"\xff\xd8\xff"),
    ("jpeg", "image/jpeg", b"\xff\xd8\xff"),
    ("webp", "image/webp", b"RIFF"),
    ("svg", "image/svg+xml", b"<"),
];

/// Reads the image of a file. Its type is that of its name; the content has to agree.
pub fn read_logo(path: &Path) -> Result<Logo, String> {
    let refused = |reason: &str| format!("{}: {reason}", path.display());
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    let known = TYPES.iter().find(|(name, ..)| name.eq_ignore_ascii_case(ending));
    let (_, content_type, beginning) =
        known.ok_or_else(|| refused("expected a file that ends in .svg, .png, .jpg or .webp"))?;
    let bytes = fs::read(path).map_err(|error| refused(&error.to_string()))?;
    if bytes.len() > LARGEST {
        return Err(refused("too large: expected at most 256 KiB"));
    }
    if !bytes.starts_with(beginning) {
        return Err(refused(&format!("not an image of the type {content_type}")));
    }
    Ok(Logo { content_type, bytes })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_no_image_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let read = |name: &str, content: &[u8]| {
            let path = folder.path().join(name);
            fs::write(&path, content).unwrap();
            read_logo(&path).map(|logo| logo.content_type)
        };
        assert_eq!(read("logo.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"), Ok("image/svg+xml"));
        assert_eq!(read("logo.PNG", b"\x89PNG\r\n\x1a\n..."), Ok("image/png"));
        let large = vec![b'<'; LARGEST + 1];
        for (name, content, reason) in [
            ("logo.png", &b"<svg/>"[..], "not an image of the type image/png"),
            ("logo.gif", b"GIF89a", "expected a file that ends in"),
            ("logo", b"", "expected a file that ends in"),
            ("logo.svg", &large[..], "too large"),
        ] {
            assert!(read(name, content).unwrap_err().contains(reason), "{name}");
        }
        assert!(read_logo(Path::new("/nonexistent/logo.png")).unwrap_err().contains("No such file"));
    }
}
