//! The functions (§11), one entry each in [`all`]: what it takes, its null rule, the rule of its
//! result type, an example that a test evaluates.
//!
//! To add one: a file here with a `Function` constant, and its line in [`all`].

mod case;
mod codepoint;
mod date_add;
mod date_diff;
mod date_part;
mod find_string;
mod get_date;
mod hex;
mod len;
mod null;
mod parts;
mod pieces;
mod replace;
mod replicate;
mod reverse;
mod rounding;
mod token;
mod transcendental;
mod trim;

use packmule_types::{ColumnType, DataType};

use crate::bind::BindOptions;
use crate::cast;
use crate::codes;
use crate::error::ExpressionError;
use crate::implicit::promote;
use crate::syntax::{Span, Syntax};
use crate::tree::{Depends, Node};
use crate::vector::Kernel;

/// What an argument may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Takes {
    /// Text: `DT_WSTR`; `DT_STR` columns are that too.
    Text,
    /// Text or a large object.
    TextOrLob,
    /// Any integer; counts and positions.
    Integer,
    /// Any integer in its own type.
    AnyInteger,
    /// Any number in its own type.
    Number,
    /// A number of a signed type, in its own type.
    SignedNumber,
    /// Any number; taken to `DT_R8`.
    Double,
    /// Any date or time.
    Temporal,
    /// The name of a part of a date, as a literal.
    DatePart,
    /// Anything.
    Any,
}

/// An argument of a function.
#[derive(Debug, Clone, Copy)]
pub struct Argument {
    /// Its name in messages and help.
    pub name: &'static str,
    /// What it may be.
    pub takes: Takes,
}

/// A function of the language.
pub struct Function {
    /// Its name; calls may write it in any letter case.
    pub name: &'static str,
    /// What it computes.
    pub summary: &'static str,
    /// Its arguments; all are required.
    pub arguments: &'static [Argument],
    /// What NULL arguments give.
    pub nulls: &'static str,
    /// Its result type.
    pub result: &'static str,
    /// An expression and its value as text.
    pub example: (&'static str, &'static str),
    pub(crate) bind: fn(&Arguments<'_>) -> Result<BoundFunction, ExpressionError>,
}

impl std::fmt::Debug for Function {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

/// The arguments of one call, checked and taken to the types that the function wants.
pub(crate) struct Arguments<'a> {
    pub(crate) nodes: &'a [Node],
    pub(crate) syntax: &'a [Syntax],
    pub(crate) options: &'a BindOptions,
    pub(crate) at: Span,
    pub(crate) function: &'static Function,
}

/// What a function's `bind` gives.
pub(crate) struct BoundFunction {
    pub(crate) result: ColumnType,
    pub(crate) kernel: Box<dyn Kernel>,
    /// Whether some values make it fail.
    pub(crate) fallible: bool,
    /// Whether it reads the clock.
    pub(crate) clock: bool,
}

impl BoundFunction {
    pub(crate) fn new(result: ColumnType, kernel: impl Kernel + 'static) -> Self {
        Self {
            result,
            kernel: Box::new(kernel),
            fallible: true,
            clock: false,
        }
    }

    /// For functions that no value makes fail.
    pub(crate) fn infallible(self) -> Self {
        Self {
            fallible: false,
            ..self
        }
    }
}

impl Arguments<'_> {
    pub(crate) fn column_type(&self, index: usize) -> ColumnType {
        self.nodes
            .get(index)
            .map_or(ColumnType::new(DataType::Null), |node| node.column_type)
    }

    /// The length of a text argument.
    pub(crate) fn length(&self, index: usize) -> u32 {
        self.column_type(index).length
    }

    /// The value of a constant integer argument, not negative.
    pub(crate) fn constant_count(&self, index: usize) -> Option<u32> {
        let node = self.nodes.get(index)?;
        match packmule_types::array::value_at(&node.column_type, node.constant()?, 0) {
            packmule_types::Value::I8(v) => u32::try_from(v.max(0)).ok(),
            _ => None,
        }
    }

    pub(crate) fn wrong_type(&self, index: usize) -> ExpressionError {
        let found = self.column_type(index);
        let at = self.nodes.get(index).map_or(self.at, |node| node.at);
        let name = self.function.name;
        let detail = format!("argument {} of {name} cannot be {found}", index + 1);
        ExpressionError::new(codes::PARAMETER_TYPE, at, detail).with(&[
            name,
            &(index + 1).to_string(),
            found.data_type.name(),
        ])
    }
}

/// All functions, by name.
pub fn all() -> &'static [Function] {
    ALL
}

/// A function by name, in any letter case.
pub fn find(name: &str) -> Option<&'static Function> {
    ALL.iter().find(|f| f.name.eq_ignore_ascii_case(name))
}

