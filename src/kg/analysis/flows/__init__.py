"""Money in time order: where payments went, by named rules of tracing."""

from kg.analysis.flows.money_flow import COLUMNS, follow_money
from kg.analysis.flows.question import OPENINGS, FlowQuestion, Opening, parse_flow_question

__all__ = ["COLUMNS", "OPENINGS", "FlowQuestion", "Opening", "follow_money", "parse_flow_question"]
