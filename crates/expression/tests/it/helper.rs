//! What the table tests share: names, evaluation, values as text.

use arrow::array::ArrayRef;
use chrono::NaiveDate;
use packmule_expression::{
    BindOptions, Bound, ColumnBinding, ColumnReference, ExpressionError, Inputs, NameError, Names,
    Now, VariableBinding, names_match, parse,
};
use packmule_types::array::ColumnBuilder;
use packmule_types::{ColumnType, DataType, Value};

/// Variables and columns of a test, by name.
#[derive(Default, Clone)]
pub(crate) struct World {
    pub(crate) variables: Vec<(&'static str, ColumnType, Value)>,
    pub(crate) columns: Vec<(&'static str, ColumnType)>,
    pub(crate) rows: Vec<Vec<Value>>,
}

impl World {
    pub(crate) fn variable(mut self, name: &'static str, value: Value) -> Self {
        let column_type = match &value {
            Value::Text(text) => ColumnType::wstr(text.encode_utf16().count() as u32),
            Value::Decimal(_, scale) => ColumnType::decimal(*scale),
            other => ColumnType::new(other.data_type()),
        };
        self.variables.push((name, column_type, value));
        self
    }

    pub(crate) fn column(mut self, name: &'static str, column_type: ColumnType) -> Self {
        self.columns.push((name, column_type));
        self
    }

    pub(crate) fn row(mut self, values: impl IntoIterator<Item = Value>) -> Self {
        self.rows.push(values.into_iter().collect());
        self
    }

    pub(crate) fn arrays(&self) -> Vec<ArrayRef> {
        let mut arrays = Vec::new();
        for (index, (_, column_type)) in self.columns.iter().enumerate() {
            let mut builder = ColumnBuilder::new(column_type, self.rows.len());
            for row in &self.rows {
                builder.append(&row[index]).unwrap();
            }
            arrays.push(builder.finish());
        }
        arrays
    }

    pub(crate) fn values(&self) -> Vec<Value> {
        self.variables.iter().map(|v| v.2.clone()).collect()
    }

    pub(crate) fn bind(&self, text: &str) -> Result<Bound, Vec<ExpressionError>> {
        let options = BindOptions {
            assignment: true,
            ..BindOptions::default()
        };
        parse(text).map_err(|e| vec![e])?.bind(self, &options)
    }

    pub(crate) fn value(&self, text: &str) -> Result<(ColumnType, Value), Vec<ExpressionError>> {
        let bound = self.bind(text)?;
        let (arrays, values, now) = (self.arrays(), self.values(), now());
        let inputs = Inputs {
            columns: &arrays,
            rows: 1,
            variables: &values,
            now: &now,
        };
        let value = bound.evaluate_row(&inputs).map_err(|e| vec![e])?;
        Ok((bound.column_type(), value))
    }
}

impl Names for World {
    fn variable(&self, _: Option<&str>, name: &str) -> Result<VariableBinding, NameError> {
        let at = self.variables.iter().position(|v| v.0 == name);
        let index = at.ok_or(NameError::NotFound)?;
        Ok(VariableBinding {
            column_type: self.variables[index].1,
            index,
            sensitive: name.starts_with("Secret"),
        })
    }

    fn column(&self, reference: &ColumnReference) -> Result<ColumnBinding, NameError> {
        if self.columns.is_empty() {
            return Err(NameError::NoColumns);
        }
        let index = match reference {
            ColumnReference::Name { column, .. } => {
                self.columns.iter().position(|c| names_match(column, c.0))
            }
            ColumnReference::LineageId(id) => Some(*id as usize),
            ColumnReference::RefId(id) => self
                .columns
                .iter()
                .position(|c| id.ends_with(&format!("Columns[{}]", c.0))),
        };
        let index = index
            .filter(|i| *i < self.columns.len())
            .ok_or(NameError::NotFound)?;
        Ok(ColumnBinding {
            index,
            column_type: self.columns[index].1,
        })
    }
}

/// 2026-03-04 05:06:07.089, at +02:00.
pub(crate) fn now() -> Now {
    let date = NaiveDate::from_ymd_opt(2026, 3, 4).unwrap();
    Now {
        local: date.and_hms_milli_opt(5, 6, 7, 89).unwrap(),
        utc: date.and_hms_milli_opt(3, 6, 7, 89).unwrap(),
        offset_minutes: 120,
    }
}

/// A value in plain words, made here and nowhere else.
pub(crate) fn text_of(value: &Value) -> String {
    match value {
        Value::Null => "NULL".into(),
        Value::Bool(v) => if *v { "True" } else { "False" }.into(),
        Value::I1(v) => v.to_string(),
        Value::I2(v) => v.to_string(),
        Value::I4(v) => v.to_string(),
        Value::I8(v) => v.to_string(),
        Value::Ui1(v) => v.to_string(),
        Value::Ui2(v) => v.to_string(),
        Value::Ui4(v) => v.to_string(),
        Value::Ui8(v) => v.to_string(),
        Value::R4(v) => v.to_string(),
        Value::R8(v) => v.to_string(),
        Value::Cy(v) => decimal(i128::from(*v), 4),
        Value::Decimal(v, s) | Value::Numeric(v, _, s) => decimal(*v, *s),
        Value::Text(v) => v.to_string(),
        Value::Bytes(v) => v.iter().map(|b| format!("{b:02X}")).collect(),
        Value::Guid(v) => v.braced().to_string().to_uppercase(),
        Value::Date(v) | Value::DbTimeStamp(v) | Value::FileTime(v) => v.to_string(),
        Value::DbDate(v) => v.to_string(),
        Value::DbTime(v) | Value::DbTime2(v, _) => v.to_string(),
        Value::DbTimeStamp2(v, _) => v.to_string(),
        Value::DbTimeStampOffset(v, m, _) => format!("{v} UTC {m:+}"),
        Value::Object(_) => "object".into(),
    }
}

fn decimal(value: i128, scale: u8) -> String {
    let digits = format!(
        "{:0>width$}",
        value.unsigned_abs(),
        width = usize::from(scale) + 1
    );
    let (whole, fraction) = digits.split_at(digits.len() - usize::from(scale));
    let sign = if value < 0 { "-" } else { "" };
    let point = if scale == 0 { "" } else { "." };
    format!("{sign}{whole}{point}{fraction}")
}

/// Checks rows of `(expression, type, value)` in a world; all failures are shown.
pub(crate) fn check_in(world: &World, rows: &[(&str, &str, &str)]) {
    let mut failures = Vec::new();
    for (expression, wanted_type, wanted) in rows {
        match world.value(expression) {
            Ok((column_type, value)) => {
                let (found_type, found) = (column_type.to_string(), text_of(&value));
                if (found_type.as_str(), found.as_str()) != (*wanted_type, *wanted) {
                    failures.push(format!(
                        "{expression}\n  wanted {wanted_type} {wanted:?}\n  found  {found_type} {found:?}"
                    ));
                }
            }
            Err(errors) => failures.push(format!("{expression}\n  fails: {errors:?}")),
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// The same without variables and columns.
pub(crate) fn check(rows: &[(&str, &str, &str)]) {
    check_in(&World::default(), rows);
}

/// Checks rows of `(expression, code)`: parsing, binding or evaluating fails with the code.
pub(crate) fn check_errors_in(world: &World, rows: &[(&str, u32)]) {
    let mut failures = Vec::new();
    for (expression, wanted) in rows {
        match world.value(expression) {
            Ok((_, value)) => failures.push(format!("{expression} is {}", text_of(&value))),
            Err(errors) if errors[0].code.0 == *wanted => {}
            Err(errors) => {
                failures.push(format!("{expression}\n  wanted {wanted:08X}: {errors:?}"))
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// The same without variables and columns.
pub(crate) fn check_errors(rows: &[(&str, u32)]) {
    check_errors_in(&World::default(), rows);
}

/// A type without parameters.
pub(crate) fn plain(data_type: DataType) -> ColumnType {
    ColumnType::new(data_type)
}
