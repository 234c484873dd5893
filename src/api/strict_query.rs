use std::collections::HashMap;

use poem::endpoint::BoxEndpoint;
use poem::http::Method;
use poem::{Endpoint, EndpointExt as _, Request, Response};
use poem_openapi::registry::{MetaApi, MetaOperation, MetaParamIn, Registry};
use poem_openapi::{OpenApi, OperationId};

use super::middleware::pattern;
use super::problem::{FieldError, Problem, Violation};

type Routes = HashMap<String, HashMap<Method, BoxEndpoint<'static>>>;

/// An API whose operations refuse query parameters that they do not declare. A misspelled filter would
/// otherwise be ignored, and the list of all users would look like the wanted one.
pub(super) struct StrictQuery<T>(pub T);

impl<T: OpenApi> OpenApi for StrictQuery<T> {
    fn meta() -> Vec<MetaApi> {
        T::meta()
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }

    fn add_routes(self, routes: &mut Routes) {
        self.0.add_routes(routes);
        for path in T::meta().into_iter().flat_map(|api| api.paths) {
            let pattern = pattern(&path.path);
            for operation in &path.operations {
                let endpoints = routes.get_mut(&pattern);
                let found = endpoints.and_then(|endpoints| {
                    let (method, endpoint) = endpoints.remove_entry(&operation.method)?;
                    endpoints.insert(method, Strict::new(operation, endpoint).boxed());
                    Some(())
                });
                // Otherwise the operation would take any parameter, and no test would see it.
                assert!(found.is_some(), "no route for {} {pattern}", operation.method);
            }
        }
    }
}

/// An operation with the names of its query parameters.
struct Strict {
    id: Option<&'static str>,
    names: Vec<String>,
    endpoint: BoxEndpoint<'static>,
}

impl Strict {
    fn new(operation: &MetaOperation, endpoint: BoxEndpoint<'static>) -> Self {
        let query = operation.params.iter().filter(|parameter| parameter.in_type == MetaParamIn::Query);
        let names = query.map(|parameter| parameter.name.clone()).collect();
        Self { id: operation.operation_id, names, endpoint }
    }

    /// The error of each undeclared name, once per name.
    fn unknown(&self, query: &str) -> Vec<FieldError> {
        let mut errors = Vec::new();
        for (name, _) in url::form_urlencoded::parse(query.as_bytes()) {
            if !self.names.iter().any(|known| *known == name) {
                errors.push(Violation::unknown_parameter(&self.names).about(&name));
            }
        }
        errors.sort_by(|one, other| one.pointer.cmp(&other.pointer));
        errors.dedup();
        errors
    }
}

impl Endpoint for Strict {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        let errors = request.uri().query().map(|query| self.unknown(query)).unwrap_or_default();
        if errors.is_empty() {
            return self.endpoint.call(request).await;
        }
        let mut error = poem::Error::from(Problem::wrong_values(errors));
        if let Some(id) = self.id {
            error.set_data(OperationId(id));
        }
        Err(error)
    }
}
