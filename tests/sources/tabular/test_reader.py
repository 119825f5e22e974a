"""What does a declaration of tables make of rows, and which of its mistakes does it name?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kg.errors import InputError
from kg.ontology import load_ontology
from kg.ontology.values import VALUE_TYPES
from kg.records import ReadResult, Record, Ref
from kg.sources import ReadContext, choose_connector, common_source
from kg.sources.connector import load_connector
from tests.sources.read_results import NAMESPACE, read_files, records, rejects
from tests.sources.sheets.workbook_file import save_workbook

HEAD = 'title = "T"\ndescription = "D"\n'
TABLE = '[[table]]\nfiles = "people.csv"\nkey = "id"\n[[table.node]]\ntype = "Person"\nproperties.name = "name"\n'
PEOPLE = HEAD + TABLE


def _declaration(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return path


def _read(tmp_path: Path, declaration: str, rows: str | bytes, name: str = "people.csv") -> list[ReadResult]:
    file = tmp_path / name
    file.write_bytes(rows if isinstance(rows, bytes) else rows.encode())
    connector = choose_connector(file, str(_declaration(tmp_path, declaration)))
    return list(connector.read([file], ReadContext(load_ontology(), NAMESPACE)))


def _reasons(readings: list[ReadResult]) -> list[tuple[int, str, bool]]:
    return [(r.line, r.reason, r.whole) for r in rejects(readings)]


def test_a_declaration_outside_the_package_reads_a_table(tmp_path: Path) -> None:
    made = records(_read(tmp_path, PEOPLE, "id,name,shoe size\n 1 , Ann Example ,38\n2,,\n"))
    assert made["1", ""].properties == {"name": ["Ann Example"]}
    assert made["1", ""].other == {"shoe size": ["38"]}
    assert (made["2", ""].properties, made["2", ""].other) == ({}, {})


def test_it_may_declare_the_source(tmp_path: Path) -> None:
    path = _declaration(tmp_path, PEOPLE + '[source]\nname = "desk"\ntitle = "Desk"\ninvented = true\n')
    source = common_source([tmp_path / "people.csv"], str(path))
    assert source is not None
    assert (source.name, source.namespace, source.invented) == ("desk", "desk", True)
    assert common_source([tmp_path / "people.csv"], str(_declaration(tmp_path, PEOPLE))) is None


def test_a_file_of_any_name_is_the_only_table(tmp_path: Path) -> None:
    assert len(records(_read(tmp_path, PEOPLE, "id,name\n1,Ann\n", "else.txt"))) == 1


def test_of_several_tables_the_files_name_chooses(tmp_path: Path) -> None:
    two = PEOPLE + '[[table]]\nfiles = "ships.csv"\nkey = "id"\n[[table.node]]\ntype = "Vessel"\n'
    assert records(_read(tmp_path, two, "id\n1\n", "ships.csv"))["1", ""].type == "Vessel"
    with pytest.raises(InputError, match=r"else\.csv: is no table of .*mine\.toml; .* people\.csv, ships"):
        _read(tmp_path, two, "id\n1\n", "else.csv")


def test_every_column_that_is_named_has_to_be_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"people\.csv:1: expected a column called name"):
        _read(tmp_path, PEOPLE, "id,nam\n1,Ann\n")


def test_with_columns_only_those_and_the_keys_have_to_be_there(tmp_path: Path) -> None:
    loose = PEOPLE.replace('key = "id"', 'key = "id"\ncolumns = ["shoe size"]')
    assert len(records(_read(tmp_path, loose, "id,shoe size\n1,38\n"))) == 1
    with pytest.raises(InputError, match="expected a column called shoe size"):
        _read(tmp_path, loose, "id,name\n1,Ann\n")


def test_delimiter_quote_escape_and_encoding_are_as_declared(tmp_path: Path) -> None:
    form = 'format = { delimiter = ";", quote = "\'", escape = "\\\\", encoding = "windows-1252" }\n'
    rows = b"id;name\n1;'Fran\xe7ois; d\\'Exemple'\n2;\x81\n"
    made = _read(tmp_path, form + PEOPLE, rows)
    assert records(made)["1", ""].properties["name"] == ["François; d'Exemple"]
    advice = "save the table as CSV UTF-8, or name its `encoding` in the declaration"
    assert _reasons(made) == [(3, f"expected WINDOWS-1252, not the byte 81; {advice}", True)]


def test_a_header_in_another_encoding_is_told_as_such(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"the header has 'id', 'n.me'; its letters are in another encoding: .*cp1252"):
        _read(tmp_path, PEOPLE, "id,näme\n".encode("cp1252"))


@pytest.mark.parametrize(("ignored", "told"), [("", 1), ('ignore_sheets = "Pivot*"\n', 0)])
def test_a_sheet_that_is_no_such_table_does_not_stop_the_others(tmp_path: Path, ignored: str, told: int) -> None:
    declared = ignored + PEOPLE.replace("people.csv", "*.xlsx")
    pivot: list[list[Any]] = [["name", "sum"], ["Ann", 5]]
    people: list[list[Any]] = [["id", "name"], ["1", "Ann"]]
    path = save_workbook(tmp_path / "people.xlsx", {"Pivot 1": pivot, "people": people})
    made = _read(tmp_path, declared, path.read_bytes(), "people.xlsx")
    assert list(records(made)) == [("1", "")]
    assert [("left out" in r.reason, "ignore_sheets" in r.reason) for r in rejects(made)] == [(True, True)] * told
    save_workbook(path, {"Pivot 1": pivot, "Pivot 2": pivot})
    with pytest.raises(InputError, match="expected a column called id" if told else "no sheet is a table"):
        _read(tmp_path, declared, path.read_bytes(), "people.xlsx")


def test_without_quotes_a_quote_is_a_letter(tmp_path: Path) -> None:
    form = 'format = { delimiter = "\\t", quote = "" }\n'
    made = records(_read(tmp_path, form + PEOPLE, 'id\tname\n1\t"Ann" Ex\\\n'))
    assert made["1", ""].properties["name"] == ['"Ann" Ex\\']


def test_several_values_of_a_cell_are_parted_and_said_once(tmp_path: Path) -> None:
    split = PEOPLE.replace('"name"\n', '[{ column = "name", split = ";" }, "nick"]\n')
    made = records(_read(tmp_path, split, "id,name,nick\n1, Ann ; An;;Ann ,An\n"))
    assert made["1", ""].properties == {"name": ["Ann", "An"]}


def test_a_row_that_repeats_the_headings_is_skipped_and_told(tmp_path: Path) -> None:
    firms = (
        HEAD + '[[table]]\nfiles = "p.csv"\nkey = "No"\n[[table.node]]\ntype = "Enterprise"\nproperties.name = "Firm"\n'
    )
    rows = "No,Firm,Notes\n1,Acme,\nNO,Firm,notes\nNo,Firm,\n2,Firm,x\n"
    made = _read(tmp_path, firms, rows, "p.csv")
    assert [key for key, _ in records(made)] == ["1", "2"]
    assert [(r.line, r.reason, r.is_remark) for r in rejects(made)] == [
        (line, "the row repeats the headings; it is skipped", True) for line in (3, 4)
    ]


@pytest.mark.parametrize(
    ("heading", "row", "name", "told"),
    [
        ("key,registered_in,name,", "e2,GB,Oak Co,", "Oak Co", "is a second heading; the rows below it are read"),
        ("key,name,registered_in,incorporation_date", "e2,Oak Co,GB,2014", "Oak Co", "are read by its columns"),
        ("key,name,registered_in,shoe size", "e2,Oak Co,GB,44", "Oak Co", "are read by its columns"),
        ("key,name,registered in,", "e2,Oak Co,GB,", "Oak Co", "repeats the headings"),
        ("from,to,type,share", "e1,e1,OWNS,51", "", "heading, of another table; the rows below it are not read"),
        ("key,birth_date,citizenship,name", "p1,1970,GB,Ann", "", "heading, of another table; the rows"),
        ("name,registered_in,summary,", "Oak Co,GB,x,", "", "heading, without the column key; the rows"),
        ("key,name,name,", "e2,Oak Co,Elm Co,", "", "with a name twice; the rows below it are not read"),
    ],
)
def test_rows_below_a_second_heading_are_read_by_it_or_refused(
    tmp_path: Path, heading: str, row: str, name: str, told: str
) -> None:
    file = tmp_path / "enterprises.csv"
    file.write_text(f"key,name,registered_in,\ne1,Inn Co,GB,\n{heading}\n{row}\n", encoding="utf-8")
    made = read_files(file)
    names = [record.properties["name"] for record in records(made).values() if record.type == "Enterprise"]
    assert names == [["Inn Co"], *([[name]] if name else [])]
    assert told in rejects(made)[0].reason
    assert any(reject.line == 4 and reject.whole for reject in rejects(made)) == (not name)


STATEMENT = HEAD + (
    '[[table]]\nfiles = "p.csv"\n'
    + "".join(
        f'[[table.node]]\nname = "{end}"\ntype = "Party"\nkey = "{end}"\nproperties.name = "{end}"\n'
        for end in ("payer", "payee")
    )
    + '[[table.link]]\ntype = "PAID"\nfrom = "payer"\nto = "payee"\n'
    + 'properties.amount = { text = "{amount} {cur}" }\nproperties.purpose = "why"\n'
)


@pytest.mark.parametrize(
    ("row", "kept"),
    [
        *((row, True) for row in ("Fig,,500,,", ",Gum,500,USD,", "Fig,-,5,USD,", "Fig,N/A,5,USD,", "#REF!,Gum,5,USD,")),
        *(
            (f"Fig,{word},5,USD,", True)
            for word in ("REDACTED", "(blank)", "Own account", "n.n.", "x", "Check 123", "Bank")
        ),
        *((row, True) for row in ("Unbekannt,Gum,5,USD,", "Fig,неизвестно,5,USD,", "Fig,无,5,USD,")),
        *((row, False) for row in ("Fig,,,,rent", "NULL,n.a.,5,USD,", "TOTAL,,1100.5,USD,", "Fig,,7,USD,Balance b/f")),
    ],
)
def test_a_payment_by_or_to_nobody_is_kept_with_one_end_and_nobody_is_no_party(
    tmp_path: Path, row: str, kept: bool
) -> None:
    made = _read(tmp_path, STATEMENT, f"payer,payee,amount,cur,why\nAda,Bo,1,USD,\n{row}\n", "p.csv")
    parties = {record.key for record in records(made).values() if record.type == "Party"}
    assert parties == {"Ada", "Bo", *({"Fig", "Gum"} & {*row.split(",")} if kept else ())}
    assert sum(record.type == "PAID" for record in records(made).values()) == 1 + kept
    assert [(reject.line, reject.whole) for reject in rejects(made) if reject.whole] == ([] if kept else [(3, True)])


def test_two_payments_of_one_row_have_two_unnamed_ends(tmp_path: Path) -> None:
    links = (
        f'[[table.link]]\nname = "{name}"\ntype = "PAID"\nfrom = "{one}"\nto = "{other}"\n'
        f'properties.amount = "{name}"\n'
        for name, one, other in (("debit", "account", "other"), ("credit", "other", "account"))
    )
    declaration = HEAD + '[[table]]\nfiles = "p.csv"\n' + "".join(links)
    made = _read(tmp_path, declaration, "account,other,debit,credit\na,Cash,5 USD,7 USD\n", "p.csv")
    (paid, received) = (r.ends for r in records(made).values() if r.ends)
    others = [record for record in records(made).values() if record.type == "Counterparty"]
    unnamed = {record.key for record in others}
    assert all(record.named and record.properties == {"stated_as": ["Cash"]} for record in others)
    assert (paid[0].key, received[1].key) == ("a", "a")
    assert len(unnamed) == 2 and {paid[1].key, received[0].key} == unnamed


def test_two_columns_of_amounts_are_named_by_the_words_for_who_paid(tmp_path: Path) -> None:
    declaration = (
        HEAD
        + """[[table]]
        files = "p.csv"
        [[table.link]]
        type = { column = "sign", values = { Withdrawn = "PAID", "Paid in" = { type = "PAID", reverse = true } } }
        from = "account"
        to = "other"
        properties.amount = { text = "{amount} USD" }
        """
    )
    rows = "account,other,Withdrawn,Paid In\na,b,5,\na,c,0.00,7\n"
    made = [r for r in records(_read(tmp_path, declaration, rows, "p.csv")).values() if r.ends]
    assert [([end.key for end in r.ends or ()], r.properties["amount"]) for r in made] == [
        (["a", "b"], ["5 USD"]),
        (["c", "a"], ["7 USD"]),
    ]


MAY_BE_NOTE = "the row is read; delete it if it is a total, a note or the like"

BALANCES = (
    *("Beginsaldo", "1. Closing balance EUR 1 234.00 CR"),
    *(
        "Closing balance 31.01.2020",
        "Closing Balance as at 31 January",
        "Available balance",
        "Running total",
        "Sub total",
    ),
    *(
        "Page total",
        "Net total",
        "Kontostand am 31.01.2020",
        "Alter Kontostand",
        "Ancien solde",
        "Lõppsaldo",
        "Loppusaldo",
    ),
    *(
        "Slutsaldo",
        "Saldo anterior",
        "Обороты",
        "Итого за январь",
        "本页小计",
        "期末余额",
        "Balance at end of month",
        "Bal b/f",
    ),
)


@pytest.mark.parametrize(
    ("rows", "refused", "told"),
    [
        (["a,b,1,USD,x", "a,c,2,USD,y", "a,b,3,USD,Total"], [], 1),
        (["a,b,1,USD,x", "a,c,2,USD,y", "a,Total,3,USD,"], [4], 0),
        (["a,b,1,USD,x", "a,c,2,USD,y", "Total,all,3,USD,z"], [4], 0),
        (["a,b,1,USD,x", "a,b,99,USD,合计：", "a,b,98,USD,Итого 2014", "a,b,97,USD,Balance"], [], 3),
        (["a,b,1,USD,x", "a,Total,1,USD,", "Total,b,1,USD,"], [], 2),
        (["a,b,1,USD,x", "a,Total,7,USD,fuel"], [], 1),
        (["a,b,1,USD,x", "a,c,2,USD,y", "a,,3,USD,Subtotal", "a,b,5,USD,z", ",a,8,USD,Sum of all"], [4, 6], 0),
        (["a,b,1,USD,x", "a,c,2,USD,y", "a,c,4,USD,y", "a,b,7,USD,z"], [], 1),
        (["a,b,1,USD,x", "a,c,2,EUR,y", "a,b,3,USD,sum insured"], [], 1),
        (["a,b,1,USD,x", "a,c,2,USD,y", "a,Total Paints Ltd,3,USD,", "a,,4,USD,Total Energies fuel"], [], 3),
        (["a,b,4,USD,x", "a,,4,USD,Total Energies fuel", "a,,4,USD,TOTAL 4711 PARIS"], [], 2),
        (["a,b,1,USD,x", "a,c,2,USD,y", "a,,3,USD,Note de frais janvier", "a,,6,USD,Source tax refund"], [], 1),
        (["a,,4,USD,x", "a,,4,USD,Balance of some kind", "a,b,4,USD,Balance of some kind"], [], 1),
        ([f"a,,99,USD,{text}" for text in BALANCES], [*range(2, 2 + len(BALANCES))], 0),
        (["a,b,1,USD,Totally fine", "a,b,1,USD,Balance of the price"], [], 0),
    ],
)
def test_a_total_of_payments_is_none_of_them(tmp_path: Path, rows: list[str], refused: list[int], told: int) -> None:
    made = _read(tmp_path, STATEMENT, "\n".join(["payer,payee,amount,cur,why", *rows, ""]), "p.csv")
    assert [reject.line for reject in rejects(made) if reject.whole] == refused
    assert sum(reject.is_remark for reject in rejects(made)) == told
    assert sum(record.type == "PAID" for record in records(made).values()) == len(rows) - len(refused)


@pytest.mark.parametrize("said", ["", 'properties.summary = "text"'])
def test_a_column_that_is_mapped_for_no_payment_tells_totals_where_an_end_is_not_named(
    tmp_path: Path, said: str
) -> None:
    rows = ["a,b,1,USD,,Total,", "a,c,2,USD,,y,", "a,,3,USD,,Total out,", "a,,9,USD,,Closing balance,EUR"]
    rows += ["a,,8,USD,rent,Total,", "a,,8,USD,,Balance of rent,", "a,,8,USD,,Total,by card", "a,,8,USD,,z,"]
    declared = STATEMENT.replace('type = "Party"\n', f'type = "Party"\n{said}\n', 1)
    made = _read(tmp_path, declared, "\n".join(["payer,payee,amount,cur,why,text,how", *rows, ""]), "p.csv")
    assert [reject.line for reject in rejects(made) if reject.whole] == [4, 5]
    assert [reject.line for reject in rejects(made) if "delete it if it is a total" in reject.reason] == [6, 7, 8]


@pytest.mark.parametrize(
    ("amounts", "read", "remarks"),
    [
        (["1.234", "1.250,00"], ["1234", "1250"], 1),
        (["1.234", "12,5"], ["1234", "12.5"], 1),
        (["1.234", "1.234.567"], ["1234", "1234567"], 1),
        (["1.234", "1,250.00"], ["1.2340", "1250"], 1),
        (["1.234", "12.50"], ["1.2340", "12.5"], 1),
        (["1.234", "500"], ["", "500"], 0),
        (["1.234", "1.250,00", "12.50"], ["", "1250", "12.5"], 0),
        (["0.125", "1.250,00"], ["0.125", "1250"], 0),
        (["€0.125", "EUR 1.234", "12,50"], ["0.125", "", "12.5"], 0),
        (["€0.125", "€ 1.234"], ["0.125", "1.2340"], 1),
        (["EUR 1.234", "€ 1.234", "12 345.678", "12,50"], ["1234", "1234", "12345.678", "12.5"], 1),
        (["-1.234", "1.250,00"], ["-1234", "1250"], 1),
    ],
)
def test_the_amounts_of_a_column_tell_its_decimal_sign(
    tmp_path: Path, amounts: list[str], read: list[str], remarks: int
) -> None:
    rows = "".join(f'a,b{n},"{text}",EUR,\n' for n, text in enumerate(amounts))
    made = _read(tmp_path, STATEMENT, f"payer,payee,amount,cur,why\n{rows}", "p.csv")
    paid = {r.ends[1].key: r.properties.get("amount", [""]) for r in records(made).values() if r.ends}
    clean = [VALUE_TYPES["money"].clean(text) if text else "" for (text,) in (paid[k] for k in sorted(paid))]
    assert [text.removesuffix(" EUR") for text in clean] == read
    assert sum(reject.is_remark for reject in rejects(made)) == remarks


@pytest.mark.parametrize("key", ["1.23E+07", "1,2e+7", "１.23E+07", "00", "00000000"])
def test_a_number_that_is_lost_joins_no_rows(tmp_path: Path, key: str) -> None:
    declaration = HEAD + (
        '[[table]]\nfiles = "people.csv"\n[[table.node]]\ntype = "Enterprise"\nproperties.name = "company"\n'
        'key = { column = "no", convert = "uk_company" }\n[[table.node]]\ntype = "Person"\nkey = "owner"\n'
        '[[table.link]]\ntype = "OWNS"\nfrom = "owner"\nto = "no"\n'
    )
    found = _read(
        tmp_path, declaration, f'no,company,owner\n"{key}",Alder (invented),Ann\n"{key}",Birch (invented),Ben\n'
    )
    assert [record.key for record in records(found).values()] == ["Ann", "Ben"]
    assert {r.reason.partition("expected a key, not ")[2].split()[0] for r in rejects(found)} <= {"a", "zeros"}
    assert {r.line for r in rejects(found)} == {2, 3}
    (kept,) = [r for r in records(_read(tmp_path, declaration, "no,company,owner\n7,Alder,0\n")).values() if r.ends]
    assert kept.ends is not None and (kept.ends[0].key, kept.ends[1].key) == ("0", "7")


@pytest.mark.parametrize(
    ("holder", "company", "refused"),
    [("Ann", "1", 0), ("N/A", "1", 1), ("Unknown", "1", 1), ("Ann", "1.23E+07", 1), ("Ann", "000", 1), ("-", "", 1)],
)
def test_a_key_with_a_prefix_is_looked_at_by_the_cells_that_make_it(
    tmp_path: Path, holder: str, company: str, refused: int
) -> None:
    declaration = HEAD + (
        '[[table]]\nfiles = "people.csv"\n[[table.node]]\ntype = "Enterprise"\nkey = { text = "co:{no}" }\n'
        '[[table.node]]\ntype = "Person"\nkey = { text = "h:{country}:{holder}" }\nproperties.name = "holder"\n'
        '[[table.link]]\ntype = "OWNS"\nfrom = { text = "h:{country}:{holder}" }\nto = { text = "co:{no}" }\n'
    )
    made = _read(tmp_path, declaration, f"no,holder,country\n{company},{holder},NA\n7,Total disclosed,00\n")
    assert sum(record.type == "OWNS" for record in records(made).values()) == 2 - refused
    told = [reject.reason for reject in rejects(made) if reject.is_remark]
    assert told == [f"column holder, value 'Total disclosed': {MAY_BE_NOTE}"]


def test_an_iban_in_groups_is_the_key_of_the_same_account(tmp_path: Path) -> None:
    """Also with a prefix, and where a payment names it beside its party; what was written stays the number."""
    declaration = STATEMENT.replace('from = "payer"', 'from = { text = "a:{payer}" }')
    declaration = declaration.replace('key = "payer"', 'key = { text = "a:{payer}" }')
    declaration += 'properties.payee_account = "why"\n'
    rows = (
        "EE10 0000 0000 0000 0001,Bo,5,USD,EE20 0000 0000 0000 0002\nEE100000000000000001,EE200000000000000002,5,USD,\n"
    )
    made = _read(tmp_path, declaration, f"payer,payee,amount,cur,why\n{rows}", "p.csv")
    keys = {ref.key for record in records(made).values() for ref in record.ends or ()}
    assert keys == {"a:EE100000000000000001", "Bo", "EE200000000000000002"}


@pytest.mark.parametrize(
    "word", ["Total", "Summe", "Gesamt", "Итого", "合计", "Sous-total", "Saldo", "Carried forward", "Subtotal:"]
)
def test_a_total_is_told_in_declared_tables_too(tmp_path: Path, word: str) -> None:
    made = _read(tmp_path, STATEMENT, f"payer,payee,amount,cur,why\n{word},Bo,1,USD,\nSaldos Ltd,Bo,1,USD,\n", "p.csv")
    told = f"column payer, value '{word}': {MAY_BE_NOTE}"
    assert [(reject.line, reject.reason, reject.is_remark) for reject in rejects(made)] == [(2, told, True)]


def test_a_text_is_filled_with_cells_and_where_one_is_empty_there_is_no_value(tmp_path: Path) -> None:
    pay = HEAD + (
        '[[table]]\nfiles = "p.csv"\n[[table.link]]\ntype = "PAID"\nfrom = "a"\nto = { text = "acc:{b}" }\n'
        'properties.amount = { text = "{amount} {currency}" }\nproperties.purpose = { text = "rent" }\n'
    )
    made = list(records(_read(tmp_path, pay, "a,b,amount,currency\n1,2,10,USD\n1,2,11,\n", "p.csv")).values())
    assert [r.properties for r in made] == [{"amount": ["10 USD"], "purpose": ["rent"]}, {"purpose": ["rent"]}]
    assert [[v[1:3] for v in r.not_understood] for r in made] == [[], [("amount", "11")]]
    assert made[0].ends == (Ref(NAMESPACE, "1"), Ref(NAMESPACE, "acc:2"))
    assert {r.part for r in made} == {""}


def test_words_become_values_and_others_are_set_aside_or_left(tmp_path: Path) -> None:
    table = 'properties.gender = { column = "sex", values = { "M" = "male", "f" = "female" }, empty = "?" }\n'
    made = _read(tmp_path, PEOPLE + table, "id,name,sex\n1,Ann,F\n2,Bo,?\n3,Cy,x\n")
    assert [r.properties.get("gender") for r in records(made).values()] == [["female"], None, None]
    assert records(made)["2", ""].other == {"sex": ["?"]}
    assert _reasons(made) == [(4, "column sex, value 'x': expected one of f, m", False)]
    left = table.replace("empty =", 'unlisted = "left", empty =')
    assert records(_read(tmp_path, PEOPLE + left, "id,name,sex\n3,Cy,x\n"))["3", ""].other == {"sex": ["x"]}


def test_a_value_that_the_ontology_refuses_is_set_aside_by_its_column(tmp_path: Path) -> None:
    made = _read(tmp_path, PEOPLE + 'properties.birth_date = "born"\n', "id,name,born\n1,Ann,3.4.1960\n")
    assert _reasons(made) == [
        (
            2,
            "column born, value '3.4.1960': expected a date: 2014, 2014-06 or 2014-06-30; 3 or 4 may be the month",
            False,
        )
    ]
    assert records(made)["1", ""].properties == {"name": ["Ann"]}


def test_a_type_is_what_a_column_says(tmp_path: Path) -> None:
    by = PEOPLE.replace('"Person"', '{ column = "kind", values = { "p" = "Person", "c" = "Enterprise" } }')
    made = _read(tmp_path, by, "id,name,kind\n1,Ann,P\n2,Acme,c\n3,Odd,x\n")
    assert [r.type for r in records(made).values()] == ["Person", "Enterprise"]
    assert _reasons(made) == [(4, "column kind, value 'x': expected one of c, p", True)]
    otherwise = by.replace("values =", 'otherwise = "Party", values =')
    made = _read(tmp_path, otherwise, "id,name,kind\n3,Odd,x\n")
    assert (records(made)["3", ""].type, records(made)["3", ""].other) == ("Party", {"kind": ["x"]})


def test_a_column_may_hold_the_ontologys_own_names(tmp_path: Path) -> None:
    links = HEAD + (
        '[[table]]\nfiles = "l.csv"\nkey = "id"\n[[table.link]]\nfrom = "a"\nto = "b"\ntype = { column = "type" }\n'
    )
    made = _read(tmp_path, links, "id,a,b,type\n1,x,y,owns\n2,x,y,Family of\n3,x,cn,CITIZEN_OF\n4,x,y,LINK\n", "l.csv")
    assert [(r.type, r.ends and r.ends[1]) for r in records(made).values()] == [
        ("OWNS", Ref(NAMESPACE, "y")),
        ("FAMILY_OF", Ref(NAMESPACE, "y")),
        ("CITIZEN_OF", Ref("jurisdiction", "CN")),
    ]
    assert _reasons(made)[0][1].startswith("column type, value 'LINK': expected one of ACCUSED_OF")


def test_a_link_may_run_the_other_way(tmp_path: Path) -> None:
    links = HEAD + (
        '[[table]]\nfiles = "l.csv"\nkey = "id"\n[[table.link]]\nfrom = "a"\nto = "b"\ntype.column = "t"\n'
        'type.values = { "owns" = "OWNS", "owned by" = { type = "OWNS", reverse = true } }\n'
    )
    made = records(_read(tmp_path, links, "id,a,b,t\n1,x,y,owns\n2,x,y,Owned  by\n", "l.csv"))
    assert [[end.key for end in r.ends or ()] for r in made.values()] == [["x", "y"], ["y", "x"]]


def test_a_row_may_claim_nodes_and_links_and_a_node_named_in_many_rows_is_one_record(tmp_path: Path) -> None:
    land = HEAD + (
        '[[table]]\nfiles = "land.csv"\nkey = "title"\nsaid.stated = "asof"\n'
        '[[table.node]]\ntype = "RealEstate"\nproperties.title_number = "title"\n'
        '[[table.node]]\ntype = "Party"\nkey = { text = "owner:{owner}" }\nproperties.name = "owner"\n'
        '[[table.link]]\ntype = "OWNS"\nfrom = { text = "owner:{owner}" }\nproperties.share = "part"\n'
    )
    rows = "title,owner,part,asof\nT1,Ann,51,2014\nT2,Ann,100,2014\nT3,,,2014\n"
    made = _read(tmp_path, land, rows, "land.csv")
    found = records(made)
    assert [(k, r.type) for (k, _), r in found.items()] == [
        ("T1", "RealEstate"),
        ("owner:Ann", "Party"),
        ("T1", "OWNS"),
        ("T2", "RealEstate"),
        ("T2", "OWNS"),
        ("T3", "RealEstate"),
    ]
    assert found["T1", "OWNS:owner:Ann"].ends == (Ref(NAMESPACE, "owner:Ann"), Ref(NAMESPACE, "T1"))
    assert {r.provenance.stated for r in found.values()} == {"2014"}
    assert rejects(made) == []


def test_rows_that_differ_about_a_thing_of_theirs_are_all_kept(tmp_path: Path) -> None:
    land = HEAD + (
        '[[table]]\nfiles = "land.csv"\nkey = "title"\n[[table.node]]\ntype = "RealEstate"\n'
        '[[table.node]]\ntype = "Party"\nkey = "id"\nproperties.name = "owner"\n'
    )
    made = records(_read(tmp_path, land, "title,id,owner\nT1,o1,Ann\nT2,o1,Ann E.\nT3,o1,Ann\n", "land.csv"))
    assert [r.properties["name"] for r in made.values() if r.type == "Party"] == [["Ann"], ["Ann E."]]


def test_each_row_whose_provenance_cannot_be_read_is_told(tmp_path: Path) -> None:
    said = PEOPLE.replace('key = "id"', 'key = "id"\nsaid.url = "page"')
    rows = "id,name,page\n1,Ann,here\n2,Bo,here\n3,Cy,https://example.org\n4,Di,https://example.org\n"
    made = _read(tmp_path, said, rows)
    assert [line for line, _, _ in _reasons(made)] == [2, 3]
    assert [r.provenance.url for r in records(made).values()] == ["", "", "https://example.org", "https://example.org"]


def test_a_table_without_the_column_of_its_handling_code_is_refused(tmp_path: Path) -> None:
    """Else every row would be open; also where the columns that have to be there are named without it."""
    for_all = HEAD + '[said]\nhandling = "who"\n' + TABLE
    for said in (for_all, for_all.replace('key = "id"', 'key = "id"\ncolumns = "name"')):
        assert (
            records(_read(tmp_path, said, "id,name,who\n1,Ann,protected\n"))["1", ""].provenance.handling == "protected"
        )
        with pytest.raises(InputError, match="expected a column called who"):
            _read(tmp_path, said, "id,name,WHO\n1,Ann,protected\n")


def test_what_is_said_of_all_tables_gives_way_to_what_a_table_says(tmp_path: Path) -> None:
    said = HEAD + '[said]\norigin = { text = "All" }\nreliability = { text = "C" }\nurl = "page"\n' + TABLE
    said = said.replace('key = "id"', 'key = "id"\nsaid.origin = "from"\nsaid.credibility = "grade"')
    made = _read(tmp_path, said, "id,name,from,page,grade\n1,Ann,Own,https://example.org/1,2\n2,Bo,,example,9\n")
    one, two = (records(made)[key, ""].provenance for key in "12")
    assert (one.origin, one.reliability, one.credibility, one.url) == ("Own", "C", "2", "https://example.org/1")
    assert (two.origin, two.credibility, two.url) == ("", "", "")
    assert [r[1].split(":")[0] for r in _reasons(made)] == ["column page, value 'example'", "column grade, value '9'"]


def test_rows_may_be_skipped_and_columns_ignored(tmp_path: Path) -> None:
    loose = PEOPLE.replace('key = "id"', 'key = "id"\nignore = "n"\nskip = { kind = ["totals*", "x"] }')
    made = records(_read(tmp_path, loose, "id,name,n,kind\n1,Ann,7,\n2,,,Totals of all\n3,Xi,,xx\n"))
    assert [(k[0], r.other) for k, r in made.items()] == [("1", {}), ("3", {"kind": ["xx"]})]


@pytest.mark.parametrize(
    ("pattern", "fitting"),
    [("a*", "a ab A"), ("*b", "ab"), ("a*b*c", "abc aXbYc"), ("*", "a ab abc aXbYc A x"), ("", "-"), ("a", "a A")],
)
def test_stars_stand_for_anything(tmp_path: Path, pattern: str, fitting: str) -> None:
    when = PEOPLE.replace('type = "Person"', f'type = "Person"\nwhen = {{ name = "{pattern}" }}')
    words = ["a", "ab", "abc", "aXbYc", "A", "x", ""]
    made = records(_read(tmp_path, when, "id,name\n" + "".join(f"{n},{w}\n" for n, w in enumerate(words))))
    found = {words[int(key)] or "-" for key, _ in made}
    assert found >= set(fitting.split()) and (pattern in {"a*", "*"} or found == set(fitting.split()))


def test_a_row_that_nothing_fits_is_a_reject(tmp_path: Path) -> None:
    when = PEOPLE.replace('type = "Person"', 'type = "Person"\nwhen = { name = "A*" }\nunless = { name = "*y" }')
    made = _read(tmp_path, when, "id,name\n1,Ann\n2,Bo\n3,Amy\n,Ann\n")
    assert [k for k, _ in records(made)] == ["1"]
    assert _reasons(made) == [
        (3, "no claim of the mapping matches this row", True),
        (4, "no claim of the mapping matches this row", True),
        (5, "column id: expected the key of the row, not an empty cell", True),
    ]


PAYMENTS = HEAD + (
    '[[table]]\nfiles = "p.csv"\n[[table.node]]\ntype = "Party"\nkey = "a"\n'
    '[[table.link]]\ntype = "PAID"\nfrom = "a"\nto = "b"\nwhen = { sign = "D" }\n'
    '[[table.link]]\ntype = "PAID"\nname = "back"\nfrom = "b"\nto = "a"\nwhen = { sign = ["C", "H*"] }\n'
)


def test_a_row_that_is_to_be_a_link_and_chooses_none_is_refused_as_a_whole(tmp_path: Path) -> None:
    made = _read(tmp_path, PAYMENTS, "a,b,sign\n1,2,D\n1,3,X\n1,4,\n1,5,HABEN\n")
    assert [r.line for r in made if isinstance(r, Record) and r.ends] == [2, 5]
    no_link = "no link of the declaration is for it; expected one of C, D, H*"
    assert _reasons(made) == [(n, f"column sign, value '{w}': {no_link}", True) for n, w in ((3, "X"), (4, ""))]
    filled = PAYMENTS.replace('{ sign = "D" }', '{ b = "*" }')  # a link that needs no particular value
    assert _reasons(_read(tmp_path, filled, "a,b,sign\n1,,X\n")) == []


@pytest.mark.parametrize(
    ("convert", "dates", "read", "told"),
    [
        ("", "03/04/2011 03/25/2011 12/11/2011", "2011-03-04 2011-03-25 2011-12-11", "month first, so 2 dates"),
        ("", "3.4.2011 25.3.2011", "2011-04-03 2011-03-25", "day first, so 1 date that may be either is read with the"),
        ("", "3.4.2011 30.02.1969", "? ?", ""),
        ("", "3.4.2011 02/31/1969", "? ?", ""),
        ("", "3.4.2011 29.02.1968", "2011-04-03 1968-02-29", "day first"),
        ("", "3.4.2011 29.02.1969", "? ?", ""),
        ("", "03/04/2011 2011-05-06", "? 2011-05-06", ""),
        ("", "03/04/11 03/25/2011 04/05/2011", "? 2011-03-25 2011-04-05", "month first, so 1 date that"),
        ("", "00/04/2011 03/05/2011", "2011-04 2011-05-03", "the date in line 2 has the day first"),
        ("", "00/04/2011 04/00/2011 05/05/2011", "2011-04 2011-04 2011-05-05", ""),
        ("dmy", "04/00/2011 03/05/2011", "2011-04 2011-03-05", "month first"),
        ("dmy", "03/04/2011 5-MAR-2011", "2011-04-03 2011-03-05", ""),
        ("dmy", "03/04/11 03/25/2011", "2011-03-04 2011-03-25", "month first"),
        ("dmy", "03/04/2011 25/03/2011", "2011-04-03 2011-03-25", ""),
        ("mdy", "03/04/2011 25/03/2011 05/05/2011", "2011-04-03 2011-03-25 2011-05-05", "day first"),
        ("dmy", "03/04/2011 25/03/2011 03/25/2011", "? 2011-03-25 2011-03-25", "is not understood"),
        ("date", "03/04/2011 23-MAR-06 11/11/2011", "? 2006-03-23 2011-11-11", ""),
        ("date", "03/04/06 03/25/2011 00/00/2011", "2006-03-04 2011-03-25 2011", "month first"),
    ],
)
def test_the_dates_of_a_column_tell_the_order_of_day_and_month(
    tmp_path: Path, convert: str, dates: str, read: str, told: str
) -> None:
    cell = f'{{ column = "b", convert = "{convert}", pivot = 2025 }}' if convert else '"b"'
    rows = "".join(f"{n},A,{text}\n" for n, text in enumerate(dates.split()))
    made = _read(tmp_path, f"{PEOPLE}properties.birth_date = {cell}\n", f"id,name,b\n{rows}")
    born = {key: "".join(r.properties.get("birth_date", [])) for (key, _), r in records(made).items()}
    clean = load_ontology().properties("Person")["birth_date"].clean
    assert [clean(born[str(n)]) if born[str(n)] else "?" for n in range(len(born))] == read.split()
    assert not any(r.unmapped for r in records(made).values())
    remarks = [r.reason for r in rejects(made) if r.is_advice]
    assert len(remarks) == bool(told)
    assert all(told in remark for remark in remarks)


@pytest.mark.parametrize(
    ("shares", "read"),
    [
        ("1/2 1 3/4", "100"),
        ("1/2 1 30%", ""),
        ("1/2 1 0.25", ""),
        ("0.5 1 30", "1"),
        ("½ 2 3/4", ""),
        ("1/2 2 30", "2"),
    ],
)
def test_a_bare_number_among_declared_shares_is_told_by_them(tmp_path: Path, shares: str, read: str) -> None:
    owned = '[[table]]\nfiles = "*.csv"\n[[table.link]]\ntype = "OWNS"\nfrom = "a"\nto = "b"\nproperties.share = "s"\n'
    rows = "".join(f"p{n},c,{text}\n" for n, text in enumerate(shares.split()))
    made = _read(tmp_path, HEAD + owned, f"a,b,s\n{rows}")
    assert next(
        r.properties.get("share", [""]) for r in records(made).values() if r.ends and r.ends[0].key == "p1"
    ) == [read]


def test_the_dates_of_a_sheet_tell_it_too(tmp_path: Path) -> None:
    path = tmp_path / "persons.csv"
    path.write_text("key,name,birth_date,death_date\na,A,03/04/1961,03/04/2011\nb,B,03/25/1960,3/5/2012\n", "utf-8")
    made = read_files(path)
    said = [(r.properties["birth_date"], r.other) for r in records(made).values()]
    assert said == [(["1961-03-04"], {"birth_date": ["03/04/1961"]}), (["03/25/1960"], {})]
    assert [r.reason.partition(",")[0] for r in rejects(made)] == [
        "column death_date",
        "column death_date",
        "column birth_date: the date in line 3 has the month first",
    ]


def test_other_keys_are_referents(tmp_path: Path) -> None:
    also = PEOPLE + 'referents = [{ column = "old", split = "|" }]\n'
    assert records(_read(tmp_path, also, "id,name,old\n1,Ann,a|b|1\n"))["1", ""].referents == ("a", "b")


NODE = '[[table]]\nfiles = "p.csv"\nkey = "id"\n[[table.node]]\n'
LINK = '[[table]]\nfiles = "p.csv"\n[[table.link]]\nfrom = "a"\nto = "b"\n'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "key table: declares no table; expected [[table]] at least once"),
        ('[[table]]\nfiles = "p.csv"\n', "key table.0: expected at least one node or link that a row claims"),
        ('[[table]]\nkey = "id"\n[[table.node]]\ntype = "Person"\n', "key table.0: expected files or sheets"),
        ('[[table]]\nfiles = "p"\n[[table.node]]\ntype = "Person"\n', "key table.0: a node needs a key"),
        (
            '[[table]]\nfiles = "p"\n[[table.node]]\ntype = "Person"\nkey = { column = "a", split = ";" }\n',
            "key table.0.node.0: key of a node cannot be split; expected a table.node for each of several",
        ),
        (NODE + 'typ = "Person"\n', "key table.0.node.0.typ, value 'Person': unknown key; expected one"),
        (NODE, "key table.0.node.0.type: Field required"),
        (NODE + "type = 3\n", "key table.0.node.0.type, value '3': Input should be"),
        (NODE + 'type = "Ship"\n', "key table.0.node.0.type, value 'Ship': expected a node type that is not abstract"),
        (NODE + 'type = "OWNS"\n', "key table.0.node.0.type, value 'OWNS': expected a node type"),
        (LINK + 'type = "Person"\n', "key table.0.link.0.type, value 'Person': expected a link type"),
        (NODE + 'type = { column = "t", kind = "P" }\n', "key table.0.node.0.type.kind, value 'P': unknown key"),
        (NODE + "type = {}\n", "key table.0.node.0.type: expected the name of a type, or column with values"),
        (
            NODE + 'type = { column = "t", values = { x = "Ship" } }\n',
            "key table.0.node.0.type, value 'Ship': expected a node type",
        ),
        (
            NODE + 'kind_of = "Ship"\ntype = { column = "t" }\n',
            "key table.0.node.0.kind_of, value 'Ship': expected a node type of the ontology",
        ),
        (
            NODE + 'type = "Person"\nproperties.nome = "n"\n',
            "key table.0.node.0.properties, value 'nome': expected a property of Person: address, alias",
        ),
        (NODE + 'type = "Person"\nalike = "nome"\n', "key table.0.node.0.alike, value 'nome': expected a property"),
        (
            NODE + 'type = "Person"\nproperties.birth_date = { column = "b", convert = "dym" }\n',
            "key table.0.node.0.properties.birth_date.0: convert 'dym': expected one of date, dmy, mdy, ymd",
        ),
        (
            NODE + 'type = "Person"\nproperties.name = { column = "b", pivot = 2020 }\n',
            "key table.0.node.0.properties.name.0: pivot belongs to a conversion of dates: date, dmy, mdy, ymd",
        ),
        (
            NODE + 'type = "Person"\nproperties.birth_date = { column = "b", convert = "dmy", pivot = 20 }\n',
            "key table.0.node.0.properties.birth_date.0.pivot, value '20': Input should be greater than or equal",
        ),
        (
            NODE + 'type = "Person"\nproperties.name = { split = ";" }\n',
            "key table.0.node.0.properties.name.0: expected one of column, text and join",
        ),
        (
            NODE + 'type = "Person"\nproperties.birth_date = { text = "soon" }\n',
            "key table.0.node.0.properties.birth_date, value 'soon': expected a date",
        ),
        (
            NODE + 'type = "Person"\nproperties.gender = { column = "g", lookup = "sexes" }\n',
            "lookup 'sexes': expected one of [values]: none",
        ),
        (
            NODE + 'type = "Person"\nproperties.gender = { column = "g", lookup = "s", values = { a = "b" } }\n',
            "key table.0.node.0.properties.gender.0: expected either values or lookup",
        ),
        (
            LINK + 'type = "HAS_ADDRESS"\nproperties.kind = { column = "k", values = { a = "summer" } }\n',
            "key table.0.link.0.properties.kind, value 'summer': expected one of registered",
        ),
        (
            NODE + 'type = "Person"\n[table.help]\ncolour = "Red."\n',
            "help 'colour': expected a column that the table names",
        ),
        (
            LINK + 'type = "OWNS"\n[[table.link]]\nto = "c"\ntype = "OWNS"\n',
            "key table.0: two claims are called OWNS; give each a name of its own",
        ),
        (
            NODE + 'type = "Person"\n[[table.node]]\ntype = "Enterprise"\n',
            "key table.0: several nodes under the table's key; expected when or otherwise in each",
        ),
        ('[said]\nreliability = { text = "Z" }\n' + NODE + 'type = "Person"\n', "key said.reliability, value 'Z': exp"),
        ('[format]\ndelimiter = ";;"\n' + NODE + 'type = "Person"\n', "key format: delimiter ';;': expected one char"),
        ('[format]\nencoding = "utf-16"\n' + NODE + 'type = "Person"\n', "key format: encoding 'utf-16': expected one"),
        ('[format]\nencoding = "ebcdic"\n' + NODE + 'type = "Person"\n', "key format: encoding 'ebcdic': expected one"),
        ('ends = "there"\n' + NODE + 'type = "Person"\n', "key ends, value 'there': Input should be 'anywhere' or"),
        ('name = "x"\n', "key name: the folder's name is the connector's name"),
        ("[[table]\n", "cannot be read"),
    ],
)
def test_a_mistake_in_a_declaration_names_file_key_value_and_what_was_expected(
    tmp_path: Path, text: str, message: str
) -> None:
    with pytest.raises(InputError) as caught:
        _read(tmp_path, HEAD + text, "id\n", "p.csv")
    assert str(caught.value).startswith(str(tmp_path / "mine.toml"))
    assert message in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


def test_a_declaration_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.toml: there is no such file; expected a declaration of tables"):
        load_connector(tmp_path / "none.toml")


def test_joined_columns_leave_empty_cells_out(tmp_path: Path) -> None:
    joined = PEOPLE.replace('"name"\n', '{ join = ["first", "middle", "last"], by = "-" }\n')
    made = records(_read(tmp_path, joined, "id,first,middle,last\n1,Ann,,Example\n2,,,\n3,,Mary,\n"))
    names = [made[key, ""].properties.get("name") for key in "123"]
    assert names == [["Ann-Example"], None, ["Mary"]]


def test_a_link_with_a_key_of_its_own_is_one_link_of_several_rows(tmp_path: Path) -> None:
    link = '[[table.link]]\ntype = "CITIZEN_OF"\nkey = "id"\nfrom = "id"\nto = "place"\n'
    declaration = (
        HEAD
        + '[[table]]\nfiles = "people.csv"\n[[table.node]]\ntype = "Person"\nkey = "id"\nproperties.name = "name"\n'
        + link
    )
    made = _read(tmp_path, declaration, "id,name,place\n1,Ann,WS\n1,Annie,WS\n1,Annie,IE\n")
    assert len([r for r in made if getattr(r, "ends", None)]) == 3
    links = [r for r in records(made).values() if r.ends]
    assert sorted((r.key, r.ends[1].key) for r in links if r.ends) == [("1", "IE"), ("1", "WS")]


def test_a_declared_format_names_what_is_no_row_of_the_table(tmp_path: Path) -> None:
    made = _read(
        tmp_path,
        PEOPLE + '[format]\npreamble = 1\nfooters = ["Row Count"]\nnulls = ["-0-"]\n',
        "as of today\nid,name\n1,-0- \n2,Ann\nRow Count:,2,\n",
    )
    assert {key: r.properties for (key, _), r in records(made).items()} == {"1": {}, "2": {"name": ["Ann"]}}
    assert rejects(made) == []


def test_a_file_without_a_header_has_the_declared_columns(tmp_path: Path) -> None:
    made = _read(tmp_path, PEOPLE + '[format]\ncolumns = ["id", "name"]\n', "1,Ann\n2,Bo,x\n")
    assert [r.properties for r in records(made).values()] == [{"name": ["Ann"]}]
    assert _reasons(made) == [(2, "expected 2 cells, not 3", True)]


def test_a_preamble_without_a_header_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"people.csv:2: expected a header row"):
        _read(tmp_path, PEOPLE + "[format]\npreamble = 1\n", "as of today\n")


def test_others_hold_nothing_together_and_are_a_part_of_a_key_all_the_same(tmp_path: Path) -> None:
    nodes = (
        f'[[table.node]]\nname = "{end}"\ntype = "{kind}"\nkey = {{ text = "{key}" }}\nproperties.name = "{end}"\n'
        for end, kind, key in (("holder", "Party", "{holder}"), ("thing", "Asset", "{holder}:{kind}:{nr}"))
    )
    declaration = HEAD + '[[table]]\nfiles = "p.csv"\n' + "".join(nodes)
    made = _read(tmp_path, declaration, "holder,kind,nr,thing\nAda,other,2,Violin\nOthers,flat,3,Flat 9\n", "p.csv")
    assert {(record.type, record.key) for record in records(made).values()} == {
        *(("Party", "Ada"), ("Asset", "Ada:other:2"), ("Asset", "Others:flat:3"))
    }
    assert ["Others" in reject.reason for reject in rejects(made) if "nobody" in reject.reason] == [True]
