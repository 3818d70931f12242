//! One column of every pipeline type, written by a bulk load and read back.

use arrow::record_batch::RecordBatch;
use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use packmule_connections::{BulkOptions, QueryOptions, SharedConnection};
use packmule_types::{ColumnType, DataType, Value};

use crate::support::{batch, values};

fn stamp(text: &str) -> NaiveDateTime {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%.f").expect("a timestamp")
}

fn time(text: &str) -> NaiveTime {
    NaiveTime::parse_from_str(text, "%H:%M:%S%.f").expect("a time")
}

fn day(text: &str) -> NaiveDate {
    NaiveDate::parse_from_str(text, "%Y-%m-%d").expect("a date")
}

/// `(name, pipeline type, SQLite type, PostgreSQL type, values)`; each gets a NULL too.
pub(crate) type Animal = (
    &'static str,
    ColumnType,
    &'static str,
    &'static str,
    Vec<Value>,
);

pub(crate) fn animals() -> Vec<Animal> {
    use DataType as D;
    let t = ColumnType::new;
    let bytes = ColumnType {
        length: 20,
        ..t(D::Bytes)
    };
    let guid = uuid::Uuid::parse_str("6F9619FF-8B86-D011-B42D-00C04FC964FF").expect("a guid");
    let nines = 99_999_999_999_999_999_999_999_999_999_999_999_999i128;
    vec![
        (
            "c_bool",
            t(D::Bool),
            "bit",
            "boolean",
            vec![Value::Bool(true), Value::Bool(false)],
        ),
        (
            "c_i1",
            t(D::I1),
            "smallint",
            "smallint",
            vec![Value::I1(-128), Value::I1(127)],
        ),
        (
            "c_i2",
            t(D::I2),
            "smallint",
            "smallint",
            vec![Value::I2(i16::MIN), Value::I2(i16::MAX)],
        ),
        (
            "c_i4",
            t(D::I4),
            "int",
            "integer",
            vec![Value::I4(i32::MIN), Value::I4(i32::MAX)],
        ),
        (
            "c_i8",
            t(D::I8),
            "bigint",
            "bigint",
            vec![Value::I8(i64::MIN), Value::I8(i64::MAX)],
        ),
        (
            "c_ui1",
            t(D::Ui1),
            "tinyint",
            "smallint",
            vec![Value::Ui1(0), Value::Ui1(255)],
        ),
        (
            "c_ui2",
            t(D::Ui2),
            "int",
            "integer",
            vec![Value::Ui2(0), Value::Ui2(u16::MAX)],
        ),
        (
            "c_ui4",
            t(D::Ui4),
            "bigint",
            "bigint",
            vec![Value::Ui4(0), Value::Ui4(u32::MAX)],
        ),
        (
            "c_ui8",
            t(D::Ui8),
            "text",
            "numeric(20)",
            vec![Value::Ui8(0), Value::Ui8(u64::MAX)],
        ),
        (
            "c_r4",
            t(D::R4),
            "real",
            "real",
            vec![Value::R4(0.1), Value::R4(-3.5e30)],
        ),
        (
            "c_r8",
            t(D::R8),
            "float",
            "double precision",
            vec![Value::R8(0.1), Value::R8(f64::MIN_POSITIVE)],
        ),
        (
            "c_cy",
            t(D::Cy),
            "money",
            "numeric(19,4)",
            vec![Value::Cy(-12_345), Value::Cy(29)],
        ),
        (
            "c_decimal",
            ColumnType::decimal(2),
            "decimal(18,2)",
            "numeric(18,2)",
            vec![Value::Decimal(29, 2), Value::Decimal(-1_234_567_890_123, 2)],
        ),
        (
            "c_numeric",
            ColumnType::numeric(38, 0),
            "text",
            "numeric(38)",
            vec![Value::Numeric(nines, 38, 0), Value::Numeric(-nines, 38, 0)],
        ),
        (
            "c_numeric_small",
            ColumnType::numeric(9, 8),
            "numeric(9,8)",
            "numeric(9,8)",
            vec![Value::Numeric(1, 9, 8), Value::Numeric(-100_000_000, 9, 8)],
        ),
        (
            "c_str",
            ColumnType::str(10, 1252),
            "varchar(10)",
            "varchar(10)",
            vec![Value::text("abc"), Value::text("")],
        ),
        (
            "c_wstr",
            ColumnType::wstr(10),
            "nvarchar(10)",
            "varchar(10)",
            vec![Value::text("x'y\"z"), Value::text("tab\tnl\n")],
        ),
        (
            "c_text",
            ColumnType {
                code_page: 1252,
                ..t(D::Text)
            },
            "text",
            "text",
            vec![
                Value::text("long text ".repeat(500)),
                Value::text(" blanks "),
            ],
        ),
        (
            "c_ntext",
            t(D::NText),
            "ntext",
            "text",
            vec![Value::text("plain"), Value::text("\\N")],
        ),
        (
            "c_bytes",
            bytes,
            "varbinary(20)",
            "bytea",
            vec![
                Value::Bytes([0u8, 255, 92, 10][..].into()),
                Value::Bytes([][..].into()),
            ],
        ),
        (
            "c_image",
            t(D::Image),
            "blob",
            "bytea",
            vec![
                Value::Bytes(vec![7u8; 20_000].into()),
                Value::Bytes([0u8][..].into()),
            ],
        ),
        (
            "c_guid",
            t(D::Guid),
            "uniqueidentifier",
            "uuid",
            vec![Value::Guid(guid), Value::Guid(uuid::Uuid::nil())],
        ),
        (
            "c_date",
            t(D::Date),
            "datetime",
            "timestamp",
            vec![
                Value::Date(stamp("1899-12-30 00:00:00")),
                Value::Date(stamp("9999-12-31 23:59:59.999")),
            ],
        ),
        (
            "c_dbdate",
            t(D::DbDate),
            "date",
            "date",
            vec![
                Value::DbDate(day("0001-01-01")),
                Value::DbDate(day("9999-12-31")),
            ],
        ),
        (
            "c_dbtime",
            t(D::DbTime),
            "time",
            "time",
            vec![
                Value::DbTime(time("00:00:00")),
                Value::DbTime(time("23:59:59")),
            ],
        ),
        (
            "c_dbtime2",
            ColumnType::scaled(D::DbTime2, 6),
            "time(6)",
            "time",
            vec![
                Value::DbTime2(time("00:00:00"), 6),
                Value::DbTime2(time("23:59:59.999999"), 6),
            ],
        ),
        (
            "c_dbtimestamp",
            t(D::DbTimeStamp),
            "datetime",
            "timestamp",
            vec![
                Value::DbTimeStamp(stamp("1753-01-01 00:00:00")),
                Value::DbTimeStamp(stamp("2022-12-20 18:47:42.078")),
            ],
        ),
        (
            "c_dbtimestamp2",
            ColumnType::scaled(D::DbTimeStamp2, 6),
            "datetime2(6)",
            "timestamp(6)",
            vec![
                Value::DbTimeStamp2(stamp("0001-01-01 00:00:00"), 6),
                Value::DbTimeStamp2(stamp("9999-12-31 23:59:59.999999"), 6),
            ],
        ),
        (
            "c_filetime",
            t(D::FileTime),
            "datetime2(7)",
            "timestamp",
            vec![
                Value::FileTime(stamp("1601-01-01 00:00:00")),
                Value::FileTime(stamp("2024-02-29 12:00:00.5")),
            ],
        ),
    ]
}

