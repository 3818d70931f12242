//! Connection managers of servers and of several files as scripts use them: AcquireConnection,
//! FtpClientConnection, HttpClientConnection, and a mail by the SMTP manager's text.

use std::path::Path;

use packmule_controlflow::ExecResult::{Failure, Success};
use packmule_controlflow::RunOptions;
use packmule_runtime::{Cancel, Mapping};

use crate::package_builder::{Builder, expression, package};
use crate::scripts::{host, script};
use crate::servers::ftp::Ftp;
use crate::servers::http::Http;
use crate::servers::smtp::Smtp;
use crate::watcher::{Run, run, run_watched};

/// A package whose script has the variable `text`, and says it.
fn with_script(body: &str) -> Builder {
    package().variable("User::text", 8, "").root(|r| {
        r.child(script("First", "", "User::text", body))
            .child(expression("Text", "@[User::text] = @[User::text] + \"\""))
            .constraint(0, 1, "")
    })
}

fn ftp_manager(builder: Builder, port: u16, attributes: &str) -> Builder {
    let data = format!(
        "<DTS:ConnectionManager DTS:ConnectionString=\"127.0.0.1:{port}\"><DTS:FtpConnection \
         DTS:ServerName=\"127.0.0.1\" DTS:ServerPort=\"{port}\" DTS:ServerUserName=\"me\" \
         DTS:TimeOut=\"20\" DTS:Retries=\"1\" {attributes}>\
         <DTS:Property DTS:Name=\"ServerPassword\" Sensitive=\"1\">secret</DTS:Property>\
         </DTS:FtpConnection></DTS:ConnectionManager>"
    );
    builder.manager_of("ftp", "FTP", &data)
}

fn mapped(builder: &Builder, mapping: &str) -> Run {
    run_watched(
        builder.build(),
        None,
        RunOptions::default(),
        &Cancel::new(),
        Mapping::parse(mapping, "map.toml").expect("a mapping"),
        std::sync::Arc::default(),
    )
}

fn read(folder: &Path, name: &str) -> String {
    std::fs::read_to_string(folder.join(name)).unwrap_or_default()
}

#[test]
fn files_of_an_ftp_server() {
    if !host() {
        return;
    }
    let body = r#"
        var client = new FtpClientConnection(Dts.Connections["ftp"].AcquireConnection(null));
        client.Connect();
        client.SetWorkingDirectory("/in");
        string[] folders, files;
        client.GetListing(out folders, out files);
        Dts.Variables["text"].Value = string.Join(",", folders) + "|" + string.Join(",", files)
            + "|" + Dts.Connections["ftp"].ConnectionString;
        client.ReceiveFiles(files, "C:\\local", true, false);
        client.SendFiles(new[] { "C:\\local\\up.txt" }, "/out", true, false);
        client.DeleteFiles(new[] { "/in/a.txt" });
        client.CreateRemoteDirectory("/made");
        client.DeleteRemoteDirectory("/in/sub");
        client.Close();"#;
    for passive in ["True", "False"] {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("up.txt"), "sent").expect("a file");
        let server = Ftp {
            strict: true,
            ..Ftp::with(&[("/in/a.txt", "aa"), ("/in/b c.txt", "bb"), ("/out/x", "x")])
        };
        server.folders.lock().insert("/in/sub".to_owned());
        let (server, port) = server.start();
        let attributes = format!("DTS:UsePassiveMode=\"{passive}\"");
        let builder = ftp_manager(with_script(body), port, &attributes);
        let mapping = format!(
            "[[path]]\nfrom = 'C:\\local'\nto = \"{}\"\n",
            folder.path().display()
        );
        let ran = mapped(&builder, &mapping).must(Success);
        let text = ran.value("Text").unwrap_or_default();
        assert_eq!(text, format!("sub|a.txt,b c.txt|127.0.0.1:{port}"));
        assert_eq!(read(folder.path(), "a.txt"), "aa");
        assert_eq!(read(folder.path(), "b c.txt"), "bb");
        assert_eq!(server.text("/out/up.txt").as_deref(), Some("sent"));
        assert_eq!(server.names(), ["/in/b c.txt", "/out/up.txt", "/out/x"]);
        assert_eq!(*server.folders.lock(), ["/made".to_owned()].into());
        assert_eq!(
            server.was_asked("PASV") || server.was_asked("EPSV"),
            passive == "True"
        );
    }
}

/// The mapping gives place and account; a failure is an exception that shows no password.
#[test]
fn a_mapped_ftp_server() {
    if !host() {
        return;
    }
    let body = r#"
        var client = new FtpClientConnection(Dts.Connections["ftp"].AcquireConnection(null));
        string[] folders, files;
        client.GetListing(out folders, out files);
        Dts.Variables["text"].Value = string.Join(",", files);"#;
    let server = Ftp {
        strict: true,
        ..Ftp::with(&[("/a.txt", "aa")])
    };
    let (server, port) = server.start();
    let builder = ftp_manager(with_script(body), 1, "DTS:UsePassiveMode=\"True\"");
    let rule = |password: &str| {
        format!(
            "[[connection]]\nname = \"ftp\"\nto = \"127.0.0.1:{port};Uid=you;Pwd={password}\"\n"
        )
    };
    let ran = mapped(&builder, &rule("secret")).must(Success);
    assert_eq!(ran.value("Text").as_deref(), Some("a.txt"));
    assert!(server.was_asked("USER you"));
    let ran = mapped(&builder, &rule("hush")).must(Failure);
    let said = format!("{:?}", ran.watcher.events.lock());
    assert!(said.contains("530") && !said.contains("hush"), "{said}");
}

