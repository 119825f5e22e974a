"""Are two equal rows of a table one event or two, and under which keys? All names are invented."""

from __future__ import annotations

import random
from collections import Counter
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.database import connect
from kg.errors import InputError
from kg.ledger.loads import LoadResult
from kg.ledger.verification import graph_digest
from kg.ontology import load_ontology
from kg.records import ReadResult, Record
from kg.sources import ReadContext, choose_connector
from tests.sources.read_results import NAMESPACE, records, rejects
from tests.stores import load

HEAD = 'title = "Donations"\ndescription = "Invented."\nsource = { name = "pay", title = "Pay" }\n'
TABLE = """
[[table]]
files = "pay*.csv"
[[table.node]]
type = "Party"
name = "d"
key = { text = "d:{donor}" }
properties.name = "donor"
[[table.node]]
type = "Party"
name = "p"
key = { text = "p:{party}" }
properties.name = "party"
[[table.link]]
type = "PAID"
from = { text = "d:{donor}" }
to = { text = "p:{party}" }
properties.amount = { text = "{eur} EUR" }
properties.date = "day"
"""
COLUMNS = "donor,party,eur,day\n"
ADA, BO = "Ada Invented,Green Invented,125000,2011-07-01\n", "Bo Invented,Green Invented,25000,2011-07-02\n"


def _read(folder: Path, *files: str, declaration: str = HEAD + TABLE) -> list[ReadResult]:
    (folder / "pay.toml").write_text(declaration, encoding="utf-8")
    paths = [folder / f"pay{n}.csv" for n, _ in enumerate(files)]
    for path, text in zip(paths, files, strict=True):
        path.write_text(text, encoding="utf-8")
    connector = choose_connector(paths[0], str(folder / "pay.toml"))
    return list(connector.read(paths, ReadContext(load_ontology(), NAMESPACE)))


def _payments(made: list[ReadResult]) -> dict[str, Record]:
    return {r.key: r for r in made if isinstance(r, Record) and r.type == "PAID"}


def _total(payments: dict[str, Record]) -> Decimal:
    return sum((Decimal(r.properties["amount"][0].removesuffix(" EUR")) for r in payments.values()), Decimal(0))


def _graph(path: Path) -> str:
    with closing(connect(path)) as connection:
        return graph_digest(connection)


def _load(path: Path, made: list[ReadResult]) -> LoadResult:
    return load(path, NAMESPACE, made)


def test_two_equal_payments_are_two_and_are_counted_on_a_line_of_their_own(tmp_path: Path) -> None:
    made = _read(tmp_path, COLUMNS + ADA + ADA + BO)
    assert (len(_payments(made)), _total(_payments(made))) == (3, Decimal(275_000))
    result = _load(tmp_path / "store.db", made)
    assert (result.links, result.equal_events, result.equal_rows, result.repeated) == (3, 1, 0, 3)


def test_a_row_with_money_that_two_files_have_is_told_and_counts(tmp_path: Path) -> None:
    made = _read(tmp_path, COLUMNS + ADA + ADA + BO, COLUMNS + BO + ADA)
    assert len(_payments(made)) == 5
    assert [(Path(r.file).name, r.line, r.is_remark, r.reason.rpartition(" ")[2]) for r in rejects(made)] == [
        ("pay1.csv", 2, True, "pay0.csv"),
        ("pay1.csv", 3, True, "pay0.csv"),
    ]


def test_a_declared_key_says_that_they_are_one(tmp_path: Path) -> None:
    keyed = (HEAD + TABLE).replace('files = "pay*.csv"\n', 'files = "pay*.csv"\nkey = "day"\n')
    result = _load(tmp_path / "store.db", _read(tmp_path, COLUMNS + ADA + ADA + BO, declaration=keyed))
    assert (result.links, result.equal_events, result.equal_rows) == (2, 0, 1)


def test_equal_rows_without_money_count_once_and_are_counted(tmp_path: Path) -> None:
    ties = (
        (HEAD + TABLE).replace('"PAID"', '"ASSOCIATED_WITH"').replace('properties.amount = { text = "{eur} EUR" }', "")
    )
    result = _load(tmp_path / "store.db", _read(tmp_path, COLUMNS + ADA * 3 + BO, declaration=ties))
    assert (result.links, result.equal_events, result.equal_rows) == (2, 0, 2)


