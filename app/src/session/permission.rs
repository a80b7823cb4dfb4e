//! What each role may do: the one table. The server asks it for every page and every server function (`crate::access`
//! says which asks for what); pages ask it to leave out what would be refused.

use super::types::{AgencyRole, Role};

/// Something that not everybody may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Permission {
    /// Read the tenant's conversations, appointments and figures.
    ReadContent,
    /// Take the tenant's rows away as a file.
    Export,
    /// See and change the tenant's credentials.
    KeepCredentials,
    /// Invite people into the tenant, change their roles, send them away.
    ManageTeam,
    /// Read what was done in the tenant.
    ReadAudit,
    /// See all tenants' state, health and counts, never their content.
    SeeFleet,
    /// Create, change, suspend and resume tenants, and say who works for the agency.
    ManageTenants,
    /// Enter a tenant for a short time, with a reason that the tenant sees.
    BreakGlass,
}

impl Permission {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::ReadContent,
        Self::Export,
        Self::KeepCredentials,
        Self::ManageTeam,
        Self::ReadAudit,
        Self::SeeFleet,
        Self::ManageTenants,
        Self::BreakGlass,
    ];
}

impl Role {
    /// Whether a member of this role may do it in their tenant.
    pub fn may(self, permission: Permission) -> bool {
        match permission {
            Permission::ReadContent => true,
            Permission::Export => self >= Self::Agent,
            Permission::KeepCredentials | Permission::ManageTeam | Permission::ReadAudit => self >= Self::Admin,
            Permission::SeeFleet | Permission::ManageTenants | Permission::BreakGlass => false,
        }
    }
}

impl AgencyRole {
    /// Whether a person of the agency may do it. Nothing here opens a tenant's content: that takes a membership or
    /// breaking the glass.
    pub fn may(self, permission: Permission) -> bool {
        match permission {
            Permission::SeeFleet => true,
            Permission::ManageTenants | Permission::BreakGlass => self == Self::Owner,
            Permission::ReadContent
            | Permission::Export
            | Permission::KeepCredentials
            | Permission::ManageTeam
            | Permission::ReadAudit => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table of the house plan, line by line: viewer, agent, admin, support, owner.
    #[test]
    fn the_table_is_the_house_plans() {
        let table = [
            (Permission::ReadContent, "vga--"),
            (Permission::Export, "-ga--"),
            (Permission::KeepCredentials, "--a--"),
            (Permission::ManageTeam, "--a--"),
            (Permission::ReadAudit, "--a--"),
            (Permission::SeeFleet, "---so"),
            (Permission::ManageTenants, "----o"),
            (Permission::BreakGlass, "----o"),
        ];
        assert_eq!(table.map(|(permission, _)| permission), Permission::ALL);
        for (permission, may) in table {
            let tenant = [(Role::Viewer, 'v'), (Role::Agent, 'g'), (Role::Admin, 'a')];
            for (role, sign) in tenant {
                assert_eq!(role.may(permission), may.contains(sign), "{role:?} {permission:?}");
            }
            for (role, sign) in [(AgencyRole::Support, 's'), (AgencyRole::Owner, 'o')] {
                assert_eq!(role.may(permission), may.contains(sign), "{role:?} {permission:?}");
            }
        }
    }
}
