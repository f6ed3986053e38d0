//! `tachyon audit`: what is there against what should be, for all endpoints at once.

use std::collections::{BTreeMap, BTreeSet};

use clap::{ArgMatches, Args};
use tfplugin::{Shape, Type, Value};

use super::{Command, Output, parsed};
use crate::console::{Console, FINDINGS, FINE, Failure};
use crate::evidence::judge::{AWS, AZURE, Judged, Verdicts, Wishes, judge};
use crate::evidence::{self, Evidence};
use crate::input::{self, STDIN};
use crate::output::{Records, Table, Told, Tone, counted, flag, has, list};

pub(super) const COMMAND: Command = Command {
    name: "audit",
    function: Some("audit_security_group"),
    define: |command| {
        Arguments::augment_args(command)
            .about("What is there against what should be: missing, extra and equal rules of every endpoint")
            .after_help(AFTER)
    },
    run,
};

const AFTER: &str = "Whose a group is, the deployment says (security_group_id), or --group, or the key of its resource in Terraform, which begins with the \
    endpoint in our modules; on Azure also a group's name, where it is that of an endpoint.\n\nExit status: 1 if something is missing or extra.\n\nExample:\n  tachyon audit examples/command-line/deployment.yaml examples/command-line/security-group-rules.json";

#[derive(Debug, Args)]
struct Arguments {
    /// The file with the deployment
    #[arg(value_hint = clap::ValueHint::FilePath)]
    deployment: String,
    /// What these print: `terraform show -json`, `aws ec2 describe-security-group-rules` or `describe-security-groups`, `az network nsg list` or `show`; `-` for standard input
    #[arg(required = true, value_hint = clap::ValueHint::FilePath)]
    evidence: Vec<String>,
    /// The groups of an endpoint by id, in their order, by name, or by the address of their resource in Terraform; may be repeated
    #[arg(long, value_name = "ENDPOINT=GROUP", value_parser = pair)]
    group: Vec<(String, String)>,
    /// Audit these endpoints alone; may be repeated
    #[arg(long, value_name = "NAME")]
    endpoint: Vec<String>,
    /// A file with a list of rules that are yours on purpose, as `accepted` of the provider's audits takes them
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    accepted: Option<String>,
    #[command(flatten)]
    output: Output,
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (endpoint, group) = text.split_once('=').ok_or("accepted is such as dmz=sg-0a1b2c3d")?;
    Ok((endpoint.to_owned(), group.to_owned()))
}

fn run(matches: &ArgMatches, console: &mut Console) -> Result<u8, Failure> {
    let arguments: Arguments = parsed(matches)?;
    let inputs = arguments.evidence.iter().chain([&arguments.deployment]);
    if inputs.filter(|path| *path == STDIN).count() > 1 {
        return Err(Failure::usage("Standard input can be one of the files only."));
    }
    let file = input::deployment(&arguments.deployment, None, console)?;
    let wishes = wishes(&arguments, &file.value(), console)?;
    let mut evidence = Evidence::default();
    for path in &arguments.evidence {
        let shown = input::read(path, Some(input::Format::Json), console)?;
        evidence
            .add(&shown.value())
            .map_err(|text| Failure::usage(format!("{}: {text}", shown.name)))?;
    }
    let mut verdicts = Verdicts::default();
    judge(&AWS, &evidence.aws, &file, &wishes, &mut verdicts, console)?;
    judge(&AZURE, &evidence.azure, &file, &wishes, &mut verdicts, console)?;
    if verdicts.judged.is_empty() && verdicts.undecided.is_empty() {
        return Err(Failure::usage(
            "None of the groups in the evidence is known to be an endpoint's. Say whose they are with --group ENDPOINT=GROUP, or give the endpoints their `security_group_id`.",
        ));
    }
    let is_fine = verdicts.undecided.is_empty()
        && verdicts.judged.iter().all(|it| flag(&it.answer.value, "compliant"));
    tell(&verdicts, is_fine, &arguments.output, console)?;
    Ok(if is_fine { FINE } else { FINDINGS })
}

fn wishes(
    arguments: &Arguments,
    deployment: &Value,
    console: &mut Console,
) -> Result<Wishes, Failure> {
    let mut groups: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (endpoint, ids) in &arguments.group {
        let ids = ids.split(',').map(str::to_owned);
        groups.entry(endpoint.clone()).or_default().extend(ids);
    }
    let endpoints = evidence::get(deployment, "endpoints");
    let mut known: BTreeSet<&str> = BTreeSet::new();
    if let Value::Map(endpoints) = endpoints {
        known.extend(endpoints.keys().map(String::as_str));
        for endpoint in endpoints.values() {
            if let Value::String(shared) = evidence::get(endpoint, "network_security_group") {
                known.insert(shared);
            }
        }
    }
    for name in groups.keys().chain(&arguments.endpoint) {
        if !known.contains(name.as_str()) {
            let known: Vec<&str> = known.iter().copied().collect();
            let text = format!("There is no endpoint `{name}`. Known: {}.", known.join(", "));
            return Err(Failure::usage(text));
        }
    }
    let accepted = match &arguments.accepted {
        None => Value::List(Vec::new()),
        Some(path) => {
            let value = input::read(path, None, console)?.value();
            let inside = evidence::get(&value, "accepted");
            if inside.is_null() { value } else { inside.clone() }
        }
    };
    Ok(Wishes { groups, only: arguments.endpoint.iter().cloned().collect(), accepted })
}

