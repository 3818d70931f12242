//! The list of functions: each is documented and its example holds.

use packmule_expression::functions::{all, find};

use crate::helper::{World, text_of};

#[test]
fn every_function_is_complete() {
    let functions = all();
    assert_eq!(functions.len(), 38);
    for pair in functions.windows(2) {
        assert!(
            pair[0].name < pair[1].name,
            "{} is out of order",
            pair[1].name
        );
    }
    for function in functions {
        let name = function.name;
        assert!(function.summary.ends_with('.'), "{name} has no summary");
        assert!(!function.nulls.is_empty(), "{name} has no null rule");
        assert!(!function.result.is_empty(), "{name} has no result rule");
        assert!(function.arguments.iter().all(|a| !a.name.is_empty()));
        assert!(
            function.example.0.contains(name),
            "{name} has no example of its own"
        );
        let (_, value) = World::default().value(function.example.0).unwrap();
        assert_eq!(
            text_of(&value),
            function.example.1,
            "{}",
            function.example.0
        );
        assert_eq!(find(&name.to_lowercase()).map(|f| f.name), Some(name));
    }
}
