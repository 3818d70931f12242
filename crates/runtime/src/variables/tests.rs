//! Tests of variables and scopes.

use std::sync::Arc;

use packmule_types::{Code, Secret, Value, VariableType as T};

use super::convert::{expression_result, general, lossless};
use super::*;
use crate::cancel::Cancel;
use crate::clock::SystemClock;

fn root() -> Arc<Scope> {
    let context = ScopeContext {
        clock: Arc::new(SystemClock::new(chrono_tz::Tz::UTC)),
        cancel: Cancel::new(),
        lcid: 1033,
    };
    Scope::root(ScopeOwner::default(), &[], context)
}

fn declare(scope: &Scope, name: &str, kind: T, value: Value) {
    let (namespace, bare) = name.split_once("::").expect("a full name");
    scope.declare_plain(namespace, bare, kind, value, false);
}

fn child(parent: &Arc<Scope>, level: ScopeLevel) -> Arc<Scope> {
    Scope::new_child(parent, level, ScopeOwner::default(), &[])
}

#[test]
fn the_nearest_scope_wins_and_names_are_exact() {
    let package = root();
    let task = child(&package, ScopeLevel::Task);
    declare(&package, "User::x", T::Int32, Value::I4(1));
    declare(&package, "User::y", T::Int32, Value::I4(2));
    declare(&package, "Own::y", T::Int32, Value::I4(3));
    declare(&task, "User::x", T::Int32, Value::I4(9));
    assert_eq!(task.get("User::x"), Ok(Value::I4(9)));
    assert_eq!(task.get("x"), Ok(Value::I4(9)));
    assert_eq!(package.get("x"), Ok(Value::I4(1)));
    assert_eq!(task.get("Own::y"), Ok(Value::I4(3)));
    assert_eq!(task.get("y").map_err(|e| e.code()), Err(Code(0xC001_F032)));
    assert_eq!(
        task.get("User::X").map_err(|e| e.code()),
        Err(Code(0xC001_0001))
    );
}

#[test]
fn parameters_belong_to_one_package() {
    let parent = root();
    let parameter = |name: &str, value, secret: Option<Secret>| ParameterValue {
        node: packmule_dtsx::NodeId(1),
        name: name.to_owned(),
        dtsid: String::new(),
        variable_type: T::Int32,
        value,
        sensitive: secret.is_some(),
        secret,
    };
    let list = [
        parameter("P", Value::I4(5), None),
        parameter("S", Value::Null, Some(Secret::new("hush"))),
    ];
    parent.declare_parameters("$Package", &list);
    declare(&parent, "User::up", T::Int32, Value::I4(7));
    let called = child(&child(&parent, ScopeLevel::Task), ScopeLevel::Package);
    assert_eq!(called.get("User::up"), Ok(Value::I4(7)));
    assert!(called.get("$Package::P").is_err());
    assert_eq!(parent.get("$Package::P"), Ok(Value::I4(5)));
    assert!(matches!(
        parent.get("$Package::S"),
        Err(VariableError::Sensitive { .. })
    ));
    assert_eq!(
        parent.get_secret("$Package::S"),
        Ok(Some(Secret::new("hush")))
    );
    let written = parent.set("$Package::P", Value::I4(1));
    assert_eq!(written.map_err(|e| e.code()), Err(Code(0xC001_0003)));
}

