"""Ask each adapter whether it is set, reachable and working, for `tinhso check`."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.conf import settings
from django.db import connection

from tinhso.foundation.api import pdf, vault
from tinhso.notices import api as notices
from tinhso.notices.contracts import AdapterState
from tinhso.services import api as services


def database() -> AdapterState:
    """Say which database serves, and whether it answers."""
    url = bool(connection.vendor == "postgresql")
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Exception as error:  # whatever a driver raises, the operator must read it
        return AdapterState("Cơ sở dữ liệu", url, reachable=False, working=False, detail=str(error)[:120])
    return AdapterState("Cơ sở dữ liệu", url, reachable=True, working=True, detail=connection.vendor)


def store() -> AdapterState:
    """Write and read back a file in the vault."""
    probe = b"tinhso check"
    try:
        good = vault.read(vault.put(probe).id) == probe
    except (vault.NoSpace, vault.Damaged, OSError) as error:
        return AdapterState("Kho tệp", is_set=True, reachable=False, working=False, detail=str(error)[:120])
    return AdapterState("Kho tệp", is_set=True, reachable=True, working=good, detail=str(settings.TINHSO_DATA))


def signing() -> AdapterState:
    """Say who signs results."""
    is_set, detail = pdf.check()
    return AdapterState("Chữ ký số", is_set=is_set, reachable=None, working=True, detail=detail)


def payment() -> AdapterState:
    """Ask the payment gateway a signed question."""
    state = services.payments.probe()
    return AdapterState("Cổng thanh toán", state.is_set, state.reachable, state.reachable, state.detail)


def all_adapters() -> Sequence[Callable[[], Sequence[AdapterState]]]:
    """Return the probes in the order they are printed."""
    return (lambda: [database()], lambda: [store()], lambda: [signing()], lambda: [payment()], notices.check_adapters)
