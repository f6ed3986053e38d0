//! Canonical text is taken, and everything else refused with the block that was meant.

use super::cidr;
use crate::{Cidr, CidrError, Family, V4, V6};

fn ok(text: &str) {
    assert_eq!(Cidr::parse(text).map(|cidr| cidr.to_string()), Ok(text.to_owned()));
}

fn host_bits(text: &str, mended: &str) {
    assert_eq!(Cidr::parse(text), Err(CidrError::HostBits { canonical: cidr(mended) }));
}

fn missing_length(text: &str, mended: &str) {
    assert_eq!(Cidr::parse(text), Err(CidrError::MissingLength { canonical: cidr(mended) }));
}

fn spelling(text: &str, mended: &str) {
    assert_eq!(Cidr::parse(text), Err(CidrError::Spelling { canonical: cidr(mended) }));
}

fn length(text: &str, found: u64, most: u8) {
    assert_eq!(Cidr::parse(text), Err(CidrError::Length { found, most }));
}

fn malformed(text: &str) {
    assert_eq!(Cidr::parse(text), Err(CidrError::Malformed), "{text}");
}

#[test]
fn canonical() {
    let ipv4 =
        ["0.0.0.0/0", "10.0.0.0/8", "10.20.30.0/24", "192.168.100.199/32", "255.255.255.255/32"];
    let ipv6 =
        ["::/0", "::/128", "::1/128", "2001:db8::/32", "2001:db8:0:1::/64", "1:2:3:4:5:6:7:8/128"];
    // RFC 5952: the longest run of zeros is left out, of equal ones the first, and a single zero is not.
    let runs = [
        "1:0:2::/48",
        "1::2:0:0:3:4/128",
        "1:2:0:3:4:5:6:7/128",
        "::ffff:10.1.0.0/112",
        "::a00:1/128",
    ];
    ipv4.into_iter().chain(ipv6).chain(runs).for_each(ok);
}

#[test]
fn bits_behind_the_length() {
    host_bits("10.0.0.1/8", "10.0.0.0/8");
    host_bits("10.0.0.1/31", "10.0.0.0/31");
    host_bits("10.0.0.1/0", "0.0.0.0/0");
    host_bits("2001:db8::1/32", "2001:db8::/32");
    host_bits("2001:DB8::1/032", "2001:db8::/32");
    host_bits("10.1.2.3/255.255.0.0", "10.1.0.0/16");
}

#[test]
fn an_address_alone() {
    missing_length("10.0.0.1", "10.0.0.1/32");
    missing_length("10.0.0.1/", "10.0.0.1/32");
    missing_length("2001:DB8::0:1", "2001:db8::1/128");
    missing_length("::", "::/128");
}

#[test]
fn another_spelling() {
    spelling("10.0.0.0/08", "10.0.0.0/8");
    spelling("10.0.0.0/0000000000000000000000000008", "10.0.0.0/8");
    spelling("0.0.0.0/00", "0.0.0.0/0");
    spelling(" 10.0.0.0/8\n", "10.0.0.0/8");
    spelling("10.0.0.0/255.0.0.0", "10.0.0.0/8");
    spelling("2001:DB8::/32", "2001:db8::/32");
    spelling("2001:0db8::/32", "2001:db8::/32");
    spelling("2001:db8:0:0:0:0:0:0/32", "2001:db8::/32");
    spelling("1:2::3:4:5:6:7/128", "1:2:0:3:4:5:6:7/128");
    spelling("::ffff:a01:0/112", "::ffff:10.1.0.0/112");
    spelling("::10.0.0.1/128", "::a00:1/128");
}

#[test]
fn a_length_the_family_does_not_have() {
    length("10.0.0.0/33", 33, 32);
    length("10.0.0.0/256", 256, 32);
    length("10.0.0.0/264", 264, 32);
    length("::/129", 129, 128);
    length("::/18446744073709551615", u64::MAX, 128);
}

#[test]
fn neither() {
    for text in [
        "",
        " ",
        "/",
        "/8",
        "10",
        "10/8",
        "10.0.0/8",
        "10.0.0.0.0/8",
        "256.0.0.0/8",
        "10..0.0/8",
        ".10.0.0.0/8",
    ] {
        malformed(text);
    }
    for text in [
        "10.0.0.0/+8",
        "10.0.0.0/-8",
        "10.0.0.0/ 8",
        "10.0.0.0 /8",
        "10.0.0.0/8/8",
        "10.0.0.0/8x",
        "10.0.0.0/a",
    ] {
        malformed(text);
    }
    for text in [
        "10.0.0.0/255.0.255.0",
        "10.0.0.0/0.0.0.255",
        "::/255.0.0.0",
        "10.0.0.0/99999999999999999999",
    ] {
        malformed(text);
    }
    for text in [
        ":::/8",
        "1:2:3:4:5:6:7/64",
        "fe80::1%eth0/64",
        "12345::/16",
        "g::/16",
        "[::]/0",
        "::/0\0",
        "١٠.0.0.0/8",
    ] {
        malformed(text);
    }
}

#[test]
fn octets_with_leading_zeros_may_be_octal() {
    malformed("010.0.0.0/8");
    malformed("10.00.0.0/8");
}

#[test]
fn messages() {
    let message = |text| Cidr::parse(text).unwrap_err().to_string();
    assert_eq!(message("10.0.0.1/8"), "bits are set after the first 8");
    assert_eq!(message("10.0.0.1"), "the prefix length is missing");
    assert_eq!(message("FD00::/8"), "this is not the canonical spelling");
    assert_eq!(message("10.0.0.0/33"), "the prefix length 33 is not from 0 to 32");
    assert_eq!(message("lan"), "this is no block such as \"10.0.0.0/8\" or \"2001:db8::/32\"");
}

#[test]
fn order() {
    let sorted = [
        "0.0.0.0/0",
        "10.0.0.0/8",
        "10.0.0.0/9",
        "10.0.0.0/32",
        "10.128.0.0/9",
        "::/0",
        "::/128",
        "::1/128",
    ];
    let mut cidrs: Vec<_> = sorted.iter().rev().map(|text| cidr(text)).collect();
    cidrs.sort();
    assert_eq!(super::texts(&cidrs), sorted);
}

#[test]
fn parts() {
    let block = cidr("10.1.0.0/16");
    assert_eq!((block.family(), block.length()), (Family::V4, 16));
    assert_eq!(
        (block.first().to_string(), block.last().to_string()),
        ("10.1.0.0".into(), "10.1.255.255".into())
    );
    let everything = cidr("::/0");
    assert_eq!((everything.family(), everything.length()), (Family::V6, 0));
    assert_eq!(everything.last().to_string(), "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");
    assert_eq!(format!("[{block:>14}]"), "[   10.1.0.0/16]");
    assert_eq!("10.1.0.0/16".parse(), Ok(block));
}

#[test]
fn prefixes_carry_no_host_bits() {
    assert_eq!(V4::new(0x0a00_0001, 8), None);
    assert_eq!(V4::new(0x0a00_0000, 33), None);
    assert_eq!(
        V4::new(0x0a00_0000, 8).map(|prefix| prefix.to_string()).as_deref(),
        Some("10.0.0.0/8")
    );
    assert_eq!(V4::holding(0x0a00_0001, 8).to_string(), "10.0.0.0/8");
    assert_eq!(V4::holding(0x0a00_0001, 200).to_string(), "10.0.0.1/32");
    assert_eq!(V6::new(1, 128).map(|prefix| prefix.to_string()).as_deref(), Some("::1/128"));
    assert_eq!(V6::new(0, 129), None);
}
