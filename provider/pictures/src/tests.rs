//! What every format owes to a drawing, whatever is in it.

use super::*;

fn service(protocol: &str, from: u16, to: u16) -> Service {
    Service { protocol: protocol.to_owned(), ports: (from, to) }
}

fn node(name: &str, about: &str, zone: usize) -> Node {
    Node { name: name.to_owned(), about: about.to_owned(), zone }
}

fn arrow(from: usize, to: usize, services: &[Service]) -> Arrow {
    Arrow { from, to, via: Vec::new(), legs: vec![services.to_vec()], dashed: false }
}

/// Something of everything: two zones, a node on the way, an arrow to its own source, a dashed one.
fn sample() -> Drawing {
    let zone = |title: &str, tone| Zone { title: title.to_owned(), tone };
    let switches = vec![service("tcp", 4000, 4002)];
    let [https, other_https] = [443, 8443].map(|port| vec![service("tcp", port, port)]);
    Drawing {
        title: "A sample".to_owned(),
        zones: vec![zone("users", 0), zone("servers", 3)],
        nodes: vec![
            node("browsers", "browser", 0),
            node("clients", "client", 0),
            node("balancer", "", 1),
            node("tachyon", "master_stack, response_stack", 1),
        ],
        arrows: vec![
            arrow(0, 3, &[service("tcp", 443, 443)]),
            Arrow { via: vec![2], legs: vec![switches.clone(), switches], ..arrow(1, 3, &[]) },
            Arrow { via: vec![2], legs: vec![https, other_https], ..arrow(0, 3, &[]) },
            arrow(1, 1, &[service("udp", 7766, 7766)]),
            Arrow { dashed: true, ..arrow(3, 1, &[service("tcp", 135, 135)]) },
        ],
    }
}

const HOSTILE: &str = "a\"]; end <script>&#35;`x`\\\n--> \u{7}";

fn hostile() -> Drawing {
    let mut drawing = sample();
    drawing.title = HOSTILE.to_owned();
    for zone in &mut drawing.zones {
        zone.title = HOSTILE.to_owned();
    }
    for (position, node) in drawing.nodes.iter_mut().enumerate() {
        node.name = format!("{HOSTILE}{position}");
        node.about = HOSTILE.to_owned();
    }
    drawing
}

#[test]
fn mermaid_reads_well() {
    expect_test::expect_file!["tests/sample.mmd"].assert_eq(&mermaid(&sample()));
}

#[test]
fn dot_reads_well() {
    expect_test::expect_file!["tests/sample.dot"].assert_eq(&dot(&sample()));
}

#[test]
fn svg_looks_as_it_did() {
    expect_test::expect_file!["tests/ladder.svg"].assert_eq(&ladder(&sample()));
    expect_test::expect_file!["tests/grid.svg"].assert_eq(&grid(&sample()));
}

#[test]
fn a_sample_is_a_drawing_and_a_broken_one_is_not() {
    assert_eq!(sample().check(), Ok(()));
    let mut broken = sample();
    broken.arrows[1].via = vec![4];
    assert_eq!(broken.check(), Err(InvalidDrawing::Arrow(1)));
    let mut broken = sample();
    broken.arrows[2].legs.pop();
    assert_eq!(broken.check(), Err(InvalidDrawing::Arrow(2)));
    let mut broken = sample();
    broken.arrows[2].legs[1].clear();
    assert_eq!(broken.check(), Err(InvalidDrawing::Arrow(2)));
    let mut broken = sample();
    broken.nodes[0].zone = 1;
    assert_eq!(broken.check(), Err(InvalidDrawing::Zone("clients".to_owned())));
}

#[test]
fn every_arrow_stands_in_every_format() {
    let drawing = sample();
    for text in [mermaid(&drawing), dot(&drawing), ladder(&drawing), grid(&drawing)] {
        for arrow in &drawing.arrows {
            for service in arrow.legs.iter().flatten() {
                assert!(text.contains(&service.to_string()), "{service} is missing in {text}");
            }
        }
        for node in &drawing.nodes {
            assert!(text.contains(&node.name), "{} is missing in {text}", node.name);
        }
    }
}

