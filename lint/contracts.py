"""Add to import-linter what its own contracts cannot say without naming every room by hand."""

from typing import cast

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


def words(field: object) -> list[str]:
    """Read a list field: on an instance it is the list itself, which its declared type does not say."""
    return [str(word) for word in cast("list[str]", field)]


class PrivateFilesContract(Contract):
    """Keep certain files of a room for that room alone.

    The `protected` contract that comes with import-linter wants one section for each room and fails on a
    room that has no such file yet. This one covers every room there is, a new one from its first day.
    """

    type_name = "private_files"

    root = fields.StringField()
    files = fields.ListField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # noqa: FBT001  # import-linter's
        """Find every import of a private file that comes from outside its room."""
        del verbose
        root = str(self.root)
        names = set(words(self.files))
        trespassers = sorted(
            (importer, private)
            for private in graph.modules
            if private.startswith(f"{root}.") and names & set(private.split(".")[2:])
            for importer in graph.find_modules_that_directly_import(private)
            if importer.split(".")[:2] != private.split(".")[:2]
        )
        return ContractCheck(kept=not trespassers, metadata={"trespassers": trespassers})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Say who reached in, and what to do instead."""
        for importer, private in check.metadata["trespassers"]:
            room = private.split(".")[1]
            output.print_error(f"{importer} imports {private}")
            output.print(f"  Ask one of {room}'s verb files, or its views; the table and the rules stay inside.")
        output.new_line()


class OnlyInContract(Contract):
    """Let only certain rooms import certain packages.

    The `forbidden` contract wants every room that may not; this one names the few that may, so a room that
    comes later is covered without a line.
    """

    type_name = "only_in"

    root = fields.StringField()
    packages = fields.ListField(subfield=fields.StringField())
    rooms = fields.ListField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # noqa: FBT001  # import-linter's
        """Find every direct import of the packages from any other room."""
        del verbose
        allowed = {f"{self.root}.{room}" for room in words(self.rooms)}
        trespassers = sorted(
            (importer, package)
            for package in words(self.packages)
            if package in graph.modules
            for importer in graph.find_modules_that_directly_import(package)
            if ".".join(importer.split(".")[:2]) not in allowed
        )
        return ContractCheck(kept=not trespassers, metadata={"trespassers": trespassers})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Say who imports what, and where such code lives."""
        rooms = ", ".join(words(self.rooms))
        for importer, package in check.metadata["trespassers"]:
            output.print_error(f"{importer} imports {package}")
            output.print(f"  Only these know it: {rooms}. Hand in what the room needs as a plain value.")
        output.new_line()
