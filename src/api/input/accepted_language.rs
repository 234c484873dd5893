use poem::http::header::ACCEPT_LANGUAGE;
use poem::{FromRequest, Request, RequestBody};

use crate::api::service::Service;
use crate::domain::Locale;

/// The language of mails that a client prefers, if there is one.
pub struct AcceptedLanguage(pub Option<Locale>);

impl<'a> FromRequest<'a> for AcceptedLanguage {
    async fn from_request(request: &'a Request, _: &mut RequestBody) -> poem::Result<Self> {
        let header = request.headers().get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        let languages = Service::of(request)?.languages();
        Ok(Self(header.and_then(|header| languages.preferred(header)).cloned()))
    }
}
