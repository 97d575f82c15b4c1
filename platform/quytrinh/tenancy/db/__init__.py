"""Database backends: Django's own, made to carry the agency at work."""
