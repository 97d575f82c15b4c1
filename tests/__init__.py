"""Tests in tiers: unit (pure), integration (real services), acceptance (a browser)."""
