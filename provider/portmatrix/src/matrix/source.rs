//! Where the document comes from, what it lacks, and what was consulted to read it.

use serde::Deserialize;

use super::row::Column;

/// The page that was read, and the copy of it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// The page's own title.
    pub title: String,
    /// The vendor's product.
    pub product: String,
    /// Which edition of the product the page is about; may be empty.
    #[serde(default)]
    pub edition: String,
    /// The page's address; may be empty.
    #[serde(default)]
    pub url: String,
    /// SHA-256 of the copy read, 64 hexadecimal digits; empty where there is no copy.
    #[serde(default)]
    pub sha256: String,
    /// Size of the copy in bytes; nought where there is none.
    #[serde(default)]
    pub size: u32,
    /// The day the copy was retrieved, `YYYY-MM-DD`, where it is known.
    pub retrieved: Option<String>,
    /// What happened to the copy before it was read, one statement each.
    #[serde(default)]
    pub damage: Vec<String>,
    /// What the page itself says of its scope, one statement each.
    #[serde(default)]
    pub scope: Vec<String>,
}

/// Another page that a reading rests on.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// The id that readings cite, such as `E5`.
    pub id: String,
    /// What the page is about.
    pub title: String,
    /// The page's address.
    pub url: String,
    /// What it shows for the matrix.
    pub shows: String,
}

/// Several spellings of the document for one thing.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Spelling {
    /// The column in which they stand.
    pub column: Column,
    /// How the document spells it.
    pub printed: Vec<String>,
    /// What is meant: a role id, an application, or a direction.
    pub means: String,
}

/// A question that the document leaves open, and how it was answered here.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ambiguity {
    /// Such as `A5`.
    pub id: String,
    /// The rows that it is about.
    pub rows: Vec<String>,
    /// Ids of the flows that it puts in doubt: who has one is warned, until it is wanted or excluded by name.
    #[serde(default)]
    pub flows: Vec<String>,
    /// What the vendor printed, in short.
    pub printed: String,
    /// The ways to read it; at least two.
    pub readings: Vec<String>,
    /// What is open.
    pub question: String,
    /// How the matrix is read until someone knows better.
    pub reading: String,
    /// How a user chooses otherwise, and which warning says so.
    pub otherwise: String,
    /// Ids of the evidence for the reading.
    #[serde(default)]
    pub evidence: Vec<String>,
}

/// Traffic that a deployment may need and the document has no row for. It never gives a rule.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NotCovered {
    /// A short name.
    pub id: String,
    /// What needs the traffic.
    pub need: String,
    /// Ids of the roles of which practically every installation needs it; empty where it depends on what is in use.
    #[serde(default)]
    pub roles: Vec<String>,
    /// The ports as far as they are known, for people.
    pub ports: String,
    /// Why the document has no row for it, or what is known of it.
    pub why: String,
    /// Ids of the evidence; empty where the document itself says so.
    #[serde(default)]
    pub evidence: Vec<String>,
}
