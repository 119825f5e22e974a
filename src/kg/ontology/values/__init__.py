"""The value types of properties."""

from kg.ontology.values.amounts import (
    VALUATION_KINDS,
    Money,
    Valuation,
    are_negative,
    currency_named,
    currency_type,
    is_currency,
    is_magnitude,
    money,
    money_type,
    names_currency,
    negative_note,
    valuation,
    valuation_type,
)
from kg.ontology.values.check_digits import CHECK_DIGITS
from kg.ontology.values.codes import (
    CONTACTS,
    IDENTIFIER_FORMS,
    SHORTENED,
    flag_type,
    identifier_key,
    identifier_type,
    is_missing,
    is_placeholder,
    is_shortened,
    is_unnamed,
    number_problem,
    url_type,
)
from kg.ontology.values.dates import (
    DateSpan,
    date_or_empty,
    date_span,
    date_type,
    is_placeholder_date,
    is_reached,
    month_number,
    outermost_days,
    without_time,
)
from kg.ontology.values.jurisdictions import jurisdiction_type
from kg.ontology.values.numbers import decimal_point, number_type
from kg.ontology.values.share_words import FRACTION_WORDS
from kg.ontology.values.shares import (
    Interval,
    ShareForm,
    bare_numbers,
    is_bare_fraction,
    percent_interval,
    percent_type,
    share_form,
)
from kg.ontology.values.texts import MAX_TEXT, BadValue, ValueType, name_type, stated_sexes, text_type

VALUE_TYPES: dict[str, ValueType] = {
    kind.name: kind
    for kind in (
        text_type,
        name_type,
        identifier_type,
        url_type,
        number_type,
        flag_type,
        date_type,
        percent_type,
        money_type,
        currency_type,
        jurisdiction_type,
        valuation_type,
    )
}
"""By name. A claim keeps the text of its source; the projection keeps the canonical text that `clean` returns, so that
equal values of different sources are equal strings."""

RULES_VERSION = 12
"""Version of the rules of `clean` and the projection. It is raised when one of them changes, so that graphs made under
older rules are rebuilt."""

__all__ = [
    "CHECK_DIGITS",
    "CONTACTS",
    "FRACTION_WORDS",
    "IDENTIFIER_FORMS",
    "MAX_TEXT",
    "RULES_VERSION",
    "SHORTENED",
    "VALUATION_KINDS",
    "VALUE_TYPES",
    "BadValue",
    "DateSpan",
    "Interval",
    "Money",
    "ShareForm",
    "Valuation",
    "ValueType",
    "are_negative",
    "bare_numbers",
    "currency_named",
    "date_or_empty",
    "date_span",
    "decimal_point",
    "identifier_key",
    "is_bare_fraction",
    "is_currency",
    "is_magnitude",
    "is_missing",
    "is_placeholder",
    "is_placeholder_date",
    "is_reached",
    "is_shortened",
    "is_unnamed",
    "money",
    "month_number",
    "names_currency",
    "negative_note",
    "number_problem",
    "outermost_days",
    "percent_interval",
    "share_form",
    "stated_sexes",
    "valuation",
    "without_time",
]
