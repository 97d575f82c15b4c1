"""Whole folders: kinds told by their key, forms of the agency before those of the library."""

from __future__ import annotations

from pathlib import Path

import pytest

from quytrinh.compiler.files import check_paths, discover, kind_of
from quytrinh.spi import Registry

FLOW = """\
quytrinh: 1
flow: thu
name: Thử
roles: {doer: {name: Người làm, who: {creator: true}}}
steps:
  - {id: work, by: doer, form: phieu}
  - {id: more, by: doer, when: case.title == 'x'}
  - {end: done}
"""
FORM = """\
quytrinh: 1
form: phieu
name: Phiếu
schema: {type: object, required: [title], properties: {title: {type: string, title: Tên}}}
"""


def write(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def codes(*paths: Path) -> list[tuple[str, str]]:
    found = check_paths(paths, Registry())
    return [(Path(each.span.file).name, each.code) for each in found]


def test_a_right_tree_is_silent(tmp_path: Path) -> None:
    root = write(
        tmp_path,
        {
            "tenants/a/flows/thu.yaml": FLOW,
            "tenants/a/forms/phieu.yml": FORM,
            "tenants/a/tenant.yaml": "quytrinh: 1\ntenant: a\nname: A\n",
            "flows/README.md": "no YAML",
        },
    )
    assert codes(root) == []
    assert codes(root / "tenants" / "a" / "flows" / "thu.yaml") == []
    assert codes(root / "tenants" / "a" / "flows") == []


def test_an_agency_does_not_see_the_forms_of_another(tmp_path: Path) -> None:
    root = write(tmp_path, {"tenants/a/flows/thu.yaml": FLOW, "tenants/b/forms/phieu.yaml": FORM})
    assert codes(root) == [("thu.yaml", "F104")]


def test_the_forms_of_the_library_are_for_all(tmp_path: Path) -> None:
    root = write(
        tmp_path,
        {
            "tenants/a/flows/thu.yaml": FLOW,
            "flows/thu.yaml": FLOW,
            "forms/phieu.yaml": FORM,
        },
    )
    assert codes(root) == []
    assert codes(root / "tenants") == []


def test_an_agency_may_have_its_own_form_of_that_name(tmp_path: Path) -> None:
    own = FORM.replace("title: {type: string", "title: {type: integer")
    root = write(
        tmp_path,
        {
            "tenants/a/flows/thu.yaml": FLOW,
            "tenants/a/forms/phieu.yaml": own,
            "forms/phieu.yaml": FORM,
        },
    )
    assert codes(root) == [("thu.yaml", "F402")]


def test_two_forms_of_one_name_in_one_place(tmp_path: Path) -> None:
    root = write(tmp_path, {"forms/a.yaml": FORM, "forms/b.yaml": FORM})
    assert codes(root) == [("b.yaml", "F005")]


def test_every_file_is_looked_at_whatever_the_others_are(tmp_path: Path) -> None:
    root = write(
        tmp_path,
        {
            "a.yaml": "",
            "b.yaml": "quytrinh: 1\nfloww: x\n",
            "c.yaml": "- 1\n",
            "d.yaml": FORM.replace("Phiếu", "''"),
            "e.yaml": "quytrinh: 1\ntenant: A\nname: A\n",
            "f.yaml": "x: " + "y" * 2_000_000,
        },
    )
    (root / "g.yaml").write_bytes(b"\xff\xfe\x00")
    assert codes(root) == [
        ("a.yaml", "F001"),
        ("b.yaml", "F003"),
        ("c.yaml", "F003"),
        ("f.yaml", "F001"),
        ("g.yaml", "F001"),
        ("d.yaml", "F011"),
        ("e.yaml", "F006"),
    ]


def test_a_named_file_is_checked_whatever_its_name(tmp_path: Path) -> None:
    root = write(tmp_path, {"draft.txt": FORM})
    assert list(discover(root)) == []
    assert codes(root / "draft.txt") == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [(FLOW, "flow"), (FORM, "form"), ("quytrinh: 1\norganization: a", "organization"), ("a", None)],
)
def test_kind_of(text: str, kind: str | None) -> None:
    assert kind_of(text.encode(), "x") == kind


def test_a_flow_counts_on_a_calendar_of_its_agency(tmp_path: Path) -> None:
    agency = tmp_path / "tenants" / "so-noi-vu"
    (agency / "flows").mkdir(parents=True)
    flow = agency / "flows" / "mot-cua.yaml"
    flow.write_text(
        "quytrinh: 1\nflow: mot-cua\nname: Một cửa\ndocument: internal\n"
        "roles: {clerk: {name: Văn thư, who: {role: van-thu}}}\n"
        "steps:\n  - {id: take, by: clerk, due: {in: 1d, calendar: mot-cua}}\n  - {end: done}\n",
        encoding="utf-8",
    )
    assert [each.code for each in check_paths([flow], Registry())] == ["F106"]
    (agency / "calendars.yaml").write_text(
        'quytrinh: 1\ncalendars: so-noi-vu\nhours: {mot-cua: {week: {mon-sat: ["07:30-11:30"]}}}\n',
        encoding="utf-8",
    )
    assert check_paths([flow], Registry()) == []


def test_forms_that_are_named_and_lie_beside_are_read_once(tmp_path: Path, monkeypatch) -> None:
    write(
        tmp_path,
        {"flows/thu.yaml": FLOW, "forms/phieu.yaml": FORM, "tenants/a/flows/thu.yaml": FLOW},
    )
    monkeypatch.chdir(tmp_path)
    asked = [Path(name) for name in ("flows", "forms", "tenants")]
    assert check_paths(asked, Registry()) == []
