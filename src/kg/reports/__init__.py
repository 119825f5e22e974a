"""How are findings shown to a person?"""
