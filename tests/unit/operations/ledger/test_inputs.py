"""Which files of folders and archives does a load read?"""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from kg.errors import InputError
from kg.operations.ledger.inputs import open_inputs
from kg.operations.workspace import no_progress

LITTER = ("~$case.xlsx", ".~lock.persons.csv#", "._persons.csv", "Thumbs.db", ".DS_Store", "desktop.ini")


def test_what_programs_put_beside_files_is_left_out_by_name(tmp_path: Path) -> None:
    folder = tmp_path / "case"
    (folder / ".git").mkdir(parents=True)
    for name in ("persons.csv", *LITTER):
        (folder / name).write_text("key,name\n")
    with open_inputs([folder], "", no_progress) as inputs:
        assert inputs.names == ("case/persons.csv",)
        assert sorted(inputs.unread) == sorted(f"case/{name}" for name in LITTER)
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
