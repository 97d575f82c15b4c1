"""What the agency at work excludes, for the gate."""

from __future__ import annotations

from quytrinh.documents.gate import Exclusion
from quytrinh.exchange.models import ExcludedMark


def own_exclusions() -> list[Exclusion]:
    """Return the agency's marks with the article of each."""
    marks = ExcludedMark.objects.order_by("pk").values_list("mark", "article")
    return [Exclusion(mark, article) for mark, article in marks]
