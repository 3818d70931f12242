//! What a caller tells the binder about variables and columns, and how names are compared.

use packmule_types::ColumnType;

use crate::syntax::ColumnReference;

/// A variable or parameter that an expression may read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VariableBinding {
    /// Its type inside the expression; text with the length of the current value.
    pub column_type: ColumnType,
    /// Index into [`crate::Inputs::variables`].
    pub index: usize,
    /// Whether its value is secret; the whole expression is then ([`crate::Bound::sensitive`]).
    pub sensitive: bool,
}

/// A column that an expression may read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnBinding {
    /// Index into [`crate::Inputs::columns`].
    pub index: usize,
    /// Its type.
    pub column_type: ColumnType,
}

/// Why a name is not usable; each has its code in [`crate::codes`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameError {
    /// There is no such variable or column (0xC00470A6, 0xC00470A2, 0xC00470A3).
    NotFound,
    /// Several match (0xC00470DB, 0xC00470DD).
    Ambiguous,
    /// A variable whose type expressions cannot use: Object, Empty, DBNull (0xC00470D0).
    Unsupported,
    /// Columns do not exist where the expression stands (0xC00470A4, 0xC00470A5).
    NoColumns,
}

/// Finds variables and columns by the names that an expression uses.
pub trait Names {
    /// A variable by namespace, if given, and name; case-sensitive.
    fn variable(&self, namespace: Option<&str>, name: &str) -> Result<VariableBinding, NameError>;

    /// A column; see [`names_match`] for names.
    fn column(&self, reference: &ColumnReference) -> Result<ColumnBinding, NameError> {
        let _ = reference;
        Err(NameError::NoColumns)
    }
}

/// Names of nothing: for expressions of literals alone.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoNames;

impl Names for NoNames {
    fn variable(&self, _: Option<&str>, _: &str) -> Result<VariableBinding, NameError> {
        Err(NameError::NotFound)
    }
}

/// [R-COL-CASE] Whether a column's or component's name is the one that an expression means:
/// without regard to case.
pub fn names_match(written: &str, name: &str) -> bool {
    written.eq_ignore_ascii_case(name)
        || written
            .chars()
            .flat_map(char::to_lowercase)
            .eq(name.chars().flat_map(char::to_lowercase))
}
