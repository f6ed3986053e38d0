//! Parsing, merging and summarizing, beside the floor (a plain sort) and beside the `ipnet` crate.

use std::hint::black_box;
use std::time::Duration;

use cidrs::{Cidr, V4, V6, merge, summarize};
use criterion::{BatchSize, BenchmarkId, Criterion, Throughput};
use ipnet::{IpNet, Ipv4Net};

const MILLION: u64 = 1_000_000;

fn main() {
    let mut criterion = Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(2))
        .configure_from_args();
    parsing(&mut criterion);
    merging(&mut criterion);
    text_to_text(&mut criterion);
    summarizing(&mut criterion);
    criterion.final_summary();
}

/// A fixed sequence of well-mixed numbers.
fn numbers() -> impl Iterator<Item = u64> {
    std::iter::successors(Some(0_u64), |seed| Some(seed.wrapping_add(0x9e37_79b9_7f4a_7c15)))
        .skip(1)
        .map(|seed| {
            let mixed = (seed ^ seed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
            mixed ^ mixed >> 31
        })
}

/// The shapes that a list of a million may have.
fn lists() -> [(&'static str, Vec<Cidr>); 4] {
    let addresses = || numbers().map(|number| u32::try_from(number >> 32).unwrap_or_default());
    let list = |prefixes: &mut dyn Iterator<Item = V4>| {
        prefixes.map(Cidr::V4).take(1_000_000).collect::<Vec<_>>()
    };
    let lengths =
        numbers().skip(7).map(|number| u8::try_from(16 + number % 17).unwrap_or_default());
    let single = list(&mut addresses().map(|address| V4::holding(address, 32)));
    let mixed =
        list(&mut addresses().zip(lengths).map(|(address, length)| V4::holding(address, length)));
    let mut sorted = single.clone();
    sorted.sort_unstable();
    let ipv6 = numbers()
        .zip(numbers().skip(3))
        .map(|(high, length)| {
            V6::holding(u128::from(high) << 64, u8::try_from(48 + length % 17).unwrap_or_default())
        })
        .map(Cidr::V6);
    [
        ("/32", single),
        ("/16../32", mixed),
        ("/32 sorted", sorted),
        ("IPv6 /48../64", ipv6.take(1_000_000).collect()),
    ]
}

fn texts(cidrs: &[Cidr]) -> Vec<String> {
    cidrs.iter().map(ToString::to_string).collect()
}

/// Room for a million blocks of text.
fn buffer() -> Vec<u8> {
    Vec::with_capacity(32_000_000)
}

fn parsing(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("parse");
    group.throughput(Throughput::Elements(MILLION));
    for (name, list) in lists() {
        let texts = texts(&list);
        group.bench_function(BenchmarkId::new("cidrs", name), |bencher| {
            bencher
                .iter(|| texts.iter().filter(|text| black_box(Cidr::parse(text)).is_ok()).count());
        });
        group.bench_function(BenchmarkId::new("ipnet", name), |bencher| {
            bencher.iter(|| {
                texts.iter().filter(|text| black_box(text.parse::<IpNet>()).is_ok()).count()
            });
        });
    }
}

fn merging(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("merge");
    group.throughput(Throughput::Elements(MILLION));
    for (name, list) in lists() {
        let keys: Vec<u64> = list.iter().filter_map(packed).collect();
        if !keys.is_empty() {
            group.bench_function(BenchmarkId::new("sort alone", name), |bencher| {
                bencher.iter_batched_ref(
                    || keys.clone(),
                    |keys| keys.sort_unstable(),
                    BatchSize::PerIteration,
                );
            });
        }
        group.bench_function(BenchmarkId::new("cidrs", name), |bencher| {
            bencher.iter_with_large_drop(|| merge(list.iter().copied()));
        });
        let nets: Vec<IpNet> = texts(&list).iter().filter_map(|text| text.parse().ok()).collect();
        group.bench_function(BenchmarkId::new("ipnet", name), |bencher| {
            bencher.iter_with_large_drop(|| IpNet::aggregate(&nets));
        });
    }
}

fn packed(cidr: &Cidr) -> Option<u64> {
    match cidr {
        Cidr::V4(prefix) => Some(u64::from(prefix.address()) << 8 | u64::from(prefix.length())),
        Cidr::V6(_) => None,
    }
}

fn text_to_text(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("text to text");
    group.throughput(Throughput::Elements(MILLION));
    for (name, list) in lists() {
        let texts = texts(&list);
        group.bench_function(BenchmarkId::new("cidrs", name), |bencher| {
            bencher.iter_with_large_drop(|| {
                let mut written = buffer();
                for cidr in merge(texts.iter().flat_map(|text| Cidr::parse(text))) {
                    cidr.write_to(&mut written);
                    written.push(b'\n');
                }
                written
            });
        });
        if name.starts_with('/') {
            group.bench_function(BenchmarkId::new("ipnet", name), |bencher| {
                bencher.iter_with_large_drop(|| {
                    use std::io::Write;
                    let nets: Vec<Ipv4Net> = texts.iter().flat_map(|text| text.parse()).collect();
                    let mut written = buffer();
                    for net in Ipv4Net::aggregate(&nets) {
                        // Writing to memory cannot fail.
                        let _ = writeln!(written, "{net}");
                    }
                    written
                });
            });
        }
    }
}

fn summarizing(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("summarize");
    let [(_, single), (_, mixed), _, (_, ipv6)] = lists();
    let first = |list: &[Cidr], length| list.iter().copied().take(length).collect::<Vec<_>>();
    let cases = [
        ("10k /32 to 50", first(&single, 10_000), 50),
        ("10k IPv6 to 50", first(&ipv6, 10_000), 50),
        ("8k /32 to 4k", first(&single, 8_192), 4_096),
        ("1M /16../32 to 60", mixed, 60),
        ("1M /32 to 60", single.clone(), 60),
        ("1M /32 to 1k, joined first", single, 1_000),
    ];
    for (name, list, max_prefixes) in cases {
        group.bench_function(name, |bencher| {
            bencher.iter(|| summarize(list.iter().copied(), max_prefixes));
        });
    }
}
