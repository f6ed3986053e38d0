//! From a document, which refers by name, to a matrix, which refers by place.

use crate::problem::listed;

use super::Matrix;
use super::document::{
    BasisEntry, Document, FlowEntry, ParameterEntry, RowEntry, SilentEntry, TopologyEntry,
};
use super::findings::{Block, Check, Finding, Findings, Place};
use super::flow::{Basis, Flow, FlowPorts, Replacement};
use super::parameter::{Parameter, ParameterId};
use super::role::{RoleId, Topology};
use super::row::{Listener, Reading, Row, Silent};

/// The roles of an endpoint are kept as the bits of one number.
pub const MOST_ROLES: usize = 64;

/// Stands for a name that nothing declares. A matrix with one in it is never handed out.
const UNDECLARED: u8 = u8::MAX;

/// The matrix, and every mistake that a matrix could not even express.
pub(super) fn matrix(document: Document) -> (Matrix, Vec<Finding>) {
    let mut resolver = Resolver {
        roles: document.role.iter().map(|role| role.id.clone()).collect(),
        topologies: document.topology.iter().map(|topology| topology.id.clone()).collect(),
        parameters: document.parameter.iter().map(|parameter| parameter.id.clone()).collect(),
        flows: document.flow.iter().map(|flow| flow.id.clone()).collect(),
        found: Vec::new(),
    };
    if resolver.roles.len() > MOST_ROLES {
        let found = format!("there are {} roles", resolver.roles.len());
        let mend = format!("a matrix has at most {MOST_ROLES}");
        resolver.add(Check::Sound, Place::head("role"), found, mend);
    }
    let rows = numbered(document.row, |row| resolver.row(row));
    let matrix = Matrix {
        version: document.version,
        source: document.source,
        evidence: document.evidence,
        spellings: document.spelling,
        tables: document.table,
        zones: document.zone,
        roles: document.role,
        needs: document.need,
        topologies: numbered(document.topology, |it| resolver.topology(it)),
        parameters: numbered(document.parameter, |it| resolver.parameter(it)),
        flows: numbered(document.flow, |flow| resolver.flow(flow)),
        silent: numbered(document.silent, |silent| resolver.silent(silent, &rows)),
        rows,
        not_covered: document.not_covered,
        ambiguities: document.ambiguity,
    };
    (matrix, resolver.found)
}

/// What blocks become, each with its position among those of its kind.
fn numbered<T, U>(blocks: Vec<T>, of: impl FnMut((usize, T)) -> U) -> Vec<U> {
    blocks.into_iter().enumerate().map(of).collect()
}

struct Resolver {
    roles: Vec<String>,
    topologies: Vec<String>,
    parameters: Vec<String>,
    flows: Vec<String>,
    found: Vec<Finding>,
}

impl Resolver {
    fn add(
        &mut self,
        check: Check,
        place: Place,
        found: impl Into<String>,
        mend: impl Into<String>,
    ) {
        Findings::of(check, &mut self.found).add(place, found, mend);
    }

    /// The position of a name among the declared ones. `place` is where it is used.
    fn position(&mut self, kind: &str, place: impl FnOnce() -> Place, name: &str) -> u8 {
        let declared = match kind {
            "role" => &self.roles,
            "topology" => &self.topologies,
            "flow" => &self.flows,
            _ => &self.parameters,
        };
        let position = declared.iter().position(|declared| declared == name);
        if let Some(position) =
            position.and_then(|position| u8::try_from(position).ok()).filter(|p| *p != UNDECLARED)
        {
            return position;
        }
        let known: Vec<&str> = declared.iter().map(String::as_str).collect();
        let mend = match nearest::name(name, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("declare it, or use one of {}", listed(&known)),
        };
        self.add(Check::Closed, place(), format!("there is no {kind} {name:?}"), mend);
        UNDECLARED
    }

    fn role(&mut self, place: impl FnOnce() -> Place, name: &str) -> RoleId {
        RoleId(self.position("role", place, name))
    }

    /// The name of a topology, looked up but kept: flows are asked for theirs seldom.
    fn topology_name(&mut self, place: impl FnOnce() -> Place, name: String) -> String {
        self.position("topology", place, &name);
        name
    }

    fn topology(&mut self, (index, entry): (usize, TopologyEntry)) -> Topology {
        let block = Block::new("topology", index, &entry.id);
        Topology {
            base: entry.base,
            role: entry.role.map(|role| self.role(|| block.at("role"), &role)),
            unless: entry.unless.map(|role| self.role(|| block.at("unless"), &role)),
            id: entry.id,
            title: entry.title,
            means: entry.means,
        }
    }

    fn row(&mut self, (index, entry): (usize, RowEntry)) -> Row {
        let block = Block::new("row", index, &entry.id);
        let reading = entry.reading;
        let at = |attribute: &str| block.at("reading").at(attribute);
        let counterparts = reading.counterparts.iter().enumerate();
        let reading = Reading {
            role: self.role(|| at("role"), &reading.role),
            counterparts: counterparts
                .map(|(index, role)| self.role(|| at("counterparts").nth(index), role))
                .collect(),
            transport: reading.transport,
            ports: reading.ports,
            application: reading.application,
            direction: reading.direction,
            components: reading.components,
            purpose: reading.purpose,
            configurable: reading.configurable,
            confidence: reading.confidence,
            because: reading.because,
            evidence: reading.evidence,
            notes: reading.notes,
        };
        Row {
            table: entry.id.rsplit_once('/').map_or("", |(table, _)| table).to_owned(),
            id: entry.id,
            line: entry.line,
            device: entry.device,
            port: entry.port,
            protocol: entry.protocol,
            direction: entry.direction,
            damaged: entry.damaged,
            reading,
        }
    }

