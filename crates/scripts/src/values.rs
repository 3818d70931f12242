//! Values of variables, arguments and parameters on the wire (PROTOCOL.md 2.2).

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use chrono::{NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike};
use packmule_runtime::Recordset;
use packmule_types::{Value, VariableType};
use serde_json::{Value as Json, json};

use crate::held::{HostObject, ScriptArray, Shape};
use crate::host::Host;

/// 100 ns in a second.
const TICKS: i64 = 10_000_000;
/// Arrays in arrays.
const DEPTH_MAX: usize = 16;

/// A value for the host; `declared` is the type of the variable that holds it.
///
/// # Errors
/// The value has no form there: an object of another process, too many objects.
pub fn to_wire(value: &Value, declared: VariableType, host: &Arc<Host>) -> Result<Json, String> {
    use Value as V;
    Ok(match value {
        V::Null if declared == VariableType::Object => Json::Null,
        V::Null => json!({"t": "DBNull"}),
        V::Bool(v) => json!({"t": "Boolean", "v": v}),
        V::I1(v) => json!({"t": "SByte", "v": v}),
        V::Ui1(v) => json!({"t": "Byte", "v": v}),
        V::I2(v) => json!({"t": "Int16", "v": v}),
        V::Ui2(v) if declared == VariableType::Char => json!({"t": "Char", "v": v}),
        V::Ui2(v) => json!({"t": "UInt16", "v": v}),
        V::I4(v) => json!({"t": "Int32", "v": v}),
        V::Ui4(v) => json!({"t": "UInt32", "v": v}),
        V::I8(v) => json!({"t": "Int64", "v": v.to_string()}),
        V::Ui8(v) => json!({"t": "UInt64", "v": v.to_string()}),
        V::R4(v) => json!({"t": "Single", "v": float(f64::from(*v), &v.to_string())}),
        V::R8(v) => json!({"t": "Double", "v": float(*v, &v.to_string())}),
        V::Cy(v) => json!({"t": "Currency", "v": decimal_text(i128::from(*v), 4)}),
        V::Decimal(v, scale) | V::Numeric(v, _, scale) => {
            json!({"t": "Decimal", "v": decimal_text(*v, *scale)})
        }
        V::Text(v) => json!({"t": "String", "v": &**v}),
        V::Bytes(v) => json!({"t": "Bytes", "v": BASE64.encode(v)}),
        V::Guid(v) => json!({"t": "Guid", "v": v.to_string()}),
        V::Date(v) | V::DbTimeStamp(v) | V::DbTimeStamp2(v, _) | V::FileTime(v) => {
            json!({"t": "DateTime", "v": ticks(*v).to_string()})
        }
        V::DbDate(v) => {
            json!({"t": "DateTime", "v": ticks(v.and_time(NaiveTime::MIN)).to_string()})
        }
        V::DbTime(v) | V::DbTime2(v, _) => {
            json!({"t": "TimeSpan", "v": time_ticks(*v).to_string()})
        }
        V::DbTimeStampOffset(v, minutes, _) => {
            json!({"t": "DateTimeOffset", "v": ticks(*v).to_string(), "o": minutes})
        }
        V::Object(object) => {
            if let Some(items) = ScriptArray::of(value) {
                let items: Result<Vec<_>, _> = items
                    .iter()
                    .map(|item| to_wire(item, VariableType::Object, host))
                    .collect();
                return Ok(json!({"t": "Array", "v": items?}));
            }
            if let Some(held) = HostObject::of(value) {
                if !held.is_of(host) {
                    return Err(format!(
                        "the {} that a script made is lost: its host has ended",
                        object.type_name()
                    ));
                }
                return Ok(json!({
                    "t": "Object", "handle": held.handle, "name": object.type_name(),
                }));
            }
            let Some(rows) = Recordset::of(value) else {
                return Err(format!(
                    "an object of type {} has no form in scripts",
                    object.type_name()
                ));
            };
            let handle = host.held.keep(object);
            let handle = handle.ok_or("scripts hold too many objects")?;
            let form = if rows.is_data_set() { "dataset" } else { "ado" };
            json!({"t": "Rows", "handle": handle, "as": form, "rows": rows.rows()})
        }
    })
}

/// A value of the host.
///
/// # Errors
/// It is none of the protocol's forms.
pub fn from_wire(value: &Json, host: &Arc<Host>) -> Result<Value, String> {
    read(value, host, 0)
}

fn read(value: &Json, host: &Arc<Host>, depth: usize) -> Result<Value, String> {
    if value.is_null() {
        return Ok(Value::Null);
    }
    let kind = value.get("t").and_then(Json::as_str).unwrap_or_default();
    let v = value.get("v").unwrap_or(&Json::Null);
    let broken = || format!("a value of type \"{kind}\" that is none");
    let found = match kind {
        "DBNull" => Some(Value::Null),
        "Array" if depth < DEPTH_MAX => {
            let items = v.as_array().ok_or_else(broken)?;
            let items: Result<Vec<_>, _> = items.iter().map(|i| read(i, host, depth + 1)).collect();
            Some(Value::Object(Arc::new(ScriptArray(items?))))
        }
        "Rows" => {
            let handle = value.get("handle").and_then(Json::as_i64);
            handle.and_then(|h| host.held.get(h)).map(Value::Object)
        }
        "Object" => object(value, host),
        _ => plain(kind, v, value),
    };
    found.ok_or_else(broken)
}

