//! More packages of the corpus, unmodified, to the results that its README states: files only,
//! SQLite, and PostgreSQL. By a mapping file, `--connection`, `--param` and `--set`; the SQL is
//! the packages' own.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use rusqlite::Connection;

use crate::postgres_server::Server;
use crate::{corpus, packmule, said};

/// Runs a package, which must succeed; what it said.
#[track_caller]
fn run(package: &Path, arguments: &[String]) -> String {
    let mut all = vec!["run".to_owned(), package.to_string_lossy().into_owned()];
    all.extend_from_slice(arguments);
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    let output = packmule(&all);
    let said = said(&output);
    assert!(output.status.success(), "{}: {said}", package.display());
    said
}

/// Runs a package, which must fail and say a text.
#[track_caller]
fn refused(package: &Path, arguments: &[String], text: &str) {
    let mut all = vec!["run".to_owned(), package.to_string_lossy().into_owned()];
    all.extend_from_slice(arguments);
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    let output = packmule(&all);
    let said = said(&output);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains(text), "no {text}: {said}");
}

fn option(name: &str, value: impl std::fmt::Display) -> [String; 2] {
    [format!("--{name}"), value.to_string()]
}

fn count(database: &Path, sql: &str) -> i64 {
    let database = Connection::open(database).unwrap();
    database.query_row(sql, [], |row| row.get(0)).unwrap()
}

fn texts(database: &Path, sql: &str) -> Vec<String> {
    let database = Connection::open(database).unwrap();
    let mut statement = database.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| row.get(0)).unwrap();
    rows.map(Result::unwrap).collect()
}

fn database(path: &Path, sql: &str) {
    Connection::open(path).unwrap().execute_batch(sql).unwrap();
}

const INSURANCE_COLUMNS: &str = "policyID,statecode,county,eq_site_limit,hu_site_limit,\
    fl_site_limit,fr_site_limit,tiv_2011,tiv_2012,eq_site_deductible,hu_site_deductible,\
    fl_site_deductible,fr_site_deductible,point_latitude,point_longitude,line,construction,\
    point_granularity";

/// A project parameter in a Conditional Split; rows ended by CR alone.
#[test]
fn the_rows_of_a_county() {
    let Some(package) = corpus(
        "Seddryck__NBi/history/bc4eb2e47087/NBi.Testing/Integration/SqlServer/\
         IntegrationService/Resources/SampleCatalogPackage.dtsx",
    ) else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    // The project is not kept: only its parameter counts.
    std::fs::copy(&package, here.join("SampleCatalogPackage.dtsx")).unwrap();
    let property = |name: &str, value: &str| {
        format!("<SSIS:Property SSIS:Name=\"{name}\">{value}</SSIS:Property>")
    };
    let parameters = format!(
        "<SSIS:Parameters xmlns:SSIS=\"www.microsoft.com/SqlServer/SSIS\">\
         <SSIS:Parameter SSIS:Name=\"CountyFilter\"><SSIS:Properties>{}{}{}{}</SSIS:Properties>\
         </SSIS:Parameter></SSIS:Parameters>",
        property("ID", "{5b4e5a0e-7d2c-4f3b-8a4a-111111111111}"),
        property("Required", "0"),
        property("Sensitive", "0"),
        property("Value", "NOWHERE") + &property("DataType", "18"),
    );
    std::fs::write(here.join("Project.params"), parameters).unwrap();
    let counties = ["CLAY COUNTY", "NASSAU COUNTY", "SUWANNEE COUNTY"];
    let row = |i: usize| {
        let county = counties[i % 3];
        let limits = (0..10).fold(String::new(), |mut text, n| {
            let _ = write!(text, "{},", i * 1_000 + n);
            text
        });
        format!("{i},FL,{county},{limits}30.1,-81.7,Residential,Masonry,1\r")
    };
    let rows: Vec<String> = (0..3_000).map(row).collect();
    let source = format!("{INSURANCE_COLUMNS}\r{}", rows.concat());
    std::fs::write(here.join("source.csv"), source).unwrap();
    let project = [
        option("project", here.display()),
        option("param", "$Project::CountyFilter=NASSAU COUNTY"),
        option(
            "connection",
            format!("Source={}/source.csv", here.display()),
        ),
        option(
            "connection",
            format!("Destination={}/out.csv", here.display()),
        ),
    ];
    run(&here.join("SampleCatalogPackage.dtsx"), &project.concat());
    let of_county = rows.iter().filter(|r| r.contains(",NASSAU COUNTY,"));
    let expected: String = of_county.map(String::as_str).collect();
    let written = std::fs::read_to_string(here.join("out.csv")).unwrap();
    assert_eq!(written, format!("{INSURANCE_COLUMNS}\r{expected}"));
}

