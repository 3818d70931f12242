//! Mutations of seeds: what breaks parsers in practice.

use rand::Rng;
use rand::rngs::SmallRng;

/// The longest input made.
const BYTES_MAX: usize = 256 * 1024;

/// Numbers and marks that sit at edges.
const PIECES: &[&[u8]] = &[
    b"",
    b"0",
    b"-1",
    b"2147483647",
    b"-2147483648",
    b"9223372036854775807",
    b"99999999999999999999999",
    b"1e308",
    b"\xFF\xFE",
    b"\xEF\xBB\xBF",
    b"\0",
    b"\xC0\x80",
    b"\xED\xA0\x80",
    b"<![CDATA[",
    b"]]>",
    b"&#xA;",
    b"&amp;",
    b"\"",
    b"'",
    b"<",
    b">",
    b"(",
    b")",
    b"[",
    b"]",
    b"\r\n",
    b"\n",
    b"_x000D_",
    b"_xFFFF_",
    b"#{",
    b"}",
    b"@[User::",
    b"\\x",
    b"(DT_WSTR,4000)",
    b"(DT_NUMERIC,38,38)",
    b"NULL(DT_I8)",
    b"? : ",
    b"&&",
    b"||",
    b"%",
    b"../../etc/passwd",
];

/// A mutation of one seed, or a splice of two.
pub(crate) fn mutate(seeds: &[Vec<u8>], random: &mut SmallRng) -> Vec<u8> {
    let pick = |random: &mut SmallRng| -> Vec<u8> {
        if seeds.is_empty() {
            Vec::new()
        } else {
            seeds[random.random_range(0..seeds.len())].clone()
        }
    };
    let mut input = pick(random);
    if random.random_range(0..8) == 0 {
        let other = pick(random);
        let (a, b) = (position(&input, random), position(&other, random));
        input.truncate(a);
        input.extend_from_slice(&other[b..]);
    }
    for _ in 0..random.random_range(1..12) {
        change(&mut input, random);
    }
    input.truncate(BYTES_MAX);
    input
}

fn position(input: &[u8], random: &mut SmallRng) -> usize {
    random.random_range(0..=input.len())
}

fn change(input: &mut Vec<u8>, random: &mut SmallRng) {
    let at = position(input, random);
    let length = random.random_range(0..64_usize);
    let end = (at + length).min(input.len());
    match random.random_range(0..8) {
        0 => {
            input.drain(at..end);
        }
        1 => {
            let copy = input[at..end].to_vec();
            let to = position(input, random);
            input.splice(to..to, copy);
        }
        2 | 3 => {
            let piece = PIECES[random.random_range(0..PIECES.len())];
            input.splice(at..at, piece.iter().copied());
        }
        4 => input.truncate(at),
        5 => {
            let piece = PIECES[random.random_range(0..PIECES.len())];
            input.splice(at..end, piece.iter().copied());
        }
        6 => {
            let repeated = input[at..end].repeat(random.random_range(1..200));
            input.splice(at..at, repeated);
        }
        _ => {
            if let Some(byte) = input.get_mut(at) {
                *byte = random.random();
            }
        }
    }
}
