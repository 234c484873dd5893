//! The list of use cases of a folder.

/// Makes `UseCases` of a folder of a list: each use case, by the name of its file, with the fields that it
/// takes from `Shared` or `Ports`.
macro_rules! use_cases {
    ($($file:ident: $use_case:ident { $($field:ident),+ },)+) => {
        /// The use cases of this folder.
        pub struct UseCases {
            $(pub $file: $use_case,)+
        }

        impl UseCases {
            pub(super) fn new(shared: &$crate::usecases::shared::Shared) -> Self {
                Self { $($file: $use_case { $($field: shared.$field.clone()),+ },)+ }
            }
        }
    };
}
pub(super) use use_cases;
