//! Services, connections and batches for tests.

use std::sync::Arc;

use arrow::array::ArrayRef;
use arrow::datatypes::{Field, Schema};
use arrow::record_batch::RecordBatch;
use packmule_connections::connection_string::ConnectionString;
use packmule_connections::{
    DatabaseError, MarkerStyle, OpenOptions, Provider, SharedConnection, open,
};
use packmule_runtime::clock::SystemClock;
use packmule_runtime::observer::Silent;
use packmule_runtime::{Cancel, Mapping, MemoryBudget, Services};
use packmule_types::array::{ColumnBuilder, value_at};
use packmule_types::{ColumnType, Value};

pub(crate) fn services(mapping: &str) -> Services {
    Services {
        clock: SystemClock::from_environment(),
        cancel: Cancel::new(),
        memory: MemoryBudget::new(256 << 20),
        mapping: Arc::new(Mapping::parse(mapping, "test.toml").expect("mapping")),
        observer: Arc::new(Silent),
        threads: 2,
        temp_folder: std::env::temp_dir(),
        default_lcid: 1033,
        parts: Default::default(),
    }
}

pub(crate) fn try_connect(
    string: &str,
    services: &Services,
) -> Result<SharedConnection, DatabaseError> {
    let string = ConnectionString::parse(string);
    let provider = Provider::recognise(&string, "").provider;
    let catalogs = string.database().map(str::to_owned).into_iter().collect();
    open(
        provider,
        OpenOptions {
            string,
            schemas: Vec::new(),
            catalogs,
            markers: MarkerStyle::Question,
            services: services.clone(),
        },
    )
}

pub(crate) fn connect(string: &str, services: &Services) -> SharedConnection {
    try_connect(string, services).expect("a connection")
}

/// A new SQLite file in a folder.
pub(crate) fn sqlite_file(
    folder: &tempfile::TempDir,
    services: &Services,
) -> (String, SharedConnection) {
    let file = folder.path().join("test.db");
    let string = format!(
        "Driver={{SQLite3 ODBC Driver}};Database={};Mode=ReadWriteCreate",
        file.display()
    );
    let connection = connect(&string, services);
    (string, connection)
}

pub(crate) fn batch(columns: &[(&str, ColumnType, Vec<Value>)]) -> RecordBatch {
    let fields: Vec<Field> = columns
        .iter()
        .map(|(name, t, _)| Field::new(*name, t.arrow(), true))
        .collect();
    let arrays: Vec<ArrayRef> = columns
        .iter()
        .map(|(_, column_type, values)| {
            let mut builder = ColumnBuilder::new(column_type, values.len());
            for value in values {
                builder.append(value).expect("a value of the type");
            }
            builder.finish()
        })
        .collect();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays).expect("a batch")
}

/// All cells of batches, row by row.
pub(crate) fn values(types: &[ColumnType], batches: &[RecordBatch]) -> Vec<Vec<Value>> {
    let mut rows = Vec::new();
    for batch in batches {
        for row in 0..batch.num_rows() {
            let cells = batch.columns().iter().zip(types);
            rows.push(cells.map(|(array, t)| value_at(t, array, row)).collect());
        }
    }
    rows
}
