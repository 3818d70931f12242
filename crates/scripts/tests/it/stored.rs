//! The forms in which packages keep scripts (scripts.md 1).

use packmule_dtsx::finding::Severity;
use packmule_dtsx::model::{Executable, ExecutableKind};
use packmule_dtsx::{Finding, LoadOptions, load_package};
use packmule_scripts::{Language, PartKind, Script};

/// `MZ` and a byte, as base64 without padding.
const BINARY: &str = "TVoA";

fn package(format: u8, task: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?><DTS:Executable xmlns:DTS=\"www.microsoft.com/SqlServer/Dts\" \
         DTS:ExecutableType=\"MSDTS.Package.1\"><DTS:Property DTS:Name=\"PackageFormatVersion\">{format}\
         </DTS:Property><DTS:Property DTS:Name=\"ObjectName\">P</DTS:Property><DTS:Property \
         DTS:Name=\"DTSID\">{{A0000000-0000-0000-0000-000000000001}}</DTS:Property>\
         <DTS:Executable DTS:ExecutableType=\"Microsoft.SqlServer.Dts.Tasks.ScriptTask.ScriptTask, \
         Microsoft.SqlServer.ScriptTask, Version=10.0.0.0, Culture=neutral, \
         PublicKeyToken=89845dcd8080cc91\"><DTS:Property DTS:Name=\"ObjectName\">T</DTS:Property>\
         <DTS:Property DTS:Name=\"DTSID\">{{A0000000-0000-0000-0000-000000000002}}</DTS:Property>\
         <DTS:ObjectData>{task}</DTS:ObjectData></DTS:Executable></DTS:Executable>"
    )
}

fn script(format: u8, task: &str) -> (Option<Script>, Vec<Finding>) {
    let options = LoadOptions {
        file: "P.dtsx",
        password: None,
    };
    let loaded = load_package(package(format, task).as_bytes(), &options).unwrap();
    let task: &Executable = loaded.value.root.children.first().unwrap();
    assert!(matches!(&task.kind, ExecutableKind::Task(t) if t.type_name == "Microsoft.ScriptTask"));
    Script::of_task(task)
}

#[test]
fn the_task_of_2005() {
    let (found, findings) = script(
        2,
        &format!(
            "<ScriptProject Name=\"ScriptTask_1\" Language=\"Microsoft Visual Basic .NET\" \
             EntryPoint=\"ScriptMain\" SaveBinaries=\"True\" ReadOnlyVariables=\"A, User::B\" \
             ReadWriteVariables=\"\"><ProjectItem Name=\"dts://Scripts/S/S.vsaproj\">&lt;x/&gt;\
             </ProjectItem><ProjectItem Name=\"dts://Scripts/S/ScriptMain.vsaitem\">Imports System\
             </ProjectItem><BinaryItem Name=\"dts://Scripts/S/S.dll\">{BINARY}</BinaryItem>\
             <BinaryItem Name=\"dts://Scripts/S/S.pdb\">AAAA</BinaryItem></ScriptProject>"
        ),
    );
    assert!(findings.is_empty(), "{findings:?}");
    let script = found.unwrap();
    assert_eq!(script.language, Language::VisualBasic);
    assert_eq!(script.entry, "ScriptMain");
    assert_eq!(script.read_only, ["A", "User::B"]);
    assert!(script.read_write.is_empty());
    let kinds: Vec<PartKind> = script.parts.iter().map(|p| p.kind).collect();
    let wanted = [PartKind::Project, PartKind::Source, PartKind::Binary];
    assert_eq!(kinds, wanted, "debugging information is left");
    assert_eq!(script.parts[2].bytes, b"MZ\0");
}

#[test]
fn the_task_of_2008_and_what_its_project_refers_to() {
    let project = "&#xFEFF;&lt;?xml version=\"1.0\" encoding=\"utf-16\"?&gt;&lt;Project&gt;&lt;ItemGroup&gt;\
                   &lt;Reference Include=\"System.Data\"/&gt;&lt;/ItemGroup&gt;&lt;/Project&gt;";
    let (found, findings) = script(
        3,
        &format!(
            "<ScriptProject Name=\"ST_1\" Language=\"CSharp\" EntryPoint=\"Main\" \
             ReadWriteVariables=\"User::X,$Package::P\"><ProjectItem Name=\"\\st_1.csproj\">{project}\
             </ProjectItem><ProjectItem Name=\"\\scriptmain.cs\">class A {{}}</ProjectItem>\
             <BinaryItem Name=\"\\bin\\release\\st_1.csproj.dll\">TV\n oA</BinaryItem>\
             <Breakpoint/></ScriptProject>"
        ),
    );
    assert!(findings.is_empty(), "{findings:?}");
    let script = found.unwrap();
    assert_eq!(script.language, Language::CSharp);
    assert_eq!(script.entry, "Main");
    assert_eq!(script.read_write, ["User::X", "$Package::P"]);
    assert_eq!(script.references, ["System.Data"]);
    assert!(script.parts.iter().any(|p| p.kind == PartKind::Binary));
    assert_eq!(
        script.payload().len(),
        script.parts.iter().map(|p| p.bytes.len()).sum::<usize>()
    );
}

#[test]
fn what_is_broken_is_said() {
    let source = "<ProjectItem Name=\"ScriptMain.cs\">class A {}</ProjectItem>";
    let cases = [
        (
            "<ScriptProject Name=\"S\" Language=\"CSharp\"/>",
            false,
            "its editor was never opened",
        ),
        (
            "<ScriptProject Language=\"CSharp\"><ProjectItem Name=\"a.resx\">x</ProjectItem></ScriptProject>",
            false,
            "neither a binary nor a source",
        ),
        (
            &format!(
                "<ScriptProject Language=\"CSharp\">{source}<BinaryItem Name=\"a.dll\">%%</BinaryItem></ScriptProject>"
            ),
            true,
            "is no base64",
        ),
        (
            &format!(
                "<ScriptProject Language=\"CSharp\">{source}<BinaryItem Name=\"a.dll\">AAAA</BinaryItem></ScriptProject>"
            ),
            true,
            "is no assembly",
        ),
        (
            &format!("<ScriptProject Language=\"Pascal\">{source}</ScriptProject>"),
            true,
            "\"Pascal\" is neither C# nor Visual Basic",
        ),
        (
            &format!("<ScriptProject Language=\"CSharp\">{source}<Else/></ScriptProject>"),
            true,
            "<Else> in ScriptProject is not known",
        ),
    ];
    for (task, usable, text) in cases {
        let (found, findings) = script(8, task);
        assert_eq!(found.is_some(), usable, "{task}");
        let said = findings.iter().any(|f| f.message.contains(text));
        assert!(said, "{task}: {findings:?}");
        let place = findings.iter().all(|f| f.place.ends_with("\\T"));
        assert!(place, "{findings:?}");
        if !usable {
            assert!(findings.iter().any(|f| f.severity == Severity::Error));
        }
    }
}

#[test]
fn whatever_decides_how_it_runs_decides_its_fingerprint() {
    let with = |language: &str, source: &str| {
        let task = format!(
            "<ScriptProject Language=\"{language}\"><ProjectItem Name=\"ScriptMain.cs\">{source}\
             </ProjectItem></ScriptProject>"
        );
        script(8, &task).0.unwrap().fingerprint
    };
    assert_eq!(with("CSharp", "a"), with("CSharp", "a"));
    assert_ne!(with("CSharp", "a"), with("CSharp", "b"));
    assert_ne!(with("CSharp", "a"), with("VisualBasic", "a"));
}
