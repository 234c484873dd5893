use std::sync::Arc;

use crate::domain::{DisplayName, Email, Locale, Metadata, NewPassword, PasswordHash, RegistrationRequest};
use crate::ports::{Clock, MailTokens, Store};
use crate::usecases::failure::Failure;
use crate::usecases::rules::random_pause::RandomPause;

/// The user to create.
#[derive(Debug)]
pub struct Registration {
    /// The email address.
    pub email: Email,
    /// The password.
    pub password: NewPassword,
    /// The name.
    pub name: Option<DisplayName>,
    /// The language.
    pub locale: Option<Locale>,
    /// The metadata that the user writes.
    pub metadata: Metadata,
}

/// Records requests to register without looking up an account.
///
/// Every email address costs the same single statement. A worker looks up the account after a random pause,
/// so neither this request nor the ones after it reveal whether there is an account.
#[derive(Clone)]
pub struct RegistrationRecorder {
    pub(in crate::usecases) store: Arc<dyn Store>,
    pub(in crate::usecases) mail_tokens: Arc<dyn MailTokens>,
    pub(in crate::usecases) clock: Arc<dyn Clock>,
    pub(in crate::usecases) pause: RandomPause,
}

impl RegistrationRecorder {
    /// Records a request, unless an earlier one for the email address waits.
    pub(super) async fn record(
        &self,
        registration: Registration,
        password_hash: PasswordHash,
        may_mail: bool,
    ) -> Result<(), Failure> {
        let requested_at = self.clock.now();
        let Registration { email, password: _, name, locale, metadata } = registration;
        let digest = self.mail_tokens.registration_digest(&email);
        let request = RegistrationRequest {
            digest,
            email,
            password_hash,
            name,
            locale,
            metadata,
            may_mail,
            requested_at,
        };
        let due_at = requested_at.plus(self.pause.draw());
        Ok(self.store.registration_requests().record(&request, due_at).await?)
    }
}
