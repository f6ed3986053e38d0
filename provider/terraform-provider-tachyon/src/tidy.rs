//! Rules of style and structure that a machine can check.

use std::collections::BTreeSet;
use std::path::PathBuf;

use portmatrix::matrix::Matrix;

use crate::pages::{files, is_a, text};

/// The longest a source file may be, in lines.
const LONGEST_FILE: usize = 400;
/// Code that other code writes.
const GENERATED: &str = "tfplugin/src/generated/";

/// Every Rust file that people write, by its path below `provider/`, with its text.
fn sources() -> Vec<(String, String)> {
    let written =
        |(path, file): &(String, PathBuf)| is_a(file, "rs") && !path.starts_with(GENERATED);
    let paths = files("provider").into_iter().filter(written).map(|(path, _)| path);
    paths.map(|path| (path.clone(), text(&format!("provider/{path}")))).collect()
}

#[test]
fn every_module_says_first_what_it_is() {
    let silent: Vec<_> = sources()
        .into_iter()
        .filter(|(_, code)| !code.starts_with("//! "))
        .map(|it| it.0)
        .collect();
    assert!(silent.is_empty(), "no `//!` at the head of {silent:?}");
}

#[test]
fn no_source_file_is_too_long() {
    let long: Vec<_> = sources()
        .into_iter()
        .map(|(path, code)| (path, code.lines().count()))
        .filter(|(_, lines)| *lines > LONGEST_FILE)
        .collect();
    assert!(long.is_empty(), "over {LONGEST_FILE} lines: {long:?}");
}

/// What a crate depends on, tests apart.
fn dependencies(of: &str) -> BTreeSet<String> {
    let manifest = text(&format!("provider/{of}/Cargo.toml"));
    let (_, rest) = manifest.split_once("\n[dependencies]\n").expect("a table of dependencies");
    let table = rest.split("\n[").next().unwrap_or_default();
    let names = table.lines().filter_map(|line| line.split([' ', '.', '=']).next());
    names.filter(|name| !name.is_empty() && !name.starts_with('#')).map(str::to_owned).collect()
}

#[test]
fn crates_depend_downwards_only() {
    let none = |of: &str, forbidden: &[&str]| {
        let found = dependencies(of);
        let bad: Vec<_> = forbidden.iter().filter(|name| found.contains(**name)).collect();
        assert!(bad.is_empty(), "{of} depends on {bad:?}");
    };
    assert_eq!(dependencies("cidrs"), BTreeSet::new());
    assert_eq!(dependencies("pictures"), BTreeSet::new());
    assert_eq!(dependencies("nearest"), BTreeSet::from(["strsim".to_owned()]));
    none(
        "portmatrix",
        &["tfplugin", "tonic", "tokio", "prost", "cidrs", "pictures", "terraform-provider-tachyon"],
    );
    none("tfplugin", &["portmatrix", "cidrs", "pictures", "terraform-provider-tachyon"]);
    none(
        "terraform-provider-tachyon",
        &["tonic", "tokio", "prost", "rustls", "toml", "clap", "tachyon-cli"],
    );
    // It asks the provider, and answers nothing by itself.
    none("tachyon-cli", &["portmatrix", "cidrs", "pictures", "nearest", "tonic", "tokio"]);
    assert!(dependencies("portmatrix").contains("toml"), "the manifest is not read any more");
}

/// Numbers in code that are ports of the matrix by chance: the file, the number, and what it is there.
const NOT_PORTS: [(&str, u16, &str); 6] = [
    ("portmatrix/src/deployment/ports/read.rs", 80, "how much of a long number an error shows"),
    ("terraform-provider-tachyon/src/reader/mod.rs", 80, "the same"),
    ("terraform-provider-tachyon/src/platform/azure/quota.rs", 4000, "prefixes of a rule"),
    ("terraform-provider-tachyon/src/platform/azure/address.rs", 80, "characters of a name"),
    ("terraform-provider-tachyon/src/platform/azure/name.rs", 80, "the longest name of a rule"),
    ("terraform-provider-tachyon/src/platform/azure/rule.rs", 443, "where Azure's services listen"),
];

#[test]
fn no_port_of_the_matrix_stands_in_code() {
    let ports = matrix_ports();
    let mut found = BTreeSet::new();
    for (path, code) in sources().into_iter().filter(|(path, _)| is_product(path)) {
        let named = numbers(&bare(&code)).into_iter().filter(|number| ports.contains(number));
        found.extend(named.map(|number| (path.clone(), number)));
    }
    let allowed = NOT_PORTS.map(|(path, number, _)| (path.to_owned(), number));
    assert_eq!(found, BTreeSet::from(allowed), "ports belong into the matrix document");
}

fn matrix_ports() -> BTreeSet<u16> {
    let mut ports = BTreeSet::new();
    for version in portmatrix::matrix::versions() {
        let matrix = Matrix::of(version).expect("an embedded version");
        let defaults = matrix.flows.iter().flat_map(|flow| matrix.default_ports(flow));
        let silent = matrix.listeners().map(|(_, listener)| listener.ports);
        ports.extend(defaults.chain(silent).flat_map(|range| [range.from, range.to]));
    }
    ports
}

/// Code that reads deployments and makes rules.
fn is_product(path: &str) -> bool {
    let crates = ["portmatrix/src/", "terraform-provider-tachyon/src/"];
    let tests = ["terraform-provider-tachyon/src/pages", "terraform-provider-tachyon/src/tidy.rs"];
    crates.iter().any(|prefix| path.starts_with(prefix))
        && !tests.iter().any(|prefix| path.starts_with(prefix))
        && !path.ends_with("/tests.rs")
        && !path.contains("/tests/")
}

