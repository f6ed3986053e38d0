//! Where in a configuration something is.

use std::fmt;

/// One step from a value to a value inside it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// To the attribute of an object.
    Attribute(String),
    /// To the element of a map.
    Key(String),
    /// To the element of a list, counted from 0.
    Index(i64),
}

/// The way from a configuration to a value in it. Prints as a user would write it: `endpoints["dmz"].cidrs[2]`.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct AttributePath {
    /// From the outside in.
    pub steps: Vec<Step>,
}

impl AttributePath {
    /// The path of an attribute of the configuration itself.
    pub fn root(name: impl Into<String>) -> Self {
        Self::default().attribute(name)
    }

    /// One step further, to an attribute.
    pub fn attribute(mut self, name: impl Into<String>) -> Self {
        self.steps.push(Step::Attribute(name.into()));
        self
    }

    /// One step further, to an element of a map.
    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.steps.push(Step::Key(key.into()));
        self
    }

    /// One step further, to an element of a list.
    pub fn index(mut self, index: i64) -> Self {
        self.steps.push(Step::Index(index));
        self
    }

    /// Whether this is the value itself.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }
}

impl fmt::Display for AttributePath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, step) in self.steps.iter().enumerate() {
            match step {
                Step::Attribute(name) if position == 0 => formatter.write_str(name)?,
                Step::Attribute(name) => write!(formatter, ".{name}")?,
                Step::Key(key) => write!(formatter, "[{}]", serde_json::Value::from(key.as_str()))?,
                Step::Index(index) => write!(formatter, "[{index}]")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_as_a_user_would_write_it() {
        let path = AttributePath::root("endpoints").key("d\"mz").attribute("cidrs").index(2);
        assert_eq!(path.to_string(), r#"endpoints["d\"mz"].cidrs[2]"#);
    }
}
