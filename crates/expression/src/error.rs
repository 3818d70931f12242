//! What can be wrong with an expression, with SSIS's code and the place in the text.

use packmule_types::Code;
use packmule_types::code::describe;

/// Codes that expressions raise, named after SSIS's `DTS_E_EXPREVAL…` constants.
///
/// The first block are codes of a whole expression, the last (`row`) those of one row in a data
/// flow's `ErrorCode` column (`EXPREVALSTATIC_…`).
#[allow(
    missing_docs,
    reason = "the names are those of the published code list"
)]
pub mod codes {
    use packmule_types::Code;

    pub const DIVIDE_BY_ZERO: Code = Code(0xC004_707B);
    pub const LITERAL_OVERFLOW: Code = Code(0xC004_707C);
    pub const NUMERIC_OVERFLOW: Code = Code(0xC004_707D);
    pub const BINARY_OVERFLOW: Code = Code(0xC004_707E);
    pub const FUNCTION_OVERFLOW: Code = Code(0xC004_707F);
    pub const INCOMPATIBLE_TYPES: Code = Code(0xC004_7080);
    pub const UNSUPPORTED_BINARY_TYPE: Code = Code(0xC004_7081);
    pub const SIGN_MISMATCH: Code = Code(0xC004_7082);
    pub const STRING_COMPARISON: Code = Code(0xC004_7085);
    pub const UNSUPPORTED_UNARY_TYPE: Code = Code(0xC004_7086);
    pub const PARAMETER_TYPE: Code = Code(0xC004_7089);
    pub const UNKNOWN_FUNCTION: Code = Code(0xC004_708A);
    pub const SUBSTRING_LENGTH: Code = Code(0xC004_708B);
    pub const SUBSTRING_START: Code = Code(0xC004_708C);
    pub const UNKNOWN_DATE_PART: Code = Code(0xC004_708F);
    pub const NULL_PARAMETER_NOT_STATIC: Code = Code(0xC004_7090);
    pub const NULL_PARAMETER_NOT_INTEGER: Code = Code(0xC004_7091);
    pub const PARAMETER_NOT_STATIC: Code = Code(0xC004_7092);
    pub const CAST_PARAMETER_NOT_STATIC: Code = Code(0xC004_7093);
    pub const CAST_PARAMETER_NOT_INTEGER: Code = Code(0xC004_7094);
    pub const ILLEGAL_CAST: Code = Code(0xC004_7095);
    pub const INVALID_TOKEN: Code = Code(0xC004_7096);
    pub const UNEXPECTED_END: Code = Code(0xC004_7097);
    pub const PARSE_FAILED: Code = Code(0xC004_7099);
    pub const EMPTY: Code = Code(0xC004_709A);
    pub const COMPUTE_FAILED: Code = Code(0xC004_709B);
    pub const CONDITION_TYPE: Code = Code(0xC004_709E);
    pub const BRANCH_TYPES: Code = Code(0xC004_709F);
    pub const COLUMN_NOT_FOUND: Code = Code(0xC004_70A2);
    pub const LINEAGE_ID_NOT_FOUND: Code = Code(0xC004_70A3);
    pub const NO_COLUMN_NAMES: Code = Code(0xC004_70A4);
    pub const NO_LINEAGE_IDS: Code = Code(0xC004_70A5);
    pub const VARIABLE_NOT_FOUND: Code = Code(0xC004_70A6);
    pub const INCOMPLETE_TOKEN: Code = Code(0xC004_70A7);
    pub const CAST_CODE_PAGE: Code = Code(0xC004_70AA);
    pub const CAST_PRECISION: Code = Code(0xC004_70AB);
    pub const CAST_SCALE: Code = Code(0xC004_70AC);
    pub const BRANCH_CODE_PAGES: Code = Code(0xC004_70AF);
    pub const HEX_ESCAPE: Code = Code(0xC004_70B7);
    pub const BAD_ESCAPE: Code = Code(0xC004_70B8);
    pub const UNSUPPORTED_TYPE: Code = Code(0xC004_70BE);
    pub const BINARY_CODE_PAGES: Code = Code(0xC004_70CE);
    pub const VARIABLE_COMPUTE: Code = Code(0xC004_70CF);
    pub const VARIABLE_TYPE: Code = Code(0xC004_70D0);
    pub const CAST_BETWEEN_CODE_PAGES: Code = Code(0xC004_70D1);
    pub const SINGLE_QUOTE: Code = Code(0xC004_70D6);
    pub const SINGLE_EQUAL: Code = Code(0xC004_70D7);
    pub const AMBIGUOUS_COLUMN: Code = Code(0xC004_70DB);
    pub const AMBIGUOUS_VARIABLE: Code = Code(0xC004_70DD);
    pub const SQRT_DOMAIN: Code = Code(0xC004_70DF);
    pub const LN_DOMAIN: Code = Code(0xC004_70E0);
    pub const LOG_DOMAIN: Code = Code(0xC004_70E1);
    pub const POWER_DOMAIN: Code = Code(0xC004_70E2);
    pub const NEGATE_OVERFLOW: Code = Code(0xC004_70E5);
    pub const RIGHT_COUNT: Code = Code(0xC004_70E7);
    pub const REPLICATE_COUNT: Code = Code(0xC004_70E8);
    pub const VARIABLE_READ: Code = Code(0xC004_70EA);
    pub const STR_IN_BINARY: Code = Code(0xC004_70EC);
    pub const STR_IN_CONDITIONAL: Code = Code(0xC004_70ED);
    pub const FINDSTRING_COUNT: Code = Code(0xC004_70EE);
    pub const DATE_PART_NOT_STATIC: Code = Code(0xC004_70F0);
    pub const CAST_LENGTH: Code = Code(0xC004_70F1);
    pub const NULL_CODE_PAGE: Code = Code(0xC004_70F2);
    pub const NULL_PRECISION: Code = Code(0xC004_70F3);
    pub const NULL_SCALE: Code = Code(0xC004_70F4);
    pub const NULL_LENGTH: Code = Code(0xC004_70F5);
    pub const ONE_PARAMETER_EXPECTED: Code = Code(0xC004_70FA);
    pub const PARAMETERS_EXPECTED: Code = Code(0xC004_70F9);
    pub const NO_PARAMETER_EXPECTED: Code = Code(0xC004_70FB);
    pub const CONVERSION_OVERFLOW: Code = Code(0xC004_70C0);
    pub const CONVERSION_UNSUPPORTED: Code = Code(0xC004_70C1);
    pub const CONVERSION_FAILED: Code = Code(0xC004_70C2);
    pub const CAST_FAILED: Code = Code(0xC004_70C4);
    pub const FUNCTION_FAILED: Code = Code(0xC004_70C5);
    pub const TOO_LONG: Code = Code(0xC004_70FF);
    pub const TRUNCATED: Code = Code(0xC001_700E);
}