#[test]
fn assignment_is_strict_for_every_type() {
    let all = [
        (T::Int16, Value::I2(1)),
        (T::Int32, Value::I4(1)),
        (T::Single, Value::R4(1.0)),
        (T::Double, Value::R8(1.0)),
        (T::DateTime, Value::Date(chrono::NaiveDateTime::default())),
        (T::String, Value::text("1")),
        (T::Boolean, Value::Bool(true)),
        (T::Decimal, Value::Decimal(1, 0)),
        (T::SByte, Value::I1(1)),
        (T::Byte, Value::Ui1(1)),
        (T::Char, Value::Ui2(1)),
        (T::UInt32, Value::Ui4(1)),
        (T::Int64, Value::I8(1)),
        (T::UInt64, Value::Ui8(1)),
    ];
    for (kind, start) in &all {
        let scope = root();
        declare(&scope, "User::v", *kind, start.clone());
        for (other, value) in &all {
            let done = scope.set("User::v", value.clone()).map_err(|e| e.code());
            let expected = if kind == other {
                Ok(())
            } else {
                Err(Code(0xC001_F009))
            };
            assert_eq!(done, expected, "{other} into {kind}");
        }
        assert!(
            scope.set("User::v", Value::Null).is_err(),
            "NULL into {kind}"
        );
        declare(&scope, "User::o", T::Object, Value::Null);
        assert_eq!(scope.set("User::o", start.clone()), Ok(()));
        assert_eq!(scope.set("User::o", Value::Null), Ok(()));
    }
    let scope = root();
    declare(&scope, "User::s", T::String, Value::text(""));
    let text = scope
        .set("User::s", Value::Null)
        .expect_err("a type change")
        .to_string();
    assert!(text.starts_with(
        "The type of the value (DBNull) being assigned to variable \"User::s\" differs from the \
         current variable type (String)."
    ));
}

#[test]
fn each_writer_converts_in_its_own_way() {
    let scope = root();
    declare(&scope, "User::i", T::Int32, Value::I4(0));
    declare(&scope, "User::s", T::String, Value::text("x"));
    // Expressions: the same family of types, NULL gives the default.
    assert_eq!(scope.set_from_expression("User::i", Value::I8(7)), Ok(()));
    assert_eq!(scope.get("User::i"), Ok(Value::I4(7)));
    assert_eq!(scope.set_from_expression("User::i", Value::Null), Ok(()));
    assert_eq!(scope.get("User::i"), Ok(Value::I4(0)));
    let text = scope.set_from_expression("User::i", Value::text("7"));
    assert_eq!(text.map_err(|e| e.code()), Err(Code(0xC001_F186)));
    // Execute SQL: lossless when allowed, NULL never.
    let sql = |value, mode| {
        scope
            .set_from_sql("User::i", value, mode)
            .map_err(|e| e.code())
    };
    assert_eq!(sql(Value::text("12"), SqlConversion::Allowed), Ok(()));
    assert_eq!(
        sql(Value::R8(1.5), SqlConversion::Allowed),
        Err(Code(0xC001_F009))
    );
    // Without conversion only the width of a whole number may differ.
    let wide = i64::from(i32::MAX) + 1;
    assert_eq!(sql(Value::I8(1), SqlConversion::None), Ok(()));
    for value in [
        Value::I8(wide),
        Value::text("1"),
        Value::R8(1.0),
        Value::Bool(true),
    ] {
        assert_eq!(sql(value, SqlConversion::None), Err(Code(0xC001_F009)));
    }
    // The same in a Foreach loop.
    let element = |value| {
        let set = scope.set_from_foreach("User::i", value);
        set.map_err(|e| e.code())
    };
    assert_eq!(element(Value::Ui8(9)), Ok(()));
    assert_eq!(scope.get("User::i"), Ok(Value::I4(9)));
    for value in [Value::I8(-wide - 1), Value::text("1"), Value::Null] {
        assert_eq!(element(value), Err(Code(0xC001_F009)));
    }
    assert_eq!(
        sql(Value::Null, SqlConversion::Allowed),
        Err(Code(0xC001_F009))
    );
    // Row Count: four types of whole numbers.
    assert_eq!(scope.set_from_row_count("User::i", 3), Ok(()));
    let rows = scope.set_from_row_count("User::s", 3).map_err(|e| e.code());
    assert_eq!(rows, Err(Code(0xC020_20EF)));
    let many = scope
        .set_from_row_count("User::i", u64::MAX)
        .map_err(|e| e.code());
    assert_eq!(many, Err(Code(0xC020_20EF)));
}

