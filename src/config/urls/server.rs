use std::fmt;
use std::net::{IpAddr, Ipv6Addr};

use percent_encoding::percent_decode_str;
use secrecy::{ExposeSecret, SecretString};

use super::parameters;

const PORT: &str = "port 0 is not valid: set the port of the server, or omit it for the default port";
const CODES: &str = "invalid percent code: write a % in the password as %25";
const BRACKETS: &str = "IPv6 address without brackets: write it as [::1] or [::1]:PORT";
/// The rules of a kind of URL.
pub(super) struct Rules {
    /// The error for a text that is not such a URL.
    pub malformed: &'static str,
    /// The names of all parameters.
    pub parameters: &'static [&'static str],
    /// The parameters whose values are never shown.
    pub secret: &'static [&'static str],
    /// Parameters of other programs that people try, and what to use instead.
    pub foreign: &'static [(&'static str, &'static str)],
}

/// The URL of a server, or of several equivalent ones. The `Display` form omits secrets.
#[derive(Clone)]
pub(in crate::config) struct Server {
    pub scheme: String,
    /// `None` if it is empty.
    pub user: Option<String>,
    /// `None` if it is empty.
    pub password: Option<SecretString>,
    /// Host names, and addresses without brackets, with their ports. May be empty.
    pub hosts: Vec<(String, Option<u16>)>,
    /// The path as written, without its first slash.
    pub path: String,
    parameters: Vec<(&'static str, SecretString)>,
    shown: String,
}

impl Server {
    pub(super) fn parse(text: &str, rules: &Rules) -> Result<Self, String> {
        let (scheme, rest) = text.split_once("://").ok_or(rules.malformed)?;
        let (authority, tail) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
        // An `@` or `#` after the hosts is part of a password that was not percent-encoded.
        if tail.contains(['@', '#']) || text.contains(char::is_control) {
            return Err(rules.malformed.to_owned());
        }
        let (login, hosts) = authority.rsplit_once('@').unwrap_or(("", authority));
        let hosts = if hosts.is_empty() {
            Vec::new()
        } else {
            hosts.split(',').map(|host| parse_host(host, rules)).collect::<Result<_, _>>()?
        };
        let (user, password) = login.split_once(':').unwrap_or((login, ""));
        let (path, query) = tail.split_once('?').map_or((tail, None), |(path, query)| (path, Some(query)));
        decoded(path)?;
        let parameters = query.map_or(Ok(Vec::new()), |query| parameters::parse(query, rules))?;
        let filled = |text: &str| decoded(text).map(|text| (!text.is_empty()).then_some(text));
        Ok(Self {
            scheme: scheme.to_owned(),
            user: filled(user)?,
            password: filled(password)?.map(SecretString::from),
            hosts,
            path: path.strip_prefix('/').unwrap_or(path).to_owned(),
            shown: shown(text, login, password, &parameters, rules),
            parameters,
        })
    }

    /// The value of a parameter.
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(known, _)| *known == name).map(|(_, value)| value.expose_secret())
    }

    /// The hosts with their ports. `usual` is the default port.
    pub(super) fn addresses(&self, usual: u16) -> Vec<(String, u16)> {
        self.hosts.iter().map(|(host, port)| (host.clone(), port.unwrap_or(usual))).collect()
    }

    /// Whether no connection leaves this machine.
    pub(in crate::config) fn is_local(&self) -> bool {
        self.hosts.iter().all(|(host, _)| is_loopback(host))
    }
}

/// Whether a host name or address, with or without brackets, is on this machine.
pub(in crate::config) fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || address.parse().is_ok_and(|address: IpAddr| address.is_loopback())
}

/// Decodes percent codes (RFC 3986, section 2.1). Each must be complete, and the result valid UTF-8.
pub(super) fn decoded(text: &str) -> Result<String, String> {
    let is_code = |after: &str| after.bytes().take(2).filter(u8::is_ascii_hexdigit).count() == 2;
    let text = percent_decode_str(text).decode_utf8().ok().filter(|_| text.split('%').skip(1).all(is_code));
    text.map(Into::into).ok_or_else(|| CODES.to_owned())
}

fn parse_host(text: &str, rules: &Rules) -> Result<(String, Option<u16>), String> {
    let malformed = || rules.malformed.to_owned();
    let (host, port) = match text.strip_prefix('[') {
        Some(rest) => {
            let (address, port) = rest.split_once(']').ok_or_else(malformed)?;
            address.parse::<Ipv6Addr>().map_err(|_| malformed())?;
            let port =
                if port.is_empty() { None } else { Some(port.strip_prefix(':').ok_or_else(malformed)?) };
            (address.to_owned(), port)
        }
        None if text.parse::<Ipv6Addr>().is_ok() => return Err(BRACKETS.to_owned()),
        None => {
            let (host, port) = text.split_once(':').map_or((text, None), |(host, port)| (host, Some(port)));
            (decoded(host)?, port)
        }
    };
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_.:/".contains(c);
    // A host name contains no slash. A host that begins with one is a socket folder.
    if host.is_empty() || !host.chars().all(is_plain) || host.find('/').is_some_and(|at| at > 0) {
        return Err(malformed());
    }
    // An empty port means the default one (RFC 3986).
    match port.filter(|port| !port.is_empty()).map(str::parse::<u16>) {
        None => Ok((host, None)),
        Some(Ok(0)) => Err(PORT.to_owned()),
        Some(Ok(port)) => Ok((host, Some(port))),
        Some(Err(_)) => Err(malformed()),
    }
}

