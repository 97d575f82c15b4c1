"""The PKCS#12 plugin passes what every signing plugin must pass; a bad plugin does not."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from quytrinh.signing.demo_pki import DemoPki, Holder
from quytrinh.spi import (
    Signed,
    SignerKind,
    SigningFailed,
    SigningRegistry,
    SigningRequest,
    WrongPlugin,
)
from quytrinh.spi.conformance import signing_plugin_problems
from quytrinh.spi.signing_registry import SIGNING_GROUP
from quytrinh_sign_pkcs12 import Pkcs12Signing

PERSON = Holder("ha-tinh", "person:1", "Lê Văn Ổi", "UBND tỉnh Hà Tĩnh", SignerKind.PERSON)


@pytest.fixture(scope="module")
def plugin(tmp_path_factory: pytest.TempPathFactory) -> Pkcs12Signing:
    pki = DemoPki(tmp_path_factory.mktemp("pki"))
    pki.prepare()
    pki.issue(PERSON)
    return Pkcs12Signing(configuration(pki))


def configuration(pki: DemoPki) -> Mapping[str, Any]:
    return {"directory": str(pki.holders), "passphrase_file": str(pki.passphrase_file)}


def problems(plugin: Pkcs12Signing) -> list[str]:
    return signing_plugin_problems(
        plugin, agency="ha-tinh", holder="person:1", foreign_agency="binh-thuan"
    )


def test_it_conforms(plugin: Pkcs12Signing) -> None:
    assert problems(plugin) == []


def test_the_key_is_opened_once(plugin: Pkcs12Signing, monkeypatch) -> None:
    plugin.credentials("ha-tinh", "person:1")
    monkeypatch.setattr(Path, "read_bytes", lambda path: pytest.fail(f"{path} is read again"))
    assert plugin.credentials("ha-tinh", "person:1")


def test_it_says_that_there_are_no_keys_yet(tmp_path: Path) -> None:
    availability = Pkcs12Signing(configuration(DemoPki(tmp_path))).availability()
    assert not availability.usable
    assert availability.reason


@pytest.mark.parametrize("agency", ["../ha-tinh", "..", "/"])
def test_a_name_never_leaves_its_directory(plugin: Pkcs12Signing, agency: str) -> None:
    assert plugin.credentials(agency, "person:1") == ()


class Careless(Pkcs12Signing):
    """Signs whatever it is given, for whoever asks."""

    def sign(self, request: SigningRequest) -> Signed:
        return Signed(request.request_id, b"not a signature")

    def finish(self, request_id: str, answer: Mapping[str, Any]) -> Signed:
        return Signed(request_id, b"")


def test_a_careless_plugin_is_found_out(tmp_path: Path) -> None:
    pki = DemoPki(tmp_path)
    pki.prepare()
    pki.issue(PERSON)
    found = "\n".join(problems(Careless(configuration(pki))))
    for told in ("does not verify", "something else", "SHA-1", "key of another", "never deferred"):
        assert told in found


def test_the_registry_refuses_what_is_no_plugin(plugin: Pkcs12Signing) -> None:
    with pytest.raises(WrongPlugin):
        SigningRegistry([object()])  # type: ignore[list-item]
    with pytest.raises(WrongPlugin):
        SigningRegistry([plugin, plugin])


def test_only_configured_plugins_are_loaded(plugin: Pkcs12Signing, monkeypatch) -> None:
    class Entry:
        name = "pkcs12"

        def load(self) -> type[Pkcs12Signing]:
            return Pkcs12Signing

    asked = []
    monkeypatch.setattr(
        "quytrinh.spi.signing_registry.entry_points",
        lambda group: asked.append(group) or [Entry()],
    )
    registry, without = SigningRegistry(), SigningRegistry()
    registry.load_entry_points({"pkcs12": {"directory": "x", "passphrase_file": "y"}})
    without.load_entry_points({})
    assert registry.names() == ("pkcs12",)
    assert without.names() == ()
    assert asked == [SIGNING_GROUP] * 2


def test_signing_for_a_stranger_is_refused_in_words(plugin: Pkcs12Signing) -> None:
    with pytest.raises(SigningFailed) as refused:
        plugin.finish("nothing", {})
    assert not refused.value.retryable
