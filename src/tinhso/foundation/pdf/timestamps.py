"""Ask a time-stamping authority (RFC 3161): one on the network, or the bundled test one."""

from __future__ import annotations

import urllib.request
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from asn1crypto import keys as asn1_keys  # type: ignore[import-untyped]
from asn1crypto import tsp
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives import serialization
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper

from .. import clock
from .credentials import TEST_POLICY, der
from .test_authority import Issued

_SECONDS = 10  # that an authority on the network gets to answer


class TestTimeStamper(DummyTimeStamper):
    """Stamps with the test authority's key and the injected machine time."""

    __test__ = False

    def __init__(self, issued: Issued) -> None:
        private = issued.key.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        super().__init__(
            asn1_x509.Certificate.load(der(issued.certificate)),
            asn1_keys.PrivateKeyInfo.load(private),
            fixed_dt=clock.now(),
        )

    def _build_tst_info(self, message_imprint: tsp.MessageImprint, dt: datetime, req: tsp.TimeStampReq) -> tsp.TSTInfo:
        info = super()._build_tst_info(message_imprint, dt, req)
        info["policy"] = TEST_POLICY.dotted_string  # the base class claims a real authority's policy
        return info


@dataclass(frozen=True)
class TimeStampUrl:
    """Where a time-stamping authority answers; only http and https."""

    url: str

    def __post_init__(self) -> None:
        if urlsplit(self.url).scheme not in {"http", "https"}:
            raise ValueError(f"not an address of a time-stamping authority: {self.url}")


class HttpTimeStamper(TimeStamper):
    """Asks an authority over HTTP (RFC 3161, section 3.4) and waits for it."""

    def __init__(self, where: TimeStampUrl) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._where = where

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        request = urllib.request.Request(  # noqa: S310 - the scheme is checked in TimeStampUrl
            self._where.url, data=req.dump(), headers={"Content-Type": "application/timestamp-query"}
        )
        with urllib.request.urlopen(request, timeout=_SECONDS) as answer:  # noqa: S310
            return tsp.TimeStampResp.load(answer.read())
