"""Export: write what admins taught into the knowledge files, as a diff a person would make."""

from bot.knowledge.exporting.changes import Change, Export, ExportError, write
from bot.knowledge.exporting.export import export

__all__ = ["Change", "Export", "ExportError", "export", "write"]
