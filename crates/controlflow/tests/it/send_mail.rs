//! Send Mail tasks against a mail server of the test.

use std::sync::Arc;
use std::time::{Duration, Instant};

use packmule_controlflow::ExecResult::{Canceled, Failure, Success};
use packmule_controlflow::RunOptions;
use packmule_runtime::{Cancel, Mapping};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::pki_types::PrivateKeyDer;

use crate::package_builder::{Builder, Exec, escape, package, task};
use crate::servers::smtp::Smtp;
use crate::watcher::{Run, run, run_watched};

/// A Send Mail task with attributes as a package has them; the connection is `mail`.
fn mail(attributes: &[(&str, &str)]) -> Exec {
    let all = [("SMTPServer", "mail"), ("From", "from@example.com")];
    let mut data = "<SendMailTask:SendMailTaskData \
         xmlns:SendMailTask=\"www.microsoft.com/sqlserver/dts/tasks/sendmailtask\""
        .to_owned();
    let given = |name: &str| attributes.iter().any(|(n, _)| *n == name);
    let defaults = all.iter().filter(|(name, _)| !given(name));
    for (name, value) in defaults.chain(attributes) {
        data.push_str(&format!(" SendMailTask:{name}=\"{}\"", escape(value)));
    }
    data.push_str("/>");
    task("Mail", "Microsoft.SendMailTask", &data)
}

fn server_manager(builder: Builder, string: &str) -> Builder {
    let data = format!("<SmtpConnectionManager ConnectionString=\"{string}\"/>");
    builder.manager_of("mail", "SMTP", &data)
}

fn with_server(port: u16) -> Builder {
    let string =
        format!("SmtpServer=127.0.0.1:{port};UseWindowsAuthentication=False;EnableSsl=False;");
    server_manager(package(), &string)
}

fn mapped(builder: &Builder, mapping: &str) -> Run {
    run_watched(
        builder.build(),
        None,
        RunOptions::default(),
        &Cancel::new(),
        Mapping::parse(mapping, "map.toml").expect("a mapping"),
        Arc::default(),
    )
}

#[test]
fn a_message_with_everything() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("a.txt"), "attached").expect("a file");
    std::fs::write(folder.path().join("b ä.bin"), [0, 1, 2, 255]).expect("a file");
    let (server, port) = Smtp::default().start();
    let builder = with_server(port).child(mail(&[
        ("From", "The Sender <from@example.com>"),
        (
            "To",
            "\"One, First\" <one@example.com>; two@example.com, three@example.com",
        ),
        ("CC", "four@example.com"),
        ("BCC", "five@example.com"),
        ("Subject", "Grüße"),
        ("MessageSource", "The text: ä\n.with a dot"),
        ("Priority", "High"),
        ("FileAttachments", "C:\\in\\a.txt|C:\\in\\b ä.bin"),
    ]));
    let mapping = format!(
        "[[path]]\nfrom = 'C:\\in'\nto = \"{}\"\n",
        folder.path().display()
    );
    let ran = mapped(&builder, &mapping).must(Success);
    let got = server.only();
    assert_eq!(got.from, "from@example.com");
    let to = ["one", "two", "three", "four", "five"].map(|n| format!("{n}@example.com"));
    assert_eq!(got.to, to);
    assert!(got.account.is_empty() && !got.encrypted);
    let data = &got.data;
    for part in [
        "From: \"The Sender\" <from@example.com>",
        "Cc: four@example.com",
        "X-Priority: 1",
        "Importance: high",
        "Content-Type: multipart/mixed",
        "text/plain; charset=utf-8",
        "filename=\"a.txt\"",
    ] {
        assert!(data.contains(part), "{part}: {data}");
    }
    assert!(
        data.contains("attached") || data.contains("YXR0YWNoZWQ="),
        "{data}"
    );
    assert!(data.contains("AAEC/w=="), "{data}");
    assert!(!data.contains("five@example.com"), "nobody sees it: {data}");
    assert_eq!(ran.said("SendMailTaskBegin").len(), 1);
    assert_eq!(ran.said("SendMailTaskInfo").len(), 1);
    assert_eq!(ran.said("SendMailTaskEnd").len(), 1);
    assert!(ran.said("OnWarning").is_empty());
}

