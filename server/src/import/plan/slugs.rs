//! Short names made of a client's name: `Clínica Sol` becomes `clinica-sol`, the next one of that name `clinica-sol-2`.

use crate::store::Slug;
use std::collections::BTreeSet;

/// A DNS label's length, which is a slug's.
const MAX: usize = 63;
/// For a name without one letter or digit in it.
const NAMELESS: &str = "cliente";

/// A free slug for the name; it is taken from now on.
pub(super) fn pick(name: &str, taken: &mut BTreeSet<String>) -> Slug {
    let whole = Slug::from_name(name);
    let whole = whole.as_ref().map_or(NAMELESS, Slug::as_str);
    let numbered = |number: usize| {
        let tail = if number == 1 { String::new() } else { format!("-{number}") };
        // A slug is ASCII, so every byte is a place to cut.
        let head = whole.get(..MAX - tail.len()).unwrap_or(whole).trim_end_matches('-');
        format!("{head}{tail}")
    };
    let free = (1..).map(numbered).find(|slug| !taken.contains(slug)).expect("numbers do not end");
    taken.insert(free.clone());
    free.parse().expect("a slug cut short and numbered is one")
}

#[cfg(test)]
mod tests {
    use super::pick;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    #[test]
    fn names_become_slugs_and_the_next_of_a_name_gets_a_number() {
        let mut taken = BTreeSet::from(["barbearia-navalha".to_owned()]);
        let long = "Consultório de Ações e Corações da Rua das Laranjeiras em São Luís do Maranhão";
        for (name, slug) in [
            ("Clínica Sol", "clinica-sol"),
            ("CLINICA  SOL!", "clinica-sol-2"),
            ("Clínica Sol", "clinica-sol-3"),
            ("Barbearia Navalha", "barbearia-navalha-2"),
            ("João & Irmãos Ltda.", "joao-irmaos-ltda"),
            ("---", "cliente"),
            ("…", "cliente-2"),
            (long, "consultorio-de-acoes-e-coracoes-da-rua-das-laranjeiras-em-sao-l"),
            (long, "consultorio-de-acoes-e-coracoes-da-rua-das-laranjeiras-em-sao-2"),
        ] {
            assert_eq!(pick(name, &mut taken).as_str(), slug, "{name}");
        }
    }

    proptest! {
        #[test]
        fn any_name_gives_a_slug_of_its_own(name in "\\PC{0,90}") {
            let mut taken = BTreeSet::new();
            let all: BTreeSet<String> = (0..12).map(|_| pick(&name, &mut taken).to_string()).collect();
            prop_assert_eq!(all.len(), 12);
        }
    }
}
