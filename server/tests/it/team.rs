//! A tenant's team: roles changed, places taken away, and the demand for a second factor, each from the next request on.

use crate::{
    behind::{follow, json, refused_fields},
    harness::{Browser, PASSWORD, Server, location},
};
use app::session::Role;
use reqwest::StatusCode;

const TEAM: &str = "/settings/team";

/// The code that an authenticator with this secret shows `steps` half minutes from now.
pub fn code_of(secret: &str, steps: i64) -> String {
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let (mut bits, mut held, mut bytes) = (0_u32, 0_u32, Vec::new());
    for letter in secret.chars().filter(|letter| !letter.is_whitespace()) {
        let value = alphabet.find(letter).expect("base 32");
        bits = (bits << 5) | u32::try_from(value).unwrap();
        held += 5;
        if held >= 8 {
            held -= 8;
            bytes.push(u8::try_from((bits >> held) & 0xff).unwrap());
        }
    }
    let key: [u8; 20] = bytes.try_into().expect("160 bits");
    let totp = totp_rs::Builder::new()
        .with_algorithm(totp_rs::Algorithm::SHA1)
        .with_digits(6)
        .with_step_duration(30)
        .with_secret(key)
        .build_noncompliant();
    let now = time::OffsetDateTime::now_utc().unix_timestamp() + steps * 30;
    totp.generate(u64::try_from(now).unwrap()).to_string()
}

/// Switches the second factor of a signed-in user on; gives the secret and the recovery codes. Uses up the code of the
/// step before this one.
pub async fn enrol(browser: &mut Browser) -> (String, Vec<String>) {
    let begun = browser.form("/api/security/begin_second_factor", &[("current", PASSWORD)], "/settings/security").await;
    assert_eq!(location(&begun), "/settings/security");
    let view = json(browser.read("/api/security/read").await).await;
    let enrolling = &view["second_factor"]["Enrolling"];
    let secret = enrolling["secret"].as_str().expect("a secret").to_owned();
    let recovery = enrolling["recovery"].as_array().expect("codes").iter();
    let recovery = recovery.map(|code| code.as_str().expect("a code").to_owned()).collect();
    // Not at the end of a step, or that code would be too old when it is read.
    if time::OffsetDateTime::now_utc().unix_timestamp() % 30 >= 28 {
        tokio::time::sleep(std::time::Duration::from_secs(2)).await;
    }
    let code = code_of(&secret, -1);
    let on = browser.form("/api/security/confirm_second_factor", &[("code", &code)], "/settings/security").await;
    assert_eq!(location(&on), "/settings/security?done=second_factor");
    browser.keep(&on);
    (secret, recovery)
}

#[tokio::test]
async fn a_changed_role_counts_from_the_next_request() {
    let server = Server::start().await;
    let tenant = server.tenant("papeis", Role::Admin, None).await;
    let member = server.user("gil@papeis.example", tenant.scope.tenant(), Role::Admin).await.to_string();
    let admin = server.signed_in(&tenant.email).await;
    let (mut ended, mut right) = (0, 0);
    for (before, after) in [(Role::Admin, Role::Viewer), (Role::Viewer, Role::Agent), (Role::Agent, Role::Admin)] {
        let session = server.signed_in("gil@papeis.example").await;
        let manages = session.read("/api/team/read").await.status() == StatusCode::OK;
        assert_eq!(manages, before == Role::Admin);
        let pairs = [("member", member.as_str()), ("role", after.as_str())];
        let answer = admin.form("/api/team/set_role", &pairs, TEAM).await;
        assert_eq!(location(&answer), format!("{TEAM}?done=role"));
        ended += usize::from(session.read("/api/team/read").await.status() == StatusCode::UNAUTHORIZED);
        ended += usize::from(location(&session.page("/").await) == "/login");
        let again = server.signed_in("gil@papeis.example").await;
        let manages = again.read("/api/team/read").await.status() == StatusCode::OK;
        right += usize::from(manages == (after == Role::Admin));
    }
    println!(
        "B5 requests of sessions before a change of role that are refused: {ended} of 6; new roles at work: {right} of 3"
    );
    assert_eq!((ended, right), (6, 3));
    let page = follow(
        &admin,
        &server.url,
        &admin.form("/api/team/set_role", &[("member", &member), ("role", "agent")], TEAM).await,
    )
    .await;
    assert!(page.contains("Papel mudado."));
    for role in ["owner", "support", "", "Admin", "root"] {
        let answer = admin.call("/api/team/set_role", &[("member", &member), ("role", role)]).await;
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{role:?} is no role of a tenant");
    }
}

