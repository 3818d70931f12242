//! The list that reading fills, with a limit and the usual kinds at hand.

use packmule_types::Code;

use crate::finding::{Finding, Location, Reason, Severity};
use crate::limits;

/// Findings while they are collected.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    list: Vec<Finding>,
    left_out: usize,
}

impl Findings {
    /// Adds one; beyond the limit it is only counted.
    pub(crate) fn push(&mut self, finding: Finding) {
        if self.list.len() < limits::FINDINGS_MAX {
            self.list.push(finding);
        } else {
            self.left_out += 1;
        }
    }

    /// Something that the reader does not know; it is kept raw where possible.
    pub(crate) fn unknown(
        &mut self,
        place: &str,
        property: Option<&str>,
        message: String,
        location: &Location,
    ) {
        self.push(Finding {
            severity: Severity::Information,
            reason: Reason::UnknownContent,
            code: None,
            place: place.to_owned(),
            property: property.map(str::to_owned),
            message,
            remedy: None,
            location: location.clone(),
        });
    }

    /// Something that contradicts the format.
    pub(crate) fn malformed(
        &mut self,
        place: &str,
        property: Option<&str>,
        message: String,
        location: &Location,
    ) {
        self.push(Finding {
            severity: Severity::Warning,
            reason: Reason::Malformed,
            code: Some(Code(0xC001_0018)),
            place: place.to_owned(),
            property: property.map(str::to_owned),
            message,
            remedy: Some("open the package in the designer and save it again".to_owned()),
            location: location.clone(),
        });
    }

    /// A value that contradicts the format, so that what it says cannot be done: the package
    /// cannot run as it is.
    pub(crate) fn invalid(
        &mut self,
        place: &str,
        property: Option<&str>,
        message: String,
        location: &Location,
    ) {
        self.malformed(place, property, message, location);
        self.raise();
    }

    /// A value of a closed list that the reader does not know.
    pub(crate) fn unknown_value(
        &mut self,
        place: &str,
        property: Option<&str>,
        message: String,
        location: &Location,
    ) {
        self.unknown(place, property, message, location);
        self.raise();
    }

    /// Makes the last finding an error.
    fn raise(&mut self) {
        if self.left_out == 0
            && let Some(last) = self.list.last_mut()
        {
            last.severity = Severity::Error;
        }
    }

    /// A reference that names nothing.
    pub(crate) fn dangling(
        &mut self,
        severity: Severity,
        place: &str,
        property: Option<&str>,
        message: String,
        location: &Location,
    ) {
        self.push(Finding {
            severity,
            reason: Reason::DanglingReference,
            code: None,
            place: place.to_owned(),
            property: property.map(str::to_owned),
            message,
            remedy: Some("open the package in the designer and repair the reference".to_owned()),
            location: location.clone(),
        });
    }

    /// Another maker's part.
    pub(crate) fn third_party(&mut self, place: &str, what: String, location: &Location) {
        self.push(Finding {
            severity: Severity::Warning,
            reason: Reason::ThirdParty,
            code: None,
            place: place.to_owned(),
            property: None,
            message: what,
            remedy: Some("replace it with a stock task or component".to_owned()),
            location: location.clone(),
        });
    }

    /// Gives findings without a place the place of what holds them.
    pub(crate) fn place_from(&mut self, start: usize, place: &str) {
        for finding in self.list.iter_mut().skip(start) {
            if finding.place.is_empty() {
                place.clone_into(&mut finding.place);
            }
        }
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.list.len()
    }

    /// The list; one last finding tells how many were left out.
    pub(crate) fn into_list(mut self) -> Vec<Finding> {
        if self.left_out > 0 {
            self.list.push(Finding {
                severity: Severity::Warning,
                reason: Reason::Malformed,
                code: None,
                place: String::new(),
                property: None,
                message: format!("{} more findings are left out", self.left_out),
                remedy: None,
                location: Location::default(),
            });
        }
        self.list
    }
}