#[test]
fn the_text_of_a_variable_and_of_a_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("text.txt");
    std::fs::write(&file, b"\xFF\xFEf\0i\0l\0e\0").expect("a file");
    let path = file.display().to_string();
    for (kind, source, text) in [
        ("Variable", "User::text", "of the variable"),
        ("FileConnection", "file", "file"),
        ("DirectInput", "User::text", "User::text"),
    ] {
        let (server, port) = Smtp::default().start();
        let builder = with_server(port)
            .manager("file", "FILE", &path, "")
            .variable("User::text", 8, "of the variable")
            .child(mail(&[
                ("To", "to@example.com"),
                ("MessageSourceType", kind),
                ("MessageSource", source),
            ]));
        let ran = run(builder.build()).must(Success);
        let data = server.only().data;
        let body = data.split_once("\r\n\r\n").map(|(_, body)| body.trim_end());
        assert_eq!(body, Some(text), "{kind}: {data}");
        let warnings = ran.said("OnWarning");
        assert!(warnings[0].contains("the subject is empty"), "{warnings:?}");
    }
}

/// Lines, subject and priority by expressions; STARTTLS with an account of the mapping.
#[test]
fn encrypted_and_by_expressions() {
    let mut params = CertificateParams::new(Vec::new()).expect("parameters");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().expect("a key"));
    let authority = authority.expect("an authority");
    let key = KeyPair::generate().expect("a key");
    let certificate = CertificateParams::new(vec!["localhost".to_owned()])
        .and_then(|p| p.signed_by(&key, &authority))
        .expect("a certificate");
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(
            vec![certificate.der().clone()],
            PrivateKeyDer::try_from(key.serialize_der()).expect("a key"),
        )
        .expect("a configuration");
    let folder = tempfile::tempdir().expect("a folder");
    let roots = folder.path().join("authority.pem");
    std::fs::write(&roots, authority.pem()).expect("a file");
    let (server, port) = Smtp {
        tls: Some(Arc::new(config)),
        ..Smtp::default()
    }
    .start();
    let task = mail(&[("To", "nobody")])
        .property_expression("ToLine", "\"to@\" + @[User::host]")
        .property_expression("Subject", "\"Rows: \" + (DT_WSTR, 10)@[User::zero]")
        .property_expression("Priority", "\"Low\"");
    let string = "SmtpServer=mail.corp;UseWindowsAuthentication=True;EnableSsl=True;";
    let builder = server_manager(package(), string)
        .variable("User::host", 8, "example.com")
        .child(task);
    let rule = |more: &str| {
        format!(
            "[[connection]]\nserver = \"smtp://mail.corp\"\n\
             to = \"SmtpServer=localhost:{port};EnableSsl=True;Uid=u;Pwd=hush{more}\"\n"
        )
    };
    let trusted = rule(&format!(";sslrootcert={}", roots.display()));
    let ran = mapped(&builder, &trusted).must(Success);
    let got = server.only();
    assert!(
        got.encrypted && got.account.starts_with("AUTH PLAIN "),
        "{got:?}"
    );
    assert_eq!(got.to, ["to@example.com"]);
    assert!(got.data.contains("Subject: Rows: 0") && got.data.contains("X-Priority: 5"));
    assert!(!format!("{:?}", ran.watcher.events.lock()).contains("hush"));
    // Nobody vouches for the certificate.
    let ran = mapped(&builder, &rule("")).must(Failure);
    assert_eq!(ran.errors(), [0xC002_F304]);
    assert!(!format!("{:?}", ran.watcher.events.lock()).contains("hush"));
    // Without the mapping the Windows account would be needed.
    let ran = run(builder.build()).must(Failure);
    assert!(ran.ran().is_empty());
    let said = ran.said("OnError");
    assert!(
        said.iter().any(|e| e.contains("UseWindowsAuthentication")),
        "{said:?}"
    );
    assert_eq!(server.mails.lock().len(), 1);
}

