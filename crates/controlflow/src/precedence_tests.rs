//! Table tests of control-flow.md 2.2.

use super::*;
use ExecResult::{Canceled, Completion, Failure, Success};

fn constraint(
    from: usize,
    to: usize,
    operation: Operation,
    wanted: Wanted,
    and: bool,
) -> Constraint {
    Constraint {
        from,
        to,
        operation,
        wanted,
        logical_and: and,
        expression: "e".to_owned(),
        name: String::new(),
        decided: None,
    }
}

fn decide(operation: Operation, wanted: Wanted, result: ExecResult, expression: bool) -> bool {
    constraint(0, 1, operation, wanted, true)
        .decide(result, |_| Ok::<_, ()>(expression))
        .expect("decides")
}

#[test]
fn every_row_of_the_table() {
    use Operation as O;
    use Wanted as W;
    // operation, wanted, expression, after success, after failure
    let table = [
        (O::Constraint, W::Success, false, true, false),
        (O::Constraint, W::Failure, false, false, true),
        (O::Constraint, W::Completion, false, true, true),
        (O::Expression, W::Success, true, true, true),
        (O::Expression, W::Failure, false, false, false),
        (O::Both, W::Success, true, true, false),
        (O::Both, W::Success, false, false, false),
        (O::Both, W::Failure, true, false, true),
        (O::Both, W::Completion, true, true, true),
        (O::Either, W::Success, false, true, false),
        (O::Either, W::Success, true, true, true),
        (O::Either, W::Failure, false, false, true),
    ];
    for (operation, wanted, expression, success, failure) in table {
        let row = format!("{operation:?} {wanted:?} {expression}");
        assert_eq!(
            decide(operation, wanted, Success, expression),
            success,
            "{row}"
        );
        assert_eq!(
            decide(operation, wanted, Failure, expression),
            failure,
            "{row}"
        );
    }
    assert!(decide(O::Constraint, W::Failure, Canceled, false));
    assert!(!decide(O::Constraint, W::Success, Completion, false));
    assert!(decide(O::Constraint, W::Completion, Completion, false));
}

/// Runs ends of children one after the other and says which become ready at each.
fn ready(
    children: usize,
    constraints: &[Constraint],
    ends: &[(usize, ExecResult)],
) -> Vec<Vec<usize>> {
    let mut precedence = Precedence::new(children, constraints.to_vec());
    let mut all = vec![precedence.first()];
    for (child, result) in ends {
        all.push(
            precedence
                .ended(*child, *result, |_| Ok::<_, ()>(true))
                .expect("decides"),
        );
    }
    all
}

fn plain(from: usize, to: usize, wanted: Wanted, and: bool) -> Constraint {
    constraint(from, to, Operation::Constraint, wanted, and)
}

#[test]
fn and_waits_for_all() {
    let c = [
        plain(0, 2, Wanted::Success, true),
        plain(1, 2, Wanted::Success, true),
    ];
    assert_eq!(
        ready(3, &c, &[(0, Success), (1, Success)]),
        [vec![0, 1], vec![], vec![2]]
    );
    assert_eq!(
        ready(3, &c, &[(0, Success), (1, Failure)]),
        [vec![0, 1], vec![], vec![]]
    );
}

#[test]
fn or_runs_once_at_the_first() {
    let c = [
        plain(0, 2, Wanted::Success, false),
        plain(1, 2, Wanted::Success, false),
    ];
    assert_eq!(
        ready(3, &c, &[(0, Failure), (1, Success)]),
        [vec![0, 1], vec![], vec![2]]
    );
    assert_eq!(
        ready(3, &c, &[(0, Success), (1, Success)]),
        [vec![0, 1], vec![2], vec![]]
    );
}

#[test]
fn mixed_flags() {
    let c = [
        plain(0, 3, Wanted::Success, true),
        plain(1, 3, Wanted::Success, true),
        plain(2, 3, Wanted::Success, false),
    ];
    let first = vec![0, 1, 2];
    assert_eq!(ready(4, &c, &[(2, Success)]), [first.clone(), vec![3]]);
    assert_eq!(
        ready(4, &c, &[(2, Failure), (0, Success), (1, Success)]),
        [first, vec![], vec![], vec![3]]
    );
}

#[test]
fn never_started_propagates_over_completion() {
    let c = [
        plain(0, 1, Wanted::Success, true),
        plain(1, 2, Wanted::Completion, true),
    ];
    assert_eq!(ready(3, &c, &[(0, Failure)]), [vec![0], vec![]]);
}

#[test]
fn cycles_are_found() {
    let c = [
        plain(0, 1, Wanted::Success, true),
        plain(1, 2, Wanted::Success, true),
        plain(2, 1, Wanted::Success, true),
    ];
    assert_eq!(find_cycle(3, &c), Some(vec![1, 2]));
    assert_eq!(find_cycle(3, &c[..2]), None);
}
