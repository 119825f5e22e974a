"""The pages on the legal routes about a person, and on the portfolio."""
