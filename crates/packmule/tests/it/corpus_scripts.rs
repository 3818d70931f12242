//! Packages of the corpus with scripts, unmodified, to the results that its README states.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{corpus, packmule, root, said};

const COOKBOOK: &str = "PacktPublishing__SQL-Server-2017-Integration-Services-Cookbook/Chapter07";

/// Whether the script host was built; said aloud when not.
pub(crate) fn host() -> bool {
    let built = root().join("target/script-host/packmule-script-host.exe");
    let there = std::env::var_os("PACKMULE_SCRIPT_HOST").is_some() || built.exists();
    if !there {
        println!("no script host: script-host/build.sh target/script-host builds it");
    }
    there
}

/// The folder of the cookbook's files, and a mapping file for it.
fn files(corpus: &Path, folder: &Path) -> PathBuf {
    let map = folder.join("map.toml");
    let text = format!(
        "[[path]]\nfrom = 'C:\\SSIS2016Cookbook\\Chapter07\\Files'\nto = \"{files}\"\n\
         [[path]]\nfrom = 'C:\\SSIS2016Cookbook'\nto = \"{files}\"\n",
        files = corpus.join("Files").display()
    );
    std::fs::write(&map, text).unwrap();
    map
}

fn run(name: &str, more: &[&str]) -> Option<String> {
    let corpus = corpus(COOKBOOK).filter(|_| host())?;
    let folder = tempfile::tempdir().unwrap();
    let map = files(&corpus, folder.path());
    let package = corpus.join("Solution/AdventureWorksETL").join(name);
    let mut arguments = vec![
        "run",
        package.to_str().unwrap(),
        "--map",
        map.to_str().unwrap(),
    ];
    arguments.extend(more);
    let output = packmule(&arguments);
    assert!(output.status.success(), "{}", said(&output));
    Some(said(&output))
}

/// What the message boxes of a run said, in order.
fn boxes(said: &str) -> Vec<&str> {
    said.lines()
        .filter_map(|line| line.split_once("MessageBox: "))
        .map(|(_, text)| text.trim())
        .collect()
}

/// Visual Basic: variables by VariableDispenser and by Dts.Variables, six message boxes.
#[test]
fn using_variables() {
    let Some(said) = run("UsingVariables.dtsx", &[]) else {
        return;
    };
    let wanted = [
        "Iteration: 0",
        "Iteration: 1",
        "Iteration: 2",
        "File name: Ch07_03.txt",
        "File name: Ch07_08.txt",
        "File name: Ch07_10.txt",
    ];
    assert_eq!(boxes(&said), wanted, "{said}");
}

/// As under a job or the catalog: the message box throws, the task fails.
#[test]
fn strict_message_boxes_fail_the_task() {
    let Some(corpus) = corpus(COOKBOOK).filter(|_| host()) else {
        return;
    };
    let package = corpus.join("Solution/AdventureWorksETL/UsingVariables.dtsx");
    let output = packmule(&["run", package.to_str().unwrap(), "--strict-messagebox"]);
    let said = said(&output);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("System.InvalidOperationException"), "{said}");
}

/// C#: a script lists files by their size into an Object variable, a Foreach From Variable loop
/// goes over the list. The corpus has the three files in one folder.
#[test]
fn file_sizes() {
    let Some(said) = run("FileSizes.dtsx", &[]) else {
        return;
    };
    // The folder is the script's own text, so the names keep it.
    let wanted = [
        "Results: Matching files: 2",
        r"C:\SSIS2016Cookbook\Ch07_08.txt",
        r"C:\SSIS2016Cookbook\Ch07_10.txt",
    ];
    assert_eq!(boxes(&said), wanted, "{said}");
}