static ALL: &[Function] = &[
    rounding::ABS,
    rounding::CEILING,
    codepoint::CODEPOINT,
    date_add::DATEADD,
    date_diff::DATEDIFF,
    date_part::DATEPART,
    date_part::DAY,
    transcendental::EXP,
    find_string::FINDSTRING,
    rounding::FLOOR,
    get_date::GETDATE,
    get_date::GETUTCDATE,
    hex::HEX,
    null::ISNULL,
    pieces::LEFT,
    len::LEN,
    transcendental::LN,
    transcendental::LOG,
    case::LOWER,
    trim::LTRIM,
    date_part::MONTH,
    transcendental::POWER,
    replace::REPLACE,
    null::REPLACENULL,
    replicate::REPLICATE,
    reverse::REVERSE,
    pieces::RIGHT,
    rounding::ROUND,
    trim::RTRIM,
    rounding::SIGN,
    transcendental::SQRT,
    transcendental::SQUARE,
    pieces::SUBSTRING,
    token::TOKEN,
    token::TOKENCOUNT,
    trim::TRIM,
    case::UPPER,
    date_part::YEAR,
];

/// Binds a call.
pub(crate) fn bind(
    name: &str,
    nodes: Vec<Node>,
    syntax: &[Syntax],
    options: &BindOptions,
    at: Span,
) -> Result<Node, ExpressionError> {
    let Some(function) = find(name) else {
        let detail = format!("there is no function {name}");
        return Err(ExpressionError::new(codes::UNKNOWN_FUNCTION, at, detail).with(&[name]));
    };
    let wanted = function.arguments.len();
    if nodes.len() != wanted {
        let code = match wanted {
            0 => codes::NO_PARAMETER_EXPECTED,
            1 => codes::ONE_PARAMETER_EXPECTED,
            _ => codes::PARAMETERS_EXPECTED,
        };
        let detail = format!(
            "{} takes {wanted} arguments, not {}",
            function.name,
            nodes.len()
        );
        return Err(
            ExpressionError::new(code, at, detail).with(&[function.name, &wanted.to_string()])
        );
    }
    let checked = |nodes| Arguments {
        nodes,
        syntax,
        options,
        at,
        function,
    };
    for (index, argument) in function.arguments.iter().enumerate() {
        if !accepts(argument.takes, nodes[index].column_type.data_type) {
            return Err(checked(&nodes).wrong_type(index));
        }
    }
    let nodes = nodes
        .into_iter()
        .zip(function.arguments)
        .map(|(node, argument)| prepared(node, argument.takes, options))
        .collect::<Result<Vec<_>, _>>()?;
    let bound = (function.bind)(&checked(&nodes))?;
    let depends = nodes.iter().map(|node| node.depends).max();
    let mut depends = depends.unwrap_or(Depends::Nothing);
    if bound.clock {
        depends = depends.max(Depends::Variables);
    }
    let fallible = bound.fallible || nodes.iter().any(|node| node.fallible);
    Ok(Node {
        kind: crate::tree::Kind::Apply(bound.kernel.into(), nodes),
        column_type: bound.result,
        at,
        depends,
        fallible,
    })
}

fn accepts(takes: Takes, data_type: DataType) -> bool {
    match takes {
        Takes::Text => data_type == DataType::WStr,
        Takes::TextOrLob => data_type == DataType::WStr || data_type.is_lob(),
        Takes::Integer | Takes::AnyInteger => data_type.is_integer(),
        Takes::Number | Takes::Double => data_type.is_numeric(),
        Takes::SignedNumber => {
            data_type.is_numeric()
                && !matches!(
                    data_type,
                    DataType::Ui1 | DataType::Ui2 | DataType::Ui4 | DataType::Ui8
                )
        }
        Takes::Temporal => data_type.is_temporal(),
        Takes::DatePart => data_type == DataType::WStr,
        Takes::Any => !matches!(data_type, DataType::Empty | DataType::Null),
    }
}

/// The argument in the type that kernels of its kind read.
fn prepared(node: Node, takes: Takes, options: &BindOptions) -> Result<Node, ExpressionError> {
    Ok(match takes {
        Takes::Integer => promote(node, &ColumnType::new(DataType::I8)),
        Takes::Double => promote(node, &ColumnType::new(DataType::R8)),
        Takes::Temporal
            if matches!(
                node.column_type.data_type,
                DataType::DbTime | DataType::DbTime2
            ) =>
        {
            let at = node.at;
            let to = ColumnType::new(DataType::DbTimeStamp);
            cast::cast(node, &to, &options.locale, at)?
        }
        _ => node,
    })
}
