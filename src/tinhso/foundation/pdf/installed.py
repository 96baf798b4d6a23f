"""Hold what this installation signs with and whom it believes.

Settings (all optional): TINHSO_SIGNERS, folder of PKCS#12 files named by unit or person id, opened by the environment
variable TINHSO_SIGNERS_PASSPHRASE; TINHSO_TRUST, folder of trusted roots as PEM; TINHSO_TIMESTAMPS, address of a
time-stamping authority, or `test`. Without TINHSO_SIGNERS the test authority signs, and is trusted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from django.conf import settings
from pyhanko.sign.timestamps import TimeStamper

from .credentials import FileSigners, PemFolder, SignerProvider, TrustStore
from .test_authority import TestAuthority
from .timestamps import HttpTimeStamper, TestTimeStamper, TimeStampUrl

MakeTimeStamper = Callable[[], TimeStamper]


@dataclass(frozen=True)
class Trusted:
    """Several stores as one."""

    stores: tuple[TrustStore, ...]

    def roots(self) -> tuple[x509.Certificate, ...]:
        return tuple(root for store in self.stores for root in store.roots())


@dataclass(frozen=True)
class Installed:
    """What is used for signing and checking; `timestamps` is None where signatures carry no time stamp."""

    signers: SignerProvider
    trust: TrustStore
    timestamps: MakeTimeStamper | None = None


_given: list[Installed] = []


def use(*, signers: SignerProvider, trust: TrustStore, timestamps: MakeTimeStamper | None = None) -> None:
    """Sign with and believe these from now on, in this process."""
    _given[:] = [Installed(signers, trust, timestamps)]


def use_settings() -> None:
    """Go back to what the settings say."""
    _given.clear()


def installed() -> Installed:
    return _given[0] if _given else _from_settings()


def signers() -> SignerProvider:
    """Return the provider of this installation's signers."""
    return installed().signers


def trust() -> TrustStore:
    return installed().trust


def time_stamper() -> TimeStamper | None:
    make = installed().timestamps
    return make() if make else None


def check() -> tuple[bool, str]:
    """Say for `tinhso check` whether real credentials are set, and in a sentence what signs."""
    folder = _setting("TINHSO_SIGNERS")
    if not folder:
        return False, "Cơ quan chứng thực thử nghiệm, không có giá trị pháp lý."
    count = len(list(Path(folder).glob("*.p12")))
    return True, f"{count} chứng thư trong {folder}; {len(trust().roots())} gốc tin cậy."


def _from_settings() -> Installed:
    test = TestAuthority.beside_keys()
    folder, roots = _setting("TINHSO_SIGNERS"), _setting("TINHSO_TRUST")
    stores: list[TrustStore] = [PemFolder(Path(roots))] if roots else []
    if not folder:
        stores.append(test)
    return Installed(
        signers=FileSigners(Path(folder)) if folder else test,
        trust=Trusted(tuple(stores)),
        timestamps=_time_stamps(_setting("TINHSO_TIMESTAMPS"), test),
    )


def _time_stamps(where: str, test: TestAuthority) -> MakeTimeStamper | None:
    if where == "test":
        return lambda: TestTimeStamper(test.timestamps())
    if where:
        url = TimeStampUrl(where)
        return lambda: HttpTimeStamper(url)
    return None


def _setting(name: str) -> str:
    return str(getattr(settings, name, "") or "")
