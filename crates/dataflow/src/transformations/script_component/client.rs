//! The running script of a component: what is sent to it, what comes back.
//!
//! A thread of its own takes what the host sends. What the script asks of the engine (variables,
//! events, connections) is answered there, so a script never waits for the engine's threads;
//! rows are handed to the component. They cannot pile up: the host sends at most two batches of
//! an output that were not yet taken, and one answer for each of the two batches of an input.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TryRecvError, TrySendError, sync_channel};
use std::thread::JoinHandle;

use arrow::buffer::Buffer;
use packmule_runtime::{Events, Reported};
use packmule_scripts::{
    Incoming, Message, Run, Script, ScriptError, ScriptKind, Scripts, Session, SessionContext,
    Thrown,
};
use serde_json::{Value as Json, json};

use super::layout::{Layout, wire_inputs, wire_outputs};
use crate::codes;
use crate::site::Site;

/// Rows of a batch that the host sends, roughly.
const OUT_ROWS: usize = 16_384;
/// Bytes of a batch that the host sends, roughly.
const OUT_BYTES: usize = 8 << 20;

/// Answers and failures that may wait beside batches.
const OTHERS: usize = 8;

/// What comes from the script.
#[derive(Debug)]
pub(super) enum FromScript {
    /// It is through with a batch (`batch_done`).
    Done(Message),
    /// Rows of an asynchronous output (`out_batch`).
    Rows(Message),
    /// It failed, or its host ended: nothing more comes.
    Failed(ScriptError),
    /// The answer to `open` or `finish`.
    Reply(Result<(), ScriptError>),
}

/// A script that was opened.
pub(super) struct Client {
    run: Arc<Run>,
    from: Receiver<FromScript>,
    pump: Option<JoinHandle<()>>,
    shared: Arc<Shared>,
    /// The run is over: nothing is sent any more.
    over: bool,
    /// Nothing comes any more.
    lost: bool,
}

/// What the pump and the component tell each other.
#[derive(Default)]
struct Shared {
    /// The next answer is the last one.
    finishing: AtomicBool,
    /// A write to a variable was refused and raised as an error.
    refused: AtomicBool,
}

impl Client {
    /// Loads and opens the script: constructor, AcquireConnections, PreExecute. What goes wrong
    /// is raised here.
    pub(super) fn open(
        site: &Site<'_>,
        script: &Script,
        layout: &Layout,
    ) -> Result<Self, Reported> {
        let raise = |error: &ScriptError| {
            super::failure(error).raise(&site.events);
            Reported
        };
        let services = &site.flow.services;
        let owner = site.component.ref_id.as_str();
        let loaded = Scripts::of(services)
            .load(script, owner)
            .map_err(|e| raise(&e))?;
        let mut session = session(site);
        session
            .lock_lists(&script.read_only, &[])
            .map_err(|error| error.report(&site.events))?;
        let run = Arc::new(loaded.host.open_run(&services.cancel));
        let header = open_header(site, script, layout, &session, (&run, loaded.script))?;
        run.begin(header, Buffer::default())
            .map_err(|e| raise(&e))?;
        let under_way = 2 * (layout.inputs.len() + layout.outputs.len());
        let (sender, from) = sync_channel(under_way + OTHERS);
        let shared = Arc::<Shared>::default();
        let mut pump = Pump {
            run: Arc::clone(&run),
            session,
            to: sender,
            shared: Arc::clone(&shared),
            events: site.events.clone(),
        };
        let pump = std::thread::Builder::new()
            .name("script-component".to_owned())
            .spawn(move || pump.run());
        let pump = pump.map_err(|error| {
            let text = format!("a thread for the script cannot be started: {error}");
            site.events.error_text(codes::E_FAIL, text, None)
        })?;
        let mut client = Self {
            run,
            from,
            pump: Some(pump),
            shared,
            over: false,
            lost: false,
        };
        match client.take_reply() {
            Ok(()) => Ok(client),
            Err(error) => {
                // it is over without `finish`
                client.over = true;
                Err(raise(&error))
            }
        }
    }

