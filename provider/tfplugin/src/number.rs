//! Numbers as Terraform has them: of any size, and exact.

use std::fmt;

/// A number that is never rounded: an integer, or the decimal text that the user wrote.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Number(Form);

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Form {
    Integer(i64),
    /// Anything else: a fraction, or an integer beyond 64 bits; as text, since a float would not be exact.
    Decimal(Box<str>),
}

impl Number {
    /// Reads decimal text, with sign, fraction and exponent where there are any. None if it is not a number.
    pub fn parse(text: &str) -> Option<Self> {
        if !is_decimal(text) {
            return None;
        }
        let text = canonical(text);
        Some(text.parse().map_or_else(
            |_| Self(Form::Decimal(text.into_boxed_str())),
            |integer| Self(Form::Integer(integer)),
        ))
    }

    /// The number that a float stands for, or none for NaN and the infinities.
    pub fn from_f64(float: f64) -> Option<Self> {
        float.is_finite().then(|| Self::parse(&float.to_string())).flatten()
    }

    /// As an `i64`, if it is a whole number in its range.
    pub fn as_i64(&self) -> Option<i64> {
        match &self.0 {
            Form::Integer(integer) => Some(*integer),
            Form::Decimal(_) => None,
        }
    }

    /// As a `u64`, if it is a whole number in its range.
    pub fn as_u64(&self) -> Option<u64> {
        match &self.0 {
            Form::Integer(integer) => u64::try_from(*integer).ok(),
            Form::Decimal(text) => text.parse().ok(),
        }
    }

    /// As a `u32`, if it is a whole number in its range.
    pub fn as_u32(&self) -> Option<u32> {
        self.as_i64().and_then(|integer| u32::try_from(integer).ok())
    }

    /// As a `u16`, if it is a whole number in its range: a port, say.
    pub fn as_u16(&self) -> Option<u16> {
        self.as_i64().and_then(|integer| u16::try_from(integer).ok())
    }

    /// As the nearest float, which may be infinite.
    pub fn as_f64(&self) -> f64 {
        // Decimal text is always a float's text too, so there is no error to lose.
        self.to_string().parse().unwrap_or(f64::NAN)
    }
}

/// A decimal literal in its parts: sign, digits before and after the point, exponent.
fn parts(text: &str) -> (&str, &str, &str, Option<&str>) {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let sign = text.strip_suffix(unsigned).unwrap_or_default();
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    (sign, whole, fraction, exponent)
}

/// Digits with at most one point, and an exponent of digits; the grammar of decimal literals.
fn is_decimal(text: &str) -> bool {
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let (_, whole, fraction, exponent) = parts(text);
    let written = !(whole.is_empty() && fraction.is_empty());
    let exponent = exponent.map(|text| text.strip_prefix(['-', '+']).unwrap_or(text));
    written
        && digits(whole)
        && digits(fraction)
        && exponent.is_none_or(|text| !text.is_empty() && digits(text))
}

/// The one spelling of a decimal literal without an exponent, so that equal numbers are equal texts: 5.0 is the integer 5 to
/// Terraform, and so it is here. An exponent is kept, since it may stand for a number with a billion digits; Terraform
/// itself sends none.
fn canonical(text: &str) -> String {
    let (sign, whole, fraction, exponent) = parts(text);
    let (whole, fraction) = (whole.trim_start_matches('0'), fraction.trim_end_matches('0'));
    let zero = whole.is_empty() && fraction.is_empty();
    let mut spelt = String::with_capacity(text.len() + 1);
    if sign == "-" && !zero {
        spelt.push('-');
    }
    spelt.push_str(if whole.is_empty() { "0" } else { whole });
    if !fraction.is_empty() {
        spelt.push('.');
        spelt.push_str(fraction);
    }
    if let Some(exponent) = exponent.filter(|_| !zero) {
        spelt.push('e');
        spelt.push_str(exponent);
    }
    spelt
}

impl fmt::Display for Number {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Form::Integer(integer) => integer.fmt(formatter),
            Form::Decimal(text) => formatter.write_str(text),
        }
    }
}

impl From<i64> for Number {
    fn from(integer: i64) -> Self {
        Self(Form::Integer(integer))
    }
}

impl From<u64> for Number {
    fn from(integer: u64) -> Self {
        i64::try_from(integer)
            .map_or_else(|_| Self(Form::Decimal(integer.to_string().into())), Self::from)
    }
}

impl From<u16> for Number {
    fn from(integer: u16) -> Self {
        Self::from(i64::from(integer))
    }
}

impl From<i32> for Number {
    fn from(integer: i32) -> Self {
        Self::from(i64::from(integer))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, shown: &str, integer: Option<i64>) {
        let number = Number::parse(text).unwrap();
        assert_eq!((number.to_string().as_str(), number.as_i64()), (shown, integer));
    }

    #[test]
    fn numbers_stay_exact() {
        check("443", "443", Some(443));
        check("-0", "0", Some(0));
        check("5.00", "5", Some(5));
        check("0.10", "0.1", None);
        check("-.50", "-0.5", None);
        check("+007", "7", Some(7));
        check("-0.00", "0", Some(0));
        check("0e9", "0", Some(0));
        check("010E+2", "10e+2", None);
        check("09223372036854775808", "9223372036854775808", None);
        check("9223372036854775808", "9223372036854775808", None);
        check("1e999999999", "1e999999999", None);
        check("0.333333333333333333333333333333", "0.333333333333333333333333333333", None);
    }

    #[test]
    fn what_is_no_number_is_none() {
        for text in
            ["", ".", "-", "1e", "e5", "0x10", "1_000", "inf", "NaN", " 1", "1 ", "--1", "1.2.3"]
        {
            assert_eq!(Number::parse(text), None, "{text}");
        }
        assert_eq!(Number::from_f64(f64::INFINITY), None);
    }

    #[test]
    fn ranges_are_respected() {
        let number = |text| Number::parse(text).unwrap();
        assert_eq!(
            (number("65535").as_u16(), number("65536").as_u16(), number("-1").as_u16()),
            (Some(65535), None, None)
        );
        assert_eq!(number("18446744073709551615").as_u64(), Some(u64::MAX));
        assert_eq!((number("-1").as_u64(), number("4294967296").as_u32()), (None, None));
        assert!((number("0.5").as_f64() - 0.5).abs() < f64::EPSILON);
    }
}
