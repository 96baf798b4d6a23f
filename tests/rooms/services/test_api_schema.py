"""The API keeps to its own description, asked by a machine that makes up requests from it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance

from tests.rooms.services.citizens import province  # noqa: F401
from tests.rooms.services.programs import Program, citizen, hand_in, office
from tinhso.services import api as services
from tinhso.site.api import description

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province")]
CHECKS = (not_a_server_error, response_schema_conformance, content_type_conformance)
SCHEMA = schemathesis.openapi.from_dict(description())
SCHEMA.app = get_wsgi_application()
OPERATIONS = sorted(
    (method.upper(), path) for path, methods in description()["paths"].items() for method in methods
)  # fmt: skip
EXAMPLES = 12


@contextmanager
def kept_open() -> Iterator[None]:
    """Keep the test's connection through many requests, as Django's own test client does for each of its own."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.mark.parametrize(("method", "path"), OPERATIONS, ids=lambda value: value)
def test_no_request_breaks_an_endpoint_or_its_description(method: str, path: str) -> None:
    case_id = hand_in(citizen()).json()["case_id"]
    services.files.check_waiting()
    headers = (office("tiepnhan.xa") if "/office/" in path else citizen()).headers
    operation = SCHEMA[path][method]

    @settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck), deadline=None)
    @given(made=operation.as_strategy(), real=st.booleans())
    def ask(made: Any, real: bool) -> None:
        if real and "case_id" in (made.path_parameters or {}):
            made.path_parameters["case_id"] = case_id
        response = made.call(headers=headers)
        made.validate_response(response, checks=CHECKS)

    with kept_open():
        ask()


def test_the_description_is_served_as_it_is() -> None:
    assert Program().get("/openapi.json").json()["paths"].keys() == description()["paths"].keys()
