//! Canonical class names of data flow components.
//!
//! Format 8 writes names; before, class ids that change with every release, or program ids with
//! the release's number. Managed components all have the class of their host, and tell what
//! they are in the property `UserComponentTypeName`.

/// `(canonical name, program id without version, class ids of 2005, 2008, 2012)`
type Row = (&'static str, &'static str, [&'static str; 3]);

#[rustfmt::skip]
const CLASSES: &[Row] = &[
    ("Microsoft.OLEDBSource", "DTSAdapter.OLEDBSource", ["2C0A8BE5-1EDC-4353-A0EF-B778599C65A0", "BCEFE59B-6819-47F7-A125-63753B33ABB7", "165A526D-D5DE-47FF-96A6-F8274C19826B"]),
    ("Microsoft.OLEDBDestination", "DTSAdapter.OLEDBDestination", ["E2568105-9550-4F71-A638-B7FE42E66922", "5A0B62E8-D91D-49F5-94A5-7BE58DE508F0", "4ADA7EAA-136C-4215-8098-D7A7C27FC0D1"]),
    ("Microsoft.FlatFileSource", "DTSAdapter.FlatFileSource", ["90C7770B-DE7C-435E-880E-E718C92C0573", "5ACD952A-F16A-41D8-A681-713640837664", "D23FD76B-F51D-420F-BBCB-19CBF6AC1AB4"]),
    ("Microsoft.FlatFileDestination", "DTSAdapter.FlatFileDestination", ["A1DF9F6D-8EE4-4EF0-BB2E-D526130D7A7B", "D658C424-8CF0-441C-B3C4-955E183B7FBA", "8DA75FED-1B7C-407D-B2AD-2B24209CCCA4"]),
    ("Microsoft.ExcelSource", "DTSAdapter.ExcelSource", ["B551FCA8-23BD-4719-896F-D8F352A5283C", "A4B1E1C8-17F3-46C8-AAD0-34F0C6FE42DE", "8C084929-27D1-479F-9641-ABB7CDADF1AC"]),
    ("Microsoft.ExcelDestination", "DTSAdapter.ExcelDestination", ["4963CAED-CB38-4146-96F0-5910342FF3B9", "C9269E28-EBDE-4DED-91EB-0BF42842F9F4", "1F5D5712-2FBA-4CB9-A95A-86C1F336E1DA"]),
    ("Microsoft.RawSource", "DTSAdapter.RawSource", ["E2568105-9550-4F71-A638-B7FE42E66930", "51DC0B24-7421-45C3-B4AB-9481A683D91D", "480C7D5A-CE63-405C-B338-3C7F26560EE3"]),
    ("Microsoft.RawDestination", "DTSAdapter.RawDestination", ["E2568105-9550-4F71-A638-B7FE42E66933", "485E7329-8754-42B4-AA5B-29C5DA09CAD5", "04762BB6-892F-4EE6-AD46-9CEB0A7EC7A2"]),
    ("Microsoft.RecordsetDestination", "DTSAdapter.RecordsetDestination", ["FFF3C376-C5BF-45BC-A3A3-C8C9DEDD2CF5", "167AF7E9-BA81-425F-B73D-E30C2DCC0F09", "C457FD7E-CE98-4C4B-AEFE-F3AE0044F181"]),
    ("Microsoft.SQLServerDestination", "DTSAdapter.SQLServerDestination", ["5244B484-7C76-4026-9A01-00928EA81550", "E4B61516-847B-4BDF-9CC6-1968A2D43E73", "F452EAF3-5EF0-43F1-8067-09DDF0BC6316"]),
    ("Microsoft.Aggregate", "DTSTransform.Aggregate", ["F40CF2A6-384A-4C57-B99C-ADAF31E51EBC", "9ABE8DF3-0052-42DB-8B18-2089E1D1D1B7", "5B201335-B360-485C-BB93-75C34E09B3D3"]),
    ("Microsoft.Lineage", "DTSTransform.Lineage", ["18C6AD8E-96E0-4C94-885B-B5FD43A8A101", "32711D35-7D9D-44E5-B57E-A17D33D5C38C", "4FCE8297-9C65-40A9-9D60-00C5CC6BC283"]),
    ("Microsoft.CharacterMap", "DTSTransform.CharacterMap", ["2D9FDEDD-085F-4294-ABBA-818E2CCD0733", "DEC33219-BA68-4FEB-AC98-9C1B1E577A8D", "C86C867A-7D40-486A-8734-F0B6943A9DD4"]),
    ("Microsoft.ConditionalSplit", "DTSTransform.ConditionalSplit", ["53A228EE-EBFA-48D6-A1AC-5269E5824A2C", "3AE878C6-0D6C-4F48-8128-40E00E9C1B7D", "7F88F654-4E20-4D14-84F4-AF9C925D3087"]),
    ("Microsoft.DataConvert", "DTSTransform.DataConvert", ["C3BF62C8-7C5C-4F85-83C3-E0B6F6BE267C", "BD06A22E-BC69-4AF7-A69B-C44C2EF684BB", "62B1106C-7DB8-4EC8-ADD6-4C664DFFC54A"]),
    ("Microsoft.DerivedColumn", "DTSTransform.DerivedColumn", ["9CF90BF0-5BCC-4C63-B91D-1F322DC12C26", "2932025B-AB99-40F6-B5B8-783A73F80E24", "49928E82-9C4E-49F0-AABE-3812B82707EC"]),
    ("Microsoft.Extractor", "TxFileExtractor.Extractor", ["DE059577-B5F1-4883-A22B-CB0A40E16D7B", "86151302-DCDB-49FB-92FE-772EC02712B6", "A9823821-0085-4483-952F-36277F63FFC5"]),
    ("Microsoft.Inserter", "TxFileInserter.Inserter", ["B0779BAF-39EA-44A1-B7EA-C2FAF97E0AB8", "C8AEEE54-67A0-41A8-821D-D1C8BED62C68", "9053CAE0-140B-48E4-AEEC-4E6A26E9E436"]),
    ("Microsoft.FuzzyGrouping", "DTSTransform.GroupDups", ["30575856-AD5B-483D-92C5-5A36D11F0F75", "0A1BDBA0-9C6E-4AD7-97B1-E0E79E462629", "836E0D0B-0358-45B4-B888-4ADCE9356D4E"]),
    ("Microsoft.FuzzyLookup", "DTSTransform.BestMatch", ["9F4EB4D4-AD71-496D-B70B-31ECE1139884", "5056651F-F227-4978-94DF-53CDF9E8CCB6", "E4A5F949-EC93-45AB-8B36-B52936257EC2"]),
    ("Microsoft.Lookup", "DTSTransform.Lookup", ["0FB4AABB-C027-4440-809A-1198049BF117", "27648839-180F-45E6-838D-AFF53DF682D2", "671046B0-AA63-4C9F-90E4-C06E0B710CE3"]),
    ("Microsoft.MergeJoin", "DTSTransform.MergeJoin", ["0D598A60-0A32-4B1B-A72C-5030B64E3A20", "A18A4D58-7C7A-4448-8B98-AE2CEFE81B4C", "14D43A4F-D7BD-489D-829E-6DE35750CFE4"]),
    ("Microsoft.Multicast", "DTSTransform.Multicast", ["F1CEE4CE-066D-4FBE-9DC4-4C697A617264", "1ACA4459-ACE0-496F-814A-8611F9C27E23", "EC139FBC-694E-490B-8EA7-35690FB0F445"]),
    ("Microsoft.OLEDBCommand", "DTSTransform.OLEDBCommand", ["C60ACAD1-9BE8-46B3-87DA-70E59EADEA46", "8E61C8F6-C91D-43B6-97EB-3423C06571CC", "93FFEC66-CBC8-4C7F-9C6A-CB1C17A7567D"]),
    ("Microsoft.Pivot", "DTSTransform.Pivot", ["49EB1DDB-8127-47C6-8B28-B97F7685DD59", "", "AEB2AFAE-2201-48B1-B290-42BB8C9149DD"]),
    ("Microsoft.RowCount", "DTSTransform.RowCount", ["DE50D3C7-41AF-4804-9247-CF1DEB147971", "150E6007-7C6A-4CC3-8FF3-FC73783A972E", "E2697D8C-70DA-42B2-8208-A19CE3A9FE41"]),
    ("Microsoft.RowSampling", "DTSTransform.RowSampling", ["19FBD9D1-7707-49F8-8EB2-BD7C6DA183C2", "A44C46A3-0A3F-454B-B3BD-0BC23D4BCE94", "284A868A-7C3D-498C-ABBF-028CEF6AB288"]),
    ("Microsoft.SCD", "DTSTransform.SCD", ["", "", "25BBB0C5-369B-4303-B3DF-D0DC741DEE58"]),
    ("Microsoft.Sort", "DTSTransform.Sort", ["F1CEE4CE-066D-4FBE-9DC4-CD97202F3450", "07127A7C-164B-422A-AD1F-24BE39B4DB38", "5B1A3FF5-D366-4D75-AD1F-F19A36FCBEDB"]),
    ("Microsoft.TermExtraction", "DTSTransform.TermExtraction", ["", "", "056F53D1-8081-4D07-8134-1D4DAC244BB2"]),
    ("Microsoft.TermLookup", "DTSTransform.TermLookup", ["", "", "ACCC729A-823D-49A7-B16D-F1999AEB1D4C"]),
    ("Microsoft.UnionAll", "DTSTransform.UnionAll", ["C5E47A29-265C-4F93-82CA-D8462EE23278", "4D9F9B7C-84D9-4335-ADB0-2542A7E35422", "B594E9A8-4351-4939-891C-CFE1AB93E925"]),
    ("Microsoft.UnPivot", "DTSTransform.UnPivot", ["CDEA2A77-9235-47FC-9D9E-B32EC6F8ACE9", "", "B8B094A9-8809-4E06-8874-5C55606A9FDF"]),
    ("Microsoft.PXPipelineProcessDM", "MSMDPP.PXPipelineProcessDM", ["", "", "3D9FFAE9-B89B-43D9-80C8-B97D2740C746"]),
    ("Microsoft.PXPipelineProcessDimension", "MSMDPP.PXPipelineProcessDimension", ["", "", "2C2F0891-3AAA-4865-A676-D7476FE4CE90"]),
    ("Microsoft.PXPipelineProcessPartition", "MSMDPP.PXPipelineProcessPartition", ["", "", "DA510FB7-E3A8-4D96-9F59-55E15E67FE3D"]),
    ("Attunity.SSISODBCSrc", "AttunitySSISODBCSrc", ["", "", "A77F5655-A006-443A-9B7E-90B6BD55CB84"]),
    ("Attunity.SSISODBCDst", "AttunitySSISODBCDst", ["", "", "074B8736-CD73-40A5-822E-888215AF57DA"]),
    ("Microsoft.ManagedComponentHost", "DTS.ManagedComponentWrapper", ["BF01D463-7089-41EE-8F05-0A6DC17CE633", "2E42D45B-F83C-400F-8D77-61DDE6A7DF29", "874F7595-FB5F-40FF-96AF-FBFF8250E3EF"]),
    ("Microsoft.Cache", "DTSTransform.Cache", ["", "A236DD44-4409-433E-A1CE-283DA18F4E0F", "BF818E79-2C1C-410D-ADEA-B2D1A04FED01"]),
    ("Microsoft.CopyMap", "DTSTransform.CopyMap", ["", "", ""]),
    ("Microsoft.Merge", "DTSTransform.Merge", ["", "", ""]),
    ("Microsoft.PctSampling", "DTSTransform.PctSampling", ["", "", ""]),
    ("Microsoft.BalancedDataDistributor", "DTSTransform.BalancedDataDistributor", ["", "", ""]),
    ("Microsoft.PXPipelineDMQuery", "MSMDPP.PXPipelineDMQuery", ["", "", ""]),
];

/// The class of every managed component: what it really is stands in `UserComponentTypeName`.
pub(crate) const HOST: &str = "Microsoft.ManagedComponentHost";

/// Managed components: old class name, canonical name.
const MANAGED: &[(&str, &str)] = &[
    (
        "Microsoft.SqlServer.Dts.Pipeline.ScriptComponentHost",
        "Microsoft.ScriptComponentHost",
    ),
    (
        "Microsoft.SqlServer.Dts.Pipeline.DataReaderSourceAdapter",
        "Microsoft.DataReaderSourceAdapter",
    ),
    (
        "Microsoft.SqlServer.Dts.Pipeline.ADONETDestination",
        "Microsoft.ADONETDestination",
    ),
    (
        "Microsoft.SqlServer.Dts.Pipeline.DataReaderDestinationAdapter",
        "Microsoft.DataReaderDestinationAdapter",
    ),
    (
        "Microsoft.SqlServer.Dts.Pipeline.XmlSourceAdapter",
        "Microsoft.XmlSourceAdapter",
    ),
    (
        "Microsoft.SqlServer.Dts.Pipeline.SqlCEDestinationAdapter",
        "Microsoft.SqlCEDestinationAdapter",
    ),
    (
        "Attunity.SqlServer.CDCSrc.CdcSourceComponent",
        "Attunity.CdcSourceComponent",
    ),
    (
        "Attunity.SqlServer.CDCSplit.CdcSplitterComponent",
        "Attunity.CdcSplitterComponent",
    ),
    (
        "Microsoft.Ssdqs.Component.DataCorrection.Logic.DataCorrectionComponent",
        "Microsoft.DataCorrectionComponent",
    ),
    // as packages made by hand or by other tools write them
    ("Microsoft.ScriptComponent", "Microsoft.ScriptComponentHost"),
    (
        "Microsoft.ADONETSource",
        "Microsoft.DataReaderSourceAdapter",
    ),
];

/// Components of Microsoft's feature packs and later releases, by the last part of their class
/// name.
const PACKS: &[&str] = &[
    "AzBlobSrc",
    "AzBlobDest",
    "HdfsSource",
    "HdfsDest",
    "SSISODBCSrc",
    "SSISODBCDst",
    "OData",
    "BDD",
    "DataStreamingDestinationAdapter",
    "PowerQuerySource",
];

/// What a component is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ComponentClass {
    /// Canonical name; as stored where none is known.
    pub(crate) name: String,
    /// Microsoft ships it.
    pub(crate) known: bool,
}

/// The canonical class of a component from `componentClassID` and, of a managed component,
/// `UserComponentTypeName`.
pub(crate) fn component_class(stored: &str, user_type: Option<&str>) -> ComponentClass {
    let native = native(stored);
    match (native, user_type.map(str::trim).filter(|t| !t.is_empty())) {
        (Some(HOST), Some(user_type)) => managed(user_type),
        (Some(name), _) => ComponentClass {
            name: name.to_owned(),
            known: true,
        },
        (None, user_type) => {
            let managed_name = managed(stored);
            match user_type {
                Some(user_type) if !managed_name.known => managed(user_type),
                _ => managed_name,
            }
        }
    }
}

fn native(stored: &str) -> Option<&'static str> {
    let stored = stored.trim();
    let bare = stored.trim_start_matches('{').trim_end_matches('}');
    let stem = match stored.rsplit_once('.') {
        Some((stem, digits))
            if !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) =>
        {
            stem
        }
        _ => stored,
    };
    CLASSES
        .iter()
        .find(|(name, program, ids)| {
            name.eq_ignore_ascii_case(stored)
                || program.eq_ignore_ascii_case(stem)
                || ids
                    .iter()
                    .any(|id| !id.is_empty() && id.eq_ignore_ascii_case(bare))
        })
        .map(|(name, _, _)| *name)
}

