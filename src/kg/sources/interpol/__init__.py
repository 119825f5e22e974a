"""Red notices of INTERPOL, as its public web service gives them."""
