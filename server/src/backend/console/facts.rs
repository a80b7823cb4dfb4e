//! A tenant's facts as the console's forms send them.

use crate::{
    backend::typed_line,
    store::{LONGEST_PLAN, Slug, is_domain},
};
use app::{
    error::{AppError, FieldError},
    tr,
};

pub(super) fn read_slug(text: &str) -> Result<Slug, AppError> {
    text.parse().map_err(|_| AppError::NotFound)
}

pub(super) fn plan_or_standard(plan: &str) -> String {
    let plan = typed_line(plan);
    if plan.is_empty() { crate::store::STANDARD_PLAN.to_owned() } else { plan }
}

/// What is wrong with a tenant's facts as a form sends them.
pub(super) fn check_facts(name: &str, timezone: &str, plan: &str, domain: &str) -> Vec<FieldError> {
    let mut errors = Vec::new();
    let name = typed_line(name);
    if name.is_empty() || name.chars().count() > 120 {
        let message = tr!(
            "Escreva o nome do cliente, com até 120 caracteres.",
            "Write the client’s name, in up to 120 characters.",
        );
        errors.push(FieldError::new("name", message));
    }
    if jiff::tz::TimeZone::get(timezone).is_err() {
        let message = tr!(
            "Use um fuso como America/Sao_Paulo ou America/Recife.",
            "Use a time zone such as America/Sao_Paulo or America/Recife.",
        );
        errors.push(FieldError::new("timezone", message));
    }
    if plan.trim().chars().count() > LONGEST_PLAN {
        let message = tr!("O nome do plano tem até 40 caracteres.", "The plan’s name can have up to 40 characters.");
        errors.push(FieldError::new("plan", message));
    }
    let domain = domain.trim();
    if !domain.is_empty() && !is_domain(domain) {
        let message = tr!(
            "Use só o domínio, como clinica-aurora.com.br.",
            "Use only the domain, such as clinica-aurora.com.br.",
        );
        errors.push(FieldError::new("domain", message));
    }
    errors
}
