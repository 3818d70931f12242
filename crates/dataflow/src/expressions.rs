//! Expressions over the columns of a stream: bound once, evaluated per batch.

use std::sync::Arc;

use arrow::array::{ArrayRef, new_empty_array};
use arrow::datatypes::DataType as ArrowType;
use packmule_expression::{
    BindOptions, Bound, ColumnBinding, ColumnReference, Evaluated, ExpressionError, Inputs,
    NameError, Names, Now, VariableBinding, names_match,
};
use packmule_runtime::variables::names::ScopeNames;
use packmule_types::{Code, ColumnType, Locale, Value};

use crate::batch::{Batch, Schema};
use crate::site::Site;

/// An expression ready for batches of one input. Variables have the values that they had when
/// it was bound, `GETDATE()` is the time of that moment.
#[derive(Debug)]
pub struct ColumnExpression {
    /// The text, for messages.
    pub text: String,
    bound: Bound,
    variables: Vec<Value>,
    now: Now,
    width: usize,
    nothing: ArrayRef,
}

/// Why an expression cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BindError {
    /// SSIS's code.
    pub code: Code,
    /// What is wrong.
    pub message: String,
}

impl From<&ExpressionError> for BindError {
    fn from(error: &ExpressionError) -> Self {
        Self {
            code: error.code,
            message: error.to_string(),
        }
    }
}

/// Columns of an input by every name that expressions use, and the variables in scope.
struct SiteNames<'a> {
    site: &'a Site<'a>,
    input: usize,
    schema: &'a Schema,
    variables: &'a ScopeNames,
}

impl SiteNames<'_> {
    fn binding(&self, position: usize) -> Result<ColumnBinding, NameError> {
        let column_type = self
            .schema
            .column_type(position)
            .ok_or(NameError::NotFound)?;
        Ok(ColumnBinding {
            index: position,
            column_type,
        })
    }

    /// Columns by name are looked for among those that the component lists, then among all
    /// that arrive (an expression given from outside may name one that is not listed).
    fn by_name(&self, component: Option<&str>, name: &str) -> Result<ColumnBinding, NameError> {
        let listed = self.site.component.inputs.get(self.input);
        let listed = listed.map_or(&[][..], |input| &input.columns);
        let mut found: Vec<usize> = listed
            .iter()
            .filter(|c| names_match(name, &c.name))
            .filter_map(|c| self.schema.position(c.lineage))
            .filter(|position| self.is_from(*position, component))
            .collect();
        if found.is_empty() {
            let all = self.schema.columns.iter().enumerate();
            found = all
                .filter(|(_, c)| names_match(name, &c.name))
                .map(|(position, _)| position)
                .filter(|position| self.is_from(*position, component))
                .collect();
        }
        match found.as_slice() {
            [] => Err(NameError::NotFound),
            [one] => self.binding(*one),
            _ => Err(NameError::Ambiguous),
        }
    }

    fn is_from(&self, position: usize, component: Option<&str>) -> bool {
        let Some(wanted) = component else {
            return true;
        };
        let lineage = self.schema.columns.get(position).map(|c| c.lineage);
        let owner = lineage.and_then(|l| self.site.pipeline.find_lineage(l));
        owner.is_some_and(|(owner, _, _)| names_match(wanted, &owner.name))
    }
}

impl Names for SiteNames<'_> {
    fn variable(&self, namespace: Option<&str>, name: &str) -> Result<VariableBinding, NameError> {
        self.variables.variable(namespace, name)
    }

    fn column(&self, reference: &ColumnReference) -> Result<ColumnBinding, NameError> {
        let position = match reference {
            ColumnReference::Name { component, column } => {
                return self.by_name(component.as_deref(), column);
            }
            ColumnReference::LineageId(id) => {
                let id = i32::try_from(*id).map_err(|_| NameError::NotFound)?;
                self.schema.position(packmule_dtsx::model::LineageId(id))
            }
            ColumnReference::RefId(path) => {
                let mut columns = self.schema.columns.iter();
                columns.position(|c| {
                    let column = self.site.column(c.lineage);
                    column.is_some_and(|column| column.ref_id == *path)
                })
            }
        };
        self.binding(position.ok_or(NameError::NotFound)?)
    }
}

impl ColumnExpression {
    /// Parses and binds an expression over the columns of an input.
    pub fn bind(site: &Site<'_>, input: usize, text: &str) -> Result<Self, Vec<BindError>> {
        let parsed = packmule_expression::parse(text).map_err(|e| vec![BindError::from(&e)])?;
        let empty = Arc::new(Schema::default());
        let schema = site.input_schema(input).unwrap_or(&empty);
        let variables = ScopeNames::without_secrets(&site.flow.scope);
        let names = SiteNames {
            site,
            input,
            schema,
            variables: &variables,
        };
        let options = BindOptions {
            locale: locale(site),
            assignment: false,
        };
        let bound = parsed
            .bind(&names, &options)
            .map_err(|errors| errors.iter().map(BindError::from).collect::<Vec<_>>())?;
        let clock = &site.flow.services.clock;
        Ok(Self {
            text: text.to_owned(),
            bound,
            variables: variables.values(),
            now: Now {
                local: clock.local_now(),
                utc: clock.utc_now().naive_utc(),
                offset_minutes: clock.offset_minutes(),
            },
            width: schema.columns.len(),
            nothing: new_empty_array(&ArrowType::Null),
        })
    }

    /// The type of the result.
    pub fn column_type(&self) -> ColumnType {
        self.bound.column_type()
    }

    /// Evaluates all rows of a batch, selected or not; so compact the batch first, or ignore
    /// what comes out for other rows.
    pub fn evaluate(&self, batch: &Batch) -> Evaluated {
        let mut columns = vec![Arc::clone(&self.nothing); self.width];
        for position in self.bound.columns() {
            if let Some(slot) = columns.get_mut(*position) {
                *slot = batch.array(*position);
            }
        }
        self.bound.evaluate(&Inputs {
            columns: &columns,
            rows: batch.rows,
            variables: &self.variables,
            now: &self.now,
        })
    }
}

/// The conventions of a component's locale; those of en-US where it is not known.
pub fn locale(site: &Site<'_>) -> Locale {
    let lcid = i32::try_from(site.lcid()).ok();
    let locale = lcid.and_then(|lcid| Locale::from_lcid(lcid).ok());
    locale.unwrap_or_else(Locale::en_us)
}
