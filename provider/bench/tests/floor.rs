//! The floor and the host that measures it, held against each other.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use tachyon_bench::host::Plugin;
use tachyon_bench::job::{self, Kind};
use tachyon_bench::question::Question;
use tachyon_bench::{raw, recording};

fn floor(answers: &Path) -> job::Plugin {
    let folder = answers.to_string_lossy().into_owned();
    job::Plugin {
        name: "floor".to_owned(),
        program: PathBuf::from(env!("CARGO_BIN_EXE_floor")),
        kind: Kind::Tachyon,
        environment: BTreeMap::from([(recording::VARIABLE.to_owned(), folder)]),
    }
}

#[tokio::test]
async fn the_floor_gives_the_recorded_answers_and_ends() {
    let folder =
        Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("floor-{}", std::process::id()));
    let questions = Question::of(Kind::Tachyon).expect("questions");
    let answer = |question: &Question| format!("to {}", question.name.split(',').next().unwrap());
    for question in &questions {
        let request = question.request(1).expect("a request");
        recording::keep(&folder, question.method, &request, answer(question).as_bytes())
            .expect("the folder is ours");
    }

    let process = Plugin::start(&floor(&folder)).expect("the floor starts");
    let mut client = process.connect().await.expect("the host is let in");
    for question in &questions {
        // Another variant of the question has the same answer.
        let request = question.request(2).expect("a request");
        assert!(request.len() < raw::LARGEST_MESSAGE);
        let path = client.path(question.method).expect("a path");
        let got = client.ask(path, request).await.expect("it was recorded");
        assert_eq!(got, answer(question), "{}", question.name);
    }
    let configured = client.path("ConfigureProvider").expect("a path");
    assert!(client.ask(configured, Vec::new().into()).await.expect("nothing to do").is_empty());
    let unknown = client.path("ApplyResourceChange").expect("a path");
    assert!(client.ask(unknown, Vec::new().into()).await.is_err());

    // An error if it has to be waited for too long.
    process.end(client).await.expect("it ends when it is asked to");
    std::fs::remove_dir_all(folder).expect("the folder is ours");
}
