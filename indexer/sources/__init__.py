"""Which documents are there, and which lines do they hold?"""