#[tokio::test]
async fn a_removed_member_is_out_at_once_and_nobody_removes_themselves() {
    let server = Server::start().await;
    let tenant = server.tenant("sai", Role::Admin, None).await;
    let other = server.tenant("vizinha", Role::Admin, None).await;
    let member = server.user("rui@sai.example", tenant.scope.tenant(), Role::Agent).await.to_string();
    let (admin, session) = (server.signed_in(&tenant.email).await, server.signed_in("rui@sai.example").await);
    let neighbour = server.signed_in(&other.email).await;

    // Not one's own place or role, not another tenant's people.
    let myself = json(admin.read("/api/team/read").await).await["members"].clone();
    let myself = myself.as_array().unwrap().iter().find(|member| member["you"] == true).unwrap()["id"].clone();
    let me = myself.as_str().unwrap();
    let mut refused = 0;
    for (path, more) in
        [("/api/team/remove", None), ("/api/team/set_role", Some(("role", "viewer"))), ("/api/team/reset_link", None)]
    {
        let pairs = |id| [("member", id)].into_iter().chain(more).collect::<Vec<(&str, &str)>>();
        refused += usize::from(admin.call(path, &pairs(me)).await.status() == StatusCode::FORBIDDEN);
        let unknown = uuid::Uuid::new_v4().to_string();
        let (foreign, never) =
            (neighbour.call(path, &pairs(&member)).await, neighbour.call(path, &pairs(&unknown)).await);
        assert_eq!((foreign.status(), never.status()), (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND), "{path}");
        assert_eq!(foreign.bytes().await.unwrap(), never.bytes().await.unwrap(), "{path}");
        assert_eq!(admin.call(path, &pairs("1 or 1=1")).await.status(), StatusCode::NOT_FOUND, "{path}");
        // Those who are no admins change nothing.
        refused += usize::from(session.call(path, &pairs(me)).await.status() == StatusCode::FORBIDDEN);
    }
    println!("team changes to oneself or without the role, refused: {refused} of 6");
    assert_eq!(refused, 6);
    assert_eq!(session.page("/").await.status(), StatusCode::OK, "the member is still there");

    let answer = admin.form("/api/team/remove", &[("member", &member)], TEAM).await;
    let page = follow(&admin, &server.url, &answer).await;
    assert!(page.contains("Acesso retirado.") && !page.contains("rui@sai.example"));
    assert_eq!(session.read("/api/overview/read").await.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(location(&session.page("/").await), "/login");
    let back = Browser::new(&server.url)
        .call("/api/session/log_in", &[("email", "rui@sai.example"), ("password", PASSWORD)])
        .await;
    assert_eq!(back.status(), StatusCode::FORBIDDEN, "without a place nobody comes in");
    assert_eq!(admin.call("/api/team/remove", &[("member", &member)]).await.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_demanded_second_factor_stops_everything_else() {
    let server = Server::start().await;
    let tenant = server.tenant("exige", Role::Admin, None).await;
    server.user("lu@exige.example", tenant.scope.tenant(), Role::Viewer).await;
    let mut admin = server.signed_in(&tenant.email).await;
    let mut member = server.signed_in("lu@exige.example").await;
    let path = "/api/team/require_second_factor";
    let refused = admin.call(path, &[("required", "true")]).await;
    assert_eq!(refused_fields(refused).await, "required", "who has none demands none");
    assert_eq!(member.page("/").await.status(), StatusCode::OK);

    enrol(&mut admin).await;
    let answer = admin.form(path, &[("required", "true")], TEAM).await;
    assert_eq!(location(&answer), format!("{TEAM}?done=required"));
    let mut stopped = 0;
    for page in ["/", "/conversations", "/appointments"] {
        stopped += usize::from(location(&member.page(page).await) == "/settings/security");
    }
    for read in ["/api/overview/read", "/api/conversations/page", "/api/appointments/agenda"] {
        let answer = member.read(read).await;
        let status = answer.status();
        stopped +=
            usize::from(status == StatusCode::FORBIDDEN && answer.text().await.unwrap().contains("SecondFactorDue"));
    }
    println!("requests of a member without the demanded second factor, stopped: {stopped} of 6");
    assert_eq!(stopped, 6);
    assert!(member.text("/settings/security").await.contains("falta ativar"));
    enrol(&mut member).await;
    assert_eq!(member.page("/").await.status(), StatusCode::OK, "with one, all is open");
    let off = member.call("/api/security/remove_second_factor", &[("current", PASSWORD)]).await;
    assert_eq!(off.status(), StatusCode::FORBIDDEN, "and it stays on while it is demanded");
    let answer = admin.form(path, &[("required", "false")], TEAM).await;
    assert_eq!(location(&answer), format!("{TEAM}?done=required"));
    let off = member.call("/api/security/remove_second_factor", &[("current", PASSWORD)]).await;
    assert_eq!(off.status(), StatusCode::OK);
}
