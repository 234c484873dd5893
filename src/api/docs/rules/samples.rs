use serde_json::{Value, json};

use super::walk::{Object, each_operation};

/// An id in the path of a sample.
const ID: &str = "019b7c2a-5b2c-7d4e-8f60-718293a4b5c6";

/// The members of bodies that are tokens, of which no example would work, with their variables in the shell,
/// in JavaScript and in Python.
const TOKENS: [(&str, [&str; 3]); 2] = [
    ("refresh_token", [r#""'"$REFRESH_TOKEN"'""#, "refreshToken", "refresh_token"]),
    ("token", [r#""'"$MAIL_TOKEN"'""#, "mailToken", "mail_token"]),
];

/// Adds to each operation how to call it with curl, in JavaScript and in Python (`x-codeSamples`, which Redoc
/// shows). A sample has the URL of the server and the example of the body, with variables for tokens.
pub fn apply(document: &mut Value) {
    let server = document["servers"][0]["url"].as_str().unwrap_or_default().to_owned();
    let schemas = document["components"]["schemas"].clone();
    each_operation(document, |path, method, operation| {
        let call = Call {
            method: method.to_uppercase(),
            url: format!("{server}{}", path.replace("{id}", ID)),
            needs_token: needs_token(operation),
            body: example(operation, &schemas).map(with_marks),
            answers: answers(operation),
        };
        let samples = [
            ("Shell", "curl", with_variables(&call.curl(), 0)),
            ("JavaScript", "JavaScript", with_variables(&call.javascript(), 1)),
            ("Python", "Python", with_variables(&call.python(), 2)),
        ];
        let samples =
            samples.map(|(lang, label, source)| json!({ "lang": lang, "label": label, "source": source }));
        operation.insert("x-codeSamples".to_owned(), json!(samples));
    });
}

/// The body with a mark in place of each token.
fn with_marks(mut body: Value) -> Value {
    for (member, _) in TOKENS {
        if let Some(token) = body.get_mut(member) {
            *token = mark(member).into();
        }
    }
    body
}

/// The sample with the variables of a language in place of the marks. In the shell, the text is in quotes
/// that end around the variable; elsewhere, the variable is the value.
fn with_variables(sample: &str, language: usize) -> String {
    let tokens = TOKENS.iter().map(|(member, variables)| (mark(member), variables[language]));
    tokens
        .fold(sample.to_owned(), |sample, (mark, variable)| sample.replace(&format!("\"{mark}\""), variable))
}

fn mark(member: &str) -> String {
    format!("<{member}>")
}

struct Call {
    method: String,
    url: String,
    needs_token: bool,
    body: Option<Value>,
    /// Whether a success has a body.
    answers: bool,
}

fn needs_token(operation: &Object) -> bool {
    let schemes = operation.get("security").and_then(Value::as_array);
    let is_bearer = |scheme: &Value| scheme.get("bearer").is_some();
    schemes.is_some_and(|schemes| schemes.iter().any(is_bearer) && !schemes.contains(&json!({})))
}

fn example(operation: &Object, schemas: &Value) -> Option<Value> {
    let reference = operation.get("requestBody")?.pointer("/content/application~1json/schema/$ref")?;
    let name = reference.as_str()?.rsplit('/').next()?;
    Some(schemas[name]["example"].clone())
}

fn answers(operation: &Object) -> bool {
    let responses = operation.get("responses").and_then(Value::as_object).into_iter().flatten();
    responses
        .into_iter()
        .any(|(status, response)| status.starts_with('2') && response.get("content").is_some())
}

impl Call {
    fn curl(&self) -> String {
        let method = if self.method == "GET" { String::new() } else { format!(" -X {}", self.method) };
        let mut lines = vec![format!("curl{method} {}", self.url)];
        if self.needs_token {
            lines.push("  -H \"Authorization: Bearer $ACCESS_TOKEN\"".to_owned());
        }
        if let Some(body) = &self.body {
            lines.push("  -H 'Content-Type: application/json'".to_owned());
            lines.push(format!("  -d '{}'", body.to_string().replace('\'', r"'\''")));
        }
        lines.join(" \\\n")
    }

    fn javascript(&self) -> String {
        let mut headers = Vec::new();
        headers.extend(self.needs_token.then_some("Authorization: `Bearer ${accessToken}`"));
        headers.extend(self.body.as_ref().map(|_| "\"Content-Type\": \"application/json\""));
        let mut options = Vec::new();
        options.extend((self.method != "GET").then(|| format!("method: \"{}\"", self.method)));
        options.extend((!headers.is_empty()).then(|| format!("headers: {{ {} }}", headers.join(", "))));
        options.extend(self.body.as_ref().map(|body| format!("body: JSON.stringify({body})")));
        let options = options.iter().map(|option| format!("  {option},\n")).collect::<Vec<_>>().concat();
        let options = if options.is_empty() { options } else { format!(", {{\n{options}}}") };
        let shown = if self.answers { "await response.json()" } else { "response.status" };
        format!("const response = await fetch(\"{}\"{options});\nconsole.log({shown});", self.url)
    }

    fn python(&self) -> String {
        let mut arguments = vec![format!("\"{}\"", self.url)];
        if self.needs_token {
            arguments.push("headers={\"Authorization\": f\"Bearer {access_token}\"}".to_owned());
        }
        arguments.extend(self.body.as_ref().map(|body| format!("json={}", python(body))));
        let arguments: Vec<_> = arguments.iter().map(|argument| format!("    {argument},\n")).collect();
        let shown = if self.answers { "response.json()" } else { "response.status_code" };
        let method = self.method.to_lowercase();
        // Only `request` takes a body with every method.
        let call = if method == "delete" { "request(\n    \"DELETE\"," } else { &format!("{method}(") };
        format!(
            "import httpx\n\nresponse = httpx.{call}\n{})\nresponse.raise_for_status()\nprint({shown})",
            arguments.concat()
        )
    }
}

/// The value in Python.
fn python(value: &Value) -> String {
    match value {
        Value::Null => "None".to_owned(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::Number(_) | Value::String(_) => value.to_string(),
        Value::Array(items) => format!("[{}]", items.iter().map(python).collect::<Vec<_>>().join(", ")),
        Value::Object(members) => {
            let members = members.iter().map(|(name, value)| format!("{}: {}", json!(name), python(value)));
            format!("{{{}}}", members.collect::<Vec<_>>().join(", "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn samples(operation: &Value) -> Vec<String> {
        let mut document = json!({
            "servers": [{ "url": "https://x.test/auth" }],
            "components": { "schemas": { "Body": { "example": { "name": "O'Neil", "role": null } } } },
            "paths": { "/users/{id}": { "patch": operation } },
        });
        apply(&mut document);
        let samples = document["paths"]["/users/{id}"]["patch"]["x-codeSamples"].as_array().unwrap().clone();
        samples.iter().map(|sample| sample["source"].as_str().unwrap().to_owned()).collect()
    }

    #[test]
    fn a_sample_has_url_token_and_body() {
        let body = json!({ "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Body" } } } });
        let responses = json!({ "200": { "content": {} } });
        let operation =
            json!({ "security": [{ "bearer": [] }], "requestBody": body, "responses": responses });
        let url = format!("https://x.test/auth/users/{ID}");
        let [curl, javascript, python] = samples(&operation).try_into().unwrap();
        let expected = format!(
            "curl -X PATCH {url} \\\n  -H \"Authorization: Bearer $ACCESS_TOKEN\" \\\n  \
             -H 'Content-Type: application/json' \\\n  -d '{{\"name\":\"O'\\''Neil\",\"role\":null}}'"
        );
        assert_eq!(curl, expected);
        assert!(
            javascript
                .starts_with(&format!("const response = await fetch(\"{url}\", {{\n  method: \"PATCH\",\n"))
        );
        assert!(javascript.contains("body: JSON.stringify({\"name\":\"O'Neil\",\"role\":null})"));
        assert!(python.contains("json={\"name\": \"O'Neil\", \"role\": None},\n"));
        assert!(python.ends_with("print(response.json())"));
    }

    #[test]
    fn a_token_in_a_body_is_a_variable() {
        let mut document = json!({
            "servers": [{ "url": "https://x.test" }],
            "components": { "schemas": { "Body": { "example": { "token": "dead", "password": "p" } } } },
            "paths": { "/x": { "post": { "responses": { "204": {} }, "requestBody": {
                "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Body" } } },
            } } } },
        });
        apply(&mut document);
        let sources = document["paths"]["/x"]["post"]["x-codeSamples"].as_array().unwrap();
        for (sample, body) in sources.iter().zip([
            r#"-d '{"token":"'"$MAIL_TOKEN"'","password":"p"}'"#,
            r#"body: JSON.stringify({"token":mailToken,"password":"p"}),"#,
            r#"json={"token": mail_token, "password": "p"},"#,
        ]) {
            let source = sample["source"].as_str().unwrap();
            assert!(source.contains(body) && !source.contains("dead"), "{source}");
        }
    }

    #[test]
    fn an_operation_for_anyone_needs_no_token() {
        for security in [json!([]), json!([{ "bearer": [] }, {}])] {
            for sample in samples(&json!({ "security": security, "responses": { "204": {} } })) {
                assert!(!sample.contains("Bearer") && !sample.contains("json"), "{sample}");
            }
        }
    }
}
