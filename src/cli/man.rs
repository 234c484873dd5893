use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use clap::{Arg, Command};
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};

use super::exit::{CliError, Exit};

#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n  svc man /usr/local/share/man/man1")]
pub(super) struct Args {
    /// Folder for the pages, such as svc.1 and svc-event-list.1; it is created if it does not exist
    dir: PathBuf,
}

/// The heading of the examples in the long help of each command.
const EXAMPLES: &str = "Examples:\n";

pub(super) fn run(args: &Args, mut command: Command) -> Result<(), CliError> {
    command.build();
    let written = fs::create_dir_all(&args.dir).and_then(|()| write(&command, &args.dir));
    written.map_err(|error| {
        CliError::new(Exit::Failed, format!("failed to write the pages to {}: {error}", args.dir.display()))
    })
}

/// Writes the page of a command and those of its subcommands.
fn write(command: &Command, folder: &Path) -> io::Result<()> {
    for below in command.get_subcommands().filter(|below| !below.is_hide_set()) {
        write(below, folder)?;
    }
    let name = command.get_display_name().unwrap_or_else(|| command.get_name());
    fs::write(folder.join(format!("{name}.1")), page(command)?)
}

/// The sections of a page. The options that all commands have are the last.
fn page(command: &Command) -> io::Result<String> {
    let usage = command.clone().render_usage().to_string();
    let usage = usage.strip_prefix("Usage: ").unwrap_or(&usage).trim().to_owned();
    let own = Man::new(only(command, |arg| !arg.is_global_set()).override_usage(usage));
    let own = own.source(format!("svc {}", command.get_version().unwrap_or_default()));
    let text = command.get_after_long_help().map(ToString::to_string).unwrap_or_default();
    let (examples, notes): (Vec<&str>, Vec<&str>) =
        text.split("\n\n").filter(|part| !part.is_empty()).partition(|part| part.starts_with(EXAMPLES));

    let mut page = Page::default();
    page.add(|to| own.render_title(to))?;
    // Names of options and files are not hyphenated, and spaces between words are not stretched.
    page.roff(Roff::new().control("nh", []).control("ad", ["l"]))?;
    page.add(|to| own.render_name_section(to))?;
    page.add(|to| own.render_synopsis_section(to))?;
    page.add(|to| own.render_description_section(to))?;
    for note in notes {
        page.roff(Roff::new().control("PP", []).text([roman(note)]))?;
    }
    if command.get_arguments().any(|arg| !arg.is_global_set() && !arg.is_hide_set()) {
        page.add(|to| own.render_options_section(to))?;
    }
    if command.get_subcommands().any(|below| !below.is_hide_set()) {
        page.add(|to| own.render_subcommands_section(to))?;
    }
    for part in examples {
        // Printed as they are: nothing is filled.
        page.roff(Roff::new().control("SH", ["EXAMPLES"]).control("nf", []))?;
        for line in part.lines().skip(1) {
            page.roff(Roff::new().text([roman(line.trim_start())]))?;
        }
        page.roff(Roff::new().control("fi", []))?;
    }
    page.roff(Roff::new().control("SH", ["EXIT STATUS"]))?;
    for (code, means) in [(0, "success")].iter().chain(Exit::MEANINGS) {
        page.roff(Roff::new().control("TP", []).text([bold(code.to_string())]).text([roman(*means)]))?;
    }
    let global = Man::new(only(command, Arg::is_global_set));
    page.add(|to| global.render_options_section(to))?;
    Ok(page.0)
}

/// The command, whose other options are hidden.
fn only(command: &Command, is_shown: impl Fn(&Arg) -> bool) -> Command {
    command.clone().mut_args(|arg| {
        let is_hidden = arg.is_hide_set() || !is_shown(&arg);
        arg.hide(is_hidden)
    })
}

/// A page that grows by sections.
#[derive(Default)]
struct Page(String);

impl Page {
    fn add(&mut self, render: impl FnOnce(&mut dyn io::Write) -> io::Result<()>) -> io::Result<()> {
        let mut section = Vec::new();
        render(&mut section)?;
        let section = String::from_utf8_lossy(&section);
        // Each section begins with a definition that a page has once.
        let definition = |line: &&str| line.starts_with(".ie \\n(.g ") || line.starts_with(".el .ds Aq");
        let has_definition = !self.0.is_empty();
        for line in section.lines().filter(|line| !has_definition || !definition(line)) {
            self.0.push_str(line);
            self.0.push('\n');
        }
        Ok(())
    }

    fn roff(&mut self, part: &Roff) -> io::Result<()> {
        self.add(|to| part.to_writer(to))
    }
}
