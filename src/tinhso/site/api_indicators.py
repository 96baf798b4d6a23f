"""The API's indicators: the leaders' figures, by the same measuring as their screen."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router
from ninja.errors import HttpError
from pydantic import BaseModel, ConfigDict, StringConstraints

from tinhso.foundation.api import clock
from tinhso.indicators import api as indicators
from tinhso.indicators.contracts import Breakdown, Period
from tinhso.organisation import api as organisation

router = Router(tags=["indicators"])
Name = Annotated[str, StringConstraints(pattern="^[a-z0-9-]{1,60}$")]
MeasureName = Annotated[str, StringConstraints(pattern="^[a-z0-9_-]{0,60}$")]
MOST_YEARS = 10


class Part(BaseModel):
    """A part of a figure: the unit or tier it is about, and its counts."""

    model_config = ConfigDict(from_attributes=True)
    key: UUID | str | None
    numerator: int
    denominator: int
    undecided: int
    value: float | None


class Figure(Part):
    """A measured figure. `value` null: there is nothing to say, and `reason` says why; never 0 for that."""

    key: None = None
    indicator: str
    version: int
    measure: str
    reason: str
    parts: list[Part]


@router.get("/indicators/{name}", response=Figure, url_name="indicator")
def figure(
    request: HttpRequest,
    name: Name,
    first: date,
    last: date,
    measure: MeasureName = "",
    by: Breakdown | None = None,
) -> HttpResponse:
    """Measure an indicator in a period of whole days, whole or by tier or unit."""
    if organisation.principal_of(request).is_anonymous:
        raise HttpError(401, "Hãy xác thực.")
    if first > last or (last.year - first.year) > MOST_YEARS or last > clock.today().replace(month=12, day=31):
        raise HttpError(422, "Kỳ đo phải bắt đầu trước khi kết thúc và không quá 10 năm.")
    try:
        found = indicators.measure(name, Period(first, last), measure_id=measure, breakdown=by)
    except KeyError as error:
        if isinstance(error, indicators.UnknownIndicator):
            raise
        raise HttpError(422, "Chỉ số này không có số đo ấy.") from None
    return HttpResponse(Figure.model_validate(found).model_dump_json(), content_type="application/json")


figure.tinhso_right = "signed-in"  # type: ignore[attr-defined]
