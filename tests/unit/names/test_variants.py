"""Several names in one text. All names are invented."""

from __future__ import annotations

import pytest

from kg.names import compare_names
from kg.names.variants import written_names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Hsu Hui-hsien", ("Hsu Hui-hsien",)),
        ("Hsu Hui-hsien (Mrs. Tan)", ("Hsu Hui-hsien",)),
        ("Mrs. Tan, Hsu Hui-hsien", ("Hsu Hui-hsien",)),
        ("Hsu Hui-hsien @ Alice", ("Hsu Hui-hsien", "Alice")),
        ("Huixian Tan (née Xu)", ("Huixian Tan", "Xu, Huixian")),
        ("Huixian Tan née Xu", ("Huixian Tan", "Xu, Huixian")),
        ("许慧娴 (Xu Huixian)", ("许慧娴", "Xu Huixian")),
        ("Ann Example a.k.a. Annie Sample", ("Ann Example", "Annie Sample")),
        ("Example Holdings (Asia) Ltd", ("Example Holdings Ltd",)),
        ("", ("",)),
        ("()", ("()",)),
    ],
)
def test_the_names_in_a_text(text: str, names: tuple[str, ...]) -> None:
    assert written_names(text) == names


@pytest.mark.parametrize(
    "written",
    ["Hsu Hui-hsien (Mrs. Tan)", "Mrs. Tan, Hsu Hui-hsien", "Hsu Hui-hsien @ Alice", "Huixian Tan (née Xu)"],
)
def test_married_names_and_aliases_are_compared_one_by_one(written: str) -> None:
    assert compare_names("许慧娴", written).is_same
