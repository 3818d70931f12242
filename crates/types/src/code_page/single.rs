//! Code pages of one byte per character: a table each way, built once per page and process.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use oem_cp::code_table::DECODING_TABLE_CP_MAP;
use oem_cp::code_table_type::TableType;

use super::ebcdic;

/// Both tables of a page. All pages lie in the basic plane, so a `u16` is a character.
pub(super) struct SingleByte {
    decode: [u16; 256],
    /// High byte of a character → block of `encode`; 0 is the block without matches.
    blocks: [u8; 256],
    /// Blocks of 256 low bytes; `None`: no match.
    encode: Vec<[Option<u8>; 256]>,
    ascii: bool,
}

const NO_CHARACTER: u16 = 0xFFFD;

/// Built tables; never more than there are known pages.
static TABLES: Mutex<BTreeMap<u32, &'static SingleByte>> = Mutex::new(BTreeMap::new());

impl SingleByte {
    /// The table of a page; `None` where the page is not of single bytes or unknown.
    pub(super) fn find(number: u32) -> Option<&'static Self> {
        let mut tables = TABLES.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(table) = tables.get(&number) {
            return Some(table);
        }
        let table: &'static Self = Box::leak(Box::new(Self::build(characters(number)?)));
        tables.insert(number, table);
        Some(table)
    }

    fn build(decode: [u16; 256]) -> Self {
        let mut blocks = [0u8; 256];
        let mut encode = vec![[None; 256]];
        for (byte, &unit) in (0u8..=255).zip(&decode) {
            let [high, low] = unit.to_be_bytes();
            if unit == NO_CHARACTER {
                continue;
            }
            let block = &mut blocks[usize::from(high)];
            if *block == 0 {
                // at most 256 characters, so at most 256 high bytes; the last would need all
                // characters in blocks of their own, which no page has
                *block = u8::try_from(encode.len()).unwrap_or(0);
                encode.push([None; 256]);
            }
            let slot = &mut encode[usize::from(*block)][usize::from(low)];
            // where two bytes have one character, the lower byte is written
            slot.get_or_insert(byte);
        }
        let ascii = (0u16..128).zip(&decode).all(|(byte, &unit)| byte == unit);
        Self {
            decode,
            blocks,
            encode,
            ascii,
        }
    }

    pub(super) const fn is_ascii(&self) -> bool {
        self.ascii
    }

    #[inline]
    fn byte(&self, c: char) -> Option<u8> {
        let unit = u16::try_from(u32::from(c)).ok()?;
        let [high, low] = unit.to_be_bytes();
        let block = self.blocks[usize::from(high)];
        self.encode.get(usize::from(block))?[usize::from(low)]
    }

    pub(super) fn maps(&self, text: &str) -> bool {
        text.chars().all(|c| self.byte(c).is_some())
    }

    pub(super) fn decode(&self, bytes: &[u8], out: &mut String) -> bool {
        let mut clean = true;
        let mut rest = bytes;
        while !rest.is_empty() {
            let ascii = if self.ascii {
                rest.iter()
                    .position(|b| !b.is_ascii())
                    .unwrap_or(rest.len())
            } else {
                0
            };
            let (head, tail) = rest.split_at(ascii);
            out.push_str(std::str::from_utf8(head).unwrap_or_default());
            rest = tail;
            while let Some((&byte, tail)) = rest.split_first() {
                if self.ascii && byte.is_ascii() {
                    break;
                }
                let unit = self.decode[usize::from(byte)];
                clean &= unit != NO_CHARACTER;
                out.push(char::from_u32(u32::from(unit)).unwrap_or(char::REPLACEMENT_CHARACTER));
                rest = tail;
            }
        }
        clean
    }

    pub(super) fn encode(&self, text: &str, out: &mut Vec<u8>) -> bool {
        if self.ascii && text.is_ascii() {
            out.extend_from_slice(text.as_bytes());
            return true;
        }
        let question = self.byte('?').unwrap_or(b'?');
        let mut clean = true;
        out.extend(text.chars().map(|c| {
            self.byte(c).unwrap_or_else(|| {
                clean = false;
                question
            })
        }));
        clean
    }
}

/// The characters of a page's bytes; `None` where it is not of single bytes or unknown.
fn characters(number: u32) -> Option<[u16; 256]> {
    match number {
        20127 => Some(std::array::from_fn(|byte| {
            u16::try_from(byte)
                .ok()
                .filter(|&u| u < 128)
                .unwrap_or(NO_CHARACTER)
        })),
        28591 => Some(std::array::from_fn(|byte| byte as u16)),
        28599 => {
            // ISO 8859-9; its Windows namesake 1254 differs in 80 to 9F only
            let mut units = by_encoding(encoding_rs::WINDOWS_1254);
            for (unit, byte) in units[0x80..0xA0].iter_mut().zip(0x80u16..) {
                *unit = byte;
            }
            Some(units)
        }
        37 => Some(ebcdic::PAGE_37.map(u16::from)),
        866
        | 874
        | 1250..=1258
        | 20866
        | 21866
        | 10000
        | 10007
        | 10017
        | 28592..=28598
        | 28600
        | 28603..=28606
        | 38598 => {
            let encoding = codepage::to_encoding_no_replacement(u16::try_from(number).ok()?)?;
            encoding.is_single_byte().then(|| by_encoding(encoding))
        }
        _ => oem(number).or_else(|| by_difference(number)),
    }
}

fn by_encoding(encoding: &'static encoding_rs::Encoding) -> [u16; 256] {
    std::array::from_fn(|byte| {
        let bytes = [byte as u8];
        let (text, _) = encoding.decode_without_bom_handling(&bytes);
        text.chars()
            .next()
            .and_then(|c| u16::try_from(u32::from(c)).ok())
            .unwrap_or(NO_CHARACTER)
    })
}

fn oem(number: u32) -> Option<[u16; 256]> {
    let table = DECODING_TABLE_CP_MAP.get(&u16::try_from(number).ok()?)?;
    Some(std::array::from_fn(|byte| {
        let c = match byte.checked_sub(128) {
            None => char::from_u32(byte as u32),
            Some(high) => match table {
                TableType::Complete(table) => table.get(high).copied(),
                TableType::Incomplete(table) => table.get(high).copied().flatten(),
            },
        };
        c.and_then(|c| u16::try_from(u32::from(c)).ok())
            .unwrap_or(NO_CHARACTER)
    }))
}

fn by_difference(number: u32) -> Option<[u16; 256]> {
    let (_, differences) = ebcdic::DIFFERENCES.iter().find(|d| d.0 == number)?;
    let mut units = ebcdic::PAGE_37.map(u16::from);
    for &(byte, c) in *differences {
        units[usize::from(byte)] = u16::try_from(u32::from(c)).unwrap_or(NO_CHARACTER);
    }
    Some(units)
}
