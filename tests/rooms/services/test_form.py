"""The form: what people type becomes typed values, what is wrong is said in plain Vietnamese, nothing raises."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rooms.services.packages import PROCEDURES, procedure
from tests.rooms.services.test_procedure import JSON
from tinhso.services.contracts.procedure import FormError
from tinhso.services.rules.form import check, check_page, fields_for, pages_for, prune
from tinhso.services.rules.form_input import normalise_form, normalise_json, show

EXTRACT, HOUSEHOLD = "2.000635", "1.001612"
ON = date(2021, 1, 15)
GOOD = next(e for e in procedure(EXTRACT).examples if e.id == "online-2021-before-cut-off").data
SHOP = next(e for e in procedure(HOUSEHOLD).examples if e.id == "family-2026").data


def errors(code: str, data: object) -> dict[str, FormError]:
    return {error.field: error for error in check(procedure(code), data, on=ON)}


def message(code: str, base: dict[str, object], field: str, value: object) -> str:
    found = errors(code, {**base, field: value})
    assert set(found) == {field}
    return found[field].message


# --- what is wrong is said, one sentence a field ----------------------------------------------------------------


@pytest.mark.parametrize("code", PROCEDURES)
def test_every_examples_answers_are_right(code: str) -> None:
    for example in procedure(code).examples:
        assert check(procedure(code), example.data, on=example.received_at.date()) == ()


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("copies", 0, "từ 1 trở lên"),
        ("copies", -5, "từ 1 trở lên"),
        ("copies", 21, "nhiều nhất 20"),
        ("copies", 10**30, "nhiều nhất 20"),
        ("copies", "hai", "phải là một số"),
        ("copies", 1.5, "phải là một số"),
        ("copies", True, "phải là một số"),
        ("subject_name", "x" * 5_000, "dài quá 120"),
        ("subject_name", "12345", "bằng chữ"),
        ("subject_name", "Nguyễn\x00Văn", "ký tự ẩn"),
        ("subject_name", "Nguyễn \u202eVăn", "ký tự ẩn"),
        ("subject_name", "Nguyễn\nVăn", "một dòng"),
        ("subject_name", ["Nguyễn"], "phải là chữ"),
        ("subject_name", None, "phải là chữ"),
        ("subject_birth_date", "31/02/1990", "không có trong lịch"),
        ("subject_birth_date", "1990-02-31", "không có trong lịch"),
        ("subject_birth_date", 19900231, "không có trong lịch"),
        ("subject_birth_date", "2021-01-16", "không được sau hôm nay (15/01/2021)"),
        ("subject_birth_date", "0007-01-16", "quá xa"),
        ("registry_commune", "Nam Sách", "trong danh sách"),
        ("record_kind", "divorce", "chọn một trong"),
        ("applicant_phone", "12", "10 chữ số"),
        ("applicant_id", "1234", "12 chữ số"),
        ("applicant_email", "không phải thư", "ten@thudientu.vn"),
    ],
)
def test_a_wrong_answer_is_named_with_what_to_do(field: str, value: object, said: str) -> None:
    assert said in message(EXTRACT, GOOD, field, value)


def test_a_missing_answer_is_asked_for_by_name() -> None:
    data = {key: value for key, value in GOOD.items() if key != "purpose"}
    assert errors(EXTRACT, data)["purpose"].message == "Hãy cho biết bản sao dùng để làm gì."


def test_fields_the_form_does_not_have_are_refused_by_name() -> None:
    found = errors(EXTRACT, {**GOOD, "is_admin": True, "fee": 0})
    assert {"is_admin", "fee"} == set(found)
    assert "“is_admin”" in found["is_admin"].message


def test_errors_come_in_the_order_of_the_form() -> None:
    found = check(procedure(EXTRACT), {}, on=ON)
    names = [error.field for error in found]
    assert names == [name for name in procedure(EXTRACT).fields if name in names]
    assert len(names) == 11


def test_answers_to_questions_not_asked_are_refused_and_pruned() -> None:
    data = {**GOOD, "delivery_address": "Số 1 phố Chợ, phường Trần Phú"}
    assert "không áp dụng" in errors(EXTRACT, data)["delivery_address"].message
    assert prune(procedure(EXTRACT), data) == GOOD


def test_an_answer_may_make_another_necessary() -> None:
    assert set(errors(EXTRACT, {**GOOD, "record_kind": "marriage"})) == {"spouse_name"}
    assert set(errors(EXTRACT, {**GOOD, "delivery": "post"})) == {"delivery_address"}


def test_rows_and_lists_are_checked_place_by_place() -> None:
    shop = {**SHOP, "members": [{"full_name": "Bùi Thị Lan", "id_number": "1"}, {"id_number": "030182004455"}]}
    found = errors(HOUSEHOLD, shop)
    assert "12 chữ số" in found["members.0.id_number"].message
    assert "họ tên thành viên" in found["members.1.full_name"].message
    extra = {**SHOP, "members": [{**SHOP["members"][0], "role": "x"}]}
    assert set(errors(HOUSEHOLD, extra)) == {"members.0.role"}
    assert "hai lần" in message(HOUSEHOLD, SHOP, "business_lines", ["Sửa xe", "Sửa xe"])
    assert "ít nhất" in message(HOUSEHOLD, SHOP, "business_lines", [])


def test_a_page_is_checked_alone_within_the_answers_so_far() -> None:
    proc = procedure(EXTRACT)
    assert check_page(proc, "record", {"record_kind": "birth"}, on=ON) == ()
    found = check_page(proc, "subject", {"record_kind": "marriage", "subject_name": "Vũ Đức Thành"}, on=ON)
    assert [error.field for error in found] == ["subject_birth_date", "spouse_name"]
    assert [e.field for e in check_page(proc, "record", {"record_kind": "birth", "x": 1}, on=ON)] == ["x"]


def test_pages_and_questions_follow_the_answers() -> None:
    proc = procedure(HOUSEHOLD)
    assert "members" not in [page.id for page in pages_for(proc, {"founder": "individual"})]
    assert "members" in [page.id for page in pages_for(proc, {"founder": "family"})]
    delivery = next(page for page in proc.pages if page.id == "delivery")
    assert [f.name for f in fields_for(delivery, {"delivery": "online"})] == ["delivery"]


@pytest.mark.parametrize("data", [None, [], "x", 3, {1: 2}, {"a": {1}}, {"copies": float("nan")}, {"\ud800": 1}])
def test_what_is_no_form_at_all_is_refused_in_words(data: object) -> None:
    found = check(procedure(EXTRACT), data, on=ON)
    assert len(found) == 1
    assert found[0].message.startswith(("Hồ sơ", "Biểu mẫu"))


def test_a_huge_or_deep_form_is_refused_before_it_is_walked() -> None:
    deep: object = "x"
    for _ in range(100_000):
        deep = [deep]
    for data in ({"purpose": deep}, {"business_lines": ["x"] * 1_000_000}):
        assert [e.field for e in check(procedure(EXTRACT), data, on=ON)] == [""]


@given(st.dictionaries(st.sampled_from([*GOOD, "members", "x"]), JSON))
def test_any_json_at_all_gives_errors_and_never_an_exception(data: dict[str, object]) -> None:
    for code in (EXTRACT, HOUSEHOLD):
        proc = procedure(code)
        tidy = normalise_json(proc, data)
        for error in check(proc, tidy, on=ON):
            assert error.message
        for page in proc.pages:
            check_page(proc, page.id, prune(proc, tidy), on=ON)


# --- what people type -------------------------------------------------------------------------------------------

POSTED = {
    "record_kind": "birth",
    "subject_name": "  Nguyễn   Thị Minh Hằng ",
    "subject_birth_date.day": "8",
    "subject_birth_date.month": "3",
    "subject_birth_date.year": "1995",
    "registry_commune": "10507",
    "registered_on": "20/3/1995",
    "registration_number": "42/1995",
    "copies": "2",
    "purpose": "Bổ sung hồ sơ xin việc",
    "relation": "self",
    "applicant_name": "Nguyê\u0303n Thị Minh Hằng",
    "applicant_id": "030 195 001 234",
    "applicant_phone": "091 234 5678",
    "applicant_email": "",
    "delivery": ["post", "online"],
}


def test_a_posted_form_becomes_typed_values() -> None:
    data = normalise_form(procedure(EXTRACT), POSTED)
    assert data == GOOD
    assert check(procedure(EXTRACT), data, on=ON) == ()


def test_a_posted_page_reads_only_its_own_questions_and_keeps_foreign_names_to_be_refused() -> None:
    proc = procedure(EXTRACT)
    data = normalise_form(proc, {"record_kind": "birth", "copies": "3", "hack": "1"}, "record")
    assert data == {"record_kind": "birth", "copies": "3", "hack": "1"}
    assert {"hack"} <= {error.field for error in check_page(proc, "record", data, on=ON)}


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("150.000.000", 150_000_000),
        ("150000000", 150_000_000),
        ("150 000 000 ₫", 150_000_000),
        ("150.000.000đ", 150_000_000),
        ("-150.000.000", -150_000_000),
        ("150,5", "150,5"),
        ("15.00", "15.00"),
        ("một trăm", "một trăm"),
        ("9" * 40, "9" * 40),
        ("9" * 6_000, "9" * 6_000),
        ("１５０", "１５０"),
    ],
)
def test_money_is_read_as_people_write_it(typed: str, expected: object) -> None:
    data = normalise_form(procedure(HOUSEHOLD), {"capital": typed}, "capital")
    assert data["capital"] == expected
    found = {error.field for error in check_page(procedure(HOUSEHOLD), "capital", {**SHOP, **data}, on=ON)}
    assert ("capital" in found) == (expected != 150_000_000)


@pytest.mark.parametrize(
    ("boxes", "expected"),
    [
        (("06", "01", "2021"), "2021-01-06"),
        (("31", "02", "2021"), "31/02/2021"),
        (("29", "2", "2000"), "2000-02-29"),
        (("1", "", "2000"), "1//2000"),
        (("a", "b", "c"), "a/b/c"),
    ],
)
def test_dates_in_three_boxes_are_read_and_impossible_ones_kept_to_be_mended(
    boxes: tuple[str, ...], expected: str
) -> None:
    posted = {f"subject_birth_date.{part}": box for part, box in zip(("day", "month", "year"), boxes, strict=True)}
    data = normalise_form(procedure(EXTRACT), posted, "subject")
    assert data["subject_birth_date"] == expected
    if "-" not in expected:
        assert "không có trong lịch" in message(EXTRACT, GOOD, "subject_birth_date", expected)


def test_rows_lists_and_boxes_to_tick() -> None:
    posted = {
        "members.0.full_name": "Bùi Thị Lan",
        "members.0.id_number": "030182004455",
        "members.1.full_name": "",
        "members.2.full_name": "Hoàng Văn Hải",
        "members.99.full_name": "quá nhiều",
        "business_lines": "Bán buôn trái cây\r\n\r\n  Sấy khô trái cây  ",
        "by_proxy": "on",
    }
    data = normalise_form(procedure(HOUSEHOLD), posted)
    assert data["members"] == [
        {"full_name": "Bùi Thị Lan", "id_number": "030182004455"},
        {"full_name": "Hoàng Văn Hải"},
    ]
    assert data["business_lines"] == ["Bán buôn trái cây", "Sấy khô trái cây"]
    assert data["by_proxy"] is True
    assert data["members.99.full_name"] == "quá nhiều"
    assert "by_proxy" not in normalise_form(procedure(HOUSEHOLD), {"by_proxy": ""})


def test_what_a_program_sends_is_tidied_but_not_guessed() -> None:
    sent = {"subject_name": " Nguyê\u0303n Văn A ", "copies": "2", "x": " y "}
    assert normalise_json(procedure(EXTRACT), sent) == {"subject_name": "Nguyễn Văn A", "copies": "2", "x": " y "}


@pytest.mark.parametrize("code", PROCEDURES)
def test_what_is_shown_can_be_typed_again(code: str) -> None:
    proc = procedure(code)
    for example in proc.examples:
        data = example.data
        flat = {n: v for n, v in data.items() if proc.fields[n].widget != "rows"}
        posted = {n: v if proc.fields[n].options else show(proc.fields[n], v) for n, v in flat.items()}
        assert normalise_form(proc, posted) == flat


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("record_kind", "birth", "Khai sinh"),
        ("subject_birth_date", "1995-03-08", "08/03/1995"),
        ("subject_birth_date", "31/02/1995", "31/02/1995"),
        ("copies", 2, "2"),
        ("purpose", None, ""),
    ],
)
def test_values_are_shown_in_words(name: str, value: object, shown: str) -> None:
    assert show(procedure(EXTRACT).fields[name], value) == shown


@given(
    st.dictionaries(
        st.sampled_from([*procedure(HOUSEHOLD).fields, "members.0.full_name", "start_date.day", "x"]),
        st.text() | st.lists(st.text(), max_size=3),
    )
)
def test_any_posted_text_is_read_and_checked_without_an_exception(posted: dict[str, str | list[str]]) -> None:
    proc = procedure(HOUSEHOLD)
    data = normalise_form(proc, posted)
    check(proc, data, on=ON)
    assert normalise_json(proc, data).keys() == data.keys()


@given(st.dates(date(1900, 1, 1), ON))
def test_a_date_typed_the_vietnamese_way_is_that_date(day: date) -> None:
    posted = {"subject_birth_date": f"{day.day}/{day.month}/{day.year}"}
    data = normalise_form(procedure(EXTRACT), posted, "subject")
    assert data == {"subject_birth_date": day.isoformat()}
    assert errors(EXTRACT, {**GOOD, **data}) == {}
