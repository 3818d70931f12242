//! The host process: its frames, calls and end.
//!
//! Two threads serve it. One reads frames and never waits: answers go to whoever waits for them,
//! messages of a run into that run's queue. One writes what others want to send. When the host
//! ends, or is ended, everybody who waits for it is told.

use std::collections::{BTreeMap, VecDeque};
use std::io::BufReader;
use std::process::{ChildStdin, ChildStdout};
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

use arrow::buffer::Buffer;
use packmule_runtime::Cancel;
use parking_lot::{Condvar, Mutex};
use serde_json::{Value as Json, json};

use crate::error::ScriptError;
use crate::frame::{self, ReadError};
use crate::held::Held;
use crate::process::{self, Process, StartOptions};
use crate::run::{Incoming, Message, Run, RunQueue, reply_error};
use crate::segments::Segments;

/// Bytes that may wait to be written before senders wait.
const OUTBOX_BYTES: usize = 64 * 1024 * 1024;
/// Bytes that may wait in any case: answers that the host asks for and does not read.
const OUTBOX_BYTES_MAX: usize = 1024 * 1024 * 1024;
/// How long the greeting may take.
const HELLO_TIMEOUT: Duration = Duration::from_secs(30);
/// How long the host may take to open a segment of memory.
const SEGMENT_TIMEOUT: Duration = Duration::from_secs(30);
/// The protocol's version.
const PROTOCOL: u64 = 1;

/// An answer of the host.
#[derive(Debug, Clone)]
pub struct Reply {
    /// Its header.
    pub header: Json,
    /// Its payload.
    pub payload: Buffer,
}

/// A running host.
pub struct Host {
    process: Process,
    outbox: Arc<Outbox>,
    calls: Mutex<BTreeMap<u64, Waiter>>,
    next_call: AtomicU64,
    runs: Mutex<BTreeMap<u32, Arc<RunQueue>>>,
    next_run: AtomicU32,
    /// Why it has ended; set once.
    end: Mutex<Option<End>>,
    /// Why it was killed, before the end is known.
    killed: Mutex<Option<String>>,
    segments: Segments,
    /// Rows of the engine that scripts hold.
    pub(crate) held: Held,
}

#[derive(Debug, Clone)]
struct End {
    fate: String,
    output: Vec<String>,
}

/// Who waits for an answer.
enum Waiter {
    Call(Arc<Pending>),
    Run(Arc<RunQueue>),
}

#[derive(Default)]
struct Pending {
    answer: Mutex<Option<Option<Reply>>>,
    changed: Condvar,
}

impl Pending {
    fn set(&self, answer: Option<Reply>) {
        *self.answer.lock() = Some(answer);
        self.changed.notify_all();
    }
}

/// What is to be written.
#[derive(Default)]
struct Outbox {
    state: Mutex<OutboxState>,
    changed: Condvar,
}

#[derive(Default)]
struct OutboxState {
    frames: VecDeque<(Vec<u8>, Buffer)>,
    bytes: usize,
    closed: bool,
}

impl Host {
    /// Starts a host and greets it. One that is started ahead makes itself warm; one that has
    /// work at once does not, for that would only be in its way.
    pub(crate) fn start(options: &StartOptions, is_ahead: bool) -> Result<Arc<Self>, ScriptError> {
        let started = process::start(options)?;
        let host = Arc::new(Self {
            process: started.process,
            outbox: Arc::default(),
            calls: Mutex::default(),
            next_call: AtomicU64::new(1),
            runs: Mutex::default(),
            next_run: AtomicU32::new(1),
            end: Mutex::new(None),
            killed: Mutex::new(None),
            segments: Segments::default(),
            held: Held::default(),
        });
        let outbox = host.outbox.clone();
        let input = started.input;
        spawn("script-host-writer", move || write_all(input, &outbox))?;
        let weak = Arc::downgrade(&host);
        let output = started.output;
        spawn("script-host-reader", move || read_all(output, &weak))?;
        let hello = json!({
            "type": "hello", "protocol": PROTOCOL,
            "engine": concat!("packmule ", env!("CARGO_PKG_VERSION")), "pid": std::process::id(),
            "warm": is_ahead,
        });
        let reply = host.call(hello, Buffer::default(), HELLO_TIMEOUT)?;
        match reply.header.get("protocol").and_then(Json::as_u64) {
            Some(PROTOCOL) => Ok(host),
            other => Err(ScriptError::Protocol(format!(
                "protocol {other:?} in place of {PROTOCOL}"
            ))),
        }
    }

