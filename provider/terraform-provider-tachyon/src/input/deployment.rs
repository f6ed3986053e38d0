//! The whole deployment: matrix version, endpoints, excluded flows, options.

use std::collections::BTreeMap;
use std::sync::Arc;

use portmatrix::additions::Extended;
use portmatrix::deployment::{Deployment, Draft, EndpointDraft};
use portmatrix::known::Known;
use portmatrix::matrix::Matrix;
use portmatrix::path::At;
use tfplugin::Value;

use super::endpoint;
use super::matrix::MatrixParts;
use crate::platform::view::{CitedRows, View};
use crate::platform::{Addresses, Input, PlatformOptions, PlatformWords};
use crate::reader::{Reader, attribute};

/// The parts of a deployment as they came: attributes of a function's argument, or of a data source.
#[derive(Debug, Clone, Copy)]
pub struct Parts<'v> {
    /// The version of the matrix; the newest if null.
    pub matrix_version: &'v Value,
    /// The endpoints by name.
    pub endpoints: &'v Value,
    /// Ids of flows that are not wanted.
    pub exclude_flows: &'v Value,
    /// Ids of flows that are wanted on purpose.
    pub include_flows: &'v Value,
    /// Rows of the user's own, on top of the matrix.
    pub additions: &'v Value,
    /// A whole document, instead of an embedded one.
    pub matrix: &'v Value,
    /// What else can be chosen.
    pub options: &'v Value,
}

impl<'v> Parts<'v> {
    /// The attributes of a deployment.
    pub const ATTRIBUTES: [&'static str; 7] = [
        "matrix_version",
        "endpoints",
        "exclude_flows",
        "include_flows",
        "additions",
        "matrix",
        "options",
    ];

    /// The parts of a deployment that is one object. Unknown if the object is, or is none.
    pub(crate) fn of_object(value: &'v Value, reader: &mut Reader) -> Known<Self> {
        let root = At::ROOT;
        let Some(object) = reader.object(value, &root, &Self::ATTRIBUTES) else {
            return reader.missing(&root, "an object with at least `endpoints`");
        };
        object.map(|object| Self {
            matrix_version: attribute(object, "matrix_version"),
            endpoints: attribute(object, "endpoints"),
            exclude_flows: attribute(object, "exclude_flows"),
            include_flows: attribute(object, "include_flows"),
            additions: attribute(object, "additions"),
            matrix: attribute(object, "matrix"),
            options: attribute(object, "options"),
        })
    }
}

/// What could be read.
#[derive(Debug)]
pub struct Parsed<'a> {
    /// The matrix that it is read against.
    pub matrix: Known<Arc<Matrix>>,
    /// Everything, once the matrix and the set of endpoints are known.
    pub input: Known<Input<'a>>,
}

impl<'v> Parsed<'v> {
    /// Nothing is known.
    pub(crate) const UNKNOWN: Self = Self { matrix: Known::Unknown, input: Known::Unknown };

    /// The version of the matrix.
    pub(crate) fn matrix_version(&self) -> Known<&str> {
        self.matrix.as_ref().map(|matrix| matrix.version.as_str())
    }

