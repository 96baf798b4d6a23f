"""Look at what a file really is. Images are drawn anew, so that nothing hides in them; PDFs must open."""

from __future__ import annotations

import io
import warnings
from typing import BinaryIO

from PIL import Image, ImageOps, UnidentifiedImageError
from pypdf import PdfReader

MAX_PIXELS = 60_000_000  # a 48-megapixel phone's photo passes
MAX_SIDE = 2600  # px after shrinking: an A4 page stays readable
MAX_PAGES = 300
_HEADS = (
    (b"%PDF-", "application/pdf"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
)


class RefusedFile(Exception):
    """The file cannot be taken; the message says why and what to do."""


def media_type_of(head: bytes) -> str | None:
    """Return the media type that the first bytes prove, or None."""
    return next((kind for magic, kind in _HEADS if head.startswith(magic)), None)


def clean_image(file: BinaryIO) -> bytes:
    """Draw an image anew as JPEG, upright and not larger than needed; metadata and hidden parts are gone."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(file, formats=("JPEG", "PNG")) as image:
                if image.width * image.height > MAX_PIXELS:
                    raise RefusedFile("Ảnh quá lớn. Hãy chụp lại với độ phân giải thấp hơn.")
                image.draft("RGB", (MAX_SIDE, MAX_SIDE))
                upright = ImageOps.exif_transpose(image)
                upright.thumbnail((MAX_SIDE, MAX_SIDE))
                target = io.BytesIO()
                _flat(upright).save(target, "JPEG", quality=82, optimize=True)
    except (UnidentifiedImageError, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise RefusedFile("Ảnh không đọc được hoặc quá lớn. Hãy chụp lại.") from error
    except RefusedFile:
        raise
    except Exception as error:  # whatever a decoder makes of a stranger's bytes, it means that they cannot be read
        raise RefusedFile("Ảnh bị hỏng. Hãy chụp lại rồi tải lên.") from error
    return target.getvalue()


def _flat(image: Image.Image) -> Image.Image:
    if image.mode in ("RGBA", "LA", "P"):
        image = image.convert("RGBA")
        paper = Image.new("RGB", image.size, "white")
        paper.paste(image, mask=image.getchannel("A"))
        return paper
    return image.convert("RGB")


def look_at_pdf(file: BinaryIO) -> None:
    """Open a PDF as a reader would; refuse what is locked, broken or endless."""
    try:
        reader = PdfReader(file, strict=False)
        if reader.is_encrypted:
            raise RefusedFile("Tệp PDF có mật khẩu. Hãy bỏ mật khẩu rồi tải lại.")
        pages = len(reader.pages)
        if pages:
            _ = reader.pages[0].mediabox
    except RefusedFile:
        raise
    except NotImplementedError as error:  # locked in a way of its own
        raise RefusedFile("Tệp PDF có mật khẩu. Hãy bỏ mật khẩu rồi tải lại.") from error
    except Exception as error:  # whatever a reader makes of a stranger's bytes, it means that they cannot be read
        raise RefusedFile("Tệp PDF bị hỏng. Hãy xuất lại tệp rồi tải lên.") from error
    if pages == 0:
        raise RefusedFile("Tệp PDF không có trang nào. Hãy chọn lại tệp.")
    if pages > MAX_PAGES:
        raise RefusedFile(f"Tệp PDF có {pages} trang, nhiều hơn {MAX_PAGES}. Hãy tách tệp.")
