"""Every component draws valid, escaped HTML that a screen reader can follow and the security policy allows."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, date, datetime, time
from html.parser import HTMLParser

import pytest
from django import forms
from django.template import Context, Template
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from tinhso.design import drawing, formats
from tinhso.design.contracts import Bar, Cell, Choice, Column, Field, FieldError, FieldKind, Row, Tile, Tone
from tinhso.design.http import samples

VOID = {"meta", "link", "input", "br", "hr", "img", "path", "circle", "rect"}
HOSTILE = "<script>alert('x')</script>\" onload=\"y"


class Page(HTMLParser):
    """Read HTML strictly: every element closed in order, every id once."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"<{tag}> repeats an attribute: {names}"
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag

    def all(self, *tags: str) -> list[dict[str, str | None]]:
        return [attrs for tag, attrs in self.elements if tag in tags]


def draw(source: str, **values: object) -> str:
    request = RequestFactory().get("/?sort=-due&page=3&q=khai")
    return Template("{% load design %}" + source).render(Context({"request": request, **values}))


def read(source: str, **values: object) -> Page:
    """Draw and hold what is promised of every component."""
    page = Page(draw(source, **values))
    ids = Counter(attrs["id"] for _, attrs in page.elements if attrs.get("id"))
    assert max(ids.values(), default=1) == 1, ids
    labelled = {attrs.get("for") for attrs in page.all("label")}
    for tag, attrs in page.elements:
        assert "style" not in attrs
        assert not [name for name in attrs if name.startswith("on")]
        assert tag != "script" or "src" in attrs
        for name in (attrs.get("aria-describedby") or "").split():
            assert name in ids, f"{name} describes nothing"
        for name in (attrs.get("aria-labelledby") or "").split():
            assert name in ids
        if tag in ("input", "select", "textarea") and attrs.get("type") != "hidden":
            assert attrs.get("id") in labelled or attrs.get("aria-label"), attrs
    return page


FIELDS = [
    '{% text_field "a.b" label value=value hint=hint error=error autocomplete="name" inputmode="numeric" width="10" %}',
    '{% text_field "a" label value=value hint=hint error=error prefix=value suffix=value maxlength=5000 %}',
    '{% text_field "a" label value=value hint=hint error=error heading=True optional=True %}',
    '{% textarea_field "a" label value=value hint=hint error=error %}',
    '{% select_field "a" label choices value=value hint=hint error=error %}',
    '{% radios_field "a" label choices value=value hint=hint error=error inline=True %}',
    '{% checkboxes_field "a" label choices value=value hint=hint error=error %}',
    '{% checkbox_field "a" label value=value hint=hint error=error %}',
    '{% date_field "a" label value=typed hint=hint error=error birthday=True %}',
    '{% file_field "a" label current=value hint=hint error=error accept="image/*" multiple=True %}',
]


@pytest.mark.parametrize("source", FIELDS)
@pytest.mark.parametrize("error", ["", HOSTILE])
@pytest.mark.parametrize("hint", ["", HOSTILE])
def test_a_field_ties_label_hint_and_error_to_its_control_and_escapes_them(source: str, error: str, hint: str) -> None:
    choices = (Choice("1", HOSTILE, HOSTILE), {"value": HOSTILE, "label": "b"}, ("3", "c"))
    typed = {"day": HOSTILE, "month": "1", "year": "2"}
    page = read(source, label=HOSTILE, value=HOSTILE, hint=hint, error=error, choices=choices, typed=typed)
    assert not page.all("script")
    described = " ".join(attrs.get("aria-describedby") or "" for _, attrs in page.elements)
    assert ("-error" in described) == bool(error)
    assert ("-hint" in described) == bool(hint)
    if error and "radios" not in source and "checkboxes" not in source:
        assert [attrs for _, attrs in page.elements if attrs.get("aria-invalid") == "true"]


@pytest.mark.parametrize("source", FIELDS)
def test_the_error_summary_leads_to_the_control(source: str) -> None:
    name = "a.b" if '"a.b"' in source else "a"
    page = read(
        "{% error_summary errors %}" + source,
        errors=[FieldError(name, "Nhập họ tên"), FieldError("", "Phiên đã hết")],
        label="Họ tên",
        error="Nhập họ tên",
        choices=(("1", "một"),),
    )
    targets = {f"#{attrs['id']}" for _, attrs in page.elements if attrs.get("id")}
    links = [attrs["href"] for attrs in page.all("a")]
    assert len(links) == 1
    assert set(links) <= targets


