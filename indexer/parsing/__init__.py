"""Which programmes do these lines describe, and what could not be read?"""
