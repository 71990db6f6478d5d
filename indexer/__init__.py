"""yosan (予算): a search and question-answering index over Japanese budget books."""
