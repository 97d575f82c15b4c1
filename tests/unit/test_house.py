"""The house rules that no other tool watches."""

from __future__ import annotations

import platform
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("requirements.lock", "requirements-dev.lock")


def pins(lock: str) -> dict[str, str]:
    """Return package -> version of a lock file."""
    return dict(re.findall(r"^([a-z0-9._-]+)==(\S+)", (ROOT / lock).read_text(), re.MULTILINE))


def test_platform_folder_is_not_a_package() -> None:
    assert not (ROOT / "platform" / "__init__.py").exists()
    assert not Path(str(platform.__file__)).is_relative_to(ROOT)


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_pins_every_package_by_hash(lock: str) -> None:
    entries = re.split(r"\n(?=[a-z0-9])", (ROOT / lock).read_text())[1:]
    assert len(entries) == len(pins(lock))
    assert all("--hash=sha256:" in entry for entry in entries)


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_names_no_address_and_no_path(lock: str) -> None:
    text = (ROOT / lock).read_text()
    assert not re.search(r"://|^-|(?<![\w.])/\w|@ ", text, re.MULTILINE)


def test_both_locks_agree() -> None:
    running, developing = pins("requirements.lock"), pins("requirements-dev.lock")
    assert running.items() <= developing.items()


def test_what_redis_needs_on_the_oldest_python_is_locked() -> None:
    """Debian 12 has 3.11.2; a lock resolved on a later 3.11 would leave it out."""
    assert "async-timeout" in pins("requirements.lock")


def test_licence_is_the_whole_agpl() -> None:
    text = (ROOT / "LICENSE").read_text()
    assert text.lstrip().startswith("GNU AFFERO GENERAL PUBLIC LICENSE")
    headings = [int(number) for number in re.findall(r"^  (\d+)\. [A-Z]", text, re.MULTILINE)]
    assert headings == list(range(18))
    assert "END OF TERMS AND CONDITIONS" in text