/// A source by an expression variable, an encrypted password that the mapping makes needless,
/// a path by a package parameter, a UTF-16 file.
#[test]
fn currencies_go_to_a_unicode_file() {
    let Some(package) = corpus(
        "Seddryck__NBi/history/16919281580b/NBi.Testing/Integration/SqlServer/\
         IntegrationService/Resources/Sample.dtsx",
    ) else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    database(&here.join("main.db"), "CREATE TABLE t (a int)");
    database(
        &here.join("sales.db"),
        "CREATE TABLE Currency (CurrencyCode nchar(3), Name nvarchar(50), ModifiedDate datetime);
         INSERT INTO Currency VALUES ('AED', 'Emirati Dirham', '2008-04-30 00:00:00'),
           ('CZK', 'Česká koruna', '2008-04-30 00:00:00'), ('EUR', 'EURO', '2008-04-30 00:00:00')",
    );
    let map = here.join("map.toml");
    let text = format!(
        "[[connection]]\nserver = \"mhknbn2kdz.database.windows.net\"\n\
         to = \"Driver=SQLite3;Database={0}/main.db\"\nschemas = {{ Sales = \"{0}/sales.db\" }}\n",
        here.display()
    );
    std::fs::write(&map, text).unwrap();
    let out = here.join("out.txt");
    let arguments = [
        option("map", map.display()),
        option("param", format!("DestinationPath={}", out.display())),
    ];
    run(&package, &arguments.concat());
    let bytes = std::fs::read(&out).unwrap();
    let units: Vec<u16> = bytes
        .chunks_exact(2)
        .map(|b| u16::from_le_bytes([b[0], b[1]]))
        .collect();
    let text = String::from_utf16(&units).unwrap();
    assert_eq!(
        text.trim_start_matches('\u{FEFF}'),
        "CurrencyCode;Name\r\nAED;Emirati Dirham\r\nCZK;Česká koruna\r\nEUR;EURO\r\n"
    );
}

/// The CrimeStat packages' folder of sources with CR LF, their tables, and a mapping.
struct CrimeStat {
    folder: tempfile::TempDir,
    project: PathBuf,
}

const COUNTRY: &str = "name, alpha-2, alpha-3, country-code, iso_3166-2, region, sub-region, \
    intermediate-region, region-code, sub-region-code, intermediate-region-code";
const CRIME: &str = "FileName, Region, SubRegion, Country, Count, Year";
const SYSTEM: &str = "sysETLrunId int, sysCreatedAt datetime, sysChangedAt datetime, \
    sysCreatedBy int, sysChangedBy int";

impl CrimeStat {
    fn new() -> Option<Self> {
        let project = corpus("AndreyQC__CrimeStat.SSIS")?;
        let folder = tempfile::tempdir().unwrap();
        with_windows_lines(
            &project.join("CrimeStat.Sources"),
            &folder.path().join("DEV"),
        );
        let wide = |names: &str| {
            let columns = names.split(", ").map(|n| format!("\"{n}\" nvarchar(255)"));
            columns.collect::<Vec<_>>().join(", ")
        };
        let years: Vec<String> = (1960..=2018).map(|y| y.to_string()).collect();
        let bank = format!(
            "Country Name, Country Code, Indicator Name, Indicator Code, {}",
            years.join(", ")
        );
        let (country, crime, bank) = (wide(COUNTRY), wide(CRIME), wide(&bank));
        database(
            &folder.path().join("staging.db"),
            &format!(
                "CREATE TABLE Country_untyped ({country}, {SYSTEM});
                 CREATE TABLE Country_typed ({country}, {SYSTEM});
                 CREATE TABLE UNCrime_untyped ({crime}, Rate nvarchar(255), {SYSTEM});
                 CREATE TABLE UNCrime_typed ({crime}, Rate numeric(15,3), {SYSTEM});
                 CREATE TABLE WorldBankPopulation_untyped ({bank}, {SYSTEM})"
            ),
        );
        database(&folder.path().join("main.db"), "CREATE TABLE t (a int)");
        let text = format!(
            "[[path]]\nfrom = '\\\\ECSC00A014AD\\shared\\CrimeStat.ETL.WorkFolder\\DEV'\n\
             to = \"{0}/DEV\"\n[[connection]]\ndatabase = \"CrimeStat_DEV\"\n\
             to = \"Driver=SQLite3;Database={0}/main.db\"\n\
             schemas = {{ staging = \"{0}/staging.db\" }}\n",
            folder.path().display()
        );
        std::fs::write(folder.path().join("map.toml"), text).unwrap();
        Some(Self { folder, project })
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    #[track_caller]
    fn run(&self, package: &str, more: &[String]) -> String {
        let arguments = [
            option(
                "project",
                self.project.join("CrimeStat.SSIS.dtproj").display(),
            ),
            option("map", self.path("map.toml").display()),
        ];
        let arguments = [arguments.concat(), more.to_vec()].concat();
        run(&self.project.join(package), &arguments)
    }

    #[track_caller]
    fn rows(&self, table: &str, rows: i64) {
        let sql = format!("SELECT COUNT(*) FROM {table}");
        assert_eq!(count(&self.path("staging.db"), &sql), rows, "{table}");
    }
}

/// Copies a folder; text files get lines ended by CR LF.
fn with_windows_lines(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let (from, to) = (
            entry.as_ref().unwrap().path(),
            to.join(entry.unwrap().file_name()),
        );
        if from.is_dir() {
            with_windows_lines(&from, &to);
        } else {
            let text = String::from_utf8(std::fs::read(from).unwrap()).unwrap();
            let text = text.replace("\r\n", "\n").replace('\n', "\r\n");
            std::fs::write(to, text).unwrap();
        }
    }
}

