//! Managers of servers (SMTP, FTP, HTTP) and of several files: what of their layers counts, what
//! the mapping makes of it, what is refused, and that no secret shows.

use std::fmt::Write as _;
use std::time::Duration;

use packmule_connections::{AcquireError, managers};
use packmule_dtsx::finding::Reason;
use packmule_runtime::Services;

use crate::acquire::{Made, NAMESPACE, escape, made, package};
use crate::support::services;

/// A manager's element; `data` is what stands in its ObjectData.
fn element(name: &str, kind: &str, data: &str, expressions: &[(&str, &str)]) -> String {
    let expressions = expressions.iter().fold(String::new(), |mut text, (p, e)| {
        let _ = write!(
            text,
            "<DTS:PropertyExpression DTS:Name=\"{p}\">{}</DTS:PropertyExpression>",
            escape(e)
        );
        text
    });
    let number: u32 = name.bytes().map(u32::from).sum();
    format!(
        "<DTS:ConnectionManager {NAMESPACE} DTS:refId=\"Package.ConnectionManagers[{name}]\" \
         DTS:CreationName=\"{kind}\" DTS:DTSID=\"{{00000000-0000-0000-0000-{number:012}}}\" \
         DTS:ObjectName=\"{name}\">{expressions}<DTS:ObjectData>{data}</DTS:ObjectData>\
         </DTS:ConnectionManager>"
    )
}

fn smtp(name: &str, string: &str, expressions: &[(&str, &str)]) -> String {
    let data = format!("<SmtpConnectionManager ConnectionString=\"{string}\"/>");
    element(name, "SMTP", &data, expressions)
}

fn ftp(name: &str, string: &str, attributes: &str, expressions: &[(&str, &str)]) -> String {
    let data = format!(
        "<DTS:ConnectionManager DTS:ConnectionString=\"{string}\"><DTS:FtpConnection {attributes}>\
         <DTS:Property DTS:Name=\"ServerPassword\" DTS:Sensitive=\"1\">hush</DTS:Property>\
         </DTS:FtpConnection></DTS:ConnectionManager>"
    );
    element(name, "FTP", &data, expressions)
}

fn http(name: &str, attributes: &str, expressions: &[(&str, &str)]) -> String {
    let data = format!(
        "<DTS:ConnectionManager><DTS:HttpConnection {attributes}>\
         <DTS:Property DTS:Name=\"ServerPassword\" DTS:Sensitive=\"1\">hush</DTS:Property>\
         <DTS:Property DTS:Name=\"ProxyPassword\" DTS:Sensitive=\"1\">still</DTS:Property>\
         </DTS:HttpConnection></DTS:ConnectionManager>"
    );
    element(name, "HTTP", &data, expressions)
}

fn of(managers: &[String], services: &Services) -> Made {
    made(package(managers), None, services)
}

/// The findings of a manager's validation, and that none of them shows a secret.
fn findings(made: &Made, name: &str) -> Vec<(Reason, String)> {
    let manager = made.connections.find(name).unwrap();
    let found = made.connections.validate(manager);
    assert!(!format!("{found:?}").contains("hush"), "{found:?}");
    found
        .into_iter()
        .map(|f| (f.reason, f.property.unwrap_or_default()))
        .collect()
}

fn shown(made: &Made, name: &str) -> String {
    let manager = made.connections.find(name).unwrap();
    let text = made.connections.shown_string(manager).unwrap();
    assert!(!text.contains("hush"), "{text}");
    text
}

