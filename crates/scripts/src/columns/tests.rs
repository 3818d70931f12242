//! Round trips of every type, and bytes that no honest host sends.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, Int32Array, StringViewArray};
use packmule_types::array::{ColumnBuilder, constant};
use packmule_types::temporal::{
    TICKS_PER_DAY, date_from_days, datetime_from_ticks, time_from_ticks,
};
use packmule_types::{ColumnType, DataType, Value};
use proptest::prelude::*;

use super::*;

const END: i64 = 3_652_059 * TICKS_PER_DAY;

fn types() -> Vec<ColumnType> {
    use DataType as D;
    let plain = [
        D::Empty,
        D::Null,
        D::Bool,
        D::I1,
        D::I2,
        D::I4,
        D::I8,
        D::Ui1,
        D::Ui2,
        D::Ui4,
        D::Ui8,
        D::R4,
        D::R8,
        D::Cy,
        D::Guid,
        D::Date,
        D::DbDate,
        D::DbTime,
        D::DbTimeStamp,
        D::FileTime,
        D::Image,
        D::NText,
    ];
    let mut types: Vec<ColumnType> = plain.into_iter().map(ColumnType::new).collect();
    types.extend([
        ColumnType::wstr(40),
        ColumnType::str(40, 1252),
        ColumnType {
            code_page: 1252,
            ..ColumnType::new(D::Text)
        },
        ColumnType {
            length: 40,
            ..ColumnType::new(D::Bytes)
        },
        ColumnType::decimal(7),
        ColumnType::numeric(38, 10),
        ColumnType::numeric(5, 0),
        ColumnType::scaled(D::DbTime2, 7),
        ColumnType::scaled(D::DbTimeStamp2, 7),
        ColumnType::scaled(D::DbTimeStampOffset, 7),
    ]);
    types
}

/// A value of a type, made of two random numbers.
fn value(column_type: &ColumnType, number: i64, text: &str) -> Value {
    use DataType as D;
    let ticks = number.rem_euclid(END);
    let at = datetime_from_ticks(ticks);
    let micros = datetime_from_ticks(ticks / 10 * 10);
    let time = time_from_ticks(ticks % TICKS_PER_DAY);
    let scale = column_type.scale;
    match column_type.data_type {
        D::Empty | D::Null => Value::Null,
        D::Bool => Value::Bool(number & 1 == 1),
        D::I1 => Value::I1(number as i8),
        D::I2 => Value::I2(number as i16),
        D::I4 => Value::I4(number as i32),
        D::I8 => Value::I8(number),
        D::Ui1 => Value::Ui1(number as u8),
        D::Ui2 => Value::Ui2(number as u16),
        D::Ui4 => Value::Ui4(number as u32),
        D::Ui8 => Value::Ui8(number as u64),
        D::R4 => Value::R4(number as f32),
        D::R8 => Value::R8(number as f64 / 7.0),
        D::Cy => Value::Cy(number),
        D::Decimal => Value::Decimal(i128::from(number) * 3_000_000_001, scale),
        D::Numeric => Value::Numeric(i128::from(number % 99_999), column_type.precision, scale),
        D::Str | D::WStr | D::Text | D::NText => Value::text(text),
        D::Bytes | D::Image => Value::Bytes(text.as_bytes().iter().take(40).copied().collect()),
        D::Guid => Value::Guid(uuid::Uuid::from_u128(
            u128::from(number.cast_unsigned()) * 0x1_0001_0001,
        )),
        D::Date => Value::Date(micros),
        D::DbTimeStamp => Value::DbTimeStamp(micros),
        D::DbDate => Value::DbDate(date_from_days(ticks / TICKS_PER_DAY)),
        D::DbTime => Value::DbTime(time_from_ticks(
            ticks % TICKS_PER_DAY / 10_000_000 * 10_000_000,
        )),
        D::DbTime2 => Value::DbTime2(time, scale),
        D::DbTimeStamp2 => Value::DbTimeStamp2(at, scale),
        D::FileTime => Value::FileTime(at),
        D::DbTimeStampOffset => Value::DbTimeStampOffset(at, (number % 841) as i16, scale),
    }
}

fn column(column_type: &ColumnType, values: &[Option<(i64, String)>]) -> ArrayRef {
    let mut builder = ColumnBuilder::new(column_type, values.len());
    for cell in values {
        match cell {
            Some((number, text)) => builder.append(&value(column_type, *number, text)).unwrap(),
            None => builder.append_null(),
        }
    }
    builder.finish()
}

