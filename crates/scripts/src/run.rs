//! One running script: its messages in the order sent, and its cancellation.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use arrow::buffer::Buffer;
use packmule_runtime::Cancel;
use packmule_runtime::cancel::CancelGuard;
use parking_lot::{Condvar, Mutex};
use serde_json::{Value as Json, json};

use crate::error::{ScriptError, Thrown};
use crate::host::Host;

/// How long a cancelled script may take before its host is killed.
pub const KILL_TIMEOUT: Duration = Duration::from_secs(10);
/// Bytes of messages that may wait; more is a flood.
const WAITING_BYTES_MAX: usize = 128 * 1024 * 1024;
/// Messages that may wait.
const WAITING_MAX: usize = 65_536;
/// What a message counts beside its payload.
const MESSAGE_BYTES: usize = 512;

/// A message of the host that belongs to a run.
#[derive(Debug, Clone)]
pub struct Message {
    /// Its header.
    pub header: Json,
    /// Its payload.
    pub payload: Buffer,
}

impl Message {
    /// Its type.
    pub fn kind(&self) -> &str {
        self.text("type")
    }

    /// A text of its header; empty when it is not there.
    pub fn text(&self, name: &str) -> &str {
        let found = self.header.get(name).and_then(Json::as_str);
        found.unwrap_or_default()
    }

    /// A whole number of its header.
    pub fn integer(&self, name: &str) -> Option<i64> {
        self.header.get(name).and_then(Json::as_i64)
    }

    /// A Boolean of its header; False when it is not there.
    pub fn flag(&self, name: &str) -> bool {
        let found = self.header.get(name).and_then(Json::as_bool);
        found.unwrap_or(false)
    }

    /// The number by which it is answered, if it wants an answer.
    pub fn call(&self) -> Option<u64> {
        self.header.get("call").and_then(Json::as_u64)
    }
}

/// What comes to a run.
#[derive(Debug)]
pub enum Incoming {
    /// The answer to a request of [`Run::begin`].
    Reply {
        /// Its number.
        call: u64,
        /// The answer; a failed one has a member `error`.
        header: Json,
        /// Its payload.
        payload: Buffer,
    },
    /// A message of the script.
    Message(Message),
}

/// The error of a reply's header, if it is one.
pub(crate) fn reply_error(header: &Json) -> Option<ScriptError> {
    let error = header.get("error").filter(|e| !e.is_null())?;
    Some(ScriptError::Script(Thrown::of(error)))
}

/// Messages of one run that wait.
#[derive(Default)]
pub(crate) struct RunQueue {
    state: Mutex<QueueState>,
    changed: Condvar,
}

#[derive(Default)]
struct QueueState {
    waiting: VecDeque<Incoming>,
    bytes: usize,
    ended: bool,
    cancelled: Option<Instant>,
}

impl RunQueue {
    /// Adds a message; false when too much waits.
    pub(crate) fn push(&self, incoming: Incoming, bytes: usize) -> bool {
        let mut state = self.state.lock();
        state.bytes = state.bytes.saturating_add(bytes + MESSAGE_BYTES);
        state.waiting.push_back(incoming);
        self.changed.notify_all();
        state.bytes <= WAITING_BYTES_MAX && state.waiting.len() <= WAITING_MAX
    }

    /// The host has ended.
    pub(crate) fn end(&self) {
        self.state.lock().ended = true;
        self.changed.notify_all();
    }

    fn cancel(&self) {
        let mut state = self.state.lock();
        state.cancelled.get_or_insert_with(Instant::now);
        self.changed.notify_all();
    }
}

fn size_of(incoming: &Incoming) -> usize {
    MESSAGE_BYTES
        + match incoming {
            Incoming::Reply { payload, .. } => payload.len(),
            Incoming::Message(message) => message.payload.len(),
        }
}

/// A running script. Several threads may send; one takes what comes.
pub struct Run {
    id: u32,
    host: Arc<Host>,
    queue: Arc<RunQueue>,
    _cancel: CancelGuard,
}

impl Run {
    pub(crate) fn new(id: u32, host: Arc<Host>, queue: Arc<RunQueue>, cancel: &Cancel) -> Self {
        let (to, waiting) = (Arc::downgrade(&host), queue.clone());
        let guard = cancel.on_cancel(move || {
            waiting.cancel();
            if let Some(host) = to.upgrade() {
                // One that has ended needs no cancelling.
                let _ = host.send_at_once(&json!({"type": "cancel", "run": id}));
            }
        });
        Self {
            id,
            host,
            queue,
            _cancel: guard,
        }
    }

    /// Its number.
    pub fn id(&self) -> u32 {
        self.id
    }

    /// The host it runs in.
    pub fn host(&self) -> &Arc<Host> {
        &self.host
    }

    /// Sends a request of this run; its answer comes by [`Run::next`].
    ///
    /// # Errors
    /// The host has ended, or the message is too large.
    pub fn begin(&self, header: Json, payload: Buffer) -> Result<u64, ScriptError> {
        let call = self.host.next_call_of(&self.queue);
        let header = self.own(header, Some(call));
        self.host.send(&header, payload)?;
        Ok(call)
    }

