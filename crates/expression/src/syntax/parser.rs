//! Tokens to a tree, by precedence climbing (§2 and §4 of the reference).

use packmule_types::{Code, DataType, Value};

use super::lexer::{Lexeme, Token, tokens};
use super::{
    BinaryOperator, ColumnReference, DEPTH_MAX, Span, Syntax, SyntaxKind, TEXT_BYTES_MAX, Tree,
    TypeSpecification, UnaryOperator,
};
use crate::error::{ExpressionError, codes};

/// Parses a whole text.
pub(crate) fn parse_text(text: &str) -> Result<Tree, ExpressionError> {
    if text.len() > TEXT_BYTES_MAX {
        return Err(ExpressionError::new(
            codes::TOO_LONG,
            Span::default(),
            format!("the expression is longer than {TEXT_BYTES_MAX} bytes"),
        ));
    }
    let tokens = tokens(text)?;
    let mut parser = Parser {
        text,
        tokens: &tokens,
        next: 0,
        depth: 0,
    };
    if matches!(parser.token(), Token::End) {
        return Err(ExpressionError::new(
            codes::EMPTY,
            Span::default(),
            "the expression is empty",
        ));
    }
    let target = parser.assignment();
    let root = parser.conditional()?;
    match parser.token() {
        Token::End => Ok(Tree { target, root }),
        Token::Assign => Err(parser.error(
            codes::SINGLE_EQUAL,
            "a single '=' assigns and stands only after one variable at the start; \
             to compare, write '=='",
        )),
        _ => Err(parser.error(
            codes::PARSE_FAILED,
            "an operator or the end is expected here",
        )),
    }
}

struct Parser<'a> {
    text: &'a str,
    tokens: &'a [Lexeme],
    next: usize,
    depth: usize,
}

