use crate::adapters::templates::Embedded;

/// Makes the embedded templates of a list of languages and a list of pages.
macro_rules! pages {
    ([$($language:literal),+], $pages:tt) => {
        /// The embedded templates of pages.
        pub(super) const EMBEDDED: &Embedded = &Embedded {
            shared: &[("base.html", include_str!("../../../config/pages/base.html"))],
            languages: &[$(($language, pages!(@files $language, $pages))),+],
            texts: pages!(@texts $pages),
        };
    };
    (@files $language:literal, [$($page:literal),+]) => {
        &[$((
            concat!($page, ".html"),
            include_str!(concat!("../../../config/pages/", $language, "/", $page, ".html")),
        )),+]
    };
    (@texts [$($page:literal),+]) => {
        &[$(($page, &[concat!($page, ".html")])),+]
    };
}

pages!(["en", "de"], ["layout", "verify_email", "confirm_email", "reset_password", "accept_invitation"]);