    /// Its process id.
    pub fn process_id(&self) -> i32 {
        self.process.id()
    }

    /// Whether it still runs.
    pub fn is_alive(&self) -> bool {
        self.end.lock().is_none() && self.killed.lock().is_none()
    }

    /// Begins a run; when `cancel` is set the script is cancelled, and killed with its host if it
    /// does not end.
    pub fn open_run(self: &Arc<Self>, cancel: &Cancel) -> Run {
        let id = self.next_run.fetch_add(1, Ordering::Relaxed);
        let queue = Arc::new(RunQueue::default());
        self.runs.lock().insert(id, queue.clone());
        if self.end.lock().is_some() {
            queue.end();
        }
        Run::new(id, self.clone(), queue, cancel)
    }

    /// Runs that are under way.
    pub(crate) fn run_count(&self) -> usize {
        self.runs.lock().len()
    }

    pub(crate) fn close_run(&self, id: u32) {
        let queue = self.runs.lock().remove(&id);
        if let Some(queue) = queue {
            // Nobody is left to wait for them.
            let of_run = |w: &Waiter| matches!(w, Waiter::Run(q) if Arc::ptr_eq(q, &queue));
            self.calls.lock().retain(|_, waiter| !of_run(waiter));
        }
    }

    /// Sends a request that belongs to no run and waits for the answer.
    ///
    /// # Errors
    /// The host has ended or does not answer in time (then it is ended), or the answer is a
    /// failure.
    pub fn call(
        &self,
        mut header: Json,
        payload: Buffer,
        timeout: Duration,
    ) -> Result<Reply, ScriptError> {
        let pending = Arc::new(Pending::default());
        let call = self.new_call(Waiter::Call(pending.clone()));
        if let Some(members) = header.as_object_mut() {
            members.insert("call".to_owned(), call.into());
        }
        if let Err(error) = self.send(&header, payload) {
            self.calls.lock().remove(&call);
            return Err(error);
        }
        let until = Instant::now() + timeout;
        let mut answer = pending.answer.lock();
        while answer.is_none() {
            if pending.changed.wait_until(&mut answer, until).timed_out() && answer.is_none() {
                drop(answer);
                self.calls.lock().remove(&call);
                let request = header["type"].as_str().unwrap_or_default().to_owned();
                let seconds = timeout.as_secs();
                self.kill(&format!(
                    "it was killed because it did not answer \"{request}\" within {seconds} s"
                ));
                return Err(ScriptError::Timeout { request, seconds });
            }
        }
        match answer.take().flatten() {
            None => {
                drop(answer);
                Err(self.ended())
            }
            Some(reply) => match reply_error(&reply.header) {
                Some(error) => Err(error),
                None => Ok(reply),
            },
        }
    }

    pub(crate) fn next_call_of(&self, queue: &Arc<RunQueue>) -> u64 {
        self.new_call(Waiter::Run(queue.clone()))
    }

    fn new_call(&self, waiter: Waiter) -> u64 {
        let call = self.next_call.fetch_add(1, Ordering::Relaxed);
        let mut calls = self.calls.lock();
        // Looked at under the lock: whoever ends the host takes all waiters under it.
        if self.end.lock().is_some() {
            match waiter {
                Waiter::Call(pending) => pending.set(None),
                Waiter::Run(queue) => queue.end(),
            }
        } else {
            calls.insert(call, waiter);
        }
        call
    }

    /// Sends a frame; waits while too much is to be written.
    ///
    /// # Errors
    /// The host has ended, or the frame is too large.
    pub fn send(&self, header: &Json, payload: Buffer) -> Result<(), ScriptError> {
        self.put(header, payload, true)
    }

    /// Sends a frame with rows: by shared memory where that is to be had.
    ///
    /// # Errors
    /// As [`Host::send`].
    pub fn send_rows(&self, mut header: Json, payload: Buffer) -> Result<(), ScriptError> {
        let announce = |segment: Json| {
            let answer = self.call(segment, Buffer::default(), SEGMENT_TIMEOUT);
            answer.is_ok()
        };
        let slot = self.segments.lend(payload.as_slice(), announce);
        match (slot, header.as_object_mut()) {
            (Some(slot), Some(members)) => {
                members.insert("slot".to_owned(), slot.into());
                members.insert("slot_bytes".to_owned(), payload.len().into());
                self.send(&header, Buffer::default())
            }
            _ => self.send(&header, payload),
        }
    }

