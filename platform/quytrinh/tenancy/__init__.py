"""Tenancy: agencies, the current one, and the two walls between them."""
