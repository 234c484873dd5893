use poem::{FromRequest, Request, RequestBody};

use super::settings::Middleware;

/// The path of the public URL, without a slash at the end. A proxy in front removes it from the paths of
/// requests, so a path in a response begins with it.
pub struct BasePath<'a>(pub &'a str);

impl<'a> FromRequest<'a> for BasePath<'a> {
    async fn from_request(request: &'a Request, _: &mut RequestBody) -> poem::Result<Self> {
        Ok(Self(&Middleware::of(request)?.base_path))
    }
}
