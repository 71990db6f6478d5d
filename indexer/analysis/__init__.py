"""Which words is this text made of?"""
