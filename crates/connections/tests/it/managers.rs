//! References, settings, providers, mapping.

use packmule_connections::Provider;
use packmule_connections::connection_string::ConnectionString;

#[test]
fn providers_as_packages_write_them() {
    use Provider as P;
    let cases = [
        (
            "Data Source=.;Initial Catalog=DW;Provider=SQLNCLI11.1;Integrated Security=SSPI;",
            "",
            P::SqlServer,
        ),
        ("Data Source=x;Provider=SQLNCLI10;", "", P::SqlServer),
        ("Provider=MSOLEDBSQL.1;Data Source=x", "", P::SqlServer),
        ("Provider=MSOLEDBSQL19;Data Source=x", "", P::SqlServer),
        ("Provider=SQLOLEDB.1;Data Source=x", "", P::SqlServer),
        (
            "Data Source=x;",
            "System.Data.SqlClient.SqlConnection, System.Data, Version=4.0.0.0",
            P::SqlServer,
        ),
        (
            "Data Source=x;",
            "Microsoft.Data.SqlClient.SqlConnection, Microsoft.Data.SqlClient",
            P::SqlServer,
        ),
        ("Data Source=x;", "SQL", P::SqlServer),
        (
            "Driver={ODBC Driver 17 for SQL Server};server=x;",
            "",
            P::SqlServer,
        ),
        (
            "Driver={SQL Server Native Client 11.0};server=x;",
            "",
            P::SqlServer,
        ),
        (
            "Data Source=f.mdb;Provider=Microsoft.Jet.OLEDB.4.0;",
            "",
            P::Access,
        ),
        (
            "Provider=Microsoft.Jet.OLEDB.4.0;Data Source=f.xls;Extended Properties=\"EXCEL 8.0;HDR=YES\";",
            "",
            P::Excel,
        ),
        (
            "Provider=Microsoft.ACE.OLEDB.12.0;Data Source=f.xlsx;Extended Properties=\"Excel 12.0 XML;HDR=YES\";",
            "",
            P::Excel,
        ),
        ("Provider=MSDAORA.1;Data Source=x", "", P::Oracle),
        ("Provider=OraOLEDB.Oracle;Data Source=x", "", P::Oracle),
        (
            "Data Source=x",
            "Oracle.ManagedDataAccess.Client.OracleConnection, Oracle",
            P::Oracle,
        ),
        (
            "Provider=PGNP.1;Data Source=h;Initial Catalog=postgres",
            "",
            P::PostgreSql,
        ),
        (
            "Driver={PostgreSQL Unicode(x64)};Server=h",
            "",
            P::PostgreSql,
        ),
        (
            "Driver=PostgreSQL;Server=h;Database=d",
            "System.Data.SqlClient.SqlConnection",
            P::PostgreSql,
        ),
        (
            "Host=h;Database=d",
            "Npgsql.NpgsqlConnection, Npgsql",
            P::PostgreSql,
        ),
        ("Driver={SQLite3 ODBC Driver};Database=x.db", "", P::Sqlite),
        (
            "Data Source=x.db",
            "System.Data.SQLite.SQLiteConnection, System.Data.SQLite",
            P::Sqlite,
        ),
        (
            "Driver={MySQL ODBC 8.0 Unicode Driver};Server=h",
            "",
            P::MySql,
        ),
        ("Data Source=x;Provider=MSOLAP.7;", "", P::AnalysisServices),
        ("uid=u;Dsn=X;", "", P::DataSourceName),
        (
            "Dsn=X",
            "System.Data.Odbc.OdbcConnection, System.Data",
            P::DataSourceName,
        ),
        (
            "Provider=MSDASQL.1;Driver={SQLite3 ODBC Driver};Database=x.db",
            "",
            P::Sqlite,
        ),
        ("Provider=IBMDADB2;Data Source=x", "", P::Db2),
        (
            "Server=u2",
            "U2.Data.Client.U2Connection, U2.Data.Client",
            P::Unknown,
        ),
        ("", "", P::Unknown),
    ];
    for (string, class, expected) in cases {
        let found = Provider::recognise(&ConnectionString::parse(string), class);
        assert_eq!(found.provider, expected, "{string} {class}");
    }
}