/// A whole chain over one project connection manager, whose string is a project parameter:
/// TRUNCATE, UTF-8 files, a Foreach loop, typed copies, a log in a SQL table.
#[test]
fn staging_of_crime_statistics() {
    let Some(chain) = CrimeStat::new() else {
        return;
    };
    chain.run("Staging_Load_Countries.dtsx", &[]);
    chain.rows("Country_untyped", 249);
    // Each run empties its table first.
    chain.run("Staging_Load_Countries.dtsx", &[]);
    chain.rows("Country_untyped", 249);
    chain.run("Staging_Transform_Country.dtsx", &[]);
    chain.rows("Country_typed", 249);
    // The loop's variable has an expression of its own, for the designer.
    let name = "\\Package.Variables[User::currentUNCrimeFileName]";
    let set = option(
        "set",
        format!("{name}.Properties[EvaluateAsExpression]=False"),
    );
    chain.run("Staging_Load_UNCrime.dtsx", &set);
    chain.rows("UNCrime_untyped", 7_802);
    let files = texts(
        &chain.path("staging.db"),
        "SELECT FileName || ' ' || COUNT(*) FROM UNCrime_untyped GROUP BY FileName ORDER BY 1",
    );
    let files: Vec<&str> = files
        .iter()
        .map(|f| f.rsplit('\\').next().unwrap())
        .collect();
    assert_eq!(
        files,
        [
            "burglary.csv 1173",
            "kidnapping.csv 1237",
            "robbery.csv 1374",
            "serious_assault.csv 1329",
            "theft.csv 1379",
            "theft_private_cars.csv 1310"
        ]
    );
    chain.run("Staging_Transform_UNCrime.dtsx", &[]);
    chain.rows("UNCrime_typed", 7_802);
    rates_are_cut(&chain);
    chain.run("Staging_Load_WorldBank.dtsx", &[]);
    chain.rows("WorldBankPopulation_untyped", 264);
    let year = |test: &str| {
        let years: Vec<String> = (1960..=2018)
            .map(|y| format!("CASE WHEN \"{y}\" {test} THEN 1 ELSE 0 END"))
            .collect();
        let sql = format!(
            "SELECT SUM({}) FROM WorldBankPopulation_untyped",
            years.join(" + ")
        );
        count(&chain.path("staging.db"), &sql)
    };
    assert_eq!(
        (year("<> ''"), year("= ''"), year("IS NULL")),
        (15_147, 429, 0)
    );
    logged(&chain);
}

/// [R-SCALE-TEXT] Three decimals, further digits cut: compared with the texts that were read.
fn rates_are_cut(chain: &CrimeStat) {
    let sql = |column: &str, table: &str| {
        format!("SELECT {column} FROM {table} ORDER BY FileName, Country, Year, Count, rowid")
    };
    let staging = chain.path("staging.db");
    let read = texts(&staging, &sql("Rate", "UNCrime_untyped"));
    let written = texts(&staging, &sql("printf('%.3f', Rate)", "UNCrime_typed"));
    assert_eq!(read.len(), written.len());
    for (text, number) in read.iter().zip(&written) {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let fraction: String = fraction.chars().chain("000".chars()).take(3).collect();
        assert_eq!(*number, format!("{whole}.{fraction}"), "{text}");
    }
}

