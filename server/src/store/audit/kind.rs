//! The kinds of events, with the word that stands in the store. Words are never reused for something else.

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $word:literal,)*) => {
        /// What happened.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum EventKind {
            $($(#[$doc])* $name,)*
        }

        impl EventKind {
            /// All kinds.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The word in the store.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $word,)*
                }
            }

            /// Reads the word of [`EventKind::as_str`].
            pub fn parse(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|kind| kind.as_str() == word)
            }
        }
    };
}

kinds! {
    /// Somebody signed in.
    SignedIn = "signed_in",
    /// A wrong password for a known account.
    SignInFailed = "sign_in_failed",
    /// An account has to wait after wrong passwords.
    AccountLocked = "account_locked",
    /// A wrong code of the second factor.
    CodeRefused = "code_refused",
    /// A recovery code was used.
    RecoveryCodeUsed = "recovery_code_used",
    /// Somebody signed out.
    SignedOut = "signed_out",
    /// A session was ended from elsewhere.
    SessionEnded = "session_ended",
    /// All sessions of a user were ended.
    AllSessionsEnded = "all_sessions_ended",
    /// A user changed the own password.
    PasswordChanged = "password_changed",
    /// A password was set by a link.
    PasswordReset = "password_reset",
    /// A link to set a password was made.
    ResetMade = "reset_made",
    /// A second factor was switched on.
    SecondFactorOn = "second_factor_on",
    /// A second factor was switched off.
    SecondFactorOff = "second_factor_off",
    /// A second factor is demanded of everybody, or no longer.
    SecondFactorRequired = "second_factor_required",
    /// Somebody was invited.
    Invited = "invited",
    /// An invitation was withdrawn.
    InvitationWithdrawn = "invitation_withdrawn",
    /// An invitation was accepted.
    InvitationAccepted = "invitation_accepted",
    /// A member was added by the command line or the importer.
    MemberAdded = "member_added",
    /// A member's role was changed.
    RoleChanged = "role_changed",
    /// A member's place was taken away.
    MemberRemoved = "member_removed",
    /// An account was disabled everywhere.
    UserDisabled = "user_disabled",
    /// An account was enabled again.
    UserEnabled = "user_enabled",
    /// Fields of a credential were stored.
    CredentialSaved = "credential_saved",
    /// A credential was removed.
    CredentialRemoved = "credential_removed",
    /// A person's consent at Google was stored.
    GoogleConnected = "google_connected",
    /// It was taken away.
    GoogleDisconnected = "google_disconnected",
    /// A stored value did not open.
    CredentialUnreadable = "credential_unreadable",
    /// A credential was found to work no longer, or again, or otherwise than before.
    ConnectionChanged = "connection_changed",
    /// A token for the tenant's automation was made.
    MachineTokenMade = "machine_token_made",
    /// It was withdrawn.
    MachineTokenRevoked = "machine_token_revoked",
    /// A credential was handed to the holder of such a token.
    CredentialHandedOut = "credential_handed_out",
    /// Another mapping of the tenant's tables was put in use.
    MappingSaved = "mapping_saved",
    /// An earlier one was put in use again.
    MappingRestored = "mapping_restored",
    /// A column of the mapping is not in the tenant's project any more.
    MappingColumnLost = "mapping_column_lost",
    /// An address was refused by the address policy.
    AddressRefused = "address_refused",
    /// A tenant was created.
    TenantCreated = "tenant_created",
    /// A tenant's name, plan, domain or zone was changed.
    TenantEdited = "tenant_edited",
    /// A tenant was suspended.
    TenantSuspended = "tenant_suspended",
    /// A tenant was let work again.
    TenantResumed = "tenant_resumed",
    /// A tenant's keys were destroyed.
    TenantShredded = "tenant_shredded",
    /// A tenant got a newer key, and its values were sealed with it.
    KeyRotated = "key_rotated",
    /// Keys were wrapped with another key of the ring.
    KeysRewrapped = "keys_rewrapped",
    /// Old versions of a tenant's key that nothing needed were dropped.
    KeysTrimmed = "keys_trimmed",
    /// A key of the ring that wraps nothing was forgotten.
    RingKeyForgotten = "ring_key_forgotten",
    /// Somebody of the agency entered the tenant.
    GlassBroken = "glass_broken",
    /// They left it.
    GlassEnded = "glass_ended",
    /// Somebody got a role in the agency.
    StaffAdded = "staff_added",
    /// A role in the agency was taken away.
    StaffRemoved = "staff_removed",
    /// Business hours were said.
    HoursSaved = "hours_saved",
    /// The trail was taken away as a file.
    AuditExported = "audit_exported",
    /// The tenant's conversations, messages or appointments were taken away as a file.
    ContentExported = "content_exported",
    /// The tenant's settings were taken away as a file.
    SettingsExported = "settings_exported",
    /// A tenant came in by the importer.
    Imported = "imported",
}
