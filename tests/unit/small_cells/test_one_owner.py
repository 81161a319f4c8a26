"""The threshold of small cells stands in one place; rooms ask its owner."""

import re
from pathlib import Path

import analyse

SOURCE = Path(analyse.__file__).parent
COMPARED = re.compile(r"\b(?:clients|youths|persons|trajectories)\w*(?:\"\])?\s*(?:<|>=|<=|>)\s*(?:9|10)\b")
NAMED = re.compile(r"^\s*(?:SMALLEST|HIDDEN_AT_MOST|THRESHOLD)\s*=\s*\d+\s*$", flags=re.M)
METHODS = re.compile(
    r"(?:clients|youths|persons|trajectories)\w*\"\]\.(?:lt|ge|le|gt|between)\((?:1, )?(?:9|10)\)"
)


def thresholds(text):
    return [
        found.group().strip() for pattern in (COMPARED, NAMED, METHODS) for found in pattern.finditer(text)
    ]


def test_no_room_compares_a_count_of_persons_with_a_threshold_of_its_own():
    found = {
        str(path.relative_to(SOURCE)): thresholds(path.read_text(encoding="utf-8"))
        for path in SOURCE.rglob("*.py")
    }

    assert {name: lines for name, lines in found.items() if lines} == {
        "small_cells/rule.py": ["SMALLEST = 10"]
    }


def test_a_planted_threshold_is_found():
    assert thresholds('kept = table[table["youths"] >= 10]') == ['youths"] >= 10']
    assert thresholds('small = whole["clients_before"].between(1, 9)') and thresholds("SMALLEST = 10\n")
