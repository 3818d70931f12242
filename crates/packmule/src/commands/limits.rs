//! Sizes, cores and zones as the command line gives them.

use anyhow::Result;

use crate::exit::{BAD_USAGE, ExitError};

/// `512MB`, `4GB`, `1GiB`, plain bytes.
pub(crate) fn bytes(text: &str) -> std::result::Result<usize, String> {
    let text = text.trim();
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let number: usize = digits
        .trim()
        .parse()
        .map_err(|_| format!("{text:?} is no size; write 512MB or 4GB"))?;
    let unit = match text[digits.len()..].to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "k" | "kb" => 1000,
        "kib" => 1 << 10,
        "m" | "mb" => 1_000_000,
        "mib" => 1 << 20,
        "g" | "gb" => 1_000_000_000,
        "gib" => 1 << 30,
        other => return Err(format!("{other:?} is no unit of size; write MB or GB")),
    };
    let size = number
        .checked_mul(unit)
        .ok_or_else(|| format!("{text} is too large"))?;
    if size < 16_000_000 {
        return Err(format!(
            "{text} is too little; a data flow needs 16 MB at least"
        ));
    }
    Ok(size)
}

/// 60 % of the memory that this computer or cgroup has, divided by the slots on it.
pub(crate) fn default_memory(slots: usize) -> usize {
    let limit = cgroup_limit()
        .into_iter()
        .chain(computer_memory())
        .min()
        .unwrap_or(2 << 30);
    limit / 10 * 6 / slots.max(1)
}

fn computer_memory() -> Option<usize> {
    let text = std::fs::read_to_string("/proc/meminfo").ok()?;
    let line = text.lines().find(|l| l.starts_with("MemTotal:"))?;
    let kilobytes: usize = line.split_whitespace().nth(1)?.parse().ok()?;
    kilobytes.checked_mul(1024)
}

fn cgroup_limit() -> Option<usize> {
    let own = std::fs::read_to_string("/proc/self/cgroup").ok()?;
    let path = own.lines().find_map(|l| l.strip_prefix("0::"))?;
    let text = std::fs::read_to_string(format!("/sys/fs/cgroup{path}/memory.max")).ok()?;
    text.trim().parse().ok()
}

/// Cores that this process may use.
pub(crate) fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// A time zone by its name.
pub(crate) fn time_zone(name: &str) -> Result<chrono_tz::Tz> {
    name.parse().map_err(|_| {
        ExitError::new(BAD_USAGE, format!("{name:?} is no time zone"))
            .remedy("write it as Europe/Berlin or UTC")
            .into()
    })
}

#[cfg(test)]
mod tests {
    use super::bytes;

    #[test]
    fn sizes_with_their_units() {
        assert_eq!(bytes("512MB"), Ok(512_000_000));
        assert_eq!(bytes("1GiB"), Ok(1 << 30));
        assert_eq!(bytes("64000000"), Ok(64_000_000));
        for bad in ["", "MB", "1 parsec", "10", "99999999999999999999GB"] {
            assert!(bytes(bad).is_err(), "{bad}");
        }
    }
}
