use std::sync::Arc;

use poem::http::header::ACCEPT_LANGUAGE;
use poem::{FromRequest, Request, RequestBody};

use crate::domain::{Languages, Locale};

/// The language of mails that a client prefers, if there is one.
pub struct AcceptedLanguage(pub Option<Locale>);

impl<'a> FromRequest<'a> for AcceptedLanguage {
    async fn from_request(request: &'a Request, _: &mut RequestBody) -> poem::Result<Self> {
        let header = request.headers().get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        let languages = request.data::<Arc<Languages>>();
        let found = languages.zip(header).and_then(|(languages, header)| languages.preferred(header));
        Ok(Self(found.cloned()))
    }
}
