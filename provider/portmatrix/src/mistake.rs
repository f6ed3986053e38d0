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
