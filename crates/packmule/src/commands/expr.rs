//! `packmule expr TEXT`: evaluates one expression.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "it is the command's output"
)]

use std::process::ExitCode;

use packmule_expression::{
    BindOptions, Bound, ExpressionError, Inputs, NameError, Names, Now, VariableBinding, parse,
};
use packmule_runtime::clock::SystemClock;
use packmule_types::convert::variable::general;
use packmule_types::convert::{ConvertOptions, convert_value};
use packmule_types::locale::Locale;
use packmule_types::status::Status;
use packmule_types::{ColumnType, DataType, Value, VariableType};

use crate::exit::{BAD_USAGE, ExitError, FAILED};
use crate::format::Format;

/// What to evaluate.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The expression, for instance '"x" + (DT_WSTR, 10) @[User::Count]'
    #[arg(allow_hyphen_values = true)]
    text: String,

    /// A variable: NAME:TYPE=VALUE, NAME with or without namespace (User), TYPE as in packages
    /// (Int32, String, Boolean, DateTime …)
    #[arg(long = "var", value_name = "NAME:TYPE=VALUE")]
    variables: Vec<String>,

    /// Windows locale id for numbers, dates and the order of texts
    #[arg(long, default_value_t = 1033)]
    lcid: i32,

    /// How the result is printed
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// Prints the value and its type, or each error with its code and place.
pub(crate) fn run(args: Args) -> anyhow::Result<ExitCode> {
    let locale = Locale::from_lcid(args.lcid)
        .map_err(|error| ExitError::new(BAD_USAGE, error.to_string()))?;
    let clock = SystemClock::from_environment();
    let now = Now {
        local: clock.local_now(),
        utc: clock.utc_now().naive_utc(),
        offset_minutes: clock.offset_minutes(),
    };
    let options = ConvertOptions {
        fast_parse: false,
        today: now.local.date(),
    };
    let mut variables = Variables::default();
    for text in &args.variables {
        variables.add(text, &locale, options)?;
    }
    match evaluate(&args.text, &variables, locale, &now) {
        Ok((bound, value)) => {
            print_value(&bound, &value, &locale, options, args.format);
            Ok(ExitCode::SUCCESS)
        }
        Err(errors) => {
            for error in &errors {
                print_error(&args.text, error, args.format);
            }
            Ok(ExitCode::from(FAILED))
        }
    }
}

fn evaluate(
    text: &str,
    variables: &Variables,
    locale: Locale,
    now: &Now,
) -> Result<(Bound, Value), Vec<ExpressionError>> {
    let parsed = parse(text).map_err(|error| vec![error])?;
    let options = BindOptions {
        locale,
        assignment: true,
    };
    let bound = parsed.bind(variables, &options)?;
    let value = bound
        .evaluate_row(&Inputs::row(&variables.values, now))
        .map_err(|error| vec![error])?;
    Ok((bound, value))
}

/// The variables of the command line.
#[derive(Default)]
struct Variables {
    names: Vec<(String, String, ColumnType)>,
    values: Vec<Value>,
}

impl Variables {
    fn add(
        &mut self,
        text: &str,
        locale: &Locale,
        options: ConvertOptions,
    ) -> Result<(), ExitError> {
        let wrong = |message: String| {
            ExitError::new(BAD_USAGE, message)
                .remedy("write --var NAME:TYPE=VALUE, for instance --var User::Count:Int32=5")
        };
        let (left, value) = text
            .split_once('=')
            .ok_or_else(|| wrong(format!("--var {text}: there is no '='")))?;
        let (name, type_name) = left
            .rsplit_once(':')
            .ok_or_else(|| wrong(format!("--var {text}: there is no type")))?;
        let (namespace, name) = name.split_once("::").unwrap_or(("User", name));
        let wanted = VariableType::from_name(type_name)
            .ok_or_else(|| wrong(format!("--var {text}: there is no type {type_name}")))?;
        let data_type = wanted
            .in_expression()
            .ok_or_else(|| wrong(format!("--var {text}: expressions cannot use {type_name}")))?;
        let value = if wanted == VariableType::String {
            Value::text(value)
        } else {
            let column_type = typed(data_type, &Value::Null);
            let converted = convert_value(&Value::text(value), &column_type, locale, options)
                .and_then(|value| general(&value, wanted).ok_or(Status::CannotConvert));
            converted.map_err(|status| wrong(format!("--var {text}: {}", status.text())))?
        };
        self.names
            .push((namespace.into(), name.into(), typed(data_type, &value)));
        self.values.push(value);
        Ok(())
    }
}

