"""Which graph follows from the records in force, whole or by increments?"""
