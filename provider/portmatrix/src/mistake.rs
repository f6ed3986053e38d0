//! What can be wrong with a deployment, whatever reads it.

use crate::kinds;

kinds! {
    /// Mistakes in endpoints, in their roles and in what names them.
    pub enum EndpointMistake {
        NoEndpoint = "no_endpoint", "No endpoint",
            "`endpoints = {}`. Describe at least one.";
        UnusableEndpointName = "unusable_endpoint_name", "Unusable endpoint name",
            "`\"dmz server\" = { … }`. Write `dmz-server = { … }`.";
        NoRole = "no_role", "No role",
            "`roles = []`. Give at least one.";
        UnknownRole = "unknown_role", "Unknown role",
            "`roles = [\"master_stak\"]`. Write `roles = [\"master_stack\"]`.";
        RepeatedRole = "repeated_role", "Repeated role",
            "`roles = [\"client\", \"client\"]`. Write `roles = [\"client\"]`.";
        UnknownEndpoint = "unknown_endpoint", "Unknown endpoint",
            "`talks_to = { response_stack = [\"tachion\"] }`. Write the name of an endpoint: `[\"tachyon\"]`.";
        RepeatedEndpoint = "repeated_endpoint", "Repeated endpoint",
            "`talks_to = { response_stack = [\"tachyon\", \"tachyon\"] }`. Write `[\"tachyon\"]`.";
        EndpointWithoutTheRole = "endpoint_without_the_role", "Endpoint without the role",
            "`talks_to = { response_stack = [\"sql\"] }`, where `sql` plays no `response_stack`. The text lists the endpoints that do.";
        UnknownFlow = "unknown_flow", "Unknown flow",
            "`exclude_flows = [\"client_p2q\"]`. Write `exclude_flows = [\"client_p2p\"]`.";
        RepeatedFlow = "repeated_flow", "Repeated flow",
            "`exclude_flows = [\"client_p2p\", \"client_p2p\"]`. Write it once.";
        ContradictingFlow = "contradicting_flow", "Contradicting flow",
            "`exclude_flows` and `include_flows` both name `client_p2p`. Take it out of one of the two.";
        TooManyConnections = "too_many_connections", "Too many connections",
            "the endpoints would have more than a million connections. Join endpoints that are treated alike into one with several CIDRs, or bound them by `talks_to`.";
    }
}

kinds! {
    /// Mistakes in what an endpoint listens on.
    pub enum PortMistake {
        UnknownPortAttribute = "unknown_port_attribute", "Unknown port attribute",
            "`ports = { swiches = [4000] }`. Write `switches`. The text also lists the ports that the document calls not configurable for the endpoint's roles.";
        PortOfAnotherRole = "port_of_another_role", "Port of another role",
            "`ports = { sql = 1433 }` on an endpoint that plays `client` alone. Set it on the endpoint that listens; the text names the roles.";
        WrongTypeOfPortSetting = "wrong_type_of_port_setting", "Wrong type of port setting",
            "`switches = { a = 1 }` or `https = true`. Accepted is a port, a list of ports, or an object of these by role, such as `sql = { sql_master = 50011, sql_responses = 50012 }`; `sql` and `rpc_dynamic` take ranges too.";
        UnusablePort = "unusable_port", "Unusable port",
            "`https = 70000`. Accepted is 1 to 65535: `https = 8443`.";
        UnusablePortRange = "unusable_port_range", "Unusable port range",
            "`rpc_dynamic = \"65535-49152\"`. Write `rpc_dynamic = \"49152-65535\"`.";
        NoPort = "no_port", "No port",
            "`switches = []`. Leave the attribute out for the documented default.";
        RepeatedPort = "repeated_port", "Repeated port",
            "`switches = [4000, 4000]`, or a port that a range of the list holds already. Write `switches = [4000]`.";
        TooManyPorts = "too_many_ports", "Too many ports",
            "`switches` with more than 64 ports. A server has five Switches at most by the document.";
        DerivedPortOutOfRange = "derived_port_out_of_range", "Derived port out of range",
            "`switches = [65535]`, whose poke port would be 65536. Choose a lower one.";
        ListenersCollide = "listeners_collide", "Listeners collide",
            "`ports = { https = 8443, switches = [8443] }`. Two services of one endpoint can't listen on one port: choose another for one of them.";
    }
}

