"""Write a message from its template: a title and a text for e-mail, one line for SMS.

Templates are plain text files `<id>[.en].txt`, `<id>[.en].subject.txt` and `<id>[.en].sms.txt`. Values are put in as
they are, for this is no HTML, and never read as template code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.template import Context, Engine

from . import rules
from .contracts import Channel, Message

FOLDER = Path(__file__).parent / "templates" / "notices"


@dataclass(frozen=True, slots=True)
class Content:
    title: str
    body: str


def write(message: Message, *, site_url: str) -> Content:
    """Return what the person will read. Raise BadMessage where the template or its data are not right."""
    data = rules.shown(message.template, message.data)
    language = message.language if message.language in rules.LANGUAGES else "vi"
    stem = message.template if language == "vi" else f"{message.template}.{language}"
    title = " ".join(_fill(f"{stem}.subject.txt", data, site_url).split())
    if message.channel is Channel.SMS:
        return Content(title, " ".join(_fill(f"{stem}.sms.txt", data, site_url).split()))
    return Content(title, _fill(f"{stem}.txt", data, site_url).strip() + "\n")


def _fill(name: str, data: Mapping[str, str], site_url: str) -> str:
    return _engine().get_template(name).render(Context({**data, "site": site_url}, autoescape=False, use_l10n=False))


@cache
def _engine() -> Engine:
    return Engine(dirs=[str(FOLDER)], autoescape=False)
