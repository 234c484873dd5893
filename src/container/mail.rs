//! The adapters for mail: templates and delivery.

use std::sync::Arc;

use super::error::BuildError;
use crate::adapters::mail::templates::{JinjaMailTemplates, LinkTargets, MailTextSettings};
use crate::adapters::mail::{
    FolderMailer, LogMailer, Sender, SmtpLogin, SmtpMailer, SmtpSecurity, SmtpSettings,
};
use crate::adapters::templates::TemplatesError;
use crate::config::{MailUrl, Settings, SmtpTls, SmtpUrl};
use crate::ports::Mailer;
use crate::telemetry::metrics::MailCounts;
use crate::usecases::Ports;
use crate::worker::handlers::MailPorts;

/// The configured templates. Those of a folder are each rendered once as a check.
pub(super) fn mail_templates(settings: &Settings) -> Result<JinjaMailTemplates, BuildError> {
    let links = &settings.mail.links;
    let texts = MailTextSettings {
        public_url: settings.server.public_url.clone(),
        service: settings.service.name.clone(),
        language: settings.service.language.clone(),
        links: LinkTargets {
            verify_email: links.verify_email.clone(),
            reset_password: links.reset_password.clone(),
            confirm_email: links.confirm_email.clone(),
            invitation: links.invitation.clone(),
        },
    };
    let folder = settings.mail.templates.as_deref();
    JinjaMailTemplates::new(texts, folder).map_err(|error| match error {
        TemplatesError::Language(reason) => BuildError::Language(reason),
        TemplatesError::Template(reason) => BuildError::JinjaMailTemplates(reason),
    })
}

fn sender(settings: &Settings) -> Result<Sender, BuildError> {
    let sender = Sender::parse(&settings.mail.from).map_err(BuildError::Mail)?;
    Ok(sender.or_named(settings.service.name.as_deref()))
}

pub(super) fn build_mail(
    settings: &Settings,
    ports: &Ports,
    templates: JinjaMailTemplates,
    mailer: Option<Arc<dyn Mailer>>,
    smtp: Option<Arc<SmtpMailer>>,
    counts: Arc<MailCounts>,
) -> Result<MailPorts, BuildError> {
    let mailer = match (mailer, smtp) {
        (Some(mailer), _) => mailer,
        (None, Some(smtp)) => smtp,
        (None, None) => build_mailer(settings, ports)?,
    };
    Ok(MailPorts {
        store: ports.store.clone(),
        tokens: ports.mail_tokens.clone(),
        templates: Arc::new(templates),
        mailer,
        clock: ports.clock.clone(),
        counts,
    })
}

fn build_mailer(settings: &Settings, ports: &Ports) -> Result<Arc<dyn Mailer>, BuildError> {
    let sender = sender(settings)?;
    Ok(match &settings.mail.url {
        MailUrl::Dir(folder) => {
            Arc::new(FolderMailer::new(folder.clone(), sender, ports.clock.clone(), ports.ids.clone()))
        }
        MailUrl::Log | MailUrl::Smtp(_) => Arc::new(LogMailer::new(sender)),
    })
}

/// Returns `None` if no mail server is configured. `hello` is the name of this service in `EHLO`.
pub(super) fn build_smtp(settings: &Settings, hello: &str) -> Result<Option<Arc<SmtpMailer>>, BuildError> {
    let MailUrl::Smtp(SmtpUrl { host, port, tls, login }) = &settings.mail.url else { return Ok(None) };
    let sender = sender(settings)?;
    let smtp = SmtpSettings {
        host: host.clone(),
        port: *port,
        security: match tls {
            SmtpTls::Implicit => SmtpSecurity::Implicit,
            SmtpTls::Required => SmtpSecurity::Required,
            SmtpTls::Opportunistic => SmtpSecurity::Opportunistic,
            SmtpTls::None => SmtpSecurity::None,
        },
        login: login.clone().map(|(user, password)| SmtpLogin { user, password }),
        hello: hello.to_owned(),
    };
    SmtpMailer::new(smtp, sender).map(|smtp| Some(Arc::new(smtp))).map_err(BuildError::Mail)
}