/// One of the lists of an audit. Nothing is shadowed where a cloud has no rules that deny.
fn found<'j>(judged: &'j Judged, name: &str) -> &'j [Value] {
    let answer = &judged.answer.value;
    if has(answer, name) { list(answer, name) } else { &[] }
}

/// The lists of an audit that are told, what they mean, and whether they are findings.
const LISTS: [(&str, &str, Tone); 7] = [
    ("missing", "Missing: documented and not there", Tone::Bad),
    ("shadowed", "Shadowed: there, and a deny decides first", Tone::Bad),
    ("extra", "Extra: there and not documented", Tone::Bad),
    ("accepted", "Accepted: extra, and yours on purpose", Tone::Note),
    ("equal", "Equal", Tone::Good),
    ("tolerated", "Tolerated: documented in other portions", Tone::Plain),
    ("without_effect", "Without effect", Tone::Warning),
];

fn tell(
    verdicts: &Verdicts,
    is_fine: bool,
    output: &Output,
    console: &mut Console,
) -> Result<(), Failure> {
    let lead = ["platform", "endpoint", "finding"];
    // The columns that all lists of all clouds have something for.
    let mut records = Records {
        lead: lead.to_vec(),
        fields: vec![
            "direction",
            "admits",
            "key",
            "id",
            "security_group_id",
            "name",
            "description",
            "overlaps",
        ],
        rows: Vec::new(),
    };
    for judged in &verdicts.judged {
        for (name, ..) in LISTS {
            for rule in found(judged, name) {
                let lead = [judged.platform, &judged.holder, name].map(str::to_owned);
                records.add(lead.to_vec(), rule);
            }
        }
    }
    let mut tables = vec![overview(&verdicts.judged)];
    for (name, title, tone) in LISTS.into_iter().filter(|(name, ..)| *name != "equal") {
        let found = records.only(|row| row.lead.last().is_some_and(|finding| finding == name));
        let columns = ["endpoint", "direction", "admits", "key", "id", "overlaps"];
        tables.push(found.table(title, tone, &columns));
    }
    tables.push(named(
        "Not judged",
        Tone::Warning,
        ["platform", "endpoint", "why"],
        &verdicts.undecided,
    ));
    tables.push(named(
        "Groups that are no endpoint's",
        Tone::Note,
        ["platform", "group", "name"],
        &verdicts.others,
    ));
    let summary = format!(
        "{}: {} audited.",
        if is_fine { "Compliant" } else { "Not compliant" },
        counted(verdicts.judged.len(), "endpoint")
    );
    let value = whole(verdicts, is_fine);
    let shape = Shape::Plain(Type::Dynamic);
    output.write(&Told { whole: (&value, &shape), records, tables, summary }, console)
}

fn overview(judged: &[Judged]) -> Table {
    let names = LISTS.map(|(name, ..)| name);
    let row = |one: &Judged| {
        let mut row = vec![one.platform.to_owned(), one.holder.clone(), one.groups.join(", ")];
        row.extend(names.map(|name| found(one, name).len().to_string()));
        row
    };
    let columns = ["platform", "endpoint", "groups"].into_iter().chain(names);
    Table {
        title: "Endpoints".to_owned(),
        tone: Tone::Plain,
        columns: columns.map(|name| name.replace('_', " ")).collect(),
        rows: judged.iter().map(row).collect(),
    }
}

fn named(title: &str, tone: Tone, columns: [&str; 3], rows: &[[String; 3]]) -> Table {
    Table {
        title: format!("{title} ({})", rows.len()),
        tone,
        columns: columns.map(str::to_owned).to_vec(),
        rows: rows.iter().map(|row| row.to_vec()).collect(),
    }
}

/// Everything, for programs.
fn whole(verdicts: &Verdicts, is_fine: bool) -> Value {
    let endpoint = |one: &Judged| {
        Value::from([
            ("platform", one.platform.into()),
            ("endpoint", one.holder.as_str().into()),
            ("groups", one.groups.clone().into()),
            ("audit", one.answer.value.clone()),
        ])
    };
    let triples = |names: [&'static str; 3], rows: &[[String; 3]]| {
        let row = |row: &[String; 3]| {
            let named = names
                .iter()
                .zip(row)
                .map(|(name, text)| ((*name).to_owned(), text.as_str().into()));
            Value::Map(named.collect())
        };
        Value::List(rows.iter().map(row).collect())
    };
    Value::from([
        ("compliant", is_fine.into()),
        ("endpoints", Value::List(verdicts.judged.iter().map(endpoint).collect())),
        ("not_judged", triples(["platform", "endpoint", "why"], &verdicts.undecided)),
        ("other_groups", triples(["platform", "group", "name"], &verdicts.others)),
    ])
}
