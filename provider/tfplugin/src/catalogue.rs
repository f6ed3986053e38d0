//! What a provider offers, with what is asked for again and again worked out once.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use crate::data_source::DataSource;
use crate::function::{Function, Signature};
use crate::kept::Kept;
use crate::provider::Provider;
use crate::schema::Schema;
use crate::ty::Type;

/// A provider whose schemas and signatures are asked for at most once each, and only when they are needed: Terraform
/// starts several processes for one command, and most of them answer one or two calls.
pub(crate) struct Catalogue {
    pub(crate) provider: Provider,
    schemas: BTreeMap<&'static str, OnceLock<KnownSchema>>,
    signatures: BTreeMap<&'static str, OnceLock<Signature>>,
    /// What arguments had in common.
    pub(crate) kept: Kept,
}

/// A schema, and the types of its attributes.
pub(crate) struct KnownSchema {
    pub(crate) schema: Schema,
    pub(crate) types: BTreeMap<String, Type>,
}

impl Catalogue {
    pub(crate) fn new(provider: Provider) -> Self {
        let schemas =
            provider.data_sources.iter().map(|source| (source.name(), OnceLock::new())).collect();
        let signatures =
            provider.functions.iter().map(|function| (function.name(), OnceLock::new())).collect();
        Self { provider, schemas, signatures, kept: Kept::default() }
    }

    /// A data source and its schema.
    pub(crate) fn data_source(&self, name: &str) -> Option<(&dyn DataSource, &KnownSchema)> {
        let source = self.provider.data_source(name)?;
        let known = self.schemas.get(name)?.get_or_init(|| {
            let schema = source.schema();
            let types =
                schema.attributes.iter().map(|it| (it.name.to_owned(), it.shape.ty())).collect();
            KnownSchema { schema, types }
        });
        Some((source, known))
    }

    /// A function and its signature.
    pub(crate) fn function(&self, name: &str) -> Option<(&dyn Function, &Signature)> {
        let function = self.provider.function(name)?;
        Some((function, self.signatures.get(name)?.get_or_init(|| function.signature())))
    }

    /// A name as we have it, if anything has it: one that a log may show, whatever was asked for.
    pub(crate) fn known_name(&self, name: &str) -> Option<&'static str> {
        let source = self.schemas.get_key_value(name).map(|(name, _)| *name);
        source.or_else(|| self.signatures.get_key_value(name).map(|(name, _)| *name))
    }

    /// The names of all data sources, sorted.
    pub(crate) fn data_source_names(&self) -> Vec<&'static str> {
        self.schemas.keys().copied().collect()
    }

    /// The names of all functions, sorted.
    pub(crate) fn function_names(&self) -> Vec<&'static str> {
        self.signatures.keys().copied().collect()
    }
}
