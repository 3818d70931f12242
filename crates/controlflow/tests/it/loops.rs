//! For and Foreach loops: control-flow.md 4.

use packmule_controlflow::ExecResult::{Failure, Success};

use crate::package_builder::{
    expression, failing, file_enumerator, for_loop, foreach, package, task,
};
use crate::watcher::run;

#[test]
fn a_for_loop_counts() {
    let body = expression("T", "@[User::sum] = @[User::sum] + @[User::i]");
    let p = package()
        .variable("User::i", 3, "7")
        .variable("User::sum", 3, "0")
        .child(for_loop("L", "@i = 1", "@i <= 4", "@i = @i + 1").child(body));
    let done = run(p.build()).must(Success);
    assert_eq!(done.values("T"), ["1", "3", "6", "10"]);
    let paths: Vec<String> = (1..=4).map(|n| format!("\\Package\\L[{n}]\\T")).collect();
    assert_eq!(done.ran()[..4], paths);
    assert_eq!(done.ran()[4], "\\Package\\L");
}

#[test]
fn loops_without_turns_succeed_and_bad_conditions_fail() {
    let table = [
        ("FALSE", Success, None),
        ("1", Failure, Some(0xC001_7006)),
        ("", Failure, Some(0xC001_F185)),
        ("1 / @[User::zero] == 1", Failure, Some(0xC004_707B)),
    ];
    for (eval, result, code) in table {
        let done = run(package().child(for_loop("L", "", eval, "")).build()).must(result);
        assert_eq!(done.errors().first().copied(), code, "{eval}");
    }
}

#[test]
fn errors_end_a_loop_at_the_maximum_of_the_loop() {
    let looped = |maximum: &str| {
        let body = failing("T");
        let l = for_loop("L", "@i = 0", "@i < 4", "@i = @i + 1");
        package()
            .variable("User::i", 3, "0")
            .child(l.attribute("MaxErrorCount", maximum).child(body))
            .root(|r| r.attribute("MaxErrorCount", "0"))
    };
    // Counts add up over the turns.
    for (maximum, turns) in [("1", 1), ("3", 3), ("0", 4), ("9", 4)] {
        let done = run(looped(maximum).build());
        assert_eq!(done.values("T").len(), turns, "maximum {maximum}");
    }
}

#[test]
fn a_foreach_file_loop_goes_over_the_files() {
    let folder = tempfile::tempdir().expect("a folder");
    for name in ["b.csv", "A.csv", "c.txt"] {
        std::fs::write(folder.path().join(name), "").expect("a file");
    }
    let here = folder.path().display().to_string();
    let body = expression("T", "@[User::all] = @[User::all] + @[User::file] + \";\"");
    let p = package()
        .variable("User::file", 8, "")
        .variable("User::all", 8, "")
        .child(foreach("L", &file_enumerator(&here, "*.csv"), &[("User::file", 0)]).child(body));
    let done = run(p.build()).must(Success);
    assert_eq!(done.value("T").as_deref(), Some("A.csv;b.csv;"));
    let none = package().variable("User::file", 8, "").child(foreach(
        "L",
        &file_enumerator("/no/such/folder", "*"),
        &[("User::file", 0)],
    ));
    let done = run(none.build()).must(Success);
    assert_eq!(done.said("OnWarning").len(), 1);
}

#[test]
fn a_foreach_loop_without_a_mapping_loops() {
    let folder = tempfile::tempdir().expect("a folder");
    for name in ["a", "b", "c"] {
        std::fs::write(folder.path().join(name), "").expect("a file");
    }
    let here = folder.path().display().to_string();
    let body = expression("T", "@[User::n] = @[User::n] + 1");
    let p = package()
        .variable("User::n", 3, "0")
        .child(foreach("L", &file_enumerator(&here, "*"), &[]).child(body));
    assert_eq!(run(p.build()).must(Success).values("T"), ["1", "2", "3"]);
}

#[test]
fn mappings_are_strict() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("a"), "").expect("a file");
    let here = folder.path().display().to_string();
    let p = |variable: &str, index| {
        package()
            .variable("User::n", 3, "0")
            .variable("User::s", 8, "")
            .child(foreach(
                "L",
                &file_enumerator(&here, "*"),
                &[(variable, index)],
            ))
    };
    let table = [
        ("User::n", 0, vec![0xC001_F009, 0xC001_C012]),
        ("User::s", 1, vec![0xC001_C010]),
        ("User::s", -1, vec![0xC001_C011]),
        ("User::none", 0, vec![0xC001_0001]),
    ];
    for (variable, index, codes) in table {
        let done = run(p(variable, index).build()).must(Failure);
        assert_eq!(done.errors(), codes, "{variable} {index}");
    }
}

#[test]
fn unsupported_enumerators_are_refused_by_name() {
    let enumerator = "<DTS:ForEachEnumerator DTS:CreationName=\"Microsoft.ForEachSMOEnumerator\" \
                      DTS:ObjectName=\"e\"><DTS:ObjectData><X/></DTS:ObjectData>\
                      </DTS:ForEachEnumerator>";
    let done = run(package().child(foreach("L", enumerator, &[])).build()).must(Failure);
    assert!(done.said("OnError").join("").contains("SMO"));
}

#[test]
fn property_expressions_are_evaluated_in_every_turn() {
    let body = task(
        "T",
        "Microsoft.ExpressionTask",
        "<ExpressionTask Expression=\"0\"/>",
    )
    .property_expression("Expression", "(DT_WSTR, 10) @[User::i] + \" * 10\"");
    let p = package()
        .variable("User::i", 3, "0")
        .child(for_loop("L", "@i = 1", "@i < 4", "@i = @i + 1").child(body));
    assert_eq!(run(p.build()).must(Success).values("T"), ["10", "20", "30"]);
}
