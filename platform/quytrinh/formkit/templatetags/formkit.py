"""{% render_form form %}: the fields of a form; the <form> and its buttons are the page's."""

from __future__ import annotations

from typing import Any

from django import template

from quytrinh.formkit.view import FormView

register = template.Library()


@register.inclusion_tag("formkit/form.html")
def render_form(form: FormView) -> dict[str, Any]:
    """Draw the error summary and the fields of a form."""
    return {"form": form}
