"""What does the index answer? The public door for pages, the command line and other programs.

    library = Library.open(Path(".yosan"))
    response = library.search(SearchRequest(text="生成AI"))
    program = library.program(response.hits[0].program.id)

A ``Library`` follows the index folder: when another generation becomes current it is opened,
verified and swapped in, while requests under way finish on the former one.
"""
