"""A procedure package: read within bounds, refused with clear words, and answering by date, case and channel."""

from __future__ import annotations

import json
from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rooms.services.packages import PROCEDURES, folder_files, procedure
from tinhso.foundation.calendar import load_calendars
from tinhso.services.contracts.procedure import Channel, PackageError, PackageStatus
from tinhso.services.rules.conditions import holds
from tinhso.services.rules.example import run_example, run_examples
from tinhso.services.rules.procedure import (
    NotInForce,
    competent,
    components_for,
    copies_of,
    deadline_for,
    load,
    load_overlay,
    number_text,
    path_for,
    stages_for,
    supplement_for,
    unproved_on,
    variant_for,
)

CALENDAR = load_calendars()
EXTRACT = "2.000635"


def variant(code: str, ident: str):
    return next(v for v in procedure(code).variants if v.id == ident)


def problems_of(files: dict[str, bytes]) -> str:
    with pytest.raises(PackageError) as caught:
        load(files)
    return "\n".join(f"{p.path} | {p.message}" for p in caught.value.problems)


def changed(name: str, old: str, new: str, code: str = EXTRACT) -> dict[str, bytes]:
    files = folder_files("procedures", code)
    assert old.encode() in files[name], old
    files[name] = files[name].replace(old.encode(), new.encode(), 1)
    return files


# --- the packages that ship ------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", PROCEDURES)
def test_every_example_comes_out_as_written(code: str) -> None:
    outcomes = run_examples(procedure(code), CALENDAR)
    assert [outcome.problems for outcome in outcomes] == [()] * len(outcomes)
    assert {outcome.variant for outcome in outcomes} == {v.id for v in procedure(code).variants}


@pytest.mark.parametrize("code", PROCEDURES)
def test_every_procedure_has_examples_of_both_times(code: str) -> None:
    assert {2021, 2026} <= {example.received_at.year for example in procedure(code).examples}


@pytest.mark.parametrize("code", PROCEDURES)
def test_a_package_read_twice_is_the_same(code: str) -> None:
    files = folder_files("procedures", code)
    assert load(files) == procedure(code)
    assert hash(load(files)) == hash(procedure(code))
    files["form.json"] += b"\n"
    assert load(files) != procedure(code)


def test_what_is_not_proved_stays_test_and_says_why() -> None:
    statuses = {code: procedure(code).status for code in PROCEDURES}
    assert statuses[EXTRACT] is PackageStatus.LIVE
    assert statuses["1.001612"] is PackageStatus.LIVE
    for code in ("1.013225", "2.000986"):
        assert statuses[code] is PackageStatus.TEST
        assert procedure(code).status_reason
    assert any("217/2026" in line for line in unproved_on(procedure("1.013225"), date(2026, 10, 1)))
    assert unproved_on(procedure("1.013225"), date(2025, 10, 1)) == ()


# --- by date, case and channel ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "on", "expected"),
    [
        ("1.001612", date(2025, 6, 30), [("finance_planning", "district")]),
        ("1.001612", date(2025, 7, 1), [("people_committee", "commune")]),
        ("1.013225", date(2021, 1, 15), [("people_committee", "district")]),
        ("1.013225", date(2026, 1, 15), [("people_committee", "commune")]),
        (
            EXTRACT,
            date(2021, 1, 15),
            [("people_committee", "commune"), ("justice", "district"), ("justice", "province")],
        ),
        (EXTRACT, date(2026, 1, 15), [("people_committee", "commune"), ("justice", "province")]),
        (EXTRACT, date(2014, 1, 1), []),
    ],
)
def test_competence_moves_with_the_law(code: str, on: date, expected: list[tuple[str, str]]) -> None:
    assert [(row.agency_kind, row.tier) for row in competent(procedure(code), on)] == expected


