//! The colours of `style/`: what is read off them has contrast enough, in light and in dark, and more where more is asked
//! for. Contrast is WCAG's; the styles' colours are OKLCH.
#![expect(clippy::unwrap_used, reason = "the functions that tests share are tests too")]

use app::session::Hue;
use std::{collections::BTreeMap, fs, path::Path};

/// Linear red, green and blue.
type Colour = [f64; 3];

/// Names to their light and dark values.
type Tokens = BTreeMap<String, [Colour; 2]>;

fn style(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../style").join(name)).unwrap()
}

/// `oklch(L C h)` as linear sRGB. Source: <https://bottosson.github.io/posts/oklab/>.
fn colour(text: &str) -> Colour {
    let inner = text.trim().strip_prefix("oklch(").and_then(|rest| rest.strip_suffix(')')).unwrap();
    let [l, c, h]: [f64; 3] =
        inner.split(' ').map(|number| number.parse().unwrap()).collect::<Vec<_>>().try_into().unwrap();
    let (a, b) = (c * h.to_radians().cos(), c * h.to_radians().sin());
    let cubed = |x: f64| x.powi(3);
    let (l, m, s) = (
        cubed(l + 0.396_337_777_4 * a + 0.215_803_757_3 * b),
        cubed(l - 0.105_561_345_8 * a - 0.063_854_172_8 * b),
        cubed(l - 0.089_484_177_5 * a - 1.291_485_548 * b),
    );
    [
        4.076_741_662_1 * l - 3.307_711_591_3 * m + 0.230_969_929_2 * s,
        -1.268_438_004_6 * l + 2.609_757_401_1 * m - 0.341_319_396_5 * s,
        -0.004_196_086_3 * l - 0.703_418_614_7 * m + 1.707_614_701 * s,
    ]
    .map(|part| part.clamp(0.0, 1.0))
}

fn contrast(one: Colour, other: Colour) -> f64 {
    let luminance = |[red, green, blue]: Colour| 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// The tokens of a text that have a value for each scheme, by the selector they stand under.
fn tokens(css: &str) -> BTreeMap<String, Tokens> {
    let mut found: BTreeMap<String, Tokens> = BTreeMap::new();
    let mut selector = String::new();
    for line in css.lines().map(str::trim) {
        if let Some(name) = line.strip_suffix('{') {
            selector = name.trim().to_owned();
        } else if let Some((name, value)) = line.strip_prefix("--").and_then(|line| line.split_once(": light-dark(")) {
            let Some((light, dark)) =
                value.trim_end_matches(';').strip_suffix(')').and_then(|pair| pair.split_once(", "))
            else {
                continue;
            };
            found.entry(selector.clone()).or_default().insert(name.to_owned(), [colour(light), colour(dark)]);
        }
    }
    found
}

/// The least contrast of `words` on each of `grounds`, in both schemes.
fn least(tokens: &Tokens, words: &str, grounds: &[&str]) -> f64 {
    let pairs = grounds.iter().flat_map(|ground| [0, 1].map(|scheme| (tokens[words][scheme], tokens[*ground][scheme])));
    pairs.map(|(one, other)| contrast(one, other)).fold(f64::INFINITY, f64::min)
}

const GROUNDS: [&str; 3] = ["page", "panel", "sunk"];

#[test]
fn words_can_be_read_and_with_more_contrast_better() {
    let usual = tokens(&style("tokens.css")).remove(":root").unwrap();
    let mut more = usual.clone();
    more.extend(tokens(&style("contrast.css")).remove(":root").unwrap());
    for (name, tokens, text, border) in [("usual", &usual, 4.5, 3.0), ("more", &more, 7.0, 4.5)] {
        for words in ["ink", "soft", "accent", "accent-strong", "ok", "warn", "bad", "info"] {
            let found = least(tokens, words, &GROUNDS);
            eprintln!("{name}: {words} {found:.2}");
            assert!(found >= text, "{name}: {words} has {found:.2}");
        }
        let found = least(tokens, "edge", &["page", "panel"]);
        assert!(found >= border, "{name}: the edge of a control has {found:.2}");
        assert!(least(tokens, "on-accent", &["accent"]) >= text, "{name}: words on a main button");
        assert!(least(tokens, "bad", &["bad-ground"]) >= text, "{name}: an error on its ground");
    }
    assert!(least(&more, "line", &GROUNDS) >= 4.5, "lines are seen");
}

#[test]
fn every_hue_carries_its_letter_and_stands_off_the_ground() {
    let usual = tokens(&style("tokens.css")).remove(":root").unwrap();
    let hues = tokens(&style("hue.css"));
    for hue in Hue::ALL {
        let selector = format!("[data-hue=\"{}\"]", hue.as_str());
        // The product's own is the one without a rule of its own.
        let own = hues.get(&selector).or_else(|| hues.get("[data-hue]").filter(|_| hue == Hue::Teal));
        let mut tokens = usual.clone();
        tokens.extend(own.unwrap_or_else(|| panic!("{selector} has a rule")).clone());
        let (letter, line) = (least(&tokens, "on-accent", &["hue"]), least(&tokens, "hue", &GROUNDS));
        eprintln!("{selector}: letter {letter:.2}, line {line:.2}");
        assert!(letter >= 4.5 && line >= 3.0, "{selector}: letter {letter:.2}, line {line:.2}");
    }
    assert_eq!(hues.len(), Hue::ALL.len(), "a rule for each, and none for no hue");
}

/// What a phone shows around the page is the page's own ground.
#[test]
fn the_bars_of_a_phone_have_the_pages_ground() {
    let usual = tokens(&style("tokens.css")).remove(":root").unwrap();
    let hex = |colour: Colour| {
        let byte = |part: f64| {
            let gamma = if part <= 0.003_130_8 { 12.92 * part } else { 1.055 * part.powf(1.0 / 2.4) - 0.055 };
            format!("{:02x}", (gamma * 255.0).round() as u8)
        };
        format!("#{}", colour.map(byte).concat())
    };
    let shell = include_str!("../src/shell.rs");
    for (scheme, colour) in ["light", "dark"].iter().zip(usual["page"]) {
        let line = format!("(\"{scheme}\", \"{}\")", hex(colour));
        assert!(shell.contains(&line), "{line}");
    }
    assert!(include_str!("../../assets/site.webmanifest").contains(&hex(usual["page"][0])));
}
