"""Every event keeps its contract: a name in the past tense, a version, no personal data, a row in the docs."""

from __future__ import annotations

import dataclasses
import re

import pytest

from tinhso.foundation import reactions
from tinhso.site.wiring import DUTIES, REACTIONS
from tools import docs_events

EVENTS = docs_events.events()
PERSONAL = {
    "name", "names", "fullname", "phone", "mobile", "email", "mail", "address", "birth", "birthday", "birthdate",
    "number", "citizen", "applicant", "passport", "password", "secret", "code_sent", "text", "note", "body",
}  # fmt: skip
HARMLESS = {("services.ResultSigned", "number")}  # the number of the document, which is public
IRREGULAR = {
    "Sent", "Given", "Taken", "Made", "Put", "Begun", "Paid", "Left", "Found", "Undone", "Withdrawn", "Met", "Lost",
    "Became", "Drawn", "Kept", "Held",
}  # fmt: skip


def _id(event: type) -> str:
    return str(event.NAME)  # type: ignore[attr-defined]


def test_there_are_events() -> None:
    assert len(EVENTS) > 20
    assert len({_id(event) for event in EVENTS}) == len(EVENTS)


@pytest.mark.parametrize("event", EVENTS, ids=_id)
def test_an_event_is_named_after_its_room_and_in_the_past_tense(event: type) -> None:
    room, _, name = _id(event).partition(".")
    assert room == event.__module__.split(".")[1]
    assert name == event.__name__
    words = re.findall(r"[A-Z][a-z]+", name)
    assert "".join(words) == name
    assert any(word.endswith("ed") or word in IRREGULAR for word in words)


@pytest.mark.parametrize("event", EVENTS, ids=_id)
def test_an_event_is_frozen_and_versioned(event: type) -> None:
    assert event.__dataclass_params__.frozen  # type: ignore[attr-defined]
    version = event.VERSION  # type: ignore[attr-defined]
    assert isinstance(version, int)
    assert version >= 1


@pytest.mark.parametrize("event", EVENTS, ids=_id)
def test_an_event_says_nothing_personal(event: type) -> None:
    fields = {field.name for field in dataclasses.fields(event)}
    suspect = {field for field in fields if set(field.split("_")) & PERSONAL}
    assert {field for field in suspect if (_id(event), field) not in HARMLESS} == set()


def test_the_reference_of_events_is_up_to_date() -> None:
    assert docs_events.PAGE.read_text(encoding="utf-8") == docs_events.render(), "run `make docs`"


# --- the wiring


def test_every_row_of_the_wiring_reads_an_event_that_exists() -> None:
    assert {row.event for row in REACTIONS} - {_id(event) for event in EVENTS} == set()


def test_a_reader_reacts_to_an_event_in_one_way() -> None:
    rows = [(row.reader, row.event) for row in REACTIONS]
    assert len(rows) == len(set(rows))
    assert all(isinstance(row, reactions.Reaction) for row in REACTIONS)


def test_every_duty_has_a_name_of_its_own() -> None:
    assert len({duty.name for duty in DUTIES}) == len(DUTIES)
