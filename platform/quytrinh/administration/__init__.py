"""The administration room."""