/// Code without its tests, its comments, and its texts, which may show ports as examples unless they are one.
fn bare(code: &str) -> String {
    let code = code.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
    let code = lines
        .collect::<Vec<_>>()
        .join("\n")
        .replace(r"\\", "")
        .replace("\\\"", "")
        .replace("'\"'", "");
    let is_number = |text: &str| text.chars().all(|letter| letter.is_ascii_digit());
    let parts = (0..).zip(code.split('"'));
    let kept = parts.filter(|(place, part)| place % 2 == 0 || is_number(part)).map(|it| it.1);
    kept.collect::<Vec<_>>().join(" ")
}

/// The whole numbers in code; their type may stand behind them.
fn numbers(code: &str) -> Vec<u16> {
    let words = code.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
    let digits = words.filter(|word| word.starts_with(|first: char| first.is_ascii_digit()));
    digits
        .map(|word| word.split(['u', 'i']).next().unwrap_or_default().replace('_', ""))
        .filter_map(|word| word.parse().ok())
        .collect()
}

#[test]
fn numbers_are_found_in_code_alone() {
    let code = "// 443\nlet a = [4_000, 80_u16, 0x50]; let text = \"say \\\"25\\\"\"; '\"'; b1433; \"135\"\n#[cfg(test)]\nmod tests { 445 }";
    assert_eq!(numbers(&bare(code)), [4000, 80, 135]);
}

/// Whole texts in code that are ids of the matrix by chance.
const NOT_IDS: [&str; 0] = [];

#[test]
fn no_role_and_no_flow_of_the_matrix_stands_in_code() {
    let mut ids = BTreeSet::new();
    for version in portmatrix::matrix::versions() {
        let matrix = Matrix::of(version).expect("an embedded version");
        ids.extend(matrix.roles.iter().map(|role| role.id.as_str()));
        ids.extend(matrix.flows.iter().map(|flow| flow.id.as_str()));
    }
    let mut found = Vec::new();
    for (path, code) in sources().into_iter().filter(|(path, _)| is_product(path)) {
        let texts = texts(&code);
        let named = texts.iter().filter(|text| ids.contains(text.as_str()));
        found.extend(named.map(|id| (path.clone(), id.clone())));
    }
    found.retain(|(_, id)| !NOT_IDS.contains(&id.as_str()));
    assert!(found.is_empty(), "what is special about it belongs into the document: {found:?}");
    assert_eq!(texts("// \"a\"\nlet b = \"c\"; \"d\\\"e\\\"\""), ["c", "de"]);
}

/// The texts of code, without its tests and comments, and without the quotes inside them.
fn texts(code: &str) -> Vec<String> {
    let code = code.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
    let code = lines
        .collect::<Vec<_>>()
        .join("\n")
        .replace(r"\\", "")
        .replace("\\\"", "")
        .replace("'\"'", "");
    code.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

/// Words of clouds and of who asks, which the matrix and what it means in a deployment know nothing of.
const FOREIGN: [&str; 10] = [
    "amazon",
    "aws",
    "azure",
    "ec2",
    "gcp",
    "microsoft",
    "nsg",
    "opentofu",
    "registry",
    "terraform",
];

#[test]
fn the_matrix_knows_no_cloud_and_nobody_who_asks() {
    let found: Vec<(String, Vec<&str>)> = sources()
        .into_iter()
        .filter(|(path, _)| path.starts_with("portmatrix/"))
        .map(|(path, code)| (path, foreign(&code)))
        .filter(|(_, words)| !words.is_empty())
        .collect();
    assert!(found.is_empty(), "this belongs into a crate above: {found:?}");
}

fn foreign(code: &str) -> Vec<&'static str> {
    let code = code.to_lowercase();
    let words: BTreeSet<&str> = code.split(|letter: char| !letter.is_alphanumeric()).collect();
    FOREIGN.into_iter().filter(|word| words.contains(word)).collect()
}

#[test]
fn foreign_words_are_found_wherever_they_stand() {
    assert_eq!(
        foreign("// Azure's\nlet aws_band = \"EC2\"; drawstring, registry_x"),
        ["aws", "azure", "ec2", "registry"]
    );
}

/// The modules of this crate from the bottom up: each may use those before it, and no others.
const LAYERS: [&str; 7] = ["leaf", "output", "reader", "platform", "input", "query", "provider"];

#[test]
fn modules_use_what_lies_below_them_only() {
    let layer = |module: &str| LAYERS.iter().position(|name| *name == module);
    let mut wrong = Vec::new();
    for (path, code) in sources() {
        let Some(inner) = path.strip_prefix("terraform-provider-tachyon/src/") else { continue };
        let module = inner.split(['/', '.']).next().unwrap_or_default();
        let Some(own) = layer(module).filter(|_| !inner.contains("tests")) else { continue };
        let code = code.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        for used in code.split("crate::").skip(1) {
            let used = used.split(|letter: char| !letter.is_alphanumeric() && letter != '_').next();
            if let Some(used) = used.filter(|used| layer(used).is_some_and(|used| used > own)) {
                wrong.push(format!("{path} uses {used}"));
            }
        }
    }
    assert!(wrong.is_empty(), "the order is {LAYERS:?}: {wrong:?}");
    assert!(sources().iter().any(|(path, _)| path.ends_with("src/query/rules.rs")));
}
