use super::*;
use crate::domain::OneLine;

fn written(text: &str) -> Result<JinjaMailTemplates, String> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("verify_email.html"), text).unwrap();
    JinjaMailTemplates::new("https://auth.example.com", Some(folder.path()))
}

fn sample(subject: &str) -> MailDraft {
    samples::all().unwrap().into_iter().find(|letter| letter.subject.template() == subject).unwrap()
}

#[test]
fn a_link_goes_to_the_public_url_with_its_token_where_no_server_logs_it() {
    let templates = JinjaMailTemplates::new("https://auth.example.com/sub", None).unwrap();
    let mail = templates.write(&sample("reset_password")).unwrap();
    let link = "https://auth.example.com/sub/account/reset-password#token=svcm_an-example-and-no-token";
    assert!(mail.text.contains(&format!("\n{link}\n")), "{}", mail.text);
    assert!(mail.html.contains(&format!("href=\"{}\"", link.replace('/', "&#x2f;"))), "{}", mail.html);
    assert_eq!(mail.message_id, "00000000-0000-0000-0000-000000000000.reset_password@auth.example.com");
    assert!(!format!("{mail:?}").contains("svcm_"), "shown");
}

#[test]
fn input_of_users_is_escaped_in_html() {
    let templates = JinjaMailTemplates::new("https://auth.example.com", None).unwrap();
    let mut letter = sample("password_changed");
    letter.name = Some(DisplayName::parse("<img src=x> & {{ link }}").unwrap());
    let mail = templates.write(&letter).unwrap();
    assert!(mail.html.contains("&lt;img src=x&gt; &amp; {{ link }}"), "{}", mail.html);
    assert!(mail.text.contains("Hello <img src=x> & {{ link }},"), "{}", mail.text);
}

#[test]
fn a_template_of_the_operator_replaces_the_embedded_one() {
    let mail = written("<b>{{ link }}</b>").unwrap().write(&sample("verify_email")).unwrap();
    assert!(mail.html.starts_with("<b>https:"), "{}", mail.html);
    assert!(mail.text.contains("/account/verify-email#token="), "{}", mail.text);
}

#[test]
fn a_template_without_the_link_is_refused() {
    for without in [
        "Hello",
        "<a href=\"{{ public_url }}/account/verify-email\">here</a>",
        "{% if name %}{{ link }}{% endif %}",
    ] {
        let error = written(without).err().unwrap();
        assert!(error.contains("/verify_email.html: ") && error.contains("add {{ link }}"), "{error}");
    }
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("reset_password.txt"), "Hello").unwrap();
    std::fs::write(folder.path().join("password_changed.txt"), "A notice needs none.").unwrap();
    let error = JinjaMailTemplates::new("https://x.example", Some(folder.path())).err().unwrap();
    assert!(error.contains("/reset_password.txt: "), "{error}");
}

#[test]
fn a_broken_one_is_refused_with_file_and_line() {
    for (text, reason) in [
        ("one\n{{ link }\n", "verify_email.html line 2: syntax error"),
        ("one\ntwo\n{{ lnik }}\n", "verify_email.html line 3: undefined value"),
        ("{{ token }}", "verify_email.html line 1: undefined value"),
        ("{% extends \"nothing.html\" %}", "verify_email.html line 1: template not found"),
    ] {
        let error = written(text).err().unwrap();
        assert!(error.contains(reason), "{error}");
    }
    let folder = tempfile::tempdir().unwrap();
    let refused = || JinjaMailTemplates::new("https://x.example", Some(folder.path())).err();
    std::fs::write(folder.path().join("_part.html"), "x").unwrap();
    assert_eq!(refused(), None);
    std::fs::write(folder.path().join("verify_mail.txt"), "x").unwrap();
    assert!(
        refused().unwrap().ends_with("unknown template; did you mean verify_email.txt?"),
        "{:?}",
        refused()
    );
    let missing =
        JinjaMailTemplates::new("https://x.example", Some(Path::new("/nonexistent"))).err().unwrap();
    assert!(missing.starts_with("/nonexistent: "), "{missing}");
}