/// A reader of XML that takes what is well-formed and nothing else, as far as these pictures need one.
fn check_xml(text: &str) {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = text;
    while let Some((before, tag)) = rest.split_once('<') {
        assert!(!before.contains('>'), "a bare > before <{tag:.20}");
        for entity in before.split('&').skip(1) {
            let name = entity.split(';').next().unwrap_or_default();
            assert!(["amp", "lt", "gt", "quot"].contains(&name), "&{name};");
        }
        let (tag, after) = tag.split_once('>').expect("a tag ends");
        assert_eq!(tag.matches('"').count() % 2, 0, "{tag}");
        if let Some(closed) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(closed));
        } else if !tag.ends_with('/') {
            open.push(tag.split(' ').next().unwrap_or_default());
        }
        rest = after;
    }
    assert_eq!((open.as_slice(), rest.trim()), (&[][..], ""));
}

#[test]
fn hostile_names_stay_text() {
    let drawing = hostile();
    for svg in [ladder(&drawing), grid(&drawing)] {
        check_xml(&svg);
        assert!(!svg.contains("<script"), "{svg}");
    }
    let dot = dot(&drawing);
    let unquoted = dot.replace("\\\\", "").replace("\\\"", "");
    assert_eq!(unquoted.matches('"').count() % 2, 0, "{dot}");
    assert!(dot.lines().all(|line| !line.starts_with("-->")), "{dot}");
    // As files, which the parsers of Graphviz and Mermaid are given as well.
    expect_test::expect_file!["tests/hostile.dot"].assert_eq(&dot);
    let mermaid = mermaid(&drawing);
    expect_test::expect_file!["tests/hostile.mmd"].assert_eq(&mermaid);
    for line in mermaid.lines() {
        let quotes = line.matches('"').count();
        assert!(quotes == 0 || quotes == 2, "{line}");
        assert!(!line.contains("<script") && !line.contains('`'), "{line}");
    }
}

#[test]
fn names_that_differ_in_signs_alone_stay_apart_in_mermaid() {
    let mut drawing = sample();
    drawing.nodes[0].name = "a-b".to_owned();
    drawing.nodes[1].name = "a_b".to_owned();
    let text = mermaid(&drawing);
    assert!(text.contains("n_a_2d_b[") && text.contains("n_a_5f_b["), "{text}");
}

#[test]
fn no_sign_means_anything_to_mermaid() {
    let mut drawing = sample();
    let named = |drawing: &mut Drawing, name: &str| {
        drawing.nodes[0].name = name.to_owned();
        let text = mermaid(drawing);
        let line = text.lines().nth(2).expect("the first node");
        line.split_once("[\"")
            .expect("a label")
            .1
            .split_once("<br/>")
            .expect("its end")
            .0
            .to_owned()
    };
    for (name, expected) in [
        ("dmz-1.example", "dmz-1.example"),
        ("west, \u{fc}bung_2", "west, \u{fc}bung_2"),
        ("%%{init: {}}%%", "#37;#37;#123;init#58; #123;#125;#125;#37;#37;"),
        ("1. one", "1#46; one"),
        ("- one", "#45; one"),
        ("$$x$$", "#36;\u{200b}#36;x#36;\u{200b}#36;"),
        ("a\\n", "a#92;\u{200b}n"),
        ("fa:fa-user", "fa#58;\u{200b}fa-user"),
    ] {
        assert_eq!(named(&mut drawing, name), expected);
    }
}

#[test]
fn what_mermaid_would_refuse_is_drawn_by_zone() {
    let mut drawing = sample();
    drawing.arrows.truncate(1);
    for position in 0..25 {
        drawing.nodes.push(node(&format!("server-{position}"), "", 1));
    }
    let first = drawing.nodes.len() - 25;
    for from in 0..25 {
        drawing
            .arrows
            .extend((0..20).map(|to| arrow(first + from, first + to, &[service("tcp", 443, 443)])));
    }
    assert_eq!(drawing.arrows.len(), 501);
    assert!(mermaid(&drawing).contains("2 endpoints"));
    drawing.arrows.pop();
    let text = mermaid(&drawing);
    assert_eq!(text.matches("-->").count(), 500);
    for node in &mut drawing.nodes[first..] {
        node.about = "x".repeat(2000);
    }
    assert!(mermaid(&drawing).contains("27 endpoints"));
    // Each in a zone of its own: nothing is left that could be drawn, and that is said.
    for (position, node) in drawing.nodes.iter_mut().enumerate() {
        node.zone = position;
        node.about.clear();
    }
    drawing.zones =
        (0..29).map(|number| Zone { title: format!("zone {number}"), tone: 0 }).collect();
    assert_eq!(drawing.check(), Ok(()));
    assert_eq!(mermaid(&drawing).matches("-->").count(), 500);
    drawing.arrows.push(arrow(0, 1, &[service("udp", 7766, 7766)]));
    let text = mermaid(&drawing);
    assert!(text.contains("501 arrows between 29 zones") && !text.contains("-->"), "{text}");
}

