//! Everything that a provider offers, in one list.

use crate::data_source::DataSource;
use crate::function::Function;

/// A provider. It has no settings of its own: a `provider` block for it is empty.
pub struct Provider {
    /// Where Terraform finds it: `registry.terraform.io/tachyon-iac/tachyon`.
    pub address: &'static str,
    /// Its version, without a `v`.
    pub version: &'static str,
    /// What it is for, in Markdown.
    pub description: String,
    /// Where to report what went wrong in it: an address on the web.
    pub bug_reports: &'static str,
    /// In the order in which they are documented.
    pub data_sources: Vec<Box<dyn DataSource>>,
    /// In the order in which they are documented.
    pub functions: Vec<Box<dyn Function>>,
}

impl Provider {
    /// What users call it: the last part of its address.
    pub fn name(&self) -> &'static str {
        self.address.rsplit('/').next().unwrap_or(self.address)
    }

    /// Its address as a configuration has it: without the host that Terraform assumes.
    pub fn short_address(&self) -> &'static str {
        self.address.strip_prefix("registry.terraform.io/").unwrap_or(self.address)
    }

    /// Where its documentation is on the web.
    pub fn documentation(&self) -> String {
        match self.address.strip_prefix("registry.terraform.io/") {
            Some(short) => format!("https://registry.terraform.io/providers/{short}/latest/docs"),
            None => format!("https://{}", self.address),
        }
    }

    /// The data source of this name.
    pub fn data_source(&self, name: &str) -> Option<&dyn DataSource> {
        self.data_sources.iter().map(Box::as_ref).find(|source| source.name() == name)
    }

    /// The function of this name.
    pub fn function(&self, name: &str) -> Option<&dyn Function> {
        self.functions.iter().map(Box::as_ref).find(|function| function.name() == name)
    }
}
