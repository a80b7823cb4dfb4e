-- The same tables as sqlite/0012_limits.sql, in Postgres's words. Change both or none.
--
-- Unlogged: nothing here is worth more than a minute, and each row is written at every try. Without the log no try waits for
-- the disk; a crash of the database forgives what a restart of the only process forgives as well.

-- What all processes count together: wrong passwords and tokens, reads by a token, tests of connections. The key is an HMAC of
-- whose they are. Whose allowance is whole again is like nobody: the row is swept.
create unlogged table limits (
    kind       text   collate "C" not null,
    key_hash   bytea  not null,
    -- When the whole allowance is back (GCRA's theoretical arrival time).
    tat        bigint not null,
    -- Nothing is let in before.
    shut_until bigint not null,
    constraint limits_pkey primary key (kind, key_hash)
);

-- Who tries a password of an account at this moment: one at a time, in whichever process. Given back after the try, forgotten
-- at its end when the process that took it died.
create unlogged table turns (
    account     bytea  not null constraint turns_pkey primary key,
    holder      uuid   not null,
    taken_until bigint not null
);
