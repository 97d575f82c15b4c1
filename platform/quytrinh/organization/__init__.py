"""Units, positions, roles and people of an agency, and who may do what."""