/// An expression that cannot be parsed, bound or evaluated.
///
/// `Display` gives the code's text with its values; where the text has no place for the
/// position, [`ExpressionError::position`] has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpressionError {
    /// SSIS's code.
    pub code: Code,
    /// Byte offset into the expression's text.
    pub position: usize,
    /// Bytes of the text that the error is about; 0 at the end of the text.
    pub length: usize,
    /// Values for the placeholders of the code's text.
    pub arguments: Vec<String>,
    /// What our own message adds: the cause in plain words, or empty.
    pub detail: String,
}

/// The error of [`crate::parse`].
pub type ParseError = ExpressionError;

impl ExpressionError {
    /// An error at a place of the text.
    pub fn new(code: Code, at: crate::syntax::Span, detail: impl Into<String>) -> Self {
        Self {
            code,
            position: at.start,
            length: at.end.saturating_sub(at.start),
            arguments: Vec::new(),
            detail: detail.into(),
        }
    }

    /// With the values of the text's placeholders.
    #[must_use]
    pub fn with(mut self, arguments: &[&str]) -> Self {
        self.arguments = arguments.iter().map(|a| (*a).to_string()).collect();
        self
    }
}

impl std::fmt::Display for ExpressionError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.detail.is_empty() || !self.arguments.is_empty() {
            let arguments: Vec<&str> = self.arguments.iter().map(String::as_str).collect();
            f.write_str(&describe(self.code, &arguments))
        } else {
            f.write_str(&self.detail)
        }
    }
}

impl std::error::Error for ExpressionError {}