    /// The connections as each endpoint sees them, once there is anything to see.
    pub(crate) fn view(&self, reader: &mut Reader) -> Known<View<'_>> {
        self.input.as_ref().map(|input| View::new(input, &mut reader.problems))
    }

    /// Reads everything, and reports everything that is wrong.
    pub(crate) fn of(source: Parts<'v>, reader: &mut Reader) -> Self {
        let parts = MatrixParts {
            version: source.matrix_version,
            document: source.matrix,
            additions: source.additions,
        };
        let extended = parts.read(reader);
        let (endpoints, addresses) = endpoints(source.endpoints, reader);
        let root = At::ROOT;
        let mut flows =
            |value, name| reader.texts(value, &root.name(name)).unwrap_or(Known::Known(Vec::new()));
        let exclude_flows = flows(source.exclude_flows, "exclude_flows");
        let include_flows = flows(source.include_flows, "include_flows");
        let Known::Known(Extended { matrix, is_whole, .. }) = extended else {
            return Self::UNKNOWN;
        };
        let options = Options::read(&matrix, source.options, reader);
        let draft = Draft { endpoints, exclude_flows, include_flows, keep: options.keep };
        let deployment = Deployment::check(&matrix, &draft, &mut reader.problems);
        if !is_whole {
            // Placeholders tell the other mistakes; there is no answer with them.
            return Self::UNKNOWN;
        }
        let input = deployment.map(|deployment| {
            let mut input = Input {
                deployment,
                addresses,
                merge_cidrs: Known::Known(false),
                options: options.platforms,
                cited: CitedRows::default(),
                words: PlatformWords::default(),
            };
            input.merge_cidrs(options.merge_cidrs);
            input
        });
        Self { matrix: Known::Known(matrix), input }
    }
}

type Endpoints<'v> = Known<BTreeMap<&'v str, Known<EndpointDraft<'v>>>>;

fn endpoints<'v>(value: &'v Value, reader: &mut Reader) -> (Endpoints<'v>, Vec<Addresses<'v>>) {
    const ACCEPTED: &str = "an object of at least one endpoint by name";
    let root = At::ROOT;
    let at = root.name("endpoints");
    let Some(map) = reader.map(value, &at, ACCEPTED) else {
        return (reader.missing(&at, ACCEPTED), Vec::new());
    };
    let Known::Known(map) = map else { return (Known::Unknown, Vec::new()) };
    let mut addresses = Vec::with_capacity(map.len());
    let endpoints = (map.iter())
        .map(|(name, value)| {
            let (draft, address) = endpoint::read(value, &at.key(name), reader);
            addresses.push(address);
            (name.as_str(), draft)
        })
        .collect();
    (Known::Known(endpoints), addresses)
}

/// The option that merges CIDRs before rules are made.
const MERGE_CIDRS: &str = "merge_cidrs";

/// The options that there are whatever the matrix.
pub(super) fn option_names() -> Vec<&'static str> {
    [&[MERGE_CIDRS][..], &PlatformOptions::NAMES].concat()
}

/// The options that are no platform's own, and those that are.
struct Options<'v> {
    keep: Known<BTreeMap<&'v str, Known<bool>>>,
    merge_cidrs: Known<bool>,
    platforms: PlatformOptions,
}

impl<'v> Options<'v> {
    fn read(matrix: &Matrix, value: &'v Value, reader: &mut Reader) -> Self {
        let root = At::ROOT;
        let at = root.name("options");
        let keep_options: Vec<&str> = matrix
            .flows
            .iter()
            .filter_map(|flow| Some(flow.replaced_in.as_ref()?.keep_option.as_str()))
            .collect();
        let known = [keep_options.clone(), option_names()].concat();
        let object = match reader.object(value, &at, &known) {
            None => {
                let platforms = PlatformOptions::default();
                let keep = Known::Known(BTreeMap::new());
                return Self { keep, merge_cidrs: Known::Known(false), platforms };
            }
            Some(Known::Unknown) => {
                return Self {
                    keep: Known::Unknown,
                    merge_cidrs: Known::Unknown,
                    platforms: PlatformOptions::unknown(),
                };
            }
            Some(Known::Known(object)) => object,
        };
        let mut keep = BTreeMap::new();
        for (name, value) in object {
            if keep_options.contains(&name.as_str())
                && let Some(kept) = reader.flag(value, &at.name(name))
            {
                keep.insert(name.as_str(), kept);
            }
        }
        let keep = Known::Known(keep);
        let merge_at = at.name(MERGE_CIDRS);
        let merge_cidrs =
            reader.flag(attribute(object, MERGE_CIDRS), &merge_at).unwrap_or(Known::Known(false));
        Self { keep, merge_cidrs, platforms: PlatformOptions::read(object, &at, reader) }
    }
}
