//! Text in lines, by an estimate of its width: whoever looks at the picture has fonts that nobody knows here.

/// How wide a letter is at most in the fonts that are asked for, in hundredths of the font's size.
const LETTER: usize = 60;

/// How wide text is about, in pixels.
pub(crate) fn width(text: &str, size: usize) -> usize {
    (text.chars().count() * size * LETTER).div_ceil(100)
}

/// Text in lines of at most so many letters: broken behind a space, a comma or a joining sign where there is one.
pub(crate) fn lines(text: &str, most: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split_inclusive([' ', '-', '_', '.', ',', '/']) {
        if !line.is_empty() && line.chars().count() + word.trim_end().chars().count() > most {
            lines.push(std::mem::take(&mut line).trim_end().to_owned());
        }
        for letter in word.chars() {
            if line.chars().count() == most {
                lines.push(std::mem::take(&mut line));
            }
            line.push(letter);
        }
    }
    lines.push(line.trim_end().to_owned());
    lines.retain(|line| !line.is_empty());
    lines
}

/// The first lines of text; the last ends in a mark if there are more.
pub(crate) fn some_lines(text: &str, most: usize, count: usize) -> Vec<String> {
    let mut all = lines(text, most);
    if all.len() > count {
        all.truncate(count);
        if let Some(last) = all.last_mut() {
            while last.chars().count() >= most {
                last.pop();
            }
            last.push('…');
        }
    }
    all
}