    /// Sends a small frame without waiting.
    pub(crate) fn send_at_once(&self, header: &Json) -> Result<(), ScriptError> {
        self.put(header, Buffer::default(), false)
    }

    fn put(&self, header: &Json, payload: Buffer, wait: bool) -> Result<(), ScriptError> {
        let text = serde_json::to_vec(header)
            .map_err(|e| ScriptError::Protocol(format!("a header cannot be written: {e}")))?;
        let Some(head) = frame::head(&text, payload.len()) else {
            return Err(ScriptError::Protocol(format!(
                "a message of {} bytes, more than a frame holds",
                text.len().saturating_add(payload.len())
            )));
        };
        let size = head.len() + payload.len();
        let mut state = self.outbox.state.lock();
        while wait && !state.closed && state.bytes > OUTBOX_BYTES {
            self.outbox.changed.wait(&mut state);
        }
        if state.closed {
            drop(state);
            return Err(self.ended());
        }
        state.bytes += size;
        state.frames.push_back((head, payload));
        self.outbox.changed.notify_all();
        let flooded = state.bytes > OUTBOX_BYTES_MAX;
        drop(state);
        if flooded {
            self.kill("it was killed because it did not take what it had asked for");
        }
        Ok(())
    }

    /// Ends the process at once; whoever waits is told why.
    pub fn kill(&self, why: &str) {
        self.killed.lock().get_or_insert_with(|| why.to_owned());
        self.process.kill();
    }

    /// Asks it to end in order; it is ended after a moment if it does not.
    pub(crate) fn shut_down(&self) {
        let _ = self.send_at_once(&json!({"type": "shutdown"}));
        self.close_outbox(false);
        self.process.wait();
    }

    /// Why it has ended; waits until that is known.
    pub(crate) fn ended(&self) -> ScriptError {
        let end = self.end.lock().clone();
        let End { fate, output } = end.unwrap_or_else(|| self.find_end());
        ScriptError::Ended { fate, output }
    }

    fn find_end(&self) -> End {
        let status = self.process.wait();
        let killed = self.killed.lock().clone();
        End {
            fate: killed.unwrap_or_else(|| process::describe(status)),
            output: self.process.last_lines(),
        }
    }

    fn close_outbox(&self, drop_frames: bool) {
        let mut state = self.outbox.state.lock();
        state.closed = true;
        if drop_frames {
            state.frames.clear();
        }
        self.outbox.changed.notify_all();
    }

    /// Its output has ended: tells everybody.
    fn finish(&self) {
        self.close_outbox(true);
        let end = self.find_end();
        let mut calls = self.calls.lock();
        self.end.lock().get_or_insert(end);
        for waiter in std::mem::take(&mut *calls).into_values() {
            if let Waiter::Call(pending) = waiter {
                pending.set(None);
            }
        }
        drop(calls);
        for queue in self.runs.lock().values() {
            queue.end();
        }
        self.held.clear();
    }

    /// Takes one frame to where it belongs.
    fn receive(&self, header: Json, payload: Buffer) {
        let payload = match self.segments.read(&header) {
            Ok(None) => payload,
            Ok(Some(rows)) => {
                // A host that has ended wants nothing back.
                let free = json!({"type": "free", "slot": header["slot"]});
                let _ = self.send_at_once(&free);
                rows
            }
            Err(text) => {
                self.kill(&format!("it sent what is no message: {text}"));
                return;
            }
        };
        let kind = header
            .get("type")
            .and_then(Json::as_str)
            .unwrap_or_default();
        if kind == "reply" {
            self.receive_reply(header, payload);
            return;
        }
        let run = header.get("run").and_then(Json::as_u64);
        let Some(run) = run.and_then(|r| u32::try_from(r).ok()) else {
            self.receive_own(&header);
            return;
        };
        let queue = self.runs.lock().get(&run).cloned();
        let Some(queue) = queue else {
            // A thread that the script left behind; the run is over.
            self.refuse(&header, "the script has ended");
            return;
        };
        let bytes = payload.len();
        let fits = queue.push(Incoming::Message(Message { header, payload }), bytes);
        if !fits {
            self.kill("it was killed because a script sent more than could be taken");
        }
    }

