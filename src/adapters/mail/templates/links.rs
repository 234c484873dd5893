use crate::domain::Locale;
use crate::ports::{AccountPage, MailTopic};

/// Where the links of mails lead: to pages of this service, or to places in the application, whose URL has
/// `{token}` and may have `{language}`.
#[derive(Clone, Debug, Default)]
pub struct LinkTargets {
    /// To verify an email address.
    pub verify_email: Option<String>,
    /// To set a new password.
    pub reset_password: Option<String>,
    /// To confirm a new email address.
    pub confirm_email: Option<String>,
    /// To set the first password.
    pub invitation: Option<String>,
}

impl LinkTargets {
    /// The link of a mail; empty for a mail without one.
    pub(super) fn to(&self, topic: &MailTopic, public_url: &str, language: &Locale, token: &str) -> String {
        let (target, page) = match topic {
            MailTopic::VerifyEmail(_) => (&self.verify_email, AccountPage::VerifyEmail),
            MailTopic::ResetPassword(_) => (&self.reset_password, AccountPage::ResetPassword),
            MailTopic::ConfirmEmail(_) => (&self.confirm_email, AccountPage::ConfirmEmail),
            MailTopic::Invitation(_) => (&self.invitation, AccountPage::AcceptInvitation),
            MailTopic::EmailChangeRequested { .. }
            | MailTopic::EmailChanged { .. }
            | MailTopic::PasswordChanged
            | MailTopic::GuessingDetected
            | MailTopic::RegistrationRepeated
            | MailTopic::SessionReuseDetected => return String::new(),
        };
        match target {
            Some(url) => url.replace("{token}", token).replace("{language}", language.as_str()),
            None => format!("{public_url}/account/{}?lang={language}#token={token}", page.path()),
        }
    }
}