@pytest.mark.parametrize("channel", list(Channel))
@pytest.mark.parametrize(("case", "days"), [("house", 15), ("works", 20)])
def test_the_permits_days_go_with_what_is_built_not_with_the_channel(channel: Channel, case: str, days: int) -> None:
    proc = procedure("1.013225")
    assert variant_for(proc, {"case": case}).id == case
    deadline = deadline_for(proc, variant("1.013225", case), channel, date(2026, 1, 5))
    assert (deadline.unit, deadline.amount) == ("calendar_day", days)


def test_the_extract_is_due_the_same_day_with_a_cut_off() -> None:
    deadline = deadline_for(procedure(EXTRACT), variant(EXTRACT, "extract_copy"), Channel.ONLINE, date(2021, 1, 15))
    assert (deadline.unit, deadline.amount, deadline.cut_off) == ("same_day", 0, time(15, 0))


def test_no_rule_for_the_day_is_said_and_not_guessed() -> None:
    with pytest.raises(NotInForce, match="01/01/2010"):
        deadline_for(procedure(EXTRACT), variant(EXTRACT, "extract_copy"), Channel.ONLINE, date(2010, 1, 1))


def test_sector_law_may_give_its_own_time_for_supplements() -> None:
    own = supplement_for(procedure("1.013225"), date(2026, 1, 5))
    assert own is not None
    assert (own.within_working_days, own.times) == (7, 1)
    assert supplement_for(procedure(EXTRACT), date(2026, 1, 5)) is None


def test_papers_asked_follow_the_answers_and_the_channel() -> None:
    proc, one = procedure(EXTRACT), variant(EXTRACT, "extract_copy")

    def ids(channel: Channel, **data: str) -> list[str]:
        return [c.id for c in components_for(proc, one, channel, data, date(2026, 1, 5))]

    assert ids(Channel.ONLINE, relation="self") == ["declaration", "identity_scan"]
    assert ids(Channel.COUNTER, relation="self") == ["declaration", "identity_paper"]
    assert "authorisation" in ids(Channel.ONLINE, relation="authorised")


def test_opinions_are_asked_only_where_the_case_needs_them() -> None:
    proc = procedure("1.013225")
    for ident, expected in (("house", ["land"]), ("works", ["land", "planning"])):
        steps = {s.id: s for s in path_for(proc, variant("1.013225", ident), {"case": ident})}
        assert [o.id for o in steps["opinions"].opinions] == expected


def test_a_joint_procedure_has_a_stage_for_each_agency() -> None:
    stages = stages_for(procedure("2.000986"), date(2026, 1, 5))
    assert [(s.id, s.agency_kind, s.after) for s in stages] == [
        ("birth", "people_committee", ()),
        ("residence", "police", ("birth",)),
        ("insurance", "social_insurance", ("birth",)),
    ]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("birth", "07/TLKS-BS"), ("marriage", "07/TLKH-BS"), ("death", "07/TLKT-BS"), ("parentage", "07/TLNC-BS")],
)
def test_the_results_symbol_goes_with_the_kind_of_record(kind: str, expected: str) -> None:
    assert number_text(procedure(EXTRACT), {"record_kind": kind}, 7, 2021) == expected


def test_copies_are_those_asked_for() -> None:
    assert copies_of(procedure(EXTRACT), {"copies": 3}) == 3
    assert copies_of(procedure(EXTRACT), {"copies": "x"}) == 1
    assert copies_of(procedure("1.001612"), {}) == 1


# --- an example that is wrong is caught ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("due_at: 2021-01-15", "due_at: 2021-01-18", "hạn trả"),
        ("fee: 16000", "fee: 8000", "phí"),
        ("tier: commune", "tier: province", "thẩm quyền"),
        ("[receive, examine, sign, return]", "[receive, sign, return]", "các bước"),
        ("42/TLKS-BS", "42/TLKH-BS", "số văn bản"),
        ("copies: 2", "copies: 21", "biểu mẫu: copies"),
        ("received_at: 2021-01-15 09:12", "received_at: 2012-01-16 09:12", "không tính được hạn"),
    ],
)
def test_an_example_that_disagrees_is_caught(old: str, new: str, said: str) -> None:
    proc = load(changed("examples/online-2021-before-cut-off.yml", old, new))
    example = next(e for e in proc.examples if e.id == "online-2021-before-cut-off")
    assert any(said in problem for problem in run_example(proc, example, CALENDAR).problems)