    /// PrimeOutput begins.
    pub(super) fn start(&mut self) -> Result<(), ScriptError> {
        self.send(json!({"type": "start"}), Buffer::default())
    }

    /// A host that cannot be reached has ended: its end is told once.
    fn send(&mut self, header: Json, payload: Buffer) -> Result<(), ScriptError> {
        let sent = self.run.send(header, payload);
        self.lost |= sent.is_err();
        sent
    }

    /// Sends rows of an input.
    pub(super) fn batch(
        &mut self,
        input: usize,
        number: u64,
        rows: usize,
        end: bool,
        columns: Vec<u8>,
    ) -> Result<(), ScriptError> {
        let header = json!({
            "type": "batch", "input": input, "batch": number, "rows": rows, "end": end,
        });
        let sent = self.run.send_rows(header, Buffer::from_vec(columns));
        self.lost |= sent.is_err();
        sent
    }

    /// Says that a batch of an output was taken.
    pub(super) fn credit(&mut self, output: usize) -> Result<(), ScriptError> {
        let header = json!({"type": "credit", "output": output});
        self.send(header, Buffer::default())
    }

    /// What comes next; `None` when nothing is there and nothing is waited for.
    pub(super) fn receive(&mut self, wait: bool) -> Option<FromScript> {
        let received = if wait {
            self.from.recv().map_err(|_| TryRecvError::Disconnected)
        } else {
            self.from.try_recv()
        };
        let came = match received {
            Ok(came) => came,
            Err(TryRecvError::Empty) => return None,
            Err(TryRecvError::Disconnected) => FromScript::Failed(lost()),
        };
        if let FromScript::Failed(error) = &came {
            // an exception leaves the run open for `finish`; a lost host does not
            self.lost |= !matches!(error, ScriptError::Script(_));
        }
        Some(came)
    }

    fn take_reply(&mut self) -> Result<(), ScriptError> {
        loop {
            match self.receive(true) {
                Some(FromScript::Reply(result)) => return result,
                Some(FromScript::Failed(error)) if self.lost => return Err(error),
                // rows that nobody wants any more
                Some(_) | None => {}
            }
        }
    }

    /// PostExecute, if wanted, and ReleaseConnections. What goes wrong is raised.
    pub(super) fn finish(
        &mut self,
        run_post_execute: bool,
        events: &Events,
    ) -> Result<(), Reported> {
        if self.over || self.lost {
            return Ok(());
        }
        self.over = true;
        self.shared.finishing.store(true, Ordering::SeqCst);
        let header = json!({"type": "finish", "run_post_execute": run_post_execute});
        let result = match self.run.begin(header, Buffer::default()) {
            Ok(_) => self.take_reply(),
            Err(error) => Err(error),
        };
        self.join();
        if let Err(error) = result {
            super::failure(&error).raise(events);
            return Err(Reported);
        }
        match self.shared.refused.load(Ordering::SeqCst) {
            true => Err(Reported),
            false => Ok(()),
        }
    }

    fn join(&mut self) {
        if let Some(pump) = self.pump.take() {
            // a panic in it has been a lost channel before
            let _ = pump.join();
        }
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        // the data flow did not come to its PostExecute: another component could not be bound
        if !self.over && !self.lost {
            self.over = true;
            self.shared.finishing.store(true, Ordering::SeqCst);
            let header = json!({"type": "finish", "run_post_execute": false});
            if self.run.begin(header, Buffer::default()).is_ok() {
                // there is nobody to tell what goes wrong now
                let _ = self.take_reply();
            }
        }
        self.join();
    }
}

fn lost() -> ScriptError {
    ScriptError::Protocol("nothing, though the run was not over".to_owned())
}

fn session(site: &Site<'_>) -> Session {
    let names = Arc::clone(&site.flow.package);
    let task = site.flow.task;
    Session::new(SessionContext {
        kind: ScriptKind::Component,
        scope: Arc::clone(&site.flow.scope),
        connections: Arc::clone(&site.flow.connections),
        services: site.flow.services.clone(),
        events: site.events.clone(),
        column_name: Box::new(move |lineage| column_name(&names, task, lineage)),
    })
}