/// The SQL Server log provider made its table and wrote each run between start and end.
fn logged(chain: &CrimeStat) {
    let log = chain.path("main.db");
    let runs = count(&log, "SELECT COUNT(DISTINCT executionid) FROM sysssislog");
    assert_eq!(runs, 6);
    for event in ["PackageStart", "PackageEnd"] {
        let sql = format!("SELECT COUNT(*) FROM sysssislog WHERE event = '{event}'");
        assert_eq!(count(&log, &sql), runs, "{event}");
    }
    let ended = "SELECT COUNT(*) FROM sysssislog WHERE event = 'OnPostExecute' AND source LIKE \
                 'Staging\\_%' ESCAPE '\\'";
    assert_eq!(count(&log, ended), runs);
    // The packages' filters name four events only.
    let others = "SELECT COUNT(*) FROM sysssislog WHERE event NOT IN ('PackageStart', \
                  'PackageEnd', 'OnError', 'OnPreExecute', 'OnPostExecute', 'OnTaskFailed')";
    assert_eq!(count(&log, others), 0);
}

/// Amounts, and which of three tables takes each.
const SALES: [(&str, &str); 7] = [
    ("1000.01", "high"),
    ("25000", "high"),
    ("1000", "medium"),
    ("100.00", "medium"),
    ("512.50", "medium"),
    ("99.99", "low"),
    ("0.05", "low"),
];

fn sales_file(path: &Path) {
    let mut text = String::from("SalesID;CustomerID;Amount;SalesDate\r\n");
    for (i, (amount, _)) in SALES.iter().enumerate() {
        let _ = write!(
            text,
            "{};{};{amount};2024-03-0{}\r\n",
            i + 1,
            i + 100,
            i + 1
        );
    }
    // The file begins with a byte order mark, which the package reads as text in 1254.
    std::fs::write(path, format!("\u{FEFF}{text}")).unwrap();
}

const SALES_COLUMNS: &str = "(SaleId int, CustomerId int, Amount numeric(18,2), SaleDate date)";

fn sales_arguments(folder: &Path, database: &str) -> Vec<String> {
    let server = r"LAPTOP-CPG9G0OG\SQLEXPRESS.ETL_Demo_2";
    let file = folder.join("Sales1.csv");
    [
        option("connection", format!("FF_Sales1={}", file.display())),
        option("connection", format!("{server}={database}")),
        option("connection", format!("{server} 1={database}")),
    ]
    .concat()
}

/// Data Conversion and a split by amount, into SQLite; then with another border, by `--set`.
#[test]
fn sales_by_amount() {
    let Some(package) = corpus("AtifKisla__ssis-conditional-split-demo/Package.dtsx") else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    sales_file(&here.join("Sales1.csv"));
    let file = here.join("sales.db");
    for table in ["SalesHigh", "SalesMedium", "SalesLow"] {
        let old =
            "INSERT INTO t VALUES (0, 0, 0, '2000-01-01')".replace(" t ", &format!(" {table} "));
        database(
            &file,
            &format!("CREATE TABLE {table} {SALES_COLUMNS}; {old}"),
        );
    }
    let arguments = sales_arguments(here, &format!("Driver=SQLite3;Database={}", file.display()));
    run(&package, &arguments);
    let amounts = |table: &str| {
        texts(
            &file,
            &format!("SELECT printf('%.2f', Amount) FROM {table} ORDER BY SaleId"),
        )
    };
    assert_eq!(amounts("SalesHigh"), ["1000.01", "25000.00"]);
    assert_eq!(amounts("SalesMedium"), ["1000.00", "100.00", "512.50"]);
    assert_eq!(amounts("SalesLow"), ["99.99", "0.05"]);
    let dates = texts(
        &file,
        "SELECT date(SaleDate) FROM SalesHigh ORDER BY SaleId",
    );
    assert_eq!(dates, ["2024-03-01", "2024-03-02"]);
    // A component's property from outside.
    let border = option(
        "set",
        "\\Package\\Sales Segmentation.Properties[[Conditional Split].[HighSales].\
         [FriendlyExpression]]=[Amount_numeric] > 2000",
    );
    run(&package, &[arguments.clone(), border.to_vec()].concat());
    assert_eq!(amounts("SalesHigh"), ["25000.00"]);
    // What nothing reads, and what is no value, is refused before anything runs.
    let task = "\\Package\\Sales Segmentation.Properties";
    for (property, value, said) in [
        (
            "[Conditional Split].[HighSales].[Nothing]",
            "1",
            "FriendlyExpression",
        ),
        ("[Flat File Source].[RetainNull]", "1", "RetainNulls"),
        ("[Nobody].[RetainNulls]", "1", "Nobody"),
        ("EngineThreads", "many", "EngineThreads"),
        ("DefaultBufferMaxRows", "0", "DefaultBufferMaxRows"),
    ] {
        let set = option("set", format!("{task}[{property}]={value}"));
        let all = [arguments.clone(), set.to_vec()].concat();
        refused(&package, &all, said);
        assert_eq!(amounts("SalesHigh"), ["25000.00"], "{property}");
    }
}

