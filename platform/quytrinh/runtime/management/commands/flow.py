"""`manage.py flow check|show|diff|simulate|promulgate`: procedures on the command line."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from quytrinh.compiler.files import check_paths
from quytrinh.compiler.simulation import Simulation
from quytrinh.compiler.simulation_choice import Chooser, Undecidable
from quytrinh.deadlines.paper import PaperClock
from quytrinh.language.diagnostics import Diagnostic
from quytrinh.language.runs import check_runs
from quytrinh.language.stems import in_english
from quytrinh.runtime import shows
from quytrinh.runtime.choices import Urgency
from quytrinh.runtime.examples import departures, live, national_calendars, typed
from quytrinh.runtime.exceptions import DraftInvalid, FormInvalid, RuntimeFailure
from quytrinh.runtime.named_flows import named_flow
from quytrinh.runtime.plugins import registry
from quytrinh.runtime.promulgating import promulgate_named

USAGE_ERROR = 2
NAME_HELP = "tệp .yaml, hoặc CƠ_QUAN/QUY_TRÌNH[@phiên bản]"


class Command(BaseCommand):
    """Exit 0: done, nothing wrong; 1: errors found; 2: wrong usage."""

    help = "Kiểm tra, xem, so sánh, chạy thử và ban hành quy trình."
    # A text is checked by itself: neither the database nor other system checks matter.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the commands."""
        commands = parser.add_subparsers(dest="command", required=True, parser_class=ArgumentParser)
        check = commands.add_parser("check", help="Kiểm tra tệp hoặc thư mục")
        check.add_argument("paths", nargs="+", type=Path, metavar="PATH")
        check.add_argument("--format", choices=("text", "json"), default="text")
        check.add_argument("--lang", choices=("vi", "en"), default="vi", help="Ngôn ngữ của lỗi")
        show = commands.add_parser("show", help="Xem sơ đồ, bảng bước, BPMN hoặc dạng chuẩn")
        show.add_argument("name", metavar="FLOW", help=NAME_HELP)
        show.add_argument("--format", choices=tuple(shows.FORMATS), default="table")
        diff = commands.add_parser("diff", help="Nói khác nhau chỗ nào, bằng câu")
        diff.add_argument("old", metavar="CŨ", help=NAME_HELP)
        diff.add_argument("new", metavar="MỚI", help=NAME_HELP)
        _add_simulate(commands.add_parser("simulate", help="Chạy thử trên giấy"))
        rerun = commands.add_parser("rerun", help="Chạy lại các ví dụ đi cùng quy trình")
        rerun.add_argument("name", metavar="FLOW", help=NAME_HELP)
        rerun.add_argument("examples", type=Path, metavar="TỆP_VÍ_DỤ")
        _add_promulgate(commands.add_parser("promulgate", help="Ban hành một bản nháp"))

    def handle(self, *args: Any, **options: Any) -> None:
        """Do one of the commands; tell what is wrong and exit accordingly."""
        try:
            getattr(self, f"_{options['command']}")(options)
        except DraftInvalid as refusal:
            self._print(refusal.diagnostics, "text")
            raise CommandError(refusal.message) from refusal
        except FormInvalid as refusal:
            told = [f"{field}: {'; '.join(found)}" for field, found in refusal.errors.items()]
            raise CommandError("\n".join([refusal.message, *told])) from refusal
        except RuntimeFailure as refusal:
            raise CommandError(refusal.message, returncode=USAGE_ERROR) from refusal
        except Undecidable as refusal:
            raise CommandError(str(refusal), returncode=USAGE_ERROR) from refusal

    def _check(self, options: dict[str, Any]) -> None:
        missing = [path for path in options["paths"] if not path.exists()]
        if missing:
            raise CommandError(f"Không có tệp hoặc thư mục {missing[0]}", returncode=USAGE_ERROR)
        found = check_paths(options["paths"], registry())
        told = [in_english(each) for each in found] if options["lang"] == "en" else found
        self._print(told, options["format"])
        if any(diagnostic.is_error for diagnostic in found):
            sys.exit(1)

    def _show(self, options: dict[str, Any]) -> None:
        self.stdout.write(shows.FORMATS[options["format"]](named_flow(options["name"])))

    def _diff(self, options: dict[str, Any]) -> None:
        old, new = named_flow(options["old"]), named_flow(options["new"])
        for title, sentences in shows.differences_by_class(old, new):
            self.stdout.write(title)
            for sentence in sentences:
                self.stdout.write(f"  - {sentence}")

    def _simulate(self, options: dict[str, Any]) -> None:
        flow = named_flow(options["name"])
        values = _pairs(options["set"])
        if options["urgency"]:
            values = {"urgency": options["urgency"], **values}
        story = Simulation(
            flow.phrases,
            clock=PaperClock(national_calendars(), options["urgency"]),
            chooser=Chooser(
                flow.plan,
                script=_lists(options["decide"]),
                seed=options["random"],
                values=values,
                members=_lists(options["members"]),
            ),
            start=options["start"] or timezone.localtime(),
            urgency=options["urgency"],
        ).run()
        for line in story.lines:
            self.stdout.write(f"{line.at:%d/%m/%Y %H:%M}  {line.text}")
        if story.outcome is None:
            raise CommandError("Chạy thử quá lâu mà hồ sơ chưa kết thúc.")

    def _rerun(self, options: dict[str, Any]) -> None:
        flow = named_flow(options["name"])
        runs = check_runs(options["examples"].read_bytes(), str(options["examples"]))
        self._print(runs.diagnostics, "text")
        failed = any(found.is_error for found in runs.diagnostics)
        for example in runs.examples:
            wrong = list(departures(live(flow, example), example))
            self.stdout.write(f"{'không đúng' if wrong else 'đúng'}: {example.name}")
            for each in wrong:
                self.stdout.write(f"  - {each}")
            failed = failed or bool(wrong)
        if failed:
            sys.exit(1)

    def _promulgate(self, options: dict[str, Any]) -> None:
        version = promulgate_named(
            options["name"],
            login=options["by"],
            decision_number=options["number"],
            decision_date=options["date"],
            effective_from=options["effective"],
            settings=_lists(options["set"]) or None,
        )
        self.stdout.write(f"{version.flow.key}@{version.number}: {version.plan_digest}")

    def _print(self, diagnostics: Iterable[Diagnostic], style: str) -> None:
        if style == "json":
            found = [diagnostic.as_json() for diagnostic in diagnostics]
            self.stdout.write(json.dumps(found, ensure_ascii=False, indent=2))
            return
        for diagnostic in diagnostics:
            self.stdout.write(diagnostic.as_text())


