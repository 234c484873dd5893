use crate::config::read::Reader;
use crate::config::settings::QueueSettings;
use crate::config::urls::QueueUrl;

pub(super) fn read(read: &mut Reader<'_>) -> Option<QueueSettings> {
    let url = read.text("queue.url", QueueUrl::parse);
    let namespace = read.text("queue.namespace", namespace);
    Some(QueueSettings { url: url?, namespace: namespace? })
}

fn namespace(text: &str) -> Result<String, String> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-_.:".contains(c);
    let reserved = text.starts_with("amq.");
    if (1..=64).contains(&text.len()) && text.chars().all(allowed) && !reserved {
        Ok(text.to_owned())
    } else {
        Err(format!(
            "invalid value {text:?}: expected 1 to 64 letters, digits, \"-\", \"_\", \".\" or \":\", not beginning \
             with \"amq.\", which RabbitMQ reserves"
        ))
    }
}
