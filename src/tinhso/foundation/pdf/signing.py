"""Sign a PDF: PAdES baseline B-B, or B-T where time stamps are configured (ETSI EN 319 142-1).

A signature is an incremental update: a second one (the agency's after the person's, NĐ 30/2020/NĐ-CP, from memory)
leaves the first valid. The signature's time is machine time; the date the document bears is business time.
"""

from __future__ import annotations

import asyncio
import io
from datetime import datetime

from asn1crypto import x509 as asn1_x509  # type: ignore[import-untyped]
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign import signers as hanko
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes
from pyhanko.sign.signers.pdf_signer import PdfSigningSession
from pyhanko_certvalidator.registry import SimpleCertificateStore

from .. import clock
from . import installed
from .compose import Place
from .credentials import Signer, SignerKind, der
from .stamp import Stamp

_DIGEST = "sha256"
# On an A4 page's last margin, either side of the page number, where no text stands.
_DEFAULT = {
    SignerKind.AGENCY: (85, 8, 278, 48),
    SignerKind.PERSONAL: (330, 8, 538, 48),
}


class SigningRefused(Exception):
    """The document cannot be signed as asked; the message says why."""


def sign(
    pdf: bytes,
    *,
    signer: Signer,
    reason: str,
    location: str,
    field: str,
    when: datetime | None = None,
    place: Place | None = None,
    visible: bool = True,
) -> bytes:
    """Return `pdf` with one more signature in the new field `field`.

    `place` is where it shows; left out, it stands in the last page's lower margin. `when` is machine time (now where
    left out). Raise SigningRefused where the field is signed already or the document is no sound PDF.
    """
    when = when or clock.now()
    try:
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
        page, box = _where(writer, signer, place)
        hand = hanko.PdfSigner(
            hanko.PdfSignatureMetadata(
                field_name=field,
                reason=reason,
                location=location,
                md_algorithm=_DIGEST,
                subfilter=SigSeedSubFilter.PADES,
            ),
            signer=_Hand(signer),
            timestamper=installed.time_stamper(),
            stamp_style=Stamp(signer, when),
            new_field_spec=SigFieldSpec(field, on_page=page, box=box if visible else None),
        )
        session = hand.init_signing_session(writer)
        session.system_time = when.astimezone(clock.LOCAL)
        return _finish(session, signer)
    except (SigningError, PdfError, ValueError, KeyError, IndexError) as error:
        raise SigningRefused(f"{field}: {error}") from error


def _where(
    writer: IncrementalPdfFileWriter, signer: Signer, place: Place | None
) -> tuple[int, tuple[int, int, int, int]]:
    if place is None:
        return -1, _DEFAULT[signer.kind]
    return place.page - 1, (round(place.left), round(place.bottom), round(place.right), round(place.top))


def _finish(session: PdfSigningSession, signer: Signer) -> bytes:
    output = io.BytesIO()
    document = session.prepare_tbs_document(validation_info=None, bytes_reserved=_reserved(session, signer))
    digest, _ = document.digest_tbs_document(output=output)
    asyncio.run(
        document.perform_signature(
            document_digest=digest.document_digest,
            pdf_cms_signed_attrs=PdfCMSSignedAttributes(signing_time=session.system_time),
        )
    )
    return output.getvalue()


def _reserved(session: PdfSigningSession, signer: Signer) -> int:
    """Return the hexadecimal digits to keep free: certificates, one signature and its attributes, a time stamp."""
    certificates = sum(len(der(c)) for c in (signer.certificate, *signer.chain))
    return 2 * (certificates + 2_500 + (9_000 if session.timestamper else 0))


class _Hand(hanko.Signer):
    """Lends a signer's key to the PDF library, without unpacking the key anew for each signature."""

    def __init__(self, signer: Signer) -> None:
        store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
        store.register_multiple([asn1_x509.Certificate.load(der(c)) for c in signer.chain])
        # Without the root: whoever checks has it, and no byte stays in the file that no signature covers.
        super().__init__(
            signing_cert=asn1_x509.Certificate.load(der(signer.certificate)), cert_registry=store, embed_roots=False
        )
        self._key = signer.key

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        if digest_algorithm.lower() != _DIGEST:
            raise ValueError(f"digest {digest_algorithm}")
        if isinstance(self._key, rsa.RSAPrivateKey):
            return self._key.sign(data, padding.PKCS1v15(), hashes.SHA256())
        return self._key.sign(data, ec.ECDSA(hashes.SHA256()))
