//! The Dockerfile as a list of instructions.

use super::compose_file::Variables;

const FILE: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/Dockerfile"));

/// For example `COPY` and the text after it.
#[derive(Clone, Debug)]
pub struct Instruction {
    pub name: String,
    pub rest: String,
}

impl Instruction {
    /// Returns the words of an exec form, without the flags before it.
    pub fn exec(&self) -> Vec<String> {
        let list = self.rest.find('[').unwrap_or_else(|| panic!("{self:?} needs a shell"));
        serde_json::from_str(&self.rest[list..]).unwrap()
    }
}

/// Returns the stages, each starting with its `FROM`. Continuation lines are joined.
pub fn stages() -> Vec<Vec<Instruction>> {
    let lines: Vec<&str> = FILE.lines().filter(|line| !line.trim_start().starts_with('#')).collect();
    let joined = lines.join("\n").replace("\\\n", " ");
    let mut stages: Vec<Vec<Instruction>> = Vec::new();
    for line in joined.lines().filter(|line| !line.trim().is_empty()) {
        let (name, rest) = line.split_once(' ').unwrap();
        let rest = rest.split_whitespace().collect::<Vec<_>>().join(" ");
        if name == "FROM" {
            stages.push(Vec::new());
        }
        stages.last_mut().expect("FROM comes first").push(Instruction { name: name.to_owned(), rest });
    }
    stages
}

/// Returns the only instruction of this name in the stage that becomes the image.
pub fn of_image(name: &str) -> Instruction {
    let last = stages().pop().unwrap();
    let found: Vec<Instruction> = last.into_iter().filter(|instruction| instruction.name == name).collect();
    let [one] = &found[..] else { panic!("{name}: {found:?}") };
    one.clone()
}

/// Returns `NAME=value`, unquoted, of all instructions of this name in that stage.
pub fn pairs_of_image(name: &str) -> Variables {
    let last = stages().pop().unwrap();
    let texts = last
        .iter()
        .filter(|instruction| instruction.name == name)
        .map(|instruction| instruction.rest.as_str());
    let text: String = texts.collect::<Vec<_>>().join(" ");
    let mut pairs = Variables::new();
    let mut rest = text.as_str();
    while let Some((name, value)) = rest.split_once('=') {
        let (value, after) = match value.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').unwrap(),
            None => value.split_once(' ').unwrap_or((value, "")),
        };
        pairs.insert(name.trim().to_owned(), value.to_owned());
        rest = after;
    }
    pairs
}
