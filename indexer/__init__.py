"""yosan (予算): a search and question-answering index over Japanese budget books."""

__version__ = "0.1.0"
