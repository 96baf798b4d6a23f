"""Handing in an application: whole or not at all, once, with a code of its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from tests.rooms.services.factories import EXTRACT, HOUSEHOLD, PERMIT, Town
from tinhso.foundation.api import clock, ids
from tinhso.organisation.contracts import Role
from tinhso.services import api as services
from tinhso.services.contracts.answers import NotFound, Refusal
from tinhso.services.contracts.case import CaseStatus
from tinhso.services.contracts.deadline import Channel
from tinhso.services.contracts.procedure import Delivery
from tinhso.services.models import Attachment, Case, CaseCodeCounter, Draft, PaymentRow


def test_the_same_key_gives_the_same_receipt(town: Town) -> None:
    who = town.citizen()
    application = town.application(who=who, key="once")
    first = services.submission.submit_case(principal=who, application=application)
    assert services.submission.submit_case(principal=who, application=application) == first
    assert Case.objects.count() == PaymentRow.objects.count() == 1


def test_a_draft_handed_in_twice_is_one_case_and_is_over(town: Town) -> None:
    who = town.citizen()
    draft = services.drafts.start_draft(principal=who, procedure=EXTRACT)
    answers = town.answers(EXTRACT)
    offer = town.offer(EXTRACT)
    for page in offer.procedure.pages:
        mine = {f.name: answers[f.name] for f in page.fields if f.name in answers}
        assert not services.drafts.save_page(principal=who, draft_id=draft, page=page.id, answers=mine)
    town.upload(who, "identity_scan", draft_id=draft)
    with pytest.raises(Refusal, match="nơi nộp"):
        services.submission.submit_draft(principal=who, draft_id=draft)
    unit = town.unit_for(offer.procedure)
    services.drafts.choose_unit(principal=who, draft_id=draft, unit_id=unit.id, delivery=Delivery.ONLINE)
    receipt = services.submission.submit_draft(principal=who, draft_id=draft)
    assert services.submission.submit_draft(principal=who, draft_id=draft) == receipt
    assert Draft.objects.get().case_id == receipt.case_id
    with pytest.raises(Refusal, match="đã nộp"):
        services.drafts.save_page(principal=who, draft_id=draft, page=offer.procedure.pages[0].id, answers={})
    with pytest.raises(NotFound):
        services.submission.submit_draft(principal=town.citizen(2), draft_id=draft)


def test_what_is_missing_is_said_at_once_and_nothing_is_written(town: Town) -> None:
    who = town.citizen()
    application = town.application(who=who, files=[], applicant_name=None, copies=0)
    with pytest.raises(Refusal) as refused:
        services.submission.submit_case(principal=who, application=application)
    assert {error.field for error in refused.value.fields} >= {"applicant_name", "copies"}
    with pytest.raises(Refusal) as refused:
        services.submission.submit_case(principal=who, application=town.application(who=who, files=[]))
    assert [error.field for error in refused.value.fields] == ["file:identity_scan"]
    assert not Case.objects.exists()
    assert not CaseCodeCounter.objects.exists()


def test_a_file_that_was_refused_or_is_someone_elses_hands_nothing_in(town: Town) -> None:
    who = town.citizen()
    broken = town.upload(who, "identity_scan", b"%PDF-1.7 broken")
    services.files.check_waiting()
    with pytest.raises(Refusal):
        services.submission.submit_case(principal=who, application=town.application(who=who, files=[broken]))
    foreign = town.upload(town.citizen(2), "identity_scan")
    with pytest.raises(Refusal, match="không còn nữa"):
        services.submission.submit_case(principal=who, application=town.application(who=who, files=[foreign]))


def test_a_paper_of_a_kind_the_component_does_not_take_counts_as_missing(town: Town) -> None:
    who = town.citizen()
    files = [town.upload(who, name) for name in ("land_papers", "drawings", "neighbour_commitment")]
    with pytest.raises(Refusal) as refused:
        services.submission.submit_case(principal=who, application=town.application(PERMIT, who=who, files=files))
    assert [error.field for error in refused.value.fields] == ["file:drawings"]


def test_a_file_handed_in_with_one_case_is_not_taken_from_it_by_another(town: Town) -> None:
    who = town.citizen()
    file = town.upload(who, "identity_scan")
    case = town.apply(who=who, files=[file])
    with pytest.raises(Refusal):
        services.submission.submit_case(principal=who, application=town.application(who=who, files=[file]))
    assert Attachment.objects.get(id=file).case_id == case.id


@pytest.mark.parametrize("channel", [Channel.COUNTER, Channel.POST])
def test_a_citizen_hands_in_online_and_by_no_other_name(town: Town, channel: Channel) -> None:
    """Else papers could be left out and another fee paid by only saying so."""
    who = town.citizen()
    with pytest.raises(Refusal):
        services.submission.submit_case(principal=who, application=town.application(who=who, files=[], channel=channel))


def test_what_an_official_types_in_never_counts_as_online(town: Town) -> None:
    clerk = town.official(town.commune().id, Role.CLERK)
    for channel in (Channel.COUNTER, Channel.ONLINE):
        case = town.apply(who=clerk, channel=channel)
        fact = town.fact(case)
        assert (fact.typed_by_official, fact.wholly_online) == (True, False)
        assert (case.account_id, case.typed_by_id) == (None, clerk.account_id)
        services.payments.take_at_counter(principal=clerk, case_id=case.id)
        assert not town.fact(town.finish(case)).wholly_online


def test_an_official_types_in_only_for_the_own_desk(town: Town) -> None:
    clerk = town.official(town.commune("10606").id, Role.CLERK)
    with pytest.raises(NotFound):
        services.submission.submit_case(principal=clerk, application=town.application(who=clerk))


def test_an_agency_that_does_not_decide_on_it_takes_no_application(town: Town) -> None:
    who = town.citizen()
    application = replace(town.application(HOUSEHOLD, who=who), unit_id=town.commune().id)
    with pytest.raises(Refusal, match="không giải quyết thủ tục này"):
        services.submission.submit_case(principal=who, application=application)
    nowhere = replace(application, unit_id=ids.new())
    with pytest.raises(Refusal):
        services.submission.submit_case(principal=who, application=nowhere)


def test_codes_count_by_agency_and_local_day_and_grow_past_9999(town: Town) -> None:
    codes = [town.apply(who=town.citizen(n)).code for n in (1, 2)]
    assert [code.rsplit("-", 2)[1:] for code in codes] == [["210112", "0001"], ["210112", "0002"]]
    assert town.apply(who=town.citizen(3), commune="10606").code.endswith("-210112-0001")
    CaseCodeCounter.objects.filter(unit_id=town.commune().id).update(last=9999)
    grown = town.apply(who=town.citizen(4)).code
    assert grown.endswith("-210112-10000")
    assert services.cases.degree_of(grown.lower()) is not None
    town.time.set(datetime(2021, 1, 13, 0, 1, tzinfo=clock.LOCAL))
    assert town.apply(who=town.citizen(5)).code.endswith("-210113-0001"), "the day of the province, not of Greenwich"


def test_the_same_person_within_thirty_days_is_a_resubmission_also_from_counter_to_phone(town: Town) -> None:
    clerk = town.official(town.commune().id, Role.CLERK)
    first = town.apply(who=clerk, channel=Channel.COUNTER)
    again = town.apply()
    other = town.apply(who=town.citizen(2), applicant_id="030195009999")
    town.later(days=31)
    much_later = town.apply(who=town.citizen(3))
    assert [town.fact(c).resubmitted for c in (first, again, other, much_later)] == [False, True, False, False]
    assert again.resubmission_of_id == first.id


def test_an_unfinished_draft_holds_what_was_typed_right_or_wrong_but_nothing_that_cannot_be_kept(town: Town) -> None:
    who = town.citizen()
    draft = services.drafts.start_draft(principal=who, procedure=EXTRACT)
    page = next(p for p in town.offer(EXTRACT).procedure.pages if any(f.name == "subject_name" for f in p.fields))
    errors = services.drafts.save_page(
        principal=who, draft_id=draft, page=page.id, answers={"subject_name": "A" * 5000, "subject_birth_date": "x"}
    )
    assert errors
    assert services.applications.draft_of(who, draft).data["subject_name"] == "A" * 5000
    errors = services.drafts.save_page(principal=who, draft_id=draft, page=page.id, answers={"subject_name": "A\x00B"})
    assert "unsafe" in {e.keyword for e in errors}
    assert services.applications.draft_of(who, draft).data["subject_name"] == "A" * 5000


def test_the_degree_anyone_may_look_up_says_nothing_of_whose_it_is(town: Town) -> None:
    case = town.accept(town.apply())
    degree = services.cases.degree_of(case.code)
    assert degree is not None
    assert (degree.status, degree.due_at) == (CaseStatus.IN_PROGRESS, case.due_at)
    assert case.applicant not in repr(degree)
    assert services.cases.degree_of("H00.00-210112-0001") is None


def test_when_the_district_level_ended_its_offices_take_nothing_more(town: Town) -> None:
    office = town.unit_for(town.offer(HOUSEHOLD).procedure)
    town.time.set(datetime(2026, 11, 23, 9, tzinfo=clock.LOCAL))
    who = town.citizen()
    application = replace(town.application(HOUSEHOLD, who=who), unit_id=office.id)
    with pytest.raises(Refusal, match="không giải quyết"):
        services.submission.submit_case(principal=who, application=application)
    assert clock.today() == date(2026, 11, 23)
