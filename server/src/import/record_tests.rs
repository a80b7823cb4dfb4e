//! What is tolerated in a row, and what is not.

use super::*;
use secrecy::ExposeSecret as _;
use serde_json::json;
use time::macros::datetime;

const HASH: &str = "5E884898DA28047151D0E56F8DC6292773603D0D6AABBDD62A11EF721D1542D8";

fn row(columns: Value) -> RawRow {
    let Value::Object(columns) = columns else { panic!("an object") };
    RawRow { place: "clients, row 7".into(), columns: Ok(columns) }
}

fn person(changes: Value) -> Result<Person, String> {
    let mut columns = json!({"id": "u1", "client_id": "c1", "user_email": " Ana@Sol.example", "user_password_hash": HASH,
                             "role": "admin", "last_login": null});
    columns.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    read_person(&row(columns)).map_err(|finding| format!("{}: {}", finding.row, finding.text))
}

fn client(changes: Value) -> Result<Client, String> {
    let mut columns = json!({"id": "c1", "client_name": "Clínica Sol"});
    columns.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    read_client(&row(columns)).map_err(|finding| format!("{}: {}", finding.row, finding.text))
}

#[test]
fn a_client_needs_no_more_than_an_id_and_a_name() {
    let client = client(json!({"supabase_key": "  ", "n8n_webhook_url": "x"})).ok().unwrap();
    assert_eq!((client.id.as_str(), client.name.as_str(), client.active), ("c1", "Clínica Sol", true));
    assert_eq!((client.plan, client.domain, client.created_at), (None, None, None));
    assert_eq!(client.credentials.keys().copied().collect::<Vec<_>>(), ["n8n_webhook_url"]);
}

#[test]
fn ids_and_flags_are_read_in_several_spellings() {
    assert_eq!(client(json!({"id": 42})).ok().unwrap().id, "42");
    for (value, active) in
        [(json!(true), true), (json!("t"), true), (json!("False"), false), (json!("f"), false), (json!(0), false)]
    {
        assert_eq!(client(json!({"is_active": value})).ok().unwrap().active, active);
    }
    assert_eq!(client(json!({"is_active": "talvez"})).err().unwrap(), "c1: is_active is neither true nor false");
}

#[test]
fn an_opened_up_credential_is_kept_as_text() {
    let client = client(json!({"whatsapp_credentials": {"phone_number": 5}, "supabase_url": [1]})).ok().unwrap();
    let text = client.credentials["whatsapp_credentials"].as_ref().unwrap().expose_secret();
    assert_eq!(text, "{\"phone_number\":5}");
    assert_eq!(client.credentials["supabase_url"].as_ref().err(), Some(&RowFault::NotText("supabase_url")));
}

#[test]
fn a_person_is_normalised() {
    let person = person(json!({})).ok().unwrap();
    assert_eq!(person.email.as_str(), "ana@sol.example");
    assert_eq!(person.sha256.expose_secret(), HASH.to_ascii_lowercase());
    assert_eq!((person.role, person.known_role), (Role::Admin, true));
}

#[test]
fn roles_are_translated_and_unknown_ones_only_read() {
    for (word, role, known) in [
        (json!("Admin"), Role::Admin, true),
        (json!("user"), Role::Agent, true),
        (json!("Usuário"), Role::Agent, true),
        (json!("viewer"), Role::Viewer, true),
        (json!("superuser"), Role::Viewer, false),
        (json!("admin2"), Role::Viewer, false),
        (json!(null), Role::Viewer, false),
    ] {
        let person = person(json!({"role": word})).ok().unwrap();
        assert_eq!((person.role, person.known_role), (role, known), "{word}");
    }
}

#[test]
fn times_are_read_as_postgres_postgrest_and_python_write_them() {
    let expected = datetime!(2026-03-02 12:00:00.5 UTC);
    for text in [
        "2026-03-02T12:00:00.5",
        "2026-03-02 12:00:00.500000",
        "2026-03-02T12:00:00.5+00:00",
        "2026-03-02 12:00:00.5+00",
        "2026-03-02T09:00:00.5-03:00",
        "2026-03-02T12:00:00.5Z",
    ] {
        assert_eq!(person(json!({"last_login": text})).ok().unwrap().last_login, Some(expected), "{text}");
    }
    for wrong in ["now()", "ontem", "02/03/2026 12:00", "1772452800", "2026-13-01T00:00:00"] {
        let said = person(json!({"last_login": wrong})).err().expect(wrong);
        assert_eq!(said, "u1: last_login is not a time that can be read", "{wrong}");
    }
}

#[test]
fn a_row_that_cannot_be_taken_is_named_without_its_values() {
    for (changes, said) in [
        (json!({"id": null}), "clients, row 7: it has no id"),
        (json!({"id": "a\nb"}), "clients, row 7: it has no id"),
        (json!({"user_email": ""}), "u1: user_email is empty"),
        (
            json!({"user_email": "segredo-aqui"}),
            "u1: user_email: not an e-mail address: write it as name@domain, with one '@'",
        ),
        (json!({"client_id": null}), "u1: client_id is empty"),
        (json!({"user_email": ["a@b"]}), "u1: user_email is not a text"),
    ] {
        assert_eq!(person(changes).err().unwrap(), said);
    }
    for hash in ["segredo", &HASH[1..], "$2b$12$abcdefghijklmnopqrstuv", &format!("{}g", &HASH[1..])] {
        let said = person(json!({"user_password_hash": hash})).err().expect(hash);
        assert!(said.contains("64 hexadecimal digits") && !said.contains(hash), "{said}");
    }
    assert_eq!(client(json!({"client_name": " "})).err().unwrap(), "c1: client_name is empty");
    assert!(client(json!({"client_name": "a".repeat(121)})).is_err());
    let broken = RawRow { place: "clients.csv, row 3".into(), columns: Err("it is not UTF-8") };
    let finding = read_client(&broken).err().unwrap();
    assert_eq!(
        (finding.row.as_str(), finding.text.as_str()),
        ("clients.csv, row 3", "it cannot be read: it is not UTF-8")
    );
}
