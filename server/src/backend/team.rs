//! A tenant's team: members, invitations, links to new passwords.

use super::{RequestBackend, calendar, failure, instant, letters::make_link};
use crate::store::{Email, LinkId, LinkPurpose, StoreError, UserId, Visitor};
use app::{
    error::{AppError, FieldError},
    links::LinksBackend,
    session::{Permission, Role},
    team::{InvitationView, MemberView, TeamBackend, TeamView},
    tr,
};
use std::sync::Arc;
use time::OffsetDateTime;
use uuid::Uuid;

const MOST_MEMBERS: u32 = 500;

#[async_trait::async_trait]
impl TeamBackend for RequestBackend {
    async fn team(&self) -> Result<TeamView, AppError> {
        let visitor = self.team_admin()?;
        let (caller, calendar) = (self.caller()?, calendar(visitor));
        let now = OffsetDateTime::now_utc();
        let (members, invitations) = futures::future::try_join(
            self.state.store.list_members(&visitor.scope, MOST_MEMBERS),
            self.state.store.list_invitations(&visitor.scope, now),
        )
        .await
        .map_err(failure::store)?;
        let members = members.into_iter().map(|member| MemberView {
            you: member.id == caller.user,
            id: member.id.to_string(),
            name: member.name,
            email: member.email,
            role: member.role,
            second_factor: member.second_factor,
            last_login: member.last_login.map(|at| calendar.recently(instant(at))),
            disabled: member.disabled,
        });
        let invitations = invitations.into_iter().map(|invitation| InvitationView {
            id: invitation.id.to_string(),
            email: invitation.email,
            role: invitation.role,
            by: invitation.created_by_name.unwrap_or_default(),
            expires: calendar.soon(instant(invitation.expires_at)),
        });
        Ok(TeamView {
            members: members.collect(),
            invitations: invitations.collect(),
            fresh: self.take_fresh_link().await,
            second_factor_required: self.tenant_requires(visitor).await?,
            mails: self.mails(),
        })
    }

    async fn invite(&self, email: &str, role: Role) -> Result<(), AppError> {
        let visitor = self.team_admin()?;
        let email = read_email(email)?;
        let now = OffsetDateTime::now_utc();
        let purpose = LinkPurpose::Invite { tenant: visitor.scope.tenant(), role };
        let link = make_link(&self.state.base_url, purpose, &email, now)?;
        match self.state.store.create_invitation(&visitor.scope, &self.act(), link.row.clone(), now).await {
            Ok(()) => self.deliver(&link, &visitor.tenant_name).await,
            Err(StoreError::AlreadyMember) => {
                let message = tr!("Esta pessoa já está na equipe.", "This person is already in the team.");
                Err(AppError::Invalid(vec![FieldError::new("email", message)]))
            }
            Err(error) => Err(failure::store(error)),
        }
    }

    async fn withdraw(&self, invitation: &str) -> Result<(), AppError> {
        let visitor = self.team_admin()?;
        let id = LinkId::from_uuid(Uuid::parse_str(invitation).map_err(|_| AppError::NotFound)?);
        let now = OffsetDateTime::now_utc();
        let done = self.state.store.withdraw_invitation(&visitor.scope, &self.act(), id, now).await;
        if done.map_err(failure::store)? { Ok(()) } else { Err(AppError::NotFound) }
    }

    async fn set_role(&self, member: &str, role: Role) -> Result<(), AppError> {
        let (visitor, user) = (self.team_admin()?, self.another(member)?);
        let now = OffsetDateTime::now_utc();
        let done = self.state.store.set_role(&visitor.scope, &self.act(), user, role, now).await;
        if done.map_err(failure::store)? { Ok(()) } else { Err(AppError::NotFound) }
    }

    async fn remove_member(&self, member: &str) -> Result<(), AppError> {
        let (visitor, user) = (self.team_admin()?, self.another(member)?);
        let now = OffsetDateTime::now_utc();
        let done = self.state.store.remove_member(&visitor.scope, &self.act(), user, now).await;
        if done.map_err(failure::store)? { Ok(()) } else { Err(AppError::NotFound) }
    }

    async fn reset_link(&self, member: &str) -> Result<(), AppError> {
        let (visitor, user) = (self.team_admin()?, self.another(member)?);
        let standing = self.state.store.find_member_standing(&visitor.scope, user).await.map_err(failure::store)?;
        let standing = standing.ok_or(AppError::NotFound)?;
        // Shown here, a link to somebody's account would open their other places to this tenant's admin.
        if !standing.only_here && !self.mails() {
            return Err(AppError::Invalid(vec![FieldError::new(
                "member",
                tr!(
                    "Esta pessoa também usa outros painéis: peça à agência o link para a senha nova.",
                    "This person uses other dashboards too: ask the agency for the link to a new password.",
                ),
            )]));
        }
        let email = read_email(&standing.email)?;
        let now = OffsetDateTime::now_utc();
        let link = make_link(&self.state.base_url, LinkPurpose::Reset { user }, &email, now)?;
        let made = self.state.store.create_reset(Some(&visitor.scope), &self.act(), link.row.clone(), now).await;
        made.map_err(failure::store)?;
        if standing.only_here {
            self.deliver(&link, &visitor.tenant_name).await
        } else {
            self.deliver_by_mail_alone(&link).await
        }
    }

    async fn require_second_factor(&self, required: bool) -> Result<(), AppError> {
        let visitor = self.team_admin()?;
        self.has_one_to_require(required)?;
        let now = OffsetDateTime::now_utc();
        let act = self.act();
        self.state.store.require_second_factor(&visitor.scope, &act, required, now).await.map_err(failure::store)
    }
}

impl RequestBackend {
    fn team_admin(&self) -> Result<&Arc<Visitor>, AppError> {
        self.member(Permission::ManageTeam)
    }

    /// Somebody else's id: nobody changes their own role or place, so that a tenant is never left without an admin.
    pub(super) fn another(&self, id: &str) -> Result<UserId, AppError> {
        let user = UserId::from_uuid(Uuid::parse_str(id).map_err(|_| AppError::NotFound)?);
        if user == self.caller()?.user { Err(AppError::NotAllowed) } else { Ok(user) }
    }

    /// Who demands a second factor of others has one, or would shut themselves out.
    pub(super) fn has_one_to_require(&self, required: bool) -> Result<(), AppError> {
        if required && !self.caller()?.second_factor {
            let message = tr!(
                "Ative antes a sua própria verificação em duas etapas, em Segurança.",
                "First turn on your own two-step verification, in Security.",
            );
            return Err(AppError::Invalid(vec![FieldError::new("required", message)]));
        }
        Ok(())
    }

    async fn tenant_requires(&self, visitor: &Visitor) -> Result<bool, AppError> {
        self.state.store.second_factor_required(&visitor.scope).await.map_err(failure::store)
    }
}

/// An e-mail of a form.
///
/// # Errors
/// `Invalid` at `email`.
pub(super) fn read_email(text: &str) -> Result<Email, AppError> {
    text.parse().map_err(|_| {
        let message = tr!(
            "Não parece um e-mail: use algo como nome@empresa.com.br.",
            "This does not look like an email: use something like name@company.com.",
        );
        AppError::Invalid(vec![FieldError::new("email", message)])
    })
}
