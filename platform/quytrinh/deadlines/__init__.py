"""Deadlines: calendars and due instants. The arithmetic is pure; calendars of agencies are rows."""
