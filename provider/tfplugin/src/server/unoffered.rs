//! The one answer to everything that the provider does not offer.

use crate::catalogue::Catalogue;
use crate::diagnostic::Diagnostic;
use crate::generated::tfplugin6 as wire;

use super::convert;

/// That there is no such resource, action or store, and what there is instead. Terraform checks names against the schema
/// before it asks, so a user sees this only when a stored state or a plan is from another provider or version.
pub(super) fn unoffered(catalogue: &Catalogue, kind: &str, name: &str) -> Vec<wire::Diagnostic> {
    let shown: String = name.chars().take(100).collect();
    let sources = catalogue.data_source_names();
    let mut detail = format!("This provider has no {kind}s, and so none called `{shown}`.");
    if let Some(meant) = nearest::name(&shown, sources.iter().copied()) {
        detail.push_str(&format!(" There is a data source `{meant}`: write `data \"{meant}\"`."));
    }
    detail.push_str(&format!(" It offers data sources ({})", listed(&sources)));
    detail.push_str(&format!(" and functions ({}).", listed(&catalogue.function_names())));
    let mut title = kind.to_owned();
    if let Some(first) = title.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    vec![convert::diagnostic(Diagnostic::error(format!("{title} not offered"), detail))]
}

/// A response that can say nothing else.
pub(super) trait Refusal {
    fn with(diagnostics: Vec<wire::Diagnostic>) -> Self;
}

macro_rules! refusals {
    ($($call:ident,)*) => { $(
        impl Refusal for wire::$call::Response {
            fn with(diagnostics: Vec<wire::Diagnostic>) -> Self {
                let mut response = Self::default();
                response.diagnostics = diagnostics;
                response
            }
        }
    )* };
}

refusals! {
    apply_resource_change,
    close_ephemeral_resource,
    configure_state_store,
    delete_state,
    generate_resource_config,
    get_states,
    import_resource_state,
    lock_state,
    open_ephemeral_resource,
    plan_action,
    plan_resource_change,
    read_resource,
    renew_ephemeral_resource,
    unlock_state,
    upgrade_resource_identity,
    upgrade_resource_state,
    validate_action_config,
    validate_ephemeral_resource_config,
    validate_list_resource_config,
    validate_resource_config,
    validate_state_store,
    write_state_bytes,
}

fn listed(names: &[&str]) -> String {
    match names {
        [] => "none".to_owned(),
        names => names.join(", "),
    }
}
