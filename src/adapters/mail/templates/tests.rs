use super::*;
use crate::domain::OneLine;

fn settings(public_url: &str) -> MailTextSettings {
    MailTextSettings {
        public_url: public_url.to_owned(),
        service: None,
        language: Locale::parse("en").unwrap(),
        links: LinkTargets::default(),
    }
}

fn templates(public_url: &str, folder: Option<&Path>) -> Result<JinjaMailTemplates, String> {
    JinjaMailTemplates::new(settings(public_url), folder).map_err(|error| error.to_string())
}

/// Writes files into a folder of templates.
fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder
}

fn in_language(subject: &str, locales: &[&str]) -> MailDraft {
    MailDraft { locales: locales.iter().map(|tag| Locale::parse(tag).unwrap()).collect(), ..sample(subject) }
}

fn written(text: &str) -> Result<JinjaMailTemplates, String> {
    let folder = folder(&[("en/verify_email.html", text)]);
    templates("https://auth.example.com", Some(folder.path()))
}

fn sample(subject: &str) -> MailDraft {
    samples::all().unwrap().into_iter().find(|letter| letter.subject.template() == subject).unwrap()
}

#[test]
fn each_embedded_mail_is_written_in_each_language() {
    let templates = templates("https://auth.example.com", None).unwrap();
    assert_eq!(templates.templates.compile(), Ok(()));
    assert_eq!(templates.check(), Ok(()));
    assert_eq!(templates.languages().offered().len(), 2);
}

#[test]
fn a_link_goes_to_the_public_url_with_its_token_where_no_server_logs_it() {
    let templates = templates("https://auth.example.com/sub", None).unwrap();
    let mail = templates.write(&sample("reset_password")).unwrap();
    let link =
        "https://auth.example.com/sub/account/reset-password?lang=en#token=svcm_an-example-and-no-token";
    assert!(mail.text.contains(&format!("\n{link}\n")), "{}", mail.text);
    assert!(mail.html.contains(&format!("href=\"{}\"", link.replace('/', "&#x2f;"))), "{}", mail.html);
    assert_eq!(mail.message_id, "00000000-0000-0000-0000-000000000000.reset_password@auth.example.com");
    assert!(!format!("{mail:?}").contains("svcm_"), "shown");
}

#[test]
fn input_of_users_is_escaped_in_html() {
    let templates = templates("https://auth.example.com", None).unwrap();
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
    assert!(mail.text.contains("/account/verify-email?lang=en#token="), "{}", mail.text);
}

#[test]
fn a_template_without_the_link_is_refused() {
    for without in [
        "Hello",
        "<a href=\"{{ public_url }}/account/verify-email\">here</a>",
        "{% if name %}{{ link }}{% endif %}",
    ] {
        let error = written(without).err().unwrap();
        assert!(error.contains("/en/verify_email.html: ") && error.contains("add {{ link }}"), "{error}");
    }
    let folder =
        folder(&[("en/reset_password.txt", "Hello"), ("en/password_changed.txt", "A notice needs none.")]);
    let error = templates("https://x.example", Some(folder.path())).err().unwrap();
    assert!(error.contains("/reset_password.txt: "), "{error}");
}

#[test]
fn a_subject_has_no_link() {
    let folder = folder(&[("en/reset_password.subject", "Until {{ expires }}: {{ link }}")]);
    let error = templates("https://x.example", Some(folder.path())).err().unwrap();
    assert!(error.contains("/en/reset_password.subject line 1: undefined value"), "{error}");
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
    let written = |files: &[(&str, &str)]| templates("https://x.example", Some(folder(files).path())).err();
    assert_eq!(written(&[("_part.html", "x"), ("en/_part.html", "x"), ("_x/y.html", "x")]), None);
    for (name, reason) in [
        ("en/verify_mail.txt", "unknown template; did you mean en/verify_email.txt?"),
        ("verify_email.txt", "unknown template; did you mean en/verify_email.txt?"),
        ("bas.html", "unknown template; did you mean base.html?"),
        ("german/verify_email.txt", "expected a language tag such as en, de or pt-BR as the name"),
        ("pt-br/verify_email.txt", "expected the name pt-BR"),
    ] {
        let error = written(&[(name, "x")]).unwrap();
        assert!(error.ends_with(reason), "{error}");
    }
    let missing = templates("https://x.example", Some(Path::new("/nonexistent"))).err().unwrap();
    assert!(missing.starts_with("/nonexistent: "), "{missing}");
}

