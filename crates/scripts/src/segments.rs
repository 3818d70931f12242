//! Shared memory for rows (PROTOCOL.md 5.1): what the engine lends, what the host lends.
//!
//! A segment is a memory file of the side that sends. The host maps those of the engine; here
//! nothing is mapped: rows are copied into and out of the files at once, so that what a script
//! does to its file meanwhile is a failed read, never a fault of this process.

use std::fs::{File, OpenOptions};
use std::os::fd::AsRawFd;
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::PathBuf;
use std::sync::Arc;

use arrow::buffer::{Buffer, MutableBuffer};
use nix::fcntl::OFlag;
use nix::sys::memfd::{MFdFlags, memfd_create};
use parking_lot::Mutex;
use serde_json::{Value as Json, json};

use crate::frame::FRAME_BYTES_MAX;

/// Slots of each side in the protocol.
const SLOTS_MAX: usize = 64;
/// Slots that this side uses: two batches under way for each of four inputs.
const OWN_SLOTS: usize = 8;
/// Smaller payloads go by the pipe: the turns of a segment cost more than their copies.
const SMALLEST_PAYLOAD: usize = 64 << 10;
/// Size of a segment at first, bytes; larger ones are powers of two.
const SMALLEST_SEGMENT: usize = 1 << 20;

/// The segments of one host.
#[derive(Debug, Default)]
pub(crate) struct Segments {
    ours: Mutex<Ours>,
    theirs: Mutex<Vec<Option<Theirs>>>,
}

#[derive(Debug, Default)]
struct Ours {
    slots: [Slot; OWN_SLOTS],
    /// The host could not open one, or there are no memory files here.
    refused: bool,
}

#[derive(Debug, Default)]
struct Slot {
    file: Option<Arc<File>>,
    size: usize,
    lent: bool,
}

/// A segment of the host.
#[derive(Debug, Clone)]
struct Theirs {
    file: Arc<File>,
    size: usize,
}

impl Segments {
    /// Puts a payload into a segment and gives its slot; `None` when it is to go by the pipe.
    /// `announce` sends a request of the host's kind and says whether it was taken.
    pub(crate) fn lend(
        &self,
        payload: &[u8],
        announce: impl FnOnce(Json) -> bool,
    ) -> Option<usize> {
        if payload.len() < SMALLEST_PAYLOAD || payload.len() > FRAME_BYTES_MAX {
            return None;
        }
        let at = self.claim()?;
        let written = self
            .fit(at, payload.len(), announce)
            .filter(|file| file.write_all_at(payload, 0).is_ok());
        if written.is_none() {
            let mut ours = self.ours.lock();
            ours.refused = true;
            ours.slots[at] = Slot::default();
            return None;
        }
        Some(at)
    }

    /// A slot that nobody reads; it is lent from here on.
    fn claim(&self) -> Option<usize> {
        let mut ours = self.ours.lock();
        if ours.refused {
            return None;
        }
        let at = ours.slots.iter().position(|slot| !slot.lent)?;
        ours.slots[at].lent = true;
        Some(at)
    }

    /// The file of a claimed slot, made anew and announced when it is too small.
    fn fit(
        &self,
        at: usize,
        bytes: usize,
        announce: impl FnOnce(Json) -> bool,
    ) -> Option<Arc<File>> {
        {
            let ours = self.ours.lock();
            let slot = &ours.slots[at];
            if slot.size >= bytes {
                return slot.file.clone();
            }
        }
        let size = bytes.max(SMALLEST_SEGMENT).next_power_of_two();
        let file = File::from(memfd_create(c"packmule", MFdFlags::MFD_CLOEXEC).ok()?);
        file.set_len(size as u64).ok()?;
        let file = Arc::new(file);
        let path = format!("/proc/{}/fd/{}", std::process::id(), file.as_raw_fd());
        let header = json!({"type": "segment", "slot": at, "path": path, "size": size});
        if !announce(header) {
            return None;
        }
        let mut ours = self.ours.lock();
        let slot = &mut ours.slots[at];
        slot.file = Some(Arc::clone(&file));
        slot.size = size;
        Some(file)
    }

