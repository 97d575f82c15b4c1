"""Migrations of the exchange room."""