def test_a_result_that_does_not_say_what_the_example_expects_is_caught() -> None:
    proc = procedure(EXTRACT)
    outcome = run_example(proc, proc.examples[0], CALENDAR, lambda _procedure, _example: "một trang trắng")
    assert any("không đọc thấy" in problem for problem in outcome.problems)


# --- broken packages are refused with clear words ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("package.yml", "owner:", "ower:", "“ower”"),
        ("package.yml", "owner: Sở Tư pháp", "owner: Sở Tư pháp\nowner: Sở khác", "viết hai lần"),
        ("package.yml", "valid_to: null\nlegal", "valid_to: 2010-01-01\nlegal", "đứng trước valid_from"),
        ("package.yml", "amount: 8000", "amount: -8000", "fees[0].amount"),
        ("package.yml", "amount: 8000", "amount: 8.000", "fees[0].amount"),
        ("package.yml", "count_field: copies", "count_field: purpose", "không phải trường số"),
        ("package.yml", "unit: same_day\n    amount: 0", "unit: same_day\n    amount: 2", "amount: 0"),
        ("package.yml", "next: examine", "next: nowhere", "“nowhere”"),
        ("package.yml", "returns_to: [receive]", "returns_to: [sign]", "đứng trước"),
        ("package.yml", "hours: 3", "hours: 30", "quá hạn 8 giờ"),
        ("package.yml", "kind: return", "kind: examine", "trả kết quả"),
        ("package.yml", "record_kind: {const: marriage}}, required: [record_kind]", "record_kind: {const: marriage}}",
         "không required"),
        ("package.yml", "certainty: read\n\nfees", "certainty: memory\n\nfees", "status: test"),
        ("package.yml", "status: live", "status: test", "phải nói vì sao"),
        ("package.yml", "schema_version: 1", "schema_version: &a 1", "neo"),
        ("package.yml", "schema_version: 1", "schema_version: !!python/name:os.system 1", "nhãn kiểu"),
        ("package.yml", "schema_version: 1", "schema_version: [1", "không đọc được YAML"),
        ("package.yml", "2016-01-01", "2016-02-31", "2016-02-31"),
        ("form.json", '"additionalProperties": false', '"additionalProperties": true', "từ chối trường lạ"),
        ("form.json", '"maxLength": 120, "pattern": "\\\\p{L}",\n      "title": "Họ, chữ đệm và tên của người',
         '"title": "Họ, chữ đệm và tên của người', "maxLength"),
        ("form.json", '"fields": ["record_kind"]', '"fields": ["record_kind", "ghost"]', "“ghost”"),
        ("form.json", '"x-widget": "commune"', '"x-widget": "map"', "“map”"),
        ("form.json", '"pattern": "^[0-9]{5}$"', '"pattern": "^[0-9"', "JSON Schema"),
        ("form.json", '"minimum": 1, "maximum": 20', '"minimum": 1', "minimum và maximum"),
        ("form.json", '"type": "integer"', '"$ref": "https://example.org/x.json"', "$ref"),
        ("form.json", '"copies", "purpose"', '"copies", "copies"', "JSON Schema"),
        ("form.json", "{\n", '{"type": "object",', "viết hai lần"),
        ("form.json", "{\n", "{,\n", "không đọc được JSON"),
        ("examples/online-2026.yml", "channel: online", "channel: fax", "channel"),
        ("examples/online-2026.yml", "2026-10-13 08:05", "2026-02-31 08:05", "không có trong lịch"),
    ],
)  # fmt: skip
def test_a_broken_package_is_refused_with_the_place_and_the_reason(name: str, old: str, new: str, said: str) -> None:
    text = problems_of(changed(name, old, new))
    assert said in text
    assert text.startswith(name)


