//! Plans on a few rows: who becomes one person, what is taken again, what is left.

use super::*;
use crate::import::record::read_person;
use crate::import::{columns::read_cards, fuzzing::done, record::read_client, source::RawRow};
use crate::providers::AddressRules;
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};

fn key() -> SourceKey {
    SourceKey::parse("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=").expect("a key")
}

fn raw(columns: &Value) -> RawRow {
    RawRow { place: "row 1".into(), columns: Ok(columns.as_object().expect("an object").clone()) }
}

fn plan_of(clients: &[Value], users: &[Value], present: &Present) -> Plan {
    let client = |columns: &Value| {
        let client = read_client(&raw(columns))?;
        let cards = read_cards(&client, &key(), &AddressRules::default());
        Ok(ReadClient { client, cards })
    };
    let rows = Rows {
        clients: clients.iter().map(client).collect(),
        people: users.iter().map(|columns| read_person(&raw(columns))).collect(),
    };
    plan(rows, present, &key())
}

fn client(id: &str, name: &str, day: u8) -> Value {
    json!({"id": id, "client_name": name, "created_at": format!("2025-01-{day:02}T00:00:00")})
}

fn user(id: &str, client: &str, email: &str, hash: char, login: Option<u8>) -> Value {
    let login = login.map(|day| format!("2025-02-{day:02}T00:00:00"));
    json!({"id": id, "client_id": client, "user_email": email, "user_password_hash": hash.to_string().repeat(64),
           "role": "admin", "last_login": login, "created_at": "2025-01-01T00:00:00"})
}

fn texts(plan: &Plan) -> Vec<String> {
    plan.findings.iter().map(ToString::to_string).collect()
}

fn hash_of(place: &Place) -> Option<char> {
    place.sha256.as_ref().and_then(|hash| hash.expose_secret().chars().next())
}

#[test]
fn the_slug_goes_to_the_older_client_whatever_the_order_of_rows() {
    let clients = [client("b", "Clínica Sol", 2), client("a", "Clinica Sol", 1), client("c", "Ótica Lua", 3)];
    let mut reversed = clients.clone();
    reversed.reverse();
    for clients in [clients, reversed] {
        let plan = plan_of(&clients, &[], &Present::default());
        let slugs: Vec<&str> = plan.steps.iter().map(|step| step.slug.as_str()).collect();
        assert_eq!(slugs, ["clinica-sol", "clinica-sol-2", "otica-lua"]);
        let Goal::New { row, .. } = &plan.steps[0].goal else { panic!("it is new") };
        assert_eq!(row.source.id, "a");
    }
}

#[test]
fn a_slug_that_a_tenant_has_here_is_not_taken() {
    let present =
        Present { tenants: BTreeMap::from([(TenantId::new(), "clinica-sol".parse().unwrap())]), ..Present::default() };
    let plan = plan_of(&[client("a", "Clínica Sol", 1)], &[], &present);
    assert_eq!(plan.steps[0].slug.as_str(), "clinica-sol-2");
}

#[test]
fn one_email_in_several_clients_is_one_person_with_the_password_used_last() {
    let clients = [client("a", "A", 1), client("b", "B", 2), client("c", "C", 3)];
    let users = [
        user("u1", "a", "ana@x.example", '1', Some(3)),
        user("u2", "b", " ANA@x.example", '2', Some(9)),
        user("u3", "c", "ana@x.example", '3', None),
        user("u4", "c", "bia@x.example", '4', None),
    ];
    let plan = plan_of(&clients, &users, &Present::default());
    let places: Vec<(&str, Option<char>)> = plan
        .steps
        .iter()
        .flat_map(|step| step.places.iter().map(|place| (place.email.as_str(), hash_of(place))))
        .collect();
    // The first step makes Ana, with the password of the second.
    let expected =
        [("ana@x.example", Some('2')), ("ana@x.example", None), ("ana@x.example", None), ("bia@x.example", Some('4'))];
    assert_eq!(places, expected);
    let texts = texts(&plan);
    assert_eq!(texts.len(), 2, "{texts:?}");
    assert!(texts[0].starts_with("note: client_users u1: the same e-mail has another password"), "{texts:?}");
    let changes = plan.changes();
    assert_eq!((changes.tenants, changes.users, changes.memberships), (3, 2, 4));
}

#[test]
fn without_a_sign_in_the_row_made_last_counts() {
    let mut users = [user("u1", "a", "ana@x.example", '1', None), user("u2", "b", "ana@x.example", '2', None)];
    users[0]["created_at"] = "2025-01-05T00:00:00".into();
    let plan = plan_of(&[client("a", "A", 1), client("b", "B", 2)], &users, &Present::default());
    assert_eq!(hash_of(&plan.steps[0].places[0]), Some('1'));
}

#[test]
fn a_person_twice_in_one_client_has_one_place_and_both_rows_are_remembered() {
    let mut users = [user("u1", "a", "ana@x.example", '1', Some(1)), user("u2", "a", "ana@x.example", '1', Some(2))];
    users[1]["role"] = "viewer".into();
    let plan = plan_of(&[client("a", "A", 1)], &users, &Present::default());
    let place = &plan.steps[0].places[0];
    assert_eq!((plan.steps[0].places.len(), place.rows.len(), place.role), (1, 2, Role::Viewer));
    assert!(texts(&plan)[0].contains("several roles"));
    assert_eq!(plan.users.imported, 2);
}

