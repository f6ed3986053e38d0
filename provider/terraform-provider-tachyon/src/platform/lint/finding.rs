//! What a lint found.

use std::collections::BTreeSet;

use portmatrix::connection::Connection;
use tfplugin::object;

use super::{About, Look, Severity};

/// How many findings one lint has, and how many connections one names: what is beyond is counted.
const MOST_FINDINGS: usize = 1000;
const MOST_KEYS: usize = 1000;

object! {
    /// Something that a lint found.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Finding {
        /// The id of the lint, or of the warning. It stays the same in all versions.
        pub id: String,
        /// `error`, `warning` or `info`.
        pub severity: &'static str,
        /// The endpoint that it is about; null where it is about the deployment as a whole.
        pub endpoint: Option<String>,
        /// The other endpoint, where it is about two.
        pub peer: Option<String>,
        /// What is the case.
        pub summary: String,
        /// What you can do.
        pub remedy: String,
        /// Ids of the flows that it is about, sorted.
        pub flows: Vec<String>,
        /// Keys of the connections that it is about, sorted.
        pub keys: Vec<String>,
        /// Ids of the rows of the document that ask for these, sorted.
        pub citations: Vec<String>,
    }
}

impl Finding {
    /// What findings are sorted by.
    fn order(&self) -> (Option<Severity>, [Option<&str>; 4], &[String]) {
        let severity = Severity::ALL.into_iter().find(|it| it.as_str() == self.severity);
        let texts = [
            Some(self.id.as_str()),
            self.endpoint.as_deref(),
            self.peer.as_deref(),
            Some(self.summary.as_str()),
        ];
        (severity, texts, &self.keys)
    }
}

impl PartialOrd for Finding {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

/// By severity, id, endpoint and peer.
impl Ord for Finding {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.order().cmp(&other.order())
    }
}

/// What a finding is about.
#[derive(Debug, Clone, Copy, Default)]
pub struct Subject<'s> {
    /// The endpoint; none where it is about the deployment as a whole.
    pub endpoint: Option<&'s str>,
    /// The other endpoint.
    pub peer: Option<&'s str>,
}

impl<'s> Subject<'s> {
    /// One endpoint.
    pub fn endpoint(name: &'s str) -> Self {
        Self { endpoint: Some(name), peer: None }
    }

    /// Two endpoints.
    pub fn pair(endpoint: &'s str, peer: &'s str) -> Self {
        Self { endpoint: Some(endpoint), peer: Some(peer) }
    }
}

/// What one lint found so far.
#[derive(Debug)]
pub struct Findings {
    about: About,
    found: Vec<Finding>,
    omitted: usize,
    undecided: bool,
}

impl Findings {
    /// Of a lint that found nothing yet.
    pub fn of(about: About) -> Self {
        Self { about, found: Vec::new(), omitted: 0, undecided: false }
    }

    /// The lint says nothing while something is unknown that decides what it finds.
    pub fn leave_undecided(&mut self) {
        self.undecided = true;
    }

    /// Adds what is the case, and the connections that are to blame.
    pub fn add<'c>(
        &mut self,
        look: &Look<'_, '_>,
        subject: Subject<'_>,
        summary: String,
        connections: impl IntoIterator<Item = &'c Connection<'c>>,
    ) {
        if self.is_full() {
            self.omitted += 1;
            return;
        }
        let mut finding = Finding {
            id: self.about.id.to_owned(),
            severity: self.about.severity.as_str(),
            endpoint: subject.endpoint.map(str::to_owned),
            peer: subject.peer.map(str::to_owned),
            summary,
            remedy: self.about.remedy.to_owned(),
            flows: Vec::new(),
            keys: Vec::new(),
            citations: Vec::new(),
        };
        let (mut flows, mut citations) = (BTreeSet::new(), BTreeSet::new());
        // A connection may be to blame more than once: for both of its ends.
        let mut keys = BTreeSet::new();
        for connection in connections {
            if flows.insert(&connection.flow.id) {
                citations.extend(connection.flow.citations());
            }
            let mut key = String::new();
            connection.push_key(&look.view.input.deployment, &mut key);
            keys.insert(key);
        }
        let unnamed = keys.len().saturating_sub(MOST_KEYS);
        if unnamed > 0 {
            finding.summary.push_str(&format!(" {unnamed} more connections are not named."));
        }
        finding.keys = keys.into_iter().take(MOST_KEYS).collect();
        finding.flows = flows.into_iter().cloned().collect();
        finding.citations = citations.into_iter().map(str::to_owned).collect();
        self.found.push(finding);
    }

    /// Whether what is added is counted only. Whoever looks for more may stop.
    pub fn is_full(&self) -> bool {
        self.found.len() >= MOST_FINDINGS
    }

    /// What was found; none if that is not decided.
    pub fn into_found(mut self) -> Option<Vec<Finding>> {
        if self.undecided {
            return None;
        }
        if self.omitted > 0
            && let Some(last) = self.found.last_mut()
        {
            last.summary.push_str(&format!(
                " This lint has at least {} more findings, which are not shown.",
                self.omitted
            ));
        }
        Some(self.found)
    }
}
