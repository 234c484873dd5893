use std::collections::HashMap;
use std::marker::PhantomData;
use std::sync::Arc;

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
pub(super) struct StrictQuery<T> {
    routes: Routes,
    api: PhantomData<fn() -> T>,
}

/// The operations without parameters in their path or query, by path. They are found without the router,
/// whose steps cost a request more than most of these operations do.
pub(super) struct PlainRoutes(HashMap<String, Vec<(Method, Arc<Strict>)>>);

impl<T: OpenApi> StrictQuery<T> {
    /// The API, and its plain routes, which it has too.
    pub fn new(api: T) -> (Self, PlainRoutes) {
        let (mut routes, mut plain) = (Routes::new(), PlainRoutes(HashMap::new()));
        api.add_routes(&mut routes);
        for path in T::meta().into_iter().flat_map(|api| api.paths) {
            let pattern = pattern(&path.path);
            for operation in &path.operations {
                let endpoints = routes.get_mut(&pattern);
                let found = endpoints.and_then(|endpoints| {
                    let (method, endpoint) = endpoints.remove_entry(&operation.method)?;
                    let strict = Arc::new(Strict::new(operation, endpoint));
                    plain.add(&pattern, &method, &strict);
                    endpoints.insert(method, strict.boxed());
                    Some(())
                });
                // Otherwise the operation would take any parameter, and no test would see it.
                assert!(found.is_some(), "no route for {} {pattern}", operation.method);
            }
        }
        (Self { routes, api: PhantomData }, plain)
    }
}

impl<T: OpenApi> OpenApi for StrictQuery<T> {
    fn meta() -> Vec<MetaApi> {
        T::meta()
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }

    fn add_routes(self, routes: &mut Routes) {
        routes.extend(self.routes);
    }
}

impl PlainRoutes {
    /// The endpoint of a request. `None` for a request that needs the router, such as `HEAD`.
    pub fn find(&self, request: &Request) -> Option<&Strict> {
        let operations = self.0.get(request.uri().path())?;
        operations.iter().find(|(method, _)| method == request.method()).map(|(_, operation)| &**operation)
    }

    fn add(&mut self, pattern: &str, method: &Method, operation: &Arc<Strict>) {
        // The API reads the query for operations that declare parameters, before its router.
        if !pattern.contains(':') && operation.names.is_empty() {
            self.0.entry(pattern.to_owned()).or_default().push((method.clone(), Arc::clone(operation)));
        }
    }
}

/// An operation with the names of its query parameters.
pub(super) struct Strict {
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
