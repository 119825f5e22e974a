"""The United Kingdom's register of people with significant control."""
