"""What can go wrong in the background."""

from __future__ import annotations


class BackgroundError(Exception):
    """Work in the background could not be done."""

    def __init__(self, message: str = "") -> None:
        super().__init__(message or (self.__doc__ or "").strip())


class LeaseLost(BackgroundError):
    """Another worker has taken the message over; what was done here must be rolled back."""


class UnknownKind(BackgroundError):
    """No handler is registered for this kind of message; a newer version may know it."""


class ContextLeaked(BackgroundError):
    """The task before this one left its agency behind; nothing of this task was done."""


class WorkerDied(BackgroundError):
    """The thread that does the background work has ended; the process cannot go on."""


class Permanent(BackgroundError):
    """Raised by a handler: no later attempt can succeed, so the message is dead at once."""


class NotRetryable(BackgroundError):
    """What this message was to do has been settled otherwise, by a person or by the procedure."""
