//! What keys may be: their types, and the index columns of a cache.

use packmule_connections::connections::Reference;
use packmule_dtsx::finding::Finding;
use packmule_types::code::{
    DTS_E_TXLOOKUP_INCOMPATIBLEDATATYPES, DTS_E_TXLOOKUP_INDEXCOLUMNSMISMATCH,
    DTS_E_TXLOOKUP_INVALIDJOINTYPE, describe,
};
use packmule_types::{ColumnType, DataType};

use super::settings::{Key, ReferenceColumn};
use crate::codes;
use crate::site::Site;

/// Types that cannot be keys, and pairs that cannot be compared.
pub(super) fn check_keys(
    site: &Site<'_>,
    keys: &[Key],
    reference: &[ReferenceColumn],
    findings: &mut Vec<Finding>,
) {
    if keys.is_empty() {
        let message = "no input column is joined to a column of the reference".to_owned();
        findings.push(site.finding(codes::E_FAIL, Some("JoinToReferenceColumn"), message));
    }
    let name = |position: usize| {
        let column = site.input_schema(0).and_then(|s| s.columns.get(position));
        let input = site.component.inputs.first();
        site.input_column_path(
            input.map_or("", |i| &i.name),
            column.map_or("", |c| &c.name),
        )
    };
    for key in keys {
        let Some(joined) = reference.get(key.reference) else {
            continue;
        };
        let cannot = |t: DataType| matches!(t, DataType::R4 | DataType::R8) || t.is_lob();
        if cannot(key.from.data_type) || cannot(joined.column_type.data_type) {
            let text = describe(DTS_E_TXLOOKUP_INVALIDJOINTYPE, &[&name(key.position)]);
            findings.push(site.finding(
                DTS_E_TXLOOKUP_INVALIDJOINTYPE,
                Some("JoinToReferenceColumn"),
                text,
            ));
        } else if !joins(&key.from, &joined.column_type) {
            let arguments = [name(key.position), joined.name.clone()];
            let text = describe(
                DTS_E_TXLOOKUP_INCOMPATIBLEDATATYPES,
                &[&arguments[0], &arguments[1]],
            );
            let text = format!("{text} ({} and {})", key.from, joined.column_type);
            findings.push(site.finding(
                DTS_E_TXLOOKUP_INCOMPATIBLEDATATYPES,
                Some("JoinToReferenceColumn"),
                text,
            ));
        }
    }
}

/// Types must be equal; DT_STR and DT_WSTR mix, lengths may differ, scales may not.
fn joins(from: &ColumnType, to: &ColumnType) -> bool {
    let same_scale =
        !matches!(from.data_type, DataType::Numeric | DataType::Decimal) || from.scale == to.scale;
    (from.data_type == to.data_type && same_scale)
        || (from.data_type.is_text() && to.data_type.is_text())
}

/// All index columns of a cache must be joined, and no others.
pub(super) fn check_index(
    site: &Site<'_>,
    keys: &[Key],
    known: &[ReferenceColumn],
    reference: &[ReferenceColumn],
    findings: &mut Vec<Finding>,
) {
    let connection = site.connection("CacheConnection");
    let manager = connection.and_then(|c| site.flow.connections.find(Reference::from(c)).ok());
    let Some(manager) = manager else { return };
    for column in reference
        .iter()
        .filter(|c| !known.iter().any(|k| k.name.eq_ignore_ascii_case(&c.name)))
    {
        let message = format!("the cache {} has no column '{}'", manager.name, column.name);
        findings.push(site.finding(codes::E_FAIL, Some("JoinToReferenceColumn"), message));
    }
    let index: Vec<&str> = manager
        .cache_columns
        .iter()
        .filter(|c| c.index_position > 0)
        .map(|c| c.name.as_str())
        .collect();
    let joined = |name: &&str| {
        keys.iter()
            .filter_map(|k| reference.get(k.reference))
            .any(|c| c.name.eq_ignore_ascii_case(name))
    };
    if index.len() != keys.len() || !index.iter().all(joined) {
        let numbers = [keys.len().to_string(), index.len().to_string()];
        let text = describe(
            DTS_E_TXLOOKUP_INDEXCOLUMNSMISMATCH,
            &[&numbers[0], &numbers[1]],
        );
        findings.push(site.finding(DTS_E_TXLOOKUP_INDEXCOLUMNSMISMATCH, None, text));
    }
}
