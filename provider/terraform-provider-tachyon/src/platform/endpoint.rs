//! What platforms see of a deployment: endpoints with their addresses, and what was chosen for each platform.

use portmatrix::deployment::Deployment;
use portmatrix::known::Known;
use portmatrix::matrix::Matrix;

use super::{PlatformAddresses, PlatformOptions, PlatformWords};
use crate::platform::view::CitedRows;
use crate::reader::{Block, Given};

/// A deployment that was read: the matrix' part of it, and what the platforms need.
#[derive(Debug, Clone)]
pub struct Input<'a> {
    /// Endpoints, roles, ports and bounds.
    pub deployment: Deployment<'a>,
    /// How each endpoint is reached, in the order of the deployment's endpoints.
    pub addresses: Vec<Addresses<'a>>,
    /// Whether the CIDRs of each endpoint were merged.
    pub merge_cidrs: Known<bool>,
    /// What was chosen for each platform.
    pub options: PlatformOptions,
    /// The rows that are cited, in words.
    pub cited: CitedRows,
    /// What the rules of each platform say again and again.
    pub words: PlatformWords,
}

impl Input<'_> {
    /// The matrix that it is read against.
    pub fn matrix(&self) -> &Matrix {
        &self.deployment.matrix
    }
}

/// How an endpoint is reached, on every platform.
#[derive(Debug, Clone)]
pub struct Addresses<'a> {
    /// Its networks, in the order of their addresses; absent if there are none.
    pub cidrs: Given<Vec<Block<'a>>>,
    /// What each platform calls it.
    pub platforms: PlatformAddresses<'a>,
    /// The label of the zone in which it stands; absent if that is the one of its roles. It decides no rule.
    pub zone: Given<&'a str>,
    /// The virtual network in which its groups live; absent if that is not told.
    pub network: Given<&'a str>,
}

/// Whether a rule of one endpoint may refer to the groups of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// One network, or at least one of the two is not told.
    Within,
    /// Two networks, by their names, or rules of a direction in which none refers to groups.
    Across,
    /// It is not known yet.
    Unknown,
}

/// Whether two names of networks are one. A name may be the id of a virtual network of Azure, which has one in any case.
pub(crate) fn is_same_network(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other)
}

impl Input<'_> {
    /// Merges the CIDRs of each endpoint if `merge`.
    pub(crate) fn merge_cidrs(&mut self, merge: Known<bool>) {
        let addresses = std::mem::take(&mut self.addresses);
        self.addresses = addresses.into_iter().map(|addresses| addresses.merged(merge)).collect();
        self.merge_cidrs = merge;
    }
}

impl Addresses<'_> {
    /// Nothing is known.
    pub(crate) fn unknown() -> Self {
        Self {
            cidrs: Some(Known::Unknown),
            platforms: PlatformAddresses::unknown(),
            zone: Some(Known::Unknown),
            network: Some(Known::Unknown),
        }
    }
}

impl<'a> Addresses<'a> {
    /// Whether a rule of the endpoint may refer to the groups of `peer`, where `is_peered` says which networks are open to
    /// each other.
    pub(crate) fn reach(
        &self,
        peer: &Addresses<'a>,
        is_peered: impl Fn(&str, &str) -> Known<bool>,
    ) -> Reach {
        match (self.network, peer.network) {
            (None, _) | (_, None) => Reach::Within,
            (Some(Known::Known(own)), Some(Known::Known(other))) if is_same_network(own, other) => {
                Reach::Within
            }
            (Some(Known::Known(own)), Some(Known::Known(other))) => match is_peered(own, other) {
                Known::Known(true) => Reach::Within,
                Known::Known(false) => Reach::Across,
                Known::Unknown => Reach::Unknown,
            },
            (Some(Known::Unknown), _) | (_, Some(Known::Unknown)) => Reach::Unknown,
        }
    }
}

impl Addresses<'_> {
    /// The same with CIDRs merged if `merge`; while that is not decided, neither are the CIDRs.
    fn merged(self, merge: Known<bool>) -> Self {
        let cidrs = self.cidrs.map(|cidrs| match (merge, cidrs) {
            (Known::Known(false), cidrs) => cidrs,
            (Known::Known(true), Known::Known(blocks)) => {
                let merged = cidrs::merge(blocks.into_iter().map(|block| block.cidr));
                Known::Known(merged.into_iter().map(Block::from).collect())
            }
            _ => Known::Unknown,
        });
        Self { cidrs, ..self }
    }
}
