//! Pages for the Terraform Registry, written from what the provider says of itself.
//!
//! The layout is that of tfplugindocs (the README of hashicorp/terraform-plugin-docs): front matter, example, schema with
//! a heading for who gives what, and a part for each nested object with an anchor of its own.

mod nested;
mod page;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use crate::data_source::DataSource;
use crate::function::{Function, Parameter, Signature};
use crate::provider::Provider;
use crate::schema::{Presence, Schema, SchemaAttribute};
use nested::{Nested, lower_name, type_name};
use page::Page;

/// What stands in a page beside what the provider says of itself.
#[derive(Debug, Clone, Default)]
pub struct Texts {
    /// Markdown that follows the description.
    pub note: Option<String>,
    /// A whole configuration that shows the use.
    pub example: Option<String>,
    /// The values of its outputs, as JSON.
    pub output: Option<String>,
    /// A whole configuration with the resources that the answer is for.
    pub resources: Option<String>,
}

impl Texts {
    /// Those of a page by the folder and file that tfplugindocs has its example under.
    fn of(folder: &str, file: &str, text: impl Fn(&str) -> Option<String>) -> Self {
        let text = |name: &str| text(&format!("{folder}/{name}"));
        Self {
            note: text("note.md"),
            example: text(file),
            output: text("output.json"),
            resources: text("resources/main.tf"),
        }
    }
}

/// Every page of a provider by its path under `docs/`: `index.md`, `data-sources/NAME.md`, `functions/NAME.md`.
///
/// `text` gives what stands in a page by the path that tfplugindocs has its example under, below `examples/`:
/// `provider/provider.tf`, `data-sources/FULL_NAME/data-source.tf`, `functions/NAME/function.tf`; and by the names in the
/// same folder that [`Texts`] lists.
pub fn pages(
    provider: &Provider,
    text: impl Fn(&str) -> Option<String>,
) -> BTreeMap<String, String> {
    let mut pages = BTreeMap::new();
    pages.insert(
        "index.md".to_owned(),
        index(provider, &Texts::of("provider", "provider.tf", &text)),
    );
    for source in &provider.data_sources {
        let folder = format!("data-sources/{}", source.name());
        let texts = Texts::of(&folder, "data-source.tf", &text);
        let page = data_source(source.as_ref(), provider.name(), &texts);
        pages.insert(
            format!("data-sources/{}.md", without_provider(source.name(), provider.name())),
            page,
        );
    }
    for function in &provider.functions {
        let folder = format!("functions/{}", function.name());
        let texts = Texts::of(&folder, "function.tf", &text);
        let page = self::function(function.as_ref(), provider.name(), &texts);
        pages.insert(format!("functions/{}.md", function.name()), page);
    }
    pages
}

/// The first page: what the provider is, and everything that it offers.
pub fn index(provider: &Provider, texts: &Texts) -> String {
    let name = provider.name();
    let mut page = Page::new(&format!("{name} Provider"), None, &provider.description);
    page.heading(&format!("# {name} Provider"));
    page.paragraph(&provider.description);
    page.texts(texts);
    page.heading("## Schema");
    page.paragraph(
        "The provider has no settings: a `provider` block for it is empty, and may be left out.",
    );
    if !provider.data_sources.is_empty() {
        page.heading("## Data Sources");
        page.items(provider.data_sources.iter().map(|source| {
            let (full, short) = (source.name(), without_provider(source.name(), name));
            format!(
                "- [`{full}`](data-sources/{short}.md) {}",
                page::first_sentence(&source.schema().description)
            )
        }));
    }
    if !provider.functions.is_empty() {
        page.heading("## Functions");
        page.items(provider.functions.iter().map(|function| {
            let summary = function.signature().summary;
            format!("- [`{0}`](functions/{0}.md) {summary}", function.name())
        }));
    }
    page.finish()
}