/// Without the host nothing of a package with scripts runs, and it is said what to do.
#[test]
fn without_a_host_the_package_is_refused() {
    let Some(corpus) = corpus(COOKBOOK) else {
        return;
    };
    let package = corpus.join("Solution/AdventureWorksETL/UsingVariables.dtsx");
    let output = Command::new(env!("CARGO_BIN_EXE_packmule"))
        .args(["run", package.to_str().unwrap()])
        .env("PACKMULE_SCRIPT_HOST", "/nowhere")
        .output()
        .unwrap();
    let said = said(&output);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(
        said.contains("PACKMULE_SCRIPT_HOST names /nowhere"),
        "{said}"
    );
    assert!(!said.contains("MessageBox"), "{said}");
}

/// A library of the script's author: by `--assemblies`, or in the folder beside the package.
#[test]
fn libraries_of_users() {
    if !host() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    std::fs::create_dir(path("lib")).unwrap();
    let library = "namespace Own { public static class Tool { public static string Say() { return \"own library\"; } } }";
    std::fs::write(path("own.cs"), library).unwrap();
    let compiled = Command::new("mcs")
        .args(["-target:library", "-out:lib/Own.Tools.dll", "own.cs"])
        .current_dir(folder.path())
        .status();
    assert!(compiled.unwrap().success());
    std::fs::write(path("own.dtsx"), OWN).unwrap();
    let (package, lib) = (path("own.dtsx"), path("lib"));
    let run = |more: &[&str]| {
        let mut arguments = vec!["run", package.to_str().unwrap()];
        arguments.extend(more);
        let output = packmule(&arguments);
        (output.status.code(), said(&output))
    };
    let (code, said) = run(&["--assemblies", lib.to_str().unwrap()]);
    assert!(code == Some(0) && said.contains("own library"), "{said}");
    let (code, said) = run(&[]);
    assert!(
        code == Some(1) && said.contains("ScriptMain.cs(4,"),
        "{said}"
    );
    std::fs::rename(&lib, path("assemblies")).unwrap();
    let (code, said) = run(&[]);
    assert!(code == Some(0) && said.contains("own library"), "{said}");
    let (code, said) = run(&["--assemblies", "/nowhere"]);
    assert!(
        code == Some(6) && said.contains("/nowhere is no folder"),
        "{said}"
    );
}

/// A package with one script task, whose project refers to Own.Tools.
const OWN: &str = r#"<?xml version="1.0"?>
<DTS:Executable xmlns:DTS="www.microsoft.com/SqlServer/Dts" DTS:refId="Package" DTS:CreationName="Microsoft.Package" DTS:ExecutableType="Microsoft.Package" DTS:ObjectName="P" DTS:DTSID="{A0000000-0000-0000-0000-0000000000FF}" DTS:LocaleID="1033">
<DTS:Property DTS:Name="PackageFormatVersion">8</DTS:Property>
<DTS:Executables><DTS:Executable DTS:refId="Package\S" DTS:CreationName="Microsoft.ScriptTask" DTS:ExecutableType="Microsoft.ScriptTask" DTS:ObjectName="S" DTS:DTSID="{A0000000-0000-0000-0000-0000000000F1}"><DTS:ObjectData>
<ScriptProject Name="ST_1" VSTAMajorVersion="15" VSTAMinorVersion="0" Language="CSharp">
<ProjectItem Name="ST_1.csproj" Encoding="UTF8"><![CDATA[<Project><ItemGroup><Reference Include="Own.Tools"/><Compile Include="ScriptMain.cs"/></ItemGroup></Project>]]></ProjectItem>
<ProjectItem Name="ScriptMain.cs" Encoding="UTF8"><![CDATA[using System; using Microsoft.SqlServer.Dts.Runtime;
namespace ST_1 { [Microsoft.SqlServer.Dts.Tasks.ScriptTask.SSISScriptTaskEntryPointAttribute]
public partial class ScriptMain : Microsoft.SqlServer.Dts.Tasks.ScriptTask.VSTARTScriptObjectModelBase {
public void Main() { bool again = true; Dts.Events.FireInformation(0, "", Own.Tool.Say(), "", 0, ref again); } } }]]></ProjectItem>
</ScriptProject></DTS:ObjectData></DTS:Executable></DTS:Executables></DTS:Executable>"#;
