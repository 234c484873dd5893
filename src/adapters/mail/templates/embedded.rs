use crate::adapters::templates::Embedded;

/// Embeds the files of each language: those of every mail, and those around and in them.
macro_rules! embedded {
    ([$($language:literal),+], $mails:tt) => {
        &[$(($language, embedded!(@files $language, $mails))),+]
    };
    (@files $language:literal, [$($mail:literal),+]) => {
        &[
            $(
                embedded!(@file $language, $mail, ".subject"),
                embedded!(@file $language, $mail, ".txt"),
                embedded!(@file $language, $mail, ".html"),
            )+
            embedded!(@file $language, "layout", ".txt"),
            embedded!(@file $language, "layout", ".html"),
            embedded!(@file $language, "date", ".txt"),
        ]
    };
    (@file $language:literal, $name:literal, $ending:literal) => {
        (
            concat!($name, $ending),
            include_str!(concat!("../../../../config/mail/", $language, "/", $name, $ending)),
        )
    };
}

/// Makes the embedded templates of a list of languages and a list of mails.
macro_rules! mails {
    ($languages:tt, [$($mail:literal),+ $(,)?]) => {
        /// The embedded templates of mails.
        pub(super) const EMBEDDED: &Embedded = &Embedded {
            shared: &[
                ("base.txt", include_str!("../../../../config/mail/base.txt")),
                ("base.html", include_str!("../../../../config/mail/base.html")),
            ],
            languages: embedded!($languages, [$($mail),+]),
            texts: &[
                ("layout", &["layout.txt", "layout.html"]),
                ("date", &["date.txt"]),
                $(($mail, &[concat!($mail, ".subject"), concat!($mail, ".txt"), concat!($mail, ".html")])),+
            ],
        };
    };
}

mails!(
    ["en", "de"],
    [
        "verify_email",
        "reset_password",
        "confirm_email",
        "invitation",
        "email_change_requested",
        "email_changed",
        "password_changed",
        "guessing_detected",
        "registration_repeated",
        "session_reuse_detected",
    ]
);