/// With an offset: SQLite keeps it, PostgreSQL keeps the moment only.
pub(crate) fn offset_animal() -> (ColumnType, Vec<Value>) {
    let column_type = ColumnType::scaled(DataType::DbTimeStampOffset, 6);
    let values = vec![
        Value::DbTimeStampOffset(stamp("2014-06-30 10:00:00.125"), 120, 6),
        Value::DbTimeStampOffset(stamp("2014-06-30 10:00:00"), -330, 6),
    ];
    (column_type, values)
}

pub(crate) fn rows_of(animals: &[Animal]) -> (Vec<(String, ColumnType)>, RecordBatch) {
    let columns: Vec<(&str, ColumnType, Vec<Value>)> = animals
        .iter()
        .map(|(name, column_type, _, _, values)| {
            let mut values = values.clone();
            values.push(Value::Null);
            (*name, *column_type, values)
        })
        .collect();
    let named = columns.iter().map(|c| (c.0.to_owned(), c.1)).collect();
    (named, batch(&columns))
}

/// Loads the rows and reads them back in the same types.
pub(crate) fn round_trip(
    connection: &SharedConnection,
    table: &str,
    columns: &[(String, ColumnType)],
    rows: &RecordBatch,
) -> Vec<Vec<Value>> {
    let mut loader = connection
        .bulk_load(table, columns, &BulkOptions::default())
        .expect("a load");
    loader.write_batch(rows).expect("rows are written");
    assert_eq!(
        loader.finish().expect("the load is committed"),
        rows.num_rows() as u64
    );
    let options = QueryOptions {
        target: Some(columns.to_vec()),
        ..QueryOptions::default()
    };
    let name = connection.resolve_table(table).expect("the table");
    let mut rows = connection
        .query(&format!("SELECT * FROM {name}"), &[], &options)
        .expect("a query");
    let mut batches = Vec::new();
    while let Some(batch) = rows.next_batch(2).expect("rows") {
        for (errors, column) in batch.errors.iter().zip(columns) {
            assert!(errors.is_empty(), "{}: {errors:?}", column.0);
        }
        batches.push(batch.rows);
    }
    let types: Vec<ColumnType> = columns.iter().map(|c| c.1).collect();
    values(&types, &batches)
}

pub(crate) fn check_same(
    columns: &[(String, ColumnType)],
    rows: &RecordBatch,
    found: &[Vec<Value>],
) {
    let types: Vec<ColumnType> = columns.iter().map(|c| c.1).collect();
    let expected = values(&types, std::slice::from_ref(rows));
    assert_eq!(found.len(), expected.len());
    for (row, (found, expected)) in found.iter().zip(&expected).enumerate() {
        for ((found, expected), column) in found.iter().zip(expected).zip(columns) {
            assert_eq!(found, expected, "{} row {row}", column.0);
        }
    }
}
