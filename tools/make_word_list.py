"""Make bot/matching/words/en.txt.gz from the SCOWL word lists (Debian package `scowl`).

Usage: python tools/make_word_list.py [/usr/share/dict/scowl]

SCOWL (http://wordlist.aspell.net, Kevin Atkinson and others) may be used and copied freely with its
notice, which stands in bot/matching/words/SCOWL.txt. Its lists are graded by how common their words
are: up to 35 makes the file's first part, words to correct towards; up to 50, and names, its second
part, words to leave alone. The parts are separated by an empty line.
"""

from __future__ import annotations

import gzip
import re
import sys
from collections.abc import Iterable
from pathlib import Path

OUTPUT = Path(__file__).parent.parent / "bot" / "matching" / "words" / "en.txt.gz"
COMMON = (10, 20, 35)
KNOWN = (40, 50)
_WORD = re.compile(r"^[a-z]{2,}$")


def read(folder: Path, kinds: Iterable[str], sizes: Iterable[int]) -> set[str]:
    """Return the plain ASCII words of some lists, in lower case, without possessives."""
    words: set[str] = set()
    for path in (folder / f"{kind}.{size}" for kind in kinds for size in sizes):
        if path.is_file():
            words.update(path.read_text(encoding="iso-8859-1").lower().split())
    return {word for word in words if _WORD.match(word)}


def main() -> None:
    """Write the packaged list."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "/usr/share/dict/scowl")
    plain = [f"{variety}-words" for variety in ("english", "american", "british")]
    names = [
        f"{variety}-{kind}"
        for variety in ("english", "american", "british")
        for kind in ("upper", "proper-names")
    ]
    common = read(folder, plain, COMMON)
    known = (read(folder, plain, KNOWN) | read(folder, names, (*COMMON, *KNOWN))) - common
    text = "\n".join([*sorted(common), "", *sorted(known)]) + "\n"
    OUTPUT.write_bytes(gzip.compress(text.encode(), mtime=0))
    sys.stdout.write(f"{len(common)} common and {len(known)} known words\n")


if __name__ == "__main__":
    main()
