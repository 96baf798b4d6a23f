"""Prove a service's level: from blockers declared and examples run, never from a claim.

Levels 1 to 4 are those of NĐ 43/2011 and TT 32/2017/TT-BTTTT art. 6 (read in the text): 1 information;
2 with forms; 3 filled and sent online, processed on the network; 4 paid online as well. The result may go
out online, by post or at the counter without counting against level 4 (DOMAIN 0.4, read).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from tinhso.services.contracts.procedure import (
    Blocker,
    BlockerKind,
    Certainty,
    Channel,
    ComponentKind,
    ExampleOutcome,
    LevelProof,
    Procedure,
    Title,
    Validity,
)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What the levels were called in a period. `names` are for levels 1, 2, 3 and 4."""

    validity: Validity
    names: tuple[Title, Title, Title, Title]
    source: str
    certainty: Certainty


_FULL = Title("Dịch vụ công trực tuyến toàn trình", "Full online public service")
_PART = Title("Dịch vụ công trực tuyến một phần", "Partial online public service")
_INFO = Title("Cung cấp thông tin", "Information only")
VOCABULARIES = (
    Vocabulary(
        Validity(None, date(2022, 8, 14)),
        (
            Title("Mức độ 1", "Level 1"),
            Title("Mức độ 2", "Level 2"),
            Title("Mức độ 3", "Level 3"),
            Title("Mức độ 4", "Level 4"),
        ),
        "NĐ 43/2011/NĐ-CP điều 3; TT 32/2017/TT-BTTTT điều 6",
        Certainty.READ,
    ),
    Vocabulary(
        Validity(date(2022, 8, 15), date(2026, 6, 30)),
        (_INFO, _INFO, _PART, _FULL),
        "NĐ 42/2022/NĐ-CP",
        Certainty.MEMORY,
    ),
    Vocabulary(
        Validity(date(2026, 7, 1), None),
        (_INFO, _INFO, _PART, _FULL),
        "NĐ 224/2026/NĐ-CP điều 14",
        Certainty.READ,
    ),
)


def vocabulary_on(on: date) -> Vocabulary:
    """Give the words in force on a day."""
    return next(row for row in VOCABULARIES if row.validity.covers(on))


def prove_level(procedure: Procedure, fee_known: bool, outcomes: Iterable[ExampleOutcome], on: date) -> LevelProof:
    """Prove the level on a day from what the examples came to.

    Level 4 needs: no blocker in force, the fee known (else nothing can be paid online), no example that
    failed, and for each variant an example that ran wholly online. Level 3 needs an online example that ran.
    """
    ran = tuple(outcomes)
    blockers = _blockers(procedure, fee_known, on)
    failed = [outcome for outcome in ran if not outcome.passed]
    online = {outcome.variant for outcome in ran if outcome.passed and outcome.wholly_online}
    reasons = [f"Chưa thể làm trọn vẹn trên mạng: {blocker.title.vi}" for blocker in blockers]
    reasons += [f"Ví dụ “{outcome.example}” không ra kết quả như quy định" for outcome in failed]
    reasons += [
        f"Chưa có ví dụ chạy trọn vẹn trên mạng cho trường hợp “{variant.title.vi}”"
        for variant in procedure.variants
        if variant.id not in online
    ]
    names = {example.id for example in procedure.examples if example.channel is Channel.ONLINE}
    if not reasons:
        level = 4
    elif any(outcome.passed and outcome.example in names for outcome in ran):
        level = 3
    else:
        level = 2 if any(c.kind is ComponentKind.FORM for c in procedure.components) else 1
    return LevelProof(level, vocabulary_on(on).names[level - 1], tuple(reasons), blockers)


def _blockers(procedure: Procedure, fee_known: bool, on: date) -> tuple[Blocker, ...]:
    declared = [
        blocker
        for blocker in procedure.blockers
        if blocker.validity.covers(on) and not (fee_known and blocker.kind is BlockerKind.UNSET_FEE)
    ]
    if not fee_known and not any(blocker.kind is BlockerKind.UNSET_FEE for blocker in declared):
        declared.append(
            Blocker(
                kind=BlockerKind.UNSET_FEE,
                title=Title("chưa có mức phí của địa phương", "the local fee is not set"),
                variants=(),
                validity=Validity(None, None),
                source="suy ra từ biểu phí của gói",
                certainty=Certainty.READ,
            )
        )
    return tuple(declared)
