"""The context that every page shares: template environment, style, script and the policy that lets it run."""

from __future__ import annotations

import base64
import hashlib
import json
import posixpath
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

import analyse
from analyse.present.exhibits import style
from analyse.present.scenario import lever_script
from analyse.present.text import formats
from analyse.present.text.language import translator
from analyse.report import assets
from analyse.sources import snapshot

TEMPLATES = Path(__file__).parent / "template"
STATEMENT = "accessibility.html"
"""The page with the accessibility statement, beside the index."""
LATER_HEADING = re.compile(r"^#(?=[ \t])", flags=re.MULTILINE)


@dataclass(frozen=True)
class Place:
    """The place of a page among the others."""

    assets: str = "assets"
    """Folder with the shared files, seen from the page."""
    home: str = "index.html"
    """The index, seen from the page; the accessibility statement stands beside it."""
    single_file: bool = False
    """Whether the page holds all it needs and stands alone, so that it can be mailed."""
    beside: str = ""
    """The other page of the same area, on declarations or on published figures; empty without one."""
    around: tuple[tuple[str, ...], ...] = ()
    """The pages around it: relation (up, previous, next, down or area), file name and title."""

    @property
    def statement(self) -> str:
        """The accessibility statement, seen from the page."""
        return posixpath.join(posixpath.dirname(self.home), STATEMENT)


def prepare(environment: jinja2.Environment) -> jinja2.Environment:
    """Make an environment escape every text unless it says that it is HTML already."""
    environment.autoescape = True
    environment.undefined = jinja2.StrictUndefined
    environment.trim_blocks = environment.lstrip_blocks = True
    return environment


def environment() -> jinja2.Environment:
    """The environment of a page that is not made from a notebook."""
    return prepare(jinja2.Environment(loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True))


def page(
    language: str,
    *,
    title: str,
    script: str = "",
    dataset: str = "open",
    place: Place | None = None,
    panels: bool = False,
) -> dict[str, Any]:
    """What the base template needs: language, title, style, scripts, policy, and the lines at the foot.

    The ``label`` of a dataset, such as that of made-up figures, is on every page.

    Parameters
    ----------
    language : {"nl", "en"}
        Language of the page.
    title : str
        Title of the page.
    script : str
        File name of the script of this kind of page.
    dataset : str
        Dataset whose sources are named at the foot.
    place : Place, optional
        The place of the page among the others.
    panels : bool
        Whether it has a scenario panel.
    """
    words, place = translator(language), place or Place()
    alone = place.single_file
    shared = [assets.PAGE] * (script == assets.PAGE) + [assets.PANEL] * panels
    modules = [assets.own_script(script)] if script and (alone or script not in shared) else []
    modules += [lever_script.for_page()] if panels and alone else []
    plotly = assets.plotly() if place.single_file else ""
    package = snapshot.package(dataset)
    stated = formats.date(package["created"], language)
    styles = assets.core() + (assets.styles() + assets.house_style() if alone else "")
    styles += _scroll_hint(words.gettext("There is more to the side: scroll sideways"))
    return {
        "language": language,
        "site": words.gettext("Youth care: costs and use"),
        "skip": words.gettext("Skip to the content"),
        "reports": words.gettext("Reports"),
        "path": words.gettext("You are here"),
        "find": words.gettext("Go to a municipality or region"),
        "find_none": words.gettext("Not in these reports"),
        "more": words.gettext("More about this municipality"),
        "nearby": words.gettext("Municipalities in this region"),
        "further": words.gettext("Other municipalities"),
        "on_this_page": words.gettext("On this page"),
        "everything": words.gettext("All municipalities and regions"),
        "title": title,
        "label": package.get("label", ""),
        "css": Markup(styles),  # noqa: S704 - our own files
        "sheets": [] if alone else [f"{place.assets}/{one}" for one in (assets.STYLE, assets.HOUSE_STYLE)],
        "tokens": embedded({color: name for name, color in style.TOKENS.items()}),
        "plotly": "" if place.single_file else f"{place.assets}/{assets.PLOTLY}",
        "inlined": Markup(plotly),  # noqa: S704 - a script of the installed package
        "home": "" if place.single_file else place.home,
        "statement": "" if place.single_file else place.statement,
        "accessibility": words.gettext("Accessibility"),
        "shared": [] if alone else [f"{place.assets}/{one}" for one in shared],
        "modules": [Markup(one) for one in modules],  # noqa: S704 - our own files
        "policy": _policy(*([plotly] if plotly else []), *modules, alone=place.single_file),
        "made": words.gettext(
            "Made with jeugdhulp-analyse {version}. Data as of {date}.",
            version=analyse.__version__,
            date=stated,
        ),
    }


def _scroll_hint(said: str) -> str:
    """The rule of the style sheet that puts a hint above a table wider than its container."""
    return f".wider::before{{content:{json.dumps(f'↔{formats.NBSP}{said}', ensure_ascii=False)}}}"


def _policy(*scripts: str, alone: bool = False) -> str:
    """A Content-Security-Policy that works from ``file://`` and lets the page ask the network for nothing."""
    beside = "" if alone else "'self' file: "
    own = " ".join(f"'sha256-{digest(one)}'" for one in scripts)
    return (
        f"default-src 'none'; script-src {beside}{own}; style-src {beside}'unsafe-inline'; "
        "img-src data: blob:; base-uri 'none'; form-action 'none'"
    )


@cache
def digest(script: str) -> str:
    """The SHA-256 of a script as a policy names it."""
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


def embedded(value: Any) -> Markup:
    """JSON to embed in a script element: no character in it can end the element."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for character, escaped in (("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026")):
        text = text.replace(character, escaped)
    return Markup(text)  # noqa: S704 - escaped above


def below_title(source: str) -> str:
    """Markdown with headings of the first level moved to the second: a page has one title."""
    return LATER_HEADING.sub("##", source)
