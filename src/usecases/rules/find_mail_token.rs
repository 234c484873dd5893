use crate::domain::MailToken;
use crate::ports::{MailTokens, Store, StoreError};

/// Finds the record of a presented token, under whichever secret key in use it was issued.
pub(in crate::usecases) async fn find_mail_token(
    tokens: &dyn MailTokens,
    store: &dyn Store,
    presented: &str,
) -> Result<Option<MailToken>, StoreError> {
    for digest in tokens.digests(presented) {
        if let Some(token) = store.mail_tokens().find(digest).await? {
            return Ok(Some(token));
        }
    }
    Ok(None)
}
