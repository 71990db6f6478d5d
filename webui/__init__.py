"""What does a reader see in the browser?"""
