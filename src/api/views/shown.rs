use std::marker::PhantomData;

use hyper::body::Bytes;
use poem::http::HeaderValue;
use poem::http::header::CONTENT_TYPE;
use poem::{Body, IntoResponse, Response};
use poem_openapi::ApiResponse;
use poem_openapi::payload::{Json, Payload};
use poem_openapi::registry::{MetaResponses, MetaSchemaRef, Registry};
use poem_openapi::types::{ToJSON, Type};
use serde::Serialize;

use crate::api::problem::Problem;

/// More headers than most responses have: a map of headers that grows moves all that it has.
const HEADERS: usize = 12;

/// JSON like [`Json`], but written directly from the value. `Json` first builds a tree of values, and
/// building, writing and dropping it takes most of the time of a small response. For frequent responses.
pub struct Shown<T>(pub T);

/// Documents payloads as the JSON of their value.
macro_rules! documented_as_json {
    ($($payload:ident),+) => {
        $(impl<T: Type> Payload for $payload<T> {
            const CONTENT_TYPE: &'static str = Json::<T>::CONTENT_TYPE;

            fn check_content_type(content_type: &str) -> bool {
                Json::<T>::check_content_type(content_type)
            }

            fn schema_ref() -> MetaSchemaRef {
                T::schema_ref()
            }

            fn register(registry: &mut Registry) {
                T::register(registry);
            }
        })+
    };
}

documented_as_json!(Shown, Written);

impl<T: Serialize + Send> IntoResponse for Shown<T> {
    fn into_response(self) -> Response {
        poem::web::Json(self.0).into_response()
    }
}

/// [`Shown`] as bytes. A copy of it is cheap, so that it can be kept for the next response.
#[derive(Debug)]
pub struct Written<T> {
    json: Bytes,
    of: PhantomData<fn() -> T>,
}

impl<T: Serialize> Written<T> {
    /// Writes a value.
    pub fn new(value: &T) -> Result<Self, Problem> {
        let json = serde_json::to_vec(value).map_err(|_| Problem::internal())?;
        // It is kept, so without the room that a vector has left.
        Ok(Self { json: json.into_boxed_slice().into(), of: PhantomData })
    }
}

impl<T> Clone for Written<T> {
    fn clone(&self) -> Self {
        Self { json: self.json.clone(), of: PhantomData }
    }
}

impl<T: Type> IntoResponse for Written<T> {
    fn into_response(self) -> Response {
        let mut response = Response::from(Body::from(self.json));
        // Room for the headers of the middleware.
        response.headers_mut().reserve(HEADERS);
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(Self::CONTENT_TYPE));
        response
    }
}

impl<T: ToJSON> ApiResponse for Written<T> {
    fn meta() -> MetaResponses {
        Json::<T>::meta()
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }
}

impl<T: ToJSON> ApiResponse for Shown<T> {
    fn meta() -> MetaResponses {
        Json::<T>::meta()
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }
}
