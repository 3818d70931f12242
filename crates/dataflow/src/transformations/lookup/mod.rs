//! Lookup: columns of a reference for each row whose key the reference has.
//!
//! SSIS name *Lookup*, class `Microsoft.Lookup`; connection `OleDbConnection` or
//! `CacheConnection`. Synchronous, one input; a match output, a no-match output (not in packages
//! of 2005) and an error output of exclusion group 1. Input columns with
//! `JoinToReferenceColumn` are keys; output columns, and readWrite input columns, with
//! `CopyFromReferenceColumn` get values of the reference.
//! Behaviour: data flow reference 3 and 4.2.
//!
//! | file | is |
//! | --- | --- |
//! | `settings` | what the package says: keys, copies, rows without a match |
//! | `checks` | which columns can be keys |
//! | `reference_metadata` | the types of the reference's columns |
//! | `index` | the hash table from keys to reference rows |
//! | `full_cache` | all reference rows in PreExecute; pure, any thread |
//! | `partial_cache` | rows looked up by the database and kept within a limit; in order |
//! | `matches` | from found rows to outputs |
//!
//! In full cache mode keys compare binary (case, accents, width and trailing blanks count) and
//! NULL equals NULL; in the other modes the database compares, so that NULL equals nothing.
//! The reference of a full cache is a snapshot: rows that the same data flow writes are not
//! seen.

mod checks;
mod full_cache;
mod index;
mod matches;
mod partial_cache;
mod reference_metadata;
mod settings;

use packmule_dtsx::finding::Finding;
use packmule_runtime::Reported;

use self::matches::Matches;
use self::settings::{CacheMode, settings};
use crate::codes;
use crate::component::Bound;
use crate::registry::{Definition, Execution, Kind, Place, PropertyDefinition};
use crate::site::Site;

/// Its line in the registry.
pub static DEFINITION: Definition = Definition {
    name: "Lookup",
    class: "Microsoft.Lookup",
    kind: Kind::Transformation,
    execution: Execution::Parallel,
    memory: "full cache: all reference rows, which must fit into the budget; partial cache: MaxMemoryUsage64",
    documentation: "Adds columns of a reference query or cache to the rows whose keys it has.",
    properties: &[
        component(
            "ConnectionType",
            "0",
            "Where the reference is: 0 a query over an OLE DB connection, 1 a Cache connection manager.",
        ),
        component(
            "CacheType",
            "0",
            "What is kept of it: 0 full, all rows before the first; 1 partial, rows once looked up; 2 none but the last.",
        ),
        component(
            "NoMatchBehavior",
            "0",
            "Rows without a match: 0 are errors with the match output's disposition, 1 go to the no-match output.",
        ),
        component("SqlCommand", "", "The reference query (full cache)."),
        component(
            "SqlCommandParam",
            "",
            "The query for one key, with a ? for each entry of ParameterMap (partial cache, none); its first row counts.",
        ),
        component(
            "ParameterMap",
            "",
            "The input columns for the markers of SqlCommandParam, in their order.",
        ),
        component(
            "NoMatchCachePercentage",
            "0",
            "Percent of a partial cache that may hold keys without a match.",
        ),
        component(
            "MaxMemoryUsage",
            "25",
            "Megabytes of a partial cache where MaxMemoryUsage64 is absent.",
        ),
        component("MaxMemoryUsage64", "25", "Megabytes of a partial cache."),
        component(
            "ReferenceMetadataXml",
            "",
            "Names and types of the reference's columns.",
        ),
        component(
            "DefaultCodePage",
            "1252",
            "Code page of DT_STR columns when the provider gives none; drivers here decode by themselves, so it has no effect.",
        ),
        component(
            "TreatDuplicateKeysAsError",
            "false",
            "Equal keys in a full cache are an error; else the first row counts and a warning is given.",
        ),
        PropertyDefinition {
            name: "JoinToReferenceColumn",
            place: Place::InputColumn,
            default: "",
            documentation: "The reference column that this key is compared with.",
        },
        PropertyDefinition {
            name: "CopyFromReferenceColumn",
            place: Place::InputColumn,
            default: "",
            documentation: "The reference column whose value replaces that of this readWrite column.",
        },
        PropertyDefinition {
            name: "CopyFromReferenceColumn",
            place: Place::OutputColumn,
            default: "",
            documentation: "The reference column whose value this new column gets.",
        },
    ],
    validate,
    bind,
};

const fn component(
    name: &'static str,
    default: &'static str,
    documentation: &'static str,
) -> PropertyDefinition {
    PropertyDefinition {
        name,
        place: Place::Component,
        default,
        documentation,
    }
}

// ---- validate ----------------------------------------------------------------------------

fn validate(site: &Site<'_>) -> Vec<Finding> {
    let settings = match settings(site) {
        Ok(settings) => settings,
        Err(findings) => return findings,
    };
    match Matches::bind(
        site,
        &settings.copies,
        &settings.reference,
        settings.no_match,
    ) {
        Ok(_) => Vec::new(),
        Err(message) => vec![site.finding(codes::E_FAIL, Some("CopyFromReferenceColumn"), message)],
    }
}

// ---- run ---------------------------------------------------------------------------------

fn bind(site: &Site<'_>) -> Result<Bound, Reported> {
    let settings = settings(site).map_err(|findings| {
        for finding in findings {
            let code = finding.code.unwrap_or(codes::E_FAIL);
            site.events
                .error_text(code, finding.message, finding.remedy.as_deref());
        }
        Reported
    })?;
    let matches = Matches::bind(
        site,
        &settings.copies,
        &settings.reference,
        settings.no_match,
    )
    .map_err(|text| site.events.error_text(codes::E_FAIL, text, None))?;
    match settings.mode {
        CacheMode::Full => full_cache::bind(site, &settings, matches),
        CacheMode::Partial | CacheMode::None => partial_cache::bind(site, settings, matches),
    }
}