impl Parser<'_> {
    fn lexeme(&self) -> &Lexeme {
        // The last token is `End`, and nothing goes past it.
        &self.tokens[self.next.min(self.tokens.len() - 1)]
    }

    fn token(&self) -> &Token {
        &self.lexeme().0
    }

    fn following(&self, distance: usize) -> &Token {
        &self.tokens[(self.next + distance).min(self.tokens.len() - 1)].0
    }

    fn span(&self) -> Span {
        self.lexeme().1
    }

    fn advance(&mut self) {
        if self.next + 1 < self.tokens.len() {
            self.next += 1;
        }
    }

    fn error(&self, code: Code, detail: &str) -> ExpressionError {
        let at = self.span();
        let piece = self.text.get(at.start..at.end).unwrap_or("");
        ExpressionError::new(code, at, detail).with(&[
            self.text,
            &(at.start + 1).to_string(),
            piece,
        ])
    }

    fn expect(&mut self, token: &Token, detail: &str) -> Result<Span, ExpressionError> {
        if self.token() == token {
            let at = self.span();
            self.advance();
            return Ok(at);
        }
        Err(self.unexpected(detail))
    }

    fn unexpected(&self, detail: &str) -> ExpressionError {
        let code = match self.token() {
            Token::End => codes::UNEXPECTED_END,
            Token::Assign => codes::SINGLE_EQUAL,
            _ => codes::PARSE_FAILED,
        };
        self.error(code, detail)
    }

    fn deeper<T>(
        &mut self,
        parse: impl FnOnce(&mut Self) -> Result<T, ExpressionError>,
    ) -> Result<T, ExpressionError> {
        if self.depth >= DEPTH_MAX {
            return Err(self.error(codes::PARSE_FAILED, "the expression is nested too deeply"));
        }
        self.depth += 1;
        let parsed = parse(self);
        self.depth -= 1;
        parsed
    }

    /// `@v =` or `@v :=` at the start.
    fn assignment(&mut self) -> Option<(super::VariableReference, Span)> {
        let (Token::Variable(variable), at) = self.lexeme() else {
            return None;
        };
        let target = (variable.clone(), *at);
        if *self.following(1) != Token::Assign {
            return None;
        }
        self.next += 2;
        Some(target)
    }

    fn conditional(&mut self) -> Result<Syntax, ExpressionError> {
        self.deeper(|parser| {
            let start = parser.span().start;
            let mut arms = Vec::new();
            loop {
                let condition = parser.binary(12)?;
                if *parser.token() != Token::Question {
                    if arms.is_empty() {
                        return Ok(condition);
                    }
                    let at = Span {
                        start,
                        end: condition.at.end,
                    };
                    let kind = SyntaxKind::Conditional(arms, Box::new(condition));
                    return Ok(Syntax { kind, at });
                }
                parser.advance();
                let value = parser.conditional()?;
                parser.expect(
                    &Token::Colon,
                    "':' of the conditional operator is expected here",
                )?;
                arms.push((condition, value));
            }
        })
    }

    /// Operators of at most this precedence number (4 binds tightest).
    fn binary(&mut self, loosest: u8) -> Result<Syntax, ExpressionError> {
        let mut left = self.cast_or_unary()?;
        // A chain is continued only by operators that follow at this very level.
        let mut open = None;
        while let Token::Operator(operator) = *self.token() {
            let precedence = operator.precedence();
            if precedence > loosest {
                break;
            }
            self.advance();
            let right = if precedence == 4 {
                self.cast_or_unary()?
            } else {
                self.deeper(|parser| parser.binary(precedence - 1))?
            };
            left = chain(left, operator, right, open == Some(precedence));
            open = Some(precedence);
        }
        Ok(left)
    }

    fn cast_or_unary(&mut self) -> Result<Syntax, ExpressionError> {
        let start = self.span().start;
        let operator = match self.token() {
            Token::Operator(BinaryOperator::Subtract) => UnaryOperator::Negate,
            Token::Not => UnaryOperator::Not,
            Token::BitNot => UnaryOperator::BitNot,
            Token::Open if self.is_type(1) => {
                self.advance();
                let specification = self.type_specification()?;
                self.expect(&Token::Close, "')' of the cast is expected here")?;
                let operand = self.deeper(Self::cast_or_unary)?;
                let end = operand.at.end;
                let kind = SyntaxKind::Cast(specification, Box::new(operand));
                return Ok(Syntax {
                    kind,
                    at: Span { start, end },
                });
            }
            _ => return self.primary(),
        };
        self.advance();
        let operand = self.deeper(Self::cast_or_unary)?;
        let end = operand.at.end;
        Ok(Syntax {
            kind: SyntaxKind::Unary(operator, Box::new(operand)),
            at: Span { start, end },
        })
    }

    fn is_type(&self, distance: usize) -> bool {
        match self.following(distance) {
            Token::Name(name, false) => name
                .get(..3)
                .is_some_and(|prefix| prefix.eq_ignore_ascii_case("DT_")),
            _ => false,
        }
    }

    fn type_specification(&mut self) -> Result<TypeSpecification, ExpressionError> {
        let at = self.span();
        let data_type = match self.token() {
            Token::Name(name, false) => DataType::from_name(name),
            _ => return Err(self.unexpected("the name of a data type (DT_…) is expected here")),
        };
        let Some(data_type) = data_type else {
            return Err(self.error(codes::UNSUPPORTED_TYPE, "there is no such data type"));
        };
        self.advance();
        let mut parameters = Vec::new();
        while *self.token() == Token::Comma {
            self.advance();
            parameters.push(self.conditional()?);
            if parameters.len() > 2 {
                return Err(self.error(
                    codes::PARSE_FAILED,
                    "a data type has two parameters at most",
                ));
            }
        }
        Ok(TypeSpecification {
            data_type,
            parameters,
            at,
        })
    }

    fn primary(&mut self) -> Result<Syntax, ExpressionError> {
        let (token, at) = self.lexeme().clone();
        let kind = match token {
            Token::Literal(value) => SyntaxKind::Literal(value),
            Token::Variable(variable) => SyntaxKind::Variable(variable),
            Token::Lineage(reference) => SyntaxKind::Column(reference),
            Token::Name(name, bracketed) => return self.name(name, bracketed, at),
            Token::Open => {
                self.advance();
                let inner = self.conditional()?;
                let end = self.expect(&Token::Close, "')' is expected here")?.end;
                return Ok(Syntax {
                    kind: inner.kind,
                    at: Span {
                        start: at.start,
                        end,
                    },
                });
            }
            _ => return Err(self.unexpected("an operand is expected here")),
        };
        self.advance();
        Ok(Syntax { kind, at })
    }

    /// A call, `NULL(…)`, a Boolean literal or a column.
    fn name(&mut self, name: String, bracketed: bool, at: Span) -> Result<Syntax, ExpressionError> {
        self.advance();
        if *self.token() == Token::Open {
            return self.call(name, at);
        }
        if !bracketed && *self.token() != Token::Dot {
            let boolean = match name.as_str() {
                n if n.eq_ignore_ascii_case("true") => Some(true),
                n if n.eq_ignore_ascii_case("false") => Some(false),
                _ => None,
            };
            if let Some(value) = boolean {
                let kind = SyntaxKind::Literal(Value::Bool(value));
                return Ok(Syntax { kind, at });
            }
        }
        let mut reference = ColumnReference::Name {
            component: None,
            column: name.clone(),
        };
        let mut end = at.end;
        if *self.token() == Token::Dot {
            self.advance();
            let Token::Name(column, _) = self.token().clone() else {
                return Err(self.unexpected("the name of a column is expected after the dot"));
            };
            end = self.span().end;
            self.advance();
            reference = ColumnReference::Name {
                component: Some(name),
                column,
            };
        }
        Ok(Syntax {
            kind: SyntaxKind::Column(reference),
            at: Span {
                start: at.start,
                end,
            },
        })
    }

    fn call(&mut self, name: String, at: Span) -> Result<Syntax, ExpressionError> {
        self.advance();
        let kind = if name.eq_ignore_ascii_case("NULL") && self.is_type(0) {
            SyntaxKind::Null(self.type_specification()?)
        } else {
            let mut arguments = Vec::new();
            while *self.token() != Token::Close {
                if !arguments.is_empty() {
                    self.expect(&Token::Comma, "',' or ')' of the function is expected here")?;
                }
                arguments.push(self.conditional()?);
            }
            SyntaxKind::Call(name, arguments)
        };
        let end = self
            .expect(&Token::Close, "')' of the function is expected here")?
            .end;
        Ok(Syntax {
            kind,
            at: Span {
                start: at.start,
                end,
            },
        })
    }
}

/// `left operator right`; `open` when `left` is a chain of this precedence without parentheses.
fn chain(left: Syntax, operator: BinaryOperator, right: Syntax, open: bool) -> Syntax {
    let at = Span {
        start: left.at.start,
        end: right.at.end,
    };
    let kind = match left.kind {
        SyntaxKind::Chain(first, mut rest) if open => {
            rest.push((operator, right));
            SyntaxKind::Chain(first, rest)
        }
        kind => {
            let first = Syntax { kind, at: left.at };
            SyntaxKind::Chain(Box::new(first), vec![(operator, right)])
        }
    };
    Syntax { kind, at }
}