def test_no_errors_no_summary() -> None:
    assert draw("{% error_summary errors %}", errors=[]).strip() == ""


@pytest.mark.parametrize("kind", list(FieldKind))
def test_a_field_made_from_a_schema_is_drawn_whatever_its_kind(kind: FieldKind) -> None:
    asked = Field(kind, "x", "Nhãn", hint="Gợi ý", error="Sai", choices=(Choice("1", "một"),))
    page = read("{% field asked %}", asked=asked)
    assert page.all("input", "select", "textarea")


def test_a_django_form_is_drawn_by_the_same_hand_and_never_writes_a_password_back() -> None:
    class SignIn(forms.Form):
        phone = forms.CharField(label="Số điện thoại", widget=forms.TextInput(attrs={"autocomplete": "tel"}))
        secret = forms.CharField(label="Mật khẩu", widget=forms.PasswordInput)
        way = forms.ChoiceField(label="Cách", choices=[("a", "A")], widget=forms.RadioSelect)

    form = SignIn({"secret": "bí-mật-1", "phone": ""})
    assert not form.is_valid()
    html = draw("{% error_summary form=form %}{% for f in form %}{% form_field f %}{% endfor %}", form=form)
    page = Page(html)
    assert "bí-mật-1" not in html
    assert [attrs for attrs in page.all("input") if attrs.get("autocomplete") == "tel"]
    assert {"#id_phone", "#id_way"} == {attrs["href"] for attrs in page.all("a")}


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (date(1990, 3, 7), ["7", "3", "1990"]),
        ("1990-03-07", ["07", "03", "1990"]),
        ({"day": "31", "month": "02", "year": ""}, ["31", "02", ""]),
        (None, ["", "", ""]),
        ("rác", ["", "", ""]),
    ],
)
def test_a_date_shows_what_was_typed_in_three_parts(value: object, shown: list[str]) -> None:
    page = read('{% date_field "birth" "Ngày sinh" value=value error="Sai" error_parts="month" %}', value=value)
    inputs = page.all("input")
    assert [attrs["value"] for attrs in inputs] == shown
    assert [attrs["name"] for attrs in inputs if attrs.get("aria-invalid")] == ["birth_month"]


SHOWN = [
    "{% button h kind=h name=h value=h key=h form=h %}",
    "{% link_button h h key=h %}",
    "{% back_link h %}",
    "{% steps 2 4 h %}",
    "{% status h h %}",
    '{% notice "late" h live=True %}{{ h }}{% endnotice %}',
    "{% confirmation h h qr=h %}{{ h }}{% endconfirmation %}",
    "{% empty_state h act=h url=h %}{{ h }}{% endempty_state %}",
    "{% progress 1 2 h %}",
    "{% qr h h %}",
    "{% kbd h %}",
    "{% details h id=h key=h %}{{ h }}{% enddetails %}",
    "{% fieldset h hint=h error=h %}{{ h }}{% endfieldset %}",
    "{% table cols rows h export=h keyed=True %}",
    "{% figure h cols rows note=h %}{% bars bars %}{% endfigure %}",
    "{% tile tile %}",
    "{% page_title h h %}",
    "{% key_help %}",
]


@pytest.mark.parametrize("source", SHOWN)
def test_what_is_shown_is_escaped_and_well_formed(source: str) -> None:
    tile = Tile(
        HOSTILE, 3, HOSTILE, HOSTILE, 5, HOSTILE, 4, HOSTILE, 10, (1, None, 2), HOSTILE, HOSTILE, HOSTILE, HOSTILE
    )
    page = read(
        source,
        h=HOSTILE,
        cols=(Column(HOSTILE, sort=HOSTILE), HOSTILE),
        rows=[Row((HOSTILE, Cell(HOSTILE, HOSTILE, Tone.LATE)), HOSTILE, True), (HOSTILE, None)],
        bars=[Bar(HOSTILE, 2, HOSTILE), Bar("b", None, HOSTILE)],
        tile=tile,
    )
    assert not page.all("script")