    fn receive_reply(&self, header: Json, payload: Buffer) {
        let call = header.get("call").and_then(Json::as_u64).unwrap_or(0);
        let waiter = self.calls.lock().remove(&call);
        match waiter {
            Some(Waiter::Call(pending)) => pending.set(Some(Reply { header, payload })),
            Some(Waiter::Run(queue)) => {
                let bytes = payload.len();
                queue.push(
                    Incoming::Reply {
                        call,
                        header,
                        payload,
                    },
                    bytes,
                );
            }
            // Its caller has gone.
            None => {}
        }
    }

    /// Messages that belong to no run.
    fn receive_own(&self, header: &Json) {
        let kind = header
            .get("type")
            .and_then(Json::as_str)
            .unwrap_or_default();
        match kind {
            "segment" => {
                let answer = self.segments.take(header, self.process.id());
                self.reply(header, answer, Buffer::default());
            }
            "free" => {
                if !self.segments.freed(header) {
                    self.kill("it was killed because it gave back memory that it did not have");
                }
            }
            "rows_read" => match self.held.read(header) {
                Ok((answer, payload)) => self.reply(header, answer, payload),
                Err(text) => self.refuse(header, &text),
            },
            "rows_release" => self.held.release(header),
            other => self.refuse(header, &format!("an unknown message \"{other}\"")),
        }
    }

    fn refuse(&self, header: &Json, text: &str) {
        let error = json!({"error": {"kind": "engine", "code": 0, "text": text}});
        self.reply(header, error, Buffer::default());
    }

    /// Answers a message of no run; the reader must not wait, so nothing here does.
    fn reply(&self, header: &Json, mut answer: Json, payload: Buffer) {
        let (Some(call), Some(members)) = (header.get("call"), answer.as_object_mut()) else {
            return;
        };
        members.insert("type".to_owned(), "reply".into());
        members.insert("call".to_owned(), call.clone());
        // A host that has ended wants no answer.
        let _ = self.put(&answer, payload, false);
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        self.close_outbox(true);
        self.process.kill();
        self.process.wait();
    }
}

impl std::fmt::Debug for Host {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Host")
            .field("process", &self.process.id())
            .finish_non_exhaustive()
    }
}

fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> Result<(), ScriptError> {
    let spawned = std::thread::Builder::new()
        .name(name.to_owned())
        .spawn(work);
    spawned.map(|_| ()).map_err(|e| ScriptError::Unavailable {
        reason: format!("a thread for the script host cannot be started: {e}"),
        remedy: "let the program have more threads (ulimit -u)".to_owned(),
    })
}

/// Writes until the outbox is closed and empty; dropping the input ends the host.
fn write_all(mut input: ChildStdin, outbox: &Outbox) {
    loop {
        let mut state = outbox.state.lock();
        let next = loop {
            match state.frames.pop_front() {
                Some(frame) => break Some(frame),
                None if state.closed => break None,
                None => outbox.changed.wait(&mut state),
            }
        };
        drop(state);
        let Some((head, payload)) = next else { return };
        let written = frame::write(&mut input, &head, &payload);
        let mut state = outbox.state.lock();
        state.bytes = state.bytes.saturating_sub(head.len() + payload.len());
        if written.is_err() {
            state.closed = true;
            state.frames.clear();
        }
        outbox.changed.notify_all();
    }
}

/// Reads until the output ends.
fn read_all(output: ChildStdout, host: &Weak<Host>) {
    let mut output = BufReader::with_capacity(256 * 1024, output);
    loop {
        let read = frame::read(&mut output);
        let Some(host) = host.upgrade() else { return };
        match read {
            Ok(frame) => host.receive(frame.header, frame.payload),
            Err(ReadError::End) => return host.finish(),
            // It died in the midst of a frame.
            Err(ReadError::Io(e)) if e.kind() == std::io::ErrorKind::UnexpectedEof => {
                return host.finish();
            }
            Err(ReadError::Io(error)) => {
                host.kill(&format!("its output could not be read: {error}"));
                return host.finish();
            }
            Err(ReadError::Form(text)) => {
                host.kill(&format!("it sent what is no message: {text}"));
                return host.finish();
            }
        }
    }
}