def test_every_problem_is_named_at_once() -> None:
    files = changed("package.yml", "next: examine", "nxt: examine")
    files["form.json"] = b"[]"
    files["examples/online-2026.yml"] = b"- nothing"
    assert {line.split(" | ")[0].split(":")[0] for line in problems_of(files).splitlines()} == {
        "package.yml",
        "form.json",
        "examples/online-2026.yml",
    }


def test_an_alias_bomb_is_refused_before_it_grows() -> None:
    files = folder_files("procedures", EXTRACT)
    bomb = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    bomb += [
        f"{n}: &{n} [*{p}, *{p}, *{p}, *{p}, *{p}, *{p}]" for p, n in zip("abcdefghij", "bcdefghijk", strict=False)
    ]
    files["package.yml"] = "\n".join(bomb).encode()
    assert "bí danh" in problems_of(files)


@pytest.mark.parametrize("name", ["package.yml", "form.json", "examples/online-2026.yml"])
@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"x" * 300_000, "quá giới hạn"),
        (b"[" * 100_000, "lồng nhau"),
        (b"\xff\xfe\x00", "UTF-8"),
        (b"", ""),
        (b"\x00", ""),
    ],
)
def test_huge_deep_or_foreign_bytes_are_refused(name: str, content: bytes, said: str) -> None:
    files = {**folder_files("procedures", EXTRACT), name: content}
    text = problems_of(files)
    assert name in text
    assert said in text


def test_foreign_and_missing_files_are_named() -> None:
    files = folder_files("procedures", EXTRACT)
    del files["result.typ"]
    files["run.py"] = b""
    text = problems_of(files)
    assert "result.typ | thiếu tệp này" in text
    assert "run.py" in text
    many = {**folder_files("procedures", EXTRACT), **{f"examples/{n}.yml": b"" for n in range(200)}}
    assert "quá 64" in problems_of(many)


def test_the_demos_amounts_must_say_that_they_are_invented() -> None:
    files = changed("demo.yml", "certainty: invented", "certainty: read", code="1.001612")
    assert "certainty: invented" in problems_of(files)
    other = changed("demo.yml", "fee_id: registration_fee", "fee_id: other_fee", code="1.001612")
    assert "“other_fee”" in problems_of(other)


def test_an_installations_own_amounts_are_read_with_the_same_care() -> None:
    with pytest.raises(PackageError, match="amount"):
        load_overlay(b"schema_version: 1\nfees: [{fee_id: a, document: b, valid_from: 2021-01-01, certainty: read}]")


@given(st.dictionaries(st.sampled_from(["package.yml", "form.json", "result.typ", "examples/a.yml"]), st.binary()))
def test_any_bytes_at_all_are_refused_in_words(files: dict[str, bytes]) -> None:
    with pytest.raises(PackageError) as caught:
        load(files)
    assert all(problem.message for problem in caught.value.problems)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda children: st.lists(children, max_size=4) | st.dictionaries(st.text(), children, max_size=4),
    max_leaves=12,
)


@given(JSON)
def test_any_form_at_all_is_read_or_refused_in_words(value: object) -> None:
    files = {**folder_files("procedures", EXTRACT), "form.json": json.dumps(value).encode()}
    with pytest.raises(PackageError) as caught:
        load(files)
    assert all("form.json" in problem.path for problem in caught.value.problems)


def test_a_condition_is_not_held_by_values_that_are_no_json() -> None:
    condition = '{"properties":{"a":{"const":1}},"required":["a"]}'
    assert holds(condition, {"a": 1})
    assert not holds(condition, {"a": object()})
    assert not holds(condition, {"a": "\ud800"})
    assert holds(None, {"a": object()})
