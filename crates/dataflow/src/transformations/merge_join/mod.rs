//! Merge Join: joins two inputs that are sorted by the same keys.
//!
//! SSIS name *Merge Join*, class `Microsoft.MergeJoin`. Asynchronous, not blocking; two inputs
//! (left, right), one output, no error output. The first `NumKeyColumns` sort keys of the inputs
//! are compared; each output column names its input column (`InputColumnID`).
//! Behaviour: data flow reference 4.2, 2.3 and 6.
//!
//! That the inputs are sorted is a promise that nobody checks, as in SSIS: unsorted input gives
//! missing matches, never a repair. Rows with equal keys give their cross product, left rows
//! outermost.

mod chunk;
mod keys;
mod walk;

use std::sync::Arc;

use packmule_dtsx::finding::Finding;
use packmule_dtsx::model::CustomProperties;
use packmule_runtime::Reported;
use packmule_types::Code;

use self::chunk::Columns;
use self::keys::KeyReader;
use self::walk::MergeJoin;
use crate::codes;
use crate::component::Bound;
use crate::registry::{Definition, Execution, Kind, Place, PropertyDefinition};
use crate::site::Site;
use crate::sort_keys::KeyColumn;

/// The inputs are not sorted.
const NOT_SORTED: Code = Code(0xC020_20AF);
/// NumKeyColumns is less than one or more than there are keys.
const KEY_COUNT: Code = Code(0xC020_20B1);
/// Keys of different types, directions or flags.
const KEY_TYPES: Code = Code(0xC020_20B4);

/// Its line in the registry.
pub static DEFINITION: Definition = Definition {
    name: "Merge Join",
    class: "Microsoft.MergeJoin",
    kind: Kind::Transformation,
    execution: Execution::SeveralInputs,
    memory: "the right rows of one key, reserved from the budget; inputs that are ahead spill",
    documentation: "Joins two sorted inputs: inner, left or full.",
    properties: &[
        PropertyDefinition {
            name: "JoinType",
            place: Place::Component,
            default: "2",
            documentation: "0 full, 1 left, 2 inner.",
        },
        PropertyDefinition {
            name: "NumKeyColumns",
            place: Place::Component,
            default: "0",
            documentation: "How many of the sort keys are compared.",
        },
        PropertyDefinition {
            name: "TreatNullsAsEqual",
            place: Place::Component,
            default: "true",
            documentation: "Whether NULL matches NULL.",
        },
        PropertyDefinition {
            name: "MaxBuffersPerInput",
            place: Place::Component,
            default: "5",
            documentation: "Ignored since SQL Server 2012: inputs wait as long as they must.",
        },
        PropertyDefinition {
            name: "InputColumnID",
            place: Place::OutputColumn,
            default: "0",
            documentation: "The input column whose values this column has.",
        },
    ],
    validate,
    bind,
};

/// Which rows without a match come out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum JoinType {
    /// Of both inputs.
    Full,
    /// Of the left one.
    Left,
    /// None.
    Inner,
}

// ---- settings and columns ----------------------------------------------------------------

struct Settings {
    join: JoinType,
    nulls_match: bool,
    /// Key columns of the left and of the right input.
    keys: [Vec<KeyColumn>; 2],
    columns: Columns,
    output: usize,
}

fn settings(site: &Site<'_>) -> Result<Settings, Vec<Finding>> {
    let mut findings = Vec::new();
    let join = match site.integer("JoinType").unwrap_or(2) {
        0 => JoinType::Full,
        1 => JoinType::Left,
        2 => JoinType::Inner,
        other => {
            let message = format!("the join type {other} is none of 0 full, 1 left, 2 inner");
            findings.push(site.finding(codes::E_FAIL, Some("JoinType"), message));
            JoinType::Inner
        }
    };
    let keys = keys(site, &mut findings);
    let columns = columns(site, &mut findings);
    match (findings.is_empty(), keys) {
        (true, Some(keys)) => Ok(Settings {
            join,
            nulls_match: site.boolean("TreatNullsAsEqual").unwrap_or(true),
            keys,
            columns,
            output: site.regular_output().map_or(0, |(index, _)| index),
        }),
        _ => Err(findings),
    }
}

/// A sort key of an input: (place from 1, descending, flags, position, column name).
struct SortKey<'a> {
    place: u32,
    descending: bool,
    flags: u32,
    position: usize,
    name: &'a str,
}

/// The sort keys of what arrives at an input. They need not be among the columns that the
/// component lists: those are the ones that come out.
fn sort_keys<'a>(site: &Site<'a>, index: usize) -> Vec<SortKey<'a>> {
    let Some(schema) = site.input_schema(index) else {
        return Vec::new();
    };
    let mut keys: Vec<SortKey<'a>> = Vec::new();
    for (position, column) in schema.columns.iter().enumerate() {
        let Some(source) = site.column(column.lineage) else {
            continue;
        };
        if source.sort_key_position != 0 {
            keys.push(SortKey {
                place: source.sort_key_position.unsigned_abs(),
                descending: source.sort_key_position < 0,
                flags: source.comparison_flags,
                position,
                name: &source.name,
            });
        }
    }
    keys.sort_by_key(|key| key.place);
    keys
}

