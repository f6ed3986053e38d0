//! `tachyon_role`: one machine of a role, and what it needs towards its peers.

use std::collections::BTreeMap;

use portmatrix::bug::OrBug;
use portmatrix::connection::{Connection, WarningKind};
use portmatrix::known::Known;
use portmatrix::matrix::Matrix;
use portmatrix::path::{At, Path, Step, quoted};
use tfplugin::{
    Attribute, AttributePath, Config, DataSource, Diagnostic, Presence, Read, Schema,
    SchemaAttribute, State, Type, Value,
};

use super::connections::ConnectionMap;
use super::failure::Failure;
use super::flow::FlowView;
use super::rules;
use crate::input::{Parsed, Parts};
use crate::leaf::Leaf;
use crate::output::{Unresolved, Warning, unresolved_flows, warnings};
use crate::platform::view::View;
use crate::platform::{
    self, Answer, Input, Platform, PlatformOptions, Remarks, answer, with_platforms,
};
use crate::query::QueryMistake;
use crate::reader::Reader;

/// The name of the endpoint that stands for the machine itself.
const SELF: &str = "self";

/// The data source `tachyon_role`.
#[derive(Debug)]
pub struct RoleDataSource;

impl DataSource for RoleDataSource {
    fn name(&self) -> &'static str {
        "tachyon_role"
    }

    fn schema(&self) -> Schema {
        let attribute = SchemaAttribute::new;
        let dynamic =
            |name, about| attribute(name, about, Type::Dynamic.into(), Presence::Optional);
        let texts = || Type::List(Box::new(Type::String));
        let mut attributes = vec![
            attribute("name", "The role of the machine.", Type::String.into(), Presence::Required),
            attribute(
                "colocated_roles",
                "Other roles of the same machine.",
                texts().into(),
                Presence::Optional,
            ),
            dynamic(
                "ports",
                "What the machine listens on where that is not the documented default: `ports` of an endpoint. Of dynamic type, so that a misspelt name is an error.",
            ),
            dynamic(
                "peers",
                "The endpoints that the machine may talk to, by name: `endpoints` of a deployment, without the machine itself. Without peers only `flows` is given.",
            ),
            attribute(
                "exclude_flows",
                "Ids of flows that are not wanted.",
                texts().into(),
                Presence::Optional,
            ),
            attribute(
                "include_flows",
                "Ids of flows that are wanted on purpose, though the document leaves them in doubt.",
                texts().into(),
                Presence::Optional,
            ),
            dynamic(
                "additions",
                "Rows of your own on top of the document: `additions` of a deployment.",
            ),
            dynamic(
                "matrix",
                "A whole document of your own, instead of `matrix_version`: `matrix` of a deployment.",
            ),
            dynamic("options", "`options` of a deployment."),
            SchemaAttribute::new(
                "platforms",
                format!(
                    "The platforms to give rules for, any of `{}`. Left out: those of which some peer has an address of its own (a group, a prefix list, a tag), else all.",
                    PlatformOptions::NAMES.join("`, `")
                ),
                texts(),
                Presence::Optional,
            ),
            attribute(
                "matrix_version",
                "The version of the communication matrix; the newest embedded one if it is left out.",
                Type::String.into(),
                Presence::OptionalComputed,
            ),
            attribute(
                "flows",
                "The documented flows of the role and of those beside it.",
                Vec::<FlowView<'_>>::shape(),
                Presence::Computed,
            ),
            attribute(
                "connections",
                "What the document asks for between the machine and its peers; the machine is called `self`.",
                ConnectionMap::<'_>::shape(),
                Presence::Computed,
            ),
            attribute(
                "unresolved",
                "Documented flows of the machine for which no peer has the role at the other end.",
                Vec::<Unresolved<'_>>::shape(),
                Presence::Computed,
            ),
            attribute(
                "warnings",
                "What you should look at; a warning changes no rule.",
                Vec::<Warning>::shape(),
                Presence::Computed,
            ),
        ];
        attributes.extend(role_attributes());
        let of_all = rules::data_sources();
        let of_all: Vec<String> = of_all.iter().map(|it| format!("`{}`", it.name())).collect();
        let description = format!(
            "The documented flows of one Tachyon role, and the firewall rules of a machine that plays it, given its peers. For a whole installation at once use \
            {}, or the functions of the same names.",
            of_all.join(" or ")
        );
        Schema { description, attributes, deprecation: None, version: 0 }
    }

    fn validate(&self, config: &Config) -> Vec<Diagnostic> {
        evaluate(config).err().map_or(Vec::new(), Failure::into_diagnostics)
    }

    fn read(&self, config: &Config) -> Read {
        match evaluate(config) {
            Ok((state, warnings)) => {
                let own = |warning: &Warning| {
                    let detail = format!("name: {}", warning.detail);
                    Diagnostic::warning(warning.summary.as_str(), detail)
                        .at(AttributePath::root("name"))
                };
                let diagnostics = warnings.iter().map(own).collect();
                Read { state: Some(state), diagnostics }
            }
            Err(failure) => Read::errors(failure.into_diagnostics()),
        }
    }
}

