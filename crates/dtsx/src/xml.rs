//! From bytes to a tree of owned elements, within limits.
//!
//! A first pass over the bytes counts depth, attributes and namespaces, so that the parser
//! itself only ever sees what it can take without quadratic work; then roxmltree parses, and its
//! tree is copied into [`Element`]s with line and column in one walk.

use std::borrow::Cow;
use std::sync::Arc;

use crate::error::LoadError;
use crate::finding::Location;
use crate::limits;
use crate::model::Element;

/// The root element of a file.
pub(crate) fn parse(bytes: &[u8], file: &str) -> Result<Element, LoadError> {
    let size = bytes.len() as u64;
    if size > limits::FILE_BYTES_MAX {
        return Err(LoadError::TooLarge {
            file: file.to_owned(),
            bytes: size,
            limit: limits::FILE_BYTES_MAX,
        });
    }
    let text = decode(bytes, file)?;
    if text.trim().is_empty() {
        return Err(LoadError::Empty {
            file: file.to_owned(),
        });
    }
    parse_text(&text, file)
}

/// The root element of a text.
pub(crate) fn parse_text(text: &str, file: &str) -> Result<Element, LoadError> {
    check(text.as_bytes(), file)?;
    let options = roxmltree::ParsingOptions {
        allow_dtd: false,
        nodes_limit: limits::XML_NODES_MAX,
        ..Default::default()
    };
    let document =
        roxmltree::Document::parse_with_options(text, options).map_err(|error| match error {
            roxmltree::Error::NodesLimitReached => LoadError::TooMany {
                file: file.to_owned(),
                what: "XML nodes",
                limit: u64::from(limits::XML_NODES_MAX),
            },
            error => LoadError::NotXml {
                file: file.to_owned(),
                line: error.pos().row,
                column: error.pos().col,
                message: error.to_string(),
            },
        })?;
    let mut places = Places::new(text, file);
    Ok(copy(document.root_element(), &mut places))
}

/// UTF-8 with or without byte order mark, or UTF-16 with one.
fn decode<'a>(bytes: &'a [u8], file: &str) -> Result<Cow<'a, str>, LoadError> {
    let utf16 = |rest: &[u8], unit: fn([u8; 2]) -> u16| {
        let (pairs, odd) = rest.as_chunks::<2>();
        let units = pairs.iter().map(|pair| unit(*pair));
        let text: Result<String, _> = char::decode_utf16(units).collect();
        match text {
            Ok(text) if odd.is_empty() => Ok(Cow::Owned(text)),
            _ => Err(LoadError::NotText {
                file: file.to_owned(),
                offset: 0,
            }),
        }
    };
    if let Some(rest) = bytes.strip_prefix(&[0xFF, 0xFE]) {
        return utf16(rest, u16::from_le_bytes);
    }
    if let Some(rest) = bytes.strip_prefix(&[0xFE, 0xFF]) {
        return utf16(rest, u16::from_be_bytes);
    }
    let rest = bytes.strip_prefix(&[0xEF, 0xBB, 0xBF]).unwrap_or(bytes);
    match std::str::from_utf8(rest) {
        Ok(text) => Ok(Cow::Borrowed(text)),
        Err(error) => Err(LoadError::NotText {
            file: file.to_owned(),
            offset: error.valid_up_to(),
        }),
    }
}

/// Counts depth, attributes per element and namespace work before the parser runs.
///
/// Not a validating reader: where the text is not well-formed, it stops and leaves the message
/// to the parser.
fn check(text: &[u8], file: &str) -> Result<(), LoadError> {
    let mut scopes: Vec<u32> = vec![0];
    let mut work = 0u64;
    let mut rest = text;
    while let Some(start) = rest.iter().position(|b| *b == b'<') {
        rest = rest.get(start..).unwrap_or_default();
        let skip = |open: &[u8], close: &[u8]| rest.starts_with(open).then(|| after(rest, close));
        if let Some(next) = skip(b"<!--", b"-->")
            .or_else(|| skip(b"<![CDATA[", b"]]>"))
            .or_else(|| skip(b"<?", b"?>"))
        {
            rest = next;
            continue;
        }
        if rest.starts_with(b"</") {
            if scopes.len() > 1 {
                scopes.pop();
            }
            rest = after(rest, b">");
            continue;
        }
        let tag = Tag::read(rest);
        if tag.attributes > limits::XML_ATTRIBUTES_MAX {
            return Err(LoadError::TooMany {
                file: file.to_owned(),
                what: "attributes in one XML element",
                limit: limits::XML_ATTRIBUTES_MAX as u64,
            });
        }
        let scope = scopes
            .last()
            .copied()
            .unwrap_or(0)
            .saturating_add(tag.namespaces);
        if tag.namespaces > 0 {
            work = work.saturating_add(u64::from(scope));
        }
        if work > limits::XML_NAMESPACE_WORK_MAX {
            return Err(LoadError::TooMany {
                file: file.to_owned(),
                what: "XML namespaces in scope",
                limit: limits::XML_NAMESPACE_WORK_MAX,
            });
        }
        if !tag.closed {
            scopes.push(scope);
            if scopes.len() > limits::XML_DEPTH_MAX {
                return Err(LoadError::TooDeep {
                    file: file.to_owned(),
                    limit: limits::XML_DEPTH_MAX,
                });
            }
        }
        rest = rest.get(tag.bytes..).unwrap_or_default();
    }
    Ok(())
}