fn cells() -> impl Strategy<Value = Vec<Option<(i64, String)>>> {
    let text = prop_oneof!["[a-z]{0,12}", "[a-zäöü€]{13,20}", Just(String::new())];
    proptest::collection::vec(proptest::option::of((any::<i64>(), text)), 0..70)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_sent_comes_back(cells in cells(), from in 0usize..10, all in types_in_order()) {
        // a slice has bitmaps that do not begin at a byte
        let from = from.min(cells.len());
        let rows = cells.len() - from;
        let sent: Vec<(ArrayRef, ColumnType)> =
            all.iter().map(|t| (column(t, &cells).slice(from, rows), *t)).collect();
        let bytes = encode(&sent, rows).unwrap();
        prop_assert!(bytes.len() <= encoded_size(&sent));
        let back = decode(&bytes, rows, &all).unwrap();
        for ((array, column_type), back) in sent.iter().zip(&back) {
            prop_assert_eq!(array.as_ref(), back.as_ref(), "{}", column_type);
        }
    }

    #[test]
    fn damaged_bytes_are_columns_or_errors(
        cells in cells(),
        damage in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        cut in proptest::option::of(any::<prop::sample::Index>()),
    ) {
        let all = types();
        let sent: Vec<(ArrayRef, ColumnType)> = all.iter().map(|t| (column(t, &cells), *t)).collect();
        let mut bytes = encode(&sent, cells.len()).unwrap();
        for (at, byte) in damage {
            if !bytes.is_empty() {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
        }
        if let Some(cut) = cut && !bytes.is_empty() {
            bytes.truncate(cut.index(bytes.len()));
        }
        if let Ok(arrays) = decode(&bytes, cells.len(), &all) {
            for (array, column_type) in arrays.iter().zip(&all) {
                for row in 0..array.len() {
                    packmule_types::array::value_at(column_type, array.as_ref(), row);
                }
            }
        }
    }

    #[test]
    fn any_bytes_are_columns_or_errors(bytes in proptest::collection::vec(any::<u8>(), 0..200), rows in 0usize..20) {
        let _ = decode_selections(&bytes, rows, &types(), &[3, 1]);
    }
}

fn types_in_order() -> impl Strategy<Value = Vec<ColumnType>> {
    Just(types()).prop_shuffle()
}

/// Bytes of a column of `wstr(3)`: two rows, without NULL.
fn text(offsets: [u32; 3], data: &[u8]) -> Vec<u8> {
    let mut bytes = 0u64.to_le_bytes().to_vec();
    offsets.iter().for_each(|o| bytes.extend(o.to_le_bytes()));
    bytes.extend([0; 4]);
    bytes.extend(data);
    bytes
}

#[test]
fn the_layout_is_that_of_the_protocol() {
    let numbers: ArrayRef = Arc::new(Int32Array::from(vec![Some(1), None, Some(-1)]));
    let texts: ArrayRef = Arc::new(StringViewArray::from(vec!["ä", "", "bc"]));
    let columns = [
        (numbers, ColumnType::new(DataType::I4)),
        (texts, ColumnType::wstr(3)),
        (
            constant(&ColumnType::wstr(3), &Value::Null, 3).unwrap(),
            ColumnType::wstr(3),
        ),
    ];
    let mut expected = Vec::new();
    expected.extend([1, 0, 0, 0, 0, 0, 0, 0]); // NULLs
    expected.extend([0b101, 0, 0, 0, 0, 0, 0, 0]); // bitmap
    expected.extend([1, 0, 0, 0, 0, 0, 0, 0, 255, 255, 255, 255, 0, 0, 0, 0]);
    expected.extend([0; 8]); // NULLs
    expected.extend([0, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 4, 0, 0, 0]); // offsets
    expected.extend([0xC3, 0xA4, b'b', b'c', 0, 0, 0, 0]);
    expected.extend([3, 0, 0, 0, 0, 0, 0, 0]); // all NULL
    assert_eq!(encode(&columns, 3).unwrap(), expected);
}

#[test]
fn wrong_bytes_are_named() {
    let wstr = [ColumnType::wstr(3)];
    let cases: Vec<(Vec<u8>, ColumnError)> = vec![
        (
            vec![0; 7],
            ColumnError::Short {
                at: 0,
                wanted: 8,
                have: 7,
            },
        ),
        (
            3u64.to_le_bytes().to_vec(),
            ColumnError::Nulls {
                column: 0,
                nulls: 3,
                rows: 2,
            },
        ),
        (
            [1u64.to_le_bytes(), 3u64.to_le_bytes()].concat(),
            ColumnError::Nulls {
                column: 0,
                nulls: 1,
                rows: 2,
            },
        ),
        (text([0, 2, 1], b"ab"), ColumnError::Offsets { column: 0 }),
        (text([1, 1, 2], b"ab"), ColumnError::Offsets { column: 0 }),
        (
            text([0, 1, 9], b"ab"),
            ColumnError::Short {
                at: 24,
                wanted: 9,
                have: 26,
            },
        ),
        (text([0, 1, 2], b"a\xFF"), ColumnError::Text { column: 0 }),
        (
            text([0, 1, 2], "ä".as_bytes()),
            ColumnError::Text { column: 0 },
        ),
        (
            text([0, 0, 4], b"abcd"),
            ColumnError::Range {
                column: 0,
                row: 1,
                column_type: wstr[0],
            },
        ),
        (
            [text([0, 1, 2], b"ab\0\0\0\0\0\0"), vec![0; 8]].concat(),
            ColumnError::Left { left: 8 },
        ),
    ];
    for (bytes, expected) in cases {
        assert_eq!(decode(&bytes, 2, &wstr).unwrap_err(), expected, "{bytes:?}");
    }
}

#[test]
fn values_out_of_range_are_refused_but_not_at_null_rows() {
    let number = |n: i128, width: usize| n.to_le_bytes()[..width].to_vec();
    let cases = [
        (ColumnType::numeric(3, 1), number(1000, 16)),
        (
            ColumnType::new(DataType::Cy),
            number(i128::from(i64::MAX) + 1, 16),
        ),
        (ColumnType::new(DataType::DbTime), number(86_400, 4)),
        (ColumnType::new(DataType::DbDate), number(2_932_897, 4)),
        (ColumnType::scaled(DataType::DbTimeStamp2, 7), number(-1, 8)),
        (
            ColumnType::new(DataType::DbTimeStamp),
            number(i128::from(i64::MAX), 8),
        ),
        (
            ColumnType::scaled(DataType::DbTime2, 7),
            number(86_400_000_000_000, 8),
        ),
    ];
    for (column_type, bad) in cases {
        let mut bytes = vec![0; 8];
        bytes.extend(&bad);
        bytes.resize(bytes.len() + 2 * bad.len(), 0);
        bytes.resize(bytes.len().next_multiple_of(8), 0);
        let expected = ColumnError::Range {
            column: 0,
            row: 0,
            column_type,
        };
        assert_eq!(decode(&bytes, 3, &[column_type]).unwrap_err(), expected);
        let mut nulled = 1u64.to_le_bytes().to_vec();
        nulled.extend([0b110, 0, 0, 0, 0, 0, 0, 0]);
        nulled.extend(&bytes[8..]);
        let array = decode(&nulled, 3, &[column_type]).unwrap();
        assert_eq!(array[0].null_count(), 1, "{column_type}");
    }
}

#[test]
fn directed_rows_follow_the_columns() {
    let mut bytes = vec![0; 8];
    bytes.extend([7, 0, 0, 0, 8, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0]);
    bytes.extend([0, 0, 0, 0, 2, 0, 0, 0]);
    bytes.extend([1, 0, 0, 0]);
    let i4 = [ColumnType::new(DataType::I4)];
    let (arrays, chosen) = decode_selections(&bytes, 3, &i4, &[2, 1]).unwrap();
    assert_eq!(arrays[0].len(), 3);
    assert_eq!(
        chosen.iter().map(|c| c.to_vec()).collect::<Vec<_>>(),
        [vec![0, 2], vec![1]]
    );
    bytes[28] = 3;
    let error = decode_selections(&bytes, 3, &i4, &[2, 1]).unwrap_err();
    assert_eq!(error, ColumnError::Selection { output: 0 });
    let error = decode_selections(&bytes, 3, &i4, &[4]).unwrap_err();
    assert_eq!(error, ColumnError::Selection { output: 0 });
}

#[test]
fn columns_in_headers_are_read_back() {
    for column_type in types() {
        let column = wire_column(5, "Ä b", 7, &column_type, Some("read"));
        assert_eq!(column_of(&column), Some(("Ä b".to_owned(), column_type)));
    }
    assert_eq!(
        column_of(&serde_json::json!({"name": "x", "type": "int"})),
        None
    );
}
