//! Pages of a small provider, whole, so that a reader sees them as users do.

use std::collections::BTreeMap;

use expect_test::expect;

use super::*;
use crate::{
    Attribute, Config, Diagnostic, FunctionError, Read, Replied, Reply, Type, Value, object,
};

object! {
    /// One side.
    struct Side {
        /// From this port.
        from_port: u16,
        /// All ports.
        ///
        /// - sorted
        ports: Vec<u16>,
    }
}

object! {
    /// One rule.
    struct Rule {
        /// Its sides, by name.
        sides: BTreeMap<String, Vec<Side>>,
        /// The side that counts.
        first: Side,
        /// Where it goes.
        target: String,
    }
}

object! {
    /// What is answered.
    struct Answer {
        /// The rules.
        rules: Vec<Rule>,
    }
}

struct Rules;

impl DataSource for Rules {
    fn name(&self) -> &'static str {
        "test_rules"
    }

    fn schema(&self) -> Schema {
        let mut attributes = vec![
            SchemaAttribute::new("input", "What is asked.", Type::Dynamic, Presence::Required),
            SchemaAttribute {
                sensitive: true,
                deprecation: Some("Use `input`.".to_owned()),
                ..SchemaAttribute::new("key", "A key.", Type::set(Type::String), Presence::Optional)
            },
        ];
        attributes.extend(SchemaAttribute::computed::<Answer>());
        Schema {
            description: "Answers with rules. For everyone.\n\nA second paragraph.".to_owned(),
            attributes,
            ..Schema::default()
        }
    }

    fn validate(&self, _: &Config) -> Vec<Diagnostic> {
        Vec::new()
    }

    fn read(&self, _: &Config) -> Read {
        Read::default()
    }
}

struct Fold;

impl Function for Fold {
    fn name(&self) -> &'static str {
        "fold"
    }

    fn signature(&self) -> Signature {
        let nullable = Parameter::new("limit", "At most so many.", Type::Number);
        Signature {
            summary: "Folds rules".to_owned(),
            description: "Folds rules into fewer.".to_owned(),
            parameters: vec![
                Parameter::new("rules", "The rules.", Type::list(Type::String)),
                Parameter { allow_null: true, ..nullable },
            ],
            variadic: Some(Parameter::new("others", "More rules.", Type::String)),
            returns: Answer::shape(),
            deprecation: Some("Use `test_rules`.".to_owned()),
        }
    }

    fn call(&self, _: &[Value], _: Reply<'_>) -> Result<Replied, FunctionError> {
        Err(FunctionError::new("not called here"))
    }
}

fn provider() -> Provider {
    Provider {
        address: "registry.terraform.io/example/test",
        version: "1.2.3",
        description: "For tests.".to_owned(),
        bug_reports: "https://example.org/bugs",
        data_sources: vec![Box::new(Rules)],
        functions: vec![Box::new(Fold)],
    }
}

#[test]
fn pages_have_their_places() {
    let asked = std::cell::RefCell::new(Vec::new());
    let pages = pages(&provider(), |path| {
        asked.borrow_mut().push(path.to_owned());
        None
    });
    let paths: Vec<_> = pages.keys().map(String::as_str).collect();
    assert_eq!(paths, ["data-sources/rules.md", "functions/fold.md", "index.md"]);
    let examples = [
        "provider/provider.tf",
        "data-sources/test_rules/data-source.tf",
        "functions/fold/function.tf",
    ];
    let asked = asked.into_inner();
    let configurations = asked.iter().filter(|path| path.strip_suffix(".tf").is_some());
    let shown = configurations.filter(|path| !path.ends_with("resources/main.tf"));
    assert_eq!(shown.collect::<Vec<_>>(), examples.iter().collect::<Vec<_>>());
    assert!(asked.contains(&"functions/fold/resources/main.tf".to_owned()));
    assert!(asked.contains(&"functions/fold/output.json".to_owned()));
    assert!(asked.contains(&"provider/note.md".to_owned()));
}

