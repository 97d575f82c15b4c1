"""Four ways to do a human step on the same PostgreSQL, measured side by side."""
