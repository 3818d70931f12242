//! What a Lookup's properties and columns say: keys, copies, and what becomes of rows without
//! a match.

use packmule_connections::connections::Reference;
use packmule_dtsx::finding::Finding;
use packmule_dtsx::model::{CustomProperties, Disposition, LineageId, Usage};
use packmule_types::{ColumnType, DataType};

use super::checks::{check_index, check_keys};
use super::reference_metadata;
use crate::codes;
use crate::row_errors::Dispositions;
use crate::site::Site;

/// Bytes that a DT_STR value of the reference may have; a shorter length counts where a value
/// is copied, with that column's truncation disposition.
const STR_MAX: u32 = 8000;
/// The same for DT_WSTR, in UTF-16 units.
const WSTR_MAX: u32 = 4000;

/// Where the reference rows come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ReferenceSource {
    /// A query over an OLE DB connection.
    Query,
    /// The rows of a Cache connection manager.
    Cache,
}

/// What is kept of the reference rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CacheMode {
    /// All of them, before the first row.
    Full,
    /// Those that were looked up, within a limit.
    Partial,
    /// The last one that matched.
    None,
}

/// What becomes of rows without a match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoMatch {
    /// They go to this output.
    Output(usize),
    /// They are errors with the match output's disposition.
    Error(Disposition),
}

/// A column of the reference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ReferenceColumn {
    /// Its name in the query or cache.
    pub(super) name: String,
    /// Its type.
    pub(super) column_type: ColumnType,
}

/// An input column joined to a column of the reference.
#[derive(Debug, Clone)]
pub(super) struct Key {
    /// Position in the input's schema.
    pub(super) position: usize,
    /// Type of the input column.
    pub(super) from: ColumnType,
    /// Which of [`Settings::reference`] it is joined to.
    pub(super) reference: usize,
}

/// A column of the match output that gets its values from the reference.
#[derive(Debug, Clone)]
pub(super) struct CopiedColumn {
    /// Position in the match output's schema.
    pub(super) position: usize,
    /// Which of [`Settings::reference`] is copied.
    pub(super) reference: usize,
    /// Its type.
    pub(super) column_type: ColumnType,
    /// What ErrorColumn names.
    pub(super) lineage: LineageId,
    /// Only the one for truncation counts; other failures are the component's.
    pub(super) dispositions: Dispositions,
    /// As messages name it.
    pub(super) path: String,
}

/// All that is known before anything is opened.
#[derive(Debug)]
pub(super) struct Settings {
    pub(super) source: ReferenceSource,
    pub(super) mode: CacheMode,
    pub(super) no_match: NoMatch,
    pub(super) duplicates_fail: bool,
    /// Bytes of a partial cache.
    pub(super) partial_bytes: usize,
    /// Share of it for keys without a match, 0 to 100.
    pub(super) no_match_percentage: usize,
    /// The columns of the reference that are joined or copied.
    pub(super) reference: Vec<ReferenceColumn>,
    pub(super) keys: Vec<Key>,
    pub(super) copies: Vec<CopiedColumn>,
    /// Input columns for the markers of SqlCommandParam, in their order: position, type.
    pub(super) parameters: Vec<(usize, ColumnType)>,
}

/// Reads the settings, or says everything that is wrong with them.
pub(super) fn settings(site: &Site<'_>) -> Result<Settings, Vec<Finding>> {
    let mut findings = Vec::new();
    let source = match choice(site, "ConnectionType", 1, &mut findings) {
        1 => ReferenceSource::Cache,
        _ => ReferenceSource::Query,
    };
    let mode = match choice(site, "CacheType", 2, &mut findings) {
        1 => CacheMode::Partial,
        2 => CacheMode::None,
        _ => CacheMode::Full,
    };
    if source == ReferenceSource::Cache && mode != CacheMode::Full {
        let message = "a cache connection can be used with the full cache mode only".to_owned();
        findings.push(site.finding(codes::E_FAIL, Some("CacheType"), message));
    }
    let no_match = no_match(site, &mut findings);
    let known = known_columns(site, source, &mut findings);
    let mut columns = Columns {
        site,
        known,
        reference: Vec::new(),
        findings,
    };
    let keys = columns.keys();
    let copies = columns.copies();
    let parameters = if mode == CacheMode::Full {
        Vec::new()
    } else {
        columns.parameters(&keys)
    };
    let Columns {
        known,
        reference,
        mut findings,
        ..
    } = columns;
    check_keys(site, &keys, &reference, &mut findings);
    if source == ReferenceSource::Cache {
        check_index(site, &keys, &known, &reference, &mut findings);
    } else if !matches!(mode, CacheMode::None) || site.text("SqlCommandParam").is_none() {
        check_text(site, "SqlCommand", &mut findings);
    }
    if mode != CacheMode::Full {
        check_text(site, "SqlCommandParam", &mut findings);
    }
    if !findings.is_empty() {
        return Err(findings);
    }
    let megabytes = site
        .integer("MaxMemoryUsage64")
        .or_else(|| site.integer("MaxMemoryUsage"))
        .unwrap_or(25);
    let percentage = site
        .integer("NoMatchCachePercentage")
        .unwrap_or(0)
        .clamp(0, 100);
    Ok(Settings {
        source,
        mode,
        no_match,
        duplicates_fail: site.boolean("TreatDuplicateKeysAsError").unwrap_or(false),
        partial_bytes: usize::try_from(megabytes.max(1))
            .unwrap_or(1)
            .saturating_mul(1 << 20),
        no_match_percentage: usize::try_from(percentage).unwrap_or(0),
        reference,
        keys,
        copies,
        parameters,
    })
}

