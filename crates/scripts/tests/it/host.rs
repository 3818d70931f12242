//! The host as a process: calls, its end, and who is told of it.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use arrow::buffer::Buffer;
use packmule_runtime::Cancel;
use packmule_scripts::{Incoming, ScriptError, Scripts};
use serde_json::json;

use crate::built;

const SHORT: Duration = Duration::from_secs(20);

#[test]
fn requests_are_answered_or_refused() {
    if !built() {
        return;
    }
    let scripts = Scripts::new(Vec::new());
    let host = scripts.host().unwrap();
    let ping = || host.call(json!({"type": "ping"}), Buffer::default(), SHORT);
    ping().unwrap();
    let unknown = host.call(json!({"type": "nonsense"}), Buffer::default(), SHORT);
    assert!(
        matches!(&unknown, Err(ScriptError::Script(t)) if t.kind == "request"),
        "{unknown:?}"
    );
    let run = host.open_run(&Cancel::new());
    let request = json!({"type": "run_task", "script": 99, "name": "x"});
    let call = run.begin(request, Buffer::default()).unwrap();
    match run.next().unwrap() {
        Incoming::Reply {
            call: answered,
            header,
            ..
        } => {
            assert_eq!(answered, call);
            assert!(header.get("error").is_some(), "{header}");
        }
        Incoming::Message(message) => panic!("{message:?}"),
    }
    let nothing = run.next_before(Instant::now() + Duration::from_millis(10));
    assert!(nothing.unwrap().is_none());
    ping().unwrap();
    scripts.end();
    assert!(matches!(ping(), Err(ScriptError::Ended { .. })));
}

#[test]
fn whoever_waits_is_told_of_the_end() {
    if !built() {
        return;
    }
    let scripts = Scripts::new(Vec::new());
    let host = scripts.host().unwrap();
    let run = Arc::new(host.open_run(&Cancel::new()));
    let waiting = run.clone();
    let thread = std::thread::spawn(move || waiting.next());
    host.kill("the test ended it");
    let told = thread.join().unwrap();
    assert!(
        matches!(&told, Err(e) if e.to_string().contains("the test ended it")),
        "{told:?}"
    );
    assert!(!host.is_alive());
    let sent = run.send(json!({"type": "start"}), Buffer::default());
    assert!(sent.is_err());
    let again = scripts.host().unwrap();
    assert_ne!(
        again.process_id(),
        host.process_id(),
        "the next one gets a new host"
    );
    assert!(again.is_alive());
}

#[test]
fn messages_larger_than_a_frame_are_refused() {
    if !built() {
        return;
    }
    let scripts = Scripts::new(Vec::new());
    let host = scripts.host().unwrap();
    let large = Buffer::from_vec(vec![0_u8; 300 << 20]);
    let sent = host.call(json!({"type": "ping"}), large, SHORT);
    assert!(matches!(&sent, Err(ScriptError::Protocol(_))), "{sent:?}");
    host.call(json!({"type": "ping"}), Buffer::default(), SHORT)
        .unwrap();
}

/// SSIS 2005 stores its binaries without the last two bytes, zeros that fill the last section.
#[test]
fn a_binary_without_the_zeros_at_its_end() {
    if !built() {
        return;
    }
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../target/script-host");
    let folder = std::env::var_os("PACKMULE_SCRIPT_HOST").map_or(folder, PathBuf::from);
    let binary = std::fs::read(folder.join("warm-task.dll")).unwrap();
    let scripts = Scripts::new(Vec::new());
    let host = scripts.host().unwrap();
    for (cut, runs) in [
        (0, true),
        (2, true),
        (511, true),
        (512, false),
        (5000, false),
    ] {
        let bytes = binary[..binary.len() - cut].to_vec();
        let header = json!({
            "type": "check", "kind": "task", "name": "x", "language": "CSharp", "prefer": "binary",
            "parts": [{"part": "binary", "name": "x.dll", "size": bytes.len()}],
        });
        let answer = host.call(header, Buffer::from_vec(bytes), SHORT).unwrap();
        let from_binary = answer.header.get("from").is_some_and(|f| f == "binary");
        assert_eq!(from_binary, runs, "{cut} bytes cut off: {}", answer.header);
    }
}
