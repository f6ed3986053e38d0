//! Tables of deployments that a lint reports and of those that it barely does not; the answer as a whole.

use std::collections::BTreeSet;

use tfplugin::{FunctionError, Value};

use crate::answer::{Read, call};

/// A deployment, and what a lint says of it.
pub(crate) struct Case {
    what: String,
    /// Endpoints that are added to an installation, or take the place of others; null takes one away.
    endpoints: Value,
    options: Value,
    /// `endpoint` or `endpoint peer` of each finding, `-` for the deployment as a whole; none if it is not decided.
    expected: Option<Vec<String>>,
}

impl Case {
    /// Findings about these.
    pub(crate) fn found(what: &str, endpoints: Value, expected: &[&str]) -> Self {
        let expected = Some(expected.iter().map(|it| (*it).to_owned()).collect());
        Self { what: what.to_owned(), endpoints, options: Value::Null, expected }
    }

    /// No finding.
    pub(crate) fn silent(what: &str, endpoints: Value) -> Self {
        Self::found(what, endpoints, &[])
    }

    /// It can't be said yet.
    pub(crate) fn undecided(what: &str, endpoints: Value) -> Self {
        Self { expected: None, ..Self::found(what, endpoints, &[]) }
    }

    /// The same with options.
    pub(crate) fn with(self, options: Value) -> Self {
        Self { options, ..self }
    }
}

/// An installation of which nothing is to be warned, with other endpoints.
fn deployment(endpoints: &Value, options: &Value) -> Value {
    let Value::Map(mut all) = value!({
        "master": { "roles": ["master_stack"], "cidrs": ["10.0.0.1/32"] },
        "response": { "roles": ["response_stack"], "cidrs": ["10.0.0.2/32"] },
        "sql": { "roles": ["sql_master", "sql_responses"], "cidrs": ["10.0.0.3/32"] },
        "clients": { "roles": ["client"], "cidrs": ["10.1.0.0/16"] },
        "admins": { "roles": ["browser"], "cidrs": ["10.2.0.0/24"] },
    }) else {
        unreachable!()
    };
    let Value::Map(more) = endpoints else { panic!("endpoints are a map") };
    all.extend(more.clone());
    all.retain(|_, endpoint| !endpoint.is_null());
    let endpoints = Value::Map(all);
    value!({ "endpoints": (endpoints), "include_flows": ["client_p2p"], "options": (options.clone()) })
}

/// What `lint` answers.
pub(crate) fn lint(deployment: &Value, settings: Option<&Value>) -> Result<Value, FunctionError> {
    let arguments: Vec<Value> = std::iter::once(deployment).chain(settings).cloned().collect();
    call("lint", &arguments)
}

/// Every case of a lint, which has at least one that it reports and one that it does not.
#[track_caller]
pub(crate) fn check(id: &str, cases: &[Case]) {
    let reported = |case: &&Case| case.expected.as_ref().is_some_and(|it| !it.is_empty());
    let silent = |case: &&Case| case.expected.as_ref().is_some_and(Vec::is_empty);
    assert!(cases.iter().any(|case| reported(&case)) && cases.iter().any(|case| silent(&case)));
    for Case { what, endpoints, options, expected } in cases {
        let settings = value!({ "only": [id] });
        let told = lint(&deployment(endpoints, options), Some(&settings));
        let told = told.unwrap_or_else(|error| panic!("{what}: {error}"));
        let undecided = !told.at("undecided").list().is_empty();
        let found = told.at("findings").list().iter().map(|finding| {
            assert_eq!(finding.at("id").text(), id, "{what}");
            assert!(finding.at("summary").text().ends_with('.'), "{finding:?}");
            let ends = [finding.at("endpoint"), finding.at("peer")];
            let ends: Vec<&str> =
                ends.into_iter().filter_map(Read::optional).map(Read::text).collect();
            if ends.is_empty() { "-".to_owned() } else { ends.join(" ") }
        });
        let found: Vec<String> = found.collect();
        let found = if undecided { None } else { Some(found) };
        assert_eq!(&found, expected, "{what}: {told:#?}");
    }
}

