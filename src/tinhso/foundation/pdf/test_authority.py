"""Issue test certificates: a small authority that says everywhere that it has no legal value.

It stands in until an installation has credentials of the Government's cipher authority (NĐ 68/2024/NĐ-CP, from
memory). The files lie beside the key file, not with the data; private keys are sealed by the vault's key ring.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from .. import keys, vault
from ..contracts import text
from .credentials import TEST_POLICY, Signer, SignerKind

AUTHORITY = "Tỉnh Số – CƠ QUAN CHỨNG THỰC THỬ NGHIỆM"
NO_VALUE = "không có giá trị pháp lý"
# Wide on purpose: machine time may be a simulator's, and a test certificate protects nothing.
_FROM, _TO = datetime(2020, 1, 1, tzinfo=UTC), datetime(2049, 12, 31, tzinfo=UTC)
_LONGEST = 64  # characters of a name in X.520


@dataclass(frozen=True)
class Issued:
    """A certificate with its key."""

    certificate: x509.Certificate
    key: rsa.RSAPrivateKey


@dataclass(frozen=True)
class TestAuthority:
    """Provides test signers on demand and trusts what it issued. Each is made once and kept on disk."""

    __test__ = False  # not a test class, whatever its name suggests to a test runner

    folder: Path

    @classmethod
    def beside_keys(cls) -> TestAuthority:
        """The installation's test authority, beside its key file."""
        return cls(keys.path().parent / "test-ca")

    def personal(self, *, person_id: UUID, name: str, agency: str) -> Signer:
        return self._signer(SignerKind.PERSONAL, person_id, name, agency)

    def agency(self, *, unit_id: UUID, name: str) -> Signer:
        return self._signer(SignerKind.AGENCY, unit_id, name, name)

    def roots(self) -> tuple[x509.Certificate, ...]:
        return (self._authority().certificate,)

    def root_file(self) -> Path:
        """The authority's certificate as PEM, for importing into a reader."""
        path = self.folder / "authority.pem"
        if not path.exists():
            pem = self._authority().certificate.public_bytes(serialization.Encoding.PEM)
            _once(path, pem)
        return path

    def timestamps(self) -> Issued:
        """The certificate and key of the test time-stamping authority."""
        return _kept(self.folder, "timestamps") or self._issue("timestamps", "Dấu thời gian", "", "tsa", stamps=True)

    def _authority(self) -> Issued:
        return _kept(self.folder, "authority") or _make_authority(self.folder)

    def _signer(self, kind: SignerKind, ident: UUID, name: str, agency: str) -> Signer:
        digest = hashlib.sha256(f"{kind}\0{ident}\0{name}\0{agency}".encode()).hexdigest()[:24]
        file = f"{kind}-{digest}"
        issued = _kept(self.folder, file) or self._issue(file, name, agency, str(ident))
        return Signer(kind, name, agency, issued.certificate, issued.key, self.roots())

    def _issue(self, file: str, name: str, agency: str, serial: str, *, stamps: bool = False) -> Issued:
        authority = self._authority()
        key = _new_key()
        # In the first words of the name, for that is what every reader shows.
        subject = _name(f"THỬ NGHIỆM – {name}", organisation=agency, serial=serial)
        builder = _builder(subject, authority.certificate.subject, key, authority)
        usage = ExtendedKeyUsageOID.TIME_STAMPING if stamps else None
        if usage:
            builder = builder.add_extension(x509.ExtendedKeyUsage([usage]), critical=True)
        builder = builder.add_extension(_key_usage(signs=True), critical=True)
        return _keep(self.folder, file, Issued(builder.sign(authority.key, hashes.SHA256()), key))


def _make_authority(folder: Path) -> Issued:
    key = _new_key()
    name = _name(AUTHORITY, organisation=f"Tỉnh Số ({NO_VALUE})", serial="")
    builder = _builder(name, name, key, None).add_extension(_key_usage(signs=False), critical=True)
    return _keep(folder, "authority", Issued(builder.sign(key, hashes.SHA256()), key))


def _new_key() -> rsa.RSAPrivateKey:
    # RSA 2048 with SHA-256 is what every reader in use understands.
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _name(common: str, *, organisation: str, serial: str) -> x509.Name:
    parts = [
        (NameOID.COUNTRY_NAME, "VN"),
        (NameOID.ORGANIZATION_NAME, organisation),
        (NameOID.ORGANIZATIONAL_UNIT_NAME, f"THỬ NGHIỆM – {NO_VALUE}"),
        (NameOID.SERIAL_NUMBER, serial),
        (NameOID.COMMON_NAME, common),
    ]
    # Not validated by the library: it counts bytes where X.520 bounds characters (see credentials.py).
    return x509.Name(
        [x509.NameAttribute(oid, _short(text.clean(value)), _validate=False) for oid, value in parts if value]
    )


def _short(value: str) -> str:
    return value if len(value) <= _LONGEST else value[: _LONGEST - 1] + "…"


def _builder(
    subject: x509.Name, issuer: x509.Name, key: rsa.RSAPrivateKey, authority: Issued | None
) -> x509.CertificateBuilder:
    issuer_key = (authority.key if authority else key).public_key()
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(_FROM)
        .not_valid_after(_TO)
        .add_extension(x509.BasicConstraints(ca=authority is None, path_length=0 if authority is None else None), True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key), False)
        .add_extension(
            x509.CertificatePolicies([x509.PolicyInformation(TEST_POLICY, [x509.UserNotice(None, NO_VALUE)])]), False
        )
    )


def _key_usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=signs, content_commitment=signs, key_cert_sign=not signs, crl_sign=not signs,
        key_encipherment=False, data_encipherment=False, key_agreement=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip


def _keep(folder: Path, file: str, issued: Issued) -> Issued:
    """Write a certificate with its sealed key; where another process was first, its one stands."""
    private = issued.key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    content = {
        "certificate": issued.certificate.public_bytes(serialization.Encoding.PEM).decode(),
        "sealed_key": base64.b64encode(vault.seal(private)).decode(),
    }
    _once(folder / f"{file}.json", json.dumps(content, indent=1).encode())
    kept = _kept(folder, file)
    if kept is None:
        raise FileNotFoundError(folder / f"{file}.json")
    return kept


def _kept(folder: Path, file: str) -> Issued | None:
    path = folder / f"{file}.json"
    try:
        return _opened(path, path.stat().st_mtime_ns)
    except FileNotFoundError:
        return None


@lru_cache(maxsize=512)
def _opened(path: Path, changed: int) -> Issued:
    content = json.loads(path.read_text())
    private = vault.unseal(base64.b64decode(content["sealed_key"]))
    key = serialization.load_der_private_key(private, password=None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise vault.Damaged(path.name)
    return Issued(x509.load_pem_x509_certificate(content["certificate"].encode()), key)


def _once(target: Path, content: bytes) -> None:
    """Write a whole file once, readable by its owner only; a file already there stays."""
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    temporary = target.with_name(f".{target.name}.{os.urandom(4).hex()}")
    with os.fdopen(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(temporary, target)
    except FileExistsError:
        pass
    finally:
        temporary.unlink()
