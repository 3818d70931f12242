//! Text files that tasks read whole: statements, messages.

use std::io::{Error, ErrorKind, Read};
use std::path::Path;

/// The bytes of a file, which must be a regular one: a pipe without a writer would be waited for
/// without end.
///
/// # Errors
/// It cannot be read, is no file, or has more bytes than `limit`.
pub(crate) fn read(path: &Path, limit: u64) -> std::io::Result<Vec<u8>> {
    if !std::fs::metadata(path)?.is_file() {
        return Err(Error::new(ErrorKind::InvalidInput, "it is no file"));
    }
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path)?;
    file.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        let reason = format!("the file is larger than {limit} bytes");
        return Err(Error::new(ErrorKind::FileTooLarge, reason));
    }
    Ok(bytes)
}

/// The text of bytes that begin with a byte order mark (UTF-8, UTF-16 of both orders); `None`
/// without one.
pub(crate) fn by_mark(bytes: &[u8]) -> Option<String> {
    let units = |rest: &[u8], unit: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = rest.chunks_exact(2).map(|c| unit([c[0], c[1]])).collect();
        String::from_utf16_lossy(&units)
    };
    match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => Some(String::from_utf8_lossy(rest).into_owned()),
        [0xFF, 0xFE, rest @ ..] => Some(units(rest, u16::from_le_bytes)),
        [0xFE, 0xFF, rest @ ..] => Some(units(rest, u16::from_be_bytes)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_decide() {
        let text = |bytes: &[u8]| by_mark(bytes);
        assert_eq!(text(b"\xEF\xBB\xBFa"), Some("a".to_owned()));
        assert_eq!(text(b"\xFF\xFEa\0\xE4\0"), Some("aä".to_owned()));
        assert_eq!(text(b"\xFE\xFF\0a"), Some("a".to_owned()));
        assert_eq!(text(b"a"), None);
        assert_eq!(text(b""), None);
    }

    #[test]
    fn what_is_no_file_or_too_large_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.txt");
        std::fs::write(&file, "12345").unwrap();
        assert_eq!(read(&file, 5).unwrap(), b"12345");
        assert!(read(&file, 4).is_err());
        assert!(read(folder.path(), 5).is_err());
        let pipe = folder.path().join("pipe");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status();
        assert!(made.unwrap().success());
        assert!(read(&pipe, 5).is_err(), "it is not waited for");
    }
}
