//! `packmule explain CODE`: the text of one of SSIS's codes, its cause and remedy.
#![expect(clippy::print_stdout, reason = "it is the command's output")]

use std::process::ExitCode;

use packmule_types::Code;

use crate::exit::{BAD_USAGE, ExitError, NOT_FOUND};

/// Which code.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// A code in any of its forms: 0xC02020A1, C02020A1, -1071636319
    #[arg(allow_hyphen_values = true)]
    code: String,
}

/// Prints the page of a code.
pub(crate) fn run(args: Args) -> anyhow::Result<ExitCode> {
    let code = parse(&args.code).ok_or_else(|| {
        ExitError::new(BAD_USAGE, format!("{:?} is no code", args.code))
            .remedy("write it as 0xC02020A1 or as the signed number")
    })?;
    let Some(entry) = packmule_types::code::lookup(code) else {
        return Err(ExitError::new(NOT_FOUND, format!("{code} is not in the table")).into());
    };
    println!("{code}  {}  ({})", entry.symbol, code.signed());
    println!();
    if let Some(text) = entry.text {
        println!("  {text}");
    }
    if !entry.cause.is_empty() {
        println!("  cause:  {}", entry.cause);
    }
    if !entry.remedy.is_empty() {
        println!("  remedy: {}", entry.remedy);
    }
    Ok(ExitCode::SUCCESS)
}

fn parse(text: &str) -> Option<Code> {
    let text = text.trim();
    if let Ok(signed) = text.parse::<i32>()
        && text.starts_with('-')
    {
        return Some(Code(signed as u32));
    }
    let hex = text
        .strip_prefix("0x")
        .or_else(|| text.strip_prefix("0X"))
        .unwrap_or(text);
    u32::from_str_radix(hex, 16).ok().map(Code)
}
