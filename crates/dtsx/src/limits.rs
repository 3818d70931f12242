//! Every limit that a file has to keep, in one place. A file beyond one of them is refused with
//! a typed error; nothing here depends on what the file itself claims.

/// Largest file, and largest entry of an archive after expansion, in bytes.
pub const FILE_BYTES_MAX: u64 = 256 << 20;
/// Most entries in a project archive.
pub const ARCHIVE_ENTRIES_MAX: usize = 4096;
/// Most bytes that all entries of an archive expand to together.
pub const ARCHIVE_EXPANDED_BYTES_MAX: u64 = 512 << 20;
/// Expanded size over packed size; looked at above [`ARCHIVE_RATIO_FREE_BYTES`] only, because
/// small package files of little variety do pack well.
pub const ARCHIVE_RATIO_MAX: u64 = 200;
/// Expanded bytes up to which the ratio does not count.
pub const ARCHIVE_RATIO_FREE_BYTES: u64 = 8 << 20;
/// Deepest nesting of XML elements.
pub const XML_DEPTH_MAX: usize = 200;
/// Most XML nodes (elements, texts, comments) of one file.
pub const XML_NODES_MAX: u32 = 4_000_000;
/// Most attributes of one element.
pub const XML_ATTRIBUTES_MAX: usize = 128;
/// Most namespace declarations copied while parsing: the sum, over the elements that declare
/// one, of the declarations in scope.
pub const XML_NAMESPACE_WORK_MAX: u64 = 8_000_000;
/// Most bytes of one encrypted value, decoded.
pub const CIPHER_BYTES_MAX: usize = 64 << 20;
/// Most findings that are kept; the rest is counted in one last finding.
pub const FINDINGS_MAX: usize = 10_000;
