"""Reads statements of the Beneficial Ownership Data Standard."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from kg.records import Record, Reject
from kg.sources.bods.parties import read_party
from kg.sources.bods.provenance import take_provenance
from kg.sources.bods.relationships import RelationshipReader
from kg.sources.bods.statements import RELATIONSHIP, open_index
from kg.sources.record_builder import RecordBuilder
from kg.sources.rows import PropertyChecks, ReadContext


def read(files: Sequence[Path], context: ReadContext) -> Iterator[Record | Reject]:
    """The newest statement on each record: a node for a person or entity, a link for each interest of a relationship.

    The files are read twice: first for which statement is the newest and what each record is about. A record's id is
    its key. Raises InputError for a file that is not BODS 0.4.
    """
    checks = PropertyChecks(context.ontology)
    with open_index(files) as known:
        relationships = RelationshipReader(context.ontology, known)
        for found in known.newest(files, context.progress):
            if isinstance(found, Reject):
                yield found
                continue
            gathering = RecordBuilder(found.row, checks, context.namespace)
            statement = replace(found, data=dict(found.data))
            gathering.provenance = take_provenance(statement.data, gathering)
            if statement.record_type == RELATIONSHIP:
                relationships.read(statement, gathering)
            else:
                read_party(statement, gathering)
            yield from gathering.results