#[test]
fn somebody_who_is_here_already_keeps_their_password() {
    let present = Present { emails: BTreeSet::from(["ana@x.example".parse().unwrap()]), ..Present::default() };
    let plan = plan_of(&[client("a", "A", 1)], &[user("u1", "a", "ana@x.example", '1', None)], &present);
    assert_eq!(hash_of(&plan.steps[0].places[0]), None);
    assert!(texts(&plan)[0].contains("keep their password"));
    assert_eq!(plan.changes().users, 0);
}

#[test]
fn who_came_with_an_earlier_run_is_told_of_only_when_passwords_differ() {
    let clients = [client("a", "A", 1), client("b", "B", 2), client("c", "C", 3)];
    let ana = |id: &str, client: &str, hash: char| user(id, client, "ana@x.example", hash, None);
    let present = done(&plan_of(&clients, &[ana("u1", "a", '1')], &Present::default()));
    let users = [ana("u1", "a", '1'), ana("u2", "b", '1'), ana("u3", "c", '3')];
    let plan = plan_of(&clients, &users, &present);
    assert_eq!((plan.changes().users, plan.changes().memberships), (0, 2));
    let texts = texts(&plan);
    assert_eq!(texts.len(), 1, "{texts:?}");
    assert!(texts[0].starts_with("note: client_users u3: the same e-mail came with another password"), "{texts:?}");
}

#[test]
fn the_second_plan_is_empty() {
    let mut clients = [client("a", "A", 1), client("b", "B", 2)];
    clients[0]["n8n_webhook_url"] = "https://n8n.x.example/webhook/a".into();
    let users = [user("u1", "a", "ana@x.example", '1', None), user("u2", "b", "ana@x.example", '1', Some(2))];
    let first = plan_of(&clients, &users, &Present::default());
    assert_eq!((first.steps.len(), first.steps[0].cards.len()), (2, 1));
    let mut present = done(&first);
    // They go on signing in with the former dashboard.
    let mut later = users.clone();
    later[0]["last_login"] = "2025-03-01T00:00:00".into();
    let second = plan_of(&clients, &later, &present);
    assert!(second.steps.is_empty() && second.findings.is_empty(), "{:?}", second.findings);
    assert_eq!((second.clients.already, second.users.already), (2, 2));

    // Removed here: it does not come back, and its users do not either.
    let gone = present.tenants.iter().find(|(_, slug)| slug.as_str() == "a").map(|(id, _)| *id).unwrap();
    present.tenants.remove(&gone);
    present.ledger.values_mut().filter(|taken| taken.tenant == Some(gone)).for_each(|taken| taken.tenant = None);
    let more = [users[0].clone(), users[1].clone(), user("u9", "a", "bia@x.example", '1', None)];
    let third = plan_of(&clients, &more, &present);
    assert!(third.steps.is_empty());
    let texts = texts(&third);
    assert!(
        texts.iter().any(|text| text.contains("clients a: it was imported and has since been removed")),
        "{texts:?}"
    );
    assert!(texts.iter().any(|text| text.contains("client_users u9: its client has since been removed")), "{texts:?}");
}

#[test]
fn what_changed_at_the_source_is_reported_and_left() {
    let mut clients = [client("a", "A", 1)];
    clients[0]["n8n_webhook_url"] = "https://n8n.x.example/webhook/a".into();
    let mut users = [user("u1", "a", "ana@x.example", '1', None)];
    let present = done(&plan_of(&clients, &users, &Present::default()));
    clients[0]["n8n_webhook_url"] = "https://n8n.x.example/webhook/b".into();
    users[0]["user_password_hash"] = "f".repeat(64).into();
    let plan = plan_of(&clients, &users, &present);
    assert!(plan.steps.is_empty());
    assert_eq!((plan.clients.changed, plan.users.changed), (1, 1));
    assert!(plan.findings.iter().all(|finding| finding.kind == Kind::Changed), "{:?}", plan.findings);
    clients[0]["is_active"] = false.into();
    assert_eq!(plan_of(&clients, &users, &present).clients.changed, 1, "a row counts once");
}

#[test]
fn people_without_a_client_and_ids_that_stand_twice_are_skipped() {
    let clients = [client("a", "A", 1), client("a", "A outra vez", 2), client("b", " ", 3)];
    let users = [
        user("u1", "b", "ana@x.example", '1', None),
        user("u2", "nenhum", "bia@x.example", '1', None),
        user("u3", "a", "caio@x.example", '1', None),
        user("u3", "a", "davi@x.example", '1', None),
    ];
    let plan = plan_of(&clients, &users, &Present::default());
    assert_eq!((plan.clients.imported, plan.clients.skipped), (1, 2));
    assert_eq!((plan.users.imported, plan.users.skipped), (1, 3));
    assert_eq!(texts(&plan).len(), 5);
    assert_eq!(plan.steps[0].places[0].email.as_str(), "caio@x.example");
}
