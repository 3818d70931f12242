//! The text of an expression as a tree of names and operators; no types yet.
//!
//! Chains of operators of one precedence are one node with many operands, so that a long
//! concatenation is no deep tree; what remains deep is limited by [`DEPTH_MAX`].

mod lexer;
mod parser;

use packmule_types::{DataType, Value};

pub(crate) use parser::parse_text;

/// Deepest nesting of parentheses, calls, casts and unary operators.
pub const DEPTH_MAX: usize = 256;
/// Longest text of an expression, in bytes.
pub const TEXT_BYTES_MAX: usize = 256 * 1024;

/// A piece of the text, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
}

/// How an expression names a column.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ColumnReference {
    /// `Col`, `[Col]`, or `Component.Col`. Names match without case (see `names_match`).
    Name {
        /// The upstream component, when given.
        component: Option<String>,
        /// The column.
        column: String,
    },
    /// `#123`, in packages of format 2 and 3.
    LineageId(u32),
    /// `#{refId}`, in packages of format 6 and 8; the text between the braces.
    RefId(String),
}

impl std::fmt::Display for ColumnReference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Name {
                component: Some(component),
                column,
            } => write!(f, "[{component}].[{column}]"),
            Self::Name { column, .. } => f.write_str(column),
            Self::LineageId(id) => write!(f, "#{id}"),
            Self::RefId(id) => write!(f, "#{{{id}}}"),
        }
    }
}

/// How an expression names a variable or parameter; names are case-sensitive.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct VariableReference {
    /// `User`, `System`, `$Package`, `$Project` …; `None` when only the name is given.
    pub namespace: Option<String>,
    /// The name.
    pub name: String,
}

impl std::fmt::Display for VariableReference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.namespace {
            Some(namespace) => write!(f, "{namespace}::{}", self.name),
            None => f.write_str(&self.name),
        }
    }
}

/// An operator between two operands, by §4 of the reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the symbol of each is in `symbol`")]
pub(crate) enum BinaryOperator {
    Multiply,
    Divide,
    Modulo,
    Add,
    Subtract,
    Less,
    Greater,
    LessEqual,
    GreaterEqual,
    Equal,
    NotEqual,
    BitAnd,
    BitXor,
    BitOr,
    And,
    Or,
}

impl BinaryOperator {
    /// How tight it binds: 4 is `*`, 12 is `||`; lower binds tighter.
    pub(crate) fn precedence(self) -> u8 {
        use BinaryOperator as B;
        match self {
            B::Multiply | B::Divide | B::Modulo => 4,
            B::Add | B::Subtract => 5,
            B::Less | B::Greater | B::LessEqual | B::GreaterEqual => 6,
            B::Equal | B::NotEqual => 7,
            B::BitAnd => 8,
            B::BitXor => 9,
            B::BitOr => 10,
            B::And => 11,
            B::Or => 12,
        }
    }

    /// The operator as written.
    pub(crate) fn symbol(self) -> &'static str {
        use BinaryOperator as B;
        match self {
            B::Multiply => "*",
            B::Divide => "/",
            B::Modulo => "%",
            B::Add => "+",
            B::Subtract => "-",
            B::Less => "<",
            B::Greater => ">",
            B::LessEqual => "<=",
            B::GreaterEqual => ">=",
            B::Equal => "==",
            B::NotEqual => "!=",
            B::BitAnd => "&",
            B::BitXor => "^",
            B::BitOr => "|",
            B::And => "&&",
            B::Or => "||",
        }
    }
}

/// An operator before one operand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the symbol of each is in `symbol`")]
pub(crate) enum UnaryOperator {
    Negate,
    Not,
    BitNot,
}

impl UnaryOperator {
    /// The operator as written.
    pub(crate) fn symbol(self) -> &'static str {
        match self {
            Self::Negate => "-",
            Self::Not => "!",
            Self::BitNot => "~",
        }
    }
}

/// A type with its parameters, as in a cast or `NULL(…)`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct TypeSpecification {
    pub(crate) data_type: DataType,
    pub(crate) parameters: Vec<Syntax>,
    pub(crate) at: Span,
}

/// One node with its place in the text.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Syntax {
    pub(crate) kind: SyntaxKind,
    pub(crate) at: Span,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum SyntaxKind {
    Literal(Value),
    Variable(VariableReference),
    Column(ColumnReference),
    Unary(UnaryOperator, Box<Syntax>),
    /// Operands of operators of one precedence, left to right.
    Chain(Box<Syntax>, Vec<(BinaryOperator, Syntax)>),
    /// `c1 ? v1 : c2 ? v2 : … otherwise`
    Conditional(Vec<(Syntax, Syntax)>, Box<Syntax>),
    Cast(TypeSpecification, Box<Syntax>),
    Call(String, Vec<Syntax>),
    Null(TypeSpecification),
}

/// A whole expression.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Tree {
    pub(crate) target: Option<(VariableReference, Span)>,
    pub(crate) root: Syntax,
}

impl Syntax {
    /// Calls `visit` for this node and all below it.
    pub(crate) fn walk<'a>(&'a self, visit: &mut dyn FnMut(&'a Syntax)) {
        visit(self);
        match &self.kind {
            SyntaxKind::Literal(_)
            | SyntaxKind::Variable(_)
            | SyntaxKind::Column(_)
            | SyntaxKind::Null(_) => {}
            SyntaxKind::Unary(_, operand) | SyntaxKind::Cast(_, operand) => operand.walk(visit),
            SyntaxKind::Chain(first, rest) => {
                first.walk(visit);
                rest.iter().for_each(|(_, operand)| operand.walk(visit));
            }
            SyntaxKind::Conditional(arms, otherwise) => {
                for (condition, value) in arms {
                    condition.walk(visit);
                    value.walk(visit);
                }
                otherwise.walk(visit);
            }
            SyntaxKind::Call(_, arguments) => arguments.iter().for_each(|a| a.walk(visit)),
        }
    }
}
