//! Everything that fuzzing has kept so far, and every input cut short and changed here and there.
#![expect(clippy::expect_used, reason = "a corpus that can't be read fails the test")]

use std::fs;
use std::path::Path;

use fuzz::TARGETS;

/// How many changed copies of each input are tried.
const CHANGES: u64 = 8;

/// The inputs of a target, in the order of their names.
fn corpus(target: &str) -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target);
    let mut inputs: Vec<(String, Vec<u8>)> = fs::read_dir(folder)
        .expect("every target has a corpus")
        .map(|entry| {
            let entry = entry.expect("a folder can be read");
            let name = entry.file_name().to_string_lossy().into_owned();
            (name, fs::read(entry.path()).expect("an input can be read"))
        })
        .collect();
    inputs.sort();
    inputs
}

/// A changed copy: some bytes overwritten, and the end cut off now and then. The same for the same number.
fn changed(input: &[u8], number: u64) -> Vec<u8> {
    let mut state = number.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut next = |below: usize| {
        // Xorshift: nothing depends on its quality.
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state >> 33).unwrap_or_default() % below.max(1)
    };
    let mut copy = input.to_vec();
    for _ in 0..=next(4) {
        let (place, byte) = (next(copy.len()), next(256));
        if let (Some(old), Ok(byte)) = (copy.get_mut(place), u8::try_from(byte)) {
            *old = byte;
        }
    }
    if next(3) == 0 {
        copy.truncate(next(copy.len()));
    }
    copy
}

#[test]
fn what_was_found_is_found_no_more() {
    for target in &TARGETS {
        let (name, inputs) = (target.name, corpus(target.name));
        assert!(inputs.len() > 10, "{name}: {} inputs are no corpus", inputs.len());
        for (file, input) in &inputs {
            // Shown if the test fails: which input it was.
            println!("{name}/{file}");
            (target.run)(input);
            for number in 0..CHANGES {
                println!("{name}/{file} changed by {number}");
                (target.run)(&changed(input, number));
            }
        }
    }
}
