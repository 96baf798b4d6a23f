"""Import contracts of the house that import-linter does not have: faces of rooms, and names no module may have."""

from __future__ import annotations

from typing import cast

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class FacesContract(Contract):
    """A room is imported by another only through its face.

    Options:
        root:  the package whose children are the rooms
        faces: the modules of a room that others may import, with what lies below them
    """

    root = fields.StringField()
    faces = fields.SetField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        root, faces = str(self.root), cast("set[str]", self.faces)
        broken: list[tuple[str, str, int]] = []
        for importer in sorted(graph.modules):
            for imported in sorted(graph.find_modules_directly_imported_by(importer)):
                if _passes_by_the_face(root, faces, importer, imported):
                    details = graph.get_import_details(importer=importer, imported=imported)
                    broken += [(importer, imported, detail["line_number"]) for detail in details]
        return ContractCheck(kept=not broken, metadata={"broken": broken})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for importer, imported, line in check.metadata["broken"]:
            output.print_error(f"{importer}:{line} imports {imported}, which is no face of its room", bold=False)
        output.new_line()


def _passes_by_the_face(root: str, faces: set[str], importer: str, imported: str) -> bool:
    here, there = _room(root, importer), _room(root, imported)
    if not here or not there or here == there or ".migrations." in importer:  # migrations name what once was
        return False
    inside = imported.removeprefix(f"{root}.{there}").lstrip(".")
    return inside.split(".")[0] not in faces


def _room(root: str, module: str) -> str:
    """Return the room a module stands in, or nothing for what stands in none."""
    if not module.startswith(f"{root}."):
        return ""
    return module.removeprefix(f"{root}.").split(".")[0]


class NamesContract(Contract):
    """No module has a name that says nothing of what it does.

    Options:
        root:   the package that is looked at
        banned: the names
    """

    root = fields.StringField()
    banned = fields.SetField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        banned = cast("set[str]", self.banned)
        own = (module for module in graph.modules if module.startswith(f"{self.root}."))
        broken = sorted(module for module in own if module.rsplit(".", 1)[-1] in banned)
        return ContractCheck(kept=not broken, metadata={"broken": broken})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for module in check.metadata["broken"]:
            output.print_error(f"{module}: name it after what it does", bold=False)
        output.new_line()
