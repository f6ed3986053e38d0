//! Every command explains itself, with an example that works as printed.

use crate::{printed, tachyon};

/// The commands of a help page, by their names.
fn commands(arguments: &[&str]) -> Vec<String> {
    let help = printed(&[arguments, &["--help"]].concat());
    let Some((_, rest)) = help.split_once("\nCommands:\n") else { return Vec::new() };
    let lines = rest.lines().take_while(|line| line.starts_with("  "));
    let names = lines
        .filter(|line| !line.starts_with("    "))
        .filter_map(|line| line.split_whitespace().next());
    names.filter(|name| *name != "help").map(str::to_owned).collect()
}

#[test]
fn every_command_has_an_example_that_works() {
    let mut count = 0;
    let mut open: Vec<Vec<String>> = commands(&[]).into_iter().map(|name| vec![name]).collect();
    assert!(open.len() >= 10, "{open:?}");
    while let Some(command) = open.pop() {
        let command: Vec<&str> = command.iter().map(String::as_str).collect();
        for name in commands(&command) {
            open.push(command.iter().map(|it| (*it).to_owned()).chain([name]).collect());
        }
        let help = printed(&[&command[..], &["--help"]].concat());
        let (_, example) = help.split_once("Example:\n  tachyon ").expect(&help);
        // The terminal's width may have broken it.
        let example = example.split_whitespace().collect::<Vec<_>>().join(" ");
        let arguments = words(&example);
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        assert!(arguments.starts_with(&command), "{command:?}: {example}");
        let run = tachyon(&arguments);
        assert!(run.status < 2 && !run.output.is_empty(), "{example}: {}", run.messages);
        count += 1;
    }
    assert!(count >= 15, "{count}");
}

/// The words of a command, with quotes as a shell has them.
fn words(text: &str) -> Vec<String> {
    let parts = text.split('"').enumerate();
    let words = parts.flat_map(|(at, part)| match at % 2 {
        0 => part.split_whitespace().map(str::to_owned).collect::<Vec<_>>(),
        _ => vec![part.to_owned()],
    });
    words.collect()
}

#[test]
fn completions_know_every_command() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = printed(&["completions", shell]);
        for command in commands(&[]) {
            assert!(script.contains(&command), "{shell}: {command}");
        }
    }
    // Written by a generator, read by the shell itself.
    let script = printed(&["completions", "bash"]);
    let mut bash = std::process::Command::new("bash");
    let asked = format!(
        "{script}\nCOMP_WORDS=(tachyon conn); COMP_CWORD=1; _tachyon tachyon conn tachyon; echo \"${{COMPREPLY[@]}}\""
    );
    if let Ok(output) = bash.args(["--norc", "-c", &asked]).output() {
        assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), "connections");
    }
}
