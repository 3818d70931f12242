//! The entry point of the fuzz target: no text may make the crate panic, hang or use unbounded
//! memory.

use std::sync::Arc;

use arrow::array::{ArrayRef, Int32Array, StringViewArray};
use packmule_types::{ColumnType, DataType, Value};

use crate::{
    BindOptions, ColumnBinding, ColumnReference, Inputs, NameError, Names, Now, VariableBinding,
    parse,
};

/// Answers every name: columns and variables of two types, by the length of the name.
struct Everything;

impl Names for Everything {
    fn variable(&self, _: Option<&str>, name: &str) -> Result<VariableBinding, NameError> {
        let index = name.len() % 2;
        Ok(VariableBinding {
            column_type: column_type(index),
            index,
            sensitive: false,
        })
    }

    fn column(&self, reference: &ColumnReference) -> Result<ColumnBinding, NameError> {
        let index = reference.to_string().len() % 2;
        Ok(ColumnBinding {
            index,
            column_type: column_type(index),
        })
    }
}

fn column_type(index: usize) -> ColumnType {
    if index == 0 {
        ColumnType::wstr(10)
    } else {
        ColumnType::new(DataType::I4)
    }
}

/// Parses, binds and evaluates arbitrary bytes on three rows.
pub fn fuzz_expression(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let Ok(parsed) = parse(&text) else {
        return;
    };
    let options = BindOptions {
        assignment: true,
        ..BindOptions::default()
    };
    let Ok(bound) = parsed.bind(&Everything, &options) else {
        return;
    };
    let texts = StringViewArray::from(vec![Some("12"), None, Some("a longer text, Zoë 🚲")]);
    let numbers = Int32Array::from(vec![Some(0), Some(-7), None]);
    let columns: [ArrayRef; 2] = [Arc::new(texts), Arc::new(numbers)];
    let inputs = Inputs {
        columns: &columns,
        rows: 3,
        variables: &[Value::text("v"), Value::I4(3)],
        now: &Now::default(),
    };
    let evaluated = bound.evaluate(&inputs);
    assert_eq!(evaluated.array.len(), 3);
}
