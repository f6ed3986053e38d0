//! Rows of the user's own, on top of a document: what an installation has besides, and the document leaves out.
//!
//! They become flows, roles and parameters of a matrix like those of the document, so that whatever is asked of a matrix
//! holds for them. What tells them apart is their [basis](crate::matrix::Basis::Site) and their citations.

mod draft;
mod flow;
mod text;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use draft::{AdditionsDraft, FlowDraft, RoleDraft};
pub use text::LONGEST_TEXT;

use crate::bug::OrBug;
use crate::known::Known;
use crate::matrix::{MOST_ROLES, Matrix, Role};
use crate::mistake::AdditionMistake;
use crate::path::{At, quoted};
use crate::problem::Problems;

/// How many flows one deployment may add.
pub const MOST_FLOWS: usize = 128;

/// A matrix with rows of the user's own.
#[derive(Debug, Clone)]
pub struct Extended {
    /// The matrix. Where something of a row was mistaken or is not known yet, it stands in with a placeholder.
    pub matrix: Arc<Matrix>,
    /// Whether all of it is as the user wants it, with nothing mistaken or unknown.
    pub is_whole: bool,
    /// Whether all names of roles, flows and settings are there, so that those in a deployment can be held against them.
    pub names_are_known: bool,
}

impl Extended {
    /// A matrix that is whole as it is.
    pub fn whole(matrix: Arc<Matrix>) -> Self {
        Self { matrix, is_whole: true, names_are_known: true }
    }
}

/// The matrix with the additions, and what is wrong with these added to `problems`.
pub fn extended(matrix: &Matrix, draft: &AdditionsDraft<'_>, problems: &mut Problems) -> Extended {
    let before = problems.len();
    let root = At::ROOT;
    let at = root.name("additions");
    let mut extended = matrix.clone();
    let roles = roles(&mut extended, &draft.roles, &at.name("roles"), problems);
    let flows = flow::add_all(&mut extended, roles, &draft.flows, &at.name("flows"), problems);
    let is_whole = roles == Names::Whole && flows == Names::Whole && problems.len() == before;
    let names_are_known = roles.max(flows) != Names::Open;
    Extended { matrix: Arc::new(extended), is_whole, names_are_known }
}

/// How much is known of what is added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Names {
    /// Everything.
    Whole,
    /// All names; something that no other part of a deployment refers to is not.
    Known,
    /// Not even all names.
    Open,
}

fn roles(
    matrix: &mut Matrix,
    draft: &Known<BTreeMap<&str, Known<RoleDraft<'_>>>>,
    at: &At<'_>,
    problems: &mut Problems,
) -> Names {
    let Known::Known(drafts) = draft else { return Names::Open };
    let mut names = Names::Whole;
    let documented = matrix.roles.len();
    if documented + drafts.len() > MOST_ROLES {
        let detail = format!(
            "Found {} roles beside {documented} of the document. A matrix has at most {MOST_ROLES}.",
            drafts.len()
        );
        problems.add(at, AdditionMistake::TooManyAdditions, detail);
        return Names::Open;
    }
    for (id, draft) in drafts {
        let at = at.key(id);
        // One that can't be a name is one for the flows that say it, all the same.
        text::check_id("role", id, &at.its_name(), problems);
        if matrix.role(id).is_some() {
            let detail = format!(
                "The document has a role {} already. Use it without declaring it, or choose another name.",
                quoted(id)
            );
            problems.add(&at.its_name(), AdditionMistake::TakenId, detail);
            continue;
        }
        let Known::Known(draft) = draft else {
            // Only its title and what it means are not known: its name is.
            matrix.roles.push(role(matrix, id, "", "", None));
            names = names.max(Names::Known);
            continue;
        };
        let title = text::check_given("title", &draft.title, &at, problems);
        let means = match &draft.means {
            None => Known::Known(""),
            Some(means) => text::check_given("means", means, &at, problems),
        };
        let zone = zone(matrix, draft.zone, &at.name("zone"), problems);
        if !(title.is_known() && means.is_known() && zone.is_known()) {
            names = names.max(Names::Known);
        }
        let (title, means) = (title.value().unwrap_or_default(), means.value().unwrap_or_default());
        matrix.roles.push(role(matrix, id, title, means, zone.value().flatten()));
    }
    names
}

/// The zone of a role, which the document must have.
fn zone<'a>(
    matrix: &Matrix,
    zone: Option<Known<&'a str>>,
    at: &At<'_>,
    problems: &mut Problems,
) -> Known<Option<&'a str>> {
    let Some(Known::Known(name)) = zone else {
        return zone.map_or(Known::Known(None), |_| Known::Unknown);
    };
    if matrix.zones.iter().any(|zone| zone.id == name) {
        return Known::Known(Some(name));
    }
    let known = matrix.zones.iter().map(|zone| zone.id.as_str());
    problems.add_unknown_name(at, AdditionMistake::UnknownZone, "zone", name, known);
    Known::Unknown
}

/// A role of the user's own. It is outside of the product, and stands with what else there is: in the last zone.
fn role(matrix: &Matrix, id: &str, title: &str, means: &str, zone: Option<&str>) -> Role {
    let rest = &matrix.zones.last().or_bug("a matrix without a zone").id;
    Role {
        id: id.to_owned(),
        title: title.to_owned(),
        means: means.to_owned(),
        zone: zone.unwrap_or(rest).to_owned(),
        bound_to: None,
        outside: true,
        single: false,
    }
}
