-- The same column as postgres/0007_business_hours.sql, in SQLite's words. Change both or none.

-- When the tenant's business is open, as JSON: days of the week and hours on its own clock. Nothing until somebody says so.
alter table tenants add column business_hours text;
