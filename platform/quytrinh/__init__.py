"""Quy Trình: procedures of government agencies, declared as data, run by one engine."""
