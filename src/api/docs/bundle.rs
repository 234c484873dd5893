//! The scripts of Swagger UI and Redoc. poem-openapi embeds them, but offers them only inside pages with
//! inline scripts, which a strict content security policy does not allow.

use std::borrow::Cow;

use poem_openapi::OpenApiService;

/// The script of Swagger UI.
pub fn swagger_script() -> Cow<'static, str> {
    element("script", &empty().swagger_ui_html()).into()
}

/// The style sheet of Swagger UI.
pub fn swagger_style() -> Cow<'static, str> {
    element("style", &empty().swagger_ui_html()).into()
}

/// The script of Redoc.
pub fn redoc_script() -> Cow<'static, str> {
    element("script", &empty().redoc_html()).into()
}

fn empty() -> OpenApiService<(), ()> {
    OpenApiService::new((), "", "")
}

/// The content of the element with a library, the only one of its kind with a `charset`.
fn element(name: &str, page: &str) -> String {
    let (open, close) = (format!("<{name} charset=\"UTF-8\">"), format!("</{name}>"));
    let (_, rest) = page.split_once(&open).unwrap_or_default();
    rest.split_once(&close).unwrap_or_default().0.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_library_is_found_whole() {
        assert!(swagger_script().len() > 1_000_000 && swagger_script().contains("SwaggerUIBundle"));
        assert!(swagger_style().len() > 100_000 && swagger_style().contains(".swagger-ui"));
        assert!(redoc_script().len() > 900_000 && redoc_script().contains("Redoc"));
    }
}
