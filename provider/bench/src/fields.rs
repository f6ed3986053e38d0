//! The two things of Protocol Buffers that are needed here: writing a field of bytes, and finding one.

/// The wire type of what has a length before it.
const LENGTH_DELIMITED: u64 = 2;

/// Appends a field of bytes: text, or a message.
pub fn put(to: &mut Vec<u8>, field: u32, bytes: &[u8]) {
    varint(to, u64::from(field) << 3 | LENGTH_DELIMITED);
    varint(to, bytes.len() as u64);
    to.extend_from_slice(bytes);
}

/// The first field of bytes with this number.
pub fn find(message: &[u8], field: u32) -> Option<&[u8]> {
    let mut rest = message;
    while !rest.is_empty() {
        let key = read_varint(&mut rest)?;
        let skipped = match key & 7 {
            0 => {
                read_varint(&mut rest)?;
                continue;
            }
            1 => 8,
            LENGTH_DELIMITED => usize::try_from(read_varint(&mut rest)?).ok()?,
            5 => 4,
            _ => return None,
        };
        let (value, after) = rest.split_at_checked(skipped)?;
        if key == u64::from(field) << 3 | LENGTH_DELIMITED {
            return Some(value);
        }
        rest = after;
    }
    None
}

fn varint(to: &mut Vec<u8>, mut value: u64) {
    loop {
        let [low, ..] = (value & 0x7f).to_le_bytes();
        value >>= 7;
        if value == 0 {
            to.push(low);
            return;
        }
        to.push(low | 0x80);
    }
}

fn read_varint(from: &mut &[u8]) -> Option<u64> {
    let mut value = 0_u64;
    for shift in (0..64).step_by(7) {
        let (first, rest) = from.split_first()?;
        *from = rest;
        value |= u64::from(first & 0x7f) << shift;
        if first & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_put_is_found() {
        let long = vec![7; 300];
        let mut message = vec![0x08, 0x96, 0x01];
        put(&mut message, 2, b"two");
        put(&mut message, 3, &long);
        assert_eq!(find(&message, 2), Some(b"two".as_slice()));
        assert_eq!(find(&message, 3), Some(long.as_slice()));
        assert_eq!(
            (find(&message, 1), find(&message, 4), find(&message[..20], 3)),
            (None, None, None)
        );
    }
}
