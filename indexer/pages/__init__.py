"""What stands where on the page of a book?"""
