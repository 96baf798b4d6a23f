"""The programs' side of this room: what the pages can do, as REST. The site mounts `router` below `/api/v1`."""

from __future__ import annotations

from ninja import Router

from .applications import router as applications
from .catalogue import router as catalogue
from .office import router as office
from .own_cases import router as own_cases

router = Router()
for _part in (catalogue, applications, own_cases, office):
    router.add_router("", _part)

__all__ = ["router"]