kinds! {
    /// Mistakes in what stands between two ends.
    pub enum HopMistake {
        NothingBehind = "nothing_behind", "Nothing behind",
            "`forwards_to = []`. Name at least one endpoint, or leave the attribute out on an endpoint with roles.";
        NotOfWhatForwards = "not_of_what_forwards", "Not of what forwards",
            "`roles` or `talks_to` beside `forwards_to`. What stands between two ends is no end itself: leave them out, or make two endpoints of it.";
        WithoutForwarding = "without_forwarding", "Without forwarding",
            "`hides_source`, `hides_destination` or `from_roles` on an endpoint without `forwards_to`. Add `forwards_to`, or leave them out.";
        HidesNeither = "hides_neither", "Hides neither",
            "`hides_source = false, hides_destination = false`. What hides neither end is not seen by any rule: take the endpoint out.";
        ForwardsInACircle = "forwards_in_a_circle", "Forwards in a circle",
            "`a = { forwards_to = [\"b\"] }, b = { forwards_to = [\"a\"] }`. Traffic arrives somewhere: take one of the names out.";
        TakesNoTraffic = "takes_no_traffic", "Takes no traffic",
            "`from_roles = []`. Name at least one role, or leave the attribute out for all traffic.";
        RoleThatNeverReaches = "role_that_never_reaches", "Role that never reaches what is behind",
            "`from_roles = [\"browser\"]` before a DMZ Server, which no browser reaches by the document. The text lists the roles that do.";
        UnusableForwardedPort = "unusable_forwarded_port", "Unusable forwarded port",
            "`ports = { https = 8443 }` beside `forwards_to`. There `ports` is the port of the endpoint behind it, and its own: `{ \"443\" = 8443 }`.";
        PortOfNobodyBehind = "port_of_nobody_behind", "Port of nobody behind",
            "`ports = { \"444\" = 8443 }`, and nothing behind it listens on 444 for the traffic that comes this way. The text lists the ports.";
        ListensWithoutHiding = "listens_without_hiding", "Listens without hiding",
            "`ports` beside `hides_destination = false`. Who asks addresses the end behind it, so it listens nowhere: leave `ports` out.";
        TooManyBetween = "too_many_between", "Too many between",
            "more than 16 endpoints stand between two ends, or more than 16 ways lead through them. Join those that do the same.";
    }
}

kinds! {
    /// Mistakes in rows of the user's own.
    pub enum AdditionMistake {
        UnusableId = "unusable_name", "Unusable name",
            "`flows = { \"master to directory\" = { … } }` in `additions`. Write `master_to_directory`: lower-case letters, digits and `_`, at most 48.";
        TakenId = "taken_id", "Name of the document",
            "`additions` declares a role or flow that the document has already. Use the role as it is; give the flow another name.";
        UnusableText = "unusable_text", "Unusable text",
            "`purpose = \"\"` in `additions`. It is the justification of the rule: write what the traffic is for, in at most 200 characters.";
        UnusableCitation = "unusable_citation", "Unusable citation",
            "`citation = \"AD 1\"` in `additions`. Write `\"site/ad-1\"`: it begins with `site/`, so that nobody takes it for a row of the document.";
        UnknownTransport = "unknown_transport", "Unknown transport",
            "`protocol = \"https\"` in `additions`. Write `\"tcp\"` or `\"udp\"`.";
        UnknownZone = "unknown_zone", "Unknown zone",
            "`zone = \"service\"` of a role in `additions`. Write one of the document's, such as `\"services\"`; an endpoint's own `zone` may be any label.";
        UnusableSetting = "unusable_setting", "Unusable setting",
            "`setting = \"sql_named_instance\"` in `additions`, which is true or false in the document. Choose another name.";
        SettingDiffers = "setting_differs", "Setting with another default",
            "two flows to one role name one `setting` and have other ports. Give both the same, or each a setting of its own.";
        TooManyAdditions = "too_many_additions", "Too many additions",
            "`additions` has more than 128 flows, or with those of the document there are more than 64 roles. Take out those that no endpoint needs.";
    }
}

kinds! {
    /// Mistakes in a whole document of the user's own.
    pub enum MatrixMistake {
        UnknownBlock = "unknown_block", "Unknown block of a document",
            "`matrix = { flows = [ … ] }`. Blocks are named for one of their kind, as in the embedded documents: write `flow`.";
        WrongShape = "wrong_shape", "Wrong shape of a document",
            "`version = 9.1` in a `matrix`, or a block without its `id`. The text says what is accepted there: write `version = \"9.1\"`.";
        UnknownDocumentWord = "unknown_document_word", "Unknown word in a document",
            "`confidence = \"hgh\"` in a `matrix`. Write `\"high\"`.";
        TooLargeDocument = "too_large_document", "Too large a document",
            "a list of a `matrix` with more than 2000 elements, or a text of more than 10000 bytes. No product's matrix has so many.";
        UnsoundDocument = "unsound_document", "Document that does not fit together",
            "a flow of a `matrix` cites a row that is not there, a row is used by no flow, a number is given twice, and so on. The text says what would mend it.";
    }
}