fn managed(stored: &str) -> ComponentClass {
    let class = stored.split(',').next().unwrap_or(stored).trim();
    if let Some((_, name)) = MANAGED
        .iter()
        .find(|(old, new)| old.eq_ignore_ascii_case(class) || new.eq_ignore_ascii_case(class))
    {
        return ComponentClass {
            name: (*name).to_owned(),
            known: true,
        };
    }
    let last = class.rsplit('.').next().unwrap_or(class);
    let pack = PACKS.iter().any(|known| {
        last.len() >= known.len()
            && last
                .to_ascii_lowercase()
                .starts_with(&known.to_ascii_lowercase())
    });
    if pack && (class.starts_with("Microsoft.") || class == last) {
        return ComponentClass {
            name: class.to_owned(),
            known: true,
        };
    }
    ComponentClass {
        name: class.to_owned(),
        known: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_name_for_every_generation() {
        let table = [
            ("Microsoft.OLEDBSource", None, "Microsoft.OLEDBSource", true),
            (
                "{BCEFE59B-6819-47F7-A125-63753B33ABB7}",
                None,
                "Microsoft.OLEDBSource",
                true,
            ),
            (
                "DTSAdapter.OLEDBSource.3",
                None,
                "Microsoft.OLEDBSource",
                true,
            ),
            (
                "DTSTransform.BestMatch.2",
                None,
                "Microsoft.FuzzyLookup",
                true,
            ),
            (
                "MSMDPP.PXPipelineDMQuery.3",
                None,
                "Microsoft.PXPipelineDMQuery",
                true,
            ),
            (
                "{bf01d463-7089-41ee-8f05-0a6dc17ce633}",
                Some("Microsoft.SqlServer.Dts.Pipeline.ScriptComponentHost, x, Version=9"),
                "Microsoft.ScriptComponentHost",
                true,
            ),
            (
                "Microsoft.ManagedComponentHost",
                Some("Microsoft.ADONETDestination"),
                "Microsoft.ADONETDestination",
                true,
            ),
            (
                "DTS.ManagedComponentWrapper.3",
                Some("Martin.SQLServer.Dts.MultipleHash, x"),
                "Martin.SQLServer.Dts.MultipleHash",
                false,
            ),
            (
                "Microsoft.ScriptComponent",
                None,
                "Microsoft.ScriptComponentHost",
                true,
            ),
            (
                "{00000000-0000-0000-0000-000000000000}",
                None,
                "{00000000-0000-0000-0000-000000000000}",
                false,
            ),
        ];
        for (stored, user, name, known) in table {
            assert_eq!(
                component_class(stored, user),
                ComponentClass {
                    name: name.to_owned(),
                    known
                },
                "{stored}"
            );
        }
    }

    #[test]
    fn no_id_stands_twice() {
        let mut seen = std::collections::BTreeSet::new();
        for (name, program, ids) in CLASSES {
            for id in ids
                .iter()
                .filter(|id| !id.is_empty())
                .chain([name, program])
            {
                assert!(seen.insert(id.to_lowercase()), "{id}");
            }
        }
    }
}
