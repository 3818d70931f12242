//! Frames: a JSON header and a binary payload (PROTOCOL.md 1).

use std::io::{self, Read, Write};

use arrow::buffer::{Buffer, MutableBuffer};
use serde_json::Value as Json;

/// Bytes that follow the size field of a frame.
pub(crate) const FRAME_BYTES_MAX: usize = 256 * 1024 * 1024;
/// Bytes of a header.
const HEADER_BYTES_MAX: usize = 64 * 1024 * 1024;

/// One frame.
#[derive(Debug, Clone)]
pub(crate) struct Frame {
    pub(crate) header: Json,
    pub(crate) payload: Buffer,
}

/// Why no frame could be read.
#[derive(Debug)]
pub(crate) enum ReadError {
    /// The other side closed.
    End,
    /// Reading failed, or a frame was cut off.
    Io(io::Error),
    /// The bytes are no frame.
    Form(String),
}

impl From<io::Error> for ReadError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// The bytes before a frame's payload; `None` when the frame is larger than allowed.
pub(crate) fn head(header: &[u8], payload: usize) -> Option<Vec<u8>> {
    let size = header.len().checked_add(payload)?.checked_add(4)?;
    if size > FRAME_BYTES_MAX || header.len() > HEADER_BYTES_MAX {
        return None;
    }
    let mut out = Vec::with_capacity(8 + header.len());
    out.extend_from_slice(&u32::try_from(size).ok()?.to_le_bytes());
    out.extend_from_slice(&u32::try_from(header.len()).ok()?.to_le_bytes());
    out.extend_from_slice(header);
    Some(out)
}

/// Writes a frame whose head was made by [`head`].
pub(crate) fn write(out: &mut dyn Write, head: &[u8], payload: &[u8]) -> io::Result<()> {
    out.write_all(head)?;
    out.write_all(payload)?;
    out.flush()
}

/// Reads the next frame.
pub(crate) fn read(input: &mut dyn Read) -> Result<Frame, ReadError> {
    let size = match read_u32(input) {
        Err(ReadError::Io(e)) if e.kind() == io::ErrorKind::UnexpectedEof => {
            return Err(ReadError::End);
        }
        size => size? as usize,
    };
    let header = read_u32(input)? as usize;
    let payload = size
        .checked_sub(4)
        .and_then(|rest| rest.checked_sub(header));
    let Some(payload) = payload else {
        let text = format!("a frame of {size} bytes with a header of {header}");
        return Err(ReadError::Form(text));
    };
    if size > FRAME_BYTES_MAX || header > HEADER_BYTES_MAX {
        let text = format!("a frame of {size} bytes, header {header}: larger than allowed");
        return Err(ReadError::Form(text));
    }
    let mut text = vec![0; header];
    input.read_exact(&mut text)?;
    let header: Json = serde_json::from_slice(&text)
        .map_err(|e| ReadError::Form(format!("a header that is no JSON: {e}")))?;
    if !header.is_object() {
        return Err(ReadError::Form("a header that is no object".to_owned()));
    }
    let mut bytes = MutableBuffer::from_len_zeroed(payload);
    input.read_exact(bytes.as_slice_mut())?;
    Ok(Frame {
        header,
        payload: bytes.into(),
    })
}

fn read_u32(input: &mut dyn Read) -> Result<u32, ReadError> {
    let mut bytes = [0; 4];
    input.read_exact(&mut bytes)?;
    Ok(u32::from_le_bytes(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(header: &str, payload: &[u8]) -> Vec<u8> {
        let mut out = head(header.as_bytes(), payload.len()).unwrap();
        out.extend_from_slice(payload);
        out
    }

    #[test]
    fn frames_come_back_as_they_were_written() {
        let mut bytes = frame(r#"{"type":"log"}"#, b"12345");
        bytes.extend(frame("{}", b""));
        let mut input = bytes.as_slice();
        let first = read(&mut input).unwrap();
        assert_eq!(first.header["type"], "log");
        assert_eq!(first.payload.as_slice(), b"12345");
        let second = read(&mut input).unwrap();
        assert!(second.payload.is_empty());
        assert!(matches!(read(&mut input), Err(ReadError::End)));
    }

    #[test]
    fn what_is_no_frame_is_an_error() {
        let whole = frame(r#"{"a":1}"#, b"xyz");
        for cut in 5..whole.len() {
            let read = read(&mut &whole[..cut]);
            assert!(matches!(read, Err(ReadError::Io(_))), "cut at {cut}");
        }
        let bad: [&[u8]; 5] = [
            &[3, 0, 0, 0, 0, 0, 0, 0],
            &[8, 0, 0, 0, 9, 0, 0, 0],
            &[255, 255, 255, 255, 1, 0, 0, 0],
            &[6, 0, 0, 0, 2, 0, 0, 0, b'[', b']'],
            &[6, 0, 0, 0, 2, 0, 0, 0, b'{', b'x'],
        ];
        for bytes in bad {
            let read = read(&mut &*bytes);
            assert!(matches!(read, Err(ReadError::Form(_))), "{bytes:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_do_harm(bytes in proptest::collection::vec(0_u8..=255, 0..200), h in 0_u32..64) {
            let _ = read(&mut bytes.as_slice());
            // The same with sizes that fit, so that the header is looked at.
            let size = u32::try_from(bytes.len()).unwrap() + 4;
            let mut framed = size.to_le_bytes().to_vec();
            framed.extend(h.to_le_bytes());
            framed.extend(&bytes);
            let _ = read(&mut framed.as_slice());
        }
    }

    #[test]
    fn a_frame_that_is_too_large_is_not_made() {
        assert!(head(b"{}", FRAME_BYTES_MAX - 6).is_some());
        assert!(head(b"{}", FRAME_BYTES_MAX - 5).is_none());
        assert!(head(b"{}", usize::MAX).is_none());
    }
}