/// A property with the values 0 to `last`.
fn choice(site: &Site<'_>, property: &str, last: i64, findings: &mut Vec<Finding>) -> i64 {
    let text = site.text(property).unwrap_or_default();
    let value = if text.trim().is_empty() {
        Some(0)
    } else {
        text.trim().parse().ok()
    };
    match value.filter(|v| (0..=last).contains(v)) {
        Some(value) => value,
        None => {
            let message = format!("the value '{text}' is none of 0 to {last}");
            findings.push(site.finding(codes::E_FAIL, Some(property), message));
            0
        }
    }
}

fn check_text(site: &Site<'_>, property: &str, findings: &mut Vec<Finding>) {
    if site.text(property).unwrap_or_default().trim().is_empty() {
        let message = format!("the property {property} is empty");
        findings.push(site.finding(codes::E_FAIL, Some(property), message));
    }
}

/// Packages of format 2 have neither NoMatchBehavior nor a no-match output: as 0.
fn no_match(site: &Site<'_>, findings: &mut Vec<Finding>) -> NoMatch {
    let mut regular = site
        .component
        .outputs
        .iter()
        .enumerate()
        .filter(|(_, o)| !o.is_error);
    let matched = regular.next();
    if matched.is_none() {
        findings.push(site.finding(
            codes::E_FAIL,
            None,
            "the Lookup has no match output".to_owned(),
        ));
    }
    let disposition = matched.map_or(Disposition::NotUsed, |(_, output)| output.error_disposition);
    if choice(site, "NoMatchBehavior", 1, findings) == 0 {
        return NoMatch::Error(disposition);
    }
    match regular.next() {
        Some((index, _)) => NoMatch::Output(index),
        None => {
            let message = "rows without a match have no output to go to".to_owned();
            findings.push(site.finding(codes::E_FAIL, Some("NoMatchBehavior"), message));
            NoMatch::Error(disposition)
        }
    }
}

/// The columns that the reference is known to have; none where the package does not say.
fn known_columns(
    site: &Site<'_>,
    source: ReferenceSource,
    findings: &mut Vec<Finding>,
) -> Vec<ReferenceColumn> {
    if source == ReferenceSource::Cache {
        let connection = site.connection("CacheConnection");
        let manager = connection.map(|c| site.flow.connections.find(Reference::from(c)));
        return match manager {
            Some(Ok(manager)) => manager
                .cache_columns
                .iter()
                .map(|c| ReferenceColumn {
                    name: c.name.clone(),
                    column_type: c.data_type,
                })
                .collect(),
            Some(Err(error)) => {
                findings.push(site.finding(
                    error.code(),
                    Some("CacheConnection"),
                    error.to_string(),
                ));
                Vec::new()
            }
            None => {
                let message = "no cache connection manager is chosen".to_owned();
                findings.push(site.finding(codes::E_FAIL, Some("CacheConnection"), message));
                Vec::new()
            }
        };
    }
    reference_metadata::parse(&site.text("ReferenceMetadataXml").unwrap_or_default())
        .unwrap_or_else(|error| {
            let message = format!("the text is not well-formed: {error}");
            findings.push(site.finding(codes::E_FAIL, Some("ReferenceMetadataXml"), message));
            Vec::new()
        })
}

/// Gathers the columns of the reference that are in use.
struct Columns<'a, 's> {
    site: &'a Site<'s>,
    known: Vec<ReferenceColumn>,
    reference: Vec<ReferenceColumn>,
    findings: Vec<Finding>,
}

impl Columns<'_, '_> {
    /// The place of a reference column, which has the wanted type where the package says
    /// nothing of it.
    fn reference(&mut self, name: &str, wanted: ColumnType) -> usize {
        let same = |c: &ReferenceColumn| c.name.eq_ignore_ascii_case(name);
        if let Some(at) = self.reference.iter().position(same) {
            return at;
        }
        let known = self.known.iter().find(|c| same(c));
        let column_type = known.map_or(wanted, |c| c.column_type);
        self.reference.push(ReferenceColumn {
            name: name.to_owned(),
            column_type,
        });
        self.reference.len() - 1
    }