/// The answer, with what is known of it, and its warnings.
fn evaluate(config: &Config) -> Result<(State, Vec<Warning>), Failure> {
    let mut reader = Reader::default();
    let mut state = State::new();
    let wanted = platforms(config, &mut reader);
    let endpoints = endpoints(config, &mut reader);
    let with_peers = !config.get("peers").is_null();
    let no_endpoints = Value::UNKNOWN;
    let parts = Parts {
        matrix_version: config.get("matrix_version"),
        endpoints: endpoints.as_ref().value().unwrap_or(&no_endpoints),
        exclude_flows: config.get("exclude_flows"),
        include_flows: config.get("include_flows"),
        additions: config.get("additions"),
        matrix: config.get("matrix"),
        options: config.get("options"),
    };
    let reading = Parsed::of(parts, &mut reader);
    if let Known::Known(matrix) = &reading.matrix {
        state = state.set("matrix_version", &matrix.version).set("flows", &flows(matrix, config));
    }
    let mut told = Vec::new();
    if let (Known::Known(input), true) = (&reading.input, with_peers) {
        let wanted = wanted.unwrap_or_else(|| addressed_platforms(config, input));
        (state, told) = expand(input, &wanted, &mut reader, state);
    }
    Failure::of(reader.problems).map_or(Ok((state, told)), |failure| Err(failure.moved(moved)))
}

/// What the machine, called `self`, needs towards its peers.
fn expand(
    input: &Input<'_>,
    wanted: &[&str],
    reader: &mut Reader,
    state: State,
) -> (State, Vec<Warning>) {
    let mut view = View::new(input, &mut reader.problems);
    let subject = input.deployment.find(SELF).or_bug("a role without its machine");
    let all = view.connections.clone();
    view.narrow(subject);
    let unresolved = unresolved_flows(&input.deployment).map(|found| {
        let own = found.into_iter().filter(|unresolved| unresolved.endpoint == SELF);
        own.chain(lonely_flows(input, &all, &view)).collect::<Vec<_>>()
    });
    let mut remarks = Remarks::default();
    let state = role_rules(&view, wanted, &mut remarks, state);
    let View { connections, left_out, is_decided, .. } = view;
    let connections =
        if is_decided { ConnectionMap::of(&input.deployment, connections) } else { Leaf::Unknown };
    let state = state.set("connections", &connections).set("unresolved", &unresolved);
    let Remarks { problems, warnings: own, undecided, .. } = remarks;
    reader.problems.append(problems);
    let warnings = warnings(&input.deployment, &left_out, own, undecided).map(|found| {
        // What an installation needs besides is no matter of one machine.
        let elsewhere = WarningKind::NobodyPlays.kind().id;
        let own = |warning: &Warning| warning.endpoint == SELF && warning.id != elsewhere;
        found.into_iter().filter(own).collect::<Vec<_>>()
    });
    let state = state.set("warnings", &warnings);
    (state, warnings.value().cloned().unwrap_or_default())
}

/// Flows that the machine has only with others of its own role, where no peer plays that role: it is one machine, and
/// has none with itself.
fn lonely_flows<'a>(
    input: &'a Input<'_>,
    all: &[Connection<'a>],
    view: &View<'_>,
) -> Vec<Unresolved<'a>> {
    let with_itself = all.iter().filter(|connection| {
        connection.source == connection.destination && view.subject == Some(connection.source)
    });
    let lonely = with_itself.filter(|inner| {
        let is_same = |connection: &Connection<'_>| connection.flow.id == inner.flow.id;
        !view.connections.iter().any(is_same)
    });
    let unresolved = |inner: &Connection<'a>| Unresolved {
        flow: &inner.flow.id,
        endpoint: SELF,
        missing_role: input.matrix().role_id(inner.flow.to),
        citations: inner.flow.citations(),
    };
    lonely.map(unresolved).collect()
}

/// The platforms of which some peer has an address of its own, else all; none while a peer is wholly unknown, since it
/// may be the one that has.
fn addressed_platforms(config: &Config, input: &Input<'_>) -> Vec<&'static str> {
    if let Value::Map(peers) = config.get("peers")
        && peers.values().any(Value::is_unknown)
    {
        return Vec::new();
    }
    platform::in_use(input.addresses.iter().flat_map(platform::addressed))
}

/// The platforms that the user named, if any; none of them while the list is unknown.
fn platforms<'v>(config: &'v Config, reader: &mut Reader) -> Option<Vec<&'v str>> {
    let root = At::ROOT;
    let at = root.name("platforms");
    let Known::Known(names) = reader.texts(config.get("platforms"), &at)? else {
        return Some(Vec::new());
    };
    let mut wanted = Vec::new();
    for (index, name) in names.iter().enumerate() {
        let Known::Known(name) = name else { continue };
        if PlatformOptions::NAMES.contains(name) {
            wanted.push(*name);
        } else {
            let known = PlatformOptions::NAMES;
            reader.problems.add_unknown_name(
                &at.index(index),
                QueryMistake::UnknownPlatform,
                "platform",
                name,
                known,
            );
        }
    }
    Some(wanted)
}

