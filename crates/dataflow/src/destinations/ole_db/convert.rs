//! Values in the types of the table's columns, made on any thread before they are loaded.

use std::sync::Arc;

use arrow::array::ArrayRef;
use arrow::datatypes::{Field, Schema};
use arrow::record_batch::{RecordBatch, RecordBatchOptions};
use packmule_dtsx::finding::Finding;
use packmule_runtime::Reported;
use packmule_types::convert::{Conversion, ConvertOptions};
use packmule_types::locale::Locale;
use packmule_types::status::RowErrors;
use packmule_types::{Code, ColumnType, DataType};

use super::MappedColumn;
use crate::batch::Batch;
use crate::codes;
use crate::component::{Failure, Prepare, Prepared};
use crate::site::Site;

/// Columns cannot convert between Unicode and non-Unicode string types.
const UNICODE_MIX: Code = Code(0xC020_20F6);
/// Columns cannot be converted because their types have no conversion.
const NO_CONVERSION: Code = Code(0xC020_2014);

/// Rows ready to be loaded.
pub(super) struct Converted {
    /// One column for each mapped one.
    pub(super) rows: RecordBatch,
    /// For each column the rows that could not be converted.
    pub(super) errors: Vec<RowErrors>,
}

/// Converts the mapped columns of a batch.
pub(super) struct Converter {
    columns: Vec<(usize, Option<Conversion>)>,
    schema: Arc<Schema>,
}

fn same(from: &ColumnType, to: &ColumnType) -> bool {
    let fits = match to.data_type {
        DataType::Str | DataType::WStr | DataType::Bytes => from.length <= to.length,
        _ => true,
    };
    from.data_type == to.data_type
        && from.code_page == to.code_page
        && from.arrow() == to.arrow()
        && from.scale == to.scale
        && fits
}

fn conversion(site: &Site<'_>, column: &MappedColumn) -> Result<Option<Conversion>, String> {
    if same(&column.from, &column.to) {
        return Ok(None);
    }
    let locale = i32::try_from(site.lcid())
        .ok()
        .and_then(|lcid| Locale::from_lcid(lcid).ok());
    let locale = locale.ok_or_else(|| format!("the locale {} is not known", site.lcid()))?;
    let options = ConvertOptions {
        fast_parse: false,
        today: site.flow.services.clock.local_now().date(),
    };
    Conversion::bind(&column.from, &column.to, &locale, options)
        .map(Some)
        .map_err(|e| e.to_string())
}

impl Converter {
    /// What is wrong with a column's types.
    pub(super) fn check(site: &Site<'_>, column: &MappedColumn) -> Result<(), Finding> {
        let (from, to) = (column.from.data_type, column.to.data_type);
        let unicode = |t: DataType| matches!(t, DataType::WStr | DataType::NText);
        if from.is_text() && to.is_text() && unicode(from) != unicode(to) {
            let text =
                packmule_types::code::describe(UNICODE_MIX, &[&column.path, &column.external]);
            return Err(site.finding(UNICODE_MIX, None, text));
        }
        conversion(site, column).map(drop).map_err(|error| {
            let message = format!(
                "the column '{}' cannot go into '{}': {error}",
                column.path, column.external
            );
            site.finding(NO_CONVERSION, None, message)
        })
    }

    /// Binds the conversions.
    pub(super) fn bind(site: &Site<'_>, columns: &[MappedColumn]) -> Result<Self, Reported> {
        let mut bound = Vec::with_capacity(columns.len());
        for column in columns {
            let conversion = conversion(site, column).map_err(|error| {
                site.events
                    .error_text(NO_CONVERSION, format!("{}: {error}", column.path), None)
            })?;
            bound.push((column.position, conversion));
        }
        let fields = columns
            .iter()
            .map(|c| Field::new(&c.external, c.to.arrow(), true));
        Ok(Self {
            columns: bound,
            schema: Arc::new(Schema::new(fields.collect::<Vec<_>>())),
        })
    }
}

impl Prepare for Converter {
    fn prepare(&self, batch: Batch) -> Result<Prepared, Failure> {
        let batch = batch.compact();
        let mut arrays: Vec<ArrayRef> = Vec::with_capacity(self.columns.len());
        let mut errors = Vec::with_capacity(self.columns.len());
        for (position, conversion) in &self.columns {
            let array = batch.array(*position);
            match conversion {
                None => {
                    arrays.push(array);
                    errors.push(RowErrors::new());
                }
                Some(conversion) => {
                    let converted = conversion.convert(&array);
                    arrays.push(converted.array);
                    errors.push(converted.errors);
                }
            }
        }
        let options = RecordBatchOptions::new().with_row_count(Some(batch.rows));
        let rows = RecordBatch::try_new_with_options(Arc::clone(&self.schema), arrays, &options)
            .map_err(|e| {
                Failure::text(
                    codes::E_FAIL,
                    format!("the rows do not fit the table's columns: {e}"),
                    None,
                )
            })?;
        Ok(Prepared {
            batch,
            extra: Some(Box::new(Converted { rows, errors })),
        })
    }
}
