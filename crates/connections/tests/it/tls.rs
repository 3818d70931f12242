//! TLS to a PostgreSQL server whose certificate was made for this test.

use std::path::Path;

use packmule_connections::{DatabaseError, ExecuteOptions, RowsWanted, SharedConnection};
use packmule_types::Value;
use packmule_types::array::value_at;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};

use crate::postgres::Server;
use crate::support::{connect, services, try_connect};

/// An authority's certificate, and certificate and key of a server that it signed.
fn certificates(name: &str) -> (String, String, String) {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let server = CertificateParams::new(vec![name.to_owned()])
        .unwrap()
        .signed_by(&key, &authority)
        .unwrap();
    (authority.pem(), server.pem(), key.serialize_pem())
}

/// Whether the server says that this connection is encrypted.
fn is_encrypted(connection: &SharedConnection) -> bool {
    let sql = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
    let options = ExecuteOptions {
        timeout: None,
        rows: RowsWanted::All,
    };
    let results = connection.execute(sql, &[], &options).unwrap();
    let rows = results.first_rows().unwrap();
    let value = value_at(&rows.columns[0].column_type, &rows.batches[0].column(0), 0);
    value == Value::Bool(true)
}

fn write(folder: &Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    path.display().to_string()
}

#[test]
fn encrypted_and_verified() {
    let (authority, certificate, key) = certificates("127.0.0.1");
    let files = [
        ("server.crt", certificate.as_str()),
        ("server.key", key.as_str()),
    ];
    let Some(server) = Server::start_with(&files, &["ssl=on"]) else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let trusted = write(folder.path(), "authority.pem", &authority);
    let other = write(folder.path(), "other.pem", &certificates("127.0.0.1").0);
    let empty = write(folder.path(), "empty.pem", "no certificate\n");
    let services = services("");
    let string = |more: &str| format!("{};{more}", server.string());
    for (more, encrypted) in [
        ("", true),
        ("SslMode=disable", false),
        ("SslMode=prefer", true),
        ("SslMode=require", true),
        (&format!("SslMode=verify-full;sslrootcert={trusted}"), true),
        (
            &format!("SSL Mode=VerifyFull;Root Certificate={trusted}"),
            true,
        ),
    ] {
        let connection = connect(&string(more), &services);
        assert_eq!(is_encrypted(&connection), encrypted, "{more}");
    }
    for (more, text) in [
        ("SslMode=verify-full".to_owned(), "certificate"),
        (
            format!("SslMode=verify-full;sslrootcert={other}"),
            "certificate",
        ),
        (
            format!("SslMode=verify-full;sslrootcert={empty}"),
            "no certificate",
        ),
        (
            "SslMode=verify-full;sslrootcert=/none.pem".to_owned(),
            "none.pem",
        ),
        ("SslMode=perhaps".to_owned(), "perhaps"),
    ] {
        let error = try_connect(&string(&more), &services).err();
        let error = error.unwrap_or(DatabaseError::NoRows);
        let said = packmule_types::error::Chain(&error).to_string();
        assert!(said.to_lowercase().contains(text), "{more}: {said}");
    }
    // Another name than the certificate's.
    let moved = string(&format!("SslMode=verify-full;sslrootcert={trusted}"));
    let moved = moved.replace("127.0.0.1", "localhost");
    assert!(try_connect(&moved, &services).is_err());
    let moved = moved.replace("verify-full", "require");
    assert!(is_encrypted(&connect(&moved, &services)));
}

/// A server without TLS: `require` and `verify-full` do not fall back to plain text.
#[test]
fn no_silent_fallback() {
    let Some(server) = Server::start() else {
        return;
    };
    let services = services("");
    for mode in ["require", "verify-full"] {
        let string = format!("{};SslMode={mode}", server.string());
        assert!(try_connect(&string, &services).is_err(), "{mode}");
    }
    let string = format!("{};SslMode=prefer", server.string());
    assert!(!is_encrypted(&connect(&string, &services)));
}
