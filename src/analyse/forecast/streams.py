"""Random numbers by name: an area draws the same ones whoever else is drawn for, in whatever order.

Samples come in mirrored pairs (antithetic sampling): the second half of the samples is the first half with
every draw negated. The middle of the paths is then the middle of the model, not of one handful of draws.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from analyse.parameters.run import named_rng


@dataclass(frozen=True)
class Streams:
    """A seed from which every (subject, area) takes a generator of its own."""

    seed: int

    @classmethod
    def split(cls, rng: np.random.Generator) -> Streams:
        """Take one number from ``rng``; everything else follows from that and from names."""
        return cls(int(rng.integers(2**63)))

    def of(self, *names: str) -> np.random.Generator:
        """The generator of these names."""
        return named_rng(self.seed, *names)

    def normal(self, subject: str, areas: Sequence[str], shape: tuple[int, int]) -> np.ndarray:
        """Standard normal draws (area, period, sample); one row per area, from its own generator.

        Drawn one period after the other, so that a longer horizon begins with the shorter one's numbers.

        Parameters
        ----------
        subject : str
            What is drawn, such as "own usage"; each subject has streams of its own.
        areas : sequence of str
            Names of the rows; an area gets the same numbers whichever others are drawn with it.
        shape : tuple of int
            Periods and samples.

        Examples
        --------
        >>> streams = Streams(1)
        >>> both = streams.normal("own", ["GM0503", "GM0518"], (2, 4))
        >>> bool((streams.normal("own", ["GM0518"], (2, 4))[0] == both[1]).all())
        True
        >>> bool((both[:, :, 0] == -both[:, :, 2]).all())
        True
        """
        return np.stack(
            [
                _mirrored(lambda half, a=area: self.of(subject, a).standard_normal(half), shape)
                for area in areas
            ]
        )

    def student(
        self, subject: str, areas: Sequence[str], shape: tuple[int, int], degrees: float
    ) -> np.ndarray:
        """Student t draws (area, period, sample), scaled to variance one.

        Parameters
        ----------
        subject, areas, shape
            As for ``normal``.
        degrees : float
            Degrees of freedom, above 2.
        """
        draws = [
            _mirrored(lambda half, a=area: self.of(subject, a).standard_t(degrees, half), shape)
            for area in areas
        ]
        return np.stack(draws) * np.sqrt((degrees - 2) / degrees)


def _mirrored(draw: Callable[[tuple[int, int]], np.ndarray], shape: tuple[int, int]) -> np.ndarray:
    half = draw((shape[0], (shape[1] + 1) // 2))
    return np.concatenate([half, -half], axis=1)[:, : shape[1]]
