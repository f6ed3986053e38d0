//! Parsing against the standard library, on text that is nearly right and on text that is anything.

use std::net::IpAddr;

use proptest::prelude::{Strategy, any, prop_assert_eq, prop_oneof, proptest};

use super::thorough;
use crate::{Cidr, CidrError, V4, V6};

fn any_cidr() -> impl Strategy<Value = Cidr> {
    // Groups of zeros are what the canonical spelling is about, so most groups are zero.
    let group = prop_oneof![3 => 0..=0_u16, 1 => 0..=0xff_u16, 1 => any::<u16>()];
    let ipv6 = proptest::array::uniform8(group)
        .prop_map(|groups| std::net::Ipv6Addr::from(groups).to_bits());
    prop_oneof![
        (any::<u32>(), 0..=32_u8).prop_map(|(address, length)| V4::holding(address, length).into()),
        (ipv6, 0..=128_u8).prop_map(|(address, length)| V6::holding(address, length).into()),
        (any::<u32>(), 0..=128_u8).prop_map(|(low, length)| V6::holding(
            0xffff << 32 | u128::from(low),
            length
        )
        .into()),
    ]
}

/// What the standard library reads, with every bit of the length's digits.
fn address_and_length(text: &str) -> Option<(IpAddr, u64)> {
    let (address, length) = text.split_once('/')?;
    let plain = length.chars().all(|digit| digit.is_ascii_digit());
    Some((address.parse().ok()?, length.parse().ok().filter(|_| plain)?))
}

/// `length` leading bits kept, one after another.
fn masked(address: IpAddr, length: u64) -> IpAddr {
    fn keep<const N: usize>(mut bytes: [u8; N], length: u64) -> [u8; N] {
        for (index, byte) in (0..).zip(&mut bytes) {
            for bit in 0..8 {
                if index * 8 + bit >= length {
                    *byte &= !(0x80 >> bit);
                }
            }
        }
        bytes
    }
    match address {
        IpAddr::V4(address) => keep(address.octets(), length).into(),
        IpAddr::V6(address) => keep(address.octets(), length).into(),
    }
}

proptest! {
    #![proptest_config(thorough())]

    #[test]
    fn round_trip(cidr in any_cidr()) {
        let text = cidr.to_string();
        prop_assert_eq!(&text, &format!("{}/{}", cidr.first(), cidr.length()));
        prop_assert_eq!(Cidr::parse(&text), Ok(cidr));
        let mut written = b"and ".to_vec();
        cidr.write_to(&mut written);
        prop_assert_eq!(written, format!("and {text}").into_bytes());
    }

    #[test]
    fn longhand_is_mended(cidr in any_cidr(), zeros in 0..4_usize) {
        let text = cidr.to_string();
        let address = match cidr.first() {
            IpAddr::V4(address) => address.to_string(),
            IpAddr::V6(address) => address.segments().map(|group| format!("{group:04X}")).join(":"),
        };
        let longhand = format!("{address}/{}{}", "0".repeat(zeros), cidr.length());
        let expected = if longhand == text { Ok(cidr) } else { Err(CidrError::Spelling { canonical: cidr }) };
        prop_assert_eq!(Cidr::parse(&longhand), expected);
    }

    #[test]
    fn agrees_with_the_standard_library(text in prop_oneof![
        "[0-9]{1,3}(\\.[0-9]{1,3}){3}/[0-9]{1,3}",
        "(0|10|255)(\\.(0|1|255)){3}/[0-9]{1,2}",
        "[0-9a-fA-F:]{1,12}::?[0-9a-f]{0,4}/[0-9]{1,3}",
        "([0-9a-f]{1,4}:){7}[0-9a-f]{1,4}/[0-9]{1,3}",
        "::(ffff:)?[0-9.]{7,9}/[0-9]{1,3}",
        "[0-9a-f:./+]{0,20}/[0-9+-]{1,4}",
    ]) {
        let parsed = Cidr::parse(&text);
        match address_and_length(&text) {
            None => prop_assert_eq!(parsed, Err(CidrError::Malformed)),
            Some((address, length)) => {
                let most = if address.is_ipv4() { 32 } else { 128 };
                if length > most {
                    prop_assert_eq!(parsed, Err(CidrError::Length { found: length, most: most.try_into().unwrap() }));
                    return Ok(());
                }
                let first = masked(address, length);
                let block = parsed.or_else(|error| error.mended().ok_or(error)).unwrap();
                prop_assert_eq!((block.first(), u64::from(block.length())), (first, length));
                prop_assert_eq!(matches!(parsed, Err(CidrError::HostBits { .. })), first != address);
                prop_assert_eq!(parsed.is_ok(), format!("{first}/{length}") == text);
            }
        }
    }

    #[test]
    fn anything_is_refused_or_canonical(text in prop_oneof![".{0,60}", "[0-9a-fA-F:./ %\\[\\]]{0,50}"]) {
        match Cidr::parse(&text) {
            Ok(cidr) => prop_assert_eq!(cidr.to_string(), text),
            Err(error) => {
                let mended = error.mended().map(|cidr| cidr.to_string());
                prop_assert_eq!(mended.as_deref().map(|mended| Cidr::parse(mended).is_ok()), mended.as_ref().map(|_| true));
                let told = error.to_string();
                prop_assert_eq!(told.is_empty() || told.ends_with('.'), false, "no part of a sentence: {}", told);
            }
        }
    }
}
