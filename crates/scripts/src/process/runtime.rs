//! What the host runs on: Mono, else .NET.
//!
//! A host that Mono's compiler built runs on both, one that a .NET SDK built on .NET only. The
//! settings of a runtime lie beside a host that is for it.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::error::ScriptError;

/// What is to be installed.
pub(super) const INSTALL: &str = "apt install mono-runtime mono-mcs libmono-system-core4.0-cil \
    libmono-system-data4.0-cil libmono-system-xml4.0-cil libmono-system-web-extensions4.0-cil \
    libmono-system-web-services4.0-cil libmono-system-io-compression-filesystem4.0-cil \
    libmono-microsoft-csharp4.0-cil libmono-i18n4.0-all libmono-cecil-cil, \
    or install a .NET SDK, version 8 or newer, with dotnet on the PATH or DOTNET_ROOT naming its folder";
/// Names the one to take: `mono` or `dotnet`.
const RUNTIME_VARIABLE: &str = "PACKMULE_SCRIPT_RUNTIME";

/// A runtime.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Mono,
    DotNet,
}

/// A runtime that is installed.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Runtime {
    kind: Kind,
    program: PathBuf,
}

impl Kind {
    const ALL: &[Self] = &[Self::Mono, Self::DotNet];

    /// The name of its program, and in the variable.
    fn name(self) -> &'static str {
        match self {
            Self::Mono => "mono",
            Self::DotNet => "dotnet",
        }
    }

    /// Whether a host was built for it.
    fn runs(self, host: &Path) -> bool {
        let for_dotnet = host.with_extension("runtimeconfig.json").is_file();
        match self {
            // Hosts of earlier builds have neither.
            Self::Mono => !for_dotnet || host.with_extension("exe.config").is_file(),
            Self::DotNet => for_dotnet,
        }
    }

    /// Folders that may hold its program, the first one first.
    fn folders(self, root: Option<OsString>, path: Option<OsString>) -> Vec<PathBuf> {
        let root = match self {
            Self::Mono => None,
            Self::DotNet => root.map(PathBuf::from),
        };
        let fixed: &[&str] = match self {
            Self::Mono => &["/usr/bin", "/usr/local/bin"],
            Self::DotNet => &["/usr/bin", "/usr/lib/dotnet", "/usr/share/dotnet"],
        };
        let path = path.unwrap_or_default();
        root.into_iter()
            .chain(std::env::split_paths(&path))
            .chain(fixed.iter().map(PathBuf::from))
            .collect()
    }

    fn installed(self) -> Option<Runtime> {
        let (root, path) = (std::env::var_os("DOTNET_ROOT"), std::env::var_os("PATH"));
        self.folders(root, path)
            .into_iter()
            .map(|folder| folder.join(self.name()))
            .find(|file| file.is_file())
            .map(|program| Runtime {
                kind: self,
                program,
            })
    }
}

/// The runtimes that may be taken, by what the variable says.
fn wanted(given: Option<&str>) -> Result<Vec<Kind>, ScriptError> {
    let Some(given) = given.filter(|name| !name.is_empty()) else {
        return Ok(Kind::ALL.to_vec());
    };
    let found = Kind::ALL.iter().find(|kind| kind.name() == given);
    found
        .map(|kind| vec![*kind])
        .ok_or_else(|| ScriptError::Unavailable {
            reason: format!("{RUNTIME_VARIABLE} names \"{given}\""),
            remedy: format!("let {RUNTIME_VARIABLE} be mono or dotnet, or leave it out"),
        })
}

/// The first of some runtimes that is there and that the host was built for.
fn choose(
    kinds: &[Kind],
    host: &Path,
    installed: impl Fn(Kind) -> Option<Runtime>,
) -> Result<Runtime, ScriptError> {
    let there: Vec<Runtime> = kinds.iter().filter_map(|kind| installed(*kind)).collect();
    if there.is_empty() {
        let names = match kinds {
            [Kind::Mono] => "the Mono runtime, which is",
            [Kind::DotNet] => "the .NET runtime, which is",
            _ => "the Mono runtime or .NET, neither of which is",
        };
        return Err(ScriptError::Unavailable {
            reason: format!("scripts need {names} not installed"),
            remedy: INSTALL.to_owned(),
        });
    }
    there
        .into_iter()
        .find(|runtime| runtime.kind.runs(host))
        .ok_or_else(|| ScriptError::Unavailable {
            reason: format!(
                "the script host {} was built for another runtime than the one that is installed",
                host.display()
            ),
            remedy: "build it anew with script-host/build.sh".to_owned(),
        })
}

