"""The shape of a knowledge file, from which both the validation and the JSON Schema come."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from bot.knowledge.entry import Facet

EntryId = Annotated[
    str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", min_length=2, max_length=60)
]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
Paragraph = Annotated[int, Field(ge=1)]


def _one_or_many(value: object) -> object:
    return [value] if isinstance(value, dict) else value


class _Closed(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SourceFormat(_Closed):
    """Point at the paragraph of a document that holds the answer."""

    document: Line = Field(description="File name in seeds/, such as handbook.md.")
    paragraph: Paragraph = Field(description="Number from 1; headings are not counted.")


class EntryFormat(_Closed):
    """Hold one thing a person would ask, and its answer."""

    id: EntryId = Field(description="A stable slug such as office-hours; never reused.")
    question: Line = Field(description="The question as the bot shows it.")
    answer: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)] = Field(
        description="Markdown: bold, italic, lists, links; up to 4,096 characters as shown."
    )
    alternates: list[Line] = Field(
        default_factory=list, description="Other ways people ask this; spelling is not your worry."
    )
    negatives: list[Line] = Field(
        default_factory=list, description="Questions that look alike but must not be answered."
    )
    source: Annotated[
        list[SourceFormat],
        BeforeValidator(_one_or_many, json_schema_input_type=SourceFormat | list[SourceFormat]),
    ] = Field(default_factory=list, description="Where the answer comes from; one or a list.")
    related: list[EntryId] = Field(
        default_factory=list, description="Ids of the next questions to offer, best first."
    )
    subject: str = Field(default="", description="What 'it' means after this answer.")
    facet: Facet | None = Field(
        default=None, description="Which question about the subject this answers."
    )
    follow_ups: dict[Facet, EntryId] = Field(
        default_factory=dict,
        description="Entries to give for 'why?', 'example?' and so on after this answer.",
    )
    excused: list[Line] = Field(
        default_factory=list, description="Words of the answer that need no ground in the source."
    )
    review: bool = Field(default=False, description="true while a draft waits for a person's eye.")
    review_by: dt.date | None = Field(
        default=None, description="The day (YYYY-MM-DD) by which the answer should be looked at."
    )


class TopicFormat(_Closed):
    """Hold the entries of one topic under the title people browse by."""

    topic: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64)]
    order: int = Field(
        default=100, description="Where the topic stands among the others; lower is earlier."
    )
    entries: list[EntryFormat] = Field(min_length=1)


def json_schema() -> dict[str, object]:
    """Return the JSON Schema of a knowledge file, for editors that check while one types."""
    schema = TopicFormat.model_json_schema()
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "title": "A Majlis knowledge file",
    }
