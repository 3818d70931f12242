//! Data Conversion: copies of columns in other types.
//!
//! SSIS name *Data Conversion*, class `Microsoft.DataConvert`. Synchronous, one input, one
//! regular and one error output of exclusion group 1. Each output column names the input column
//! that it converts; its own attributes are the target type. Behaviour: data flow reference
//! 1.2, 1.3, 3 and 4.2.

use packmule_dtsx::finding::Finding;
use packmule_dtsx::model::{CustomProperties, LineageId, OutputColumn};
use packmule_runtime::Reported;
use packmule_types::convert::{Conversion, ConvertOptions, IllegalConversion};
use packmule_types::{Code, ColumnType, Status};

use crate::batch::{Batch, Column};
use crate::codes;
use crate::component::{Bound, Failure, Outputs, Parallel};
use crate::expressions::locale;
use crate::registry::{Definition, Execution, Kind, Place, PropertyDefinition};
use crate::row_errors::{Class, Dispositions, ErrorColumns, Fatal, RowError, RowErrors};
use crate::site::Site;

const CONVERSION_FAILED: Code = Code(0xC020_20C5);
const UNSUPPORTED: Code = Code(0xC020_2014);
const CODE_PAGES: Code = Code(0xC020_20DB);
const UNKNOWN_CODE_PAGE: Code = Code(0xC004_7074);
const FAST_PARSE_TYPE: Code = Code(0xC004_70F7);
const NO_SOURCE_COLUMN: Code = Code(0xC004_70B2);

/// Its line in the registry.
pub static DEFINITION: Definition = Definition {
    name: "Data Conversion",
    class: "Microsoft.DataConvert",
    kind: Kind::Transformation,
    execution: Execution::Parallel,
    memory: "none",
    documentation: "Adds copies of columns in other types.",
    properties: &[
        PropertyDefinition {
            name: "SourceInputColumnLineageID",
            place: Place::OutputColumn,
            default: "0",
            documentation: "The input column that is converted.",
        },
        PropertyDefinition {
            name: "FastParse",
            place: Place::OutputColumn,
            default: "false",
            documentation: "Text is read in the fixed forms of fast parse, without locale.",
        },
    ],
    validate,
    bind,
};

// ---- columns -----------------------------------------------------------------------------

/// One conversion, found and bound.
struct Converted {
    /// Position of the column that is converted.
    from: usize,
    from_type: ColumnType,
    conversion: Conversion,
    /// A copy: both types are the same.
    same: bool,
    lineage: LineageId,
    path: String,
    dispositions: Dispositions,
    /// Names and ids for 0xC02020C5.
    names: [String; 4],
}

