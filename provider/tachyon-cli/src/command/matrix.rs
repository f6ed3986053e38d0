//! `tachyon matrix`: the document itself.

use clap::{ArgMatches, Args, FromArgMatches, Subcommand, ValueEnum};
use tachyon::bug::OrBug;
use tfplugin::{Config, Shape, Type, Value};

use super::{Command, Output};
use crate::catalogue;
use crate::console::{Console, FINE, Failure};
use crate::output::{Records, Told, Tone, counted, document, list};

pub(super) const COMMAND: Command = Command {
    name: "matrix",
    function: None,
    define: |command| {
        Part::augment_subcommands(command)
            .about(
                "The vendor's document: its rows, the flows they ask for, or all of it to change",
            )
            .subcommand_required(true)
            .arg_required_else_help(true)
            .after_help("Example:\n  tachyon matrix rows 8.1 --table dmz")
    },
    run,
};

#[derive(Debug, Subcommand)]
enum Part {
    /// The rows as they are printed and read
    #[command(after_help = "Example:\n  tachyon matrix rows --role dmz_server")]
    Rows(Shown),
    /// What the rows together ask for, role to role
    #[command(after_help = "Example:\n  tachyon matrix flows 8.1 --format csv")]
    Flows(Shown),
    /// The roles
    #[command(after_help = "Example:\n  tachyon matrix roles")]
    Roles(Shown),
    /// The whole document, as `matrix` of a deployment takes it: a start for one of your own
    #[command(after_help = "Example:\n  tachyon matrix export 8.1 --format yaml")]
    Export(Export),
}

#[derive(Debug, Args)]
struct Shown {
    /// The version of the document; the newest, if it is left out
    version: Option<String>,
    /// What is about this role alone
    #[arg(long)]
    role: Option<String>,
    /// What is in this table of the document alone
    #[arg(long)]
    table: Option<String>,
    #[command(flatten)]
    output: Output,
}

#[derive(Debug, Args)]
struct Export {
    /// The version of the document; the newest, if it is left out
    version: Option<String>,
    /// How it is written
    #[arg(long, short, value_enum, default_value = "yaml")]
    format: Written,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Written {
    Yaml,
    Json,
}

fn run(matches: &ArgMatches, console: &mut Console) -> Result<u8, Failure> {
    let part =
        Part::from_arg_matches(matches).map_err(|error| Failure::usage(error.to_string()))?;
    match part {
        Part::Rows(shown) => write(&shown, ("rows", "Rows"), &ROW, console),
        Part::Flows(shown) => write(
            &shown,
            ("flows", "Flows"),
            &["id", "source", "destination", "protocol", "ports"],
            console,
        ),
        Part::Roles(shown) => write(&shown, ("roles", "Roles"), &["id", "title", "means"], console),
        Part::Export(export) => {
            let config = config(&[("matrix_version", export.version.as_ref())]);
            let attributes = catalogue::matrix(config)?;
            let value = attributes.get("document").or_bug("a document that is not shown");
            let shape = Shape::Plain(Type::Dynamic);
            console.write(&document(value, &shape, export.format == Written::Yaml))?;
            Ok(FINE)
        }
    }
}

/// What is shown of a row.
const ROW: [&str; 6] = [
    "id",
    "printed.device",
    "printed.port",
    "printed.direction",
    "reading.counterparts",
    "reading.purpose",
];

fn config(given: &[(&str, Option<&String>)]) -> Config {
    let given =
        given.iter().filter_map(|(name, text)| Some((*name, Value::from(text.as_ref()?.as_str()))));
    given.collect()
}

fn write(
    shown: &Shown,
    (attribute, title): (&'static str, &str),
    columns: &[&'static str],
    console: &mut Console,
) -> Result<u8, Failure> {
    let config = config(&[
        ("matrix_version", shown.version.as_ref()),
        ("role", shown.role.as_ref()),
        ("table", shown.table.as_ref()),
    ]);
    let all = Value::Map(catalogue::matrix(config)?);
    let value = crate::output::get(&all, attribute);
    let shape = catalogue::matrix_shape(attribute);
    let records = Records::of_list(&shape, &[], list(&all, attribute));
    let tables = vec![records.table(title, Tone::Plain, columns)];
    let summary = format!("{}.", counted(records.rows.len(), attribute.trim_end_matches('s')));
    shown.output.write(&Told { whole: (value, &shape), records, tables, summary }, console)?;
    Ok(FINE)
}