#[test]
fn a_mail_server_by_layers() {
    let string = "SmtpServer=stored;UseWindowsAuthentication=False;EnableSsl=False;Timeout=22;";
    let made = of(
        &[
            smtp("a", string, &[]),
            smtp("b", string, &[("SmtpServer", "\"by.expression:2525\"")]),
            smtp(
                "c",
                string,
                &[("ConnectionString", "\"SmtpServer=\" + @[User::v]")],
            ),
        ],
        &services(""),
    );
    let server = made.connections.smtp("a").unwrap();
    assert_eq!((server.host.as_str(), server.port), ("stored", 25));
    assert!(!server.enable_ssl && server.credentials.is_none());
    assert_eq!(server.timeout, Duration::from_secs(22));
    assert_eq!(shown(&made, "a"), string);
    made.set("a", "EnableSsl", "True");
    made.set("a", "Timeout", "5000");
    let server = made.connections.smtp("a").unwrap();
    assert!(server.enable_ssl);
    assert_eq!(server.timeout, Duration::from_secs(5));
    let server = made.connections.smtp("b").unwrap();
    assert_eq!((server.host.as_str(), server.port), ("by.expression", 2525));
    assert_eq!(
        shown(&made, "b"),
        "SmtpServer=by.expression:2525;UseWindowsAuthentication=False;EnableSsl=False;Timeout=22;"
    );
    // The string replaces everything.
    let server = made.connections.smtp("c").unwrap();
    assert_eq!(server.host, "/from/variable");
    assert_eq!(server.timeout, Duration::from_secs(100));
    for name in ["a", "b", "c"] {
        assert_eq!(findings(&made, name), [], "{name}");
    }
    let wrong = made.connections.ftp("a").unwrap_err();
    assert!(matches!(wrong, AcquireError::WrongType { .. }), "{wrong}");
}

#[test]
fn a_mail_server_by_mapping() {
    let string = "SmtpServer=Mail.corp;UseWindowsAuthentication=True;EnableSsl=True;Timeout=22;";
    let mapping = "[[connection]]\nname = \"a\"\nto = \"test.local:2525\"\n\
         [[connection]]\nserver = \"smtp://mail.corp\"\n\
         to = \"SmtpServer=relay;EnableSsl=True;Uid=u;Pwd=env:PATH\"\n\
         [[connection]]\nname = \"bad\"\nto = \"Driver=SQLite3;Database=/x.db\"\n\
         [[connection]]\nserver = \"mail.corp\"\nto = \"Driver=SQLite3;Database=/x.db\"\n";
    let managers = [
        smtp("a", string, &[]),
        smtp("b", string, &[]),
        smtp("bad", string, &[]),
    ];
    let made = of(&managers, &services(mapping));
    let server = made.connections.smtp("a").unwrap();
    assert_eq!((server.host.as_str(), server.port), ("test.local", 2525));
    assert!(!server.enable_ssl, "the whole string is replaced");
    let server = made.connections.smtp("b").unwrap();
    assert_eq!((server.host.as_str(), server.port), ("relay", 25));
    let credentials = server.credentials.clone().unwrap();
    assert_eq!(credentials.user, "u");
    assert_eq!(
        credentials.password.reveal(),
        std::env::var("PATH").unwrap()
    );
    assert!(!format!("{server:?}").contains(credentials.password.reveal()));
    assert_eq!(
        shown(&made, "b"),
        "SmtpServer=relay;UseWindowsAuthentication=False;EnableSsl=True;"
    );
    let error = made.connections.smtp("bad").unwrap_err().to_string();
    assert!(
        error.contains("Driver, which is none of SmtpServer"),
        "{error}"
    );
    assert_eq!(findings(&made, "a"), []);
    assert_eq!(findings(&made, "b"), []);
    assert_eq!(findings(&made, "bad").len(), 1);
    let explained = format!("{:?}", services(mapping).mapping.explain());
    assert!(!explained.contains(credentials.password.reveal()));
}

#[test]
fn windows_authentication_is_refused_by_name() {
    let string = "SmtpServer=h;UseWindowsAuthentication=True;EnableSsl=False;";
    let managers = [
        smtp("a", string, &[]),
        smtp("b", string, &[("UseWindowsAuthentication", "FALSE")]),
        smtp("c", "", &[]),
        smtp("d", "SmtpServer=h:x;Colour=red;", &[]),
    ];
    let made = of(&managers, &services(""));
    let refused = vec![(
        Reason::UnsupportedProperty,
        "UseWindowsAuthentication".to_owned(),
    )];
    assert_eq!(findings(&made, "a"), refused);
    let error = made.connections.smtp("a").unwrap_err();
    assert!(matches!(error, AcquireError::UnsupportedProperty { .. }));
    assert_eq!(error.code().0, 0xC020_801C);
    assert!(error.remedy().unwrap().contains("Pwd=env:NAME"));
    // What a script reads of it needs no account.
    assert_eq!(shown(&made, "a"), string);
    assert!(made.connections.smtp("b").is_ok());
    assert_eq!(findings(&made, "b"), []);
    let of_c = made.connections.smtp("c").unwrap_err().to_string();
    assert!(
        of_c.contains("property SmtpServer: it names no server"),
        "{of_c}"
    );
    let of_d = findings(&made, "d");
    let reasons: Vec<Reason> = of_d.iter().map(|f| f.0).collect();
    assert_eq!(reasons, [Reason::UnknownContent, Reason::InvalidSetting]);
    let assessed = |name: &str| managers::assess(made.connections.find(name).unwrap()).len();
    assert_eq!((assessed("a"), assessed("b")), (1, 0));
}

