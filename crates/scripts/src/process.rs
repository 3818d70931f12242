//! The host as a process: where it is found, how it is started, its last lines, its end.
//!
//! It gets an environment of its own: nothing of ours that could hold a secret goes along.

mod runtime;

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, ChildStdin, ChildStdout, ExitStatus, Stdio};
use std::sync::Arc;
use std::time::Duration;

use nix::errno::Errno;
use nix::sys::signal::{Signal, killpg};
use nix::sys::wait::{Id, WaitPidFlag, waitid};
use nix::unistd::Pid;
use parking_lot::{Condvar, Mutex};

use crate::error::ScriptError;

/// The host's file.
const HOST_FILE: &str = "packmule-script-host.exe";
/// What names the host's folder, or the file itself.
const HOST_VARIABLE: &str = "PACKMULE_SCRIPT_HOST";
/// Variables of our environment that the host gets too.
const ENVIRONMENT: &[&str] = &["PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "USER"];
/// Lines of error output that are kept.
const LINES_MAX: usize = 20;
/// Bytes of one line that are kept.
const LINE_BYTES_MAX: usize = 500;
/// How long the last lines are waited for when the process has ended.
const LINES_WAIT: Duration = Duration::from_millis(300);
/// How long an exit is waited for after its output was closed.
const EXIT_WAIT: Duration = Duration::from_millis(500);

/// How the host is started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StartOptions {
    /// Bytes of managed memory that scripts may have.
    pub(crate) memory: usize,
    /// Name of the time zone that scripts see.
    pub(crate) zone: String,
}

/// A started host with its pipes.
pub(crate) struct Started {
    pub(crate) process: Process,
    pub(crate) input: ChildStdin,
    pub(crate) output: ChildStdout,
}

/// The running process.
pub(crate) struct Process {
    group: Pid,
    exit: Arc<Exit>,
    lines: Arc<Lines>,
}

/// How the process ended, once it has.
struct Exit {
    state: Mutex<ExitState>,
    changed: Condvar,
}

struct ExitState {
    child: Child,
    ended: bool,
    status: Option<ExitStatus>,
}

/// The last lines of error output.
#[derive(Default)]
struct Lines {
    state: Mutex<LinesState>,
    changed: Condvar,
}

#[derive(Default)]
struct LinesState {
    lines: VecDeque<String>,
    ended: bool,
}

/// Where the host's file is; the first of: the variable, beside the program, the build folder.
pub(crate) fn find_host() -> Result<PathBuf, ScriptError> {
    if let Some(given) = std::env::var_os(HOST_VARIABLE) {
        let given = PathBuf::from(given);
        let file = if given.is_dir() {
            given.join(HOST_FILE)
        } else {
            given
        };
        return match file.is_file() {
            true => Ok(file),
            false => Err(ScriptError::Unavailable {
                reason: format!("{HOST_VARIABLE} names {}, which is no file", file.display()),
                remedy: format!("let {HOST_VARIABLE} name the folder of {HOST_FILE}"),
            }),
        };
    }
    let program = std::env::current_exe().unwrap_or_default();
    candidates(&program)
        .into_iter()
        .find(|file| file.is_file())
        .ok_or_else(|| ScriptError::Unavailable {
            reason: format!("the script host ({HOST_FILE}) is not there"),
            remedy: format!(
                "build it with script-host/build.sh into a folder script-host beside the program, \
                 or let {HOST_VARIABLE} name its folder"
            ),
        })
}

/// Beside the program, and in the build folder of a program or test that was just built.
fn candidates(program: &Path) -> Vec<PathBuf> {
    let above = program.ancestors().skip(1).take(4);
    above
        .map(|folder| folder.join("script-host").join(HOST_FILE))
        .collect()
}

