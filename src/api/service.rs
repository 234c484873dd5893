use std::sync::Arc;

use poem::web::Data;

use crate::usecases::UseCases;

/// What an endpoint calls: everything the service does.
pub type Service<'a> = Data<&'a Arc<UseCases>>;
