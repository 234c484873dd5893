//! The adapters for mail: templates and delivery.

use std::sync::Arc;

use super::BuildError;
use crate::adapters::mail::templates::JinjaMailTemplates;
use crate::adapters::mail::{
    FolderMailer, LogMailer, Sender, SmtpLogin, SmtpMailer, SmtpSecurity, SmtpSettings,
};
use crate::config::{MailUrl, Settings, SmtpTls, SmtpUrl};
use crate::ports::Mailer;
use crate::usecases::Ports;
use crate::worker::handlers::MailPorts;

/// The configured templates, each rendered once as a check.
pub(super) fn mail_templates(settings: &Settings) -> Result<JinjaMailTemplates, BuildError> {
    let folder = settings.mail.templates.as_deref();
    JinjaMailTemplates::new(&settings.server.public_url, folder).map_err(BuildError::JinjaMailTemplates)
}

pub(super) fn build_mail(
    settings: &Settings,
    ports: &Ports,
    letters: JinjaMailTemplates,
    mailer: Option<Arc<dyn Mailer>>,
) -> Result<MailPorts, BuildError> {
    let mailer = match mailer {
        Some(mailer) => mailer,
        None => build_mailer(settings, ports, letters.host())?,
    };
    Ok(MailPorts {
        store: ports.store.clone(),
        tokens: ports.mail_tokens.clone(),
        letters: Arc::new(letters),
        mailer,
        clock: ports.clock.clone(),
    })
}

fn build_mailer(settings: &Settings, ports: &Ports, host: &str) -> Result<Arc<dyn Mailer>, BuildError> {
    let sender = Sender::parse(&settings.mail.from).map_err(BuildError::Mail)?;
    Ok(match &settings.mail.url {
        MailUrl::Dir(folder) => {
            Arc::new(FolderMailer::new(folder.clone(), sender, ports.clock.clone(), ports.ids.clone()))
        }
        MailUrl::Log => Arc::new(LogMailer::new(sender)),
        MailUrl::Smtp(SmtpUrl { host: server, port, tls, login }) => {
            let smtp = SmtpSettings {
                host: server.clone(),
                port: *port,
                security: match tls {
                    SmtpTls::Implicit => SmtpSecurity::Implicit,
                    SmtpTls::Required => SmtpSecurity::Required,
                    SmtpTls::Opportunistic => SmtpSecurity::Opportunistic,
                    SmtpTls::None => SmtpSecurity::None,
                },
                login: login.clone().map(|(user, password)| SmtpLogin { user, password }),
                hello: host.to_owned(),
            };
            Arc::new(SmtpMailer::new(smtp, sender).map_err(BuildError::Mail)?)
        }
    })
}
