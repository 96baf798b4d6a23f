"""Give the gateway of this installation, and in the demonstration the simulator that plays its other side.

The only module of this package that knows Django: settings, the clock, the simulator's table.
"""

from __future__ import annotations

import hashlib
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from tinhso.foundation.api import clock, randomness, vault
from tinhso.services.models import GatewayOrder

from .base import Gateway, HttpAnswer, Transport, TransportError
from .redirect import RedirectConfig, RedirectGateway
from .simulator import Simulator
from .wire import Key

SIMULATOR_PATH = "/cong-thanh-toan-thu"
_TIMEOUT = 10  # seconds


def gateway() -> Gateway | None:
    """Return the gateway set in the environment, the simulator in the demonstration, or None where none is set."""
    config = _configured() or (_demo_config() if settings.TINHSO_DEMO else None)
    if config is None:
        return None
    transport: Transport = simulator().transport if config.base_url.endswith(SIMULATOR_PATH) else post
    return RedirectGateway(config, clock=clock.now, nonce=lambda: randomness.token(12), transport=transport)


def simulator() -> Simulator:
    """Return the simulated gateway over its own table."""
    return Simulator(_demo_config(), store=_TableStore(), clock=clock.now, seed=1)


def post(url: str, body: bytes, headers: Mapping[str, str]) -> HttpAnswer:
    """POST over the network; raise TransportError where no answer came."""
    if urlsplit(url).scheme not in ("http", "https"):
        raise TransportError(f"not an http address: {url}")
    request = urllib.request.Request(url, data=body, headers=dict(headers), method="POST")  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=_TIMEOUT) as answer:  # noqa: S310
            return HttpAnswer(answer.status, answer.read(1_000_000))
    except urllib.error.HTTPError as error:
        return HttpAnswer(error.code, b"")
    except (urllib.error.URLError, OSError) as error:
        raise TransportError(str(error)) from error


class _TableStore:
    def load(self, token: str) -> Mapping[str, Any] | None:
        return GatewayOrder.objects.filter(token=token).values_list("state", flat=True).first()

    def save(self, token: str, reference: str, state: dict[str, Any]) -> None:
        GatewayOrder.objects.update_or_create(token=token, defaults={"reference": reference, "state": state})

    def find(self, reference: str) -> list[Mapping[str, Any]]:
        return list(GatewayOrder.objects.filter(reference=reference).values_list("state", flat=True))


def _configured() -> RedirectConfig | None:
    base = settings.TINHSO_GATEWAY_URL
    if not base:
        return None
    pairs = (pair.split(":", 1) for pair in settings.TINHSO_GATEWAY_KEYS.split(",") if pair)
    return RedirectConfig(base, settings.TINHSO_GATEWAY_MERCHANT, tuple(Key(i, s.encode()) for i, s in pairs))


def _demo_config() -> RedirectConfig:
    secret = hashlib.sha256(vault.blind("gateway-simulator").encode()).digest()
    return RedirectConfig(settings.TINHSO_URL + SIMULATOR_PATH, "tinhso-demo", (Key("demo-1", secret),))
