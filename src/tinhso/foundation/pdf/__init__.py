"""Make, sign and check official documents as PDF.

`render` turns a typst template and data into PDF/A-2b, `sign` adds a PAdES signature, `verify` says what still holds.
Who signs comes from a `SignerProvider`, whom to believe from a `TrustStore`; an installation without credentials of
its own uses a test authority that says so in every certificate and in every visible signature.
"""

from .checking import Seen, Verification, verify
from .codes import qr_png, qr_svg
from .compose import Place, TemplateProblem, Unprintable, places, render
from .credentials import FileSigners, NoSigner, PemFolder, Signer, SignerKind, SignerProvider, TrustStore
from .installed import check, signers, use
from .signing import SigningRefused, sign
from .test_authority import TestAuthority

__all__ = [
    "FileSigners",
    "NoSigner",
    "PemFolder",
    "Place",
    "Seen",
    "Signer",
    "SignerKind",
    "SignerProvider",
    "SigningRefused",
    "TemplateProblem",
    "TestAuthority",
    "TrustStore",
    "Unprintable",
    "Verification",
    "check",
    "places",
    "qr_png",
    "qr_svg",
    "render",
    "sign",
    "signers",
    "use",
    "verify",
]
