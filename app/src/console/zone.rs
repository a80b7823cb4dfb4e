//! The choice of a tenant's time zone: Brazil's in a list, any other by its name.

use crate::{
    tr,
    ui::{Field, Select, use_query},
};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// Brazil's zones by where people live, most people first.
fn brazil() -> [(&'static str, &'static str); 16] {
    [
        ("America/Sao_Paulo", tr!("Brasília, São Paulo, Sul e Sudeste", "Brasília, São Paulo, South and Southeast")),
        ("America/Bahia", "Bahia"),
        ("America/Fortaleza", "Fortaleza, Natal, São Luís, Teresina"),
        ("America/Recife", "Recife"),
        ("America/Maceio", "Maceió, Aracaju"),
        ("America/Belem", "Belém, Macapá"),
        ("America/Santarem", "Santarém"),
        ("America/Araguaina", "Tocantins"),
        ("America/Manaus", "Manaus"),
        ("America/Cuiaba", "Cuiabá"),
        ("America/Campo_Grande", "Campo Grande"),
        ("America/Porto_Velho", "Porto Velho"),
        ("America/Boa_Vista", "Boa Vista"),
        ("America/Rio_Branco", "Rio Branco"),
        ("America/Eirunepe", tr!("Eirunepé, oeste do Amazonas", "Eirunepé, western Amazonas")),
        ("America/Noronha", "Fernando de Noronha"),
    ]
}

/// The field `form[timezone]`. `?zone=other` makes it one to write in.
#[component]
pub fn Zone(
    /// The zone at hand; empty is São Paulo's.
    #[prop(optional, into)]
    value: String,
    /// The error at the field, if any.
    error: Signal<Option<String>>,
) -> impl IntoView {
    let query = use_query();
    let path = use_location().pathname;
    let writing = Memo::new(move |_| query.with(|map| map.get("zone").is_some_and(|zone| zone == "other")));
    move || {
        if writing.get() {
            return view! {
                <Field
                    id="timezone"
                    name="form[timezone]"
                    label=tr!("Fuso horário", "Time zone")
                    value=value.clone()
                    placeholder=tr!("ex.: Europe/Lisbon", "e.g. Europe/Lisbon")
                    hint=tr!(
                        "O nome da lista IANA, como Europe/Lisbon ou America/Argentina/Buenos_Aires.",
                        "The name in the IANA list, such as Europe/Lisbon or America/Argentina/Buenos_Aires.",
                    )
                    required=true
                    error
                />
            }
            .into_any();
        }
        view! {
            <Select
                id="timezone"
                name="form[timezone]"
                label=tr!("Fuso horário", "Time zone")
                options=options(&value)
                value=value.clone()
                error
            />
            <p class="field-more">
                {tr!("Fora do Brasil? ", "Outside Brazil? ")}
                <a href=move || format!("{}?zone=other", path.get())>
                    {tr!("Escrever outro fuso", "Enter another time zone")}
                </a>
            </p>
        }
        .into_any()
    }
}

/// Brazil's zones; a zone at hand that is none of them stands first, so that saving keeps it.
fn options(at_hand: &str) -> Vec<(String, String)> {
    let brazil = brazil();
    let known = at_hand.is_empty() || brazil.iter().any(|(zone, _)| *zone == at_hand);
    let foreign = (!known).then(|| (at_hand.to_owned(), at_hand.to_owned()));
    let brazil = brazil.into_iter().map(|(zone, place)| (zone.to_owned(), format!("{place} ({zone})")));
    foreign.into_iter().chain(brazil).collect()
}

#[cfg(test)]
mod tests {
    use super::options;

    #[test]
    fn sao_paulo_is_the_choice_of_a_new_tenant_and_a_foreign_zone_is_kept() {
        assert_eq!(options("")[0].0, "America/Sao_Paulo");
        assert_eq!(options("America/Recife").len(), 16);
        let foreign = options("Europe/Lisbon");
        assert_eq!((foreign.len(), foreign[0].0.as_str()), (17, "Europe/Lisbon"));
    }
}
