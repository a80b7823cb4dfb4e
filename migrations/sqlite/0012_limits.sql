-- The same tables as postgres/0012_limits.sql, in SQLite's words. Change both or none.
--
-- A single process counts in its memory: on SQLite nothing is written here.

-- What all processes count together: wrong passwords and tokens, reads by a token, tests of connections. The key is an HMAC of
-- whose they are. Whose allowance is whole again is like nobody: the row is swept.
create table limits (
    kind       text    not null,
    key_hash   blob    not null,
    -- When the whole allowance is back (GCRA's theoretical arrival time).
    tat        integer not null,
    -- Nothing is let in before.
    shut_until integer not null,
    constraint limits_pkey primary key (kind, key_hash)
) strict;

-- Who tries a password of an account at this moment: one at a time, in whichever process. Given back after the try, forgotten
-- at its end when the process that took it died.
create table turns (
    account     blob    not null constraint turns_pkey primary key,
    holder      blob    not null,
    taken_until integer not null
) strict;
