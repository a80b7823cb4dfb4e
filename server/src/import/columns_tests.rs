//! What becomes of each column: kept, renamed, refused, incomplete.

use super::*;
use crate::import::{record::read_client, source::RawRow};
use serde_json::json;

const KEY: &str = "4u6G8cCgCUWfqWqGnBFMWkqVXO2OtPPGcMIIEpDtmsk=";
const TOKEN: &str = "EAAabcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcdefghij";

/// The cards of a client with these columns; credentials stand open, as sealing is `fernet`'s matter.
fn read(columns: Value) -> Vec<Reading> {
    let Value::Object(mut columns) = columns else { panic!("an object") };
    columns.insert("id".into(), "c1".into());
    columns.insert("client_name".into(), "Clínica Sol".into());
    let raw = RawRow { place: String::new(), columns: Ok(columns) };
    let client = read_client(&raw).expect("a client");
    read_cards(&client, &SourceKey::parse(KEY).expect("a key"), &AddressRules::default())
}

fn one(columns: Value) -> Card {
    let mut cards = read(columns);
    assert_eq!(cards.len(), 1);
    cards.remove(0).expect("a card")
}

fn shown_fields(card: &Card) -> Vec<(&str, &str)> {
    card.fields.iter().map(|(name, value)| (*name, value.expose_secret())).collect()
}

#[test]
fn whatsapp_is_kept_though_its_numbers_id_is_missing() {
    let card = one(json!({"whatsapp_credentials": {"phone_number": "(11) 98765-4321", "api_key": TOKEN}}));
    assert_eq!(card.provider, Provider::Whatsapp);
    assert_eq!(shown_fields(&card), [("access_token", TOKEN), ("display_number", "+5511987654321")]);
    assert_eq!((card.missing, card.refused), (vec!["phone_number_id".to_owned()], vec![]));
}

#[test]
fn evolution_is_renamed_and_tidied() {
    let fields = json!({"url": "https://evo.agencia.example/manager", "instance_name": "sol", "apiKey": "A1B2C3D4E5"});
    let card = one(json!({"evolution_api_credentials": fields}));
    let kept = [("base_url", "https://evo.agencia.example"), ("instance", "sol"), ("token", "A1B2C3D4E5")];
    assert_eq!(shown_fields(&card), kept);
    assert!(card.missing.is_empty() && card.refused.is_empty());
}

#[test]
fn a_service_role_key_is_refused_and_the_address_kept() {
    let payload = "eyJpc3MiOiJzdXBhYmFzZSIsInJvbGUiOiJzZXJ2aWNlX3JvbGUifQ";
    for key in [format!("eyJhbGciOiJIUzI1NiJ9.{payload}.c2ln"), "sb_secret_chave-inventada".to_owned()] {
        let card = one(json!({"supabase_url": "https://abcdefghijklmnopqrst.supabase.co/", "supabase_key": key}));
        assert_eq!(shown_fields(&card), [("project_url", "https://abcdefghijklmnopqrst.supabase.co")]);
        assert_eq!(card.refused.len(), 1);
        assert!(card.refused[0].starts_with("api_key holds a secret"), "{:?}", card.refused);
        assert!(!card.refused[0].contains(&key));
    }
}

#[test]
fn a_bad_field_costs_only_itself_and_is_not_shown() {
    let fields = json!({"client_id": "segredo-no-campo-errado", "client_secret": "GOCSPX-abcdefghijklmnopqrstuvwx",
                        "calendar_id": "primary", "refresh_token": "1//segredo", "Chave sk-segredo": "x", "scopes": ["a"]});
    let card = one(json!({"google_calendar_credentials": fields}));
    let kept = [("calendar_id", "primary"), ("client_secret", "GOCSPX-abcdefghijklmnopqrstuvwx")];
    assert_eq!(shown_fields(&card), kept);
    assert_eq!(card.refused.len(), 4, "{:?}", card.refused);
    let said = card.refused.join("; ");
    assert!(
        said.contains("the field \"refresh_token\" has no place") && said.contains("client_id is refused"),
        "{said}"
    );
    assert!(!said.contains("segredo"), "{said}");
    assert!(card.missing.is_empty(), "a refused field is not a missing one: {:?}", card.missing);
}

#[test]
fn addresses_are_held_to_the_rules_of_the_form() {
    for address in ["http://10.0.0.1/webhook/a", "https://localhost/webhook/a", "https://n8n.agencia.example/"] {
        let card = one(json!({"n8n_webhook_url": address}));
        assert!(card.fields.is_empty() && card.refused.len() == 1, "{address}");
    }
}

#[test]
fn nothing_filled_in_is_no_card() {
    let nothing = json!({"google_meet_credentials": {"client_id": "", "client_secret": null},
                         "whatsapp_credentials": " ", "supabase_url": "", "n8n_webhook_url": null});
    assert!(read(nothing).is_empty());
}

#[test]
fn a_column_that_does_not_open_is_named() {
    let cards = read(json!({"google_meet_credentials": "gAAAAABdamaged", "whatsapp_credentials": "aberto"}));
    let faults: Vec<_> = cards.into_iter().map(|card| card.expect_err("a fault")).collect();
    let unopened = || ColumnFault::Unopened(Unopened);
    assert_eq!(faults, [("google_meet_credentials", unopened()), ("whatsapp_credentials", unopened())]);
}

#[test]
fn a_key_that_does_not_open_does_not_cost_the_address() {
    let url = "https://abcdefghijklmnopqrst.supabase.co";
    let card = one(json!({"supabase_url": url, "supabase_key": "gAAAAABdamaged"}));
    assert_eq!(shown_fields(&card), [("project_url", url)]);
    assert_eq!(card.missing, ["api_key"]);
    assert!(card.refused[0].starts_with("supabase_key does not open"), "{:?}", card.refused);
    let card = one(json!({"n8n_webhook_url": ["x"]}));
    assert!(card.fields.is_empty() && card.refused.len() == 1);
}

#[test]
fn the_digest_is_of_what_the_source_holds() {
    let digest = |number: &str| one(json!({"whatsapp_credentials": {"phone_number": number, "api_key": TOKEN}})).digest;
    assert_eq!(digest("(11) 98765-4321"), digest("(11) 98765-4321"));
    assert_ne!(digest("(11) 98765-4321"), digest("(11) 98765-4322"));
}
