//! The agency's own trail: for its owner alone, as a page and as a file, and never mixed with a tenant's.

use crate::harness::Server;
use app::session::{AgencyRole, Role};
use reqwest::StatusCode;
use server::store::{AuditQuery, EventKind};

#[tokio::test]
async fn the_owner_reads_what_the_agency_did_and_nobody_else_does() {
    let server = Server::start().await;
    let tenant = server.tenant("vizinha", Role::Admin, None).await;
    server.staff("dona@agencia.example", AgencyRole::Owner).await;
    server.staff("apoio@agencia.example", AgencyRole::Support).await;
    let owner = server.signed_in("dona@agencia.example").await;
    let invited = [("email", "novo@agencia.example"), ("role", "support")];
    let answer = owner.form("/api/console/invite_staff", &invited, "/console/staff").await;
    assert_eq!(answer.status(), StatusCode::FOUND);

    let page = owner.text("/console/audit").await;
    assert!(page.contains("Auditoria da agência") && page.contains("novo@agencia.example"));
    assert!(page.contains("/console/audit.csv") && !page.contains("/settings/export.json"));
    let admin = server.signed_in(&tenant.email).await;
    assert!(!owner.text("/console/audit").await.contains(&tenant.email), "a member's sign-in is the tenant's matter");
    assert!(!admin.text("/settings/audit").await.contains("novo@agencia.example"));
    let none = owner.text("/console/audit?who=ninguem-com-este-nome").await;
    assert!(none.contains("Nada com estes filtros") && none.contains("href=\"/console/audit\""));

    let csv = owner.page("/console/audit.csv").await;
    assert_eq!(csv.headers()["content-disposition"], "attachment; filename=\"auditoria-agencia.csv\"");
    assert!(csv.text().await.unwrap().contains("novo@agencia.example"));
    let query = AuditQuery { kind: Some(EventKind::AuditExported), ..AuditQuery::default() };
    let agency = server.state.store.operator_agency();
    assert_eq!(server.state.store.list_agency_events(&agency, &query, 10).await.unwrap().len(), 1);
    assert!(server.state.store.list_events(&tenant.scope, &query, 10).await.unwrap().is_empty());
    assert!(server.state.store.verify_agency_events().await.unwrap().is_ok());

    let support = server.signed_in("apoio@agencia.example").await;
    for (who, browser) in [("support", &support), ("a tenant's admin", &admin)] {
        for path in ["/console/audit", "/console/audit.csv"] {
            assert_eq!(browser.page(path).await.status(), StatusCode::FORBIDDEN, "{who} at {path}");
        }
        assert_eq!(browser.read("/api/audit/agency_page").await.status(), StatusCode::FORBIDDEN, "{who}");
    }
    assert!(!support.text("/console").await.contains("/console/audit"), "and is not led there");
}
