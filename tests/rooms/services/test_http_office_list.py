"""The worklist shows each desk its own work, by deadline, narrowed, kept and taken out within its rights."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.rooms.services.factories import EXTRACT, HOUSEHOLD, Town
from tests.rooms.services.officials import LIST, at_desk, clerk, decide, dossier, look_at_papers, page
from tinhso.foundation.api import journal
from tinhso.organisation.contracts import Role
from tinhso.services import api as services
from tinhso.services.contracts.case import Deed
from tinhso.services.models import Case, PendingDecision, SavedFilter


def counts(client: Client) -> dict[str, str]:
    views = client.get(LIST).context["views"]
    return {str(view["label"]): view["count"] for view in views}


def codes(client: Client, query: str = "") -> list[str]:
    return [line.row.code for line in client.get(LIST + query).context["lines"]]


def test_a_desk_sees_its_own_work_and_no_other_desks(town: Town) -> None:
    case = town.apply()
    elsewhere = town.apply(commune="10510")
    assert codes(clerk(town, case)) == [case.code]
    assert codes(clerk(town, elsewhere)) == [elsewhere.code]
    assert codes(at_desk(town.official(case.unit_id, Role.LEADER))) == []


def test_nobody_without_a_post_comes_in(town: Town) -> None:
    case = town.apply()
    assert Client().get(LIST).status_code == 302
    assert at_desk(town.citizen()).get(LIST).status_code == 403
    assert at_desk(town.citizen()).get(dossier(case)).status_code == 403


def test_views_count_what_is_late_due_and_waiting(town: Town) -> None:
    waiting, late = town.apply(), town.apply(commune="10507", subject_name="Phạm Văn Trễ")
    town.do(waiting, Deed.ASK_SUPPLEMENT, reason="Ảnh mờ.")
    town.later(days=1)
    fresh = town.apply(subject_name="Trần Thị Mới")
    desk = clerk(town, late)
    assert counts(desk) == {"Hôm nay": "2", "Trễ": "1", "Sắp đến hạn": "0", "Chờ người dân": "1", "Tất cả": "3"}
    assert codes(desk, "?xem=tre") == [late.code]
    assert codes(desk, "?xem=cho-dan") == [waiting.code]
    assert codes(desk, "?xem=tat-ca") == [waiting.code, late.code, fresh.code]
    assert "trễ 7 giờ" in page(desk.get(LIST)) or "trễ 1 ngày" in page(desk.get(LIST))


@pytest.mark.parametrize("words", ["tran thi cuc", "TRẦN THỊ CÚC", "Cúc", "0002"])
def test_words_find_a_name_without_its_marks_or_the_end_of_a_code(town: Town, words: str) -> None:
    first = town.apply()
    other = town.apply(applicant_name="Trần Thị Cúc")
    assert other.code.endswith("0002")
    assert codes(clerk(town, first), f"?tim={words}") == [other.code]


def test_a_procedure_and_a_step_narrow_the_list(town: Town) -> None:
    case = town.apply()
    done = town.accept(town.apply())
    officer = at_desk(town.official(case.unit_id, Role.OFFICER))
    assert set(codes(officer, f"?thu-tuc={EXTRACT}")) == {case.code, done.code}
    assert codes(officer, "?buoc=examine") == [done.code]
    assert codes(officer, "?buoc=receive") == [case.code]
    assert codes(officer, f"?thu-tuc={HOUSEHOLD}") == []
    assert "Không có hồ sơ nào khớp bộ lọc" in page(officer.get(f"{LIST}?thu-tuc={HOUSEHOLD}"))


def test_the_longest_waiting_may_come_first(town: Town) -> None:
    first = town.apply()
    town.do(first, Deed.ACCEPT)
    town.later(hours=1)
    second = town.apply()
    officer = at_desk(town.official(first.unit_id, Role.OFFICER))
    assert codes(officer, "?sap=han") == [second.code, first.code]  # the second must be received within the hour
    assert codes(officer, "?sap=nop") == [first.code, second.code]


@pytest.mark.parametrize("sort", ["han", "nop"])
def test_pages_follow_without_gap_or_repeat(town: Town, sort: str, monkeypatch: pytest.MonkeyPatch) -> None:
    everything = [town.apply() for _ in range(5)]
    desk = clerk(town, everything[0])
    monkeypatch.setattr("tinhso.services.queries.worklist.worklist.__kwdefaults__", {"limit": 2})
    seen, url = [], f"{LIST}?sap={sort}"
    while url:
        shown = desk.get(url).context
        seen += [line.row.code for line in shown["lines"]]
        url = shown["following"]
    assert sorted(seen) == sorted(case.code for case in everything)
    assert len(seen) == len(set(seen))


@pytest.mark.parametrize(
    "query",
    ["?xem=x", "?sau=x~y", "?sau=2021-01-01T00:00:00~6e96dade-7782-422a-9e30-bdd807eaa9b3", "?tim=%01",
     "?tim=%E2%80%AE", "?buoc=x&sap=y", f"?tim={'x' * 5000}", "?thu-tuc=%27%20OR%201=1", "?xem=hom-nay&xem=tre"],
)  # fmt: skip
def test_whatever_stands_in_the_address_a_list_comes_back(town: Town, query: str) -> None:
    case = town.apply()
    assert clerk(town, case).get(LIST + query).status_code == 200
    assert clerk(town, case).get(dossier(case) + query).status_code == 200


def test_the_number_of_queries_does_not_grow_with_the_list(town: Town) -> None:
    case = town.apply()
    desk = clerk(town, case)
    desk.get(LIST)  # packages and names are read once a process
    with CaptureQueriesContext(connection) as one:
        desk.get(LIST)
    for _ in range(6):
        town.apply()
    with CaptureQueriesContext(connection) as seven:
        assert len(desk.get(LIST).context["lines"]) == 7
    assert len(seven) == len(one)
    assert len(one) <= 18


def test_no_query_of_the_list_reads_closed_tasks(town: Town) -> None:
    case = town.apply()
    desk = clerk(town, case)
    with CaptureQueriesContext(connection) as asked:
        desk.get(f"{LIST}?xem=tat-ca")
    about_tasks = [q["sql"] for q in asked if 'FROM "services_task"' in q["sql"]]
    assert about_tasks
    assert all('"services_task"."open"' in sql for sql in about_tasks)


def test_a_filter_is_kept_for_its_owner_only_and_dropped(town: Town) -> None:
    case = town.apply()
    desk, neighbour = clerk(town, case), clerk(town, case, 2)
    desk.post("/can-bo/bo-loc/", {"ten": "Trễ, trích lục", "danh-sach": f"xem=tre&thu-tuc={EXTRACT}&sap=nop"})
    [(kept, url)] = desk.get(LIST).context["kept"]
    assert kept.name == "Trễ, trích lục"
    assert url == f"{LIST}?xem=tre&thu-tuc={EXTRACT}&sap=nop"
    assert neighbour.get(LIST).context["kept"] == []
    neighbour.post(f"/can-bo/bo-loc/{kept.id}/bo/")
    assert SavedFilter.objects.count() == 1
    desk.post(f"/can-bo/bo-loc/{kept.id}/bo/")
    assert SavedFilter.objects.count() == 0
    journal.seal()
    told = [e.event for e in journal.read(limit=100_000) if "Filter" in e.event]
    assert told == ["services.FilterSaved", "services.FilterDropped"]


def test_the_same_name_replaces_a_filter(town: Town) -> None:
    desk = clerk(town, town.apply())
    for query in ("xem=tre", "xem=tat-ca"):
        desk.post("/can-bo/bo-loc/", {"ten": "Của tôi", "danh-sach": query})
    assert [url for _kept, url in desk.get(LIST).context["kept"]] == [f"{LIST}?xem=tat-ca"]


@pytest.mark.parametrize("name", ["", "   ", "x" * 41, "a\u202eb", "\x00"])
def test_a_bad_name_is_refused_in_place(town: Town, name: str) -> None:
    desk = clerk(town, town.apply())
    answer = desk.post("/can-bo/bo-loc/", {"ten": name, "danh-sach": "xem=tre"})
    assert answer.status_code == 422
    assert not SavedFilter.objects.exists()


def test_the_export_holds_the_rows_of_the_list_and_is_told(town: Town) -> None:
    case = town.apply(applicant_name="=HYPERLINK(1)")
    town.apply(commune="10510")
    desk = clerk(town, case)
    answer = desk.get("/can-bo/danh-sach.csv?xem=tat-ca")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["Mã hồ sơ"] for row in rows] == [case.code]
    assert rows[0]["Người nộp"] == "'=HYPERLINK(1)"
    journal.seal()
    assert "services.WorklistExported" in {e.event for e in journal.read(limit=100_000)}


def test_a_code_or_a_name_or_a_command_leads_on(town: Town) -> None:
    case = town.apply()
    desk = clerk(town, case)
    assert desk.get("/can-bo/tim/", {"q": f" {case.code.lower()} "})["Location"] == dossier(case)
    found = dossier(case, f"xem=tat-ca&tim={case.code[-4:]}")
    assert desk.get("/can-bo/tim/", {"q": case.code[-4:]})["Location"] == found
    assert desk.get("/can-bo/tim/", {"q": "tre"})["Location"] == f"{LIST}?xem=tre"
    assert desk.get("/can-bo/tim/", {"q": "nhap ho so"})["Location"] == "/can-bo/nhap-ho-so/"
    assert desk.get("/can-bo/tim/", {"q": ""})["Location"] == LIST


def test_a_code_out_of_sight_is_as_good_as_none(town: Town) -> None:
    case, hidden = town.apply(), town.apply(commune="10510")
    desk = clerk(town, case)
    answer = desk.get("/can-bo/tim/", {"q": hidden.code}, follow=True)
    assert "Không có hồ sơ nào khớp" in page(answer)
    assert desk.get(dossier(hidden)).status_code == 404
    for name in ("giay-tiep-nhan.pdf", "giay/phieu-kiem-soat.pdf"):
        assert desk.get(f"{dossier(hidden)}{name}").status_code == 404
    assert desk.post(f"{dossier(hidden)}thu-tien/").status_code == 404


def test_a_decision_that_failed_is_said_in_the_list_and_on_the_dossier(town: Town) -> None:
    case = town.apply()
    desk = clerk(town, case)
    look_at_papers(desk, case)
    decide(desk, case, Deed.ACCEPT, town.task(case))
    Case.objects.filter(id=case.id).update(version=99)
    town.later(hours=0.1)
    services.decisions.carry_out_due()
    assert PendingDecision.objects.get().failure
    assert "Hồ sơ đã thay đổi trước khi quyết định có hiệu lực" in page(desk.get(LIST))
    shown = page(desk.get(dossier(case)))
    assert "Quyết định chưa thực hiện được" in shown
    assert "Tiếp nhận t" in shown


def test_a_bulk_act_shows_what_it_will_do_then_does_each(town: Town) -> None:
    cases = [town.apply() for _ in range(3)]
    desk = clerk(town, cases[0])
    for case in cases[:2]:
        look_at_papers(desk, case)
    tasks = [str(town.task(case).id) for case in cases]
    shown = desk.post("/can-bo/nhieu/", {"viec": tasks})
    assert len(shown.context["ready"]) == 2
    assert "Chưa mở giấy tờ bắt buộc" in page(shown)
    assert not PendingDecision.objects.exists()
    fields = {"deed": "accept", "viec": [str(line["row"].id) for line in shown.context["ready"]]}
    fields |= {f"version:{line['row'].id}": line["row"].version for line in shown.context["ready"]}
    done = desk.post("/can-bo/nhieu/lam/", fields, follow=True)
    assert "Đã ghi: Tiếp nhận 2 hồ sơ." in page(done)
    assert PendingDecision.objects.count() == 2
    back = desk.post("/can-bo/hoan-tac/", {"quyet-dinh": done.context["undo"]["all"]}, follow=True)
    assert "Đã hoàn tác 2 việc." in page(back)
    assert not PendingDecision.objects.exists()


def test_a_bulk_act_leaves_what_another_changed_meanwhile(town: Town) -> None:
    first, second = town.apply(), town.apply()
    desk = clerk(town, first)
    for case in (first, second):
        look_at_papers(desk, case)
    tasks = {town.task(case).id: town.case(case).version for case in (first, second)}
    town.do(second, Deed.REFUSE, reason="Trùng hồ sơ.", who=town.official(first.unit_id, Role.CLERK, 2))
    fields = {"deed": "accept", "viec": [str(t) for t in tasks], **{f"version:{t}": v for t, v in tasks.items()}}
    done = page(desk.post("/can-bo/nhieu/lam/", fields, follow=True))
    assert "Tiếp nhận 1 hồ sơ" in done
    assert "vừa được người khác xử lý" in done


def test_what_needs_words_of_its_own_is_not_done_in_bulk(town: Town) -> None:
    case = town.apply()
    desk = clerk(town, case)
    assert desk.post("/can-bo/nhieu/lam/", {"deed": "refuse", "viec": str(town.task(case).id)}).status_code == 404
    assert "Chưa chọn hồ sơ nào" in page(desk.post("/can-bo/nhieu/", {"viec": "x"}, follow=True))


def test_due_words_name_lateness_in_working_time(town: Town) -> None:
    case = town.apply()
    town.later(hours=2)
    assert "trễ 1 giờ" in page(clerk(town, case).get(LIST))
    town.time.set(town.time.business + timedelta(days=3))
    assert "trễ 3 ngày" in page(clerk(town, case).get(LIST))
