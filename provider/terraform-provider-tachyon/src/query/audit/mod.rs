//! The documented rules of an endpoint against rules that were read from the cloud.
//!
//! Read [`traffic`] first: rules as exact sets of packets; then [`compare`], which needs nothing else. The platforms,
//! one module each, read what their cloud says, and tell what was found in the words of their Terraform resources.

mod accepted;
mod compare;
mod coverage;
mod found;
mod groups;
mod hosts;
mod network_security_group;
mod other;
mod read;
mod security_group;
mod settings;
mod spans;
mod traffic;
mod walk;

#[cfg(test)]
mod tests;

use std::marker::PhantomData;

use portmatrix::bug::OrBug;
use portmatrix::known::Known;
use portmatrix::path::At;
use portmatrix::problem::Problems;
use tfplugin::{
    Attribute, Function, FunctionError, Parameter, Replied, Reply, Signature, Type, Value, object,
};

use self::read::Form;
use self::settings::Settings;
use super::arguments::Arguments;
use super::deployment;
use crate::platform::view::View;
use crate::platform::{self, Platform, with_platforms};
use crate::reader::Reader;
use portmatrix::mistake::EndpointMistake;

/// The functions that audit, one for each platform.
pub fn functions() -> Vec<Box<dyn Function>> {
    macro_rules! of_each {
        ($($name:ident: $platform:ident),* $(,)?) => {
            vec![$(Box::new(AuditFunction::<platform::$name::$platform>(PhantomData))),*]
        };
    }
    with_platforms!(of_each)
}

/// A platform of which the rules can be read back and audited.
trait Audited: Platform {
    /// The name of the function.
    const FUNCTION: &'static str;
    /// What it answers, in a line.
    const AUDIT_SUMMARY: &'static str;
    /// What it answers and how to use it, in Markdown.
    const AUDIT_DESCRIPTION: &'static str;
    /// What its parameter `endpoint` takes, in Markdown.
    const ENDPOINT: &'static str;
    /// What its parameter `actual` takes, in Markdown.
    const ACTUAL: &'static str;

    /// What an entry of `accepted` is and which rules it matches, in Markdown.
    const ACCEPTED: &'static str;
    /// What `groups` takes and what it is for, in Markdown.
    const GROUPS: &'static str;
    /// What `prefix_lists` takes and what it is for, in Markdown; none where rules refer to no such lists.
    const PREFIX_LISTS: Option<&'static str>;
    /// How rules are given.
    const FORM: Form;

    /// What is audited: documented rules, and in which groups they stand.
    type Subject<'a>;
    /// A rule that was read from the cloud.
    type Actual<'v>;
    /// What a whole rule says that is accepted.
    type Meant<'v>;
    /// The answer.
    type Audit<'a>: Attribute;

    /// What is the same for every spelling of a group's id.
    fn identity(id: &str) -> String;

    /// Finds what is audited by its name. Unknown while its rules are.
    fn subject<'a>(
        name: &str,
        answer: platform::Answer<'a, Self>,
        view: &View<'a>,
    ) -> Result<Known<Self::Subject<'a>>, NoSubject<'a>>
    where
        Self: Sized;

    /// Reads the argument `actual`; the order of the rules does not depend on that in which they were given.
    fn read<'v>(value: &'v Value, at: &At<'_>, reader: &mut Reader)
    -> Known<Vec<Self::Actual<'v>>>;

    /// Reads a whole rule that is accepted, in the same words; what is not compared may be left out. None if something
    /// of it is unknown or mistaken, else the rule, and what it says in words.
    fn read_accepted<'v>(
        value: &'v Value,
        at: &At<'_>,
        reader: &mut Reader,
    ) -> Option<(Self::Meant<'v>, String)>;

    /// Compares documented rules with actual ones. Unknown while the documented ones are, or where something is refused.
    fn audit<'a>(
        subject: Self::Subject<'a>,
        actual: Vec<Self::Actual<'_>>,
        settings: &Settings<'_, Self::Meant<'_>>,
        refused: &mut Refused,
    ) -> Known<Self::Audit<'a>>;
}

/// Nothing has the name that was asked for.
#[derive(Debug)]
struct NoSubject<'a> {
    /// The names that there are.
    known: Vec<&'a str>,
}

/// What turns out to be wrong with arguments once all of them are read.
#[derive(Debug, Default)]
struct Refused {
    /// With the actual rules.
    actual: Problems,
    /// With the settings.
    settings: Problems,
}

