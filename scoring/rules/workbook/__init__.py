"""Rulebooks as workbooks: read what towns have, write what they can edit.

    spreadsheets ──► tables (lists in sheets) ──► items, amounts, caps ──► importing ──► Imported
                                                  edits (lines that we wrote)
    exporting ──► bytes      returning ──► the lines that could not be read, the sample

``read(write(book), name).rulebook == book`` for every rulebook: what columns cannot say stands on a hidden sheet.
"""

from scoring.rules.workbook.exporting import write
from scoring.rules.workbook.importing import (
    Doubt,
    Imported,
    Origin,
    Problem,
    SheetNotAsked,
    WorkbookColumnsCompete,
    WorkbookTooLong,
    WorkbookWithoutList,
    answered,
    asked,
    is_asked,
    read,
    without,
)
from scoring.rules.workbook.returning import advice, cells, kept, problem_of, problems, sample

__all__ = [
    "Doubt",
    "Imported",
    "Origin",
    "Problem",
    "SheetNotAsked",
    "WorkbookColumnsCompete",
    "WorkbookTooLong",
    "WorkbookWithoutList",
    "advice",
    "answered",
    "asked",
    "cells",
    "is_asked",
    "kept",
    "problem_of",
    "problems",
    "read",
    "sample",
    "without",
    "write",
]
