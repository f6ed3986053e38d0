//! What only people know of a request: carried as it is, never computed.

use portmatrix::known::Known;
use portmatrix::path::At;
use tfplugin::{Parameter, Type};

use crate::query::arguments::Arguments;
use crate::reader::attribute;

/// The name of the parameter.
const DETAILS: &str = "details";

/// The attributes that are text.
const TEXTS: [&str; 6] = ["title", "requester", "ticket", "approver", "expires", "review_by"];

/// The attribute that is true or false.
const ONLY_ACROSS_ZONES: &str = "only_across_zones";

/// What a request says besides the traffic; empty text where nothing was given.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Details<'v> {
    pub(super) title: &'v str,
    pub(super) requester: &'v str,
    pub(super) ticket: &'v str,
    pub(super) approver: &'v str,
    pub(super) expires: &'v str,
    pub(super) review_by: &'v str,
    /// Whether lines within one zone are left out.
    pub(super) only_across_zones: bool,
}

impl<'v> Details<'v> {
    /// Reads the arguments from `first` on, of which there is at most one.
    pub(super) fn read(arguments: &mut Arguments<'v>, first: usize) -> Known<Self> {
        arguments.refuse_more(first, DETAILS);
        let (value, reader) = arguments.at(first);
        let root = At::ROOT;
        let at = root.name(DETAILS);
        let known = [&TEXTS[..], &[ONLY_ACROSS_ZONES]].concat();
        let object = match reader.object(value, &at, &known) {
            None => return Known::Known(Self::default()),
            Some(Known::Unknown) => return Known::Unknown,
            Some(Known::Known(object)) => object,
        };
        let texts = TEXTS.map(|name| {
            reader.text(attribute(object, name), &at.name(name)).unwrap_or(Known::Known(""))
        });
        let only = attribute(object, ONLY_ACROSS_ZONES);
        let only = reader.flag(only, &at.name(ONLY_ACROSS_ZONES)).unwrap_or(Known::Known(false));
        match (texts, only) {
            (
                [
                    Known::Known(title),
                    Known::Known(requester),
                    Known::Known(ticket),
                    Known::Known(approver),
                    Known::Known(expires),
                    Known::Known(review_by),
                ],
                Known::Known(only_across_zones),
            ) => Known::Known(Self {
                title,
                requester,
                ticket,
                approver,
                expires,
                review_by,
                only_across_zones,
            }),
            _ => Known::Unknown,
        }
    }

    /// What was given, with its name for people; the title stands elsewhere.
    pub(super) fn named(&self) -> impl Iterator<Item = (&'static str, &'v str)> {
        let all = [
            ("Requester", self.requester),
            ("Ticket", self.ticket),
            ("Approver", self.approver),
            ("Expires", self.expires),
            ("Review by", self.review_by),
        ];
        all.into_iter().filter(|(_, text)| !text.is_empty())
    }
}

/// The parameter, which a call has at most once.
pub(super) fn parameter() -> Parameter {
    let description = "At most one: `{ title = \"...\", requester = \"...\", ticket = \"...\", approver = \"...\", expires = \"...\", review_by = \"...\", only_across_zones = true }`, each \
        of them optional. The texts are carried as they are; no date is computed or checked. `only_across_zones` leaves out what stays within one zone.";
    Parameter { allow_unknown: true, ..Parameter::new(DETAILS, description, Type::Dynamic) }
}
