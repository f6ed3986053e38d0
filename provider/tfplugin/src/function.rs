//! What an author of a function implements.

use std::fmt;

use crate::path::AttributePath;
use crate::shape::Shape;
use crate::ty::Type;
use crate::value::Value;

/// One parameter of a function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// Letters, digits and `_`.
    pub name: &'static str,
    /// What it is, in Markdown.
    pub description: String,
    /// What it takes; Terraform converts to it, and drops object attributes that it does not name.
    pub ty: Type,
    /// Whether null may be given; if not, Terraform refuses it.
    pub allow_null: bool,
    /// Whether the function is called when something in it is unknown, however deep; if not, Terraform answers
    /// "unknown" without a call. The function must be ready for unknowns either way: some hosts send nested ones.
    pub allow_unknown: bool,
    /// Attributes of an object that this takes as a dynamic value, of which most calls have the same: a document, say. A large
    /// one is decoded once, and arrives as [`Value::Shared`].
    pub same: &'static [&'static str],
}

impl Parameter {
    /// One that takes neither null nor unknown values.
    pub fn new(name: &'static str, description: impl Into<String>, ty: Type) -> Self {
        let description = description.into();
        Self { name, description, ty, allow_null: false, allow_unknown: false, same: &[] }
    }
}

/// What a function takes and returns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// One line of plain text.
    pub summary: String,
    /// What it does, in Markdown.
    pub description: String,
    /// In order.
    pub parameters: Vec<Parameter>,
    /// What may follow them, any number of times.
    pub variadic: Option<Parameter>,
    /// What it returns.
    pub returns: Shape,
    /// What to use instead, if it is not to be used any more.
    pub deprecation: Option<String>,
}

impl Signature {
    /// The parameter that takes the argument at `position`, counted from 0.
    pub fn parameter(&self, position: usize) -> Option<&Parameter> {
        self.parameters.get(position).or(self.variadic.as_ref())
    }
}

/// A function of a provider.
pub trait Function: Send + Sync {
    /// Its name, without the provider's.
    fn name(&self) -> &'static str;

    /// What it takes and returns; the same every time.
    fn signature(&self) -> Signature;

    /// Sends the MessagePack of the result, as [`encode`](crate::encode) makes it. Equal arguments must give an equal answer:
    /// Terraform compares, and the server remembers.
    fn call(&self, arguments: &[Value], reply: Reply<'_>) -> Result<Replied, FunctionError>;

    /// The same as bytes, for who does not wait for them on another thread.
    fn answer(&self, arguments: &[Value]) -> Result<Vec<u8>, FunctionError> {
        let mut answer = Vec::new();
        self.call(arguments, Reply::new(|bytes| answer = bytes))?;
        Ok(answer)
    }
}

/// Where a function sends its answer. It is on its way from then on, while the function gives back the memory of what it was
/// made of.
pub struct Reply<'r>(Box<dyn FnOnce(Vec<u8>) + 'r>);

impl<'r> Reply<'r> {
    /// One to whoever takes the bytes.
    pub fn new(take: impl FnOnce(Vec<u8>) + 'r) -> Self {
        Self(Box::new(take))
    }

    /// Sends the answer.
    pub fn send(self, answer: Vec<u8>) -> Replied {
        (self.0)(answer);
        Replied(())
    }
}

impl fmt::Debug for Reply<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Reply")
    }
}

/// Says that an answer was sent: nothing else makes one.
#[derive(Debug)]
pub struct Replied(());

/// Why a function has no answer. Terraform shows no paths and no warnings here: everything must stand in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FunctionError {
    /// What is wrong: whole sentences, all that was found.
    pub text: String,
    /// The argument that it is about, counted from 0, if it is about one.
    pub argument: Option<i64>,
    /// The same one by one, for hosts that can show where each stands; Terraform can't. Empty where the text is all there is.
    pub mistakes: Vec<Mistake>,
}

/// One of the mistakes in the arguments of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// The argument that it is in, counted from 0.
    pub argument: usize,
    /// Where in the argument, as the text says it: some functions put the name of the argument first.
    pub path: AttributePath,
    /// The other place in the argument, where two do not agree.
    pub other: Option<AttributePath>,
    /// Whether it is about the name of what is there, and not about what stands under it.
    pub is_of_name: bool,
    /// What kind of mistake it is; stays the same in all versions.
    pub id: &'static str,
    /// What is wrong, in whole sentences, without the place.
    pub text: String,
}

impl FunctionError {
    /// An error about no argument in particular.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), argument: None, mistakes: Vec::new() }
    }

    /// An error about the argument at `position`, counted from 0.
    pub fn argument(position: i64, text: impl Into<String>) -> Self {
        Self { text: text.into(), argument: Some(position), mistakes: Vec::new() }
    }
}

impl fmt::Display for FunctionError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

impl std::error::Error for FunctionError {}
