//! What can be wrong with a single value.

use portmatrix::kinds;

kinds! {
    /// Mistakes in a single value, whatever it is for.
    pub enum ReadMistake {
        UnknownAttribute = "unknown_attribute", "Unknown attribute",
            "`{ roles = [\"client\"], cidr = [\"10.0.0.0/8\"] }`. Write `cidrs`.";
        WrongType = "wrong_type", "Wrong type",
            "`cidrs = \"10.0.0.0/8\"`. Write `cidrs = [\"10.0.0.0/8\"]`.";
        MissingValue = "missing_value", "Missing value",
            "`clients = { cidrs = [\"10.0.0.0/8\"] }` has no `roles`. Give `roles = [\"client\"]`. The same for a null inside a list, and for a prefix list without `id` or `max_entries`.";
        UnusableNumber = "unusable_number", "Unusable number",
            "`security_groups = 0`. Accepted is a whole number within the limits that the text names, such as `security_groups = 1`.";
        EmptyId = "empty_id", "Empty id",
            "`security_group_id = \"\"`. Give the id, or null if there is none: `security_group_id = null`.";
        UnknownMatrixVersion = "unknown_matrix_version", "Unknown matrix version",
            "`matrix_version = \"8.0\"`. The text lists the known ones, such as `matrix_version = \"8.1\"`.";
        TwoMatrices = "two_matrices", "Two matrices",
            "both `matrix` and `matrix_version`. Leave the version out: a document says its own.";
        UnusableCidr = "unusable_cidr", "Unusable CIDR",
            "`cidrs = [\"10.20.1.10/24\"]` has host bits, `[\"10.20.1.10\"]` no prefix length. The text shows the corrected form: write `[\"10.20.1.0/24\"]`, `[\"10.20.1.10/32\"]`.";
        RepeatedCidr = "repeated_cidr", "Repeated CIDR",
            "`cidrs = [\"10.0.0.0/8\", \"10.0.0.0/8\"]`. Leave one out.";
        UnusableZone = "unusable_zone", "Unusable zone",
            "`zone = \"\"`. Write a label of at most 64 characters, or leave the attribute out.";
    }
}
