"""The BSN at the door: checked by its eleven-test, and turned into a keyed pseudonym before anything is kept.

The pseudonym is the first 128 bits of HMAC-SHA-256 of the nine digits (RFC 2104, section 5, on taking a part). Without
the key nobody can tell which number it stands for, nor try all numbers; with the same key a youth has the same
pseudonym in every year. The key is made on first use, outside the repository, readable by its owner only.
"""

from __future__ import annotations

import hashlib
import hmac
import operator
import os
import re
import secrets
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from analyse import store
from analyse.errors import DataError, OutputError

KEY_FILE = "ANALYSE_DECLARATIONS_KEY"
"""Environment variable with the path of the key."""
KEY_BYTES = 32
LENGTH, LENGTH_OF_REFERENCE = 32, 20
RUN = re.compile("[0-9]{8,}")
WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, -1)
MANY_DIGITS = "[0-9](?:[^0-9A-Za-z]{0,3}[0-9]){7}"
"""Eight digits or more, whatever stands between them."""
LETTER_OR_DIGIT = bytes(chr(sign).isascii() and chr(sign).isalnum() for sign in range(256))
"""Which bytes of UTF-8 are one."""
OTHER_SIGNS = bytes(sign for sign in range(256) if not LETTER_OR_DIGIT[sign])
ALONE = "(?:^|[^0-9])(?P<alone>[0-9]{8})(?:$|[^0-9])"
_MANY_DIGITS, _ALONE = re.compile(MANY_DIGITS), re.compile(ALONE.replace("$", r"\Z"))
_OTHER_SIGN = re.compile("[^0-9A-Za-z]")
NUMBER_LIKE = re.compile(r"\d(?:[ ._-]?\d){8,}", re.ASCII)
"""A run of digits in a name of a file, with the signs that stand between groups."""


def passes_eleven_test(number: str) -> bool:
    """Whether nine digits can be a BSN: 9a + 8b + ... + 2h - i is a multiple of eleven, and not all are zero.

    Examples
    --------
    >>> passes_eleven_test("999900006"), passes_eleven_test("999900007")
    (True, False)
    """
    if len(number) != 9 or not (number.isascii() and number.isdigit()) or number == "000000000":
        return False
    digits = number.encode()  # each as its place in ASCII, that of zero more than it is
    return (sum(map(operator.mul, WEIGHTS, digits)) - ord("0") * sum(WEIGHTS)) % 11 == 0


def bsn_inside(texts: pa.Array) -> np.ndarray:
    """Which texts hold nine digits in a row that pass the eleven-test, in any notation and among other digits.

    Signs between digits are passed over; eight digits that stand alone may have lost their first zero.

    Parameters
    ----------
    texts : Array of strings

    Returns
    -------
    ndarray of bool, one per text; False where there is none.

    Examples
    --------
    >>> bsn_inside(pa.array(["F-111222333", "111.222.333", "7 1112 22333", "20111222334", None])).tolist()
    [True, True, True, False, False]
    """
    texts, held = texts.cast(pa.string()), np.zeros(len(texts), dtype=bool)
    many = pc.fill_null(pc.match_substring_regex(texts, MANY_DIGITS), False)
    rows = pc.indices_nonzero(many).to_numpy()
    if len(rows):
        some = texts.take(pa.array(rows))
        held[rows] = _passing(some)
        alone = pc.struct_field(pc.extract_regex(some, ALONE), "alone")
        eight = pc.indices_nonzero(pc.is_valid(alone))
        held[rows[eight]] |= _passing(pc.binary_join_element_wise("0", alone.take(eight), ""))
    return held


def holds_bsn(text: str) -> bool:
    """The same as ``bsn_inside`` for one text, without a table for it.

    Examples
    --------
    >>> [holds_bsn(text) for text in ("F-111222333", "111.222.333", "7 1112 22333", "20111222334", "11122233")]
    [True, True, True, False, False]
    """
    if not _MANY_DIGITS.search(text):
        return False
    runs = RUN.findall(_OTHER_SIGN.sub("", text))
    alone = _ALONE.search(text)
    return any(
        passes_eleven_test(run[first : first + 9]) for run in runs for first in range(len(run) - 8)
    ) or bool(alone and passes_eleven_test(f"0{alone['alone']}"))


