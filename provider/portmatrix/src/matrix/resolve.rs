//! From a document, which refers by name, to a matrix, which refers by place.

use crate::problem::listed;

use super::Matrix;
use super::document::{
    BasisEntry, Document, FlowEntry, ParameterEntry, RowEntry, SilentEntry, TopologyEntry,
};
use super::findings::{Check, Finding, Findings};
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
        resolver.add(Check::Sound, "roles", found, format!("a matrix has at most {MOST_ROLES}"));
    }
    let rows: Vec<Row> = document.row.into_iter().map(|row| resolver.row(row)).collect();
    let matrix = Matrix {
        version: document.version,
        source: document.source,
        evidence: document.evidence,
        spellings: document.spelling,
        tables: document.table,
        zones: document.zone,
        roles: document.role,
        needs: document.need,
        topologies: document
            .topology
            .into_iter()
            .map(|topology| resolver.topology(topology))
            .collect(),
        parameters: document
            .parameter
            .into_iter()
            .map(|parameter| resolver.parameter(parameter))
            .collect(),
        flows: (0..).zip(document.flow).map(|(place, flow)| resolver.flow(place, flow)).collect(),
        silent: document.silent.into_iter().map(|silent| resolver.silent(silent, &rows)).collect(),
        rows,
        not_covered: document.not_covered,
        ambiguities: document.ambiguity,
    };
    (matrix, resolver.found)
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
        place: &str,
        found: impl Into<String>,
        mend: impl Into<String>,
    ) {
        Findings::of(check, &mut self.found).add(place, found, mend);
    }

    /// The place of a name among the declared ones.
    fn place(&mut self, kind: &str, place: &str, name: &str) -> u8 {
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
        self.add(Check::Closed, place, format!("there is no {kind} {name:?}"), mend);
        UNDECLARED
    }

    fn role(&mut self, place: &str, name: &str) -> RoleId {
        RoleId(self.place("role", place, name))
    }

    /// The name of a topology, looked up but kept: flows are asked for theirs seldom.
    fn topology_name(&mut self, place: &str, name: String) -> String {
        self.place("topology", place, &name);
        name
    }

    fn topology(&mut self, entry: TopologyEntry) -> Topology {
        let place = format!("topology {}", entry.id);
        Topology {
            base: entry.base,
            role: entry.role.map(|role| self.role(&place, &role)),
            unless: entry.unless.map(|role| self.role(&place, &role)),
            id: entry.id,
            title: entry.title,
            means: entry.means,
        }
    }

    fn row(&mut self, entry: RowEntry) -> Row {
        let place = format!("row {}", entry.id);
        let reading = entry.reading;
        let reading = Reading {
            role: self.role(&place, &reading.role),
            counterparts: reading.counterparts.iter().map(|role| self.role(&place, role)).collect(),
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

    fn parameter(&mut self, entry: ParameterEntry) -> Parameter {
        Parameter {
            role: self.role(&format!("parameter {}", entry.id), &entry.role),
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

    fn flow(&mut self, at: u16, entry: FlowEntry) -> Flow {
        let place = format!("flow {}", entry.id);
        Flow {
            number: Some(entry.number),
            place: at,
            from: self.role(&place, &entry.from),
            to: self.role(&place, &entry.to),
            transport: entry.transport,
            topology: self.topology_name(&place, entry.topology),
            ports: self.ports(&place, entry.ports, entry.parameter, entry.offset),
            basis: self.basis(&place, entry.basis, entry.why, entry.evidence),
            replaced_in: entry.replaced_in.map(|replaced| Replacement {
                topology: self.topology_name(&place, replaced.topology),
                keep_option: replaced.keep_option,
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
            derived_from: entry.derived_from.inspect(|origin| {
                self.place("flow", &place, origin);
            }),
            purpose: entry.purpose,
            note: entry.note,
        }
    }

    fn ports(
        &mut self,
        place: &str,
        fixed: Option<Vec<super::PortRange>>,
        by: Option<String>,
        offset: u16,
    ) -> FlowPorts {
        if fixed.is_some() == by.is_some() {
            let found = if by.is_some() {
                "both ports and a parameter"
            } else {
                "neither ports nor a parameter"
            };
            self.add(
                Check::Sound,
                place,
                found,
                "give `ports`, or the `parameter` that they come from",
            );
        }
        if by.is_none() && offset != 0 {
            self.add(
                Check::Sound,
                place,
                format!("an offset of {offset} without a parameter"),
                "give the ports as they are",
            );
        }
        match by {
            Some(parameter) => FlowPorts::Parameter {
                parameter: ParameterId(self.place("parameter", place, &parameter)),
                offset,
            },
            None => FlowPorts::Fixed(fixed.unwrap_or_default()),
        }
    }

    fn basis(
        &mut self,
        place: &str,
        basis: BasisEntry,
        why: String,
        evidence: Vec<String>,
    ) -> Basis {
        if basis != BasisEntry::Inferred && !(why.is_empty() && evidence.is_empty()) {
            self.add(
                Check::Honest,
                place,
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

    fn silent(&mut self, entry: SilentEntry, rows: &[Row]) -> Silent {
        let listener =
            rows.iter().find(|row| entry.listener && row.id == entry.row).and_then(|row| {
                let ports = *row.reading.ports.first()?;
                Some(Listener { ports, transport: row.reading.transport, role: row.reading.role })
            });
        if entry.listener && listener.is_none() {
            let place = format!("silent {}", entry.row);
            self.add(
                Check::Sound,
                &place,
                "a listener without a port",
                "name a row whose reading has a port",
            );
        }
        Silent { row: entry.row, why: entry.why, listener }
    }
}
