-- The same table and triggers as sqlite/0011_notices.sql, in Postgres's words. Change both or none.

-- That something was withdrawn or changed, and whom it is about: ids and no value. Each process reads what is new here and
-- asks the rows themselves; rows older than ten minutes are of no use to anybody.
create table notices (
    id        bigint generated always as identity constraint notices_pkey primary key,
    -- By the database's own clock: the processes' may differ.
    at        bigint not null default ((extract(epoch from clock_timestamp()) * 1000000)::bigint),
    about     text   collate "C" not null
                     constraint notices_about_known check (about in ('user', 'tenant', 'ring', 'all')),
    -- Of nobody any more, perhaps: no foreign keys.
    tenant_id uuid,
    user_id   uuid
);

-- Writes a notice in the act's own transaction: it is there exactly if the act is. All of a transaction's words to those
-- who listen are one. By the rights of the tables' owner, so that no act fails for want of a grant on this table, be it
-- in the moment between this migration and its grants.
create function give_notice() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare
    its_tenant uuid;
    its_user   uuid;
begin
    case tg_table_name
        when 'tenants' then its_tenant := old.id;
        when 'credentials' then its_tenant := old.tenant_id;
        when 'users' then its_user := old.id;
        when 'sessions', 'agency_members' then its_user := old.user_id;
        when 'memberships', 'glass' then
            its_tenant := old.tenant_id;
            its_user := old.user_id;
        else null;
    end case;
    insert into notices (about, tenant_id, user_id) values (tg_argv[0], its_tenant, its_user);
    perform pg_notify('painel_notices', '');
    return null;
end $$;

-- A session that was ended, or has another id, user or tenant. What ends it by the clock gives no notice.
create trigger sessions_notice after update of revoked_at, id_hash, user_id, tenant_id on sessions for each row
    when (old.user_id is not null and (old.revoked_at is distinct from new.revoked_at or old.id_hash <> new.id_hash
        or old.user_id is distinct from new.user_id or old.tenant_id is distinct from new.tenant_id))
    execute function give_notice('user');

create trigger memberships_role_notice after update of role on memberships for each row
    when (old.role <> new.role) execute function give_notice('user');
create trigger memberships_end_notice after delete on memberships for each row execute function give_notice('user');

create trigger users_notice after update of disabled_at, totp_since on users for each row
    when (old.disabled_at is distinct from new.disabled_at or old.totp_since is distinct from new.totp_since)
    execute function give_notice('user');

create trigger agency_members_role_notice after update of role on agency_members for each row
    when (old.role <> new.role) execute function give_notice('user');
create trigger agency_members_end_notice after delete on agency_members for each row
    execute function give_notice('user');

create trigger glass_notice after update of ended_at on glass for each row
    when (old.ended_at is distinct from new.ended_at) execute function give_notice('user');

create trigger tenants_notice after update of status, second_factor_required, shredded_at on tenants for each row
    when (old.status <> new.status or old.second_factor_required <> new.second_factor_required
        or old.shredded_at is distinct from new.shredded_at)
    execute function give_notice('tenant');

create trigger credentials_notice after update of version, removed_at on credentials for each row
    when (old.version <> new.version or old.removed_at is distinct from new.removed_at)
    execute function give_notice('tenant');
create trigger credentials_end_notice after delete on credentials for each row execute function give_notice('tenant');

create trigger agency_settings_notice after insert or update of value on agency_settings for each row
    when (new.name = 'staff_second_factor') execute function give_notice('all');

create trigger key_checks_notice after insert or update on key_checks for each row execute function give_notice('ring');
