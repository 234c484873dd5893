use std::sync::Arc;

use poem::web::Data;

use crate::usecases::UseCases;

/// The argument of an endpoint that gives access to the use cases.
pub type Service<'a> = Data<&'a Arc<UseCases>>;
