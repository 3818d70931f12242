//! Values of parameters as JSON and back.

use packmule_catalog::Variant;
use serde_json::{Value as Json, json};

/// Whole numbers up to this size are exact in every JSON reader.
const EXACT_INTEGER: u64 = 1 << 53;

/// A value as JSON. Whole numbers beyond 2^53 are texts, so that no reader loses a digit.
pub(crate) fn json_of_variant(value: &Variant) -> Json {
    match value {
        Variant::Boolean(value) => json!(value),
        Variant::Integer(value) if value.unsigned_abs() <= EXACT_INTEGER => json!(value),
        Variant::Integer(value) => json!(value.to_string()),
        Variant::Real(value) if value.is_finite() => json!(value),
        Variant::Real(value) => json!(value.to_string()),
        Variant::Text(text) | Variant::Literal(text) => json!(text),
    }
}

/// JSON as a value. Text is read as whatever type the parameter has, because JSON has no other
/// form for dates, decimals and large numbers.
///
/// # Errors
/// For arrays, objects and null, which no parameter can have.
pub(crate) fn variant_of_json(json: &Json) -> Result<Variant, &'static str> {
    match json {
        Json::Bool(value) => Ok(Variant::Boolean(*value)),
        Json::String(text) => Ok(Variant::Literal(text.clone())),
        Json::Number(number) => Ok(if let Some(value) = number.as_i64() {
            Variant::Integer(value)
        } else if let Some(value) = number.as_u64() {
            Variant::Literal(value.to_string())
        } else {
            Variant::Real(number.as_f64().unwrap_or(f64::NAN))
        }),
        Json::Null => Err("a value is needed, null is none"),
        Json::Array(_) | Json::Object(_) => Err("a value must be text, a number, true or false"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_keep_every_digit() {
        let table = [
            (Variant::Boolean(true), json!(true)),
            (Variant::Integer(-7), json!(-7)),
            (
                Variant::Integer(9_007_199_254_740_992),
                json!(9_007_199_254_740_992_i64),
            ),
            (
                Variant::Integer(9_007_199_254_740_993),
                json!("9007199254740993"),
            ),
            (Variant::Integer(i64::MIN), json!("-9223372036854775808")),
            (Variant::Real(0.5), json!(0.5)),
            (Variant::Real(f64::INFINITY), json!("inf")),
            (Variant::Text("ä".to_owned()), json!("ä")),
        ];
        for (value, expected) in table {
            assert_eq!(json_of_variant(&value), expected, "{value:?}");
        }
    }

    #[test]
    fn json_becomes_the_nearest_value() {
        let table = [
            (json!(true), Variant::Boolean(true)),
            (json!(3), Variant::Integer(3)),
            (json!(u64::MAX), Variant::Literal(u64::MAX.to_string())),
            (json!(1.5), Variant::Real(1.5)),
            (json!("x"), Variant::Literal("x".to_owned())),
        ];
        for (json, expected) in table {
            assert_eq!(variant_of_json(&json), Ok(expected), "{json}");
        }
        for json in [json!(null), json!([1]), json!({"a": 1})] {
            assert!(variant_of_json(&json).is_err(), "{json}");
        }
    }
}
