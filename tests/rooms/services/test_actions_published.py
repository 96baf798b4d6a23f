"""The province's published list is the denominator: read whole or not at all, and nothing leaves it unseen."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from tests.rooms.services.factories import SYSTEM, Town
from tinhso.foundation.api import clock, packages
from tinhso.services import api as services
from tinhso.services.contracts.answers import Refusal
from tinhso.services.models import PublishedProcedure, ServiceFact

HEAD = "code,title,field,tier,valid_from,valid_to,source,certainty\n"
GOOD = "9.000001,Thủ tục một,Hộ tịch,commune,2021-01-01,,Quyết định mẫu,read\n"
BUNDLED = packages.ROOT / "published" / "hai-duong" / "procedures.csv"


def take(text: str | bytes) -> int:
    content = text.encode() if isinstance(text, str) else text
    return services.published.import_published(content=content, source="mau.csv", actor=SYSTEM)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (GOOD + "9.000002,Hai,Hộ tịch,commune,31/02/2021,,Quyết định,read\n", "Dòng 3: cột valid_from"),
        (GOOD + "9.000002,Hai\n", "Dòng 3: cột field trống"),
        (GOOD + ",Hai,Hộ tịch,commune,2021-01-01,,Quyết định,read\n", "Dòng 3: cột code trống"),
        (GOOD + "9.000002,Hai,Hộ tịch,village,2021-01-01,,Quyết định,read\n", "Dòng 3: cột tier"),
        (GOOD + "9.000002,Hai,Hộ tịch,commune,2021-01-01,,Quyết định,sure\n", "Dòng 3: cột certainty"),
        (GOOD + "9.000002,Hai,Hộ tịch,commune,2021-02-01,2021-01-01,Quyết định,read\n", "Dòng 3: valid_to trước"),
        (GOOD + "9.000002,Hai, và ba,Hộ tịch,commune,2021-01-01,,Quyết định,read\n", "Dòng 3: thừa cột"),
        (GOOD + GOOD, "Dòng 3: mã 9.000001 từ ngày này đã có ở dòng 2"),
        (GOOD + f"9.000002,{'A' * 501},Hộ tịch,commune,2021-01-01,,Quyết định,read\n", "Dòng 3: cột title dài 501"),
        (GOOD + f"9.000002,{'A' * 200_000},Hộ tịch,commune,2021-01-01,,Quyết định,read\n", "Dòng 3"),
        (GOOD + "9.000002,H\u202eai,Hộ tịch,commune,2021-01-01,,Quyết định,read\n", "Dòng 3: cột title có ký tự ẩn"),
        (GOOD + "9.000002,H\x00ai,Hộ tịch,commune,2021-01-01,,Quyết định,read\n", "Dòng 3"),
        (GOOD + '9.000002,"Hai,Hộ tịch,commune,2021-01-01,,Quyết định,read\n', "Dòng 3"),
    ],
)
def test_a_bad_line_is_named_and_nothing_is_imported(town: Town, lines: str, said: str) -> None:
    with pytest.raises(Refusal) as refused:
        take(HEAD + lines)
    assert refused.value.message.startswith(said)
    assert not PublishedProcedure.objects.exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"\xff\xfe\x00", "UTF-8"), (b"", "Thiếu cột"), (b"code,title\n", "Thiếu cột: field"), (GOOD, "Thiếu cột")],
)
def test_what_is_no_such_list_is_refused_with_what_it_lacks(town: Town, content: bytes | str, said: str) -> None:
    with pytest.raises(Refusal, match=said):
        take(content)


def test_importing_again_adds_only_what_is_new(town: Town) -> None:
    assert take("\ufeff" + HEAD + GOOD) == 1
    assert take(HEAD + GOOD) == 0
    assert take(HEAD + GOOD + GOOD.replace("9.000001", "9.000002")) == 1
    assert [e.data["rows"] for e in town.entries("PublishedListImported")] == [1, 1]


def test_a_procedure_without_a_package_stays_in_the_denominator_as_not_proved(town: Town) -> None:
    listed = BUNDLED.read_bytes()
    assert take(listed) == PublishedProcedure.objects.count() > 20
    facts = {(f.code, f.published): f for f in ServiceFact.objects.filter(current=True)}
    assert len(facts) == PublishedProcedure.objects.values("code", "valid_from").distinct().count()
    own = {folder.name for folder in packages.folders("procedures")}
    for (code, published), fact in facts.items():
        assert fact.has_package == (code in own)
        assert (fact.level is None) == (code not in own), (code, published)
    assert facts["2.000635", True].level == 4
    assert facts["1.001612", True].level in (2, 3, 4)


def test_levels_are_proved_anew_only_where_they_changed(town: Town) -> None:
    take(BUNDLED.read_bytes())
    assert services.published.prove_levels(actor=SYSTEM) == 0
    before = ServiceFact.objects.count()
    town.time.set(datetime(2026, 11, 23, 9, tzinfo=clock.LOCAL))
    changed = services.published.prove_levels(actor=SYSTEM)
    assert changed == ServiceFact.objects.count() - before > 0
    assert services.published.prove_levels(actor=SYSTEM) == 0
    today = PublishedProcedure.objects.filter(valid_from__lte=date(2026, 11, 23)).exclude(
        valid_to__lt=date(2026, 11, 23)
    )
    published = ServiceFact.objects.filter(current=True, published=True)
    assert set(published.values_list("subject_id", flat=True)) == set(today.values_list("id", flat=True))
