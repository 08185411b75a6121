"""What is kept sealed about exports: the key of the file, for as long as it may be taken."""

from huiyin.exporting.store import export
from huiyin.security.resealing import SealedColumn

SEALED = (SealedColumn(export, "key_sealed", "key"),)