def _passing(texts: pa.Array) -> np.ndarray:
    """Which texts hold nine digits that pass the eleven-test, with nothing but other signs between them."""
    values = _letters_and_digits(texts).astype(np.int16) - ord("0")
    is_digit = (values >= 0) & (values <= 9)
    values *= is_digit
    held, run = np.zeros(len(texts), dtype=bool), np.zeros(len(texts), dtype=np.int16)
    digits, weighted = run.copy(), run.copy()  # sums over the last nine: plain, and 9a + 8b + ... + 2h + i
    for place, digit in enumerate(values):
        run += 1
        run *= is_digit[place]
        digits += digit
        if place >= 9:
            digits -= values[place - 9]
            weighted -= 9 * values[place - 9]
        weighted += digits
        if place >= 8:
            held |= (run >= 9) & (digits > 0) & ((weighted - 2 * digit) % 11 == 0)
    return held


def _letters_and_digits(texts: pa.Array) -> np.ndarray:
    """The letters and digits of texts, a column each, with zeros below the shorter ones."""
    _, offsets, content = texts.buffers()
    begins = np.frombuffer(offsets, np.int32)[texts.offset : texts.offset + len(texts) + 1]
    written = bytes(memoryview(content or b"")[begins[0] : begins[-1]])
    signs = np.frombuffer(written.translate(None, OTHER_SIGNS), np.uint8)
    kept = np.frombuffer(written.translate(LETTER_OR_DIGIT), np.uint8)
    begins = np.concatenate([[0], np.cumsum(kept, dtype=np.int64)])[begins - begins[0]]
    lengths = np.diff(begins)
    longest = lengths.max(initial=0)
    if (lengths == longest).all():  # nearly always
        made = signs.reshape(len(texts), longest)
    else:
        there = np.arange(longest) < lengths[:, None]
        made = np.zeros(there.shape, dtype=np.uint8)
        made[there] = signs
    return np.ascontiguousarray(made.T)


def _seems_inside(text: str) -> bool:
    """The same as ``bsn_inside`` for one text of letters and digits, without a table for it."""
    runs = RUN.findall(text)
    if not runs:
        return False
    alone = next((f"0{run}" for run in runs if len(run) == 8), "")
    return passes_eleven_test(alone) or any(
        passes_eleven_test(run[first : first + 9]) for run in runs for first in range(len(run) - 8)
    )


def masked(text: str) -> str:
    """A text for people in which the digits of every number that can be a BSN are left out, in any notation.

    Examples
    --------
    >>> masked("declaratie-999900006.xml"), masked("van 111.222.333 op 2026-05-06.csv")
    ('declaratie-#########.xml', 'van ###.###.### op 2026-05-06.csv')
    """
    signs = list(text)
    for run in NUMBER_LIKE.finditer(text):
        places = [place for place in range(*run.span()) if text[place].isdigit()]
        for first in range(len(places) - 8):
            nine = places[first : first + 9]
            if passes_eleven_test("".join(text[place] for place in nine)):
                for place in nine:
                    signs[place] = "#"
    return "".join(signs)


def key_path(path: Path | str | None = None) -> Path:
    """Where the key is: the setting, else the environment, else the user's own configuration folder."""
    if path is None:
        path = os.environ.get(KEY_FILE)
    if path is None:
        home = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
        path = Path(home) / "jeugdhulp-analyse" / "pseudonyms.key"
    return Path(path).expanduser().absolute()


def key_is_there(path: Path | str | None = None) -> bool:
    """Whether there is a key already, or one will be made on first use."""
    return key_path(path).exists()