def test_only_the_links_with_money_of_an_equal_row_are_events(tmp_path: Path) -> None:
    tie = '[[table.link]]\ntype = "ASSOCIATED_WITH"\nfrom = { text = "d:{donor}" }\nto = { text = "p:{party}" }\n'
    result = _load(tmp_path / "store.db", _read(tmp_path, COLUMNS + ADA * 3 + BO, declaration=HEAD + TABLE + tie))
    assert (result.links, result.equal_events, result.equal_rows) == (4 + 2, 2, 2)


def test_a_payment_whose_amount_cannot_be_read_is_an_event_too(tmp_path: Path) -> None:
    row = ADA.replace("125000", "much")
    assert len(_payments(_read(tmp_path, COLUMNS + row * 2))) == 2


def test_charges_with_an_amount_are_as_many_as_their_rows(tmp_path: Path) -> None:
    charge = (HEAD + TABLE).replace('"PAID"', '"ENCUMBERS"')
    made = [r for r in _read(tmp_path, COLUMNS + ADA * 2, declaration=charge) if isinstance(r, Record) and r.ends]
    assert len({r.key for r in made}) == 2
    without = COLUMNS + ADA.replace("125000", "") * 2
    made = [r for r in _read(tmp_path, without, declaration=charge) if isinstance(r, Record) and r.ends]
    assert len({r.key for r in made}) == 1


def test_the_first_of_equal_rows_has_the_key_that_it_had_in_older_ledgers(tmp_path: Path) -> None:
    alone = _payments(_read(tmp_path, COLUMNS + ADA + BO))
    more = _payments(_read(tmp_path, COLUMNS + ADA + BO + ADA + ADA))
    ada = next(key for key, r in alone.items() if r.properties["amount"] == ["125000 EUR"])
    assert more.keys() - alone.keys() == {f"{ada}.2", f"{ada}.3"}