    /// The host has given a slot back; false when it did not have it.
    pub(crate) fn freed(&self, header: &Json) -> bool {
        let at = number(header, "slot");
        let mut ours = self.ours.lock();
        let slot = at.and_then(|at| ours.slots.get_mut(at));
        match slot.filter(|slot| slot.lent) {
            Some(slot) => {
                slot.lent = false;
                true
            }
            None => false,
        }
    }

    /// Answers a `segment` request of the host, whose process id is given.
    pub(crate) fn take(&self, header: &Json, process: i32) -> Json {
        match open(header, process) {
            Ok((slot, theirs)) => {
                let mut all = self.theirs.lock();
                if all.len() <= slot {
                    all.resize(slot + 1, None);
                }
                all[slot] = Some(theirs);
                json!({})
            }
            Err(text) => json!({"error": {"kind": "engine", "code": 0, "text": text}}),
        }
    }

    /// The rows that a frame lends; `None` when it names no slot. Whoever read them gives the
    /// slot back.
    pub(crate) fn read(&self, header: &Json) -> Result<Option<Buffer>, String> {
        if header.get("slot").is_none_or(Json::is_null) || header.get("slot_bytes").is_none() {
            return Ok(None);
        }
        let (slot, bytes) = (number(header, "slot"), number(header, "slot_bytes"));
        let theirs = slot.and_then(|slot| self.theirs.lock().get(slot).cloned().flatten());
        let fits = |theirs: &Theirs| bytes.is_some_and(|b| b <= theirs.size.min(FRAME_BYTES_MAX));
        let (Some(theirs), Some(bytes)) = (theirs.filter(fits), bytes) else {
            return Err(format!(
                "{} bytes of segment {}, which there are not",
                header["slot_bytes"], header["slot"]
            ));
        };
        let mut rows = MutableBuffer::from_len_zeroed(bytes);
        theirs
            .file
            .read_exact_at(rows.as_slice_mut(), 0)
            .map_err(|e| format!("segment {} cannot be read: {e}", header["slot"]))?;
        Ok(Some(rows.into()))
    }
}

/// Opens a segment of the host: a memory file by the host's own descriptor, or a file in
/// `/dev/shm`.
fn open(header: &Json, process: i32) -> Result<(usize, Theirs), String> {
    let slot = number(header, "slot").filter(|slot| *slot < SLOTS_MAX);
    let size = number(header, "size").filter(|size| (1..=4 * FRAME_BYTES_MAX).contains(size));
    let (Some(slot), Some(size)) = (slot, size) else {
        return Err(format!(
            "a segment of {} bytes as slot {}",
            header["size"], header["slot"]
        ));
    };
    let path = header
        .get("path")
        .and_then(Json::as_str)
        .unwrap_or_default();
    let own = format!("/proc/{process}/fd/");
    let is_plain = |rest: &str| !rest.is_empty() && !rest.contains('/') && rest != "..";
    if ![own.as_str(), "/dev/shm/"]
        .iter()
        .any(|folder| path.strip_prefix(folder).is_some_and(is_plain))
    {
        return Err(format!("a segment by the path {path:?}"));
    }
    let path = PathBuf::from(path);
    let failed =
        |error: std::io::Error| format!("the segment {} cannot be opened: {error}", path.display());
    // Whatever stands there is opened without waiting for it.
    let file = OpenOptions::new()
        .read(true)
        .custom_flags(OFlag::O_NONBLOCK.bits())
        .open(&path)
        .map_err(failed)?;
    let about = file.metadata().map_err(failed)?;
    if !about.is_file() || about.len() < size as u64 {
        return Err(format!(
            "the segment {} is no file of {size} bytes",
            path.display()
        ));
    }
    Ok((
        slot,
        Theirs {
            file: Arc::new(file),
            size,
        },
    ))
}

