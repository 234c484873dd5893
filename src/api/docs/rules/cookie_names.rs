use serde_json::Value;

use crate::api::bearer::ACCESS_COOKIE;
use crate::api::cookies::names;
use crate::api::docs::settings::DocumentSettings;
use crate::api::refresh_token::REFRESH_COOKIE;

/// Gives the schemes of the cookies the names that the cookies of the installation have.
pub fn apply(document: &mut Value, settings: &DocumentSettings) {
    for (scheme, name) in [ACCESS_COOKIE, REFRESH_COOKIE].into_iter().zip(names(settings.is_plain_loopback)) {
        if let Some(scheme) = document.pointer_mut(&format!("/components/securitySchemes/{scheme}")) {
            scheme["name"] = name.into();
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn on_loopback_the_names_have_no_prefix() {
        for (is_plain_loopback, prefix) in [(true, ""), (false, "__Host-")] {
            let mut document =
                json!({ "components": { "securitySchemes": { "cookie": {}, "refresh_cookie": {} } } });
            let settings =
                DocumentSettings { is_plain_loopback, ..DocumentSettings::from("http://localhost") };
            apply(&mut document, &settings);
            let schemes = &document["components"]["securitySchemes"];
            assert_eq!(schemes["cookie"]["name"], format!("{prefix}svc_access"));
            assert_eq!(schemes["refresh_cookie"]["name"], format!("{prefix}svc_refresh"));
        }
    }
}