/// The peers and the machine itself as the endpoints of a deployment.
fn endpoints(config: &Config, reader: &mut Reader) -> Known<Value> {
    let root = At::ROOT;
    let at = root.name("peers");
    let mut roles = vec![config.get("name").clone()];
    match config.get("colocated_roles") {
        Value::List(beside) | Value::Set(beside) => roles.extend(beside.iter().cloned()),
        Value::Null => {}
        _ => roles.push(Value::UNKNOWN),
    }
    let machine =
        Value::from([("roles", Value::List(roles)), ("ports", config.get("ports").clone())]);
    let mut endpoints = match reader.map(config.get("peers"), &at, "an object of endpoints by name")
    {
        Some(Known::Unknown) => return Known::Unknown,
        Some(Known::Known(peers)) => peers.clone(),
        None => BTreeMap::new(),
    };
    if endpoints.insert(SELF.to_owned(), machine).is_some() {
        let detail = format!(
            "The name {} is that of the machine itself. Call the peer something else.",
            quoted(SELF)
        );
        reader.problems.add(&at.key(SELF).its_name(), QueryMistake::ReservedName, detail);
    }
    Known::Known(Value::Map(endpoints))
}

/// The documented flows of the machine's roles.
fn flows<'a>(matrix: &'a Matrix, config: &Config) -> Leaf<Vec<FlowView<'a>>> {
    let beside: &[Value] = match config.get("colocated_roles") {
        Value::List(beside) | Value::Set(beside) => beside,
        Value::Null => &[],
        _ => return Leaf::Unknown,
    };
    let mut roles = Vec::new();
    for role in std::iter::once(config.get("name")).chain(beside) {
        let Value::String(name) = role else { return Leaf::Unknown };
        roles.extend(matrix.role(name));
    }
    let own =
        matrix.flows.iter().filter(|flow| roles.contains(&flow.from) || roles.contains(&flow.to));
    Leaf::Known(own.map(|flow| FlowView::of(matrix, flow)).collect())
}

/// A place in the deployment as a place in this data source: `self` has attributes of its own here.
fn moved(path: Path) -> Path {
    let name = |name: &str| Step::Name(name.to_owned());
    let Path(steps) = path;
    Path(match steps.as_slice() {
        [Step::Name(endpoints), Step::Key(key), rest @ ..] if endpoints == "endpoints" => {
            match rest {
                _ if key != SELF => [&[name("peers"), Step::Key(key.clone())], rest].concat(),
                [Step::Name(roles), Step::Index(0), ..] if roles == "roles" => vec![name("name")],
                [Step::Name(roles), Step::Index(index), ..] if roles == "roles" => {
                    vec![name("colocated_roles"), Step::Index(index - 1)]
                }
                [Step::Name(ports), ..] if ports == "ports" => rest.to_vec(),
                _ => vec![name("name")],
            }
        }
        [Step::Name(endpoints), rest @ ..] if endpoints == "endpoints" => {
            [&[name("peers")], rest].concat()
        }
        _ => steps,
    })
}

/// The attributes with the rules of a machine, one for each platform.
fn role_attributes() -> Vec<SchemaAttribute> {
    macro_rules! of_each {
        ($($name:ident: $platform:ident),* $(,)?) => {
            vec![$(role_attribute::<platform::$name::$platform>()),*]
        };
    }
    with_platforms!(of_each)
}

/// The rules of the endpoint that `view` is about, on each of the `wanted` platforms.
fn role_rules(view: &View<'_>, wanted: &[&str], remarks: &mut Remarks, mut state: State) -> State {
    macro_rules! of_each {
        ($($name:ident: $platform:ident),* $(,)?) => {
            $(state = role_rules_of::<platform::$name::$platform>(view, wanted, remarks, state);)*
        };
    }
    with_platforms!(of_each);
    state
}

fn role_attribute<P: Platform>() -> SchemaAttribute {
    let description = format!(
        "The rules on {} of a machine of the role: what `{}` gives for it. Null if the platform is not wanted.",
        P::TITLE,
        P::DATA_SOURCE
    );
    SchemaAttribute::new(
        P::QUERY,
        description,
        P::RoleRules::<'static>::shape(),
        Presence::Computed,
    )
}

fn role_rules_of<P: Platform>(
    view: &View<'_>,
    wanted: &[&str],
    remarks: &mut Remarks,
    state: State,
) -> State {
    if !wanted.contains(&P::NAME) {
        return state;
    }
    let Answer { endpoints, remarks: found, .. } = answer::<P>(view);
    remarks.problems.append(found.problems);
    remarks.warnings.extend(found.warnings);
    remarks.undecided |= found.undecided;
    match endpoints.into_values().next() {
        Some(rules) => state.set(P::QUERY, &P::of_role(rules)),
        None => state,
    }
}
