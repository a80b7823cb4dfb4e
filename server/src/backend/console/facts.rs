//! A tenant's facts as the console's forms send them.

use crate::{
    backend::typed_line,
    store::{LONGEST_PLAN, Slug, is_domain},
};
use app::error::{AppError, FieldError};

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
        errors.push(FieldError::new("name", "Escreva o nome do cliente, com até 120 caracteres."));
    }
    if jiff::tz::TimeZone::get(timezone).is_err() {
        errors.push(FieldError::new("timezone", "Use um fuso como America/Sao_Paulo ou America/Recife."));
    }
    if plan.trim().chars().count() > LONGEST_PLAN {
        errors.push(FieldError::new("plan", "O nome do plano tem até 40 caracteres."));
    }
    let domain = domain.trim();
    if !domain.is_empty() && !is_domain(domain) {
        errors.push(FieldError::new("domain", "Use só o domínio, como clinica-aurora.com.br."));
    }
    errors
}
