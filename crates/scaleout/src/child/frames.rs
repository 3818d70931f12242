//! Frames between a Worker and the process of one execution: four bytes of length (little
//! endian), then JSON. Fields are only ever added.

use std::io::{Read, Write};
use std::path::PathBuf;

use packmule_catalog::{Outcome, ParameterType, TaskKey};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use uuid::Uuid;

use crate::error::{Error, Result};

/// Largest frame, bytes.
pub const FRAME_BYTES_MAX: usize = 64 << 20;

/// A text that is not printed: parameters may be sensitive.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(transparent)]
pub struct Hidden(pub String);

impl std::fmt::Debug for Hidden {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("***")
    }
}

/// A parameter's value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobParameter {
    /// 20 project, 30 package, 50 the execution itself.
    pub object_type: i32,
    /// Its name; `CM.<manager>.<property>` sets a connection manager's property.
    pub name: String,
    /// Its type.
    pub data_type: ParameterType,
    /// Canonical text ([`ParameterType::value`] reads it).
    pub value: Hidden,
    /// Whether it must not be shown.
    pub sensitive: bool,
}

/// A property override.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobOverride {
    /// `\Package.Properties[MaximumErrorCount]`
    pub path: String,
    /// The value's text.
    pub value: Hidden,
    /// Whether it must not be shown.
    pub sensitive: bool,
}

/// What a process is to run: one package, once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// Execution and attempt.
    pub key: TaskKey,
    /// `System::ExecutionInstanceGUID`
    pub execution_instance_guid: Uuid,
    /// The folder's name.
    pub folder_name: String,
    /// The project's name.
    pub project_name: String,
    /// The package's name, with `.dtsx`.
    pub package_name: String,
    /// The project's stream (`.ispac`) on this computer, verified.
    pub project_file: PathBuf,
    /// Who called `create_execution`.
    pub executed_as_name: String,
    /// 0 none, 1 basic, 2 performance, 3 verbose.
    pub logging_level: i32,
    /// Values of parameters.
    pub parameters: Vec<JobParameter>,
    /// Property overrides.
    pub overrides: Vec<JobOverride>,
    /// Memory budget, bytes.
    pub memory_bytes: u64,
    /// Threads of the data flow.
    pub threads: usize,
    /// Mapping of paths and connections, TOML, if there is one.
    pub mapping_file: Option<PathBuf>,
    /// Folder for spill files, this execution's own; the Worker removes it.
    pub temp_folder: PathBuf,
}

/// From the Worker to the process.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "frame", rename_all = "snake_case")]
pub enum ToChild {
    /// Run this.
    Job(Box<Job>),
    /// Packages here have scripts: what runs them may be started while the process waits.
    WarmScripts {
        /// Memory budget that the job will have, bytes.
        memory_bytes: u64,
    },
    /// Stop.
    Cancel,
}

/// From the process to the Worker.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "frame", rename_all = "snake_case")]
pub enum FromChild {
    /// It waits for a job.
    Ready,
    /// The package's first OnPreExecute.
    Running,
    /// The package has scripts.
    HasScripts,
    /// Something to be stored: JSON of `packmule_catalog::Report`, passed on as it is.
    Report {
        /// The JSON text.
        record: String,
    },
    /// The package ended.
    Ended {
        /// How.
        outcome: Outcome,
        /// Why, where there is more to say.
        reason: Option<String>,
    },
}

/// Encodes a frame.
pub fn encode(frame: &impl Serialize) -> Result<Vec<u8>> {
    let mut bytes = vec![0; 4];
    serde_json::to_writer(&mut bytes, frame).map_err(|e| Error::Child(e.into()))?;
    let length = bytes.len() - 4;
    let head = u32::try_from(length)
        .ok()
        .filter(|_| length <= FRAME_BYTES_MAX);
    let head = head.ok_or(Error::FrameTooLarge {
        given: length,
        limit: FRAME_BYTES_MAX,
    })?;
    if let Some(start) = bytes.get_mut(..4) {
        start.copy_from_slice(&head.to_le_bytes());
    }
    Ok(bytes)
}

fn length(head: [u8; 4]) -> Result<usize> {
    let given = u32::from_le_bytes(head) as usize;
    if given > FRAME_BYTES_MAX {
        return Err(Error::FrameTooLarge {
            given,
            limit: FRAME_BYTES_MAX,
        });
    }
    Ok(given)
}

fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    serde_json::from_slice(bytes).map_err(|e| Error::Child(e.into()))
}

/// Reads a frame; `None` at the end of the pipe. Memory grows only as bytes come.
pub fn read<T: DeserializeOwned>(from: &mut impl Read) -> Result<Option<T>> {
    let mut head = [0; 4];
    match from.read_exact(&mut head) {
        Err(e) if e.kind() == std::io::ErrorKind::UnexpectedEof => return Ok(None),
        other => other.map_err(Error::Child)?,
    }
    let wanted = length(head)?;
    let mut bytes = Vec::new();
    let got = from
        .take(wanted as u64)
        .read_to_end(&mut bytes)
        .map_err(Error::Child)?;
    if got < wanted {
        return Ok(None);
    }
    decode(&bytes).map(Some)
}

/// Writes a frame.
pub fn write(to: &mut impl Write, frame: &impl Serialize) -> Result<()> {
    let bytes = encode(frame)?;
    to.write_all(&bytes)
        .and_then(|()| to.flush())
        .map_err(Error::Child)
}

/// Reads a frame without blocking the thread; not to be dropped half-way.
pub async fn read_async<T: DeserializeOwned>(
    from: &mut (impl AsyncRead + Unpin),
) -> Result<Option<T>> {
    let mut head = [0; 4];
    match from.read_exact(&mut head).await {
        Err(e) if e.kind() == std::io::ErrorKind::UnexpectedEof => return Ok(None),
        other => other.map_err(Error::Child)?,
    };
    let wanted = length(head)?;
    let mut bytes = Vec::new();
    let got = from
        .take(wanted as u64)
        .read_to_end(&mut bytes)
        .await
        .map_err(Error::Child)?;
    if got < wanted {
        return Ok(None);
    }
    decode(&bytes).map(Some)
}

/// Writes a frame without blocking the thread.
pub async fn write_async(to: &mut (impl AsyncWrite + Unpin), frame: &impl Serialize) -> Result<()> {
    let bytes = encode(frame)?;
    to.write_all(&bytes).await.map_err(Error::Child)?;
    to.flush().await.map_err(Error::Child)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_come_back_and_broken_ones_are_refused() {
        let frame = FromChild::Ended {
            outcome: Outcome::Failed,
            reason: Some("no file".to_owned()),
        };
        let bytes = encode(&frame).unwrap();
        assert_eq!(
            read::<FromChild>(&mut bytes.as_slice()).unwrap(),
            Some(frame)
        );
        assert_eq!(
            read::<FromChild>(&mut &bytes[..bytes.len() - 1]).unwrap(),
            None
        );
        assert_eq!(read::<FromChild>(&mut &bytes[..2]).unwrap(), None);
        assert!(read::<FromChild>(&mut [255u8; 8].as_slice()).is_err());
        let nonsense = [2u8, 0, 0, 0, b'{', b'}'];
        assert!(read::<FromChild>(&mut nonsense.as_slice()).is_err());
    }
}