/// The same on PostgreSQL, whose names the package writes in two ways: `dbo.SalesHigh` in SQL,
/// `[dbo].[SalesHigh]` in the destination.
#[test]
fn sales_by_amount_on_postgresql() {
    let Some(package) = corpus("AtifKisla__ssis-conditional-split-demo/Package.dtsx") else {
        return;
    };
    let Some(server) = Server::start() else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    sales_file(&folder.path().join("Sales1.csv"));
    let made = |table: &str| format!("CREATE TABLE dbo.{table} {SALES_COLUMNS};");
    let tables = ["SalesHigh", "SalesMedium", "SalesLow"].map(made).concat();
    server.sql(&format!("CREATE SCHEMA dbo; {tables}"));
    let arguments = sales_arguments(folder.path(), &server.string());
    for _ in 0..2 {
        run(&package, &arguments);
    }
    let sql = "SELECT string_agg(amount::text, ' ' ORDER BY saleid) FROM dbo.";
    assert_eq!(server.sql(&format!("{sql}SalesHigh")), "1000.01 25000.00");
    assert_eq!(
        server.sql(&format!("{sql}SalesMedium")),
        "1000.00 100.00 512.50"
    );
    assert_eq!(server.sql(&format!("{sql}SalesLow")), "99.99 0.05");
}

/// A package that logs to a SQL table and does nothing else.
const LOGGING: &str = r#"<DTS:Executable xmlns:DTS="www.microsoft.com/SqlServer/Dts"
  DTS:refId="Package" DTS:CreationName="Microsoft.Package" DTS:ExecutableType="Microsoft.Package"
  DTS:ObjectName="Logging" DTS:DTSID="{A0000000-0000-0000-0000-0000000000FF}">
  <DTS:Property DTS:Name="PackageFormatVersion">8</DTS:Property>
  <DTS:ConnectionManagers><DTS:ConnectionManager DTS:refId="Package.ConnectionManagers[log]"
    DTS:CreationName="OLEDB" DTS:DTSID="{D0000000-0000-0000-0000-000000000001}" DTS:ObjectName="log">
    <DTS:ObjectData><DTS:ConnectionManager
      DTS:ConnectionString="Data Source=SQLPROD;Initial Catalog=Audit;Provider=SQLNCLI11.1;"/>
    </DTS:ObjectData></DTS:ConnectionManager></DTS:ConnectionManagers>
  <DTS:LogProviders><DTS:LogProvider DTS:ConfigString="log"
    DTS:CreationName="Microsoft.LogProviderSQLServer"
    DTS:DTSID="{70000000-0000-0000-0000-000000000001}" DTS:ObjectName="provider">
    <DTS:ObjectData><InnerObject/></DTS:ObjectData></DTS:LogProvider></DTS:LogProviders>
  <DTS:LoggingOptions DTS:LoggingMode="1" DTS:FilterKind="0"><DTS:SelectedLogProviders>
    <DTS:SelectedLogProvider DTS:InstanceID="{70000000-0000-0000-0000-000000000001}"/>
  </DTS:SelectedLogProviders></DTS:LoggingOptions></DTS:Executable>"#;

/// The log's table is made in the schema dbo where there is one, else in the connection's own.
#[test]
fn a_log_in_postgresql() {
    let Some(server) = Server::start() else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let package = folder.path().join("Logging.dtsx");
    std::fs::write(&package, LOGGING).unwrap();
    let connection = option("connection", format!("log={}", server.string()));
    let sql = "SELECT string_agg(event, ' ' ORDER BY id), COUNT(DISTINCT executionid), \
               bool_and(source = 'Logging' AND starttime = endtime AND datacode = 0) FROM";
    run(&package, &connection);
    let found = server.sql(&format!("{sql} public.sysssislog"));
    assert_eq!(found, "PackageStart PackageEnd|1|t");
    server.sql("ALTER TABLE sysssislog RENAME TO earlier; CREATE SCHEMA dbo");
    for _ in 0..2 {
        run(&package, &connection);
    }
    let found = server.sql(&format!("{sql} dbo.sysssislog"));
    assert_eq!(found, "PackageStart PackageEnd PackageStart PackageEnd|2|t");
}
