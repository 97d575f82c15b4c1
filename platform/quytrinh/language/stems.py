"""What each code means, in English, for who reads findings in that language.

The messages themselves name values and places in Vietnamese and are part of the golden tests.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from quytrinh.language.diagnostics import Diagnostic

ENGLISH: Mapping[str, str] = {
    "F001": "The file cannot be read, or uses YAML that is not allowed",
    "F002": "Unknown key",
    "F003": "A required key is missing",
    "F004": "A key is declared twice",
    "F005": "An id is used twice",
    "F006": "A bad or reserved id",
    "F007": "A step must be of exactly one kind",
    "F008": "A block without steps",
    "F009": "Keys that exclude one another, or one without the other it needs",
    "F010": "Unknown language version",
    "F011": "A value of a wrong type, or not in the list",
    "F012": "Can be checked and drawn, but not run by this version yet",
    "F101": "Unknown role",
    "F102": "Unknown step",
    "F103": "A route crosses the border of a block",
    "F104": "Unknown form",
    "F105": "Unknown plugin step",
    "F106": "Unknown calendar",
    "F107": "No such procedure is in force",
    "F108": "Unknown regulation or article",
    "F109": "Unknown document slot",
    "F110": "An outcome that the plugin or procedure does not have",
    "F111": "Lateness names an action that the step does not have",
    "F112": "Unknown general action, or an option it does not have",
    "F113": "Unknown event",
    "F114": "Procedures call each other in a circle",
    "F115": "The procedure cannot be called, or an input is missing",
    "F116": "Unknown setting",
    "F201": "A step that nothing leads to",
    "F202": "No way to the end without a conditional action or a return",
    "F203": "The steps run out without an end",
    "F204": "An end inside a block",
    "F205": "A return into another block",
    "F206": "A return to a step that cannot have been done",
    "F207": "A return out of a block cannot come straight back",
    "F208": "There may be no action left to choose",
    "F209": "A loop that no person and no date stops",
    "F210": "A choice without else as its last line",
    "F211": "An outcome without a way on",
    "F212": "Join outside a block",
    "F213": "Join by the lead without a lead",
    "F215": "A return to a machine",
    "F217": "Parallel work needs at least two branches",
    "F218": "It is not clear who begins",
    "F301": "Nobody in the agency holds the role",
    "F302": "item is known only inside an each",
    "F303": "The case may have been begun by a machine: it has no creator",
    "F304": "Those excluded leave nobody",
    "F305": "The step may not have been done by anybody",
    "F306": "A role that is not used",
    "F307": "A step without people cannot be excluded",
    "F308": "People of another agency cannot be given work",
    "F401": "Unknown name in an expression",
    "F402": "An expression of a wrong type",
    "F403": "A field that may not be filled yet",
    "F404": "Two branches write one field",
    "F405": "One field with two types",
    "F406": "A faulty, too long or too costly expression",
    "F408": "A required field that the forms of the step do not have",
    "F409": "A condition that always or never holds",
    "F411": "An action in the name of silence that needs an input",
    "F501": "A bad deadline",
    "F502": "Lateness without a deadline",
    "F503": "Lateness of the whole case cannot move it",
    "F504": "A reminder longer than the deadline",
    "F505": "The deadlines of the steps exceed that of the case",
    "F506": "Waits for an event without a limit",
    "F601": "Parameters that the plugin does not accept",
    "F602": "The plugin is not available here",
    "F603": "Misuse of the action confirm",
    "F604": "The plugin needs a person, or forbids one",
    "F605": "The plugin does not work within a decision",
    "F701": "Unknown status",
    "F702": "Statuses in an order that the exchange refuses",
    "F703": "A refusal that needs a reason",
    "F704": "Nobody to report to",
    "F801": "A rule of the regulation is broken",
    "F802": "A step without its article",
}


def in_english(found: Diagnostic) -> Diagnostic:
    """The finding with the meaning of its code before its Vietnamese message."""
    return replace(found, message=f"{ENGLISH.get(found.code, found.code)} ({found.message})")