/// The page of a data source.
pub fn data_source(source: &dyn DataSource, provider_name: &str, texts: &Texts) -> String {
    let (name, schema) = (source.name(), source.schema());
    let mut page =
        Page::new(&format!("{name} Data Source - {provider_name}"), Some(""), &schema.description);
    page.heading(&format!("# {name} (Data Source)"));
    page.deprecation(schema.deprecation.as_deref());
    page.paragraph(&schema.description);
    page.texts(texts);
    page.heading("## Schema");
    let mut nested = Nested::default();
    for (title, presences) in [
        ("### Required", [Presence::Required].as_slice()),
        ("### Optional", &[Presence::Optional, Presence::OptionalComputed]),
        ("### Read-Only", &[Presence::Computed]),
    ] {
        attributes(&mut page, &mut nested, &schema, title, presences);
    }
    nested.write(&mut page);
    page.finish()
}

fn attributes(
    page: &mut Page,
    nested: &mut Nested,
    schema: &Schema,
    title: &str,
    presences: &[Presence],
) {
    let mut items =
        schema.attributes.iter().filter(|it| presences.contains(&it.presence)).peekable();
    if items.peek().is_some() {
        page.heading(title);
        page.items(items.map(|it| attribute(nested, it)));
    }
}

fn attribute(nested: &mut Nested, attribute: &SchemaAttribute) -> String {
    let mut kind = type_name(&attribute.shape);
    if attribute.sensitive {
        kind.push_str(", Sensitive");
    }
    if attribute.deprecation.is_some() {
        kind.push_str(", Deprecated");
    }
    let mut text = attribute.description.clone();
    if let Some(instead) = &attribute.deprecation {
        text = format!("**Deprecated:** {instead} {text}");
    }
    let heading = if attribute.presence == Presence::Computed { "Read-Only:" } else { "Optional:" };
    let below = nested.link(&[attribute.name], &attribute.shape, heading);
    page::item("-", attribute.name, &kind, &text, &below)
}

/// The page of a function.
pub fn function(function: &dyn Function, provider_name: &str, texts: &Texts) -> String {
    let (name, signature) = (function.name(), function.signature());
    let mut page =
        Page::new(&format!("{name} function - {provider_name}"), Some(""), &signature.summary);
    page.heading(&format!("# function: {name}"));
    page.deprecation(signature.deprecation.as_deref());
    page.paragraph(&signature.description);
    page.texts(texts);
    page.heading("## Signature");
    page.block("text", &call(name, &signature));
    page.heading("## Arguments");
    let items = signature
        .parameters
        .iter()
        .map(|it| (it, ""))
        .chain(signature.variadic.iter().map(|it| (it, "Variadic, ")));
    page.items(
        (1..)
            .zip(items)
            .map(|(number, (parameter, variadic))| argument(number, parameter, variadic)),
    );
    page.heading("## Return Type");
    let mut nested = Nested::default();
    let below = nested.link(&[], &signature.returns, "Attributes:");
    page.paragraph(&format!(
        "The return type of `{name}` is: {}{below}",
        lower_name(&signature.returns.ty())
    ));
    nested.write(&mut page);
    page.finish()
}

/// How a function is called, in one line.
fn call(name: &str, signature: &Signature) -> String {
    let one = |it: &Parameter| format!("{} {}", it.name, lower_name(&it.ty));
    let each = signature.parameters.iter().map(one);
    let parameters: Vec<_> =
        each.chain(signature.variadic.iter().map(|it| format!("{}...", one(it)))).collect();
    format!("{name}({}) {}", parameters.join(", "), lower_name(&signature.returns.ty()))
}

fn argument(number: usize, parameter: &Parameter, variadic: &str) -> String {
    let nullable = if parameter.allow_null { ", Nullable" } else { "" };
    let kind = format!("{variadic}{}{nullable}", type_name(&parameter.ty.clone().into()));
    page::item(&format!("{number}."), parameter.name, &kind, &parameter.description, "")
}

fn without_provider<'a>(name: &'a str, provider_name: &str) -> &'a str {
    name.strip_prefix(provider_name).and_then(|rest| rest.strip_prefix('_')).unwrap_or(name)
}
