//! The agency's console: the fleet, one tenant, the agency's own people, and breaking the glass. `facts` reads what its
//! forms send, `row` makes a tenant's row.

mod facts;
mod row;

use super::{
    RequestBackend, agency_calendar, failure, instant,
    letters::{MadeLink, make_link},
    team::read_email,
    typed_line,
};
use crate::store::{
    FleetQuery, FleetTenant, LinkPurpose, NewTenant, NewTenantKey, Slug, StoreError, TenantEdit, TenantId, TenantStatus,
};
use app::{
    console::{
        ConsoleBackend, EditTenantForm, FleetFilter, FleetPage, GlassEntry, NewTenantForm, StaffMember, StaffView,
        TenantDetail, TenantMember,
    },
    error::{AppError, FieldError},
    session::{AgencyRole, Hue, Permission, Role},
    tr,
};
use facts::{check_facts, plan_or_standard, read_slug};
use row::fleet_row;
use time::{Duration, OffsetDateTime};

/// Tenants of a page.
const PAGE: u32 = 50;
/// How long a broken glass lets in.
const GLASS_FOR: Duration = Duration::minutes(30);
/// How far back a tenant's page tells of broken glass.
const GLASS_HISTORY: Duration = Duration::days(30);

#[async_trait::async_trait]
impl ConsoleBackend for RequestBackend {
    async fn fleet(
        &self,
        filter: FleetFilter,
        after: Option<String>,
        before: Option<String>,
    ) -> Result<FleetPage, AppError> {
        let agency = self.agency(Permission::SeeFleet)?;
        let cursor = |text: Option<String>| text.map(|text| text.parse::<Slug>()).transpose();
        let query = FleetQuery {
            search: typed_line(&filter.search).chars().take(120).collect(),
            status: match filter.state.as_str() {
                "active" => Some(TenantStatus::Active),
                "suspended" => Some(TenantStatus::Suspended),
                _ => None,
            },
            after: cursor(after).map_err(|_| AppError::NotFound)?,
            before: cursor(before).map_err(|_| AppError::NotFound)?,
        };
        let (page, totals) = futures::future::try_join(
            self.state.store.list_fleet(agency, &query, PAGE),
            self.state.store.count_fleet(agency),
        )
        .await
        .map_err(failure::store)?;
        let calendar = agency_calendar();
        let edge = |tenant: Option<&FleetTenant>, more: bool| {
            tenant.filter(|_| more).map(|tenant| tenant.slug.as_str().to_owned())
        };
        Ok(FleetPage {
            next: edge(page.tenants.last(), page.more_after),
            previous: edge(page.tenants.first(), page.more_before),
            rows: page.tenants.iter().map(|tenant| fleet_row(tenant, &calendar)).collect(),
            total: totals.tenants,
            suspended: totals.suspended,
            unconnected: totals.unconnected,
            may_manage: agency.role().may(Permission::ManageTenants),
        })
    }

    async fn tenant(&self, slug: &str) -> Result<TenantDetail, AppError> {
        let agency = self.agency(Permission::SeeFleet)?;
        let slug = read_slug(slug)?;
        let now = OffsetDateTime::now_utc();
        let (facts, glass) = futures::future::try_join(
            self.state.store.find_tenant_facts(agency, &slug),
            self.state.store.list_glass(agency, &slug, now - GLASS_HISTORY),
        )
        .await
        .map_err(failure::store)?;
        let facts = facts.ok_or(AppError::NotFound)?;
        let calendar = agency_calendar();
        let inside = self.identity.caller.as_ref().and_then(|caller| caller.visitor.as_ref());
        Ok(TenantDetail {
            row: fleet_row(&facts.row, &calendar),
            timezone: facts.timezone,
            domain: facts.domain,
            created: calendar.recently(instant(facts.created_at)),
            suspended_reason: facts.suspended_reason,
            colour: facts.colour.map(|hue| hue.as_str().to_owned()).unwrap_or_default(),
            members: facts
                .members
                .into_iter()
                .map(|member| TenantMember {
                    name: member.name,
                    email: member.email,
                    role: member.role.label().to_owned(),
                    last_login: member.last_login.map(|at| calendar.recently(instant(at))),
                })
                .collect(),
            glass: glass
                .into_iter()
                .map(|glass| GlassEntry {
                    who: glass.who,
                    began: calendar.recently(instant(glass.began_at)),
                    ended: calendar.time(instant(glass.ended_at)),
                    reason: glass.reason,
                })
                .collect(),
            may_manage: agency.role().may(Permission::ManageTenants),
            confirm_due: self.confirm_due().await?,
            inside: inside.is_some_and(|visitor| visitor.by_glass && visitor.tenant_slug == slug),
            fresh: self.take_fresh_link().await,
        })
    }