#[test]
fn conversions_are_invariant() {
    let day = |text: &str| general(&Value::text(text), T::DateTime);
    assert_eq!(day("4/21/2008 9:03:29 AM"), day("2008-04-21 09:03:29"));
    assert!(day("21.04.2008").is_none());
    let table = [
        (Value::text("1.5"), T::Double, Some(Value::R8(1.5))),
        (Value::text(" 7 "), T::Int64, Some(Value::I8(7))),
        (Value::text("-1"), T::Boolean, Some(Value::Bool(true))),
        (Value::text("False"), T::Boolean, Some(Value::Bool(false))),
        (Value::text("300"), T::Byte, None),
        (
            Value::text("1.25"),
            T::Decimal,
            Some(Value::Decimal(125, 2)),
        ),
        (Value::text("inf"), T::Double, None),
        (Value::Decimal(125, 2), T::String, Some(Value::text("1.25"))),
        (Value::Decimal(-5, 2), T::String, Some(Value::text("-0.05"))),
        (Value::Bool(true), T::String, Some(Value::text("True"))),
        (Value::I4(5), T::Object, Some(Value::I4(5))),
        (Value::Null, T::Int32, None),
    ];
    for (value, target, expected) in table {
        assert_eq!(general(&value, target), expected, "{value:?} to {target}");
    }
    assert_eq!(lossless(&Value::R8(2.0), T::Int32), Some(Value::I4(2)));
    assert_eq!(lossless(&Value::R8(2.5), T::Int32), None);
    assert_eq!(expression_result(&Value::Bool(true), T::Int32), None);
    assert_eq!(
        expression_result(&Value::R8(2.5), T::Int32),
        Some(Value::I4(2))
    );
}

#[test]
fn locks_are_taken_all_at_once() {
    let scope = root();
    declare(&scope, "User::a", T::Int32, Value::I4(1));
    declare(&scope, "User::b", T::Int32, Value::I4(2));
    let both = Locked::take(&scope, &["User::a"], &["User::b"]).expect("free");
    assert_eq!(both.get("User::a"), Ok(Value::I4(1)));
    assert!(both.set("User::a", Value::I4(5)).is_err());
    assert_eq!(both.set("User::b", Value::I4(5)), Ok(()));
    // A second reader of `a` is let in.
    let reader = Locked::take(&scope, &["User::a"], &[]).expect("shared");
    drop(reader);
    // Cancel ends waiting for `b`.
    scope.context().cancel.cancel();
    assert!(matches!(
        scope.get("User::b"),
        Err(VariableError::Locked { .. })
    ));
    drop(both);
    assert_eq!(scope.get("User::b"), Ok(Value::I4(5)));
    let twice = Locked::take(&scope, &["User::a"], &["User::a"]);
    assert!(matches!(twice, Err(VariableError::LockedTwice { .. })));
}

#[test]
fn writers_in_crossed_order_do_not_lock_up() {
    let scope = root();
    declare(&scope, "User::a", T::Int32, Value::I4(0));
    declare(&scope, "User::b", T::Int32, Value::I4(0));
    std::thread::scope(|threads| {
        for names in [["User::a", "User::b"], ["User::b", "User::a"]] {
            let scope = &scope;
            threads.spawn(move || {
                for _ in 0..200 {
                    let held = Locked::take(scope, &[], &names).expect("in turn");
                    for name in names {
                        if let Ok(Value::I4(n)) = held.get(name) {
                            held.set(name, Value::I4(n + 1)).expect("held");
                        }
                    }
                }
            });
        }
    });
    assert_eq!(scope.get("User::a"), Ok(Value::I4(400)));
    assert_eq!(scope.get("User::b"), Ok(Value::I4(400)));
}
