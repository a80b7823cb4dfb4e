//! Supabase: the key classifier's table, the address's table, and the rules between the two.

use super::{KeyKind, classify};
use crate::providers::testing::{NOW, card, check, jwt, now};
use KeyKind::{
    Anon, DatabaseUrl, Expired, Malformed, OtherProject, PersonalToken, Publishable, Secret, ServiceRole, Unknown,
    UserToken,
};
use app::credentials::Provider;

const REF: &str = "abcdefghijklmnopqrst";
const OTHER: &str = "zyxwvutsrqponmlkjihg";
const PUBLISHABLE: &str = "sb_publishable_ACJWlzQHlZjBrEguHvfOxg_3BJgxAaH";
const SECRET: &str = "sb_secret_N7UND0UgjKTVK-Uodkm0Hg_xSvEMPvz";
const STORED: [(&str, &str); 2] =
    [("project_url", "https://abcdefghijklmnopqrst.supabase.co"), ("api_key", PUBLISHABLE)];

fn legacy(role: &str, reference: &str, exp: i64) -> String {
    jwt(&format!(r#"{{"iss":"supabase","ref":"{reference}","role":"{role}","iat":1600000000,"exp":{exp}}}"#))
}

#[test]
fn classifies_keys() {
    let check = |key: &str, expected: KeyKind| assert_eq!(classify(key, now(), Some(REF)), expected, "{key:?}");
    check(PUBLISHABLE, Publishable);
    check("sb_publishable_short", Publishable);
    check(&format!("{PUBLISHABLE}{PUBLISHABLE}"), Publishable);
    check("sb_publishable_", Unknown);
    check("sb_publishable_a.b", Unknown);
    check(SECRET, Secret);
    check("sb_secret_", Secret);
    check("sbp_0123456789abcdef0123456789abcdef01234567", PersonalToken);
    check("postgres://postgres:pw@db.abc.supabase.co:5432/postgres", DatabaseUrl);
    check("postgresql://postgres:pw@db.abc.supabase.co:5432/postgres", DatabaseUrl);

    check(&legacy("anon", REF, NOW + 1), Anon);
    check(&legacy("anon", REF, NOW), Expired);
    check(&legacy("anon", REF, NOW - 1), Expired);
    check(&legacy("anon", OTHER, NOW + 1), OtherProject);
    check(&legacy("anon", OTHER, NOW - 1), Expired);
    check(&jwt(r#"{"role":"anon","exp":4000000000}"#), OtherProject);
    check(&format!("{}==", legacy("anon", REF, NOW + 1)), Anon);
    check(&jwt(&format!(r#"{{"role":"anon","ref":"{REF}"}}"#)), Anon);
    check(&jwt(&format!(r#"{{"role":"anon","ref":"{REF}","exp":"never"}}"#)), Unknown);
    for role in ["service_role", "supabase_admin", "postgres"] {
        check(&legacy(role, REF, NOW + 1), ServiceRole);
        check(&legacy(role, REF, NOW - 1), ServiceRole);
        check(&legacy(role, OTHER, NOW + 1), ServiceRole);
        check(&jwt(&format!(r#"{{"role":"{role}","sub":"x"}}"#)), ServiceRole);
    }
    check(&legacy("authenticated", REF, NOW + 1), UserToken);
    check(&jwt(r#"{"sub":"6c1b","role":"anon","exp":4000000000}"#), UserToken);
    check(&jwt(r#"{"sub":"6c1b"}"#), UserToken);
    check(&jwt("{}"), Unknown);
    check(&jwt("[]"), Unknown);
    check(&jwt("not json"), Unknown);
    check(&jwt(r#"{"role":1}"#), Unknown);

    check("", Unknown);
    check("eyJhbGciOiJIUzI1NiJ9", Unknown);
    check("a.b.c", Unknown);
    check("a..c", Unknown);
    check("..", Unknown);
    check(&format!("{}.x", legacy("anon", REF, NOW + 1)), Unknown);
    check("https://abcdefghijklmnopqrst.supabase.co", Unknown);
    check("SB_PUBLISHABLE_x", Unknown);

    check(&format!("\"{PUBLISHABLE}\""), Malformed);
    check(&format!("'{PUBLISHABLE}'"), Malformed);
    check(&format!("“{PUBLISHABLE}”"), Malformed);
    check("sb_publishable_AC JWlz", Malformed);
    check("sb_publishable_AC\nJWlz", Malformed);
    check("sb_publishable_ção", Malformed);
    check("chave\0", Malformed);
}

/// A secret key stays one when quotes, a header's or a file's words stand around it: it must be rotated all the same.
#[test]
fn finds_secret_keys_in_wrappings() {
    let check = |key: &str, expected: KeyKind| assert_eq!(classify(key, now(), Some(REF)), expected, "{key:?}");
    check(&format!("\"{SECRET}\""), Secret);
    check(&format!("Bearer {SECRET}"), Secret);
    check(&format!("apikey: {SECRET}"), Secret);
    check(&format!("SUPABASE_KEY='{SECRET}'"), Secret);
    check(&format!("SUPABASE_KEY={SECRET}"), Secret);
    check(&format!("'{}'", legacy("service_role", REF, NOW + 1)), ServiceRole);
    check(&format!("Authorization: Bearer {}", legacy("service_role", OTHER, 1)), ServiceRole);
    check("DATABASE_URL=\"postgres://postgres:pw@db.abc.supabase.co/postgres\"", DatabaseUrl);
    check("token sbp_0123456789abcdef", PersonalToken);
}

#[test]
fn without_a_known_reference_the_keys_own_is_not_looked_at() {
    for (key, expected) in [
        (legacy("anon", OTHER, NOW + 1), Anon),
        (jwt(r#"{"role":"anon","iss":"supabase-demo","exp":4000000000}"#), Anon),
        (jwt(r#"{"role":"anon"}"#), Anon),
        (legacy("anon", OTHER, NOW - 1), Expired),
        (legacy("service_role", OTHER, NOW + 1), ServiceRole),
    ] {
        assert_eq!(classify(&key, now(), None), expected);
    }
}

#[test]
fn advises_to_rotate_what_was_shown() {
    for kind in [Secret, ServiceRole, PersonalToken, DatabaseUrl] {
        let message = kind.refusal().unwrap().pt;
        assert!(kind.is_elevated() && !kind.is_accepted());
        assert!(message.contains("agora") && message.contains("Nada foi guardado"), "{message}");
    }
    for kind in [Malformed, UserToken, Expired, OtherProject, Unknown] {
        assert!(!kind.is_elevated() && !kind.is_accepted() && kind.refusal().is_some());
    }
    for kind in [Publishable, Anon] {
        assert!(kind.is_accepted() && kind.refusal().is_none());
    }
}

#[test]
fn reads_addresses() {
    let good = "https://abcdefghijklmnopqrst.supabase.co";
    let check = |value: &str, expected| check(Provider::Supabase, &STORED, "project_url", value, expected);
    for same in [
        good,
        " https://abcdefghijklmnopqrst.supabase.co/ \n",
        "HTTPS://ABCDEFGHIJKLMNOPQRST.Supabase.CO",
        "https://abcdefghijklmnopqrst.supabase.co:443",
        "https://abcdefghijklmnopqrst.supabase.co/rest/v1",
        "https://abcdefghijklmnopqrst.supabase.co/rest/v1/",
        "https://abcdefghijklmnopqrst.supabase.co/auth/v1/",
    ] {
        check(same, Ok(good));
    }
    check("http://127.0.0.1:54321", Ok("http://127.0.0.1:54321"));
    check("http://127.0.0.1:54321/rest/v1/", Ok("http://127.0.0.1:54321"));
    check("https://127.0.0.1:54321/", Ok("https://127.0.0.1:54321"));
    check("http://Supabase.local:8000", Ok("http://supabase.local:8000"));
    check("http://[::1]:9000", Ok("http://[::1]:9000"));

    let derived = "https://abcdefghijklmnopqrst.supabase.co";
    check("https://supabase.com/dashboard/project/abcdefghijklmnopqrst", Err(derived));
    check("https://supabase.com/dashboard/project/abcdefghijklmnopqrst/settings/api-keys?x=1#y", Err(derived));
    check("https://app.supabase.com/project/abcdefghijklmnopqrst/editor", Err(derived));
    check("https://supabase.com/dashboard/project/_/settings/api", Err("Project URL"));
    check("https://supabase.com/dashboard/projects", Err("Project URL"));

    check("http://abcdefghijklmnopqrst.supabase.co", Err("https://"));
    check("abcdefghijklmnopqrst.supabase.co", Err("https://"));
    check("ftp://abcdefghijklmnopqrst.supabase.co", Err("https://"));
    check("https://", Err("endereço válido"));
    check("https://user:pass@abcdefghijklmnopqrst.supabase.co", Err("usuário e a senha"));
    check("https://user@abcdefghijklmnopqrst.supabase.co", Err("usuário e a senha"));
    check("https://abcdefghijklmnopqrst.supabase.co?apikey=1", Err("“?”"));
    check("https://abcdefghijklmnopqrst.supabase.co/#x", Err("“#”"));
    check("https://abcdefghijklmnopqrst.supabase.co/functions/v1/x", Err("sem nada depois"));
    check("https://abcdefghijklmnopqrst.supabase.co:8443", Err("porta"));
    check("https://abcdefghijklmnopqrst.supabase.co.evil.com", Err("Project URL"));
    check("https://evil.com/.supabase.co", Err("sem nada depois"));
    check("https://abcdefghijklmnopqrst.supabase.co.", Err("Project URL"));
    check("https://db.abcdefghijklmnopqrst.supabase.co", Err("Project URL"));
    check("https://short.supabase.co", Err("Project URL"));
    check("https://supabase.co", Err("Project URL"));
    check("https://example.com", Err("Project URL"));
    check("https://abcdefghijklmnopqrst.supabase.co\\@evil.com", Err("espaços"));
    check("https://abcdefghijklmnopqrst .supabase.co", Err("espaços"));
    check("http://127.0.0.1:54322", Err("https://"));
    check("https://127.0.0.1:54322", Err("rede interna"));
    check("https://localhost:54321", Err("rede interna"));

    check(PUBLISHABLE, Err("é a chave"));
    check(&legacy("anon", REF, NOW + 1), Err("é a chave"));
    check(SECRET, Err("Troque-a"));
    check("postgresql://postgres:pw@db.abc.supabase.co:5432/postgres", Err("Troque a senha"));
}

#[test]
fn the_key_must_be_of_the_project() {
    let check = |key: &str, expected| check(Provider::Supabase, &STORED, "api_key", key, expected);
    let (own, other) = (legacy("anon", REF, NOW + 1), legacy("anon", OTHER, NOW + 1));
    check(&own, Ok(&own));
    check(&format!("  {PUBLISHABLE}\n"), Ok(PUBLISHABLE));
    check(&other, Err("outro projeto"));
    check(SECRET, Err("Troque-a"));
    check(&legacy("service_role", REF, NOW + 1), Err("Troque-a"));
    check(&format!("\"{PUBLISHABLE}\""), Err("aspas"));
    check(&legacy("anon", REF, NOW), Err("venceu"));

    let new_url = ("project_url", "https://zyxwvutsrqponmlkjihg.supabase.co");
    // Both given: the new address counts, not the stored one.
    assert_eq!(card(Provider::Supabase, &[new_url, ("api_key", &other)], &STORED).unwrap().len(), 2);
    assert_eq!(card(Provider::Supabase, &[new_url, ("api_key", &own)], &STORED).unwrap_err()[0].field, "api_key");
    // Only the address given: the stored key is looked at again.
    let stored = [STORED[0], ("api_key", own.as_str())];
    let errors = card(Provider::Supabase, &[new_url], &stored).unwrap_err();
    assert_eq!((errors.len(), errors[0].field.as_str()), (1, "api_key"));
    assert!(errors[0].message.contains("guardada"));
    assert!(card(Provider::Supabase, &[new_url], &STORED).is_ok(), "a publishable key tells no project");
    // A listed address: any project's key.
    let listed = ("project_url", "http://127.0.0.1:54321");
    assert!(card(Provider::Supabase, &[listed, ("api_key", &other)], &STORED).is_ok());
    assert!(card(Provider::Supabase, &[listed, ("api_key", SECRET)], &STORED).is_err());
    // A broken address does not hide a secret key.
    let errors = card(Provider::Supabase, &[("project_url", "x"), ("api_key", SECRET)], &[]).unwrap_err();
    assert_eq!(errors.len(), 2);
    assert!(errors[1].message.contains("Troque-a"));
}
