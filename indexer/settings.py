"""Which limits hold, and where do things stand by default? Every bound of the product, named."""

from __future__ import annotations

from pathlib import Path

DEFAULT_INDEX = Path(".yosan")
"""``--index`` and ``YOSAN_INDEX`` override it."""
DEFAULT_CORPUS = Path("corpus")
"""What ``yosan index`` reads when no path is given and the folder exists."""
GENERATIONS_KEPT = 2

VERIFY_SECONDS = 600.0
"""How often a server holds the files it serves to their checksums again."""

# Connections, of each server process.
CONNECTIONS_MAXIMUM = 1_000
"""Held at once; further ones are answered 503. Fewer where the system gives fewer file handles."""
REQUEST_SECONDS = 10.0
"""How long a request may take to arrive, from the connection or its first byte to its last."""
TAKE_SECONDS = 60.0
"""How long a reader may leave an answer where it is before the connection is cut."""
SHUTDOWN_SECONDS = 8
"""How long answers under way may take once the server was told to end."""

# Query cost, enforced before the engine runs.
QUERY_CHARACTERS = 256
QUERY_TERMS = 32
QUERY_NESTING = 8
TERM_EXPANSIONS = 256
PAGE_SIZE = 20
PAGE_SIZE_MAXIMUM = 100
DEEPEST_HIT = 10_000
FACET_VALUES_SHOWN = 30

# Memory a served index may take for what it decoded of its postings.
POSTINGS_CACHE_BYTES = 256 * 1024 * 1024
POSITIONS_CACHE_BYTES = 128 * 1024 * 1024
RESULTS_CACHE_BYTES = 32 * 1024 * 1024

SENTENCES_MAXIMUM = 2_000_000
"""Distinct sentences up to which they are compared by meaning: 1 GB of vectors, an hour and more
of encoding. A larger index is searched by words alone."""

# Inputs.
FILE_BYTES_MAXIMUM = 200 * 1024 * 1024
LINE_CHARACTERS_MAXIMUM = 100_000
LINES_MAXIMUM = 200_000
"""Lines of one text: a budget of 1,500 pages has 90,000. Each costs a kilobyte or two of memory,
however short it is."""
BLOCKS_MAXIMUM = 30_000
"""Programmes printed in one text; the largest city prints some thousand."""
FOLDER_DEPTH_MAXIMUM = 32
"""How deep folders of books may lie in each other."""
RECORD_BYTES_MAXIMUM = 8 * 1024 * 1024
"""One line of a JSONL file: a programme with all its text."""
UNPACKED_BYTES_MAXIMUM = 1024 * 1024 * 1024
"""What a .gz file may unpack to; the national sheets of nine years are a tenth of it."""
WORKBOOK_BYTES_MAXIMUM = 256 * 1024 * 1024
"""What the parts of a workbook (.xlsx) that are read may unpack to, together."""
SHEET_ROWS_MAXIMUM = 100_000
SHEET_COLUMNS_MAXIMUM = 1_000
SHEET_CELLS_MAXIMUM = 1_000_000
"""Filled cells of one sheet; the fullest real one known has a tenth of it."""
SHEET_AREA_MAXIMUM = 10_000_000
"""Rows times columns of one sheet, blank cells included: one figure far out makes all of them."""
LIST_BYTES_MAXIMUM = 64 * 1024 * 1024
"""A JSON list is taken into memory whole, at up to twenty times its size; JSONL is not."""
ARCHIVE_MEMBERS_MAXIMUM = 5_000
"""Files in a zip of tables; the national ones have fewer than ten."""
MANIFEST_BYTES_MAXIMUM = 4 * 1024 * 1024
MANIFEST_KEYS_MAXIMUM = 50_000
"""Keys and headings of one manifest, a dozen for each book."""
MANIFEST_DEPTH_MAXIMUM = 16
"""Parts of a dotted key (``books."a.md".title`` has three): what a parser of TOML does with them
grows with their square."""
POINTER_BYTES_MAXIMUM = 4_096
"""``CURRENT``: a number and a checksum."""

PDF_PAGES_MAXIMUM = 3_000
PDF_CHARACTERS_MAXIMUM = 5_000_000
"""Signs a PDF may draw; a statutory budget book of six hundred pages has 230,000."""
PDF_SECONDS_MAXIMUM = 300
PDF_MEMORY_BYTES = 2 * 1024 * 1024 * 1024
"""What the process that reads a PDF may take, the file itself included."""
PDF_RESULT_BYTES = 1024 * 1024 * 1024


def bundled_corpus() -> Path:
    """The corpus that came with the installation, wherever ``yosan`` was started from.

    In a checkout (editable install) it is ``corpus/`` beside the package; in an installed wheel
    it lies inside the package.
    """
    inside = Path(__file__).parent / "bundled_corpus"
    return inside if inside.is_dir() else Path(__file__).parent.parent / "corpus"