    fn parameter(&mut self, (index, entry): (usize, ParameterEntry)) -> Parameter {
        let block = Block::new("parameter", index, &entry.id);
        Parameter {
            role: self.role(|| block.at("role"), &entry.role),
            id: entry.id,
            attribute: entry.attribute,
            kind: entry.kind,
            ranges: entry.ranges,
            default: entry.default,
            configurable: entry.configurable,
            rows: entry.rows,
            cautions: entry.caution,
        }
    }

    fn flow(&mut self, (index, entry): (usize, FlowEntry)) -> Flow {
        let block = Block::new("flow", index, &entry.id);
        Flow {
            number: Some(entry.number),
            // There are fewer numbers than places: of flows beyond the last place each has a finding of its own.
            place: u16::try_from(index).unwrap_or(u16::MAX),
            from: self.role(|| block.at("from"), &entry.from),
            to: self.role(|| block.at("to"), &entry.to),
            transport: entry.transport,
            topology: self.topology_name(|| block.at("topology"), entry.topology),
            ports: self.ports(block, entry.ports, entry.parameter, entry.offset),
            basis: self.basis(block, entry.basis, entry.why, entry.evidence),
            replaced_in: entry.replaced_in.map(|replaced| Replacement {
                topology: self
                    .topology_name(|| block.at("replaced_in").at("topology"), replaced.topology),
                keep_option: replaced.keep_option,
            }),
            derived_from: entry.derived_from.inspect(|origin| {
                self.position("flow", || block.at("derived_from"), origin);
            }),
            id: entry.id,
            application: entry.application,
            encrypted: entry.encrypted,
            out_rows: entry.out_rows,
            in_rows: entry.in_rows,
            prose_rows: entry.prose_rows,
            confidence: entry.confidence,
            optional: entry.optional,
            host_local: entry.host_local,
            inside_endpoint: entry.inside_endpoint,
            when: entry.when,
            purpose: entry.purpose,
            note: entry.note,
        }
    }

    fn ports(
        &mut self,
        block: Block<'_>,
        fixed: Option<Vec<super::PortRange>>,
        by: Option<String>,
        offset: u16,
    ) -> FlowPorts {
        let mend = "give `ports`, or the `parameter` that they come from";
        if fixed.is_some() && by.is_some() {
            let places = (block.at("ports"), block.at("parameter"));
            let mut findings = Findings::of(Check::Sound, &mut self.found);
            findings.add_between(places, "both ports and a parameter", mend);
        } else if fixed.is_none() && by.is_none() {
            self.add(Check::Sound, block.whole(), "neither ports nor a parameter", mend);
        }
        if by.is_none() && offset != 0 {
            self.add(
                Check::Sound,
                block.at("offset"),
                format!("an offset of {offset} without a parameter"),
                "give the ports as they are",
            );
        }
        match by {
            Some(parameter) => {
                let place = || block.at("parameter");
                let parameter = ParameterId(self.position("parameter", place, &parameter));
                FlowPorts::Parameter { parameter, offset }
            }
            None => FlowPorts::Fixed(fixed.unwrap_or_default()),
        }
    }

    fn basis(
        &mut self,
        block: Block<'_>,
        basis: BasisEntry,
        why: String,
        evidence: Vec<String>,
    ) -> Basis {
        let reasons = [("why", !why.is_empty()), ("evidence", !evidence.is_empty())];
        let given = reasons.into_iter().find(|(_, is_given)| *is_given);
        if basis != BasisEntry::Inferred
            && let Some((reason, _)) = given
        {
            Findings::of(Check::Honest, &mut self.found).add_between(
                (block.at("basis"), block.at(reason)),
                "it says why it was inferred, but not that it was",
                "set `basis = \"inferred\"`, or move `why` and `evidence` to the rows' readings",
            );
        }
        match basis {
            BasisEntry::Paired => Basis::Paired,
            BasisEntry::SelfPaired => Basis::SelfPaired,
            BasisEntry::Outside => Basis::Outside,
            BasisEntry::Prose => Basis::Prose,
            BasisEntry::Inferred => Basis::Inferred { why, evidence },
        }
    }

    fn silent(&mut self, (index, entry): (usize, SilentEntry), rows: &[Row]) -> Silent {
        let listener =
            rows.iter().find(|row| entry.listener && row.id == entry.row).and_then(|row| {
                let ports = *row.reading.ports.first()?;
                Some(Listener { ports, transport: row.reading.transport, role: row.reading.role })
            });
        if entry.listener && listener.is_none() {
            self.add(
                Check::Sound,
                Block::new("silent", index, &entry.row).at("listener"),
                "a listener without a port",
                "name a row whose reading has a port",
            );
        }
        Silent { row: entry.row, why: entry.why, listener }
    }
}