/// The type of a variable inside an expression, by its value.
fn typed(data_type: DataType, value: &Value) -> ColumnType {
    match (data_type, value) {
        (DataType::WStr, Value::Text(text)) => {
            let units = text.encode_utf16().count();
            ColumnType::wstr(u32::try_from(units).unwrap_or(u32::MAX))
        }
        (DataType::Decimal, Value::Decimal(_, scale)) => ColumnType::decimal(*scale),
        (DataType::Decimal, _) => ColumnType::decimal(28),
        _ => ColumnType::new(data_type),
    }
}

impl Names for Variables {
    fn variable(&self, namespace: Option<&str>, name: &str) -> Result<VariableBinding, NameError> {
        let mut found =
            self.names.iter().enumerate().filter(|(_, (n, v, _))| {
                v == name && namespace.is_none_or(|namespace| n == namespace)
            });
        let (index, (_, _, column_type)) = found.next().ok_or(NameError::NotFound)?;
        if found.next().is_some() {
            return Err(NameError::Ambiguous);
        }
        Ok(VariableBinding {
            column_type: *column_type,
            index,
            sensitive: false,
        })
    }
}

/// The value as a cast to text would write it; `None` for NULL.
fn as_text(value: &Value, locale: &Locale, options: ConvertOptions) -> Option<String> {
    let text = ColumnType::wstr(i32::MAX.cast_unsigned());
    match value {
        Value::Null => None,
        Value::Text(text) => Some(text.to_string()),
        other => match convert_value(other, &text, locale, options) {
            Ok(Value::Text(text)) => Some(text.to_string()),
            _ => Some(format!("{other:?}")),
        },
    }
}

fn print_value(
    bound: &Bound,
    value: &Value,
    locale: &Locale,
    options: ConvertOptions,
    format: Format,
) {
    let column_type = bound.column_type();
    let text = as_text(value, locale, options);
    let target = bound.assignment_target().map(ToString::to_string);
    match format {
        Format::Json => {
            let line = serde_json::json!({
                "value": text,
                "type": column_type.to_string(),
                "assigns": target,
            });
            println!("{line}");
        }
        Format::Text => {
            println!("{}", text.as_deref().unwrap_or("NULL"));
            println!("{column_type}");
            if let Some(target) = target {
                println!("assigned to {target}");
            }
        }
    }
}

fn print_error(text: &str, error: &ExpressionError, format: Format) {
    let code = error.code;
    if format == Format::Json {
        let line = serde_json::json!({
            "code": code.to_string(),
            "message": error.to_string(),
            "detail": error.detail,
            "position": text.get(..error.position).map(|before| before.chars().count()),
        });
        println!("{line}");
        return;
    }
    eprintln!("error {code}: {error}");
    if !error.detail.is_empty() && error.detail != error.to_string() {
        eprintln!("  {}", error.detail);
    }
    let (line, column, length) = place(text, error);
    eprintln!("  | {line}");
    eprintln!("  | {}{}", " ".repeat(column), "^".repeat(length.max(1)));
}

/// The line of the text that an error stands in, the column and length of the marked piece.
fn place<'a>(text: &'a str, error: &ExpressionError) -> (&'a str, usize, usize) {
    let before = text.get(..error.position).unwrap_or(text);
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let line = text[start..].lines().next().unwrap_or("");
    let column = before[start..].chars().count();
    let marked = text[before.len()..].get(..error.length).unwrap_or("");
    let length = marked
        .lines()
        .next()
        .map_or(0, |piece| piece.chars().count());
    (line.trim_end_matches('\r'), column, length)
}