/// What follows the first `end`; nothing when it is not there.
fn after<'a>(text: &'a [u8], end: &[u8]) -> &'a [u8] {
    let mut from = 0;
    while let Some(found) = text
        .get(from..)
        .and_then(|rest| rest.iter().position(|b| Some(b) == end.first()))
    {
        let at = from + found;
        if text.get(at..).is_some_and(|rest| rest.starts_with(end)) {
            return text.get(at + end.len()..).unwrap_or_default();
        }
        from = at + 1;
    }
    &[]
}

/// A start tag as the first pass sees it.
struct Tag {
    attributes: usize,
    namespaces: u32,
    closed: bool,
    bytes: usize,
}

impl Tag {
    /// Reads from `<` to the `>` outside quotes.
    fn read(text: &[u8]) -> Self {
        let mut tag = Self {
            attributes: 0,
            namespaces: 0,
            closed: false,
            bytes: text.len(),
        };
        let mut quote = None;
        let mut name_from = 0;
        for (at, byte) in text.iter().enumerate().skip(1) {
            match (quote, byte) {
                (Some(open), b) if *b == open => {
                    quote = None;
                    name_from = at + 1;
                }
                (Some(_), _) => {}
                (None, b'"' | b'\'') => {
                    quote = Some(*byte);
                    tag.attributes += 1;
                    let name = text.get(name_from..at).unwrap_or_default();
                    if name.windows(5).any(|w| w == b"xmlns") {
                        tag.namespaces = tag.namespaces.saturating_add(1);
                    }
                }
                (None, b'>') => {
                    tag.closed = text.get(at - 1) == Some(&b'/');
                    tag.bytes = at + 1;
                    break;
                }
                _ => {}
            }
        }
        tag
    }
}

/// Line and column of byte offsets that only grow.
struct Places<'a> {
    text: &'a str,
    file: Arc<str>,
    offset: usize,
    line: u32,
    column: u32,
}

impl<'a> Places<'a> {
    fn new(text: &'a str, file: &str) -> Self {
        Self {
            text,
            file: Arc::from(file),
            offset: 0,
            line: 1,
            column: 1,
        }
    }

    fn at(&mut self, offset: usize) -> Location {
        for c in self
            .text
            .get(self.offset..offset)
            .unwrap_or_default()
            .chars()
        {
            if c == '\n' {
                self.line = self.line.saturating_add(1);
                self.column = 1;
            } else {
                self.column = self.column.saturating_add(1);
            }
        }
        self.offset = self.offset.max(offset);
        Location {
            file: self.file.clone(),
            line: self.line,
            column: self.column,
        }
    }
}

/// Copies a parsed tree; recursion is bounded by [`limits::XML_DEPTH_MAX`], checked before.
fn copy(node: roxmltree::Node<'_, '_>, places: &mut Places<'_>) -> Element {
    let mut element = Element {
        name: node.tag_name().name().to_owned(),
        namespace: node.tag_name().namespace().unwrap_or_default().to_owned(),
        attributes: node
            .attributes()
            .map(|a| (a.name().to_owned(), a.value().to_owned()))
            .collect(),
        children: Vec::new(),
        text: String::new(),
        location: places.at(node.range().start),
    };
    for child in node.children() {
        if child.is_element() {
            element.children.push(copy(child, places));
        } else if child.is_text() {
            element.text.push_str(child.text().unwrap_or_default());
        }
    }
    // Blanks between child elements are layout; in a leaf they may be the value.
    if !element.children.is_empty() && element.text.trim().is_empty() {
        element.text = String::new();
    }
    element
}
