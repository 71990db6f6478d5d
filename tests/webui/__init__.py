"""Does the web front end keep its promises, over real HTTP and on a real index?"""
