"""What is kept sealed about imports: what a file is called, and the key of its copy until it is in."""

from huiyin.imports.store import import_file
from huiyin.security.resealing import SealedColumn

SEALED = (
    SealedColumn(import_file, "name_sealed", "name"),
    SealedColumn(import_file, "key_sealed", "key"),
)
