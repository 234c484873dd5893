//! Mail, with each mailer.

use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;

use svc::adapters::mail::{FolderMailer, LogMailer, Sender, SmtpMailer, SmtpSecurity, SmtpSettings};
use svc::adapters::system::{SystemClock, SystemIds};
use svc::ports::{Mail, MailError, Mailer};
use url::Url;

use crate::support::given;
use crate::support::mailbox::{Arrived, Mailbox};
use crate::support::process::within;
use crate::support::smtp::{Manner, SmtpServer, Stage};

fn sender() -> Sender {
    Sender::parse("svc <no-reply@svc.test>").unwrap()
}

fn mail(to: &str) -> Mail {
    Mail {
        message_id: "0199.verify_email@svc.test".to_owned(),
        to: given::email(to),
        subject: "Grüße ✓".to_owned(),
        // A line that begins with a dot, and a long one.
        text: format!("Hello,\n\n.\n..two\n\n{}\n\nhttp://svc.test/x#token=abc\n", "long ".repeat(300)),
        html: "<p>Größe</p>\n".to_owned(),
        date: given::at(0),
    }
}

/// Checks the parts that arrive unchanged with every mailer.
fn is_the_mail(arrived: &Arrived) {
    let sent = mail("ada@example.com");
    assert_eq!(arrived.message_id, "<0199.verify_email@svc.test>");
    assert_eq!((arrived.from.as_str(), arrived.to.as_str()), ("svc <no-reply@svc.test>", "ada@example.com"));
    assert_eq!((&arrived.subject, &arrived.text), (&sent.subject, &sent.text));
    assert_eq!(arrived.html, sent.html);
}

fn over(server: &SmtpServer, security: SmtpSecurity) -> SmtpMailer {
    let url = Url::parse(&server.url).unwrap();
    let settings = SmtpSettings {
        host: url.host_str().unwrap().to_owned(),
        port: url.port().unwrap(),
        security,
        login: None,
        hello: "svc.test".to_owned(),
    };
    SmtpMailer::new(settings, sender()).unwrap()
}

async fn rejection(manner: Manner) -> MailError {
    let server = SmtpServer::start(manner).await;
    let refused = within(over(&server, SmtpSecurity::Opportunistic).send(&mail("ada@example.com"))).await;
    assert_eq!(server.taken(), []);
    refused.unwrap_err()
}

#[tokio::test]
async fn a_mail_server_gets_the_complete_mail() {
    let server = SmtpServer::start(Manner::Takes).await;
    let mailer = over(&server, SmtpSecurity::Opportunistic);
    mailer.send(&mail("ada@example.com")).await.unwrap();
    mailer.send(&mail("Ada@bücher.example")).await.unwrap();
    is_the_mail(&server.taken()[0]);
    assert_eq!(server.recipients(), ["<ada@example.com>", "<Ada@xn--bcher-kva.example>"]);
}

#[tokio::test]
async fn a_folder_gets_each_sent_mail_in_a_file_that_only_its_owner_reads() {
    let mailbox = Mailbox::default();
    let mailer = FolderMailer::new(mailbox.path(), sender(), Arc::new(SystemClock), Arc::new(SystemIds));
    assert!(!mailbox.path().exists(), "it is made with the first mail");
    for _ in 0..3 {
        mailer.send(&mail("ada@example.com")).await.unwrap();
    }
    let arrived = mailbox.mails();
    assert_eq!(arrived.len(), 3);
    arrived.iter().for_each(is_the_mail);
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&mailbox.path()), 0o700);
    for entry in std::fs::read_dir(mailbox.path()).unwrap() {
        let path = entry.unwrap().path();
        assert_eq!(mode(&path), 0o600);
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let (at, id) = name.split_once('-').unwrap();
        assert!(
            at.len() == 23 && at.ends_with('Z') && id.starts_with("0199.verify_email@svc.test"),
            "{name}"
        );
    }
}

#[tokio::test]
async fn a_folder_that_cannot_be_written_to_is_a_temporary_failure_that_names_it() {
    let mailbox = Mailbox::default();
    std::fs::write(mailbox.path(), "a file is in the way").unwrap();
    let mailer = FolderMailer::new(mailbox.path(), sender(), Arc::new(SystemClock), Arc::new(SystemIds));
    let error = mailer.send(&mail("ada@example.com")).await.unwrap_err();
    let MailError::Temporary(reason) = error else { panic!("{error:?}") };
    assert!(reason.contains(mailbox.path().to_str().unwrap()), "{reason}");
}

