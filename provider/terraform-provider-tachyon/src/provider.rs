//! The list of everything that the provider offers.

use tfplugin::{DataSource, Function, Provider};

use crate::query::audit;
use crate::query::cidrs::{MergeCidrs, SummarizeCidrs};
use crate::query::compare::CompareFunction;
use crate::query::connections::{ConnectionsDataSource, ConnectionsFunction};
use crate::query::diagram::Diagram;
use crate::query::explain::Explain;
use crate::query::lint::LintFunction;
use crate::query::matrix::MatrixDataSource;
use crate::query::report::Report;
use crate::query::role::RoleDataSource;
use crate::query::rules;

/// The provider `tachyon-iac/tachyon`.
pub fn provider() -> Provider {
    let mut data_sources: Vec<Box<dyn DataSource>> =
        vec![Box::new(MatrixDataSource), Box::new(RoleDataSource), Box::new(ConnectionsDataSource)];
    data_sources.extend(rules::data_sources());
    let mut functions: Vec<Box<dyn Function>> = vec![Box::new(ConnectionsFunction)];
    functions.extend(rules::functions());
    functions.extend([
        Box::new(MergeCidrs) as Box<dyn Function>,
        Box::new(SummarizeCidrs),
        Box::new(Explain),
        Box::new(Diagram),
        Box::new(Report),
        Box::new(LintFunction),
        Box::new(CompareFunction),
    ]);
    functions.extend(audit::functions());
    Provider {
        address: "registry.terraform.io/tachyon-iac/tachyon",
        version: env!("CARGO_PKG_VERSION"),
        description: DESCRIPTION.to_owned(),
        bug_reports: concat!(env!("CARGO_PKG_REPOSITORY"), "/issues"),
        data_sources,
        functions,
    }
}

const DESCRIPTION: &str = "Turns the documented communication matrix of 1E Tachyon into cloud firewall rules. Say which endpoints there are, which Tachyon roles each plays and \
    how each is addressed; the provider answers with the rules that the vendor's document asks for, for AWS security groups and for Azure network security groups, ready for \
    `for_each`. Every rule cites the rows of the document that ask for it.\n\nThe provider has no settings, needs no credentials and uses no network: equal arguments give equal answers.";
