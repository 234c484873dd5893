/// Declares the view of a page: its documentation, the domain type of its items, and the documentation and
/// the view of one.
macro_rules! page {
    ($(#[$about:meta])+ pub struct $page:ident of $item:ty { $(#[$items:meta])+ $view:ident }) => {
        $(#[$about])+
        pub struct $page {
            $(#[$items])+
            items: Vec<$view>,
            /// Value of `cursor` for the next page; null on the last page
            next_cursor: $crate::api::views::nullable::Nullable<String>,
        }

        impl From<&$crate::usecases::Page<$item>> for $page {
            fn from(page: &$crate::usecases::Page<$item>) -> Self {
                let next = page.next.map(|last| $crate::api::input::Cursor(last).encode());
                Self {
                    items: page.items.iter().map($view::from).collect(),
                    next_cursor: $crate::api::views::nullable::Nullable(next),
                }
            }
        }

        impl poem_openapi::types::Example for $page {
            fn example() -> Self {
                let next_cursor = $crate::api::views::nullable::Nullable(None);
                Self { items: vec![<$view as poem_openapi::types::Example>::example()], next_cursor }
            }
        }
    };
}
pub(in crate::api) use page;