#[test]
fn index_lists_everything() {
    expect![[r#"
        ---
        page_title: "test Provider"
        description: |-
          For tests.
        ---

        # test Provider

        For tests.

        ## Example Usage

        ```terraform
        provider "test" {}
        ```

        ## Schema

        The provider has no settings: a `provider` block for it is empty, and may be left out.

        ## Data Sources

        - [`test_rules`](data-sources/rules.md) Answers with rules.

        ## Functions

        - [`fold`](functions/fold.md) Folds rules
    "#]]
    .assert_eq(&index(&provider(), &example("provider \"test\" {}\n")));
}

#[test]
fn data_source_page_describes_everything_nested() {
    expect![[r#"
        ---
        page_title: "test_rules Data Source - test"
        subcategory: ""
        description: |-
          Answers with rules. For everyone.
        ---

        # test_rules (Data Source)

        Answers with rules. For everyone.

        A second paragraph.

        ## Example Usage

        ```terraform
        data "test_rules" "all" {}
        ```

        ## Schema

        ### Required

        - `input` (Dynamic) What is asked.

        ### Optional

        - `key` (Set of String, Sensitive, Deprecated) **Deprecated:** Use `input`. A key.

        ### Read-Only

        - `rules` (Attributes List) The rules. (see [below for nested schema](#nestedatt--rules))

        <a id="nestedatt--rules"></a>
        ### Nested Schema for `rules`

        Read-Only:

        - `sides` (Map of List of Object) Its sides, by name. (see [below for nested schema](#nestedatt--rules--sides))
        - `first` (Attributes) The side that counts. (as `rules.sides`: see [its schema](#nestedatt--rules--sides))
        - `target` (String) Where it goes.

        <a id="nestedatt--rules--sides"></a>
        ### Nested Schema for `rules.sides`

        Read-Only:

        - `from_port` (Number) From this port.
        - `ports` (List of Number) All ports.

          - sorted
    "#]].assert_eq(&data_source(&Rules, "test", &example("data \"test_rules\" \"all\" {}\n")));
}

fn example(text: &str) -> Texts {
    Texts { example: Some(text.to_owned()), ..Texts::default() }
}

#[test]
fn function_page_says_how_it_is_called() {
    let texts = Texts {
        note: Some("~> Mind the edge.\n".to_owned()),
        output: Some("{}\n".to_owned()),
        resources: Some("resource \"x\" \"y\" {}\n".to_owned()),
        ..example("locals {}\n")
    };
    expect![[r#"
        ---
        page_title: "fold function - test"
        subcategory: ""
        description: |-
          Folds rules
        ---

        # function: fold

        ~> **Deprecated:** Use `test_rules`.

        Folds rules into fewer.

        ~> Mind the edge.

        ## Example Usage

        ```terraform
        locals {}
        ```

        Its outputs, as `terraform output -json` gives their values:

        ```json
        {}
        ```

        ## Resources

        A whole configuration that makes resources of the answer:

        ```terraform
        resource "x" "y" {}
        ```

        ## Signature

        ```text
        fold(rules list of string, limit number, others string...) object
        ```

        ## Arguments

        1. `rules` (List of String) The rules.
        2. `limit` (Number, Nullable) At most so many.
        3. `others` (Variadic, String) More rules.

        ## Return Type

        The return type of `fold` is: object (see [below for nested schema](#nestedatt))

        <a id="nestedatt"></a>
        ### Nested Schema for the result

        Attributes:

        - `rules` (Attributes List) The rules. (see [below for nested schema](#nestedatt--rules))

        <a id="nestedatt--rules"></a>
        ### Nested Schema for `rules`

        Attributes:

        - `sides` (Map of List of Object) Its sides, by name. (see [below for nested schema](#nestedatt--rules--sides))
        - `first` (Attributes) The side that counts. (as `rules.sides`: see [its schema](#nestedatt--rules--sides))
        - `target` (String) Where it goes.

        <a id="nestedatt--rules--sides"></a>
        ### Nested Schema for `rules.sides`

        Attributes:

        - `from_port` (Number) From this port.
        - `ports` (List of Number) All ports.

          - sorted
    "#]].assert_eq(&function(&Fold, "test", &texts));
}
