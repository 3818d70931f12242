//! Child packages: control-flow.md 6.3.

use std::sync::Arc;

use packmule_controlflow::ExecResult::{Failure, Success};
use packmule_controlflow::RunOptions;
use packmule_dtsx::model::{Project, ProtectionLevel};

use crate::package_builder::{Builder, Exec, expression, failing, load, package, task};
use crate::watcher::{Run, run, run_with};

fn call(name: &str, child: &str, assignments: &[(&str, &str)]) -> Exec {
    let assignments: String = assignments
        .iter()
        .map(|(p, v)| {
            format!(
                "<ParameterAssignment><ParameterName>{p}</ParameterName>\
                 <BindedVariableOrParameterName>{v}</BindedVariableOrParameterName>\
                 </ParameterAssignment>"
            )
        })
        .collect();
    task(
        name,
        "Microsoft.ExecutePackageTask",
        &format!(
            "<ExecutePackageTask><UseProjectReference>True</UseProjectReference>\
             <PackageName>{child}</PackageName>{assignments}</ExecutePackageTask>"
        ),
    )
}

fn project(packages: &[(&str, Builder)]) -> Arc<Project> {
    Arc::new(Project {
        name: "Project".to_owned(),
        description: String::new(),
        protection_level: ProtectionLevel::DontSaveSensitive,
        packages: packages
            .iter()
            .map(|(file, b)| load(&b.xml(), file))
            .collect(),
        children_only: Vec::new(),
        connection_managers: Vec::new(),
        parameters: Vec::new(),
    })
}

fn run_first(packages: &[(&str, Builder)]) -> Run {
    let project = project(packages);
    run_with(
        project.packages[0].clone(),
        Some(project),
        RunOptions::default(),
    )
}

#[test]
fn parameters_go_down_and_events_come_up() {
    let child = package().parameter("In", 3, "1", "").child(expression(
        "C",
        "@[User::sink] = @[$Package::In] + @[User::fromParent]",
    ));
    let child = child.root(|r| r.attribute("DelayValidation", "True"));
    let parent = package()
        .variable("User::n", 3, "20")
        .variable("User::fromParent", 3, "300")
        .variable("User::seen", 8, "")
        .child(call("Call", "Child.dtsx", &[("In", "User::n")]))
        .root(|r| {
            let text = "@[User::seen] = @[User::seen] + @[System::SourceName] + \" \"";
            r.handler("OnPreExecute", [expression("H", text)])
        });
    let done = run_first(&[("Parent.dtsx", parent), ("Child.dtsx", child)]).must(Success);
    assert_eq!(done.value("C").as_deref(), Some("320"));
    assert_eq!(done.value("H").as_deref(), Some("P Call P C "));
    assert!(
        done.ran()
            .contains(&"\\Package\\Call\\Package\\C".to_owned()),
        "{:?}",
        done.ran()
    );
}

#[test]
fn a_failed_child_fails_the_task_and_counts_above() {
    let bad = package().child(failing("C"));
    let parent = |maximum: &str| {
        package()
            .child(call("Call", "Child", &[]))
            .root(|r| r.attribute("MaxErrorCount", maximum))
    };
    let done = run_first(&[("P.dtsx", parent("1")), ("Child.dtsx", bad.clone())]).must(Failure);
    assert_eq!(done.said("OnTaskFailed").len(), 2);
    run_first(&[("P.dtsx", parent("2")), ("Child.dtsx", bad.clone())]).must(Success);
    // A child that succeeds in spite of its error still counts in the parent.
    let tolerant = bad.root(|r| r.attribute("MaxErrorCount", "10"));
    run_first(&[("P.dtsx", parent("1")), ("Child.dtsx", tolerant)]).must(Failure);
}

#[test]
fn a_child_that_does_not_validate_is_said_so() {
    let bad = package().child(expression("C", ""));
    let parent = package().child(call("Call", "Child", &[]));
    let done = run_first(&[("P.dtsx", parent), ("Child.dtsx", bad)]).must(Failure);
    assert_eq!(done.errors().last(), Some(&0xC001_2050));
    let missing = package().child(call("Call", "None", &[]));
    run_first(&[("P.dtsx", missing)]).must(Failure);
    let alone = package().child(call("Call", "Child", &[]));
    run(alone.build()).must(Failure);
}

#[test]
fn endless_recursion_ends() {
    let own = package().child(call("Call", "P", &[]));
    let done = run_first(&[("P.dtsx", own)]).must(Failure);
    assert!(done.said("OnError").join("").contains("deep"));
}
