//! `merge_cidrs` and `summarize_cidrs`: fewer prefixes for the same addresses, or for a few more.

use cidrs::{Cidr, merge, summarize};
use portmatrix::known::Known;
use portmatrix::path::At;
use tfplugin::{
    Attribute, Function, FunctionError, Number, Parameter, Replied, Reply, Signature, Type, Value,
    object,
};

use crate::query::QueryMistake;
use crate::query::arguments::Arguments;
use crate::reader::canonical_cidr;

/// The most prefixes that one may ask for.
const MOST_PREFIXES: u32 = 1_000_000;

fn cidrs_parameter() -> Parameter {
    let description = "CIDRs of both families, in any order. One with host bits or without a prefix length is an error that shows the corrected form; IPv6 may be in upper case or not shortened.";
    Parameter {
        allow_unknown: true,
        ..Parameter::new("cidrs", description, Type::List(Box::new(Type::String)))
    }
}

/// Reads the first argument. Unknown if any of it is.
fn read_cidrs(arguments: &mut Arguments<'_>) -> Known<Vec<Cidr>> {
    let (value, reader) = arguments.at(0);
    let root = At::ROOT;
    let at = root.name("cidrs");
    let texts = match reader.texts(value, &at) {
        Some(Known::Known(texts)) => texts,
        Some(Known::Unknown) => return Known::Unknown,
        None => return reader.missing(&at, "a list of CIDRs"),
    };
    let read = |(index, text): (usize, &Known<&str>)| match text {
        Known::Known(text) => canonical_cidr(text, &at.index(index), reader),
        Known::Unknown => None,
    };
    let cidrs: Vec<Option<Cidr>> = texts.iter().enumerate().map(read).collect();
    cidrs.into_iter().collect::<Option<Vec<Cidr>>>().map_or(Known::Unknown, Known::Known)
}

fn texts(cidrs: &[Cidr]) -> Vec<String> {
    cidrs.iter().map(ToString::to_string).collect()
}

/// The function `merge_cidrs`.
#[derive(Debug)]
pub struct MergeCidrs;

impl Function for MergeCidrs {
    fn name(&self) -> &'static str {
        "merge_cidrs"
    }

    fn signature(&self) -> Signature {
        Signature {
            summary: "The fewest CIDRs that contain exactly the same addresses".to_owned(),
            description: "Merges CIDRs exactly: adjacent CIDRs are joined, CIDRs inside others are dropped, and no address is added or lost. The answer is sorted, IPv4 first.".to_owned(),
            parameters: vec![cidrs_parameter()],
            variadic: None,
            returns: Vec::<String>::shape(),
            deprecation: None,
        }
    }

    fn call(&self, arguments: &[Value], reply: Reply<'_>) -> Result<Replied, FunctionError> {
        let mut arguments = Arguments::new(arguments);
        let merged = read_cidrs(&mut arguments).map(|cidrs| texts(&merge(cidrs)));
        arguments.answer(merged, reply)
    }
}

object! {
    /// CIDRs that hold all the addresses asked for, and some more.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct SummaryView {
        /// The CIDRs, sorted, IPv4 first.
        pub cidrs: Vec<String>,
        /// How many addresses the answer contains that the input does not.
        pub extra_addresses: Number,
        /// Whether this is the best possible answer. False only for very large inputs, of which some CIDRs were joined beforehand.
        pub exact: bool,
    }
}

/// The function `summarize_cidrs`.
#[derive(Debug)]
pub struct SummarizeCidrs;

impl Function for SummarizeCidrs {
    fn name(&self) -> &'static str {
        "summarize_cidrs"
    }

    fn signature(&self) -> Signature {
        let most =
            "How many CIDRs the answer may have at most; at least one for each address family.";
        Signature {
            summary: "A limited number of CIDRs that contain all the addresses and as few others as possible".to_owned(),
            description: "Finds, among all ways to hold the given addresses in at most `max_prefixes` CIDRs, the one that admits the fewest other addresses, and says how many \
                these are. `extra_addresses` says how many addresses too many a firewall would then allow: decide whether that is acceptable."
                .to_owned(),
            parameters: vec![
                cidrs_parameter(),
                Parameter { allow_unknown: true, ..Parameter::new("max_prefixes", most, Type::Number) },
            ],
            variadic: None,
            returns: SummaryView::shape(),
            deprecation: None,
        }
    }

    fn call(&self, arguments: &[Value], reply: Reply<'_>) -> Result<Replied, FunctionError> {
        let mut arguments = Arguments::new(arguments);
        let cidrs = read_cidrs(&mut arguments);
        let (argument, reader) = arguments.at(1);
        let root = At::ROOT;
        let at = root.name("max_prefixes");
        let most = match reader.whole(argument, &at, 1, MOST_PREFIXES) {
            Some(most) => most,
            None => reader.missing(&at, "a whole number"),
        };
        let (Known::Known(cidrs), Known::Known(most)) = (cidrs, most) else {
            return arguments.answer::<SummaryView>(Known::Unknown, reply);
        };
        let summary = match summarize(cidrs, usize::try_from(most).unwrap_or(usize::MAX)) {
            Ok(summary) => {
                let extra_addresses = Number::parse(&summary.extra_addresses.to_string());
                Known::Known(SummaryView {
                    cidrs: texts(&summary.cidrs),
                    extra_addresses: extra_addresses.unwrap_or_else(|| Number::from(0_u64)),
                    exact: summary.exact,
                })
            }
            Err(error) => {
                reader.problems.add(&at, QueryMistake::TooFewPrefixes, format!("{error}."));
                Known::Unknown
            }
        };
        arguments.answer(summary, reply)
    }
}
