"""Say who may sign and whom to believe: signers with their keys, providers of signers, stores of trusted roots."""

from __future__ import annotations

import os
import warnings
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Protocol
from uuid import UUID

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12
from cryptography.x509.oid import NameOID

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
# The policy that marks a certificate as a test: an identifier of our own under the UUID arc (ITU-T X.667).
TEST_POLICY = x509.ObjectIdentifier("2.25.34305257108338181853086102318284928601")
# X.520 bounds a name to 64 characters; the library warns past 64 bytes, which any longer Vietnamese name has.
warnings.filterwarnings("ignore", message="Attribute's length must be")


class NoSigner(Exception):
    """Nobody's credentials are there for this unit or person; the message says whose are missing."""


class SignerKind(StrEnum):
    PERSONAL = "personal"
    AGENCY = "agency"


@dataclass(frozen=True)
class Signer:
    """Who signs: the name and agency shown, the certificate with its chain, and the key."""

    kind: SignerKind
    name: str
    agency: str
    certificate: x509.Certificate
    key: PrivateKey = field(repr=False)
    chain: tuple[x509.Certificate, ...] = ()

    @property
    def test(self) -> bool:
        return is_test(self.certificate)


class SignerProvider(Protocol):
    """Finds credentials; raises NoSigner where there are none."""

    def personal(self, *, person_id: UUID, name: str, agency: str) -> Signer: ...
    def agency(self, *, unit_id: UUID, name: str) -> Signer: ...


class TrustStore(Protocol):
    """Knows the authorities to believe."""

    def roots(self) -> tuple[x509.Certificate, ...]: ...


@dataclass(frozen=True)
class FileSigners:
    """Credentials as PKCS#12 files `<id>.p12` in a folder; the passphrase is in an environment variable."""

    folder: Path
    passphrase_variable: str = "TINHSO_SIGNERS_PASSPHRASE"  # noqa: S105 - the name of the variable

    def personal(self, *, person_id: UUID, name: str, agency: str) -> Signer:
        return self._signer(SignerKind.PERSONAL, person_id, name, agency)

    def agency(self, *, unit_id: UUID, name: str) -> Signer:
        return self._signer(SignerKind.AGENCY, unit_id, name, name)

    def _signer(self, kind: SignerKind, ident: UUID, name: str, agency: str) -> Signer:
        path = self.folder / f"{ident}.p12"
        passphrase = os.environ.get(self.passphrase_variable, "")
        try:
            key, certificate, chain = _pkcs12(path, path.stat().st_mtime_ns, passphrase)
        except FileNotFoundError as error:
            raise NoSigner(f"Chưa có chứng thư số của {name} ({path.name}).") from error
        except ValueError as error:
            raise NoSigner(f"Không mở được chứng thư số của {name}: sai mật khẩu hoặc tệp hỏng.") from error
        return Signer(kind, name, agency, certificate, key, chain)


@lru_cache(maxsize=256)
def _pkcs12(
    path: Path, changed: int, passphrase: str
) -> tuple[PrivateKey, x509.Certificate, tuple[x509.Certificate, ...]]:
    """Open a PKCS#12 file; kept while the file does not change, for opening one costs more than signing."""
    content = pkcs12.load_pkcs12(path.read_bytes(), passphrase.encode() or None)
    if content.cert is None or not isinstance(content.key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise ValueError("no certificate with an RSA or elliptic curve key")
    return content.key, content.cert.certificate, tuple(c.certificate for c in content.additional_certs)


@dataclass(frozen=True)
class PemFolder:
    """Trusted roots as PEM files (`*.pem`, `*.crt`) in a folder."""

    folder: Path

    def roots(self) -> tuple[x509.Certificate, ...]:
        paths = sorted([*self.folder.glob("*.pem"), *self.folder.glob("*.crt")])
        return tuple(c for path in paths for c in _pem(path, path.stat().st_mtime_ns))


@lru_cache(maxsize=256)
def _pem(path: Path, changed: int) -> tuple[x509.Certificate, ...]:
    return tuple(x509.load_pem_x509_certificates(path.read_bytes()))


def is_test(certificate: x509.Certificate) -> bool:
    """Say whether a certificate was issued under the test policy."""
    try:
        policies = certificate.extensions.get_extension_for_class(x509.CertificatePolicies).value
    except (x509.ExtensionNotFound, ValueError):
        return False
    return any(policy.policy_identifier == TEST_POLICY for policy in policies)


def common_name(certificate: x509.Certificate) -> str:
    """Return the subject's common name, or its whole name where it has none."""
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(names[0].value) if names else certificate.subject.rfc4514_string()


def der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(Encoding.DER)
