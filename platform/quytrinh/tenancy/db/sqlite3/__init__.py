"""SQLite that begins reading transactions without the write lock."""
