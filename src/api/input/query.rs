use poem::{Request, RequestBody};
use poem_openapi::registry::{MetaParamIn, MetaSchema, MetaSchemaRef, Registry};
use poem_openapi::{ApiExtractor, ApiExtractorType, ExtractParamOptions};

use super::field::Text;
use crate::api::middleware::Middleware;
use crate::api::problem::{FieldCode, FieldError, Violation};

/// An optional query parameter. Extracting it never fails: it contains its error, so that `checked!` can
/// report all errors together.
#[derive(Debug)]
pub struct Checked<T>(Result<Option<T>, FieldError>);

impl<T> Checked<T> {
    /// The value, if it is present and valid. An error is added to `errors`.
    pub fn or_note(self, errors: &mut Vec<FieldError>) -> Option<T> {
        self.0.unwrap_or_else(|error| {
            errors.push(error);
            None
        })
    }
}

/// Converts several [`Checked`] parameters to a tuple of options, or to one problem with all their errors:
/// `let (limit, role) = checked!(limit, role)?;`
macro_rules! checked {
    ($($parameter:ident),+ $(,)?) => {{
        let mut errors = Vec::new();
        let values = ($($parameter.or_note(&mut errors),)+);
        if errors.is_empty() { Ok(values) } else { Err($crate::api::problem::Problem::wrong_values(errors)) }
    }};
}
pub(crate) use checked;

impl<'a, T: Text + Send> ApiExtractor<'a> for Checked<T> {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::Parameter];

    type ParamType = ();
    type ParamRawType = ();

    fn register(_: &mut Registry) {}

    fn param_in() -> Option<MetaParamIn> {
        Some(MetaParamIn::Query)
    }

    fn param_schema_ref() -> Option<MetaSchemaRef> {
        // Without the example: Swagger UI would send it as a filter, and so hide results.
        Some(MetaSchemaRef::Inline(Box::new(MetaSchema { example: None, ..T::schema() })))
    }

    async fn from_request(
        request: &'a Request,
        _: &mut RequestBody,
        options: ExtractParamOptions<()>,
    ) -> poem::Result<Self> {
        let query = request.uri().query().unwrap_or_default();
        let mut values = url::form_urlencoded::parse(query.as_bytes())
            .filter(|(name, _)| name == options.name)
            .map(|(_, value)| value);
        let read = match (values.next(), values.next()) {
            (None, _) => Ok(None),
            (Some(value), None) => T::parse(&value, Middleware::of(request)?.password_policy).map(Some),
            (Some(_), Some(_)) => {
                Err(Violation::new(FieldCode::Malformed, "expected this parameter only once"))
            }
        };
        Ok(Self(read.map_err(|violation| violation.about(options.name))))
    }
}
