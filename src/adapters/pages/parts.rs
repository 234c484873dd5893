use crate::ports::AccountPage;

/// The operations of the API that the forms of a page send to, and the member that a person types. The first
/// one is what the page is for.
const fn operations(page: AccountPage) -> (&'static [&'static str], &'static str) {
    match page {
        AccountPage::VerifyEmail | AccountPage::ConfirmEmail => {
            (&["/api/v1/auth/email/verify", "/api/v1/auth/email/disown"], "password")
        }
        AccountPage::ResetPassword => (&["/api/v1/auth/password/reset"], "new_password"),
        AccountPage::AcceptInvitation => (&["/api/v1/auth/invitation/accept"], "password"),
    }
}

/// Refuses a page that cannot work: one without what its script needs, or whose forms send other requests
/// than the operation takes.
pub(super) fn check(page: AccountPage, html: &str) -> Result<(), String> {
    let (operations, member) = operations(page);
    let targets = values_of(html, "data-to");
    if !targets.iter().any(|target| target.ends_with(operations[0])) {
        return Err(format!("the page has no form with data-to=\"..{}\"", operations[0]));
    }
    let is_known = |target: &str| operations.iter().any(|operation| target.ends_with(*operation));
    if let Some(other) = targets.iter().find(|target| !is_known(target)) {
        let known = operations.join(" or ..");
        return Err(format!("a form has data-to={other:?}: expected ..{known}"));
    }
    for (attribute, value, purpose) in [
        ("name", member, "the field for the password"),
        ("id", "message", "where the page says what happened"),
        ("src", "page.js", "the script that sends the form"),
    ] {
        if !values_of(html, attribute).contains(&value) {
            return Err(format!("the page has no {attribute}={value:?}, {purpose}"));
        }
    }
    if values_of(html, "data-done").len() < targets.len() {
        return Err("a form has no data-done, the text after success".to_owned());
    }
    Ok(())
}

/// The values of an attribute, with or without quotes.
fn values_of<'a>(html: &'a str, attribute: &str) -> Vec<&'a str> {
    let start = format!("{attribute}=");
    let places = html.match_indices(&start).filter(|(at, _)| html[..*at].ends_with(char::is_whitespace));
    let value = |(at, _): (usize, &str)| {
        let rest = &html[at + start.len()..];
        let quoted = ['"', '\''].into_iter().find_map(|quote| rest.strip_prefix(quote)?.split(quote).next());
        quoted.or_else(|| rest.split(|end: char| end.is_whitespace() || end == '>').next())
    };
    places.filter_map(value).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: &str = "<form data-to=\"../api/v1/auth/password/reset\" data-done=\"Done.\"> \
        <input name='new_password'></form><p id=message></p><script src=page.js></script>";

    #[test]
    fn a_page_has_what_its_script_needs() {
        let refused = |from: &str, to: &str| {
            assert!(WHOLE.contains(from), "{from}");
            check(AccountPage::ResetPassword, &WHOLE.replace(from, to)).unwrap_err()
        };
        assert_eq!(check(AccountPage::ResetPassword, WHOLE), Ok(()));
        for (from, to, reason) in [
            ("data-to", "data-at", "no form with data-to=\"../api/v1/auth/password/reset\""),
            ("/password/reset", "/passwort/reset", "no form with data-to"),
            ("data-done", "data-end", "a form has no data-done"),
            ("new_password", "password", "no name=\"new_password\""),
            ("id=message", "class=message", "no id=\"message\""),
            ("page.js", "own.js", "no src=\"page.js\""),
            ("<p id", "<form data-to=/x data-done=x></form><p id", "a form has data-to=\"/x\""),
        ] {
            let error = refused(from, to);
            assert!(error.contains(reason), "{error}");
        }
        let error = check(AccountPage::VerifyEmail, WHOLE).unwrap_err();
        assert!(error.contains("data-to=\"../api/v1/auth/email/verify\""), "{error}");
    }
}
