"""Which files of folders and archives does a load read?"""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from kg.errors import InputError
from kg.operations import FileLoadRequest, load, open_store
from kg.operations.ledger.inputs import open_inputs
from kg.operations.workspace import Workspace, no_progress
from kg.ports import LinkQuery
from kg.records import node_id

LITTER = ("~$case.xlsx", ".~lock.persons.csv#", "._persons.csv", "Thumbs.db", ".DS_Store", "desktop.ini")


def test_what_programs_put_beside_files_is_left_out_by_name(tmp_path: Path) -> None:
    folder = tmp_path / "case"
    (folder / ".git").mkdir(parents=True)
    for name in ("persons.csv", *LITTER):
        (folder / name).write_text("key,name\n")
    with open_inputs([folder], "", no_progress) as inputs:
        assert inputs.names == ("case/persons.csv",)
        assert sorted(inputs.unread) == sorted(f"case/{name}" for name in LITTER)
    with zipfile.ZipFile(tmp_path / "set.zip", "w") as archive:
        hidden = ("../persons.csv", ".git/x.csv", *LITTER)
        for name in ("persons.csv", *hidden):
            archive.writestr(name, "key,name\n")
    with open_inputs([tmp_path / "set.zip"], "", no_progress) as inputs:
        assert inputs.names == ("set.zip/persons.csv",)
        assert sorted(inputs.unread) == sorted(f"set.zip/{name}" for name in hidden)
    with pytest.raises(InputError, match=r"~\$case\.xlsx: is what a program puts beside other files"):
        open_inputs([folder / LITTER[0]], "", no_progress).__enter__()


@pytest.mark.parametrize("member", ["data/part-1.json", "data/part-1.json.gz"])
def test_a_connector_that_is_named_reads_files_of_other_names(tmp_path: Path, member: str) -> None:
    with zipfile.ZipFile(tmp_path / "set.zip", "w") as archive:
        archive.writestr(member, "[]")
        archive.writestr("readme.txt", "")
    with open_inputs([tmp_path / "set.zip"], "bods", no_progress) as inputs:
        assert (inputs.names, inputs.unread) == ((f"set.zip/{member}",), ("set.zip/readme.txt",))
    with pytest.raises(InputError, match="holds no file that a connector reads"):
        open_inputs([tmp_path / "set.zip"], "", no_progress).__enter__()


def test_the_sign_of_amounts_turns_payments_of_any_format_once(tmp_path: Path) -> None:
    """`reverse` of a request turns what connectors read; a declaration that turns payments itself is told so."""
    entities = tmp_path / "a.ftm.json"
    entities.write_text(
        "".join(f'{{"id":"{key}","schema":"Person","properties":{{"name":["{key}"]}}}}\n' for key in ("ann", "bo"))
        + '{"id":"acc","schema":"BankAccount"}\n'
        '{"id":"y","schema":"Payment","properties":{"payer":["ann"],"beneficiary":["bo"],"amount":["-5"],'
        '"currency":["EUR"],"payerAccount":["acc"]}}\n'
    )
    store = Workspace(tmp_path / "graph.sqlite")
    load(store, FileLoadRequest((entities,), source="one", reverse="below-zero"))
    with open_store(store) as opened:
        (paid,) = opened.links(LinkQuery(node_id("one", "bo")))
        assert (paid.source_id, paid.properties["amount"]) == (node_id("one", "bo"), ("5 EUR",))
        assert paid.properties["payee_account"] == ("acc",)
        (named,) = opened.links(LinkQuery(node_id("one", "acc")))
        (claim,) = opened.claims([named.id])[named.id]
        assert (claim.part, named.properties["relation"]) == ("payee_account:ann→acc", ("payee's account",))
    (tmp_path / "p.toml").write_text(
        'title = "P"\ndescription = "Invented."\nsource = { name = "p", title = "P" }\n[[table]]\nfiles = "p.csv"\n'
        '[[table.link]]\ntype = "PAID"\nfrom = "a"\nto = "b"\nreverse = "above-zero"\n'
        'properties.amount = { text = "{n} EUR" }\n'
    )
    (tmp_path / "p.csv").write_text("a,b,n\nx,y,5\n")
    request = FileLoadRequest((tmp_path / "p.csv",), connector=str(tmp_path / "p.toml"), reverse="below-zero")
    with pytest.raises(InputError, match="leave --reverse out"):
        load(store, request)