#[test]
fn a_mail_is_in_the_first_language_that_there_is() {
    let templates = templates("https://auth.example.com", None).unwrap();
    for (locales, subject) in [
        (&[][..], "Your password at auth.example.com was changed"),
        (&["de-AT"], "Ihr Passwort bei auth.example.com wurde geändert"),
        (&["fr", "de"], "Ihr Passwort bei auth.example.com wurde geändert"),
        (&["en-GB", "de"], "Your password at auth.example.com was changed"),
        (&["fr"], "Your password at auth.example.com was changed"),
    ] {
        assert_eq!(templates.write(&in_language("password_changed", locales)).unwrap().subject, subject);
    }
    let mail = templates.write(&in_language("verify_email", &["de"])).unwrap();
    assert!(mail.text.starts_with("Guten Tag Ada,\n\nMit dieser"), "{}", mail.text);
    assert!(mail.text.contains("/account/verify-email?lang=de#token="), "{}", mail.text);
    assert!(mail.text.contains("bis zum 19. November 2026 um 11:06 Uhr (UTC)"), "{}", mail.text);
    assert!(mail.html.contains("<html lang=\"de\">"), "{}", mail.html);
    let title = format!("<title>{}</title>", mail.subject);
    assert!(mail.html.contains(&title) && !mail.html.contains("<img"), "{}", mail.html);
}

#[test]
fn mails_name_the_application_and_lead_into_it() {
    let url = "https://app.example.com/{language}/reset#token={token}".to_owned();
    let links = LinkTargets { reset_password: Some(url), ..LinkTargets::default() };
    let service = Some("Ada & Co.".to_owned());
    let named = MailTextSettings { service, links, ..settings("https://auth.example.com") };
    let templates = JinjaMailTemplates::new(named, None).unwrap();
    let mail = templates.write(&in_language("reset_password", &["de"])).unwrap();
    assert_eq!(mail.subject, "Neues Passwort bei Ada & Co. festlegen");
    let link = "https://app.example.com/de/reset#token=svcm_an-example-and-no-token";
    assert!(mail.text.contains(&format!("\n{link}\n")), "{}", mail.text);
    assert!(mail.html.contains("Ada &amp; Co."), "{}", mail.html);
    assert!(mail.message_id.ends_with("@auth.example.com"), "{}", mail.message_id);
    let other = templates.write(&sample("verify_email")).unwrap();
    assert!(other.text.contains("https://auth.example.com/account/verify-email?lang=en#"), "{}", other.text);
}

#[test]
fn a_text_that_is_missing_in_a_language_is_in_the_default_one() {
    let own = [
        ("en/verify_email.subject", "Own words"),
        ("fr/layout.txt", "{% extends \"base.txt\" %}{% block greeting %}Bonjour,{% endblock %}"),
        ("fr/layout.html", "{% extends \"base.html\" %}{% block greeting %}Bonjour,{% endblock %}"),
        ("fr/password_changed.subject", "Mot de passe"),
        ("fr/password_changed.txt", "{% extends \"layout.txt\" %}{% block body %}Le {{ at }}{% endblock %}"),
        (
            "fr/password_changed.html",
            "{% extends \"layout.html\" %}{% block body %}Le {{ at }}{% endblock %}",
        ),
    ];
    let folder = folder(&own);
    let templates = templates("https://auth.example.com", Some(folder.path())).unwrap();
    let mail = |subject, locale| templates.write(&in_language(subject, &[locale])).unwrap();
    assert!(mail("password_changed", "fr").text.starts_with("Bonjour,\n\nLe 18 November 2026, 11:06 UTC"));
    assert_eq!(mail("verify_email", "fr").subject, "Own words");
    // The German words would say something else than those of the operator.
    assert_eq!(mail("verify_email", "de").subject, "Own words");
    assert!(mail("verify_email", "de").html.contains("<html lang=\"en\">"));
    assert_eq!(mail("reset_password", "de").subject, "Neues Passwort bei auth.example.com festlegen");
    let gaps: Vec<_> = templates.gaps().filter(|(language, _)| *language == "de").collect();
    assert_eq!(gaps, [("de", "verify_email")]);
    assert!(templates.gaps().any(|gap| gap == ("fr", "date")) && !templates.gaps().any(|gap| gap.0 == "en"));
}

/// Some mail programs remove the style of the head.
#[test]
fn a_mail_without_its_style_fits_a_screen_and_has_no_colour_of_its_own() {
    let html =
        templates("https://auth.example.com", None).unwrap().write(&sample("verify_email")).unwrap().html;
    let (head, body) = html.split_once("</style>").unwrap();
    assert!(head.contains("color: #1b1f24") && head.contains("background: #ffffff"), "{head}");
    assert!(!head.contains("width:") && !head.contains("overflow-wrap"), "{head}");
    assert!(body.contains("max-width: 560px") && body.contains("overflow-wrap: anywhere"), "{body}");
    // A colour alone would be unreadable on the other one of a dark screen.
    assert!(!body.contains("color") && !body.contains("background"), "{body}");
}

#[test]
fn the_default_language_has_every_text() {
    let folder = folder(&[("fr/verify_email.subject", "x")]);
    let language =
        |tag| MailTextSettings { language: Locale::parse(tag).unwrap(), ..settings("https://x.example") };
    let error = JinjaMailTemplates::new(language("fr"), Some(folder.path())).err().unwrap();
    assert!(matches!(&error, TemplatesError::Language(why) if why.contains("the language fr")), "{error}");
    let templates = JinjaMailTemplates::new(language("de"), None).unwrap();
    assert!(templates.write(&sample("reset_password")).unwrap().subject.starts_with("Neues Passwort"));
}
