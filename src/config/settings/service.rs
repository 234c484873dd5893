use std::path::PathBuf;

use crate::domain::Locale;

/// What the service is called, and how it speaks to people.
#[derive(Clone, Debug)]
pub struct ServiceSettings {
    /// The name of the application in mails and on pages; `None` for the host of the public URL.
    pub name: Option<String>,
    /// The file with the logo on pages.
    pub logo: Option<PathBuf>,
    /// The language for users whose language is unknown.
    pub language: Locale,
}

/// The pages behind the links in mails.
#[derive(Clone, Debug)]
pub struct AccountSettings {
    /// Where a page leads when it is done.
    pub return_url: Option<String>,
    /// The folder of the operator's templates.
    pub templates: Option<PathBuf>,
}

/// Where the links of mails lead; `None` for a page of this service.
#[derive(Clone, Debug)]
pub struct MailLinkSettings {
    /// To verify an email address.
    pub verify_email: Option<String>,
    /// To set a new password.
    pub reset_password: Option<String>,
    /// To confirm a new email address.
    pub confirm_email: Option<String>,
    /// To set the first password.
    pub invitation: Option<String>,
}