    async fn create_tenant(&self, form: NewTenantForm) -> Result<String, AppError> {
        let agency = self.agency(Permission::ManageTenants)?;
        let mut errors = check_facts(&form.name, &form.timezone, &form.plan, &form.domain);
        let slug = if form.slug.trim().is_empty() {
            Slug::from_name(&form.name)
        } else {
            form.slug.trim().to_lowercase().parse().ok()
        };
        // Without a name either, the name's own error says enough.
        if slug.is_none() && !(form.slug.trim().is_empty() && form.name.trim().is_empty()) {
            let message = tr!(
                "Use letras sem acento, números e hífens, como “clinica-aurora”.",
                "Use unaccented letters, digits and hyphens, as in “clinica-aurora”.",
            );
            errors.push(FieldError::new("slug", message));
        }
        let email = read_email(&form.email);
        if let Err(AppError::Invalid(at_email)) = &email {
            errors.extend(at_email.iter().cloned());
        }
        let (Some(slug), Ok(email), true) = (slug, email, errors.is_empty()) else {
            return Err(AppError::Invalid(errors));
        };
        let now = OffsetDateTime::now_utc();
        let id = TenantId::new();
        let (_, wrapped) = self
            .state
            .ring
            .create_tenant_key(*id.as_uuid(), 1)
            .map_err(|error| failure::internal("tenant key", &error))?;
        let key = NewTenantKey { ring_key: wrapped.ring_key, wrapped: wrapped.bytes };
        let purpose = LinkPurpose::Invite { tenant: id, role: Role::Admin };
        let link: MadeLink = make_link(&self.state.base_url, purpose, &email, now)?;
        let tenant = NewTenant {
            id,
            slug: slug.clone(),
            name: typed_line(&form.name),
            timezone: form.timezone,
            plan: plan_or_standard(&form.plan),
            domain: form.domain.trim().to_lowercase(),
        };
        let name = tenant.name.clone();
        let invitation = Some(link.row.clone());
        match self.state.store.create_tenant(agency, &self.act(), tenant, key, invitation, now).await {
            Ok(_) => {}
            Err(StoreError::SlugTaken) => {
                let message = tr!(
                    format!("Já existe um cliente “{slug}”: escolha outro nome curto."),
                    format!("There is already a client “{slug}”: choose another short name.")
                );
                return Err(AppError::Invalid(vec![FieldError::new("slug", message)]));
            }
            Err(error) => return Err(failure::store(error)),
        }
        self.deliver(&link, &name).await?;
        Ok(slug.as_str().to_owned())
    }

    async fn invite_admin(&self, slug: &str, email: &str) -> Result<(), AppError> {
        let agency = self.agency(Permission::ManageTenants)?;
        let slug = read_slug(slug)?;
        let tenant = self.state.store.find_tenant(agency, &slug).await.map_err(failure::store)?;
        let tenant = tenant.ok_or(AppError::NotFound)?;
        let email = read_email(email)?;
        let now = OffsetDateTime::now_utc();
        let purpose = LinkPurpose::Invite { tenant: tenant.id, role: Role::Admin };
        let link = make_link(&self.state.base_url, purpose, &email, now)?;
        match self.state.store.create_admin_invitation(agency, &self.act(), link.row.clone(), now).await {
            Ok(()) => self.deliver(&link, &tenant.name).await,
            Err(StoreError::AlreadyMember) => {
                let message =
                    tr!("Esta pessoa já está na equipe do cliente.", "This person is already in the client’s team.");
                Err(AppError::Invalid(vec![FieldError::new("email", message)]))
            }
            Err(error) => Err(failure::store(error)),
        }
    }

    async fn edit_tenant(&self, form: EditTenantForm) -> Result<(), AppError> {
        let agency = self.agency(Permission::ManageTenants)?;
        let slug = read_slug(&form.slug)?;
        let mut errors = check_facts(&form.name, &form.timezone, &form.plan, &form.domain);
        let colour = Hue::parse(&form.colour);
        if colour.is_none() && !form.colour.is_empty() {
            let message = tr!("Escolha uma das cores da lista.", "Choose one of the colours in the list.");
            errors.push(FieldError::new("colour", message));
        }
        if !errors.is_empty() {
            return Err(AppError::Invalid(errors));
        }
        let edit = TenantEdit {
            name: typed_line(&form.name),
            timezone: form.timezone,
            plan: plan_or_standard(&form.plan),
            domain: form.domain.trim().to_lowercase(),
            colour,
        };
        let now = OffsetDateTime::now_utc();
        found(self.state.store.edit_tenant(agency, &self.act(), &slug, &edit, now).await)
    }