def _add_simulate(parser: ArgumentParser) -> None:
    parser.add_argument("name", metavar="FLOW", help=NAME_HELP)
    parser.add_argument(
        "--decide", nargs="*", default=[], metavar="BƯỚC=THAO_TÁC",
        help="thao tác, kết quả hoặc đích của bước, lần lượt nếu nhắc lại; `late`: để quá hạn; "
        "`bước?=yes|no`: điều kiện của bước",
    )  # fmt: skip
    parser.add_argument("--set", nargs="*", default=[], metavar="TRƯỜNG=GIÁ_TRỊ")
    parser.add_argument("--members", nargs="*", default=[], metavar="BƯỚC=THÀNH_VIÊN")
    parser.add_argument(
        "--random", type=int, metavar="SỐ", help="quyết định ngẫu nhiên theo số này"
    )
    parser.add_argument("--start", type=_instant, default=None, metavar="2026-11-23T08:00")
    parser.add_argument("--urgency", choices=Urgency.values, default="")


def _add_promulgate(parser: ArgumentParser) -> None:
    parser.add_argument("name", metavar="CƠ_QUAN/QUY_TRÌNH@SỐ")
    parser.add_argument("--by", required=True, metavar="TÊN_ĐĂNG_NHẬP", help="thủ trưởng cơ quan")
    parser.add_argument("--number", required=True, help="số, ký hiệu quyết định")
    parser.add_argument("--date", required=True, type=date.fromisoformat, metavar="2026-11-23")
    parser.add_argument("--effective", type=date.fromisoformat, metavar="2026-12-01")
    parser.add_argument("--set", nargs="*", default=[], metavar="THAM_SỐ=GIÁ_TRỊ")


def _instant(text: str) -> datetime:
    return timezone.make_aware(datetime.fromisoformat(text))


def _lists(pairs: Iterable[str]) -> dict[str, list[str]]:
    """`a=x a=y b=z` as {a: [x, y], b: [z]}."""
    found: dict[str, list[str]] = {}
    for pair in pairs:
        key, sign, value = pair.partition("=")
        if not sign:
            raise CommandError(
                f"Hãy viết `mã=giá trị`, không phải `{pair}`", returncode=USAGE_ERROR
            )
        found.setdefault(key, []).append(value)
    return found


def _pairs(pairs: Iterable[str]) -> dict[str, Any]:
    """Values of fields: numbers and truth values where they look like them."""
    return {key: typed(values[-1]) for key, values in _lists(pairs).items()}
