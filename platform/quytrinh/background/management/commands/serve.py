"""`manage.py serve`: the whole platform in one process."""

from __future__ import annotations

import errno
import os
import signal
import socket
import time
from typing import Any

import uvicorn
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from quytrinh.background.embedded import EmbeddedWorker

PORT_WAIT_SECONDS = 5.0


class Command(BaseCommand):
    """Pages in the main thread, background work in another; ends cleanly on SIGTERM and Ctrl+C."""

    help = "Chạy toàn bộ hệ thống trong một tiến trình (HOST, PORT: địa chỉ và cổng)."

    def add_arguments(self, parser: CommandParser) -> None:
        """HOST and PORT may come from the environment."""
        parser.add_argument("--host", default=os.environ.get("HOST", "127.0.0.1"))
        parser.add_argument("--port", default=os.environ.get("PORT", "8000"))

    def handle(self, *args: Any, **options: Any) -> None:
        """Take the port first, then start the worker, then serve until told to stop."""
        host, port = options["host"], _port(options["port"])
        listener = self._listen(host, port)
        # Only now: it builds the application and checks the walls between agencies.
        application = import_string(settings.ASGI_APPLICATION)
        server = uvicorn.Server(
            uvicorn.Config(application, lifespan="off", log_level="warning", ws="websockets-sansio")
        )
        worker = EmbeddedWorker(on_death=lambda: setattr(server, "should_exit", True))
        # uvicorn raises the signal again once it has stopped; the worker must still be joined.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: None)
        worker.start()
        self.stdout.write(
            _("Quy Trình đang chạy tại %(address)s (Ctrl+C để dừng).")
            % {"address": f"http://{_shown(host)}:{port}/"}
        )
        self.stdout.flush()
        server.run(sockets=[listener])
        died = not worker.is_alive
        worker.stop()
        if died:
            raise CommandError(_("Bộ xử lý nền đã dừng đột ngột nên hệ thống dừng theo."))
        self.stdout.write(_("Đã dừng. Không mất việc nào đang chờ."))

    def _listen(self, host: str, port: int) -> socket.socket:
        """Bind the port, waiting a little for a process that is just ending."""
        deadline = time.monotonic() + PORT_WAIT_SECONDS
        told = False
        while True:
            try:
                return _bound(host, port)
            except OSError as error:
                if error.errno != errno.EADDRINUSE or time.monotonic() > deadline:
                    raise CommandError(_refusal(error, host, port)) from error
            if not told:
                self.stdout.write(_("Cổng %(port)d đang bận, chờ giải phóng …") % {"port": port})
                self.stdout.flush()
                told = True
            time.sleep(0.2)


def _bound(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(128)
    except OSError:
        listener.close()
        raise
    return listener


def _port(text: str) -> int:
    if text.isdigit() and 0 < int(text) < 65536:
        return int(text)
    raise CommandError(_("Cổng “%(port)s” không hợp lệ (1–65535).") % {"port": text})


def _refusal(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return _(
            "Cổng %(port)d đang được chương trình khác dùng. Dừng chương trình đó, hoặc chọn "
            "cổng khác: PORT=%(other)d make run"
        ) % {"port": port, "other": port + 1}
    return _("Không mở được %(host)s:%(port)d: %(reason)s.") % {
        "host": host,
        "port": port,
        "reason": error.strerror,
    }


def _shown(host: str) -> str:
    """Return the name a browser on this machine would use."""
    return "localhost" if host in {"127.0.0.1", "0.0.0.0", "::", "::1"} else host  # noqa: S104
