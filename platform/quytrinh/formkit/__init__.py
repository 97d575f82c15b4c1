"""The formkit room."""
