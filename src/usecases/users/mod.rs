//! Operating on any user. `update` is the change that the HTTP API and the command line share.

mod create;
mod delete;
mod list;
mod lock;
mod plan;
mod rename;
mod set_metadata;
mod set_password;
mod set_role;
mod show;
mod show_details;
mod unlock;
pub(super) mod update;
mod verify_email;

use super::use_cases::use_cases;
pub use create::{CreateUser, CreateUserError, Credential, ImportedHash};
pub use delete::{DeleteUser, DeleteUserError};
pub use list::{ListUsers, PageRequest};
pub use lock::LockUser;
pub use plan::{PlanUserChange, PlanUserChangeError, PlannedChange, UserChangePlan};
pub use rename::RenameUser;
pub use set_metadata::{MetadataOf, SetUserMetadata};
pub use set_password::{SetUserPassword, SetUserPasswordError};
pub use set_role::SetUserRole;
pub use show::{ShowUser, ShowUserError};
pub use show_details::{ShowUserDetails, ShowUserDetailsError, UserDetails};
pub use unlock::UnlockUser;
pub use update::{UpdateUser, UpdateUserError, UserChanges};
pub use verify_email::{VerifyUserEmail, VerifyUserEmailError};

use_cases! {
    create: CreateUser { store, hasher, accounts, guard, registration_mode },
    delete: DeleteUser { store, journal },
    list: ListUsers { store },
    lock: LockUser { update_user },
    plan: PlanUserChange { store, clock },
    rename: RenameUser { update_user },
    set_metadata: SetUserMetadata { update_user },
    set_password: SetUserPassword { store, hasher, journal },
    set_role: SetUserRole { update_user },
    show: ShowUser { cache },
    show_details: ShowUserDetails { store, clock },
    unlock: UnlockUser { update_user },
    update: UpdateUser { store, journal },
    verify_email: VerifyUserEmail { store, journal },
}
