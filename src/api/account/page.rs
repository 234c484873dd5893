use std::collections::BTreeMap;

use hyper::body::Bytes;
use poem::http::HeaderValue;
use poem::http::header::{ACCEPT_LANGUAGE, CONTENT_LANGUAGE, VARY};
use poem::{Endpoint, Request, Response};
use url::form_urlencoded;

use super::file::response;
use crate::api::kind::Kind;
use crate::domain::{Languages, Locale};
use crate::ports::{AccountPage, AccountPages};

/// A page in each language.
pub(super) struct Page {
    languages: Languages,
    /// The HTML by the language that was asked for, with the language that it is written in.
    texts: BTreeMap<Locale, (Locale, Bytes)>,
}

impl Page {
    pub fn new(page: AccountPage, pages: &AccountPages) -> Self {
        let of_page = pages.pages.iter().filter(|((other, _), _)| *other == page);
        let texts = of_page.map(|((_, language), (written, text))| {
            (language.clone(), (written.clone(), Bytes::from(text.clone())))
        });
        Self { languages: pages.languages.clone(), texts: texts.collect() }
    }

    /// The language of a request: that of its query, as links have it, else one that the browser asks for.
    fn language(&self, request: &Request) -> &Locale {
        let query = request.uri().query().unwrap_or_default();
        let named = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "lang");
        let named = named.and_then(|(_, tag)| Locale::parse(&tag).ok());
        let header = request.headers().get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        let found = named.and_then(|tag| self.languages.find(&tag));
        let preferred = || header.and_then(|header| self.languages.preferred(header));
        found.or_else(preferred).unwrap_or(self.languages.default_language())
    }
}

impl Endpoint for Page {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        let language = self.language(&request);
        let (written, text) = self.texts.get(language).ok_or(poem::error::NotFoundError)?;
        let mut response = response(Kind::Page, "text/html; charset=utf-8", text.clone());
        let headers = response.headers_mut();
        headers.append(VARY, HeaderValue::from_static("Accept-Language"));
        if let Ok(value) = HeaderValue::from_str(written.as_str()) {
            headers.insert(CONTENT_LANGUAGE, value);
        }
        Ok(response)
    }
}
