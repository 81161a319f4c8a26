"""What every page has: the template environment, the style, the script and the policy that lets it run."""

from __future__ import annotations

import base64
import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

import analyse
from analyse.present import formats, style
from analyse.present.language import translator
from analyse.sources import snapshot

HERE = Path(__file__).parent
TEMPLATES = HERE / "template"


def prepare(environment: jinja2.Environment) -> jinja2.Environment:
    """Make an environment escape every text unless it says that it is HTML already."""
    environment.autoescape = True
    environment.undefined = jinja2.StrictUndefined
    environment.trim_blocks = environment.lstrip_blocks = True
    return environment


def environment() -> jinja2.Environment:
    """The environment of a page that is not made from a notebook."""
    return prepare(jinja2.Environment(loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True))


def page(language: str, *, title: str, script: str, dataset: str = "open") -> dict[str, Any]:
    """What the base template needs: language, title, style, script, policy, and the line at the foot."""
    words = translator(language)
    code = source(script)
    stated = formats.date(snapshot.package(dataset)["created"], language)
    return {
        "language": language,
        "site": words.gettext("Youth care: costs and use"),
        "skip": words.gettext("Skip to the content"),
        "reports": words.gettext("Reports"),
        "everything": words.gettext("All municipalities and regions"),
        "title": title,
        "css": Markup(style.css_variables() + source("page.css")),  # noqa: S704 - escaped above or our own file
        "script": Markup(code),  # noqa: S704 - escaped above or our own file
        "policy": policy(code),
        "made": words.gettext("Made with jeugdhulp-analyse {version}. Data as of {date}.",
                              version=analyse.__version__, date=stated),
    }  # fmt: skip


@cache
def source(name: str) -> str:
    """The text of a style sheet or script beside this file."""
    return (HERE / name).read_text(encoding="utf-8")


def policy(script: str) -> str:
    """A Content-Security-Policy that works from ``file://`` and lets the page ask the network for nothing."""
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return (
        f"default-src 'none'; script-src 'self' file: 'sha256-{digest}'; style-src 'unsafe-inline'; "
        "img-src data: blob:; base-uri 'none'; form-action 'none'"
    )


def embedded(value: Any) -> Markup:
    """JSON for inside a script element: no character in it can end the element."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for character, escaped in (("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026")):
        text = text.replace(character, escaped)
    return Markup(text)  # noqa: S704 - escaped above or our own file