fn keys(site: &Site<'_>, findings: &mut Vec<Finding>) -> Option<[Vec<KeyColumn>; 2]> {
    let [left, right] = site.component.inputs.get(..2)? else {
        let message = "a Merge Join needs two inputs".to_owned();
        findings.push(site.finding(NOT_SORTED, None, message));
        return None;
    };
    let (left_keys, right_keys) = (sort_keys(site, 0), sort_keys(site, 1));
    for (input, keys) in [(left, &left_keys), (right, &right_keys)] {
        if keys.is_empty() {
            let message = format!("the input '{}' is not sorted", input.name);
            findings.push(site.finding(NOT_SORTED, None, message));
        }
    }
    let count = usize::try_from(site.integer("NumKeyColumns").unwrap_or(0)).unwrap_or(0);
    if findings.is_empty() && (count == 0 || count > left_keys.len() || count > right_keys.len()) {
        let message = format!(
            "{count} key columns are to be compared; the inputs have {} and {}",
            left_keys.len(),
            right_keys.len()
        );
        findings.push(site.finding(KEY_COUNT, Some("NumKeyColumns"), message));
    }
    if !findings.is_empty() {
        return None;
    }
    let mut columns = [Vec::new(), Vec::new()];
    for (a, b) in left_keys.iter().zip(&right_keys).take(count) {
        let [left, right] = pair(site, a, b, findings)?;
        columns[0].push(left);
        columns[1].push(right);
    }
    Some(columns)
}

/// The two columns of one key: equal in type, direction and flags.
fn pair(
    site: &Site<'_>,
    a: &SortKey<'_>,
    b: &SortKey<'_>,
    findings: &mut Vec<Finding>,
) -> Option<[KeyColumn; 2]> {
    let left_type = site.input_schema(0)?.column_type(a.position)?;
    let right_type = site.input_schema(1)?.column_type(b.position)?;
    let same = left_type.arrow() == right_type.arrow()
        && left_type.data_type == right_type.data_type
        && a.descending == b.descending
        && a.flags == b.flags;
    if !same {
        let message = format!(
            "the key columns '{}' and '{}' differ in type, direction or comparison flags",
            a.name, b.name
        );
        findings.push(site.finding(KEY_TYPES, None, message));
        return None;
    }
    let make = |key: &SortKey<'_>, column_type| {
        KeyColumn::new(
            key.position,
            key.descending,
            column_type,
            site.lcid(),
            key.flags,
        )
    };
    match (make(a, left_type), make(b, right_type)) {
        (Ok(left), Ok(right)) => Some([left, right]),
        (Err(error), _) | (_, Err(error)) => {
            let message = format!("the key column '{}': {error}", a.name);
            findings.push(site.finding(KEY_TYPES, None, message));
            None
        }
    }
}

/// For each output column the input and position of its values.
fn columns(site: &Site<'_>, findings: &mut Vec<Finding>) -> Columns {
    let mut columns = Vec::new();
    let Some((index, output)) = site.regular_output() else {
        return Columns::default();
    };
    for column in &output.columns {
        let wanted = column.property_lineage("InputColumnID");
        let found = site
            .component
            .inputs
            .iter()
            .enumerate()
            .find_map(|(at, input)| {
                let source = input
                    .columns
                    .iter()
                    .find(|c| wanted.is_some_and(|w| w.0 == c.id))?;
                let position = site.input_schema(at)?.position(source.lineage)?;
                Some((at, position))
            });
        match found {
            Some(found) => columns.push(found),
            None => {
                let message = format!(
                    "the output column '{}' names no column of an input",
                    column.name
                );
                findings.push(site.finding(codes::E_FAIL, Some("InputColumnID"), message));
            }
        }
    }
    let types = site
        .output_schema(index)
        .columns
        .iter()
        .map(|c| c.column_type)
        .collect();
    Columns {
        sources: columns,
        types,
    }
}

// ---- validate ----------------------------------------------------------------------------

fn validate(site: &Site<'_>) -> Vec<Finding> {
    settings(site).err().unwrap_or_default()
}

// ---- run ---------------------------------------------------------------------------------

fn bind(site: &Site<'_>) -> Result<Bound, Reported> {
    let settings = settings(site).map_err(|findings| {
        for finding in &findings {
            let code = finding.code.unwrap_or(codes::E_FAIL);
            site.events
                .error_text(code, finding.message.clone(), finding.remedy.as_deref());
        }
        Reported
    })?;
    let [left, right] = settings.keys;
    let reader = KeyReader::new(left, right).map_err(|e| {
        site.events.error_text(
            codes::E_FAIL,
            format!("the keys cannot be compared: {e}"),
            None,
        )
    })?;
    Ok(Bound::SeveralInputs(Box::new(MergeJoin::new(
        settings.join,
        settings.nulls_match,
        reader,
        Arc::new(settings.columns),
        settings.output,
        site.flow.services.memory.reservation(),
    ))))
}
