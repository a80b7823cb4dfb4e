-- The same table and triggers as postgres/0011_notices.sql, in SQLite's words. Change both or none.

-- That something was withdrawn or changed, and whom it is about: ids and no value. Each process (the server; the command
-- line beside it only writes) reads what is new here and asks the rows themselves; rows older than ten minutes are of no
-- use to anybody.
create table notices (
    -- Never given twice, also when all rows are gone: who reads goes on from the last one.
    id        integer not null constraint notices_pkey primary key autoincrement,
    -- To a millisecond.
    at        integer not null default (cast((julianday('now') - 2440587.5) * 86400000000.0 as integer)),
    about     text    not null
                      constraint notices_about_known check (about in ('user', 'tenant', 'ring', 'all')),
    -- Of nobody any more, perhaps: no foreign keys.
    tenant_id blob,
    user_id   blob
) strict;

-- A session that was ended, or has another id, user or tenant. What ends it by the clock gives no notice.
create trigger sessions_notice after update of revoked_at, id_hash, user_id, tenant_id on sessions
when old.user_id is not null and (old.revoked_at is not new.revoked_at or old.id_hash <> new.id_hash
    or old.user_id is not new.user_id or old.tenant_id is not new.tenant_id)
begin insert into notices (about, user_id) values ('user', old.user_id); end;

create trigger memberships_role_notice after update of role on memberships when old.role <> new.role
begin insert into notices (about, tenant_id, user_id) values ('user', old.tenant_id, old.user_id); end;
create trigger memberships_end_notice after delete on memberships
begin insert into notices (about, tenant_id, user_id) values ('user', old.tenant_id, old.user_id); end;

create trigger users_notice after update of disabled_at, totp_since on users
when old.disabled_at is not new.disabled_at or old.totp_since is not new.totp_since
begin insert into notices (about, user_id) values ('user', old.id); end;

create trigger agency_members_role_notice after update of role on agency_members when old.role <> new.role
begin insert into notices (about, user_id) values ('user', old.user_id); end;
create trigger agency_members_end_notice after delete on agency_members
begin insert into notices (about, user_id) values ('user', old.user_id); end;

create trigger glass_notice after update of ended_at on glass when old.ended_at is not new.ended_at
begin insert into notices (about, tenant_id, user_id) values ('user', old.tenant_id, old.user_id); end;

create trigger tenants_notice after update of status, second_factor_required, shredded_at on tenants
when old.status <> new.status or old.second_factor_required <> new.second_factor_required
    or old.shredded_at is not new.shredded_at
begin insert into notices (about, tenant_id) values ('tenant', old.id); end;

create trigger credentials_notice after update of version, removed_at on credentials
when old.version <> new.version or old.removed_at is not new.removed_at
begin insert into notices (about, tenant_id) values ('tenant', old.tenant_id); end;
create trigger credentials_end_notice after delete on credentials
begin insert into notices (about, tenant_id) values ('tenant', old.tenant_id); end;

create trigger agency_settings_insert_notice after insert on agency_settings when new.name = 'staff_second_factor'
begin insert into notices (about) values ('all'); end;
create trigger agency_settings_notice after update of value on agency_settings when new.name = 'staff_second_factor'
begin insert into notices (about) values ('all'); end;

create trigger key_checks_insert_notice after insert on key_checks
begin insert into notices (about) values ('ring'); end;
create trigger key_checks_notice after update on key_checks
begin insert into notices (about) values ('ring'); end;