    /// Sends a message of this run that wants no answer.
    ///
    /// # Errors
    /// As [`Run::begin`].
    pub fn send(&self, header: Json, payload: Buffer) -> Result<(), ScriptError> {
        self.host.send(&self.own(header, None), payload)
    }

    /// Sends rows that want no answer of their own; by shared memory where that is to be had.
    ///
    /// # Errors
    /// As [`Run::begin`].
    pub fn send_rows(&self, header: Json, payload: Buffer) -> Result<(), ScriptError> {
        self.host.send_rows(self.own(header, None), payload)
    }

    fn own(&self, mut header: Json, call: Option<u64>) -> Json {
        if let Some(members) = header.as_object_mut() {
            members.insert("run".to_owned(), self.id.into());
            if let Some(call) = call {
                members.insert("call".to_owned(), call.into());
            }
        }
        header
    }

    /// Answers a message; one that wants no answer gets none.
    ///
    /// # Errors
    /// As [`Run::begin`].
    pub fn answer(&self, message: &Message, header: Json) -> Result<(), ScriptError> {
        self.answer_with(message, header, Buffer::default())
    }

    /// Answers a message with rows.
    ///
    /// # Errors
    /// As [`Run::begin`].
    pub fn answer_with(
        &self,
        message: &Message,
        mut header: Json,
        payload: Buffer,
    ) -> Result<(), ScriptError> {
        let (Some(call), Some(members)) = (message.call(), header.as_object_mut()) else {
            return Ok(());
        };
        members.insert("type".to_owned(), "reply".into());
        members.insert("call".to_owned(), call.into());
        self.host.send(&header, payload)
    }

    /// Answers a message with a failure: the script sees an exception with this HResult.
    ///
    /// # Errors
    /// As [`Run::begin`].
    pub fn fail(&self, message: &Message, code: u32, text: &str) -> Result<(), ScriptError> {
        let code = i32::from_le_bytes(code.to_le_bytes());
        let error = json!({"error": {"kind": "engine", "code": code, "text": text}});
        self.answer(message, error)
    }

    /// Waits for what comes next.
    ///
    /// # Errors
    /// The host has ended, by itself or because the script did not end after it was cancelled.
    pub fn next(&self) -> Result<Incoming, ScriptError> {
        loop {
            if let Some(incoming) = self.wait(None)? {
                return Ok(incoming);
            }
        }
    }

    /// As [`Run::next`], up to a moment; `None` when nothing came.
    ///
    /// # Errors
    /// As [`Run::next`].
    pub fn next_before(&self, moment: Instant) -> Result<Option<Incoming>, ScriptError> {
        self.wait(Some(moment))
    }

    fn wait(&self, moment: Option<Instant>) -> Result<Option<Incoming>, ScriptError> {
        let mut state = self.queue.state.lock();
        loop {
            if let Some(incoming) = state.waiting.pop_front() {
                state.bytes = state.bytes.saturating_sub(size_of(&incoming));
                return Ok(Some(incoming));
            }
            if state.ended {
                drop(state);
                return Err(self.host.ended());
            }
            let kill_at = state.cancelled.map(|at| at + KILL_TIMEOUT);
            let now = Instant::now();
            if kill_at.is_some_and(|at| at <= now) {
                state.cancelled = None;
                drop(state);
                let seconds = KILL_TIMEOUT.as_secs();
                let why = format!(
                    "it was killed because the script did not end within {seconds} s after it was \
                     cancelled"
                );
                self.host.kill(&why);
                state = self.queue.state.lock();
                continue;
            }
            if moment.is_some_and(|at| at <= now) {
                return Ok(None);
            }
            match [kill_at, moment].into_iter().flatten().min() {
                Some(until) => {
                    self.queue.changed.wait_until(&mut state, until);
                }
                None => self.queue.changed.wait(&mut state),
            }
        }
    }

    /// Waits for the answer to one request; messages before it go to `serve`.
    ///
    /// # Errors
    /// As [`Run::next`], what `serve` fails with, or the answer is a failure.
    pub fn finish(
        &self,
        wanted: u64,
        mut serve: impl FnMut(Message) -> Result<(), ScriptError>,
    ) -> Result<(Json, Buffer), ScriptError> {
        loop {
            match self.next()? {
                Incoming::Message(message) => serve(message)?,
                Incoming::Reply {
                    call,
                    header,
                    payload,
                } if call == wanted => {
                    return match reply_error(&header) {
                        Some(error) => Err(error),
                        None => Ok((header, payload)),
                    };
                }
                Incoming::Reply { call, .. } => {
                    let text =
                        format!("an answer to request {call} of a run that waits for another");
                    return Err(ScriptError::Protocol(text));
                }
            }
        }
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        self.host.close_run(self.id);
    }
}

impl std::fmt::Debug for Run {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Run")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}
