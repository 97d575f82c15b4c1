"""PostgreSQL with the tenant setting in every transaction."""
