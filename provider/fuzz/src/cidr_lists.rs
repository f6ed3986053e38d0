//! CIDRs from text, merged and summarized, against a second reading.

use std::net::IpAddr;

use cidrs::{Cidr, covers, merge, summarize, uncovered};

use crate::union::{blocks, intervals, size};

/// More than this is for benchmarks.
const MOST_LINES: usize = 200;

/// The first line is how many prefixes a summary may have; each further line is a CIDR, perhaps.
pub(crate) fn run(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let (most, lines) = text.split_once('\n').unwrap_or(("", text));
    let cidrs: Vec<Cidr> = lines.split('\n').take(MOST_LINES).filter_map(read).collect();
    merged(&cidrs);
    if let Ok(most) = most.parse::<u16>() {
        summarized(&cidrs, usize::from(most));
    }
    let (wanted, by) = cidrs.split_at(cidrs.len() / 2);
    let left = uncovered(wanted, by);
    assert_eq!(left.is_empty(), covers(by, wanted));
    // What is left and what covers have nothing in common, and together are both.
    let both: Vec<Cidr> = left.iter().chain(by).copied().collect();
    assert_eq!(intervals(&both), intervals(&cidrs));
    let common = left.iter().any(|left| by.iter().any(|by| left.contains(by) || by.contains(left)));
    assert!(!common, "{left:?} is covered by {by:?}");
}

/// Text is canonical, or is refused; what it is mended to says the same to the standard library.
fn read(line: &str) -> Option<Cidr> {
    let parsed = Cidr::parse(line);
    if let Ok(cidr) = parsed {
        assert_eq!(cidr.to_string(), line);
        assert_eq!(format!("{}/{}", cidr.first(), cidr.length()), line);
    }
    let meant = parsed.or_else(|error| {
        assert!(!error.to_string().is_empty());
        error.mended().ok_or(error)
    });
    let cidr = meant.ok()?;
    assert_eq!(Cidr::parse(&cidr.to_string()), Ok(cidr));
    if let Some(address) =
        line.split('/').next().and_then(|address| address.trim().parse::<IpAddr>().ok())
    {
        assert!(cidr.contains(&Cidr::holding(address, 128)), "{line} was read as {cidr}");
    }
    Some(cidr)
}

fn merged(cidrs: &[Cidr]) {
    let merged = merge(cidrs.iter().copied());
    let texts: Vec<String> = merged.iter().map(ToString::to_string).collect();
    assert_eq!(texts, blocks(&intervals(cidrs)));
}

fn summarized(cidrs: &[Cidr], most: usize) {
    let Ok(summary) = summarize(cidrs.iter().copied(), most) else {
        let families = intervals(cidrs).iter().map(|interval| interval.0).collect::<Vec<_>>();
        let least = usize::from(families.contains(&true)) + usize::from(families.contains(&false));
        return assert!(most < least.max(1));
    };
    assert!(summary.cidrs.len() <= most);
    assert!(covers(&summary.cidrs, cidrs));
    let (whole, asked) = (intervals(&summary.cidrs), intervals(cidrs));
    assert_eq!(
        blocks(&whole).len(),
        summary.cidrs.len(),
        "two of {:?} could be merged",
        summary.cidrs
    );
    if let (Some(whole), Some(asked)) = (size(&whole), size(&asked)) {
        assert_eq!(summary.extra_addresses.to_u128(), Some(whole - asked));
    }
    if most >= blocks(&asked).len() {
        assert!(summary.extra_addresses.is_zero(), "there was room for all");
    }
    // One prefix more never admits more addresses.
    let wider = summarize(cidrs.iter().copied(), most + 1).expect("more room is enough room");
    assert!(!(summary.exact && wider.exact) || wider.extra_addresses <= summary.extra_addresses);
}
