//! Packages of the corpus with Script Components, unmodified, to the results that its README
//! states: sources of every second of a day and every day of two centuries, and descriptions of
//! errors.

use std::path::{Path, PathBuf};

use rusqlite::Connection;
use rusqlite::types::ValueRef;

use crate::corpus_scripts::host;
use crate::{corpus, packmule, said};

const DATAMART: &str = "PacktPublishing__SQL-Server-2017-Integration-Services-Cookbook/\
    Common files/Datamart.zip.d/Datamart";

/// The data mart's tables, as the README states them; each schema is a file.
const TABLES: [(&str, &str); 2] = [
    (
        "DW",
        "CREATE TABLE DimTime2 (TimeKey varchar(6), StandardFullTime varchar(8),
           InternationalFullTime varchar(8), StandardHour varchar(2), InternationalHour varchar(2),
           Minute varchar(2), Second varchar(2), AmPm varchar(2), LoadId int);
         CREATE TABLE DimDate (DateKey bigint, DateTextTranslationKey bigint, FullDate date,
           DayOfYear int, DayOfMonth tinyint, DayOfTheWeek tinyint, WeekdayWeekend varchar(10),
           MonthOfYear tinyint, WeekOfYear tinyint, CalendarYear smallint, IsLastDayOfTheMonth bit,
           CalendarQuarter tinyint, CalendarYearMonth varchar(6), LoadId int,
           WeekOfTheMonth tinyint);",
    ),
    (
        "Util",
        "CREATE TABLE DateTextTranslation (DateTextTranslationKey bigint, MonthName varchar(15),
           DateName varchar(50), LanguageCode varchar(3), LanguageName varchar(25),
           HolidayText varchar(50), LoadId int);",
    ),
];

struct Datamart {
    project: PathBuf,
    folder: tempfile::TempDir,
}

impl Datamart {
    fn new() -> Option<Self> {
        let project = corpus(DATAMART).filter(|_| host())?;
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str| folder.path().join(format!("{name}.db"));
        for (schema, tables) in TABLES {
            let database = Connection::open(file(schema)).unwrap();
            database.execute_batch(tables).unwrap();
        }
        let map = format!(
            "[[connection]]\nserver = \".\"\ndatabase = \"AdventureWorksLTDW2016\"\n\
             to = \"Driver=SQLite3;Database={}\"\n\
             schemas = {{ DW = \"{}\", Util = \"{}\" }}\n",
            file("main").display(),
            file("DW").display(),
            file("Util").display()
        );
        Connection::open(file("main"))
            .unwrap()
            .pragma_update(None, "user_version", 1)
            .unwrap();
        std::fs::write(folder.path().join("map.toml"), map).unwrap();
        Some(Self { project, folder })
    }

    #[track_caller]
    fn run(&self, package: &str, more: &[&str]) {
        let file = self.project.join(package);
        let map = self.folder.path().join("map.toml");
        let mut arguments = vec!["run", file.to_str().unwrap()];
        arguments.extend(["--project", self.project.to_str().unwrap()]);
        arguments.extend(["--map", map.to_str().unwrap()]);
        // required ones, with the project's own values
        let values = [
            "$Project::cmgr_DW_ConnectionString=Data Source=.;\
             Initial Catalog=AdventureWorksLTDW2016;Provider=SQLNCLI11.1;Integrated Security=SSPI;",
            "$Project::EnvironmentName=DW",
            "$Project::NACode=N/A",
            "LoadId=7",
        ];
        arguments.extend(values.iter().flat_map(|value| ["--param", value]));
        arguments.extend(more);
        let output = packmule(&arguments);
        assert!(output.status.success(), "{package}: {}", said(&output));
    }

    /// The values of the first row of a query, with bars.
    fn sql(&self, schema: &str, sql: &str) -> String {
        let file = self.folder.path().join(format!("{schema}.db"));
        let database = Connection::open(file).unwrap();
        let row = |row: &rusqlite::Row<'_>| {
            let count = row.as_ref().column_count();
            let values = (0..count).map(|at| match row.get_ref(at)? {
                ValueRef::Null => Ok("NULL".to_owned()),
                ValueRef::Integer(number) => Ok(number.to_string()),
                ValueRef::Real(number) => Ok(number.to_string()),
                ValueRef::Text(text) | ValueRef::Blob(text) => {
                    Ok(String::from_utf8_lossy(text).into_owned())
                }
            });
            let values: rusqlite::Result<Vec<String>> = values.collect();
            Ok(values?.join("|"))
        };
        database.query_row(sql, [], row).unwrap()
    }
}