fn number(header: &Json, name: &str) -> Option<usize> {
    let found = header.get(name).and_then(Json::as_u64);
    found.and_then(|n| usize::try_from(n).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two sides in one process: what one lends, the other one reads.
    fn hand_over(from: &Segments, to: &Segments, payload: &[u8]) -> Option<usize> {
        let process = i32::try_from(std::process::id()).unwrap();
        from.lend(payload, |header| {
            to.take(&header, process).get("error").is_none()
        })
    }

    fn lent(slot: usize, bytes: usize) -> Json {
        json!({"slot": slot, "slot_bytes": bytes})
    }

    #[test]
    fn rows_come_over_as_they_were_written() {
        let (ours, theirs) = (Segments::default(), Segments::default());
        for size in [SMALLEST_PAYLOAD, SMALLEST_SEGMENT, SMALLEST_SEGMENT * 3 + 1] {
            let payload: Vec<u8> = (0..size).map(|i| (i % 251) as u8).collect();
            let slot = hand_over(&ours, &theirs, &payload).unwrap();
            let rows = theirs.read(&lent(slot, size)).unwrap().unwrap();
            assert_eq!(rows.as_slice(), payload);
            assert!(ours.freed(&lent(slot, 0)));
            assert!(!ours.freed(&lent(slot, 0)), "it was given back already");
        }
        assert!(theirs.read(&json!({"rows": 1})).unwrap().is_none());
    }

    #[test]
    fn a_slot_is_used_again_only_when_it_came_back() {
        let (ours, theirs) = (Segments::default(), Segments::default());
        let payload = vec![7; SMALLEST_PAYLOAD];
        let slots: Vec<_> = (0..OWN_SLOTS)
            .map(|_| hand_over(&ours, &theirs, &payload).unwrap())
            .collect();
        assert_eq!(slots, (0..OWN_SLOTS).collect::<Vec<_>>());
        assert_eq!(hand_over(&ours, &theirs, &payload), None, "by the pipe");
        assert!(ours.freed(&lent(3, 0)));
        assert_eq!(hand_over(&ours, &theirs, &payload), Some(3));
        assert!(!ours.freed(&lent(OWN_SLOTS, 0)));
        assert!(!ours.freed(&json!({})));
    }

    #[test]
    fn small_payloads_and_a_host_that_refuses_use_the_pipe() {
        let ours = Segments::default();
        let mut asked = 0;
        assert_eq!(ours.lend(&[1; 100], |_| true), None);
        for _ in 0..3 {
            let payload = vec![7; SMALLEST_PAYLOAD];
            assert_eq!(
                ours.lend(&payload, |_| {
                    asked += 1;
                    false
                }),
                None
            );
        }
        assert_eq!(asked, 1, "it is asked once");
    }

    #[test]
    fn what_is_no_segment_is_refused() {
        let process = i32::try_from(std::process::id()).unwrap();
        let segments = Segments::default();
        let memory = File::from(memfd_create(c"test", MFdFlags::MFD_CLOEXEC).unwrap());
        memory.set_len(4096).unwrap();
        let own = format!("/proc/{process}/fd/{}", memory.as_raw_fd());
        let (end, _other) = nix::unistd::pipe().unwrap();
        let pipe = format!("/proc/{process}/fd/{}", end.as_raw_fd());
        let offer = |slot: i64, size: i64, path: &str| {
            let header = json!({"slot": slot, "size": size, "path": path});
            segments.take(&header, process).get("error").is_none()
        };
        assert!(offer(0, 4096, &own));
        assert!(!offer(64, 4096, &own));
        assert!(!offer(-1, 4096, &own));
        assert!(!offer(0, 0, &own));
        assert!(!offer(0, 4097, &own), "it is smaller than it says");
        assert!(!offer(0, 1, &pipe));
        assert!(!offer(0, 1, "/etc/passwd"));
        assert!(!offer(0, 1, "/dev/shm/../../etc/passwd"));
        assert!(!offer(0, 1, &format!("/proc/{}/fd/0", process + 1)));
        assert!(!offer(0, 1, &format!("/proc/{process}/fd/9999")));
        for (slot, bytes) in [(0, 4097), (1, 1), (70, 1)] {
            assert!(segments.read(&lent(slot, bytes)).is_err());
        }
        // It was there, and the script has made it smaller since.
        memory.set_len(10).unwrap();
        assert!(segments.read(&lent(0, 100)).is_err());
    }
}
