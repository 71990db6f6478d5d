"""What is the answer, and which printed lines carry it?"""
