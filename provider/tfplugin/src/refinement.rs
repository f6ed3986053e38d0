//! What is promised of a value that is not known yet.

use crate::number::Number;

/// The promises about an unknown value; none of them unless said. Terraform uses them at plan time: a length that is
/// settled, a prefix that can be compared, a value that will not be null.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Refinement(
    // Nearly every unknown is without promises, and every value has room for one: hence the box.
    Option<Box<Promises>>,
);

#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Promises {
    not_null: bool,
    prefix: Option<String>,
    lower: Option<Bound>,
    upper: Option<Bound>,
    minimum_length: Option<u64>,
    maximum_length: Option<u64>,
}

/// An end of the range in which an unknown number will be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bound {
    /// The end itself.
    pub number: Number,
    /// Whether the number may be equal to the end.
    pub inclusive: bool,
}

impl Refinement {
    /// No promise.
    pub const NONE: Self = Self(None);

    /// The promise that it will not be null.
    pub fn not_null() -> Self {
        Self::NONE.and_not_null()
    }

    /// Also promises that it will not be null.
    pub fn and_not_null(self) -> Self {
        self.promise(|promises| promises.not_null = true)
    }

    /// Also promises that the string will start with `prefix`, and so that it will not be null.
    pub fn with_prefix(self, prefix: impl Into<String>) -> Self {
        self.promise(|promises| {
            promises.not_null = true;
            promises.prefix = Some(prefix.into());
        })
    }

    /// Also promises the length of a collection, both ends included, and so that it will not be null.
    pub fn with_length(self, minimum: Option<u64>, maximum: Option<u64>) -> Self {
        self.promise(|promises| {
            promises.not_null = true;
            promises.minimum_length = minimum;
            promises.maximum_length = maximum;
        })
    }

    /// Also promises the range of a number, and so that it will not be null.
    pub fn with_bounds(self, lower: Option<Bound>, upper: Option<Bound>) -> Self {
        self.promise(|promises| {
            promises.not_null = true;
            promises.lower = lower;
            promises.upper = upper;
        })
    }

    /// Whether nothing is promised.
    pub fn is_none(&self) -> bool {
        self.0.is_none()
    }

    /// Whether it will not be null; false if that is open.
    pub fn is_not_null(&self) -> bool {
        self.0.as_ref().is_some_and(|promises| promises.not_null)
    }

    /// What the string will start with.
    pub fn prefix(&self) -> Option<&str> {
        self.0.as_ref()?.prefix.as_deref()
    }

    /// The lower end of the number's range.
    pub fn lower(&self) -> Option<&Bound> {
        self.0.as_ref()?.lower.as_ref()
    }

    /// The upper end of the number's range.
    pub fn upper(&self) -> Option<&Bound> {
        self.0.as_ref()?.upper.as_ref()
    }

    /// The fewest elements that the collection will have.
    pub fn minimum_length(&self) -> Option<u64> {
        self.0.as_ref()?.minimum_length
    }

    /// The most elements that the collection will have.
    pub fn maximum_length(&self) -> Option<u64> {
        self.0.as_ref()?.maximum_length
    }

    fn promise(mut self, change: impl FnOnce(&mut Promises)) -> Self {
        change(self.0.get_or_insert_default());
        self
    }
}
