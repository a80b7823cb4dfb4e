//! A QR code as one SVG path, so that a page draws it without raw HTML, a script or an image that a cache could keep.
//! Knows nothing of what the code says.

use qrcode::{Color, EcLevel, QrCode};
use std::fmt::Write as _;

/// Modules of light around the code, which readers need (ISO 18004).
const QUIET: usize = 4;

/// The side of the picture in modules, with its quiet zone, and the dark modules as SVG path data in that unit: for
/// `<svg viewBox="0 0 side side"><path d=…>` on a light ground. `None` when the text is too long for a QR code.
pub fn qr_path(text: &str) -> Option<(usize, String)> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let side = code.width();
    let mut path = String::new();
    for y in 0..side {
        let mut x = 0;
        while x < side {
            let dark = (x..side).take_while(|&x| code[(x, y)] == Color::Dark).count();
            if dark > 0 {
                // Writing to a String cannot fail.
                let _ = write!(path, "M{} {}h{dark}v1h-{dark}z", x + QUIET, y + QUIET);
            }
            x += dark + 1;
        }
    }
    Some((side + 2 * QUIET, path))
}

#[cfg(test)]
mod tests {
    use super::{QUIET, qr_path};

    /// Paints the path, as a browser would, so many pixels a module.
    fn paint(side: usize, path: &str, scale: usize) -> Vec<Vec<bool>> {
        let mut picture = vec![vec![false; side * scale]; side * scale];
        for run in path.split_terminator('z') {
            let (start, rest) = run.strip_prefix('M').unwrap().split_once('h').unwrap();
            let (x, y) = start.split_once(' ').unwrap();
            let (x, y): (usize, usize) = (x.parse().unwrap(), y.parse().unwrap());
            let (length, back) = rest.split_once("v1h-").unwrap();
            assert_eq!(length, back);
            for row in &mut picture[y * scale..(y + 1) * scale] {
                row[x * scale..(x + length.parse::<usize>().unwrap()) * scale].fill(true);
            }
        }
        picture
    }

    #[test]
    fn a_reader_reads_what_was_written() {
        for text in [
            "otpauth://totp/Painel:maria.souza%40clinica-aurora.com.br?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Painel",
            "x",
            &"otpauth ".repeat(40),
        ] {
            let (side, path) = qr_path(text).unwrap();
            let picture = paint(side, &path, 4);
            let grey = |x: usize, y: usize| if picture[y][x] { 0 } else { 255 };
            let mut image = rqrr::PreparedImage::prepare_from_greyscale(side * 4, side * 4, grey);
            let codes = image.detect_grids();
            assert_eq!(codes.len(), 1);
            assert_eq!(codes[0].decode().unwrap().1, text);
        }
    }

    #[test]
    fn has_light_all_around() {
        let (side, path) = qr_path("otpauth").unwrap();
        let picture = paint(side, &path, 1);
        let light = |range: std::ops::Range<usize>| {
            range.clone().all(|y| picture[y].iter().all(|dark| !dark))
                && picture.iter().all(|row| row[range.clone()].iter().all(|dark| !dark))
        };
        assert!(light(0..QUIET) && light(side - QUIET..side));
        assert!(picture[QUIET][QUIET], "and a finder's corner after it");
    }

    #[test]
    fn too_long_is_none() {
        assert!(qr_path(&"x".repeat(3_000)).is_none());
    }
}
