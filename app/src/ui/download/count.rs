//! Counting a file's rows while it comes in, in pieces that may end anywhere.

/// Rows of a CSV file so far. The head is none, and neither is a remark in a cell of its own.
#[derive(Debug, Default)]
pub(super) struct Rows {
    quoted: bool,
    parted: bool,
    records: u32,
}

#[cfg_attr(all(not(target_arch = "wasm32"), not(test)), expect(dead_code, reason = "only a browser fetches files"))]
impl Rows {
    /// Takes the next piece.
    pub(super) fn take(&mut self, bytes: &[u8]) {
        for byte in bytes {
            match byte {
                b'"' => self.quoted = !self.quoted,
                b';' | b',' if !self.quoted => self.parted = true,
                b'\n' if !self.quoted => {
                    self.records += u32::from(self.parted);
                    self.parted = false;
                }
                _ => {}
            }
        }
    }

    /// How many came.
    pub(super) fn count(&self) -> u32 {
        self.records.saturating_sub(1)
    }
}

#[cfg(test)]
mod tests {
    use super::Rows;

    #[test]
    fn rows_are_counted_however_the_file_is_cut() {
        let file =
            "\u{feff}\"a\";\"b\"\r\n\"1\";\"x\r\ny; \"\"z\"\"\"\r\n\"2\";\"\"\r\n\"Cortado; aqui\"\r\n".as_bytes();
        for cut in 0..file.len() {
            let mut rows = Rows::default();
            rows.take(&file[..cut]);
            rows.take(&file[cut..]);
            assert_eq!(rows.count(), 2, "cut at {cut}");
        }
        assert_eq!(Rows::default().count(), 0);
    }
}
