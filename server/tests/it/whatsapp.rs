//! A WhatsApp number on the page: tested before it is saved, and what that tells.

use crate::{
    answering::Answering,
    harness::{Server, location},
};
use app::session::Role;

const TOKEN: &str = "EAAcanary0123456789abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOP";

#[tokio::test]
async fn a_number_is_tested_before_anything_is_saved() {
    let graph = Answering::start(|path| {
        let body = if path.starts_with("/v25.0/106540352242922?fields=") {
            r#"{"id":"106540352242922","display_phone_number":"+55 11 8765-4321","verified_name":"Clínica Aurora",
                "quality_rating":"YELLOW","platform_type":"CLOUD_API","throughput":{"level":"STANDARD"}}"#
        } else if path.starts_with("/v25.0/debug_token?input_token=") {
            r#"{"data":{"type":"SYSTEM_USER","expires_at":0,"is_valid":true,"scopes":["whatsapp_business_messaging"]}}"#
        } else {
            r#"{"error":{"code":2500,"message":"canary7"}}"#
        };
        (200, body.to_owned())
    })
    .await;
    let origin = graph.origin.clone();
    let server = Server::start_as(move |config| {
        config.egress_allow.push_str(&format!(",{origin}"));
        config.bases.meta_graph = format!("http://{origin}/v25.0").parse().unwrap();
    })
    .await;
    let tenant = server.tenant("numero", Role::Admin, None).await;
    let browser = server.signed_in(&tenant.email).await;
    let pairs = [
        ("provider", "whatsapp"),
        ("version", "0"),
        ("fields[phone_number_id]", "106540352242922"),
        ("fields[access_token]", TOKEN),
        ("fields[display_number]", "(11) 98765-4321"),
    ];
    let answer = browser.form("/api/credentials/test", &pairs, "/settings/credentials").await;
    let there = location(&answer);
    let page = browser.text(there.split('#').next().unwrap()).await;
    for told in [
        "A Meta aceita o token",
        "Clínica Aurora",
        "(11) 8765-4321",
        "média",
        "até 80",
        "não vence",
        "usuário do sistema",
    ] {
        assert!(page.contains(told), "{told}: {page}");
    }
    assert!(page.contains("não guardado") && !page.contains("canary"), "and nothing is kept");

    graph.tell(|_| (400, r#"{"error":{"code":100,"error_subcode":33,"message":"canary7"}}"#.to_owned()));
    browser.form("/api/credentials/test", &pairs, "/settings/credentials").await;
    let page = browser.text("/settings/credentials?tested=whatsapp").await;
    assert!(page.contains("o ID está errado, ou o token é de outra empresa") && !page.contains("canary7"), "{page}");

    let asked = graph.asked().len();
    let phone = [("provider", "whatsapp"), ("version", "0"), ("fields[phone_number_id]", "+55 11 98765-4321")];
    let answer = browser.form("/api/credentials/test", &phone, "/settings/credentials").await;
    let page = browser.text(location(&answer).trim_start_matches(&server.url)).await;
    assert!(page.contains("Isto é um telefone") && page.contains("Identificação do número de telefone"), "{page}");
    assert_eq!(graph.asked().len(), asked, "what cannot be right is asked of nobody");
}
