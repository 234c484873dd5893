use std::collections::BTreeMap;

use crate::domain::{Languages, Locale};

/// A page behind a link in a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AccountPage {
    /// Verifies an email address.
    VerifyEmail,
    /// Confirms a new email address.
    ConfirmEmail,
    /// Sets a new password.
    ResetPassword,
    /// Sets the first password.
    AcceptInvitation,
}

impl AccountPage {
    /// All pages.
    pub const ALL: [Self; 4] =
        [Self::VerifyEmail, Self::ConfirmEmail, Self::ResetPassword, Self::AcceptInvitation];

    /// The last segment of its path.
    #[must_use]
    pub const fn path(self) -> &'static str {
        match self {
            Self::VerifyEmail => "verify-email",
            Self::ConfirmEmail => "confirm-email",
            Self::ResetPassword => "reset-password",
            Self::AcceptInvitation => "accept-invitation",
        }
    }

    /// The name of its template.
    #[must_use]
    pub const fn template(self) -> &'static str {
        match self {
            Self::VerifyEmail => "verify_email",
            Self::ConfirmEmail => "confirm_email",
            Self::ResetPassword => "reset_password",
            Self::AcceptInvitation => "accept_invitation",
        }
    }
}

/// The pages behind the links in mails, rendered in each language.
#[derive(Clone, Debug)]
pub struct AccountPages {
    /// The languages of the pages.
    pub languages: Languages,
    /// The HTML of each page in each language, with the language that it is written in.
    pub pages: BTreeMap<(AccountPage, Locale), (Locale, String)>,
    /// The logo of the application.
    pub logo: Option<Logo>,
}

/// An image.
#[derive(Clone, Debug)]
pub struct Logo {
    /// The media type.
    pub content_type: &'static str,
    /// The content of the file.
    pub bytes: Vec<u8>,
}
