"""Which features are compared? Each is a module of this package; `features.py` lists them."""
