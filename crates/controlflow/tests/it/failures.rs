//! Results, flags, constraints, validation: control-flow.md 1.3, 2.

use packmule_controlflow::ExecResult::{Failure, Success};

use crate::package_builder::{expression, failing, package, sequence, task};
use crate::watcher::run;

/// Names of what ran, the package left out.
fn ran(p: crate::package_builder::Builder) -> (packmule_controlflow::ExecResult, Vec<String>) {
    let done = run(p.build());
    let mut names = done.ran();
    names.retain(|n| n != "\\Package");
    (done.result(), names)
}

#[test]
fn constraints_lead_over_success_failure_and_expression() {
    let p = package().variable("User::n", 3, "1").root(|r| {
        r.attribute("MaxErrorCount", "0")
            .children([
                failing("A"),
                expression("OnSuccess", "1"),
                expression("OnFailure", "1"),
                expression("ByExpression", "1"),
                expression("Never", "1"),
            ])
            .constraint(0, 1, "")
            .constraint(0, 2, "DTS:Value=\"1\"")
            .constraint(2, 3, "DTS:EvalOp=\"3\" DTS:Expression=\"@[User::n] == 1\"")
            .constraint(1, 4, "DTS:Value=\"2\"")
    });
    let (result, names) = ran(p);
    assert_eq!(result, Success);
    assert_eq!(
        names,
        [
            "\\Package\\A",
            "\\Package\\OnFailure",
            "\\Package\\ByExpression"
        ]
    );
}

#[test]
fn a_constraint_that_cannot_be_evaluated_fails_its_container() {
    let p = package().root(|r| {
        r.children([expression("A", "1"), expression("B", "1")])
            .constraint(
                0,
                1,
                "DTS:EvalOp=\"1\" DTS:Expression=\"@[User::none] == 1\"",
            )
    });
    let done = run(p.build()).must(Failure);
    assert_eq!(done.errors().last(), Some(&0xC001_4021));
}

#[test]
fn disabled_counts_as_success_and_is_not_validated() {
    let broken = task("X", "Some.Unknown.Task", "<X/>").attribute("Disabled", "True");
    let p = package().root(|r| {
        r.children([broken, expression("B", "1"), expression("C", "1")])
            .constraint(0, 1, "")
            .constraint(0, 2, "DTS:Value=\"1\"")
    });
    let (result, names) = ran(p);
    assert_eq!((result, names), (Success, vec!["\\Package\\B".to_owned()]));
}

#[test]
fn disable_may_come_from_an_expression() {
    let p = package().variable("User::off", 11, "0").root(|r| {
        r.children([
            expression("A", "@[User::off] = TRUE"),
            expression("B", "1").property_expression("Disable", "@[User::off]"),
        ])
        .constraint(0, 1, "")
    });
    assert_eq!(ran(p).1, ["\\Package\\A"]);
}

#[test]
fn an_unsupported_task_is_refused_before_anything_runs() {
    let unknown = || task("X", "Microsoft.WebServiceTask", "<WebServiceTaskData/>");
    let done = run(package()
        .child(expression("A", "1"))
        .child(unknown())
        .build())
    .must(Failure);
    assert!(done.ran().is_empty());
    let said = done.said("OnError").join("\n");
    assert!(said.contains("Microsoft.WebServiceTask"), "{said}");
    // With DelayValidation it is met when its turn comes.
    let late = unknown().attribute("DelayValidation", "True");
    let p = package().root(|r| {
        r.children([expression("A", "1"), late])
            .constraint(0, 1, "")
    });
    let done = run(p.build()).must(Failure);
    assert_eq!(done.values("A").len(), 1);
}

#[test]
fn fail_parent_and_fail_package_stop_what_follows() {
    let next = |flag: &str| {
        package().root(|r| {
            r.attribute("MaxErrorCount", "0")
                .children([
                    sequence("S")
                        .attribute("MaxErrorCount", "0")
                        .children([failing("A").attribute(flag, "True"), expression("B", "1")])
                        .constraint(0, 1, "DTS:Value=\"2\""),
                    expression("C", "1"),
                ])
                .constraint(0, 1, "DTS:Value=\"2\"")
        })
    };
    let (result, names) = ran(next("FailParentOnFailure"));
    assert_eq!(result, Success);
    assert_eq!(names, ["\\Package\\S\\A", "\\Package\\S", "\\Package\\C"]);
    let (result, names) = ran(next("FailPackageOnFailure"));
    assert_eq!(result, Failure);
    assert_eq!(names, ["\\Package\\S\\A", "\\Package\\S"]);
}

#[test]
fn a_forced_result_replaces_the_result_and_not_the_count() {
    let p = |maximum: &str| {
        package().root(|r| {
            r.attribute("MaxErrorCount", maximum)
                .children([
                    failing("A").attribute("ForceExecutionResult", "0"),
                    expression("B", "1"),
                ])
                .constraint(0, 1, "")
        })
    };
    assert_eq!(ran(p("1")).0, Failure);
    let (result, names) = ran(p("2"));
    assert_eq!(result, Success);
    assert_eq!(names, ["\\Package\\A", "\\Package\\B"]);
}

#[test]
fn validation_finds_all_problems() {
    let p = package().root(|r| {
        r.children([
            expression("A", ""),
            expression("B", "@[User::none] = 1"),
            sequence("C").attribute("TransactionOption", "2"),
            expression("D", "1").attribute("MaxErrorCount", "many"),
        ])
        .constraint(0, 1, "")
        .constraint(1, 0, "")
    });
    let done = run(p.build()).must(Failure);
    let said = done.said("OnError").join("\n");
    for part in [
        "A: ",
        "B: ",
        "TransactionOption",
        "MaximumErrorCount",
        "cycle",
    ] {
        assert!(said.contains(part), "{part} in\n{said}");
    }
    assert!(done.ran().is_empty());
}

#[test]
fn execution_value_goes_to_a_variable() {
    let p = package().variable("User::v", 3, "0").root(|r| {
        r.children([
            expression("A", "1 + 1").attribute("ExecValueVariable", "User::v"),
            expression("B", "@[User::sink] = @[User::v]"),
        ])
        .constraint(0, 1, "")
    });
    assert_eq!(
        run(p.build()).must(Success).value("B").as_deref(),
        Some("2")
    );
}