/// Starts a host.
pub(crate) fn start(options: &StartOptions) -> Result<Started, ScriptError> {
    let host = find_host()?;
    let mut command = runtime::find(&host)?.command(&host, options.memory);
    command
        .env("TZ", &options.zone)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        // A signal of the terminal is ours to pass on.
        .process_group(0);
    for name in ENVIRONMENT {
        if let Some(value) = std::env::var_os(name) {
            command.env(name, value);
        }
    }
    let unavailable = |error: std::io::Error| ScriptError::Unavailable {
        reason: format!("the script host cannot be started: {error}"),
        remedy: runtime::INSTALL.to_owned(),
    };
    let mut child = command.spawn().map_err(unavailable)?;
    let pipes = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    let (Some(input), Some(output), Some(errors)) = pipes else {
        return Err(unavailable(std::io::Error::other("it has no pipes")));
    };
    let group = Pid::from_raw(i32::try_from(child.id()).unwrap_or(i32::MAX));
    let lines = Arc::new(Lines::default());
    let exit = Arc::new(Exit {
        state: Mutex::new(ExitState {
            child,
            ended: false,
            status: None,
        }),
        changed: Condvar::new(),
    });
    let process = Process {
        group,
        exit: exit.clone(),
        lines: lines.clone(),
    };
    let thread = |name: &str| std::thread::Builder::new().name(name.to_owned());
    let spawned = thread("script-host-errors")
        .spawn(move || read_lines(errors, &lines))
        .and_then(|_| thread("script-host-exit").spawn(move || await_exit(group, &exit)));
    if let Err(error) = spawned {
        process.kill();
        return Err(unavailable(error));
    }
    Ok(Started {
        process,
        input,
        output,
    })
}

fn read_lines(errors: ChildStderr, lines: &Lines) {
    let mut reader = BufReader::new(errors);
    let mut line = Vec::new();
    loop {
        line.clear();
        // A line without end is cut, not kept.
        let limit = u64::try_from(LINE_BYTES_MAX).unwrap_or(u64::MAX);
        let read = (&mut reader).take(limit).read_until(b'\n', &mut line);
        match read {
            Ok(0) | Err(_) => break,
            Ok(_) => {
                let text = String::from_utf8_lossy(&line).trim().to_owned();
                if !text.is_empty() {
                    let mut state = lines.state.lock();
                    if state.lines.len() == LINES_MAX {
                        state.lines.pop_front();
                    }
                    state.lines.push_back(text);
                }
            }
        }
    }
    lines.state.lock().ended = true;
    lines.changed.notify_all();
}

/// Waits for the end without taking it, so that its id stays its own, and takes it where nobody
/// can be about to kill it.
fn await_exit(group: Pid, exit: &Exit) {
    let flags = WaitPidFlag::WEXITED | WaitPidFlag::WNOWAIT;
    while waitid(Id::Pid(group), flags) == Err(Errno::EINTR) {}
    let mut state = exit.state.lock();
    state.status = state.child.wait().ok();
    state.ended = true;
    exit.changed.notify_all();
}

impl Process {
    /// Its id.
    pub(crate) fn id(&self) -> i32 {
        self.group.as_raw()
    }

    /// Ends it and what it started at once.
    pub(crate) fn kill(&self) {
        let mut state = self.exit.state.lock();
        // Once it was waited for, its id may be another's.
        if !state.ended {
            let _ = killpg(self.group, Signal::SIGKILL);
            let _ = state.child.kill();
        }
    }

    /// Waits for its end; one that does not come is made.
    pub(crate) fn wait(&self) -> Option<ExitStatus> {
        for _ in 0..2 {
            let mut state = self.exit.state.lock();
            let ended = |state: &mut ExitState| !state.ended;
            let exit = &self.exit.changed;
            exit.wait_while_for(&mut state, ended, EXIT_WAIT);
            if state.ended {
                return state.status;
            }
            drop(state);
            self.kill();
        }
        None
    }

    /// The last lines of its error output.
    pub(crate) fn last_lines(&self) -> Vec<String> {
        let mut state = self.lines.state.lock();
        if !state.ended {
            self.lines.changed.wait_for(&mut state, LINES_WAIT);
        }
        state.lines.iter().cloned().collect()
    }
}

/// How a process ended, for people.
pub(crate) fn describe(status: Option<ExitStatus>) -> String {
    let Some(status) = status else {
        return "nothing is known of its end".to_owned();
    };
    match (status.signal(), status.code()) {
        (Some(number), _) => {
            let name = Signal::try_from(number).map_or("", Signal::as_str);
            format!("it was killed by signal {number} {name}")
        }
        (None, Some(code)) => format!("its exit code was {code}"),
        (None, None) => status.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_is_looked_for_beside_the_program_and_in_the_build_folder() {
        let found = candidates(Path::new("/x/target/debug/deps/test-1"));
        let wanted = [
            "/x/target/debug/deps/script-host/packmule-script-host.exe",
            "/x/target/debug/script-host/packmule-script-host.exe",
            "/x/target/script-host/packmule-script-host.exe",
            "/x/script-host/packmule-script-host.exe",
        ];
        let found: Vec<_> = found.iter().map(|p| p.to_string_lossy()).collect();
        assert_eq!(found, wanted);
    }
}
