//! A second reading of the page, made differently: by a program that knows how the copy was damaged.
//!
//! The rows of the document were read by a person. The extract was taken out of the copy mechanically and mended by
//! no one. Where both agree, neither slipped.

use std::collections::BTreeMap;

use portmatrix::matrix::{Column, Matrix, versions};

/// The second reading of a page.
#[derive(Debug)]
pub(crate) struct Extract {
    rows: Vec<Read>,
    /// Ports that the page's text gives where a row's cell abbreviates or lost them.
    ports: BTreeMap<String, String>,
}

/// A row as this reading has it. Its text is the copy's.
#[derive(Debug, Clone, PartialEq)]
struct Read {
    id: String,
    line: u32,
    device: Option<String>,
    port: String,
    protocol: String,
    direction: Option<String>,
}

/// Reads an extract; a line that doesn't fit the known damage is an error.
pub(crate) fn read(extract: &str) -> Result<Extract, String> {
    let mut rows = Vec::new();
    let mut ports = BTreeMap::new();
    let mut tables = BTreeMap::new();
    let mut table = "";
    let mut number = 0;
    let mut has_device = false;
    let mut lines = extract.lines().filter(|line| !line.starts_with('#')).peekable();
    while let Some(line) = lines.next() {
        let fields: Vec<&str> = line.split('\t').collect();
        match fields.as_slice() {
            ["table", id, title] => {
                tables.insert(*title, *id);
            }
            ["port", row, port] => {
                ports.insert((*row).to_owned(), (*port).to_owned());
            }
            ["title", _, title] => {
                table = tables.get(title).ok_or_else(|| format!("unknown heading {title:?}"))?;
                number = 0;
            }
            ["header", _, header] => {
                has_device = header.starts_with("Device | Port | Protocol | Direction |");
            }
            ["row", line, first, rest] => {
                number += 1;
                let id = format!("{table}/{number}");
                let last = lines.peek().is_none_or(|next| !next.starts_with("row"));
                let line = line.parse().map_err(|_| format!("{id}: no line"))?;
                rows.push(row(id, line, &cells(first), &cells(rest), has_device, last)?);
            }
            _ => return Err(format!("can't read {line:?}")),
        }
    }
    Ok(Extract { rows, ports })
}

/// A row begins with its first cells; the cell of the line's end is Usage, which goes on below.
fn row(
    id: String,
    line: u32,
    first: &[&str],
    rest: &[&str],
    has_device: bool,
    last: bool,
) -> Result<Read, String> {
    let owned = |text: &&str| (*text).to_owned();
    match (has_device, first) {
        (true, [device, port, protocol, direction, ""]) if !is_shifted(rest, last) => Ok(Read {
            id,
            line,
            device: Some(owned(device)),
            port: owned(port),
            protocol: owned(protocol),
            direction: Some(owned(direction)),
        }),
        // The first cell was dropped: the others moved left, and the row was filled up at its right end.
        (true, [port, protocol, direction, ""]) if is_shifted(rest, last) || last => Ok(Read {
            id,
            line,
            device: None,
            port: owned(port),
            protocol: owned(protocol),
            direction: Some(owned(direction)),
        }),
        (false, [port, protocol, ""]) => Ok(Read {
            id,
            line,
            device: None,
            port: owned(port),
            protocol: owned(protocol),
            direction: None,
        }),
        _ => Err(format!("{id}: {first:?} and {rest:?} are no row of its table")),
    }
}

/// A shifted row is followed by an empty cell beyond Configurable, unless it is the last of its table.
fn is_shifted(rest: &[&str], last: bool) -> bool {
    !last && matches!(rest, ["", _, "", ""])
}

fn cells(line: &str) -> Vec<&str> {
    line.split('|').map(str::trim).collect()
}

/// The transport and the numbers of a port cell, all the digits there are, letters among them kept.
fn service(port: &str) -> (String, Vec<String>) {
    let (transport, rest) = port.split_once(' ').unwrap_or((port, ""));
    let words =
        rest.split(' ').filter(|word| word.starts_with(|letter: char| letter.is_ascii_digit()));
    (transport.to_lowercase(), words.map(str::to_owned).collect())
}