#[test]
fn one_node_more_moves_no_other_up_or_down() {
    let before = sample();
    let mut after = before.clone();
    after.nodes.push(node("sql", "sql_master", 1));
    let heights = |drawing: &Drawing| -> Vec<String> {
        let svg = ladder(drawing);
        let circles = svg.lines().filter(|line| line.starts_with("<circle class=\"head\""));
        circles.map(str::to_owned).collect()
    };
    assert_eq!(heights(&before), heights(&after));
}

#[test]
fn arrows_of_one_source_with_equal_services_share_a_row() {
    let mut drawing = sample();
    let one = ladder(&drawing).matches("<circle class=\"head\"").count();
    drawing.arrows.push(arrow(0, 2, &[service("tcp", 443, 443)]));
    let svg = ladder(&drawing);
    assert_eq!(svg.matches("<circle class=\"head\"").count(), one);
    assert!(svg.contains("browsers to balancer: tcp 443; browsers to tachyon: tcp 443"), "{svg}");
}

#[test]
fn each_leg_has_its_own_ports() {
    let drawing = sample();
    let dot = dot(&drawing);
    for edge in [
        r#""browsers" -> "balancer" [label="tcp 443"]"#,
        r#""balancer" -> "tachyon" [label="tcp 8443"]"#,
    ] {
        assert!(dot.contains(edge), "{edge} is missing in {dot}");
    }
    let mermaid = mermaid(&drawing);
    for edge in
        [r#"n_browsers -->|"tcp 443"| n_balancer"#, r#"n_balancer -->|"tcp 8443"| n_tachyon"#]
    {
        assert!(mermaid.contains(edge), "{edge} is missing in {mermaid}");
    }
    let ladder = ladder(&drawing);
    let sentence = "browsers to tachyon through balancer: tcp 443, behind balancer tcp 8443";
    assert!(ladder.contains(sentence), "{ladder}");
    // A label at the balancer, and none where the same goes on.
    assert_eq!(ladder.matches(">tcp 8443</text>").count(), 1);
    assert_eq!(ladder.matches(">tcp 4000-4002</text>").count(), 1);
    let grid = grid(&drawing);
    let cell: Vec<&str> = grid.lines().filter(|line| line.contains("class=\"port\"")).collect();
    let texts = cell.iter().filter_map(|line| Some(line.split_once('>')?.1.split_once('<')?.0));
    let texts: Vec<&str> = texts.collect();
    assert!(
        texts.windows(3).any(|lines| lines == ["tcp 443", "via balancer", "then tcp 8443"]),
        "{texts:?}"
    );
}

#[test]
fn beyond_sixty_nodes_zones_are_drawn() {
    let mut drawing = sample();
    for position in drawing.nodes.len()..=MOST_NODES {
        drawing.nodes.push(node(&format!("server-{position}"), "", 1));
        drawing.arrows.push(arrow(0, position, &[service("tcp", 443, 443)]));
    }
    assert_eq!(drawing.nodes.len(), MOST_NODES + 1);
    let summary = summarized(drawing.clone());
    assert_eq!(summary.check(), Ok(()));
    let names: Vec<&str> = summary.nodes.iter().map(|node| node.name.as_str()).collect();
    assert_eq!(names, ["users", "servers"]);
    assert_eq!(summary.nodes[1].about, "59 endpoints");
    let between = summary.arrows.iter().filter(|arrow| arrow.from == 0 && arrow.to == 1);
    assert_eq!(between.map(|arrow| arrow.sent().len()).sum::<usize>(), 3);
    drawing.nodes.truncate(MOST_NODES);
    drawing.arrows.retain(|arrow| arrow.to < MOST_NODES);
    assert_eq!(summarized(drawing.clone()), drawing);
}

#[test]
fn nothing_at_all_can_be_drawn() {
    let nothing = Drawing { title: "Nothing".to_owned(), ..Drawing::default() };
    for svg in [ladder(&nothing), grid(&nothing)] {
        check_xml(&svg);
    }
    assert_eq!(mermaid(&nothing), "flowchart LR\n");
}