#[test]
fn a_quiet_installation_has_what_a_person_agrees_with() {
    let told = lint(&deployment(&value!({}), &Value::Null), None).expect("an answer");
    let ids = told.at("findings").list().iter().map(|it| it.at("id").text());
    let ids: BTreeSet<&str> = ids.collect();
    assert_eq!(ids, BTreeSet::from(["cleartext_across_boundary", "undocumented_need"]));
    assert_eq!(told.at("clean"), &Value::from(false));
}

#[test]
fn settings_choose_lints_and_their_severities() {
    let quiet = deployment(&value!({}), &Value::Null);
    let told = |settings: Value| lint(&quiet, Some(&settings)).expect("an answer");
    let count = |told: &Value, severity: &str| told.at("counts").at(severity).clone();
    let only = told(value!({ "only": ["cleartext_across_boundary"] }));
    assert_eq!((count(&only, "warning"), count(&only, "info")), (value!(1), value!(0)));
    let none = told(value!({ "disable": ["cleartext_across_boundary", "undocumented_need"] }));
    assert_eq!(none.at("findings").list(), []);
    assert_eq!(none.at("clean"), &Value::from(true));
    let graver = told(
        value!({ "severities": { "cleartext_across_boundary": "error", "undocumented_need": null } }),
    );
    assert_eq!((count(&graver, "error"), count(&graver, "warning")), (value!(1), value!(0)));
    let lighter = told(value!({ "severities": { "cleartext_across_boundary": "info" } }));
    assert_eq!(lighter.at("clean"), &Value::from(true));
    assert_eq!(told(value!(null)), lint(&quiet, None).expect("an answer"));
}

#[test]
fn settings_are_read_strictly() {
    let quiet = deployment(&value!({}), &Value::Null);
    for (settings, words) in [
        (value!({ "only": ["unreachd"] }), &["settings.only[0]", "\"unreached\"", "no lint"][..]),
        (
            value!({ "disable": ["x", "unreached", "y"] }),
            &["settings.disable[0]", "settings.disable[2]"],
        ),
        (
            value!({ "severities": { "unreached": "errr" } }),
            &["settings.severities[\"unreached\"]", "\"error\""],
        ),
        (
            value!({ "severities": { "unreachd": "info" } }),
            &["settings.severities[\"unreachd\"]", "\"unreached\""],
        ),
        (value!({ "disabled": [] }), &["settings.disabled", "\"disable\""]),
        (value!(["unreached"]), &["settings", "an object"]),
    ] {
        let error = lint(&quiet, Some(&settings)).expect_err("a mistake").to_string();
        for word in words {
            assert!(error.contains(word), "{word} is missing in {error}");
        }
    }
}

/// Only lints that are not asked for depend on what is unknown, so the answer is whole.
#[test]
fn unknown_ids_decide_nothing() {
    let endpoints = value!({
        "sql": { "roles": ["sql_master", "sql_responses"], "security_group_id": unknown },
        "clients": { "roles": ["client"], "application_security_group_ids": [unknown], "security_group_id": unknown },
    });
    let told = lint(&deployment(&endpoints, &Value::Null), None).expect("an answer");
    assert_eq!(told.at("undecided").list(), []);
    assert!(told.is_wholly_known());
}

#[test]
fn what_is_undecided_is_named_and_says_nothing() {
    let endpoints = value!({ "clients": { "roles": ["client"], "cidrs": unknown } });
    let told = lint(&deployment(&endpoints, &Value::Null), None).expect("an answer");
    let undecided: Vec<&str> = told.at("undecided").texts();
    assert!(
        undecided.contains(&"addresses_overlap") && undecided.contains(&"special_purpose_range")
    );
    assert!(!undecided.contains(&"unreached") && !undecided.contains(&"cleartext_across_boundary"));
    assert!(!told.at("counts").is_wholly_known());
    // A warning that is certain is enough.
    assert_eq!(told.at("clean"), &Value::from(false));
    let only = value!({ "only": ["addresses_overlap"] });
    let told = lint(&deployment(&endpoints, &Value::Null), Some(&only)).expect("an answer");
    assert!(!told.at("clean").is_wholly_known());
    let info = value!({ "only": ["very_wide_source"] });
    let told = lint(&deployment(&endpoints, &Value::Null), Some(&info)).expect("an answer");
    assert_eq!(told.at("clean"), &Value::from(true));
}
