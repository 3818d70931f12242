//! The eight operations.

use std::fs::File;
use std::path::{Path, PathBuf};

use packmule_connections::managers::multi_file::fits;
use packmule_runtime::Reported;
use packmule_types::Code;

use super::client::Client;
use super::{Local, Operation, Settings, local, mapped, remote};
use crate::tasks::TaskContext;

const FILES_MAX: usize = 100_000;

/// What one operation is given.
struct Run<'a> {
    context: &'a TaskContext,
    settings: &'a Settings,
}

pub(super) fn run(context: &TaskContext, settings: &Settings) -> Result<(), Reported> {
    let run = Run { context, settings };
    match settings.operation {
        Operation::Send => run.send(),
        Operation::Receive => run.receive(),
        Operation::DeleteLocal => run.delete_local(),
        Operation::DeleteRemote => run.delete_remote(),
        Operation::MakeDirLocal => run.make_local(),
        Operation::MakeDirRemote => run.make_remote(),
        Operation::RemoveDirLocal => run.remove_local(),
        Operation::RemoveDirRemote => run.remove_remote(),
    }
}

/// Folder and name of a path of a server: `/in/a.txt` as `/in` and `a.txt`.
pub(super) fn split(path: &str) -> (&str, &str) {
    match path.rsplit_once('/') {
        Some(("", name)) => ("/", name),
        Some(parts) => parts,
        None => ("/", path),
    }
}

fn joined(folder: &str, name: &str) -> String {
    format!("{}/{name}", folder.trim_end_matches('/'))
}