def test_the_samples_draw_every_component() -> None:
    values = samples.everything()
    source = (
        "{% summary_list summary %}{% task_list tasks %}{% timeline milestones %}{% timeline late_milestones %}"
        "{% table columns rows 'Hồ sơ' %}{% for t in tiles %}{% tile t %}{% endfor %}"
    )
    html = draw(source, **values)
    Page(html)
    assert html.count('aria-current="step"') == 1
    assert "Chưa trả lời" in html


def test_sorting_and_paging_keep_the_rest_of_the_address() -> None:
    html = draw("{% table cols rows 'Bảng' %}{% pagination 3 9 %}", cols=(Column("Hạn", sort="due"),), rows=[])
    assert 'aria-sort="descending"' in html
    assert 'href="?q=khai&amp;sort=due"' in html
    assert 'href="?sort=-due&amp;q=khai&amp;page=4"' in html


def test_a_keyed_table_marks_its_rows_for_the_keyboard() -> None:
    html = draw("{% table cols rows 'B' keyed=True %}", cols=("Mã",), rows=[Row((Cell("0042", "/h/42"),), "h-42")])
    assert '<tr data-row="h-42"><td><a href="/h/42" data-row-link>0042</a></td></tr>' in html


def test_a_row_of_another_length_than_the_columns_is_refused() -> None:
    with pytest.raises(ValueError, match="zip"):
        draw("{% table cols rows 'B' %}", cols=("Mã", "Tên"), rows=[("một",)])


def test_what_is_not_known_is_a_dash_with_its_reason_and_never_zero() -> None:
    tile = Tile("GRDP số", None, "", "/x", target=20, reason="Chưa có nguồn số liệu.")
    html = draw("{% tile tile %}", tile=tile)
    assert "—" in html
    assert "Chưa có nguồn số liệu." in html
    assert "bar-value" not in html
    assert "bar-hatch" in html


def test_a_stale_figure_says_since_when() -> None:
    html = draw("{% tile tile %}", tile=Tile("A", 4, "4 %", "/x", stale_since="07:30 hôm nay"))
    assert "số liệu cũ từ 07:30 hôm nay" in html
    assert "bar-hatch" in html


@given(
    value=st.none() | st.floats(-1e9, 1e9),
    full=st.floats(-10, 1e9),
    target=st.none() | st.floats(-1e9, 1e9),
    stale=st.booleans(),
)
def test_a_bar_never_leaves_its_frame(value: float | None, full: float, target: float | None, stale: bool) -> None:
    svg = str(drawing.bar(value, full, "info", target=target, stale=stale))
    Page(svg)
    for width in re.findall(r'width="([\d.]+)"', svg):
        assert 0 <= float(width) <= 200
    assert "nan" not in svg
    assert not re.search(r"\de[-+]?\d", svg)


@given(st.lists(st.none() | st.floats(-1e12, 1e12), max_size=40))
def test_a_trend_draws_gaps_not_zeros(points: list[float | None]) -> None:
    svg = str(drawing.sparkline(points, "xu hướng"))
    Page(svg)
    if len([point for point in points if point is not None]) < 2:
        assert svg == ""


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (formats.vnd(8000), "8.000\u00a0₫"),
        (formats.vnd(-1234567), "−1.234.567\u00a0₫"),
        (formats.vnd(None), "—"),
        (formats.number(1234.5), "1.234,5"),
        (formats.number(0), "0"),
        (formats.percent(83.2), "83,2\u00a0%"),
        (formats.percent(None), "—"),
        (formats.vn_date(date(2021, 1, 6)), "06/01/2021"),
        (formats.vn_date(None), "—"),
        (formats.vn_time(time(15, 0)), "15:00"),
        (formats.vn_datetime(datetime(2021, 1, 5, 20, 30, tzinfo=UTC)), "03:30 06/01/2021"),
    ],
)
def test_values_are_written_the_vietnamese_way(written: str, expected: str) -> None:
    assert written == expected


@given(st.integers(-(10**15), 10**15))
def test_an_amount_reads_back_as_itself(amount: int) -> None:
    assert int(formats.vnd(amount).replace(".", "").replace("−", "-").split("\u00a0")[0]) == amount
