"""Does it work in a browser: with and without script, at every width, by keyboard, for axe?"""