object! {
    /// A documented rule that the actual ones do not cover.
    #[derive(Debug)]
    pub struct MissingRule<R> {
        /// The key of the rule, as in the function that gives the documented rules.
        pub key: String,
        /// The direction, in the platform's words.
        pub direction: &'static str,
        /// What it is about, in words: `tcp 443 from 10.0.0.0/8`.
        pub admits: String,
        /// Ids of actual rules that are about some of it, so that only the rest is missing; empty if all of it is.
        pub overlaps: Vec<String>,
        /// The rule itself, with every argument that its resource takes.
        pub rule: R,
    }
}

/// The function that audits an endpoint on platform `P`.
#[derive(Debug)]
struct AuditFunction<P>(PhantomData<fn() -> P>);

impl<P: Audited> Function for AuditFunction<P> {
    fn name(&self) -> &'static str {
        P::FUNCTION
    }

    fn signature(&self) -> Signature {
        // An unknown value makes the whole answer unknown, but mistakes beside it are told at plan time already.
        let parameter = |name, description: String, ty| Parameter {
            allow_unknown: true,
            ..Parameter::new(name, description, ty)
        };
        Signature {
            summary: P::AUDIT_SUMMARY.to_owned(),
            description: P::AUDIT_DESCRIPTION.to_owned(),
            parameters: vec![
                deployment::parameter(),
                parameter("endpoint", P::ENDPOINT.to_owned(), Type::String),
                parameter("actual", P::ACTUAL.to_owned(), Type::Dynamic),
            ],
            variadic: Some(settings::parameter::<P>()),
            returns: P::Audit::<'static>::shape(),
            deprecation: None,
        }
    }

    fn call(&self, arguments: &[Value], reply: Reply<'_>) -> Result<Replied, FunctionError> {
        let mut arguments = Arguments::new(arguments);
        let root = At::ROOT;
        let at = root.name("endpoint");
        let (argument, reader) = arguments.at(1);
        let name = reader.text(argument, &at);
        let name = name.unwrap_or_else(|| reader.missing(&at, "the name of an endpoint"));
        let (argument, reader) = arguments.at(2);
        let actual = P::read(argument, &root.name("actual"), reader);
        let settings = settings::read::<P>(&mut arguments, 3);
        let (argument, reader) = arguments.at(0);
        let reading = deployment::of_argument(argument, reader);
        let view = reading.view(reader);
        let subject = match &view {
            Known::Known(view) => subject::<P>(view, name, &at, &mut arguments),
            Known::Unknown => Known::Unknown,
        };
        let mut refused = Refused::default();
        // An unknown value makes the whole answer unknown.
        let audit = match (subject, actual, settings) {
            (Known::Known(subject), Known::Known(actual), Known::Known(settings))
                if arguments.are_wholly_known() =>
            {
                P::audit(subject, actual, &settings, &mut refused)
            }
            _ => Known::Unknown,
        };
        arguments.at(2).1.problems.append(refused.actual);
        if arguments.count() > 3 {
            arguments.at(3).1.problems.append(refused.settings);
        }
        arguments.answer(audit, reply)
    }
}

/// What is audited. Unknown if there is no such thing, if it is not known which is asked for, or if its rules are unknown.
fn subject<'a, P: Audited>(
    view: &View<'a>,
    name: Known<&str>,
    at: &At<'_>,
    arguments: &mut Arguments<'_>,
) -> Known<P::Subject<'a>> {
    let mut answer = platform::answer::<P>(view);
    let problems = std::mem::take(&mut answer.remarks.problems);
    arguments.at(0).1.problems.append(problems);
    let Known::Known(name) = name else { return Known::Unknown };
    P::subject(name, answer, view).unwrap_or_else(|NoSubject { known }| {
        arguments.at(1).1.problems.add_unknown_name(
            at,
            EndpointMistake::UnknownEndpoint,
            "endpoint",
            name,
            known,
        );
        Known::Unknown
    })
}

/// The rules at some positions, each with what was found about it. Positions ascend, and each is there once.
fn chosen<R, F>(
    rules: Vec<R>,
    found: impl Iterator<Item = (usize, F)>,
) -> impl Iterator<Item = (R, F)> {
    let mut rules = rules.into_iter().enumerate();
    found.map(move |(wanted, found)| {
        let rule = rules.find(|(position, _)| *position == wanted);
        let (_, rule) = rule.or_bug("a position that is not of these rules, or is there twice");
        (rule, found)
    })
}
