"""Which programmes hold these words, and what do they add up to?"""
