"""Deadlines: working time and due instants. Pure Python until calendars become rows."""
