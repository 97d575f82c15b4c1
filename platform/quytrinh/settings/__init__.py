"""Settings: base, and one module for each shape of installation."""
