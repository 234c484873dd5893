use std::sync::Arc;

use hyper::body::Bytes;
use poem::error::ReadBodyError;
use poem::http::header::{CONTENT_ENCODING, CONTENT_LENGTH};
use poem::{Request, RequestBody};
use poem_openapi::registry::{MetaMediaType, MetaRequest, MetaSchema, MetaSchemaRef, Registry};
use poem_openapi::{ApiExtractor, ApiExtractorType, ExtractParamOptions};
use serde_json::{Map, Value};

use super::field::Field;
use super::json::Members;
use crate::api::budget::{Budget, Flight};
use crate::api::middleware::Middleware;
use crate::api::problem::{FieldCode, Problem, Violation};

const JSON: &str = "application/json";

/// A JSON object in a request body. Declared by `input!`, never by hand.
pub trait Input: Sized + Send {
    /// The name of the schema.
    const NAME: &'static str;
    /// The description of the body for the documentation.
    const ABOUT: &'static str;

    /// The bytes that the body may have in addition to `limits.body_bytes`.
    const ROOM: usize;

    /// The members, in order.
    fn fields() -> Vec<Declared>;

    /// Reads all members, so that every error is reported. Returns `None` if any is invalid.
    fn read(members: &mut Members) -> Option<Self>;
}

/// A member of a body, as the documentation describes it.
pub struct Declared {
    name: &'static str,
    required: bool,
    schema: MetaSchema,
}

impl Declared {
    /// A member of type `T`.
    #[must_use]
    pub fn of<T: Field>(name: &'static str, about: &'static str) -> Self {
        let schema = MetaSchema { description: Some(about), ..T::schema() };
        Self { name, required: T::REQUIRED, schema }
    }
}

/// The request body as an [`Input`]: JSON, limited in size, with all invalid values reported together.
#[derive(Debug)]
pub struct JsonBody<T>(pub T);

impl<'a, T: Input> ApiExtractor<'a> for JsonBody<T> {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::RequestObject];

    type ParamType = ();
    type ParamRawType = ();

    fn register(registry: &mut Registry) {
        registry.create_schema::<Self, _>(T::NAME.to_owned(), |_| schema::<T>());
    }

    fn request_meta() -> Option<MetaRequest> {
        let schema = MetaSchemaRef::Reference(T::NAME.to_owned());
        let content = vec![MetaMediaType { content_type: JSON, schema }];
        Some(MetaRequest { description: None, content, required: true })
    }

    async fn from_request(
        request: &'a Request,
        body: &mut RequestBody,
        _: ExtractParamOptions<()>,
    ) -> poem::Result<Self> {
        if !is_plain_json(request) {
            return Err(Problem::unsupported_media_type().into());
        }
        let bytes = bytes(request, body, T::ROOM).await?;
        Ok(read(&bytes, Middleware::of(request)?).map(Self)?)
    }
}

/// Reads a request body up to the limit, and `room` bytes more, for which there has to be memory.
pub async fn bytes(request: &Request, body: &mut RequestBody, room: usize) -> poem::Result<Bytes> {
    let small = Middleware::of(request)?.body_limit;
    let limit = small + room;
    let too_large = || Problem::payload_too_large(limit);
    // Before any of it is read: a client that waits for `100 Continue` then does not send it.
    let length = request.headers().get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    if length.is_some_and(|length: u64| length > limit as u64) {
        return Err(too_large().into());
    }
    // A body of unknown length may be as large as the limit.
    let is_small = length.is_some_and(|length: u64| length <= small as u64);
    if room > 0 && !is_small && !has_memory(request, Budget::requests_of(room, small)) {
        return Err(Problem::overloaded().into());
    }
    match body.take()?.into_bytes_limit(limit).await {
        Ok(bytes) => Ok(bytes),
        Err(ReadBodyError::PayloadTooLarge) => Err(too_large().into()),
        Err(error) => Err(error.into()),
    }
}

/// Counts the request as this many more, because its body is larger than those of others. Returns false if
/// there is no memory for it.
fn has_memory(request: &Request, more: usize) -> bool {
    request.data::<Arc<Flight>>().is_none_or(|flight| flight.widen(more))
}

/// A compressed body is not accepted: decompression would need a second limit.
fn is_plain_json(request: &Request) -> bool {
    let media_type = request.content_type().and_then(|value| value.split(';').next());
    media_type.is_some_and(|media_type| media_type.trim().eq_ignore_ascii_case(JSON))
        && !request.headers().contains_key(CONTENT_ENCODING)
}

fn read<T: Input>(bytes: &[u8], middleware: &Middleware) -> Result<T, Problem> {
    let Ok(members) = Members::of(bytes, middleware.password_policy) else {
        return Err(Problem::malformed_body());
    };
    let Some(mut members) = members else {
        let violation = Violation::new(FieldCode::WrongType, "expected an object");
        return Err(Problem::wrong_values(vec![violation.about_everything()]));
    };
    let input = T::read(&mut members);
    let errors = members.into_errors();
    input.filter(|_| errors.is_empty()).ok_or_else(|| Problem::wrong_values(errors))
}

fn schema<T: Input>() -> MetaSchema {
    let mut schema = MetaSchema { description: Some(T::ABOUT), ..MetaSchema::new("object") };
    let mut example = Map::new();
    for Declared { name, required, schema: field } in T::fields() {
        if required {
            schema.required.push(name);
        }
        example.insert(name.to_owned(), field.example.clone().unwrap_or(Value::Null));
        schema.properties.push((name, MetaSchemaRef::Inline(Box::new(field))));
    }
    MetaSchema { example: Some(example.into()), ..schema }
}
