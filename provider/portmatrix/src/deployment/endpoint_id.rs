//! Which endpoint of a deployment.

/// An endpoint of one deployment: its place among them. Means nothing in another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EndpointId(usize);

impl EndpointId {
    /// The endpoint at an index that was found among the endpoints of the deployment.
    pub(super) fn of(index: usize) -> Self {
        Self(index)
    }

    /// The first so many.
    pub(super) fn first(count: usize) -> impl Iterator<Item = Self> {
        (0..count).map(Self)
    }

    /// The index, for what is kept beside a deployment in the order of its endpoints.
    pub fn index(self) -> usize {
        self.0
    }
}