/// An account that cannot be opened keeps nobody from the address.
#[test]
fn a_closed_password() {
    let data = "<DTS:ConnectionManager DTS:ConnectionString=\"h:21\"><DTS:FtpConnection \
         DTS:ServerUserName=\"USER\"><DTS:Property DTS:Name=\"ServerPassword\" Sensitive=\"1\" \
         Encrypted=\"1\">AQAAANCMnd8BFdERjHoAwE</DTS:Property></DTS:FtpConnection>\
         </DTS:ConnectionManager>";
    let managers = [
        element("me", "FTP", &data.replace("USER", "me"), &[]),
        element("all", "FTP", &data.replace("USER", "anonymous"), &[]),
    ];
    let made = of(&managers, &services(""));
    assert_eq!(shown(&made, "me"), "h:21");
    let error = made.connections.ftp("me").unwrap_err();
    assert!(matches!(error, AcquireError::Encrypted { .. }), "{error}");
    assert_eq!(
        findings(&made, "me"),
        [(Reason::Encrypted, "ServerPassword".to_owned())]
    );
    assert!(made.connections.ftp("all").is_ok());
    let mapping = "[[connection]]\nname = \"me\"\nto = \"h;Uid=u;Pwd=p\"\n";
    let mapped = of(&managers, &services(mapping));
    assert_eq!(findings(&mapped, "me"), []);
}

/// A script that sets the string it was shown does not lose the account.
#[test]
fn a_string_that_is_set_again_keeps_the_password() {
    let string = "SmtpServer=h;EnableSsl=True;User ID=u;Password=hush;";
    let made = of(&[smtp("a", string, &[])], &services(""));
    let manager = made.connections.find("a").unwrap();
    assert_eq!(
        shown(&made, "a"),
        "SmtpServer=h;UseWindowsAuthentication=False;EnableSsl=True;"
    );
    let set = made
        .connections
        .set_string(manager, "SmtpServer=h2;User ID=u;");
    assert!(set.is_ok());
    let server = made.connections.smtp("a").unwrap();
    assert_eq!(server.host, "h2");
    let credentials = server.credentials.unwrap();
    assert_eq!(credentials.password.reveal(), "hush");
}

#[test]
fn an_ftp_server_by_layers() {
    let attributes = "DTS:ServerName=\"ss.ee\" DTS:ServerUserName=\"me\" DTS:TimeOut=\"7\" \
                      DTS:Retries=\"0\" DTS:UsePassiveMode=\"True\" DTS:ChunkSize=\"4\"";
    let managers = [
        ftp("a", "ss.ee:2121", attributes, &[]),
        ftp("b", "", "", &[("ConnectionString", "\"other\"")]),
        ftp(
            "c",
            "ss.ee:21",
            attributes,
            &[
                ("ServerName", "\"x\""),
                ("ServerPassword", "\"hush2\""),
                ("ServerPort", "\"22\""),
            ],
        ),
        ftp("d", "", "", &[]),
    ];
    let made = of(&managers, &services(""));
    let server = made.connections.ftp("a").unwrap();
    assert_eq!((server.host.as_str(), server.port), ("ss.ee", 2121));
    assert_eq!(server.credentials.user, "me");
    assert_eq!(server.credentials.password.reveal(), "hush");
    assert!(server.use_passive_mode);
    assert_eq!((server.timeout, server.retries), (7, 100));
    assert_eq!(shown(&made, "a"), "ss.ee:2121");
    made.set("a", "ConnectionString", "outside:99");
    assert_eq!(shown(&made, "a"), "outside:99");
    let server = made.connections.ftp("b").unwrap();
    assert_eq!((server.host.as_str(), server.port), ("other", 21));
    assert_eq!(server.credentials.user, "anonymous");
    assert!(!server.use_passive_mode);
    assert_eq!((server.timeout, server.retries), (60, 5));
    let server = made.connections.ftp("c").unwrap();
    assert_eq!((server.host.as_str(), server.port), ("x", 22));
    assert_eq!(server.credentials.password.reveal(), "hush2");
    assert!(!format!("{server:?}").contains("hush"));
    for name in ["a", "b", "c"] {
        assert_eq!(findings(&made, name), [], "{name}");
    }
    let nothing = findings(&made, "d");
    assert_eq!(nothing, [(Reason::InvalidSetting, "ServerName".to_owned())]);
}

