use std::collections::BTreeMap;

use crate::domain::{Languages, Locale, words};

words! {
    /// A page behind a link in a mail, with the name of its template.
    #[derive(PartialOrd, Ord)]
    pub enum AccountPage {
        /// Verifies an email address.
        VerifyEmail = "verify_email",
        /// Confirms a new email address.
        ConfirmEmail = "confirm_email",
        /// Sets a new password.
        ResetPassword = "reset_password",
        /// Sets the first password.
        AcceptInvitation = "accept_invitation",
    }
}

impl AccountPage {
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
