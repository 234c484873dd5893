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
    named(server, security, "svc.test")
}

fn named(server: &SmtpServer, security: SmtpSecurity, hello: &str) -> SmtpMailer {
    let url = Url::parse(&server.url).unwrap();
    let settings = SmtpSettings {
        host: url.host_str().unwrap().to_owned(),
        port: url.port().unwrap(),
        security,
        login: None,
        hello: hello.to_owned(),
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

/// A reply that names no reason is final if it is about the recipient by its code and its place.
#[tokio::test]
async fn a_bare_reply_is_final_only_for_the_recipient() {
    use Stage::{Data, Greeting, Hello, Message, Recipient, Sender};
    for stage in [Greeting, Hello, Sender, Recipient, Data, Message] {
        for code in [421, 450, 503, 530, 550, 551, 552, 553, 554, 556] {
            let error = rejection(Manner::Refuses(stage, code)).await;
            let for_good = stage == Recipient && matches!(code, 551..=553 | 556);
            assert_eq!(matches!(error, MailError::Permanent(_)), for_good, "{stage:?} {code}: {error}");
            let message = error.to_string();
            assert!(message.contains(&code.to_string()) && message.contains("not so"), "{message}");
        }
        let error = rejection(Manner::HangsUp(stage)).await;
        assert!(matches!(error, MailError::Temporary(_)), "{stage:?}: {error}");
    }
}

/// What real servers say, and whether no attempt can succeed: only what is about the recipient. An operator
/// can fix what is about the sender, the session or a policy.
#[tokio::test]
async fn only_an_enhanced_code_about_the_recipient_is_final() {
    use Stage::{Message, Recipient, Sender};
    for (code, said, for_good) in [
        (550, "5.1.1 <ada@example.com>: Recipient address rejected: User unknown", true),
        (550, "5.1.2 The domain does not exist", true),
        (553, "5.1.3 Bad recipient address syntax", true),
        (551, "5.1.6 The mailbox has moved", true),
        (556, "5.1.10 The domain accepts no mail", true),
        (550, "5.2.1 The account is disabled", true),
        (552, "5.2.2 The mailbox is full", true),
        (552, "5.2.3 The mail is too long for this mailbox", true),
        (501, "5.1.7 Bad sender address syntax", false),
        (553, "5.1.8 Sender domain does not exist", false),
        (550, "5.1.9 No relaying", false),
        (550, "2.1.1 A reply that contradicts itself", false),
        (550, "5.3.2 The system does not accept mail", false),
        (550, "5.4.1 No answer from the host", false),
        (503, "5.5.1 Send MAIL first", false),
        (550, "5.5.1 Send HELO first", false),
        (504, "5.5.2 <localhost>: Helo command rejected: need a fully-qualified name", false),
        (550, "5.6.7 SMTPUTF8 is needed", false),
        (530, "5.7.0 Authentication required", false),
        (554, "5.7.1 <ada@example.com>: Relay access denied", false),
        (550, "5.7.54 SMTP; Unable to relay", false),
        (550, "4.2.2 The mailbox is full for now", false),
        (450, "5.1.1 Not now", false),
        (550, "The number 5.1.1 further on is no code, and 550 alone says nothing", false),
        (550, "Sender verify failed", false),
        (550, "relay not permitted", false),
        (551, "Try another place", true),
        (554, "5.1.1: a code with a colon is none, and 554 is about no recipient", false),
    ] {
        for stage in [Sender, Recipient, Message] {
            let error = rejection(Manner::Says(stage, code, said)).await;
            let is_code = said.starts_with(['4', '5']);
            let for_good = for_good && stage != Sender && (is_code || stage == Recipient);
            assert_eq!(matches!(error, MailError::Permanent(_)), for_good, "{stage:?}: {error}");
            assert!(error.to_string().contains(&said.replace("ada@example.com", "[recipient]")), "{error}");
        }
    }
}

/// Many servers refuse `EHLO localhost`.
#[tokio::test]
async fn the_greeting_has_the_host_of_the_service() {
    for (name, said) in [
        ("svc.test", "svc.test"),
        ("127.0.0.1", "[127.0.0.1]"),
        ("[::1]", "[IPv6:::1]"),
        ("::1", "[IPv6:::1]"),
    ] {
        let server = SmtpServer::start(Manner::Takes).await;
        named(&server, SmtpSecurity::None, name).send(&mail("ada@example.com")).await.unwrap();
        assert_eq!(server.greetings(), [said]);
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
    // The library's own grammar refuses the second one.
    over(&knows, SmtpSecurity::None).send(&mail("हिन्दी@example.com")).await.unwrap();
    assert_eq!(knows.recipients(), ["<jürgen@example.com>", "<हिन्दी@example.com>"]);
    assert_eq!(knows.taken()[1].to, "हिन्दी@example.com");
    let error = {
        let server = SmtpServer::start(Manner::Takes).await;
        over(&server, SmtpSecurity::None).send(&mail("jürgen@example.com")).await.unwrap_err()
    };
    // No attempt can succeed, so an operator learns of it at once.
    assert!(matches!(&error, MailError::Permanent(reason) if reason.contains("no SMTPUTF8")), "{error}");
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