#[test]
fn an_ftp_server_by_mapping() {
    let attributes = "DTS:ServerUserName=\"me\" DTS:UsePassiveMode=\"True\"";
    let mapping = "[[connection]]\nname = \"a\"\nto = \"test.local:2121\"\n\
         [[connection]]\nname = \"b\"\nto = \"ftp://t:3;Uid=u;Pwd=hush3;UsePassiveMode=False;Retries=1\"\n\
         [[connection]]\nserver = \"ftp://ss.ee:22\"\nto = \"ServerName=by;ServerPort=23\"\n\
         [[connection]]\nserver = \"ftp://ss.ee\"\nto = \"any\"\n";
    let of_name = |name: &str, string: &str| ftp(name, string, attributes, &[]);
    let managers = [
        ftp("a", "ss.ee", attributes, &[("ServerName", "@[User::none]")]),
        of_name("b", "ss.ee"),
        of_name("c", "ss.ee:22"),
        of_name("d", "SS.ee"),
        of_name("e", "elsewhere"),
    ];
    let made = of(&managers, &services(mapping));
    let places = [
        ("a", "test.local:2121", "me", "hush", true),
        ("b", "t:3", "u", "hush3", false),
        ("c", "by:23", "me", "hush", true),
        ("d", "any:21", "me", "hush", true),
        ("e", "elsewhere:21", "me", "hush", true),
    ];
    for (name, place, user, password, passive) in places {
        let server = made.connections.ftp(name).unwrap();
        assert_eq!(server.text(), place);
        assert_eq!(server.credentials.user, user, "{name}");
        assert_eq!(server.credentials.password.reveal(), password, "{name}");
        assert_eq!(server.use_passive_mode, passive, "{name}");
        assert_eq!(findings(&made, name), [], "{name}");
    }
}

#[test]
fn a_web_server() {
    let plain = "DTS:ServerURL=\"http://Web.corp/in?x=1\" DTS:ServerUserName=\"me\" \
                 DTS:ServerDomain=\"CORP\" DTS:TimeOut=\"9\"";
    let with = |more: &str| format!("{plain} {more}");
    let user = with("DTS:UseServerCredentials=\"True\"");
    let proxy = with(
        "DTS:UseProxy=\"True\" DTS:ProxyURL=\"proxy:8080\" DTS:UseProxyCredentials=\"True\" \
         DTS:ProxyUserName=\"p\"",
    );
    let managers = [
        http("a", plain, &[]),
        http("b", &user, &[("ServerURL", "\"https://other\"")]),
        http("c", &proxy, &[]),
        http(
            "d",
            "DTS:ServerURL=\"http://h\" DTS:UseSecureConnection=\"True\"",
            &[],
        ),
        http("e", "DTS:ServerURL=\"http://u:hush@h\"", &[]),
        http(
            "f",
            "DTS:ServerURL=\"http://h\" DTS:UseServerCredentials=\"True\"",
            &[],
        ),
        http(
            "g",
            "DTS:ServerURL=\"http://h\" DTS:UseProxy=\"True\" DTS:ProxyURL=\"p\" \
             DTS:BypassProxyOnLocal=\"True\"",
            &[],
        ),
        http(
            "h",
            "DTS:ServerURL=\"http://h\" DTS:UseProxy=\"True\" DTS:ProxyURL=\"p\" \
             DTS:ProxyBypassList=\"*.corp\"",
            &[],
        ),
    ];
    let made = of(&managers, &services(""));
    let a = made.connections.http("a").unwrap();
    assert_eq!((a.url.as_str(), a.timeout), ("http://Web.corp/in?x=1", 9));
    assert!(a.credentials.is_none() && a.proxy.is_none());
    let b = made.connections.http("b").unwrap();
    assert_eq!(b.url, "https://other");
    let credentials = b.credentials.clone().unwrap();
    assert_eq!(credentials.user, "CORP\\me");
    assert_eq!(credentials.password.reveal(), "hush");
    assert!(!format!("{b:?}").contains("hush"));
    let of_proxy = made.connections.http("c").unwrap().proxy.unwrap();
    assert_eq!(of_proxy.url, "http://proxy:8080");
    let credentials = of_proxy.credentials.unwrap();
    assert_eq!(
        (credentials.user.as_str(), credentials.password.reveal()),
        ("p", "still")
    );
    assert_eq!(made.connections.http("g").unwrap().proxy, None);
    let unsupported = Reason::UnsupportedProperty;
    for (name, reason, property) in [
        ("d", unsupported, "UseSecureConnection"),
        ("e", Reason::InvalidSetting, "ServerURL"),
        ("f", unsupported, "UseServerCredentials"),
        ("h", unsupported, "ProxyBypassList"),
    ] {
        assert_eq!(
            findings(&made, name),
            [(reason, property.to_owned())],
            "{name}"
        );
        let error = made.connections.http(name).unwrap_err();
        assert!(!format!("{error:?}").contains("hush"), "{error:?}");
    }
    let mapping = "[[connection]]\nname = \"b\"\nto = \"http://127.0.0.1:81/all?a=b;Uid=u;Pwd=hush\"\n\
         [[connection]]\nname = \"f\"\nto = \"http://h;Uid=u\"\n\
         [[connection]]\nserver = \"http://web.corp\"\nto = \"http://127.0.0.1:82\"\n";
    let made = of(&managers, &services(mapping));
    assert_eq!(shown(&made, "a"), "http://127.0.0.1:82/in?x=1");
    assert_eq!(shown(&made, "b"), "http://127.0.0.1:81/all?a=b");
    let b = made.connections.http("b").unwrap();
    assert_eq!(b.credentials.unwrap().user, "u");
    assert_eq!(findings(&made, "f"), []);
}