/// `GetIdentificationStringByID`: `Component.Outputs[Output].Columns[Column]`.
fn column_name(
    package: &packmule_dtsx::model::Package,
    task: packmule_dtsx::model::NodeId,
    lineage: i32,
) -> Option<String> {
    let pipeline = crate::run::pipeline_of(package, task)?;
    let (component, output, column) =
        pipeline.find_lineage(packmule_dtsx::model::LineageId(lineage))?;
    Some(format!(
        "{}.Outputs[{}].Columns[{}]",
        component.name, output.name, column.name
    ))
}

fn open_header(
    site: &Site<'_>,
    script: &Script,
    layout: &Layout,
    session: &Session,
    (run, number): (&Run, u32),
) -> Result<Json, Reported> {
    let component = site.component;
    let variables = session
        .variables(run)
        .map_err(|(code, text)| site.events.error_text(code, text, None))?;
    let connections = component.connections.iter().map(|connection| {
        json!({
            "id": connection.id,
            "name": connection.name,
            "connection": session.connection(connection),
        })
    });
    Ok(json!({
        "type": "open",
        "script": number,
        "name": component.name,
        "id": component.id,
        "class_id": component.stored_class,
        "identification": format!("{} [{}]", component.name, component.id),
        "locale": site.lcid(),
        "inputs": wire_inputs(site, layout),
        "outputs": wire_outputs(site),
        "connections": connections.collect::<Vec<_>>(),
        "variables": variables,
        "write_variables": script.read_write,
        "batch_rows": OUT_ROWS,
        "batch_bytes": OUT_BYTES,
    }))
}

/// Takes what the host sends until the run is over.
struct Pump {
    run: Arc<Run>,
    session: Session,
    to: SyncSender<FromScript>,
    shared: Arc<Shared>,
    events: Events,
}

impl Pump {
    fn run(&mut self) {
        loop {
            let (came, last) = match self.next() {
                Ok(Some(came)) => came,
                Ok(None) => continue,
                Err(error) => (FromScript::Failed(error), true),
            };
            if last {
                self.end();
            }
            self.hand_over(came);
            if last {
                break;
            }
        }
    }

    /// The channel has room for all that may be under way.
    fn hand_over(&self, came: FromScript) {
        if let Err(TrySendError::Full(came)) = self.to.try_send(came) {
            let why = "it was killed because it sent more batches than it had leave for";
            self.run.host().kill(why);
            // waits for the component; one that was dropped listens no more
            let _ = self.to.send(came);
        }
    }

    fn end(&mut self) {
        if let Some(refused) = self.session.refused() {
            // the script was not told, because it does not wait for its writes
            refused.report(&self.events);
            self.shared.refused.store(true, Ordering::SeqCst);
        }
        self.session.end();
    }

    /// The next thing for the component, and whether it is the last one.
    fn next(&mut self) -> Result<Option<(FromScript, bool)>, ScriptError> {
        let message = match self.run.next()? {
            Incoming::Reply { header, .. } => {
                let result = match header.get("error").filter(|e| !e.is_null()) {
                    Some(error) => Err(ScriptError::Script(Thrown::of(error))),
                    None => Ok(()),
                };
                let finishing = self.shared.finishing.load(Ordering::SeqCst);
                let last = result.is_err() || finishing;
                return Ok(Some((FromScript::Reply(result), last)));
            }
            Incoming::Message(message) => message,
        };
        let Some(message) = self.session.serve(&self.run, message)? else {
            return Ok(None);
        };
        let came = match message.kind() {
            "batch_done" => FromScript::Done(message),
            "out_batch" => FromScript::Rows(message),
            "failed" => {
                let error = message.header.get("error").unwrap_or(&Json::Null);
                FromScript::Failed(ScriptError::Script(Thrown::of(error)))
            }
            _ => {
                self.session.refuse(&self.run, &message)?;
                return Ok(None);
            }
        };
        Ok(Some((came, false)))
    }
}
