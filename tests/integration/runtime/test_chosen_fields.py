"""Forms that choose people and units of the agency, and ask some things only sometimes."""

from __future__ import annotations

from typing import Any

import pytest

from quytrinh.formkit.definition import fields_of
from quytrinh.formkit.view import FormView, in_words
from quytrinh.runtime import actions, definitions
from quytrinh.runtime.exceptions import FormInvalid
from tests.integration.runtime.conftest import Office
from tests.unit.language.test_form import CHOSEN

pytestmark = pytest.mark.django_db(transaction=True)
FLOW = """
quytrinh: 1
flow: giao-viec
name: Giao việc
roles:
  giver:  {name: Người giao, who: {creator: true}}
  helper: {name: Người phối hợp, who: {person: case.helpers}}
steps:
  - {id: give, name: Giao việc, by: giver, form: phan-cong}
  - {id: help, name: Phối hợp, by: helper}
  - {end: done}
"""


@pytest.fixture
def given(office: Office) -> Office:
    """The agency with such a form and a procedure that uses it."""
    with office.agency.at_work():
        form, _findings = actions.save_form(source=CHOSEN, file="phan-cong")
    assert form is not None
    office.promulgate(FLOW)
    return office


def refused(office: Office, **values: Any) -> dict[str, list[str]]:
    """Enter values; return what is told of each field."""
    with pytest.raises(FormInvalid) as refusal:
        office.act("chuyen-vien", office.begin("giao-viec"), "done", values=values)
    return refusal.value.errors


def test_chosen_people_get_the_work(given: Office) -> None:
    case = given.begin("giao-viec")
    helper = given.agency.person("van-thu")
    values = {"lead": "van-phong", "helpers": [str(helper.id)], "urgent": False}
    given.act("chuyen-vien", case, "done", values=values)
    assert given.inbox("van-thu") == [(case.code, "Phối hợp")]
    with given.agency.at_work():
        form = next(iter(definitions.forms_of(given.case(case).digest).values()))
        words = {each.id: in_words(each, values.get(each.id)) for each in fields_of(form)}
    assert (words["lead"], words["helpers"]) == ("Văn phòng", helper.full_name)


def test_only_those_of_the_agency_can_be_chosen(given: Office, other_office: Office) -> None:
    stranger = str(other_office.agency.person("van-thu").id)
    assert set(refused(given, lead="phong-khong-co", helpers=[stranger])) == {"lead", "helpers"}


def test_form_offers_units_and_people_by_name(given: Office) -> None:
    with given.agency.at_work():
        form, _findings = actions.save_form(source=CHOSEN, file="phan-cong")
        assert form is not None
        view = FormView.of(definitions.form(form.definition_id))
    fields = {each.id: each for each in view.fields}
    assert "Văn phòng" in [option.label for option in fields["lead"].options]
    assert len(fields["helpers"].options) == 6
    assert [section.title for section in view.sections] == ["Giao việc", "Độ khẩn"]
    assert [each.id for each in view.fields if not each.asked] == ["reason"]


def test_field_is_required_only_where_it_is_asked(given: Office) -> None:
    asked = {"lead": "van-phong", "urgent": True, "kind": "chu-tri"}
    assert set(refused(given, **asked)) == {"reason"}
    case = given.begin("giao-viec")
    hidden = {"lead": "van-phong", "urgent": False, "kind": "chu-tri", "reason": "thừa"}
    helpers = [str(given.agency.person("van-thu").id)]
    given.act("chuyen-vien", case, "done", values={**hidden, "helpers": helpers})
    assert given.case(case).fields["reason"] is None