/// SSIS's code and what is wrong with one output column.
type Problem = (Code, &'static str, String);

fn converted(site: &Site<'_>, column: &OutputColumn) -> Result<Converted, Problem> {
    let path = site
        .regular_output()
        .map_or_else(String::new, |(_, output)| {
            site.output_column_path(output, &column.name)
        });
    let property = "SourceInputColumnLineageID";
    let missing = || {
        let text = format!("{path}: the column that is to be converted does not arrive");
        (NO_SOURCE_COLUMN, property, text)
    };
    let lineage = column.property_lineage(property).ok_or_else(missing)?;
    let schema = site.input_schema(0).ok_or_else(missing)?;
    let from = schema.position(lineage).ok_or_else(missing)?;
    let from_type = schema.column_type(from).ok_or_else(missing)?;
    let options = ConvertOptions {
        fast_parse: column.property_boolean("FastParse").unwrap_or(false),
        today: site.flow.services.clock.local_now().date(),
    };
    let conversion = Conversion::bind(&from_type, &column.column_type, &locale(site), options);
    let conversion = conversion.map_err(|error| {
        let (code, property) = match error {
            IllegalConversion::Types { .. } => (UNSUPPORTED, property),
            IllegalConversion::CodePages { .. } => (CODE_PAGES, property),
            IllegalConversion::UnknownCodePage(_) => (UNKNOWN_CODE_PAGE, property),
            IllegalConversion::FastParse(_) => (FAST_PARSE_TYPE, "FastParse"),
        };
        (code, property, format!("{path}: {error}"))
    })?;
    let source = site.column(lineage);
    Ok(Converted {
        from,
        from_type,
        conversion,
        same: from_type == column.column_type,
        lineage: column.lineage,
        path,
        dispositions: Dispositions {
            error: column.error_disposition,
            truncation: column.truncation_disposition,
        },
        names: [
            source.map_or_else(String::new, |c| c.name.clone()),
            lineage.0.to_string(),
            column.name.clone(),
            column.lineage.0.to_string(),
        ],
    })
}

// ---- validate ----------------------------------------------------------------------------

fn validate(site: &Site<'_>) -> Vec<Finding> {
    let columns = site
        .regular_output()
        .map_or(&[][..], |(_, output)| &output.columns);
    let problems = columns
        .iter()
        .filter_map(|column| converted(site, column).err());
    problems
        .map(|(code, property, message)| site.finding(code, Some(property), message))
        .collect()
}

// ---- run ---------------------------------------------------------------------------------

fn bind(site: &Site<'_>) -> Result<Bound, Reported> {
    let (regular, output) = site.regular_output().ok_or_else(|| {
        site.events
            .error_text(codes::E_FAIL, "the component has no output", None)
    })?;
    let columns: Result<Vec<Converted>, Problem> = output
        .columns
        .iter()
        .map(|column| converted(site, column))
        .collect();
    let columns =
        columns.map_err(|(code, _, message)| site.events.error_text(code, message, None))?;
    let error = site.error_output();
    Ok(Bound::Parallel(Box::new(DataConversion {
        columns,
        regular,
        error: error.map(|(index, output)| (index, ErrorColumns::new(output))),
    })))
}

struct DataConversion {
    columns: Vec<Converted>,
    regular: usize,
    error: Option<(usize, ErrorColumns)>,
}

impl Parallel for DataConversion {
    fn process(&self, batch: Batch, outputs: &mut Outputs) -> Result<(), Failure> {
        let selection = batch.selection.clone();
        let batch = batch.compact();
        let mut columns = batch.columns.clone();
        let mut errors = RowErrors::new();
        for (at, column) in self.columns.iter().enumerate() {
            columns.push(column.convert(&batch, at, &mut errors));
        }
        if let Some(fatal) = errors.fatal() {
            return Err(self.failure(fatal).of_given(selection.as_ref()));
        }
        let made = Batch {
            columns,
            ..batch.clone()
        };
        errors.send(&batch, made, self.regular, self.error.as_ref(), outputs);
        Ok(())
    }
}

impl Converted {
    fn convert(&self, batch: &Batch, at: usize, errors: &mut RowErrors) -> Column {
        let column = batch.columns.get(self.from);
        if self.same {
            return column
                .cloned()
                .unwrap_or_else(|| Column::null(&self.from_type, batch.rows));
        }
        let converted = self.conversion.convert(&batch.array(self.from));
        let rows = converted
            .errors
            .iter()
            .map(|(row, status)| row_error(row, status));
        errors.add(at, self.lineage, self.dispositions, rows);
        Column::Array(converted.array)
    }
}

impl DataConversion {
    fn failure(&self, fatal: Fatal) -> Failure {
        let row = fatal.row as usize;
        let Some(column) = self.columns.get(fatal.column) else {
            return Failure::at(row, fatal.code, &[]);
        };
        let status = status_of(fatal.code);
        let number = status.number().to_string();
        let [from, from_id, to, to_id] = &column.names;
        let first = Failure::at(
            row,
            CONVERSION_FAILED,
            &[from, from_id, to, to_id, &number, status.text()],
        );
        fatal.induced(first, &column.path)
    }
}

/// `(status, code in the ErrorCode column)`, data flow reference 3.3.
const STATUS_CODES: &[(Status, Code)] = &[
    (Status::CannotConvert, Code(0xC020_907F)),
    (Status::Truncated, Code(0xC020_9080)),
    (Status::SignMismatch, Code(0xC020_9081)),
    (Status::Overflow, Code(0xC020_9082)),
    (Status::Unavailable, Code(0xC020_908E)),
];

fn row_error(row: u32, status: Status) -> RowError {
    let code = STATUS_CODES.iter().find(|(s, _)| *s == status);
    RowError {
        row,
        code: code.map_or(Code(0xC020_907F), |c| c.1),
        class: if status.is_truncation() {
            Class::Truncation
        } else {
            Class::Error
        },
    }
}

fn status_of(code: Code) -> Status {
    let status = STATUS_CODES.iter().find(|(_, c)| *c == code);
    status.map_or(Status::CannotConvert, |s| s.0)
}