#[tokio::test]
async fn the_log_accepts_mails_that_could_be_sent() {
    let mailer = LogMailer::new(sender());
    assert_eq!(mailer.send(&mail("ada@example.com")).await, Ok(()));
    let broken = Mail { to: svc::domain::Email::stored(String::new(), String::new()), ..mail("a@b.cd") };
    assert!(matches!(mailer.send(&broken).await, Err(MailError::Permanent(_))));
}

/// The server's answer to this mail is final; its answers about itself, about us, or of a temporary kind are
/// not.
#[tokio::test]
async fn only_an_answer_about_the_mail_itself_is_permanent() {
    use Stage::{Data, Greeting, Hello, Message, Recipient, Sender};
    for stage in [Greeting, Hello, Sender, Recipient, Data, Message] {
        for code in [421, 450, 530, 550, 554] {
            let error = rejection(Manner::Refuses(stage, code)).await;
            let for_good = code >= 550 && matches!(stage, Recipient | Data | Message);
            assert_eq!(matches!(error, MailError::Permanent(_)), for_good, "{stage:?} {code}: {error}");
            let message = error.to_string();
            assert!(message.contains(&code.to_string()) && message.contains("not so"), "{message}");
        }
        let error = rejection(Manner::HangsUp(stage)).await;
        assert!(matches!(error, MailError::Temporary(_)), "{stage:?}: {error}");
    }
}

/// A server may report only at the first recipient that we may not send mail, and an operator can fix that.
#[tokio::test]
async fn an_answer_about_our_rights_is_not_permanent() {
    use Stage::{Message, Recipient};
    for (code, said, for_good) in [
        (530, "log in first", false),
        (530, "5.7.0 Authentication required", false),
        (550, "5.7.54 SMTP; Unable to relay", false),
        (554, "5.7.1 <ada@example.com>: Relay access denied", false),
        (550, "5.1.1 <ada@example.com>: no such user", true),
        (550, "no user with the number (530) or 5.7.1 here", true),
        (552, "5.2.2 the mailbox is full", true),
    ] {
        for stage in [Recipient, Message] {
            let error = rejection(Manner::Says(stage, code, said)).await;
            assert_eq!(matches!(error, MailError::Permanent(_)), for_good, "{error}");
            assert!(error.to_string().contains(said), "{error}");
        }
    }
}

#[tokio::test]
async fn an_unreachable_server_is_a_temporary_failure() {
    let server = SmtpServer::start(Manner::Takes).await;
    let mailer = over(&server, SmtpSecurity::Opportunistic);
    drop(server);
    let error = within(mailer.send(&mail("ada@example.com"))).await.unwrap_err();
    assert!(matches!(&error, MailError::Temporary(reason) if reason.contains("127.0.0.1")), "{error}");
}

#[tokio::test]
async fn nothing_is_sent_in_the_clear_where_tls_is_required() {
    let server = SmtpServer::start(Manner::Takes).await;
    let error = over(&server, SmtpSecurity::Required).send(&mail("ada@example.com")).await.unwrap_err();
    assert!(matches!(&error, MailError::Temporary(reason) if reason.contains("STARTTLS")), "{error}");
    assert!(server.recipients().is_empty());
}

#[tokio::test]
async fn a_non_ascii_address_goes_only_to_servers_that_support_it() {
    let knows = SmtpServer::with(Manner::Takes, &["8BITMIME", "SMTPUTF8"]).await;
    over(&knows, SmtpSecurity::None).send(&mail("jürgen@example.com")).await.unwrap();
    assert_eq!(knows.recipients(), ["<jürgen@example.com>"]);
    let error = {
        let server = SmtpServer::start(Manner::Takes).await;
        over(&server, SmtpSecurity::None).send(&mail("jürgen@example.com")).await.unwrap_err()
    };
    assert!(matches!(&error, MailError::Permanent(reason) if reason.contains("SMTPUTF8")), "{error}");
}

/// Each takes eight seconds; they run in parallel.
#[tokio::test]
async fn a_silent_or_slow_server_times_out() {
    let silent = [Stage::Greeting, Stage::Sender, Stage::Message].map(Manner::FallsSilent);
    let all = silent.into_iter().chain([Manner::Slow]).map(rejection);
    for error in futures_util::future::join_all(all).await {
        assert!(matches!(&error, MailError::Temporary(reason) if reason.contains("within 8s")), "{error}");
    }
}
