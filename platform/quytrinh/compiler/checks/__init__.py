"""The rules, one a file; each is a function from the context to what it found.

Codes F001 to F012 that are about shape come from the reader and the grammar themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from quytrinh.compiler.checks import (
    f005_duplicate_id,
    f011_enum_literal,
    f101_unknown_role,
    f102_unknown_step,
    f104_unknown_form,
    f105_unknown_plugin,
    f106_unknown_calendar,
    f108_citation,
    f109_unknown_slot,
    f110_unknown_outcome,
    f201_unreachable_step,
    f202_no_way_to_end,
    f203_runs_out,
    f206_return_ahead,
    f208_no_free_action,
    f210_choose_else,
    f211_outcome_not_mapped,
    f212_join_outside_block,
    f215_return_to_machine,
    f218_no_starter,
    f306_unused_role,
    f401_unknown_field,
    f402_expression_type,
    f405_field_types,
    f406_expression_syntax,
    f408_required_field,
    f501_bad_deadline,
    f601_parameters,
    f602_plugin_unavailable,
)
from quytrinh.compiler.context import Context
from quytrinh.language.diagnostics import Diagnostic

Rule = Callable[[Context], Iterator[Diagnostic]]
RULES: tuple[Rule, ...] = (
    f005_duplicate_id.check,
    f011_enum_literal.check,
    f101_unknown_role.check,
    f102_unknown_step.check,
    f104_unknown_form.check,
    f105_unknown_plugin.check,
    f106_unknown_calendar.check,
    f108_citation.check,
    f109_unknown_slot.check,
    f110_unknown_outcome.check,
    f201_unreachable_step.check,
    f202_no_way_to_end.check,
    f203_runs_out.check,
    f206_return_ahead.check,
    f208_no_free_action.check,
    f210_choose_else.check,
    f211_outcome_not_mapped.check,
    f212_join_outside_block.check,
    f215_return_to_machine.check,
    f218_no_starter.check,
    f306_unused_role.check,
    f401_unknown_field.check,
    f402_expression_type.check,
    f405_field_types.check,
    f406_expression_syntax.check,
    f408_required_field.check,
    f501_bad_deadline.check,
    f601_parameters.check,
    f602_plugin_unavailable.check,
)
