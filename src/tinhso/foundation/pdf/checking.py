"""Say what still holds of a signed PDF: nothing changed since, by whom signed, when, and whether to believe them.

Anybody may bring any file here, so nothing in it may stop the check: what cannot be read is a problem that is told.
"""

from __future__ import annotations

import io
import logging
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import parser as asn1_parser  # type: ignore[import-untyped]
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from .. import clock
from . import installed
from .credentials import TrustStore, common_name, der, is_test

log = logging.getLogger("tinhso.pdf")


@dataclass(frozen=True, slots=True)
class Seen:
    """A signature as found: who, when, and what holds.

    `when` is the time stamp's where there is one, else what the signer's machine said. `intact`: the signed bytes are
    as they were. `trusted`: the signer's certificate leads to a trusted root. `test`: it has no legal value.
    """

    signer: str
    when: datetime | None
    covers_whole_document: bool
    trusted: bool
    intact: bool
    test: bool
    stamped: bool
    field: str


@dataclass(frozen=True, slots=True)
class Verification:
    """`ok` only when at least one signature is there and nothing at all is wrong; `problems` are sentences to show."""

    ok: bool
    signatures: tuple[Seen, ...]
    problems: tuple[str, ...]


def verify(pdf: bytes, *, trust: TrustStore | None = None, now: datetime | None = None) -> Verification:
    """Check every signature of a document against the trusted roots at machine time `now`."""
    try:
        return _verify(pdf, trust or installed.trust(), now or clock.now())
    except Exception as error:  # a hostile file may break the parser in any way; it is then no sound document
        log.info("a document could not be read: %s", type(error).__name__)
        return _refused("Không đọc được tệp: tệp hỏng hoặc không phải văn bản PDF.")


def _refused(problem: str) -> Verification:
    return Verification(False, (), (problem,))


def _verify(pdf: bytes, trust: TrustStore, now: datetime) -> Verification:
    reader = PdfFileReader(io.BytesIO(pdf))
    embedded = list(reader.embedded_signatures)
    if not embedded:
        return _refused("Văn bản chưa được ký số.")
    roots = [asn1_x509.Certificate.load(der(root)) for root in trust.roots()]
    seen: list[Seen] = []
    problems: list[str] = []
    for position, signature in enumerate(embedded):
        found, wrong = _look(signature, roots, now, last=position == len(embedded) - 1)
        seen.append(found)
        problems += wrong
        if not _sealed(pdf, signature):
            problems.append(f"Phần chứa chữ ký của {found.signer} đã bị sửa.")
    return Verification(not problems, tuple(seen), tuple(problems))


def _sealed(pdf: bytes, signature: EmbeddedPdfSignature) -> bool:
    """Say whether the gap that no signature can cover holds the signature and nothing else.

    It is a hexadecimal text in one letter case, filled up with zeros, whose parts outside the signed attributes agree
    with each other (RFC 5652, 5.1 and 5.3); anything else there was put in later.
    """
    _, start, end, _ = (int(number) for number in signature.byte_range)
    digits = pdf[start + 1 : end - 1]
    filling = digits[2 * asn1_parser.peek(bytes(signature.pkcs7_content)) :]
    plain = digits in (digits.lower(), digits.upper()) and not filling.strip(b"0")
    return plain and _agrees(signature)


def _agrees(signature: EmbeddedPdfSignature) -> bool:
    content, signer, certificate = signature.signed_data, signature.signer_info, signature.signer_cert
    named = signer["sid"].chosen
    if signer["sid"].name == "issuer_and_serial_number":
        version = "v1"
        same = named["issuer"].dump() == certificate.issuer.dump()
        same = same and named["serial_number"].native == certificate.serial_number
    else:
        version, same = "v3", named.native == certificate.key_identifier
    algorithms = {algorithm["algorithm"].native for algorithm in content["digest_algorithms"]}
    return bool(
        same
        and signer["version"].native == version
        and content["version"].native in {"v1", "v3", "v4", "v5"}
        and algorithms == {signer["digest_algorithm"]["algorithm"].native}
    )


def _look(
    signature: EmbeddedPdfSignature, roots: list[asn1_x509.Certificate], now: datetime, *, last: bool
) -> tuple[Seen, list[str]]:
    certificate = x509.load_der_x509_certificate(signature.signer_cert.dump())
    name = common_name(certificate)
    try:
        status = _status(signature, roots, now)
    except (PdfError, ValueError) as error:
        log.info("signature %s: %s", signature.field_name, error)
        seen = Seen(name, None, False, False, False, is_test(certificate), False, signature.field_name)
        return seen, [f"Chữ ký của {name} không đọc được: văn bản đã bị thay đổi."]
    stamp = status.timestamp_validity
    stamped = bool(stamp and stamp.valid and stamp.intact and stamp.trusted)
    whole = status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    seen = Seen(
        signer=name,
        when=stamp.timestamp if stamp and stamped else status.signer_reported_dt,
        covers_whole_document=whole,
        trusted=bool(status.trusted),
        intact=bool(status.intact and status.valid),
        test=is_test(certificate),
        stamped=stamped,
        field=signature.field_name,
    )
    return seen, _problems(seen, status, stamp_broken=bool(stamp) and not stamped, last=last)


def _status(signature: EmbeddedPdfSignature, roots: list[asn1_x509.Certificate], now: datetime) -> PdfSignatureStatus:
    def context() -> ValidationContext:
        return ValidationContext(trust_roots=roots, moment=now, allow_fetching=False)

    return validate_pdf_signature(signature, context(), context())


def _problems(seen: Seen, status: PdfSignatureStatus, *, stamp_broken: bool, last: bool) -> list[str]:
    found: list[str] = []
    if not seen.intact:
        found.append(f"Nội dung đã bị thay đổi sau khi {seen.signer} ký.")
    if not seen.trusted:
        found.append(f"Chứng thư của {seen.signer} không do cơ quan chứng thực được tin cậy cấp hoặc đã hết hạn.")
    if stamp_broken:
        found.append(f"Dấu thời gian trong chữ ký của {seen.signer} không dùng được.")
    if last and not seen.covers_whole_document:
        found.append(f"Có nội dung được thêm vào sau chữ ký cuối cùng ({seen.signer}).")
    elif status.coverage < SignatureCoverageLevel.ENTIRE_REVISION:
        found.append(f"Chữ ký của {seen.signer} không bao trùm văn bản.")
    elif not last and not _lawful(status):
        found.append(f"Văn bản đã bị sửa giữa chữ ký của {seen.signer} và chữ ký sau.")
    return found


def _lawful(status: PdfSignatureStatus) -> bool:
    """Between two signatures only the later signature itself may have been added."""
    level = status.modification_level
    return bool(status.docmdp_ok) and level is not None and level <= ModificationLevel.FORM_FILLING