    async fn suspend(&self, slug: &str, reason: &str) -> Result<(), AppError> {
        let reason = typed_line(reason);
        if reason.is_empty() || reason.chars().count() > 300 {
            let message = tr!(
                "Escreva o motivo, com até 300 caracteres: é o que as pessoas do cliente vão ler.",
                "Write the reason, in up to 300 characters: it is what the client’s people will read.",
            );
            return Err(AppError::Invalid(vec![FieldError::new("reason", message)]));
        }
        self.set_status(slug, TenantStatus::Suspended, Some(&reason)).await
    }

    async fn resume(&self, slug: &str) -> Result<(), AppError> {
        self.set_status(slug, TenantStatus::Active, None).await
    }

    async fn staff(&self) -> Result<StaffView, AppError> {
        let agency = self.agency(Permission::ManageTenants)?;
        let (people, required) = futures::future::try_join(
            self.state.store.list_staff(agency),
            self.state.store.staff_second_factor_required(),
        )
        .await
        .map_err(failure::store)?;
        let (caller, calendar) = (self.caller()?, agency_calendar());
        let people = people.into_iter().map(|person| StaffMember {
            you: person.id == caller.user,
            id: person.id.to_string(),
            name: person.name,
            email: person.email,
            role: person.role,
            second_factor: person.second_factor,
            last_login: person.last_login.map(|at| calendar.recently(instant(at))),
        });
        Ok(StaffView {
            people: people.collect(),
            second_factor_required: required,
            fresh: self.take_fresh_link().await,
        })
    }

    async fn invite_staff(&self, email: &str, role: AgencyRole) -> Result<(), AppError> {
        let agency = self.agency(Permission::ManageTenants)?;
        let email = read_email(email)?;
        let now = OffsetDateTime::now_utc();
        let link = make_link(&self.state.base_url, LinkPurpose::Staff { role }, &email, now)?;
        let made = self.state.store.create_staff_invitation(agency, &self.act(), link.row.clone(), now).await;
        made.map_err(failure::store)?;
        self.deliver(&link, "").await
    }

    async fn remove_staff(&self, person: &str) -> Result<(), AppError> {
        let agency = self.agency(Permission::ManageTenants)?;
        let user = self.another(person)?;
        let now = OffsetDateTime::now_utc();
        found(self.state.store.remove_staff(agency, &self.act(), user, now).await)
    }

    async fn require_staff_second_factor(&self, required: bool) -> Result<(), AppError> {
        let agency = self.agency(Permission::ManageTenants)?;
        self.has_one_to_require(required)?;
        let now = OffsetDateTime::now_utc();
        let act = self.act();
        self.state.store.require_staff_second_factor(agency, &act, required, now).await.map_err(failure::store)
    }

    async fn break_glass(&self, slug: &str, reason: &str, current: &str) -> Result<(), AppError> {
        let agency = self.agency(Permission::BreakGlass)?;
        let slug = read_slug(slug)?;
        let reason = typed_line(reason);
        if !(10..=300).contains(&reason.chars().count()) {
            let message = tr!(
                "Escreva o motivo, com 10 a 300 caracteres: o cliente vai ler.",
                "Write the reason, in 10 to 300 characters: the client will read it.",
            );
            return Err(AppError::Invalid(vec![FieldError::new("reason", message)]));
        }
        self.confirm_lately(current).await?;
        let now = OffsetDateTime::now_utc();
        let broken = self.state.store.break_glass(agency, &self.act(), &slug, &reason, GLASS_FOR, now).await;
        let tenant = broken.map_err(failure::store)?.ok_or(AppError::NotFound)?;
        tracing::warn!(%slug, user = ?agency.user(), "somebody of the agency broke the glass");
        self.renew_session(self.caller()?.user, Some(tenant)).await
    }

    async fn end_break_glass(&self) -> Result<(), AppError> {
        let agency = self.agency(Permission::BreakGlass)?;
        let caller = self.caller()?;
        if let Some(visitor) = caller.visitor.as_ref().filter(|visitor| visitor.by_glass) {
            let now = OffsetDateTime::now_utc();
            let ended = self.state.store.end_glass(agency, &self.act(), visitor.scope.tenant(), now).await;
            ended.map_err(failure::store)?;
        }
        self.renew_session(caller.user, None).await
    }
}

impl RequestBackend {
    async fn set_status(&self, slug: &str, status: TenantStatus, reason: Option<&str>) -> Result<(), AppError> {
        let agency = self.agency(Permission::ManageTenants)?;
        let slug = read_slug(slug)?;
        let now = OffsetDateTime::now_utc();
        found(self.state.store.set_tenant_status(agency, &self.act(), &slug, status, reason, now).await)
    }
}

fn found(outcome: Result<bool, StoreError>) -> Result<(), AppError> {
    if outcome.map_err(failure::store)? { Ok(()) } else { Err(AppError::NotFound) }
}