    fn keys(&mut self) -> Vec<Key> {
        let Some(schema) = self.site.input_schema(0) else {
            return Vec::new();
        };
        let mut keys = Vec::new();
        for column in self
            .site
            .component
            .inputs
            .iter()
            .take(1)
            .flat_map(|i| &i.columns)
        {
            let name = column
                .property_text("JoinToReferenceColumn")
                .filter(|n| !n.is_empty());
            let position = schema.position(column.lineage);
            if let (Some(name), Some(position)) = (name, position)
                && let Some(from) = schema.column_type(position)
            {
                let reference = self.reference(name, from);
                keys.push(Key {
                    position,
                    from,
                    reference,
                });
            }
        }
        keys
    }

    /// Replaced columns first, then new ones, in document order.
    fn copies(&mut self) -> Vec<CopiedColumn> {
        let site = self.site;
        let mut copies = Vec::new();
        let Some(schema) = site.input_schema(0) else {
            return copies;
        };
        for input in site.component.inputs.iter().take(1) {
            for column in &input.columns {
                let name = column
                    .property_text("CopyFromReferenceColumn")
                    .filter(|n| !n.is_empty());
                let position = schema.position(column.lineage);
                let (Some(name), Some(position)) = (name, position) else {
                    continue;
                };
                let path = site.input_column_path(&input.name, &column.name);
                if column.usage != Usage::ReadWrite {
                    let message = format!("{path} gets a value and is not readWrite");
                    self.findings.push(site.finding(
                        codes::E_FAIL,
                        Some("CopyFromReferenceColumn"),
                        message,
                    ));
                    continue;
                }
                let Some(column_type) = schema.column_type(position) else {
                    continue;
                };
                copies.push(CopiedColumn {
                    position,
                    reference: self.reference(name, column_type),
                    column_type,
                    lineage: column.lineage,
                    dispositions: Dispositions {
                        error: Disposition::FailComponent,
                        truncation: column.truncation_disposition,
                    },
                    path,
                });
            }
        }
        let Some((_, output)) = site.regular_output() else {
            return copies;
        };
        for (at, column) in output.columns.iter().enumerate() {
            let path = site.output_column_path(output, &column.name);
            let Some(name) = column
                .property_text("CopyFromReferenceColumn")
                .filter(|n| !n.is_empty())
            else {
                let message = format!("{path} names no column of the reference");
                self.findings.push(site.finding(
                    codes::E_FAIL,
                    Some("CopyFromReferenceColumn"),
                    message,
                ));
                continue;
            };
            copies.push(CopiedColumn {
                position: schema.columns.len() + at,
                reference: self.reference(name, column.column_type),
                column_type: column.column_type,
                lineage: column.lineage,
                dispositions: Dispositions {
                    error: Disposition::FailComponent,
                    truncation: column.truncation_disposition,
                },
                path,
            });
        }
        copies
    }

    /// What ParameterMap names; the keys in their order where it names nothing.
    fn parameters(&mut self, keys: &[Key]) -> Vec<(usize, ColumnType)> {
        let Some(schema) = self.site.input_schema(0) else {
            return Vec::new();
        };
        let map = self.site.component.property("ParameterMap");
        let references = map.map_or(&[][..], |p| p.references.as_slice());
        if references.is_empty() {
            return keys.iter().map(|k| (k.position, k.from)).collect();
        }
        let mut parameters = Vec::new();
        for (at, lineage) in references.iter().enumerate() {
            let position = schema.position(*lineage);
            match position.and_then(|p| Some((p, schema.column_type(p)?))) {
                Some(parameter) => parameters.push(parameter),
                None => {
                    let message = format!("parameter {} names no column of the input", at + 1);
                    self.findings.push(self.site.finding(
                        codes::E_FAIL,
                        Some("ParameterMap"),
                        message,
                    ));
                }
            }
        }
        parameters
    }
}

/// The columns to ask a database for. Texts come in full length: where one is too long for a
/// copied column, that column's truncation disposition decides.
pub(super) fn query_target(reference: &[ReferenceColumn]) -> Vec<(String, ColumnType)> {
    let columns = reference
        .iter()
        .map(|column| (column.name.clone(), fetched(column.column_type)));
    columns.collect()
}

/// The type in which a reference column is fetched.
pub(super) fn fetched(column_type: ColumnType) -> ColumnType {
    match column_type.data_type {
        DataType::Str => ColumnType {
            length: STR_MAX,
            ..column_type
        },
        DataType::WStr => ColumnType {
            length: WSTR_MAX,
            ..column_type
        },
        _ => column_type,
    }
}
