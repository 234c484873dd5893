use poem::Request;
use poem_openapi::OpenApi;

use crate::api::answers::Done;
use crate::api::bearer::Bearer;
use crate::api::browser::WithCookies;
use crate::api::input::{JsonBody, input};
use crate::api::problem::{Problem, Rejection, refuse};
use crate::api::service::Service;
use crate::api::tags::Tag;
use crate::domain::Password;
use crate::usecases::DeleteMeError;

pub struct DeleteMe;

input! {
    /// The password, as confirmation by the owner of the account.
    pub struct DeleteMeBody {
        /// The current password
        pub password: Password,
    }
}

#[OpenApi(prefix_path = "/api/v1/users/me", tag = "Tag::Me")]
impl DeleteMe {
    /// Delete my account
    ///
    /// Deletes the account and ends all its sessions, and removes the cookies of a log-in with the transport
    /// `cookie`. This cannot be undone.
    #[oai(path = "/", method = "delete", operation_id = "delete_me")]
    async fn delete_me(
        &self,
        service: Service<'_>,
        bearer: Bearer,
        request: &Request,
        body: JsonBody<DeleteMeBody>,
    ) -> Result<WithCookies<Done>, Rejection<DeleteMeError>> {
        service.me.delete.run(&bearer.0, &body.0.password).await?;
        Ok(WithCookies::removed_if_sent(request)?)
    }

    /// Delete my account, by POST
    ///
    /// Does what `delete_me` does, for clients and proxies that send no body with DELETE.
    #[oai(path = "/delete", method = "post", operation_id = "delete_me_by_post")]
    async fn delete_me_by_post(
        &self,
        service: Service<'_>,
        bearer: Bearer,
        request: &Request,
        body: JsonBody<DeleteMeBody>,
    ) -> Result<WithCookies<Done>, Rejection<DeleteMeError>> {
        self.delete_me(service, bearer, request, body).await
    }
}

refuse! {
    DeleteMeError [LastAdmin, RateLimited, Overloaded] {
        WrongPassword => Problem::wrong_password("password"),
        Deleted => Problem::invalid_access_token(),
        LastAdmin => Problem::last_admin(),
    }
}
