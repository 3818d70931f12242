//! Builds settings from a node of the model and the overlay, and returns *all* problems.
//!
//! A value of the overlay (expression, `--set`, configuration) wins over the stored one. Names
//! are the API's; where the file has another name the caller reads the stored text under it.

use packmule_dtsx::NodeId;
use packmule_dtsx::finding::{Finding, Location, Reason, Severity};
use packmule_dtsx::model::Element;
use packmule_runtime::variables::convert;
use packmule_runtime::{Events, Overlay, Reported};
use packmule_types::{Code, Value, VariableType};

/// One property of a task or enumerator, for `packmule inspect --components` and the docs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PropertyDoc {
    /// API name.
    pub name: &'static str,
    /// Default, as text.
    pub default: &'static str,
    /// Meaning and unit.
    pub doc: &'static str,
}

/// Reads the properties of one object and collects what is wrong with them.
pub(crate) struct Reader<'a> {
    overlay: &'a Overlay,
    node: NodeId,
    place: String,
    location: Location,
    findings: Vec<Finding>,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(
        overlay: &'a Overlay,
        node: NodeId,
        place: &str,
        location: &Location,
    ) -> Self {
        Self {
            overlay,
            node,
            place: place.to_owned(),
            location: location.clone(),
            findings: Vec::new(),
        }
    }

    /// The overlay's value, else the stored text.
    fn value(&self, name: &str, stored: Option<&str>) -> Option<Value> {
        self.overlay
            .get(self.node, name)
            .or_else(|| stored.map(Value::text))
    }

    pub(crate) fn text(&mut self, name: &str, stored: Option<&str>, default: &str) -> String {
        match self.value(name, stored) {
            None => default.to_owned(),
            Some(Value::Null) => String::new(),
            Some(value) => convert::to_text(&value).unwrap_or_else(|| {
                self.invalid(name, "the value has no text form");
                default.to_owned()
            }),
        }
    }

    pub(crate) fn boolean(&mut self, name: &str, stored: Option<&str>, default: bool) -> bool {
        match self.value(name, stored) {
            None => default,
            Some(value) => match convert::general(&value, VariableType::Boolean) {
                Some(Value::Bool(b)) => b,
                _ => {
                    self.invalid(name, &format!("{} is no Boolean", shown(&value)));
                    default
                }
            },
        }
    }

    pub(crate) fn integer(
        &mut self,
        name: &str,
        stored: Option<&str>,
        default: i64,
        allowed: std::ops::RangeInclusive<i64>,
    ) -> i64 {
        match self.value(name, stored) {
            None => default,
            Some(value) => match convert::general(&value, VariableType::Int64) {
                Some(Value::I8(i)) if allowed.contains(&i) => i,
                _ => {
                    let text = format!(
                        "{} is no whole number from {} to {}",
                        shown(&value),
                        allowed.start(),
                        allowed.end()
                    );
                    self.invalid(name, &text);
                    default
                }
            },
        }
    }

    /// One of several names, in any letter case; numbers are given as further names.
    pub(crate) fn choice<T: Copy>(
        &mut self,
        name: &str,
        stored: Option<&str>,
        default: T,
        choices: &[(&str, T)],
    ) -> T {
        let Some(value) = self.value(name, stored) else {
            return default;
        };
        let text = convert::to_text(&value).unwrap_or_default();
        let text = text.trim();
        match choices.iter().find(|(n, _)| n.eq_ignore_ascii_case(text)) {
            Some((_, choice)) => *choice,
            None => {
                let names: Vec<&str> = choices.iter().map(|(n, _)| *n).collect();
                let message = format!("\"{text}\" is none of {}", names.join(", "));
                self.invalid(name, &message);
                default
            }
        }
    }

    /// Adds an error about a property.
    pub(crate) fn invalid(&mut self, property: &str, message: &str) {
        self.add(
            Severity::Error,
            Reason::InvalidSetting,
            property,
            message,
            None,
        );
    }

    /// Adds an error about a property whose value is known and not supported.
    pub(crate) fn unsupported(&mut self, property: &str, message: &str, remedy: &str) {
        let reason = Reason::UnsupportedProperty;
        self.add(Severity::Error, reason, property, message, Some(remedy));
    }

    /// Reports a property that the reader does not know.
    pub(crate) fn unknown(&mut self, property: &str) {
        let message = "unknown property, without effect";
        self.add(
            Severity::Warning,
            Reason::UnknownContent,
            property,
            message,
            None,
        );
    }

    /// Reports attributes of an element that its reader does not know.
    pub(crate) fn unknown_attributes(&mut self, element: &Element, known: &[&str]) {
        for (name, _) in &element.attributes {
            if !known.contains(&name.as_str()) {
                self.unknown(name);
            }
        }
    }

    fn add(
        &mut self,
        severity: Severity,
        reason: Reason,
        property: &str,
        message: &str,
        remedy: Option<&str>,
    ) {
        self.findings.push(Finding {
            severity,
            reason,
            code: None,
            place: self.place.clone(),
            property: Some(property.to_owned()),
            message: message.to_owned(),
            remedy: remedy.map(str::to_owned),
            location: self.location.clone(),
        });
    }

    pub(crate) fn findings(self) -> Vec<Finding> {
        self.findings
    }
}

fn shown(value: &Value) -> String {
    match convert::to_text(value) {
        Some(text) => format!("\"{text}\""),
        None => "the value".to_owned(),
    }
}

/// A finding about a whole object.
pub(crate) fn finding(
    severity: Severity,
    reason: Reason,
    place: &str,
    location: &Location,
    message: impl Into<String>,
    remedy: Option<&str>,
) -> Finding {
    Finding {
        severity,
        reason,
        code: None,
        place: place.to_owned(),
        property: None,
        message: message.into(),
        remedy: remedy.map(str::to_owned),
        location: location.clone(),
    }
}

/// Raises findings as events: errors with `code` unless they have their own, the rest as
/// warnings. Fails when there is an error.
pub(crate) fn report(findings: &[Finding], events: &Events, code: Code) -> Result<(), Reported> {
    let mut result = Ok(());
    for finding in findings {
        let mut text = String::new();
        if let Some(property) = &finding.property {
            text.push_str(property);
            text.push_str(": ");
        }
        text.push_str(&finding.message);
        text.push_str(&format!(" ({})", finding.location));
        match finding.severity {
            Severity::Error => {
                let code = finding.code.unwrap_or(code);
                result = Err(events.error_text(code, text, finding.remedy.as_deref()));
            }
            Severity::Warning => {
                events.warning_text(finding.code.unwrap_or(Code(0)), text);
            }
            Severity::Information => {
                events.information_text(finding.code.unwrap_or(Code(0)), text);
            }
        }
    }
    result
}