/// `WebSocketSecure (wss)` is `wss`, `WMI (DCOM)` is `wmi-dcom`: a name in brackets abbreviates the words before it if
/// it is in small letters.
fn application(protocol: &str) -> String {
    match protocol.trim_end_matches(')').split_once(" (") {
        Some((_, short)) if short == short.to_lowercase() => short.to_owned(),
        Some((words, more)) => format!("{words}-{more}").to_lowercase(),
        None => protocol.to_lowercase(),
    }
}

fn direction(direction: Option<&str>) -> &'static str {
    let direction = direction.unwrap_or("");
    match (direction.contains("Incoming"), direction.contains("Outgoing")) {
        (true, true) => "both",
        (true, false) => "in",
        (false, true) => "out",
        (false, false) => "none",
    }
}

/// Where the two readings differ.
pub(crate) fn differences(read: &Extract, matrix: &Matrix) -> Vec<String> {
    let mut found = Vec::new();
    let mut differ = |id: &str, what: &str, page: String, document: String| {
        if page != document {
            found.push(format!("{id}: {what} is {page} in the copy, {document} in the document"));
        }
    };
    let ids = |ids: Vec<&str>| ids.join(" ");
    differ(
        "rows",
        "their order",
        ids(read.rows.iter().map(|row| row.id.as_str()).collect()),
        ids(matrix.rows.iter().map(|row| row.id.as_str()).collect()),
    );
    for page in &read.rows {
        let Some(row) = matrix.row(&page.id) else { continue };
        let reading = &row.reading;
        let (transport, numbers) = service(&page.port);
        differ(&page.id, "line", page.line.to_string(), row.line.to_string());
        differ(&page.id, "device", format!("{:?}", page.device), format!("{:?}", row.device));
        differ(
            &page.id,
            "port",
            format!("{:?}", Some(&page.port)),
            format!("{:?}", row.port.as_ref()),
        );
        differ(&page.id, "protocol", page.protocol.clone(), row.protocol.clone());
        differ(
            &page.id,
            "direction",
            format!("{:?}", page.direction),
            format!("{:?}", row.direction),
        );
        differ(&page.id, "transport", transport, reading.transport.to_string());
        let ports: Vec<String> = reading.ports.iter().map(ToString::to_string).collect();
        differ(
            &page.id,
            "port lost",
            numbers.is_empty().to_string(),
            row.damaged.contains(&Column::Port).to_string(),
        );
        let meant = read.ports.get(&page.id).cloned().unwrap_or_else(|| numbers.join(", "));
        differ(&page.id, "port as read", meant, ports.join(", "));
        differ(&page.id, "application", application(&page.protocol), reading.application.clone());
        differ(
            &page.id,
            "direction as read",
            direction(page.direction.as_deref()).into(),
            reading.direction.as_str().into(),
        );
        let lost = page.device.is_none() && page.direction.is_some();
        differ(
            &page.id,
            "device lost",
            lost.to_string(),
            row.damaged.contains(&Column::Device).to_string(),
        );
    }
    found
}

/// Every embedded matrix with the text of its extract.
pub(crate) fn extracts() -> impl Iterator<Item = (&'static Matrix, String)> {
    versions().into_iter().map(|version| {
        let path = format!("data/{version}.extract.tsv");
        let extract =
            std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
        (Matrix::of(version).expect(version).as_ref(), extract)
    })
}

/// The rows of an extract that lost their first cell, so that the others moved left.
pub(crate) fn shifted(read: &Extract) -> usize {
    read.rows.iter().filter(|row| row.device.is_none() && row.direction.is_some()).count()
}

#[test]
fn both_readings_of_every_version_agree() {
    for (matrix, extract) in extracts() {
        let read = read(&extract).expect("the extract");
        assert_eq!(read.rows.len(), matrix.rows.len(), "{}", matrix.version);
        assert_eq!(differences(&read, matrix), Vec::<String>::new(), "{}", matrix.version);
        let of_copy = format!("# {}", matrix.source.sha256);
        assert_eq!(extract.lines().nth(1), Some(of_copy.as_str()), "{}", matrix.version);
    }
}