fn object(value: &Json, host: &Arc<Host>) -> Option<Value> {
    let handle = value.get("handle").and_then(Json::as_i64)?;
    let name = value.get("name").and_then(Json::as_str).unwrap_or("Object");
    let shape = match value.get("shape").and_then(Json::as_str) {
        Some("list") => Shape::List,
        Some("rows") => Shape::Rows,
        _ => Shape::Other,
    };
    let object = HostObject::new(host, handle, name.to_owned(), shape);
    Some(Value::Object(Arc::new(object)))
}

fn plain(kind: &str, v: &Json, value: &Json) -> Option<Value> {
    let text = || v.as_str();
    let integer = || v.as_i64();
    Some(match kind {
        "Boolean" => Value::Bool(v.as_bool()?),
        "SByte" => Value::I1(integer()?.try_into().ok()?),
        "Byte" => Value::Ui1(integer()?.try_into().ok()?),
        "Int16" => Value::I2(integer()?.try_into().ok()?),
        "UInt16" | "Char" => Value::Ui2(integer()?.try_into().ok()?),
        "Int32" => Value::I4(integer()?.try_into().ok()?),
        "UInt32" => Value::Ui4(integer()?.try_into().ok()?),
        "Int64" => Value::I8(text()?.parse().ok()?),
        "UInt64" => Value::Ui8(text()?.parse().ok()?),
        "Single" => Value::R4(parse_float(text()?)? as f32),
        "Double" => Value::R8(parse_float(text()?)?),
        "Decimal" => {
            let (unscaled, scale) = parse_decimal(text()?)?;
            Value::Decimal(unscaled, scale)
        }
        "Currency" => {
            let (unscaled, scale) = parse_decimal(text()?)?;
            let up = 4u32.checked_sub(u32::from(scale))?;
            let scaled = unscaled.checked_mul(10i128.checked_pow(up)?)?;
            Value::Cy(i64::try_from(scaled).ok()?)
        }
        "String" => Value::text(text()?),
        "DateTime" => Value::Date(from_ticks(text()?.parse().ok()?)?),
        "TimeSpan" => time_span(text()?.parse().ok()?)?,
        "DateTimeOffset" => {
            let minutes = value.get("o").and_then(Json::as_i64).unwrap_or(0);
            let at = from_ticks(text()?.parse().ok()?)?;
            Value::DbTimeStampOffset(at, i16::try_from(minutes).ok()?, 7)
        }
        "Guid" => Value::Guid(uuid::Uuid::parse_str(text()?).ok()?),
        "Bytes" => Value::Bytes(BASE64.decode(text()?).ok()?.into()),
        _ => return None,
    })
}

/// A time of day, where it is one; else its ticks as a number.
fn time_span(ticks: i64) -> Option<Value> {
    let day = 86_400 * TICKS;
    if !(0..day).contains(&ticks) {
        return Some(Value::I8(ticks));
    }
    let seconds = u32::try_from(ticks / TICKS).ok()?;
    let nanos = u32::try_from(ticks % TICKS).ok()?.checked_mul(100)?;
    let time = NaiveTime::from_num_seconds_from_midnight_opt(seconds, nanos)?;
    Some(Value::DbTime2(time, 7))
}

fn float(value: f64, text: &str) -> String {
    if value.is_nan() {
        "NaN".to_owned()
    } else if value.is_infinite() {
        let name = if value > 0.0 { "Infinity" } else { "-Infinity" };
        name.to_owned()
    } else {
        text.to_owned()
    }
}

fn parse_float(text: &str) -> Option<f64> {
    match text {
        "NaN" => Some(f64::NAN),
        "Infinity" => Some(f64::INFINITY),
        "-Infinity" => Some(f64::NEG_INFINITY),
        _ => text.parse().ok(),
    }
}

/// `-1.50` for -150 with two digits.
fn decimal_text(unscaled: i128, scale: u8) -> String {
    let scale = usize::from(scale);
    let digits = unscaled.unsigned_abs().to_string();
    let digits = format!("{digits:0>width$}", width = scale + 1);
    let (whole, fraction) = digits.split_at(digits.len() - scale);
    let sign = if unscaled < 0 { "-" } else { "" };
    if fraction.is_empty() {
        format!("{sign}{whole}")
    } else {
        format!("{sign}{whole}.{fraction}")
    }
}

fn parse_decimal(text: &str) -> Option<(i128, u8)> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let is_number = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
    let unsigned = whole.strip_prefix('-').unwrap_or(whole);
    if fraction.len() > 28 || !is_number(unsigned) || !is_number(fraction) {
        return None;
    }
    let unscaled = format!("{whole}{fraction}").parse().ok()?;
    Some((unscaled, u8::try_from(fraction.len()).ok()?))
}

