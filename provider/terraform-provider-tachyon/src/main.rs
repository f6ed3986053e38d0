//! The binary that Terraform starts.

use std::process::ExitCode;

fn main() -> ExitCode {
    tfplugin::serve::main(tachyon::provider)
}
