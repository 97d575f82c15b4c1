"""The YAML language: source with positions, AST, JSON Schema, diagnostics."""