/// What a host runs on here.
pub(super) fn find(host: &Path) -> Result<Runtime, ScriptError> {
    let given = std::env::var(RUNTIME_VARIABLE).ok();
    choose(&wanted(given.as_deref())?, host, Kind::installed)
}

impl Runtime {
    /// The command of a host that may have so many bytes of managed memory, in an environment of
    /// its own.
    pub(super) fn command(&self, host: &Path, memory: usize) -> Command {
        let mut command = Command::new(&self.program);
        command.env_clear();
        match self.kind {
            Kind::Mono => command
                .arg("--gc=sgen")
                .arg(host)
                .env("MONO_GC_PARAMS", format!("max-heap-size={memory}")),
            Kind::DotNet => command
                .arg(host)
                .env("DOTNET_GCHeapHardLimit", format!("{memory:X}"))
                // No sockets of debuggers, no texts of a first use.
                .env("DOTNET_EnableDiagnostics", "0")
                .env("DOTNET_NOLOGO", "1")
                .env("DOTNET_CLI_TELEMETRY_OPTOUT", "1"),
        };
        command
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn both(kind: Kind) -> Option<Runtime> {
        Some(Runtime {
            kind,
            program: PathBuf::from("/opt").join(kind.name()),
        })
    }

    /// A host with these files beside it.
    fn host(beside: &[&str]) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        for name in beside {
            std::fs::write(folder.path().join(name), "").unwrap();
        }
        let host = folder.path().join("packmule-script-host.exe");
        (folder, host)
    }

    const OF_MONO: &str = "packmule-script-host.exe.config";
    const OF_DOTNET: &str = "packmule-script-host.runtimeconfig.json";

    #[test]
    fn mono_comes_first_and_a_host_is_started_on_what_it_was_built_for() {
        for (beside, kind) in [
            (vec![OF_MONO, OF_DOTNET], Kind::Mono),
            (vec![OF_MONO], Kind::Mono),
            (vec![], Kind::Mono),
            (vec![OF_DOTNET], Kind::DotNet),
        ] {
            let (_folder, host) = host(&beside);
            let chosen = choose(Kind::ALL, &host, both).unwrap();
            assert_eq!(chosen.kind, kind, "{beside:?}");
        }
        let (_folder, host) = host(&[OF_MONO, OF_DOTNET]);
        let only = |kind| (kind == Kind::DotNet).then(|| both(kind)).flatten();
        assert_eq!(choose(Kind::ALL, &host, only).unwrap().kind, Kind::DotNet);
    }

    #[test]
    fn what_is_missing_is_named_with_both_remedies() {
        let (_folder, host) = host(&[OF_DOTNET]);
        let missing = choose(Kind::ALL, &host, |_| None).unwrap_err();
        assert!(missing.to_string().contains("the Mono runtime or .NET"));
        let remedy = missing.remedy().unwrap();
        assert!(remedy.contains("mono-runtime") && remedy.contains(".NET SDK"));
        let other = choose(&[Kind::Mono], &host, both).unwrap_err().to_string();
        assert!(other.contains("built for another runtime"), "{other}");
    }

    #[test]
    fn the_variable_names_one_runtime() {
        assert_eq!(wanted(None).unwrap(), Kind::ALL);
        assert_eq!(wanted(Some("")).unwrap(), Kind::ALL);
        assert_eq!(wanted(Some("dotnet")).unwrap(), [Kind::DotNet]);
        let unknown = wanted(Some("java")).unwrap_err().to_string();
        assert!(unknown.contains("java"), "{unknown}");
    }

    #[test]
    fn each_runtime_is_told_the_limit_of_memory_in_its_way() {
        let host = Path::new("/x/host.exe");
        let told = |kind, variable: &str| {
            let command = both(kind).unwrap().command(host, 256 << 20);
            let found = command.get_envs().find(|(name, _)| *name == variable);
            let value = found.and_then(|(_, value)| value).unwrap().to_owned();
            (command.get_args().count(), value)
        };
        let mono = told(Kind::Mono, "MONO_GC_PARAMS");
        assert_eq!(mono, (2, "max-heap-size=268435456".into()));
        let dotnet = told(Kind::DotNet, "DOTNET_GCHeapHardLimit");
        assert_eq!(dotnet, (1, "10000000".into()));
    }

    #[test]
    fn the_folder_of_dotnet_comes_before_the_path() {
        let folders = Kind::DotNet.folders(Some("/opt/dotnet".into()), Some("/a:/b".into()));
        assert_eq!(folders[..3], ["/opt/dotnet", "/a", "/b"].map(PathBuf::from));
        let folders = Kind::Mono.folders(Some("/opt/dotnet".into()), Some("/a".into()));
        assert_eq!(folders[0], Path::new("/a"));
    }
}