impl Run<'_> {
    /// [R-FTP-STOP] A failure that is not to stop the task is a warning.
    fn failed(&self, code: u32, argument: &str, reason: &str) -> Result<(), Reported> {
        let events = &self.context.events;
        if self.context.services.cancel.is_cancelled() {
            return Err(Reported);
        }
        if self.settings.stop_on_failure {
            let own = match self.settings.operation.has_remote() {
                true => Code(0xC001_602A),
                false => Code(0xC002_F304),
            };
            if !reason.is_empty() {
                events.error(own, &[reason]);
            }
            return Err(events.error(Code(code), &[argument]));
        }
        let name = self.settings.operation.name();
        let mut text = packmule_types::code::describe(Code(0x8002_0918), &[name]);
        for more in [argument, reason] {
            if !more.is_empty() {
                text.push_str(&format!(" ({more})"));
            }
        }
        events.warning_text(Code(0x8002_0918), text);
        Ok(())
    }

    fn connect(&self) -> Result<(Client, String), Reported> {
        let events = &self.context.events;
        let server = self.context.connections().ftp(&self.settings.connection);
        let server = server.map_err(|error| {
            error.report(events);
            events.error(Code(0xC002_9192), &[&self.settings.connection])
        })?;
        events.log(
            "FTPConnectingToServer",
            format!("The task is connecting to {}.", server.text()),
        );
        let client = Client::connect(&server, &self.context.services.cancel);
        let client = client.and_then(|mut client| {
            client.set_ascii(self.settings.ascii)?;
            Ok(client)
        });
        match client {
            Ok(client) => Ok((client, server.manager)),
            Err(_) if self.context.services.cancel.is_cancelled() => Err(Reported),
            Err(reason) => {
                events.error(Code(0xC001_602A), &[&reason]);
                Err(events.error(Code(0xC002_918F), &[&server.manager]))
            }
        }
    }

    /// The files of this computer that a path means.
    fn local_files(&self, local: &Local) -> Result<Vec<PathBuf>, Reported> {
        let events = &self.context.events;
        let last = local.text.rfind(['/', '\\']).map_or(0, |at| at + 1);
        let (folder, pattern) = local.text.split_at(last);
        if !local.is_variable || !pattern.contains(['*', '?']) {
            let path = mapped(self.context, &local.text)?;
            if path.is_file() {
                return Ok(vec![path]);
            }
            return Err(match local.is_variable {
                true => events.error(Code(0xC002_9185), &[&local.text]),
                false => events.error(Code(0xC002_9183), &[&local.from]),
            });
        }
        let folder = mapped(self.context, if folder.is_empty() { "." } else { folder })?;
        let mut files = Vec::new();
        let entries = std::fs::read_dir(&folder);
        for entry in entries.into_iter().flatten().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            if fits(pattern, &name) && entry.path().is_file() {
                files.push((name.to_lowercase(), entry.path()));
            }
        }
        if files.is_empty() || files.len() > FILES_MAX {
            return Err(events.error(Code(0xC002_9185), &[&local.text]));
        }
        files.sort();
        Ok(files.into_iter().map(|(_, path)| path).collect())
    }

    fn send(&self) -> Result<(), Reported> {
        let local = local(self.context, &self.settings.local)?;
        let remote = remote(self.context, &self.settings.remote)?;
        let files = self.local_files(&local)?;
        let (mut client, manager) = self.connect()?;
        for file in files {
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            let target = joined(&remote, &name);
            let sent = self.send_one(&mut client, &file, &target);
            if let Err(reason) = sent {
                self.failed(0xC002_918B, &manager, &reason)?;
            }
        }
        client.quit();
        Ok(())
    }

    fn send_one(&self, client: &mut Client, file: &Path, target: &str) -> Result<(), String> {
        if !self.settings.overwrite && client.has_file(target)? {
            return Err(self.exists(target));
        }
        let opened = File::open(file);
        let mut opened = opened.map_err(|e| format!("{}: {e}", file.display()))?;
        client.send(target, &mut opened)
    }

    /// Says that a target is there, and gives the reason of the failure.
    fn exists(&self, target: &str) -> String {
        let code = Code(0x4001_6027);
        let text = packmule_types::code::describe(code, &[target]);
        self.context.events.information_text(code, text);
        format!("{target} is not to be overwritten")
    }

    fn receive(&self) -> Result<(), Reported> {
        let events = &self.context.events;
        let local = local(self.context, &self.settings.local)?;
        let remote = remote(self.context, &self.settings.remote)?;
        let folder = mapped(self.context, &local.text)?;
        if local.is_new && !folder.exists() {
            let made = std::fs::create_dir_all(&folder);
            made.map_err(|e| {
                events.error(Code(0xC002_F304), &[&e.to_string()]);
                events.error(Code(0xC002_9189), &[&local.text])
            })?;
        }
        if !folder.is_dir() {
            let code = if local.is_variable {
                0xC002_9184
            } else {
                0xC002_9186
            };
            return Err(events.error(Code(code), &[&local.from]));
        }
        let (mut client, manager) = self.connect()?;
        let Some((from, names)) = self.remote_files(&mut client, &remote)? else {
            return Ok(());
        };
        if names.is_empty() {
            return self.failed(0xC002_9178, &remote, "");
        }
        for name in names {
            let source = joined(&from, &name);
            let received = self.receive_one(&mut client, &source, &folder.join(&name));
            if let Err(reason) = received {
                self.failed(0xC002_918A, &manager, &reason)?;
            }
        }
        client.quit();
        Ok(())
    }

    /// Folder and names of the files of the server that a path means; `None` where the folder
    /// could not be listed and the task goes on.
    fn remote_files(
        &self,
        client: &mut Client,
        path: &str,
    ) -> Result<Option<(String, Vec<String>)>, Reported> {
        let (folder, name) = split(path);
        let pattern = if name.is_empty() { "*" } else { name };
        if !pattern.contains(['*', '?']) {
            return Ok(Some((folder.to_owned(), vec![name.to_owned()])));
        }
        // A name with a separator in it would lead out of the folder.
        let safe = |names: Vec<String>| {
            let odd = names.iter().find(|n| n.contains(['/', '\\', '\0']));
            match odd {
                Some(odd) => Err(format!("{odd:?} is no name of a file")),
                None => Ok(names),
            }
        };
        match client.files(folder, pattern).and_then(safe) {
            Ok(names) => Ok(Some((folder.to_owned(), names))),
            Err(reason) => {
                self.failed(0xC002_916C, "", &reason)?;
                Ok(None)
            }
        }
    }

    /// Beside the target first: a transfer that breaks off leaves no half file under its name.
    fn receive_one(&self, client: &mut Client, source: &str, target: &Path) -> Result<(), String> {
        if !self.settings.overwrite && target.exists() {
            return Err(self.exists(&target.display().to_string()));
        }
        let mut part = target.as_os_str().to_owned();
        part.push(".part");
        let part = PathBuf::from(part);
        let about = |e: std::io::Error| format!("{}: {e}", part.display());
        let mut file = File::create(&part).map_err(about)?;
        let received = client.receive(source, &mut file);
        drop(file);
        let received = received.and_then(|()| std::fs::rename(&part, target).map_err(about));
        if received.is_err() {
            // What is left of it is of no use; that it cannot be removed changes nothing.
            let _ = std::fs::remove_file(&part);
        }
        received
    }

    fn delete_local(&self) -> Result<(), Reported> {
        let local = local(self.context, &self.settings.local)?;
        for file in self.local_files(&local)? {
            if self.context.services.cancel.is_cancelled() {
                return Err(Reported);
            }
            if let Err(error) = std::fs::remove_file(&file) {
                let name = file.display().to_string();
                self.failed(0xC002_9187, &name, &error.to_string())?;
            }
        }
        Ok(())
    }

    fn delete_remote(&self) -> Result<(), Reported> {
        let remote = remote(self.context, &self.settings.remote)?;
        let (mut client, manager) = self.connect()?;
        let Some((folder, names)) = self.remote_files(&mut client, &remote)? else {
            return Ok(());
        };
        if names.is_empty() {
            return self.failed(0xC001_6033, "", "");
        }
        for name in names {
            if let Err(reason) = client.delete(&joined(&folder, &name)) {
                self.failed(0xC002_918E, &manager, &reason)?;
            }
        }
        client.quit();
        Ok(())
    }

    fn make_local(&self) -> Result<(), Reported> {
        let local = local(self.context, &self.settings.local)?;
        let path = mapped(self.context, &local.text)?;
        if path.is_dir() {
            return match self.settings.overwrite {
                true => Ok(()),
                false => self.failed(0xC002_9180, &local.text, ""),
            };
        }
        match std::fs::create_dir_all(&path) {
            Ok(()) => Ok(()),
            Err(error) => self.failed(0xC002_9189, &local.text, &error.to_string()),
        }
    }

    fn make_remote(&self) -> Result<(), Reported> {
        let remote = remote(self.context, &self.settings.remote)?;
        let (mut client, manager) = self.connect()?;
        match client.has_folder(&remote) {
            Ok(true) if self.settings.overwrite => {}
            Ok(true) => self.failed(0xC002_9180, &remote, "")?,
            Ok(false) => {
                if let Err(reason) = client.make_folder(&remote) {
                    self.failed(0xC002_918C, &manager, &reason)?;
                }
            }
            Err(reason) => self.failed(0xC002_918C, &manager, &reason)?,
        }
        client.quit();
        Ok(())
    }

    /// [R-FTP-RMDIR] Empty folders only, here as on the server.
    fn remove_local(&self) -> Result<(), Reported> {
        let local = local(self.context, &self.settings.local)?;
        let path = mapped(self.context, &local.text)?;
        match std::fs::remove_dir(&path) {
            Ok(()) => Ok(()),
            Err(error) => self.failed(0xC002_9188, &local.text, &error.to_string()),
        }
    }

    fn remove_remote(&self) -> Result<(), Reported> {
        let remote = remote(self.context, &self.settings.remote)?;
        let (mut client, manager) = self.connect()?;
        if let Err(reason) = client.remove_folder(&remote) {
            self.failed(0xC002_918D, &manager, &reason)?;
        }
        client.quit();
        Ok(())
    }
}