#[test]
fn data_of_a_web_server() {
    if !host() {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("up.txt"), "sent").expect("a file");
    let body = r#"
        var client = new HttpClientConnection(Dts.Connections["web"].AcquireConnection(null));
        client.DownloadFile("C:\\local\\down.txt", true);
        var all = System.Text.Encoding.UTF8.GetString(client.DownloadData());
        client.ServerURL = client.ServerURL.Replace("/data", "/echo");
        all += System.Text.Encoding.UTF8.GetString(client.UploadFile("C:\\local\\up.txt"));
        Dts.Variables["text"].Value = all + "|" + Dts.Connections["web"].ConnectionString;"#;
    // me:secret
    let server = Http {
        pages: [("/data?a=b", "page"), ("/echo?a=b", "got {body}")]
            .map(|(p, t)| (p.to_owned(), t.to_owned()))
            .into(),
        account: Some("bWU6c2VjcmV0".to_owned()),
        ..Http::default()
    };
    let (server, port) = server.start();
    let data = "<DTS:ConnectionManager><DTS:HttpConnection \
         DTS:ServerURL=\"http://web.example.com/data?a=b\" DTS:UseServerCredentials=\"True\" \
         DTS:ServerUserName=\"me\"><DTS:Property DTS:Name=\"ServerPassword\" Sensitive=\"1\">secret\
         </DTS:Property></DTS:HttpConnection></DTS:ConnectionManager>";
    let builder = with_script(body).manager_of("web", "HTTP", data);
    let mapping = format!(
        "[[connection]]\nserver = \"http://web.example.com\"\nto = \"http://127.0.0.1:{port}\"\n\
         [[path]]\nfrom = 'C:\\local'\nto = \"{}\"\n",
        folder.path().display()
    );
    let ran = mapped(&builder, &mapping).must(Success);
    let text = ran.value("Text").unwrap_or_default();
    let address = format!("http://127.0.0.1:{port}/data?a=b");
    assert_eq!(text, format!("pagegot sent|{address}"));
    assert_eq!(read(folder.path(), "down.txt"), "page");
    assert!(server.requests.lock().len() >= 3);
}

#[test]
fn a_mail_by_the_text_of_an_smtp_manager() {
    if !host() {
        return;
    }
    let body = r#"
        var text = (string)Dts.Connections["mail"].AcquireConnection(null);
        var place = text.Split(';')[0].Split('=')[1].Split(':');
        using (var client = new System.Net.Mail.SmtpClient(place[0], int.Parse(place[1])))
            client.Send("from@example.com", "to@example.com", "Subject", "the body");
        Dts.Variables["text"].Value = text + "|" + Dts.Connections["mail"].ConnectionString;"#;
    let (server, port) = Smtp::default().start();
    let builder = with_script(body)
        .manager_of(
            "mail",
            "SMTP",
            "<SmtpConnectionManager ConnectionString=\"SmtpServer=nowhere;UseWindowsAuthentication=\
             True;EnableSsl=True;\"/>",
        )
        .manager_expression(
            "ConnectionString",
            &format!("\"SmtpServer=127.0.0.1:{port};Password=hush\""),
        );
    let ran = run(builder.build()).must(Success);
    let text =
        format!("SmtpServer=127.0.0.1:{port};UseWindowsAuthentication=False;EnableSsl=False;");
    assert_eq!(ran.value("Text"), Some(format!("{text}|{text}")));
    let mail = server.only();
    assert_eq!(mail.from, "from@example.com");
    assert_eq!(mail.to, ["to@example.com"]);
    assert!(mail.data.contains("Subject: Subject") && mail.data.contains("the body"));
}

#[test]
fn several_files_one_after_the_other() {
    if !host() {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    for name in ["a.txt", "B.txt", "c.csv"] {
        std::fs::write(folder.path().join(name), name).expect("a file");
    }
    let body = r#"
        var text = "";
        for (var path = (string)Dts.Connections["files"].AcquireConnection(null); path != "";
             path = (string)Dts.Connections["files"].AcquireConnection(null))
            text += File.ReadAllText(path) + ";";
        Dts.Variables["text"].Value = text;"#;
    let builder = with_script(body).manager(
        "files",
        "MULTIFILE",
        "C:\\local\\c.csv|C:\\local\\*.txt",
        "DTS:FileUsageType=\"0\"",
    );
    let mapping = format!(
        "[[path]]\nfrom = 'C:\\local'\nto = \"{}\"\n",
        folder.path().display()
    );
    let ran = mapped(&builder, &mapping).must(Success);
    assert_eq!(ran.value("Text").as_deref(), Some("c.csv;a.txt;B.txt;"));
}
