"""Running cases go over to a later version of their procedure, and back."""
