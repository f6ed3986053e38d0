//! One slip in any name of a document, and the name that is proposed is that one.

use std::collections::BTreeSet;

use portmatrix::matrix::{Matrix, versions};

#[test]
fn one_slip_in_a_name_finds_the_name() {
    for version in versions() {
        let matrix = Matrix::of(version).expect("an embedded version");
        let kinds: [Vec<&str>; 5] = [
            matrix.roles.iter().map(|role| role.id.as_str()).collect(),
            matrix.flows.iter().map(|flow| flow.id.as_str()).collect(),
            matrix.topologies.iter().map(|topology| topology.id.as_str()).collect(),
            matrix.zones.iter().map(|zone| zone.id.as_str()).collect(),
            matrix.attributes(),
        ];
        let mut tried = 0_usize;
        for names in kinds {
            for meant in &names {
                for slip in slips(meant, "q").iter().filter(|slip| !names.contains(&slip.as_str()))
                {
                    let found = nearest::name(slip, names.iter().copied());
                    // `htps` is as near to `http` as to `https`: whichever comes first in the alphabet.
                    let either = found.is_some_and(|found| slips(found, slip).contains(slip));
                    assert!(found == Some(*meant) || either, "{version}: {slip:?} gives {found:?}");
                    tried += 1;
                }
            }
        }
        assert!(tried > 3000, "{version}: {tried}");
    }
}

/// The name with one letter missing, with one of others too many or in the place of its own, or with two swapped.
fn slips(name: &str, others: &str) -> BTreeSet<String> {
    let letters: Vec<char> = name.chars().collect();
    let mut slips = BTreeSet::new();
    for at in 0..=letters.len() {
        let (before, from) = letters.split_at(at);
        let mut with = |middle: &[char], after: &[char]| {
            slips.insert([before, middle, after].concat().into_iter().collect::<String>());
        };
        let (own, rest) = (from.first(), from.get(1..).unwrap_or_default());
        others.chars().for_each(|other| with(&[other], from));
        if let Some(own) = own {
            with(&[], rest);
            others.chars().for_each(|other| with(&[other], rest));
            if let [second, rest @ ..] = rest {
                with(&[*second, *own], rest);
            }
        }
    }
    slips.remove(name);
    slips
}
