"""Reads the code of a page: each block whose first line names a file in a comment, such as `# app.py`."""

import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"^```\w+\n((?://|#) ([\w.]+)\n.*?)^```$", re.MULTILINE | re.DOTALL)


def files(page: str) -> dict[str, str]:
    """The content of each file of the page, by its name."""
    found = BLOCK.findall((ROOT / "docs" / page).read_text())
    assert len({name for _, name in found}) == len(found), "two blocks have the same file name"
    return {name: text for text, name in found}
