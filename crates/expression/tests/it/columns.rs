//! Batches: errors of rows, truncation, selections.

use arrow::array::{Array, AsArray};
use packmule_expression::Inputs;
use packmule_types::array::value_at;
use packmule_types::{ColumnType, DataType, Value};

use crate::helper::{World, now, plain, text_of};

fn evaluate(world: &World, text: &str) -> (Vec<String>, Vec<(u32, u32, bool)>) {
    let bound = world.bind(text).unwrap();
    let (arrays, values, now) = (world.arrays(), world.values(), now());
    let evaluated = bound.evaluate(&Inputs {
        columns: &arrays,
        rows: world.rows.len(),
        variables: &values,
        now: &now,
    });
    assert_eq!(evaluated.array.data_type(), &bound.column_type().arrow());
    let texts = (0..evaluated.array.len())
        .map(|row| text_of(&value_at(&bound.column_type(), &evaluated.array, row)))
        .collect();
    let errors = evaluated
        .errors
        .iter()
        .map(|e| (e.row, e.code.0, e.truncation))
        .collect();
    (texts, errors)
}

fn numbers() -> World {
    World::default()
        .column("n", plain(DataType::I4))
        .column("s", ColumnType::wstr(40))
        .row([Value::I4(2), Value::text("a text longer than twelve")])
        .row([Value::I4(0), Value::text("short")])
        .row([Value::Null, Value::Null])
        .row([Value::I4(-5), Value::text("Zoë and a bicycle 🚲")])
}

#[test]
fn failing_rows_are_null_and_listed() {
    let (texts, errors) = evaluate(&numbers(), "10 / n");
    assert_eq!(texts, ["5", "NULL", "NULL", "-2"]);
    assert_eq!(errors, [(1, 0xC004_707B, false)]);
    let (texts, errors) = evaluate(&numbers(), "ISNULL(10 / n)");
    assert_eq!(texts, ["False", "NULL", "True", "False"]);
    assert_eq!(errors, [(1, 0xC004_707B, false)]);
}

#[test]
fn branches_are_taken_row_by_row() {
    let (texts, errors) = evaluate(&numbers(), "n == 0 ? 0 : 10 / n");
    assert_eq!(texts, ["5", "0", "NULL", "-2"]);
    assert!(errors.is_empty());
    let (texts, errors) = evaluate(&numbers(), "n > 0 ? \"+\" : n < 0 ? SUBSTRING(s, n, 1) : s");
    assert_eq!(texts, ["+", "short", "NULL", "NULL"]);
    assert_eq!(errors, [(3, 0xC004_708C, false)]);
    let (texts, errors) = evaluate(&numbers(), "n != 0 && 10 / n > 0 || n == -5");
    assert_eq!(texts, ["True", "False", "NULL", "True"]);
    assert!(errors.is_empty());
}

#[test]
fn pieces_share_and_truncation_is_its_own_class() {
    let (texts, _) = evaluate(&numbers(), "SUBSTRING(s, 3, 15)");
    assert_eq!(texts, ["text longer tha", "ort", "NULL", "ë and a bicycle"]);
    let (texts, errors) = evaluate(&numbers(), "(DT_WSTR,6)s");
    assert_eq!(texts, ["a text", "short", "NULL", "Zoë an"]);
    assert_eq!(errors, [(0, 0xC001_700E, true), (3, 0xC001_700E, true)]);
    let (texts, _) = evaluate(&numbers(), "REVERSE(s) + \"|\" + UPPER(s)");
    assert_eq!(texts[1], "trohs|SHORT");
    assert_eq!(texts[3], "🚲 elcycib a dna ëoZ|ZOË AND A BICYCLE 🚲");
}

#[test]
fn constants_have_as_many_rows_as_the_batch() {
    let (texts, _) = evaluate(&numbers(), "1 + 1");
    assert_eq!(texts, ["2"; 4]);
    let world = World::default().column("n", plain(DataType::I4));
    let (texts, errors) = evaluate(&world, "n + 1");
    assert!(texts.is_empty() && errors.is_empty());
    let (texts, _) = evaluate(&world, "GETDATE()");
    assert!(texts.is_empty());
}

#[test]
fn long_texts_are_views_of_the_input() {
    let world = World::default()
        .column("s", ColumnType::wstr(40))
        .row([Value::text("0123456789 0123456789 0123456789")]);
    let bound = world.bind("TRIM(LEFT(s, 22))").unwrap();
    let arrays = world.arrays();
    let evaluated = bound.evaluate(&Inputs {
        columns: &arrays,
        rows: 1,
        variables: &[],
        now: &now(),
    });
    let input = arrays[0].as_string_view().data_buffers()[0].as_ptr();
    let output = evaluated.array.as_string_view();
    assert_eq!(output.value(0), "0123456789 0123456789");
    assert_eq!(output.data_buffers()[0].as_ptr(), input);
}

#[test]
fn static_codes() {
    let world = numbers();
    let bound = world.bind("10 / n").unwrap();
    let evaluated = bound.evaluate(&Inputs {
        columns: &world.arrays(),
        rows: 4,
        variables: &[],
        now: &now(),
    });
    assert_eq!(evaluated.errors[0].static_code().0, 0xC004_9030);
}
