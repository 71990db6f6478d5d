"""What is the person asking for, and what do we show them, and why?"""
