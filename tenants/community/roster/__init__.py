"""The roster: a workbook or CSV file with one person per line.

    reading ──► rows of cells    lines ──► checked lines and problems    importing ──► database    workbooks ──► files

Good lines go in, bad ones come back with the reason in an added column.
"""

from tenants.community.roster.importing import Result, import_file
from tenants.community.roster.lines import RowProblem
from tenants.community.roster.workbooks import sample

__all__ = ["Result", "RowProblem", "import_file", "sample"]
