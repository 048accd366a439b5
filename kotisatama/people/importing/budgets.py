"""What a table may cost at most, and the codes by which the child process says what is wrong. No Django here."""

MOST_BYTES = 10_000_000
MOST_PARTS = 200  # of a workbook, which is an archive
MOST_UNPACKED = 150_000_000
MOST_SHEETS = 50
MOST_ROWS = 50_000
LAST_ROW = 200_000  # empty rows count here
MOST_COLUMNS = 100
MOST_CHARACTERS = 1_000  # in a cell
MOST_TEXT = 20_000_000  # characters of all cells together
MEMORY = 400_000_000  # bytes of address space of the child
CPU_SECONDS = 90
WALL_SECONDS = 180

# A cell, or with the column -1 a row, that cannot be used; the row is left out whole.
FORMULA, LONG, BROKEN, ENCODING, SHIFTED = "formula", "long", "broken", "encoding", "shifted"
WHOLE_ROW = -1
