//! Rules for names of folders and projects.

use crate::error::{Error, NameKind, Result};

/// Checks a name: 1 to 128 characters, none of `" < > |`, no control characters, no blank at
/// either end, `@` not first.
pub(crate) fn check(kind: NameKind, name: &str) -> Result<()> {
    let refuse = |reason| {
        Err(Error::Name {
            kind,
            name: name.chars().take(200).collect(),
            reason,
        })
    };
    if name.is_empty() {
        return refuse("it is empty");
    }
    if name.chars().count() > 128 {
        return refuse("it is longer than 128 characters");
    }
    if name
        .chars()
        .any(|c| c.is_control() || matches!(c, '"' | '<' | '>' | '|'))
    {
        return refuse("it holds a character that names cannot have");
    }
    if name.starts_with(' ') || name.ends_with(' ') {
        return refuse("it begins or ends with a blank");
    }
    if name.starts_with('@') {
        return refuse("it begins with @");
    }
    Ok(())
}

/// What names are compared by: folders, projects and packages without regard to case.
pub(crate) fn key(name: &str) -> String {
    name.to_lowercase()
}

/// What packages are compared by: without case, with or without `.dtsx`.
pub(crate) fn package_key(name: &str) -> String {
    let key = key(name);
    match key.strip_suffix(".dtsx") {
        Some(stem) => stem.to_owned(),
        None => key,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for good in ["a", "Ünïcode folder", "a@b", &"x".repeat(128)] {
            assert!(check(NameKind::Folder, good).is_ok(), "{good}");
        }
        for bad in [
            "",
            " a",
            "a ",
            "@a",
            "a|b",
            "a\u{8}",
            "a\"b",
            "<a>",
            &"x".repeat(129),
        ] {
            let error = check(NameKind::Folder, bad).unwrap_err();
            assert_eq!(error.number(), Some(27199), "{bad}");
        }
        assert_eq!(package_key("Load.DTSX"), package_key("load"));
    }
}