def read_key(path: Path | str | None = None) -> bytes:
    """The secret key; made on first use, with mode 0600.

    Raises
    ------
    DataError
        If the key lies inside the repository, others may read it, or it is not a key.
    OutputError
        If there is none and it cannot be made.
    """
    path = key_path(path)
    if path.resolve().is_relative_to(store.root().resolve()):
        raise DataError(
            f"key {path}: lies inside the repository, where it could be published; set {KEY_FILE} to a place outside"
        )
    if not path.exists():
        _make(path)
    if os.name == "posix" and path.stat().st_mode & 0o077:
        raise DataError(f"key {path}: others can read it; run `chmod 600 {path}`")
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except (ValueError, OSError) as error:
        raise DataError(f"key {path}: cannot be read as a key; put back the copy that was kept") from error
    if len(key) != KEY_BYTES:
        raise DataError(
            f"key {path}: {len(key)} bytes, expected {KEY_BYTES}; put back the copy that was kept"
        )
    return key


def _make(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as stream:
            stream.write(secrets.token_hex(KEY_BYTES) + "\n")
    except FileExistsError:
        return  # another process made it a moment ago
    except OSError as error:
        raise OutputError(
            f"key {path}: cannot be made ({error.strerror}); set {KEY_FILE} to a place that can be written"
        ) from error


def fingerprint(key: bytes) -> str:
    """A mark by which a key is recognised, and from which it cannot be found."""
    return hmac.digest(key, b"fingerprint of the key", "sha256").hex()[:16]


class Pseudonyms:
    """Pseudonyms by BSN, each computed once; lives in memory only and shows nothing when printed."""

    def __init__(self, key: bytes) -> None:
        """Take the secret key."""
        padded = key.ljust(hashlib.sha256().block_size, b"\0")
        self._inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in padded))
        self._outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in padded))
        self._known: dict[str, tuple[str | None, bool]] = {}

    def __repr__(self) -> str:
        """Name how many are known, never which."""
        return f"Pseudonyms({len(self._known)} known)"

    def of(self, number: str) -> tuple[str | None, bool]:
        """Pseudonym of a BSN, and whether it passes the eleven-test; no pseudonym where there is no number."""
        found = self._known.get(number)
        if found is None:
            text = number.strip()
            text = text.zfill(9) if len(text) == 8 else text  # a spreadsheet drops the first zero
            found = (self.of_text(text), passes_eleven_test(text)) if text else (None, False)
            self._known[number] = found
        return found

    def of_text(self, text: str) -> str:
        """Pseudonym of any text; itself never a text in which a BSN seems to stand."""
        found, attempt = self._digest(text)[:LENGTH], 0
        while _seems_inside(found):
            attempt += 1
            found = self._digest(f"{text}/{attempt}")[:LENGTH]
        return found

    def of_number(self, number: int) -> int:
        """Pseudonym of a number of an allocation: below zero, so that it is no number that was sent."""
        attempt = 0
        while True:
            found = int(self._digest(f"number {number}/{attempt}")[:LENGTH], 16) % 10**15
            if not _seems_inside(str(found)):
                return -found
            attempt += 1

    def reference(self, text: str) -> str:
        """A reference that contains a BSN, as one without: the same every time it occurs."""
        return "~" + self.of_text(text)[: LENGTH_OF_REFERENCE - 1]

    def references(self, texts: Sequence[str]) -> list[str]:
        """The same as ``reference`` for many texts, in half the time."""
        found = [self._digest(text)[:LENGTH] for text in texts]
        for place in np.flatnonzero(bsn_inside(pa.array(found, pa.string()))):
            found[place] = self.of_text(texts[place])
        return [f"~{one[: LENGTH_OF_REFERENCE - 1]}" for one in found]

    def _digest(self, text: str) -> str:
        """HMAC-SHA-256 by its definition (RFC 2104, section 2): two thirds of the time of the module ``hmac``."""
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(text.encode("utf-8"))
        outer.update(inner.digest())
        return outer.hexdigest()

    def of_column(self, numbers: pa.Array) -> tuple[pa.DictionaryArray, pa.BooleanArray]:
        """Pseudonyms and eleven-tests of a column; each number is looked at once a batch."""
        coded = numbers if pa.types.is_dictionary(numbers.type) else pc.dictionary_encode(numbers)
        found = [self.of(one or "") for one in coded.dictionary.to_pylist()]
        names = pa.array([one[0] for one in found], pa.string())
        passed = pa.array([one[1] for one in found], pa.bool_())
        return pa.DictionaryArray.from_arrays(coded.indices, names), passed.take(coded.indices)