#[test]
fn every_second_of_a_day() {
    let Some(mart) = Datamart::new() else {
        return;
    };
    // the second run finds every row
    for _ in 0..2 {
        mart.run("DimTime.dtsx", &[]);
        let found = mart.sql(
            "DW",
            "SELECT COUNT(*), COUNT(DISTINCT TimeKey), MIN(TimeKey), MAX(TimeKey), MIN(LoadId) \
             FROM DimTime2",
        );
        assert_eq!(found, "86400|86400|000000|235959|7");
    }
    let row = "SELECT StandardFullTime, InternationalFullTime, StandardHour, InternationalHour, \
               Minute, Second, AmPm FROM DimTime2 WHERE TimeKey = '140509'";
    assert_eq!(mart.sql("DW", row), "02:05:09|14:05:09|2|14|5|9|PM");
}

/// A source with two rows for each day, and a transformation that names them in two languages;
/// then a row for each day.
#[test]
fn texts_of_every_day() {
    let Some(mart) = Datamart::new() else {
        return;
    };
    // 31 days of December, 366 of 2000, 31 of January
    let more = [
        "--param",
        "StartDate=1999-12-01",
        "--param",
        "EndDate=2001-02-01",
    ];
    mart.run("DimDate.dtsx", &more);
    let texts = "SELECT COUNT(*), SUM(LanguageCode = 'en'), SUM(LanguageCode = 'fr'), \
                 COUNT(DISTINCT DateTextTranslationKey), MIN(LoadId) FROM DateTextTranslation";
    assert_eq!(mart.sql("Util", texts), "856|428|428|428|7");
    // Christmas of 2000 was a Monday
    let day = "SELECT LanguageName, MonthName, DateName FROM DateTextTranslation \
               WHERE DateName LIKE '%December 25, 2000'";
    assert_eq!(
        mart.sql("Util", day),
        "English|December|Monday December 25, 2000"
    );
    let days = "SELECT COUNT(*), COUNT(DISTINCT FullDate), MIN(LoadId) FROM DimDate";
    assert_eq!(mart.sql("DW", days), "428|428|7");
    let christmas = "SELECT DayOfYear, DayOfMonth, MonthOfYear, CalendarYear, CalendarQuarter \
                     FROM DimDate WHERE FullDate LIKE '2000-12-25%'";
    assert_eq!(mart.sql("DW", christmas), "360|25|12|2000|4");
}

/// Lesson 5 of the tutorial: rows that the lookup does not find get their error's text by a
/// Script Component of 2008 and are added to a flat file.
#[test]
fn error_rows_with_descriptions() {
    let Some(tutorial) = corpus(crate::corpus::TUTORIAL).filter(|_| host()) else {
        return;
    };
    for bad in [false, true] {
        let folder = tempfile::tempdir().unwrap();
        let database = crate::corpus::warehouse(folder.path());
        let copied = folder.path().join("tutorial");
        crate::corpus::copy(&tutorial, &copied);
        let completed = copied.join("Completed Packages");
        if bad {
            let target = copied.join("Sample Data/Currency_BAD.txt");
            std::fs::copy(completed.join("Currency_BAD.txt"), target).unwrap();
        }
        let map = crate::corpus::tutorial_map(folder.path(), &database);
        let package = tutorial.join("Completed Packages/Lesson 5.dtsx");
        let arguments = [
            "run",
            package.to_str().unwrap(),
            "--map",
            map.to_str().unwrap(),
        ];
        let output = packmule(&arguments);
        assert!(output.status.success(), "{}", said(&output));
        assert_eq!(crate::corpus::facts(&database), 13_532, "{}", said(&output));
        descriptions(&completed.join("ErrorOut.txt"), if bad { 1_097 } else { 0 });
    }
}

/// The file held one empty line before.
#[track_caller]
fn descriptions(file: &Path, expected: usize) {
    let bytes = std::fs::read(file).unwrap();
    let text = String::from_utf8_lossy(&bytes);
    let lines: Vec<&str> = text.lines().filter(|l| !l.trim().is_empty()).collect();
    let described = lines
        .iter()
        .filter(|l| l.contains("Row yielded no match during lookup"));
    assert_eq!(
        described.count(),
        expected,
        "{}",
        lines.first().unwrap_or(&"")
    );
}