/// The text with its secrets replaced by stars.
fn shown(
    text: &str,
    login: &str,
    password: &str,
    parameters: &[(&'static str, SecretString)],
    rules: &Rules,
) -> String {
    let mut shown = text.split('?').next().unwrap_or_default().to_owned();
    if !password.is_empty() {
        // The first colon after that of the scheme precedes the password.
        let user = login.split(':').next().unwrap_or_default();
        shown = shown.replacen(&format!("://{login}@"), &format!("://{user}:****@"), 1);
    }
    let query: Vec<_> = text.split_once('?').map_or("", |(_, query)| query).split('&').collect();
    let query: Vec<_> = query
        .into_iter()
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let name = pair.split('=').next().unwrap_or_default();
            let is_secret =
                rules.secret.contains(&name) && parameters.iter().any(|(known, _)| *known == name);
            if is_secret { format!("{name}=****") } else { pair.to_owned() }
        })
        .collect();
    if query.is_empty() { shown } else { format!("{shown}?{}", query.join("&")) }
}

impl fmt::Display for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

#[cfg(test)]
mod tests {
    use super::super::parameters::NAMELESS;
    use super::*;

    const RULES: Rules = Rules {
        malformed: "malformed",
        parameters: &["sslmode", "password", "host"],
        secret: &["password"],
        foreign: &[("connect_timeout", "set database.acquire_timeout")],
    };

    fn parse(text: &str) -> Result<Server, String> {
        Server::parse(text, &RULES)
    }

    fn hosts(text: &str) -> Vec<(String, Option<u16>)> {
        parse(text).unwrap_or_else(|why| panic!("{text}: {why}")).hosts
    }

    #[test]
    fn hosts_are_several_and_brackets_are_no_part_of_an_address() {
        let host = |name: &str, port| (name.to_owned(), port);
        assert_eq!(hosts("x://h"), [host("h", None)]);
        assert_eq!(hosts("x://u:p@a:1,b,[::1]:3,[2001:db8::1]/d").len(), 4);
        assert_eq!(hosts("x://[::1]:65535?host=a"), [host("::1", Some(65535))]);
        assert_eq!(hosts("x://%2Frun%2Fpg/d"), [host("/run/pg", None)]);
        assert_eq!(hosts("x:///d"), []);
        for text in [
            "x://a,,b",
            "x://a,",
            "x://[::1",
            "x://[::1]2",
            "x://[h]",
            "x://h:port",
            "x://h:65536",
            "x://a/b@c",
        ] {
            assert_eq!(parse(text).err().as_deref(), Some("malformed"), "{text}");
        }
        assert_eq!(parse("x://::1/d").err().as_deref(), Some(BRACKETS));
        assert_eq!(parse("x://h,[::1]:0/1").err().as_deref(), Some(PORT));
    }

    #[test]
    fn every_percent_code_is_one() {
        let url = parse("x://a%2Fb:%C3%BC%25:@h/%2F").unwrap();
        assert_eq!((url.user.as_deref(), url.path.as_str()), (Some("a/b"), "%2F"));
        assert_eq!(url.password.unwrap().expose_secret(), "ü%:");
        for code in [
            "x://u:%@h",
            "x://u%4:p@h",
            "x://u:p%zz@h",
            "x://h/%f",
            "x://%g0h",
            "x://u:%ff@h",
            "x://h?host=%",
        ] {
            assert_eq!(parse(code).err().as_deref(), Some(CODES), "{code}");
        }
    }

    #[test]
    fn a_parameter_that_is_unknown_is_named_without_its_value() {
        for (query, wanted) in [
            ("sslmod=hunter2", "unknown parameter sslmod; did you mean sslmode?"),
            ("ssl_mode=hunter2", "unknown parameter ssl_mode; did you mean sslmode?"),
            ("SSLMODE=hunter2", "unknown parameter SSLMODE; did you mean sslmode?"),
            ("pasword=hunter2", "unknown parameter pasword; did you mean password?"),
            ("host=a&foo=hunter2", "unknown parameter foo: expected one of sslmode, password, host"),
            ("connect_timeout=hunter2", "unknown parameter connect_timeout: set database.acquire_timeout"),
            ("host=a&host=hunter2", "parameter host is set twice"),
            ("hunter2", NAMELESS),
            ("=hunter2", NAMELESS),
            ("hunter2%21=1", NAMELESS),
        ] {
            let reported = parse(&format!("x://h/d?{query}")).err().unwrap();
            assert_eq!(reported, wanted, "{query}");
        }
    }

    #[test]
    fn no_secret_is_shown() {
        for (text, wanted) in [
            ("x://u:hunter2@a,b/d?sslmode=x&password=hunter2", "x://u:****@a,b/d?sslmode=x&password=****"),
            ("x://:hunter2@[::1]:1", "x://:****@[::1]:1"),
            ("x://u:hunter2:hunter2@a", "x://u:****@a"),
            ("x://u@a/d", "x://u@a/d"),
        ] {
            assert_eq!(parse(text).unwrap().to_string(), wanted);
        }
    }
}