/// One character of each cell of each row of the extract changed: the comparison, or the reader, says so every time.
#[test]
fn a_slip_in_the_extract_is_noticed() {
    for (matrix, extract) in extracts() {
        let slips = slips(matrix, &extract);
        assert!(slips > 20 * matrix.rows.len(), "{}: {slips}", matrix.version);
    }
}

/// How many slips were made, all of which were noticed.
fn slips(matrix: &Matrix, extract: &str) -> usize {
    let mut slips = 0;
    for (number, line) in extract.lines().enumerate().filter(|(_, line)| line.starts_with("row")) {
        let places =
            line.char_indices().filter(|(place, letter)| *place > 3 && letter.is_alphanumeric());
        for (place, letter) in places {
            let slip = if letter == '7' || letter == 'X' {
                "0"
            } else if letter.is_ascii_digit() {
                "7"
            } else {
                "X"
            };
            let mut slipped = line.to_owned();
            slipped.replace_range(place..place + letter.len_utf8(), slip);
            let slipped_extract: String = extract
                .lines()
                .enumerate()
                .map(
                    |(at, line)| {
                        if at == number { slipped.clone() + "\n" } else { line.to_owned() + "\n" }
                    },
                )
                .collect();
            let noticed =
                read(&slipped_extract).map_or(true, |read| !differences(&read, matrix).is_empty());
            assert!(noticed, "{slipped}");
            slips += 1;
        }
    }
    slips
}

/// Each printed cell of each row of the document changed, and each reading of one: the comparison names the row.
#[test]
fn a_slip_in_the_document_is_noticed() {
    let slips: [fn(&mut portmatrix::matrix::Row); 9] = [
        |row| row.line += 1,
        |row| row.device = Some("Browser".to_owned()),
        |row| row.port = Some("TCP 4433".to_owned()),
        |row| row.port = None,
        |row| row.protocol.push('s'),
        |row| row.direction = Some("Sideways".to_owned()),
        |row| row.reading.ports = vec![444.into()],
        |row| row.reading.transport = portmatrix::matrix::Transport::Udp,
        |row| row.reading.application.push('s'),
    ];
    for (matrix, extract) in extracts() {
        let read = read(&extract).expect("the extract");
        for place in 0..read.rows.len() {
            for slip in slips {
                let mut matrix = matrix.clone();
                slip(&mut matrix.rows[place]);
                let found = differences(&read, &matrix);
                let id = &read.rows[place].id;
                assert!(found.iter().all(|difference| difference.starts_with(id)), "{found:?}");
                assert!(!found.is_empty(), "{:?}", matrix.rows[place]);
            }
        }
    }
}

#[test]
fn a_lost_or_an_added_row_is_noticed() {
    for (matrix, extract) in extracts() {
        let mut changed = matrix.clone();
        changed.rows.remove(20);
        let whole = read(&extract).expect("the extract");
        assert!(differences(&whole, &changed)[0].starts_with("rows: their order"));

        let last = extract.rfind("\nrow\t").expect("a row");
        let short = read(&extract[..last]).expect("a row less");
        assert!(!differences(&short, matrix).is_empty(), "{}", matrix.version);
    }
}

#[test]
fn what_does_not_fit_the_known_damage_is_an_error() {
    for (extract, error) in [
        ("title\t1\tServers", "unknown heading \"Servers\""),
        ("row\t1\tTCP 443 |", "can't read \"row\\t1\\tTCP 443 |\""),
        ("table\tt\tT\ntitle\t1\tT\nrow\tone\ta |\tb", "t/1: no line"),
        (
            "table\tt\tT\ntitle\t1\tT\nrow\t2\tTCP |\t",
            "t/1: [\"TCP\", \"\"] and [\"\"] are no row of its table",
        ),
    ] {
        assert_eq!(read(extract).expect_err(extract), error);
    }
}
