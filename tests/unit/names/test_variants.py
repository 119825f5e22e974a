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
        ("Ann Example a/k/a Annie Sample f/k/a Ann Other", ("Ann Example", "Annie Sample", "Ann Other")),
        ("Tan Sri Dato' Hsu Hui-hsien, Jr.", ("Hsu Hui-hsien",)),
        ("Puan Sri Datin Seri Hsu Hui Hsien", ("Hsu Hui Hsien",)),
        ("Justice Example", ("Justice Example",)),
        ("Hsu Hui Hsien JP SBS", ("Hsu Hui Hsien",)),
        ("Hsu JP", ("Hsu JP",)),
        ("Tan Sian", ("Tan Sian",)),
        ("许慧娴 女士", ("许慧娴",)),
        ("Hsu Hui Hsien binti Abdullah", ("Hsu Hui Hsien binti Abdullah", "Hsu Hui Hsien")),
        ("Nur Aisyah binti Abdullah", ("Nur Aisyah binti Abdullah",)),
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


@pytest.mark.parametrize(
    "written",
    [
        *("Sim Geok Lan", "Sum Yoke Lan", "Datuk Sim Geok Lan", "Sim Geok Lan Jr.", "SIM GEOK LAN @ AH LAN"),
        *("GL SIM", "SIM GL", "Sim Geok Lan a/k/a Alice Other", "Sim Geok Lan binti Abdullah", "Sehn Yulan"),
    ],
)
def test_usual_writings_in_malaysia_and_singapore(written: str) -> None:
    assert compare_names("沈玉兰", written).is_same


def test_a_child_and_its_father_have_no_word_more() -> None:
    bits = {text: compare_names(f"Rajan {text} Muthu", "Rajan Muthu").bits for text in ("a/l", "s/o", "bin", "bt")}
    assert len(set(bits.values())) == 1
    assert compare_names("Rajan a/l Muthu", "Muthu a/l Rajan").bits < 0
