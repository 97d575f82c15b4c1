"""The studio room."""