def test_what_came_and_went_is_exact(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    _load(path, _read(tmp_path, COLUMNS + ADA + ADA + BO))
    again = _load(path, _read(tmp_path, COLUMNS + ADA + BO + ADA))
    assert (again.added, again.changed, again.withdrawn) == (0, 0, 0)
    more = _load(path, _read(tmp_path, COLUMNS + BO + ADA + ADA + ADA))
    assert (more.added, more.changed, more.withdrawn) == (1, 0, 0)
    less = _load(path, _read(tmp_path, COLUMNS + ADA + BO))
    assert (less.added, less.changed, less.withdrawn) == (0, 0, 2)


def test_equal_rows_of_two_files_are_two_whatever_the_order_of_the_files(tmp_path: Path) -> None:
    one = _payments(_read(tmp_path, COLUMNS + ADA, COLUMNS + BO + ADA))
    assert (_total(one), one.keys()) == (
        Decimal(275_000),
        _payments(_read(tmp_path, COLUMNS + ADA + BO, COLUMNS + ADA)).keys(),
    )


@pytest.fixture(scope="module")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("equal")


ROWS = st.lists(
    st.tuples(st.sampled_from("ab"), st.sampled_from("yz"), st.integers(1, 3), st.sampled_from(["2011", "2012-05"])),
    min_size=1,
    max_size=30,
)


@settings(max_examples=25, deadline=None)
@given(rows=ROWS, seed=st.randoms(use_true_random=False))
def test_as_many_events_come_out_as_rows_go_in(
    shared_folder: Path, rows: list[tuple[object, ...]], seed: random.Random
) -> None:
    lines = [",".join(map(str, row)) + "\n" for row in rows]
    payments = _payments(_read(shared_folder, COLUMNS + "".join(lines)))
    out = Counter(
        (*(e.key[2:] for e in r.ends or ()), *r.properties["amount"], *r.properties["date"]) for r in payments.values()
    )
    assert out == Counter((a, b, f"{eur} EUR", day) for a, b, eur, day in rows)
    assert _total(payments) == sum(int(str(row[2])) for row in rows)
    shuffled = seed.sample(lines, len(lines))
    assert _payments(_read(shared_folder, COLUMNS + "".join(shuffled))).keys() == payments.keys()
    appended = _payments(_read(shared_folder, COLUMNS + "".join([*lines, lines[0]])))
    assert appended.keys() > payments.keys()


def real_shaped(count: int = 600) -> list[str]:
    """Invented donations as a party's register has them: a few large, many small and equal ones on one day."""
    random_ = random.Random(15)
    donors = [f"Donor {n} Invented" for n in range(40)]
    rows = [
        f"{random_.choice(donors)},Party {random_.randrange(4)} Invented,{random_.choice((50, 100, 250.5, 125000))},"
        f"{random_.choice(('2011', '2011-07', '2011-07-01', '2012-01-15'))}\n"
        for _ in range(count)
    ]
    return rows + random_.choices(rows, k=count // 5)


def test_a_real_shaped_register_keeps_its_sum_and_its_digest_in_any_order(tmp_path: Path) -> None:
    rows = real_shaped()
    digests = []
    for name, order in (("one", rows), ("other", sorted(rows))):
        made = _read(tmp_path, COLUMNS + "".join(order))
        result = _load(tmp_path / f"{name}.db", made)
        assert rejects(made) == []
        assert result.links == len(rows) == len(_payments(made))
        assert _total(_payments(made)) == sum(Decimal(row.split(",")[2]) for row in rows)
        assert result.equal_events == len(rows) - len(set(rows))
        digests.append(result.digest)
    assert digests[0] == digests[1]
    assert _graph(tmp_path / "one.db") == _graph(tmp_path / "other.db")


NAMED = HEAD + '[[table]]\nfiles = "pay*.csv"\n[[table.node]]\ntype = "Person"\nkey = { text = "{name}" }\n'
OWN = HEAD + '[[table]]\nfiles = "pay*.csv"\nkey = "name"\n[[table.node]]\ntype = "Person"\n'
LOCATED = '[[table.link]]\ntype = "LOCATED_IN"\nto = { column = "country", convert = "country" }\n'
FROM = 'from = { text = "{name}" }\n'


@pytest.mark.parametrize("declaration", [NAMED + LOCATED + FROM, OWN + LOCATED + FROM, OWN + LOCATED])
def test_an_empty_optional_end_is_no_mistake_with_and_without_from(tmp_path: Path, declaration: str) -> None:
    made = _read(tmp_path, "name,country\nAda Invented,SM\nBo Invented,\n", declaration=declaration)
    assert (rejects(made), [r.type for r in records(made).values() if r.ends]) == ([], ["LOCATED_IN"])


OWNS = '[[table.link]]\ntype = "OWNS"\nto = "country"\nproperties.share = "part"\nproperties.role = "role"\n'


@pytest.mark.parametrize("declaration", [NAMED + OWNS + FROM, OWN + OWNS + FROM, OWN + OWNS])
def test_a_share_or_an_amount_of_nothing_is_told(tmp_path: Path, declaration: str) -> None:
    rows = "name,country,part,role\nAda,acme,50,x\nBo,,50,x\nCy,,,x\n"
    made = _read(tmp_path, rows, declaration=declaration)
    is_row = declaration.startswith(OWN)
    """Whether rows are persons, and not what links them."""
    assert [(r.line, r.reason, r.whole) for r in rejects(made)] == [
        (3, "column country: expected the key of an end, not an empty cell", not is_row)
    ]
    kept = [{"part": ["50"], "role": ["x"]}] if is_row else []
    assert [r.other for r in records(made).values() if not r.ends][1:] == [*kept, {"role": ["x"]}]


def test_a_row_that_is_a_link_needs_both_ends(tmp_path: Path) -> None:
    declaration = HEAD + '[[table]]\nfiles = "pay*.csv"\n[[table.link]]\ntype = "OWNS"\nfrom = "a"\nto = "b"\n'
    made = _read(tmp_path, "a,b,c\n1,,x\n", declaration=declaration)
    assert [(r.reason, r.whole) for r in rejects(made)] == [
        ("column b: expected the key of an end, not an empty cell", True)
    ]


BANK = (
    HEAD
    + """
[[table]]
files = "pay*.csv"
[[table.node]]
type = "Party"
name = "p"
key = { text = "p:{party}" }
properties.name = "party"
[[table.link]]
type = "PAID"
from = { text = "acc:{account}" }
to = { text = "p:{party}" }
properties.amount = { text = "{eur} EUR" }
properties.purpose = "what"
"""
)


def test_each_payment_without_a_counterparty_has_one_of_its_own_and_joins_nobody(tmp_path: Path) -> None:
    """Cash, fees and interest stay in the flow of the account: each with a node that no other row has."""
    rows = ["1,,20,cash out", "1,,20,cash out", "1,Bank fees,1,", "1,-,2,interest", "1,Cash & Carry Ltd,9,goods"]
    text = "\n".join(["account,party,eur,what", *rows, "1,,,note", ",,3,note", ""])
    made = _read(tmp_path, text, declaration=BANK)
    ends = [r.ends[1].key for r in _payments(made).values() if r.ends]
    unnamed = {r.key: r.properties["stated_as"] for r in made if isinstance(r, Record) and r.type == "Counterparty"}
    assert [unnamed.get(key, [key])[0] for key in ends] == [
        "cash out",
        "cash out",
        "Bank fees",
        "interest",
        "p:Cash & Carry Ltd",
    ]
    assert len(set(ends)) == 5
    assert [r.properties["name"][0] for r in made if isinstance(r, Record) and r.type == "Party"] == [
        "Cash & Carry Ltd"
    ]
    assert len(rejects(made)) == 2, "a row without an amount, and one without any end"
    result = _load(tmp_path / "store.db", made)
    assert (result.links, result.equal_events) == (5, 1)


@pytest.mark.parametrize(("reverse", "first"), [("below-zero", "acc:1"), ("above-zero", "p:Bo"), ("", "acc:1")])
def test_a_sign_says_who_paid_where_a_declaration_says_so(tmp_path: Path, reverse: str, first: str) -> None:
    """Of two payments of 5 and -3, one goes the other way, and the second has no sign any more."""
    said = BANK + (f'reverse = "{reverse}"\n' if reverse else "")
    declaration = said.replace('properties.purpose = "what"\n', "") + 'properties.payer_account = "what"\n'
    plus, minus = _payments(
        _read(tmp_path, "account,party,eur,what\n1,Bo,5,x\n1,Bo,-3,x\n", declaration=declaration)
    ).values()
    assert plus.ends and minus.ends
    assert (plus.ends[0].key, minus.ends[0].key) == (first, "p:Bo" if reverse == "below-zero" else "acc:1")
    assert minus.properties["amount"] == (["3 EUR"] if reverse else ["-3 EUR"])
    assert minus.other.get("amount") == (["-3 EUR"] if reverse else None)
    assert ("payee_account" in plus.properties) == (reverse == "above-zero"), "the account stays with its party"


def test_a_sign_and_a_word_do_not_both_say_who_paid(tmp_path: Path) -> None:
    said = '[[table.link]]\ntype.column = "what"\ntype.values = { D = "PAID", C = { type = "PAID", reverse = true } }\n'
    said += 'from = "account"\nto = "party"\nproperties.amount = { text = "{eur} EUR" }\n'
    declaration = 'title = "P"\ndescription = "Invented."\n[[table]]\nfiles = "bank.csv"\n' + said
    (tmp_path / "bank.toml").write_text(declaration, encoding="utf-8")
    (tmp_path / "bank.csv").write_text("account,party,eur,what\n1,Bo,5,\n1,Bo,-3,c\n", encoding="utf-8")
    files, ontology = [tmp_path / "bank.csv"], load_ontology()
    connector = choose_connector(files[0], str(tmp_path / "bank.toml"))
    assert len(list(connector.read(files, ReadContext(ontology, "n")))) == 2
    with pytest.raises(
        InputError, match=r"bank.csv:3, key what: the word 'c' says already who paid; leave --reverse out"
    ):
        list(connector.read(files, ReadContext(ontology, "n", reverse="below-zero")))
    (tmp_path / "bank.toml").write_text(declaration + 'reverse = "below-zero"\n', encoding="utf-8")
    with pytest.raises(InputError, match=r"words of type\.values say already who paid"):
        list(choose_connector(files[0], str(tmp_path / "bank.toml")).read(files, ReadContext(ontology, "n")))
