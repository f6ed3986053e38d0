//! The committed Rust is what the definitions give.

use std::path::{Path, PathBuf};

use expect_test::expect_file;
use prost_types::FileDescriptorSet;

/// The definitions, compiled without `protoc`.
pub(crate) fn definitions() -> FileDescriptorSet {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../proto");
    let files = ["tfplugin6", "grpc_controller", "grpc_stdio", "grpc_broker", "health"];
    protox::compile(files.map(|name| format!("{name}.proto")), [folder])
        .expect("the definitions compile")
}

#[test]
fn committed_code_is_what_the_definitions_give() {
    let folder = tempfile();
    let mut builder = tonic_prost_build::configure()
        .out_dir(&folder)
        // A cached answer is sent again without a copy, and an argument is compared without one.
        .bytes(".tfplugin6.DynamicValue")
        .btree_map(".")
        // The other end of the connection is only ever needed in tests.
        .build_transport(false)
        .emit_rerun_if_changed(false);
    for package in ["tfplugin6", "plugin", "grpc.health.v1"] {
        builder = builder.client_mod_attribute(package, "#[cfg(test)]");
    }
    builder.compile_fds(definitions()).expect("the generator takes the definitions");

    for name in ["tfplugin6", "plugin", "grpc.health.v1"] {
        let code = std::fs::read_to_string(folder.join(format!("{name}.rs")))
            .expect("the generator wrote the file");
        let committed =
            format!("{}/src/generated/{}.rs", env!("CARGO_MANIFEST_DIR"), name.replace('.', "_"));
        expect_file![committed].assert_eq(&code);
    }
    std::fs::remove_dir_all(folder).expect("the folder is ours");
}

/// A folder of this run's own.
fn tempfile() -> PathBuf {
    let folder =
        Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("generated-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("cargo's own folder can be written to");
    folder
}
