//! What rules bring to light, on any platform.

use portmatrix::kinds;

kinds! {
    /// Mistakes that rules bring to light, on any platform.
    pub enum RuleMistake {
        NoAddress = "no_address", "No address",
            "a rule needs an address of an endpoint that has none on the platform. Give the endpoint one of the attributes that the text names, such as `cidrs`.";
        SharedId = "shared_id", "Shared id",
            "two endpoints have `security_group_id = \"sg-0a1\"`, or the same prefix list or application security group. Join them into one endpoint with the roles of both; what stands between two ends needs one of its own.";
        TooManyRules = "too_many_rules", "Too many rules",
            "the rules of all endpoints together would name more than a million addresses. Fewer ports or fewer CIDRs help: `options = { merge_cidrs = true }`, `summarize_cidrs`.";
    }
}
