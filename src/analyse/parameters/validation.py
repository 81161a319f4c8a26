"""From what a file or a caller gave to checked, frozen models; everything that is wrong in one error."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, get_args, get_origin

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from analyse.errors import AnalyseError, ParameterError


class Strict(BaseModel):
    """Frozen; an unknown key or a value of another kind is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class BothLanguages(Strict):
    """A text in Dutch and in English."""

    nl: str
    en: str


def validated(kind: Any, values: Any, where: str, *, error: type[AnalyseError] = ParameterError) -> Any:
    """The values as a model, or as a list or mapping of models; everything that is wrong in one error.

    Parameters
    ----------
    kind : type
        Such as ``Run`` or ``list[Break]``.
    values : object
        What a file or a caller gave.
    where : str
        File or step, named in the error.
    error : type
        The kind of error.

    Raises
    ------
    AnalyseError
        Of the kind ``error``: for every finding the key, what was got, and what is allowed; an unknown key with the
        nearest known one.

    Examples
    --------
    >>> validated(list[BothLanguages], [{"nl": "uitgaven", "eng": "costs"}], "names.yaml")
    Traceback (most recent call last):
    analyse.errors.ParameterError: names.yaml: key '0.en' is missing; unknown key '0.eng'; did you mean en?
    """
    try:
        return TypeAdapter(kind).validate_python(values)
    except ValidationError as invalid:
        models = list(_models(kind))
        raise error(
            f"{where}: {'; '.join(_sentence(finding, models) for finding in invalid.errors())}"
        ) from invalid


def near(name: str, known: Iterable[str]) -> str:
    """A hint: the nearest known name, or all of them; never the name itself.

    Examples
    --------
    >>> near("horizn", ["horizon", "samples"]), near("x", ["horizon", "samples"])
    ('did you mean horizon?', 'known are horizon, samples')
    """
    known = [other for other in known if other != name]
    nearest = difflib.get_close_matches(name, known, n=1)
    return f"did you mean {nearest[0]}?" if nearest else f"known are {', '.join(known)}"


def _models(kind: Any) -> Iterator[type[BaseModel]]:
    """The models that a type is made of, itself first."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        yield kind
        for field in kind.model_fields.values():
            yield from _models(field.annotation)
    for part in get_args(kind):
        yield from _models(part)


def _place_of(model: type[BaseModel], models: Sequence[type[BaseModel]]) -> str:
    """Where the keys of a model stand in a file, in words."""
    for outer in models:
        for name, field in outer.model_fields.items():
            if outer is not model and model in _models(field.annotation):
                each = get_origin(field.annotation) in (dict, list, tuple)
                return f"{'each entry' if each else 'what stands'} below {field.alias or name!r}"
    return "the first level of the file"


def _sentence(error: Any, models: list[type[BaseModel]]) -> str:
    """One finding of pydantic as a sentence with what was got, what is allowed and the cure."""
    ways = {"str", *(model.__name__ for model in models)}  # how pydantic names the members of a union
    key = ".".join(str(part) for part in error["loc"] if part not in ways)
    if error["type"] == "extra_forbidden":
        name = str(error["loc"][-1])
        fields = {field.alias or own: model for model in models for own, field in model.model_fields.items()}
        if name in fields:
            return f"key {key!r} stands in the wrong place: {name!r} belongs to {_place_of(fields[name], models)}"
        return f"unknown key {key!r}; {near(name, fields)}"
    if error["type"] == "missing":
        return f"key {key!r} is missing"
    expected = _expected_code(error)
    if expected:
        return f"{key}: got {error['input']!r}, expected {expected}; see `analyse list`"
    reason = error["msg"].removeprefix("Value error, ")
    got = "" if isinstance(error["input"], dict) else f"got {error['input']!r}; "
    return f"{key}: {got}{reason}" if key else f"{got}{reason}"


def _expected_code(error: Any) -> str:
    """The kind of code that a finding is about; empty when it is about something else."""
    if error["type"] == "string_type" and error["loc"][-1] in ("municipality", "area", "region"):
        return "a code with its letters, such as GM0503 or JZ24, which no program takes for a number"
    if error["type"] != "string_pattern_mismatch":
        return ""
    pattern = error["ctx"]["pattern"]
    if "GM" in pattern:
        return "a CBS code such as GM0503"
    return "the code of a youth region such as JZ24" if "JZ" in pattern else ""
