//! What must be true of every embedded document.

use std::collections::BTreeSet;

use portmatrix::matrix::{Matrix, findings, versions};

#[test]
fn every_embedded_document_is_without_findings() {
    for version in versions() {
        let matrix = Matrix::of(version).expect(version);
        let found: Vec<String> = findings(matrix).iter().map(ToString::to_string).collect();
        assert_eq!(found, Vec::<String>::new(), "{version}");
        assert_eq!(matrix.version, version);
    }
}

#[test]
fn what_is_embedded_is_what_the_documents_say() {
    let mut files: Vec<String> = Vec::new();
    for entry in std::fs::read_dir("data").expect("the folder of the documents") {
        let name = entry.expect("a file").file_name().into_string().expect("a plain name");
        files.extend(name.strip_suffix(".toml").map(str::to_owned));
    }
    let embedded: BTreeSet<&str> = versions().into_iter().collect();
    assert_eq!(files.iter().map(String::as_str).collect::<BTreeSet<_>>(), embedded);
    for version in versions() {
        let text = std::fs::read_to_string(format!("data/{version}.toml")).expect(version);
        let read = Matrix::parse(&text).expect(version);
        assert_eq!(**Matrix::of(version).expect(version), read, "{version}");
    }
}

#[test]
fn the_newest_version_is_the_last() {
    assert_eq!(versions().last(), Some(&Matrix::newest().version.as_str()));
}

#[test]
fn an_unknown_version_is_refused_with_the_known_ones() {
    let error = Matrix::of("7.1").expect_err("there is none").to_string();
    let known = versions().join(", ");
    assert_eq!(error, format!("there is no matrix version \"7.1\"; embedded are: {known}"));
}
