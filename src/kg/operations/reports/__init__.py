"""How reports are made: one report, periodic reports, legal pages."""
