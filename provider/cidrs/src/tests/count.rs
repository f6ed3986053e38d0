//! Counts against decimal arithmetic as done on paper.

use proptest::prelude::{any, prop_assert_eq, proptest};

use super::{cidr, thorough};
use crate::Count;

fn check(text: &str, expected: &str) {
    assert_eq!(cidr(text).addresses().to_string(), expected);
}

#[test]
fn addresses_of_a_block() {
    check("10.0.0.1/32", "1");
    check("10.0.0.0/24", "256");
    check("0.0.0.0/0", "4294967296");
    check("::/128", "1");
    check("2001:db8::/64", "18446744073709551616");
    check("8000::/1", "170141183460469231731687303715884105728");
    check("::/0", "340282366920938463463374607431768211456");
}

#[test]
fn everything_there_is() {
    let all = cidr("::/0").addresses() + cidr("0.0.0.0/0").addresses();
    assert_eq!(all.to_string(), "340282366920938463463374607436063178752");
    assert_eq!(all.to_u128(), None);
    assert_eq!(
        format!("{:>41}", cidr("::/0").addresses()),
        "  340282366920938463463374607431768211456"
    );
}

#[test]
fn stays_at_the_most_it_can_say() {
    let mut count = cidr("::/0").addresses();
    for _ in 0..70 {
        count = count + count;
    }
    // 2^192 - 1
    assert_eq!(count.to_string(), "6277101735386680763835789423207666416102355444464034512895");
}

#[test]
fn fewer_than_none_is_none() {
    assert_eq!(Count::from(1).saturating_sub(Count::from(2)), Count::ZERO);
    assert_eq!(Count::from(1).saturating_sub(cidr("::/0").addresses()), Count::ZERO);
    assert_eq!(cidr("::/0").addresses().saturating_sub(Count::from(1)), Count::from(u128::MAX));
    assert!(Count::default().is_zero() && !Count::from(1).is_zero());
}

/// Adds two decimal texts digit by digit.
fn add_on_paper(one: &str, other: &str) -> String {
    let digits = |text: &str| {
        text.bytes().rev().map(|byte| byte - b'0').chain([0; 60]).take(60).collect::<Vec<u8>>()
    };
    let mut carry = 0;
    let mut sum = String::new();
    for (one, other) in digits(one).into_iter().zip(digits(other)) {
        sum.insert(0, char::from(b'0' + (one + other + carry) % 10));
        carry = (one + other + carry) / 10;
    }
    match sum.trim_start_matches('0') {
        "" => "0".to_owned(),
        digits => digits.to_owned(),
    }
}

proptest! {
    #![proptest_config(thorough())]

    #[test]
    fn sums(addends in proptest::collection::vec(any::<u128>(), 0..40)) {
        let on_paper = addends.iter().fold("0".to_owned(), |sum, addend| add_on_paper(&sum, &addend.to_string()));
        let sum: Count = addends.iter().copied().map(Count::from).sum();
        prop_assert_eq!(sum.to_string(), on_paper);
    }

    #[test]
    fn differences_undo_sums(one in any::<u128>(), other in any::<u128>()) {
        let (one, other) = (Count::from(one), Count::from(other));
        prop_assert_eq!((one + other).saturating_sub(other), one);
        prop_assert_eq!(one < one + other, !other.is_zero());
    }
}