#[test]
fn several_files_one_after_the_other() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    for name in ["b.txt", "A.TXT", "c.csv"] {
        std::fs::write(here.join(name), name).unwrap();
    }
    std::fs::create_dir(here.join("d.txt")).unwrap();
    let multi = |name: &str, string: &str, usage: u32| {
        let data = format!(
            "<DTS:ConnectionManager DTS:ConnectionString=\"{string}\" DTS:FileUsageType=\"{usage}\"/>"
        );
        element(name, "MULTIFILE", &data, &[])
    };
    let managers = [
        multi("a", "C:\\in\\c.csv|C:\\in\\*.txt", 0),
        multi("folders", "C:\\in\\*", 2),
        multi("made", "C:\\out\\x.txt | C:\\out\\y.txt", 1),
        multi("none", " | ", 0),
        multi("pattern", "C:\\in\\*.txt", 1),
        multi("deep", "C:\\*\\x.txt", 0),
        multi("usage", "C:\\in\\c.csv", 7),
    ];
    let mapping = format!("[[path]]\nfrom = 'C:\\in'\nto = \"{}\"\n", here.display());
    let made = of(&managers, &services(&mapping));
    let next = |name: &str| made.connections.next_file(name).unwrap();
    let all: Vec<_> = (0..5).map(|_| next("a")).collect();
    let expected = ["c.csv", "A.TXT", "b.txt"].map(|n| here.join(n));
    assert_eq!(all[..3], expected);
    assert_eq!(all[3].as_os_str(), "");
    assert_eq!(all[4], here.join("c.csv"), "it begins anew");
    made.set("a", "ConnectionString", "C:\\in\\b.txt");
    assert_eq!(next("a"), here.join("b.txt"));
    assert_eq!(next("folders"), here.join("d.txt"));
    assert_eq!(next("made").to_string_lossy(), "/out/x.txt");
    assert_eq!(next("made").to_string_lossy(), "/out/y.txt");
    assert_eq!(shown(&made, "folders"), "C:\\in\\*");
    for name in ["a", "folders", "made"] {
        assert_eq!(findings(&made, name), [], "{name}");
    }
    for (name, property) in [
        ("none", "ConnectionString"),
        ("pattern", "ConnectionString"),
        ("deep", "ConnectionString"),
        ("usage", "FileUsageType"),
    ] {
        let found = findings(&made, name);
        let expected = (Reason::InvalidSetting, property.to_owned());
        assert_eq!(found.last(), Some(&expected), "{name}: {found:?}");
        assert!(made.connections.next_file(name).is_err(), "{name}");
    }
}