#[test]
fn what_is_wrong_is_said_before_anything_runs() {
    let (server, port) = Smtp::default().start();
    let cases: [(&[(&str, &str)], u32); 9] = [
        (&[("Subject", "s")], 0xC002_91C3),
        (&[("To", " ; ,")], 0xC002_91C3),
        (&[("To", "a@x"), ("SMTPServer", "")], 0xC002_91C4),
        (&[("To", "a@x"), ("SMTPServer", "other")], 0xC002_91D3),
        (&[("To", "a@x"), ("SMTPServer", "file")], 0xC002_91D1),
        (
            &[("To", "a@x"), ("FileAttachments", "/none/a|/none/b")],
            0xC002_91CB,
        ),
        (
            &[
                ("To", "a@x"),
                ("MessageSourceType", "Variable"),
                ("MessageSource", "User::zero"),
            ],
            0xC002_91D0,
        ),
        (
            &[
                ("To", "a@x"),
                ("MessageSourceType", "FileConnection"),
                ("MessageSource", "mail"),
            ],
            0xC002_91CE,
        ),
        (&[("To", "a@x"), ("Priority", "Urgent")], 0xC002_F304),
    ];
    for (attributes, code) in cases {
        let builder = with_server(port)
            .manager("file", "FILE", "/none/x", "")
            .child(mail(attributes));
        let ran = run(builder.build()).must(Failure);
        assert!(
            ran.errors().contains(&code),
            "{attributes:?}: {:x?}",
            ran.errors()
        );
        assert!(ran.ran().is_empty(), "{attributes:?}");
    }
    let two = with_server(port).child(mail(&[
        ("To", "a@x"),
        ("FileAttachments", "/none/a|/none/b"),
    ]));
    let said = run(two.build()).said("OnError");
    let named = "Either the file \"/none/b\" does not exist or you do not have permissions";
    assert!(said.iter().any(|e| e.contains(named)), "{said:?}");
    assert!(server.mails.lock().is_empty());
}

#[test]
fn what_the_server_says_stands_in_the_error() {
    let (server, port) = Smtp {
        refused: "two@",
        ..Smtp::default()
    }
    .start();
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let closed = nobody.local_addr().expect("an address").port();
    drop(nobody);
    for (port, to, text) in [
        (port, "one@example.com;two@example.com", "unknown"),
        (
            port,
            "no address",
            "\"no address\" is not in the form required for an e-mail address",
        ),
        (closed, "one@example.com", "refused"),
    ] {
        let ran = run(with_server(port).child(mail(&[("To", to)])).build()).must(Failure);
        assert_eq!(ran.errors(), [0xC002_F304], "{to}");
        let said = ran.said("OnError");
        assert!(
            said[0].contains("following error message") && said[0].contains(text),
            "{said:?}"
        );
    }
    assert!(server.mails.lock().is_empty());
}

#[test]
fn a_server_that_does_not_answer() {
    let hanging = |cancel: &Cancel| Smtp {
        hang: Some(cancel.clone()),
        ..Smtp::default()
    };
    let (_server, port) = hanging(&Cancel::new()).start();
    let string = format!("SmtpServer=127.0.0.1:{port};Timeout=1000");
    let slow = server_manager(package(), &string).child(mail(&[("To", "a@x")]));
    let begin = Instant::now();
    let ran = run(slow.build()).must(Failure);
    assert_eq!(ran.errors(), [0xC002_F304]);
    assert!(begin.elapsed() < Duration::from_secs(20));
    // Cancelled, it does not wait for the time-out of 100 s.
    let cancel = Cancel::new();
    let (_server, port) = hanging(&cancel).start();
    let begin = Instant::now();
    let ran = run_watched(
        with_server(port).child(mail(&[("To", "a@x")])).build(),
        None,
        RunOptions::default(),
        &cancel,
        Mapping::default(),
        Arc::default(),
    );
    ran.must(Canceled);
    assert!(begin.elapsed() < Duration::from_secs(20));
}
