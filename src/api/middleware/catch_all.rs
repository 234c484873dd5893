use std::collections::HashMap;
use std::panic::AssertUnwindSafe;

use futures_util::FutureExt as _;
use poem::http::{HeaderValue, Method};
use poem::{IntoResponse, PathPattern, Response};
use poem_openapi::OperationId;
use poem_openapi::registry::MetaApi;

use super::request_id::RequestId;
use crate::api::problem::Problem;

/// The methods of each route, for the `Allow` header of a 405.
pub struct Methods(HashMap<String, Vec<Method>>);

impl Methods {
    /// The methods of all documented routes, by poem's route pattern.
    pub fn of(apis: &[MetaApi]) -> Self {
        let paths = apis.iter().flat_map(|api| &api.paths);
        Self(paths.fold(HashMap::new(), |mut methods, path| {
            let operations = path.operations.iter().map(|operation| operation.method.clone());
            methods.entry(pattern(&path.path)).or_insert_with(Vec::new).extend(operations);
            methods
        }))
    }

    /// The value of `Allow`. An undocumented route serves a file, which can be read.
    fn allow(&self, error: &poem::Error) -> HeaderValue {
        let methods =
            error.data::<PathPattern>().and_then(|PathPattern(pattern)| self.0.get(pattern.as_ref()));
        let mut words: Vec<&str> =
            methods.map_or_else(|| vec!["GET"], |all| all.iter().map(Method::as_str).collect());
        if words.contains(&"GET") {
            words.push("HEAD");
        }
        words.sort_unstable();
        HeaderValue::try_from(words.join(", ")).unwrap_or_else(|_| HeaderValue::from_static(""))
    }
}

/// Converts `/users/{id}` to `/users/:param0`, the pattern of poem's router.
pub fn pattern(path: &str) -> String {
    let mut parameters = (0..).peekable();
    let segments = path.split('/').map(|segment| {
        let number = parameters.next_if(|_| segment.starts_with('{'));
        number.map_or_else(|| segment.to_owned(), |number| format!(":param{number}"))
    });
    segments.collect::<Vec<_>>().join("/")
}

/// Converts every error and every panic to a problem.
pub async fn catch(
    answer: impl Future<Output = poem::Result<impl IntoResponse>>,
    id: &RequestId,
    methods: &Methods,
) -> Response {
    let problem = match AssertUnwindSafe(answer).catch_unwind().await {
        Ok(Ok(answer)) => return answer.into_response(),
        Ok(Err(error)) => {
            let (allow, operation) = (methods.allow(&error), error.data::<OperationId>().copied());
            let mut response = Problem::from_error(error, allow).into_response(id.as_str());
            if let Some(operation) = operation {
                response.set_data(operation);
            }
            return response;
        }
        Err(_) => {
            tracing::error!("request panicked");
            Problem::internal()
        }
    };
    problem.into_response(id.as_str())
}
