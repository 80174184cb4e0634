"""The texts of a screen: wordings with their braces filled in, in Markdown."""

from __future__ import annotations

from bot.fronts.filling import fill
from bot.knowledge.documents import as_markdown
from bot.knowledge.entry import Entry, KnowledgeBase
from bot.knowledge.markdown import escape
from bot.knowledge.wordings import Wordings

__all__ = ["fill", "source_text"]


def source_text(entry: Entry, knowledge: KnowledgeBase, wordings: Wordings) -> str:
    """Return the paragraphs an answer comes from with the titles of their documents."""
    parts = []
    for source in entry.sources:
        document = knowledge.documents.get(source.document)
        paragraph = document.paragraph(source.paragraph) if document else None
        if document and paragraph:
            number, title = str(source.paragraph), escape(document.title)
            parts.append(fill(wordings.source, title=title, paragraph=number))
            parts.append(as_markdown(paragraph, escape))
    return "\n\n".join(parts) or wordings.source_gone