fn first_day() -> NaiveDateTime {
    NaiveDate::from_ymd_opt(1, 1, 1)
        .unwrap_or_default()
        .and_time(NaiveTime::MIN)
}

/// 100 ns since 0001-01-01, within what .NET has.
fn ticks(at: NaiveDateTime) -> i64 {
    const MAX: i64 = 3_155_378_975_999_999_999;
    let since = at - first_day();
    let nanos = i64::from(since.subsec_nanos()) / 100;
    let ticks = since
        .num_seconds()
        .saturating_mul(TICKS)
        .saturating_add(nanos);
    ticks.clamp(0, MAX)
}

fn from_ticks(ticks: i64) -> Option<NaiveDateTime> {
    let seconds = TimeDelta::try_seconds(ticks.div_euclid(TICKS))?;
    let nanos = TimeDelta::nanoseconds(ticks.rem_euclid(TICKS) * 100);
    first_day()
        .checked_add_signed(seconds)?
        .checked_add_signed(nanos)
}

fn time_ticks(time: NaiveTime) -> i64 {
    i64::from(time.num_seconds_from_midnight()) * TICKS
        + i64::from(time.nanosecond() % 1_000_000_000) / 100
}

#[cfg(test)]
mod tests {
    use super::*;

    fn back(json: &Json) -> Option<Value> {
        plain(json["t"].as_str().unwrap(), &json["v"], json)
    }

    #[test]
    fn decimals_keep_their_scale() {
        for (unscaled, scale, text) in [
            (150, 2, "1.50"),
            (-5, 3, "-0.005"),
            (0, 0, "0"),
            (-12, 0, "-12"),
            (
                79_228_162_514_264_337_593_543_950_335,
                0,
                "79228162514264337593543950335",
            ),
        ] {
            assert_eq!(decimal_text(unscaled, scale), text);
            assert_eq!(parse_decimal(text), Some((unscaled, scale)));
        }
        for text in ["", "-", "1e5", "+1", "1.", ".5"] {
            let ok = matches!(text, "1." | ".5");
            assert_eq!(parse_decimal(text).is_some(), ok, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_does_harm(text in ".{0,40}", number in proptest::num::i64::ANY) {
            for kind in ["Int64", "Double", "Decimal", "Currency", "DateTime", "TimeSpan", "DateTimeOffset", "Guid", "Bytes"] {
                let _ = plain(kind, &json!(text), &json!({"o": number}));
                let _ = plain(kind, &json!(number.to_string()), &json!({"o": number}));
            }
            if let Some((unscaled, scale)) = parse_decimal(&text) {
                proptest::prop_assert_eq!(parse_decimal(&decimal_text(unscaled, scale)), Some((unscaled, scale)));
            }
            if let Some(at) = from_ticks(number) {
                proptest::prop_assert_eq!(from_ticks(ticks(at)).map(ticks), Some(ticks(at)));
            }
        }
    }

    #[test]
    fn moments_are_ticks_of_dot_net() {
        // DateTime(2012, 12, 21, 10, 20, 30).AddTicks(4567).Ticks as documented arithmetic:
        // 734857 days before 2012-12-21, 37230 s into it.
        let at = NaiveDate::from_ymd_opt(2012, 12, 21).unwrap();
        let at = at.and_hms_nano_opt(10, 20, 30, 456_700).unwrap();
        let wanted = (734_857 * 86_400 + 37_230) * TICKS + 4_567;
        assert_eq!(ticks(at), wanted);
        assert_eq!(from_ticks(wanted), Some(at));
        assert_eq!(from_ticks(0), Some(first_day()));
        assert!(from_ticks(i64::MAX).is_some());
    }

    #[test]
    fn plain_values_come_back() {
        let json = [
            json!({"t": "Int32", "v": -7}),
            json!({"t": "Int64", "v": "9223372036854775807"}),
            json!({"t": "Double", "v": "NaN"}),
            json!({"t": "Currency", "v": "1.5000"}),
            json!({"t": "TimeSpan", "v": "600000000"}),
            json!({"t": "String", "v": "ä\u{0}"}),
        ];
        let time = NaiveTime::from_hms_opt(0, 1, 0).unwrap();
        let wanted = [
            Value::I4(-7),
            Value::I8(i64::MAX),
            Value::R8(f64::NAN),
            Value::Cy(15_000),
            Value::DbTime2(time, 7),
            Value::text("ä\u{0}"),
        ];
        for (json, wanted) in json.iter().zip(wanted) {
            assert_eq!(back(json), Some(wanted), "{json}");
        }
        for json in [
            json!({"t": "Int32", "v": 3_000_000_000_i64}),
            json!({"t": "Int64", "v": 5}),
            json!({"t": "Currency", "v": "1.50001"}),
            json!({"t": "What", "v": 1}),
            json!({"t": "Bytes", "v": "%"}),
        ] {
            assert_eq!(back(&json), None, "{json}");
        }
    }
}
