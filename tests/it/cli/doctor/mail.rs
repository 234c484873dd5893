use super::{Examined, strong};
use crate::support::process::Installation;
use crate::support::smtp::{Manner, SmtpServer, Stage};
use crate::support::{Backend, database};

#[test]
fn a_mail_server_that_refuses_and_one_without_tls() {
    database::run(Backend::Sqlite, async |backend| {
        let installation =
            async |url: &str| strong(Installation::migrated(backend).await).set("SVC_MAIL__URL", url);
        let server = SmtpServer::start(Manner::Takes).await;
        let examined = Examined::of(&installation(&server.url).await, 0);
        assert_eq!(examined.bad(), [] as [String; 0]);
        examined.has("mail", "ok", "nothing was sent", "");
        assert!(server.taken().is_empty(), "a mail was sent");
        let refusing = SmtpServer::start(Manner::Refuses(Stage::Greeting, 554)).await;
        Examined::of(&installation(&refusing.url).await, 1).finds("mail", "fail", "554", "mail.url");
        let starttls = format!("{}?tls=required", server.url);
        Examined::of(&installation(&starttls).await, 1).finds("mail", "fail", "no STARTTLS", "STARTTLS");
        let away = SmtpServer::start(Manner::IsAway).await;
        Examined::of(&installation(&away.url).await, 1).finds("mail", "fail", "connecting", "host");
    });
}
