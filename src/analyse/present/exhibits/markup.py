"""Exhibits as HTML: every text is escaped here, once, for JupyterLab and for the page alike."""

from __future__ import annotations

import base64
from typing import Any

from markupsafe import Markup, escape

from analyse.present.exhibits.tables import NUMERIC
from analyse.present.text.language import translator

# A browser ends a line between a minus and the sign of the euro, and leaves the minus behind, unless they are joined.
UNBROKEN = ("\u2212€", "\u2212\u2060€")


def exhibit(data: dict[str, Any], picture: str = "") -> Markup:
    """An exhibit as plain HTML, with the picture (SVG) of its chart: what programs show that do not know plotly."""
    if data["kind"] == "head":
        return head_in_lines(data)
    if data["kind"] == "cards":
        return cards(data)
    if data["kind"] == "text":
        return text(data)
    if data["kind"] == "choices":
        heading = Markup("<h3>{}</h3>").format(data["title"])
        return heading + choices(data) + table(data["table"], language=data["language"]) + credits(data)
    caption = Markup("<h3>{}</h3><p>{}</p>").format(data["title"], data["alt"])
    shown = table(data["table"], language=data["language"])
    packed = base64.b64encode(picture.encode()).decode()
    chart = Markup('<img src="data:image/svg+xml;base64,{}" alt="{}">').format(packed, data["alt"])
    parts = (caption, chart if picture else "", shown, legend(data["table"]), credits(data))
    return Markup("<div>{}{}{}{}{}</div>").format(*parts)


def head(data: dict[str, Any]) -> Markup:
    """The head of a report: name, what it is about, facts about the data; a list of terms and values."""
    content = data["content"]
    facts = Markup("").join(
        Markup("<div><dt>{}</dt><dd>{}</dd></div>").format(one["label"], one["value"])
        for one in content["facts"]
    )
    banner = Markup('<p class="banner">{}</p>').format(content["banner"]) if content.get("banner") else ""
    return Markup(
        '<div class="head"><h1>{}</h1><p class="subject">{}</p><dl class="facts">{}</dl>{}</div>'
    ).format(data["title"], content["subject"], facts, banner)


def head_in_lines(data: dict[str, Any]) -> Markup:
    """The head for a notebook, which styles lists of terms in its own way: the facts follow each other on one line."""
    content = data["content"]
    facts = (
        Markup('<span style="white-space:nowrap">{}: <strong>{}</strong></span>').format(
            one["label"], one["value"]
        )
        for one in content["facts"]
    )
    banner = Markup("<p><strong>{}</strong></p>").format(content["banner"]) if content.get("banner") else ""
    return Markup("<div><h1>{}</h1><p>{}</p><p>{}</p>{}</div>").format(
        data["title"], content["subject"], Markup(" · ").join(facts), banner
    )


def cards(data: dict[str, Any]) -> Markup:
    """The key figures: a list with label, value, change and place."""
    items = Markup("").join(
        Markup(
            '<li class="card"><span class="label">{}</span> <strong class="value">{}</strong> '
            '<span class="detail">{}</span></li>'
        ).format(one["label"], one["value"], " ".join(one["details"]))
        for one in data["content"]["cards"]
    )
    return Markup('<ul class="cards" role="list">{}</ul>').format(items)


def choices(data: dict[str, Any]) -> Markup:
    """Choices: a list of cards, each with a finding and pairs of a value and its meaning.

    ``link`` of a card leads to a place on the same page; ``role`` becomes a class.
    """
    pair = Markup("<div><dt>{}</dt><dd>{}</dd></div>")
    link = Markup('<a href="{to}">{text}<span class="unseen">: {name}</span></a>')
    items = Markup("").join(
        Markup(
            '<li><strong class="label">{}</strong> <span>{}</span><dl>{}</dl><span class="detail">{}</span>{}</li>'
        ).format(
            one["label"],
            one["value"],
            Markup("").join(pair.format(*choice) for choice in one["choices"]),
            " ".join(one["details"]),
            link.format(**one["link"], name=one["label"]) if "link" in one else "",
        )
        for one in data["content"]["cards"]
    )
    role = data["content"].get("role", "")
    return Markup('<ul class="options {}" role="list">{}</ul>').format(role, items)


def text(data: dict[str, Any]) -> Markup:
    """Sentences as paragraphs, or ``items`` as a list; ``role`` becomes a class, as for the certainty.

    With ``links``, one for each sentence, they are a list below the title, and each leads to its place on the page.
    """
    content = data["content"]
    if "items" in content:
        item = Markup('<li><strong>{}</strong> <span class="detail">{}</span></li>')
        listed = Markup("").join(item.format(*one) for one in content["items"])
        return Markup('<ol class="{}">{}</ol>').format(content["role"], listed)
    if content.get("links"):
        return _linked(content, data["title"])
    paragraphs = Markup("").join(Markup("<p>{}</p>").format(one) for one in content["paragraphs"])
    return Markup('<div class="{}">{}</div>').format(content.get("role", "text"), paragraphs)


def _linked(content: dict[str, Any], title: str) -> Markup:
    """Sentences as a list, each of which leads to its place on the page."""
    items = Markup("").join(
        Markup('<li><a href="{}">{}</a></li>').format(link, one)
        if link
        else Markup("<li>{}</li>").format(one)
        for one, link in zip(content["paragraphs"], content["links"], strict=True)
    )
    return Markup('<div class="{}"><h3>{}</h3><ul>{}</ul></div>').format(content["role"], title, items)


def table(data: dict[str, Any], *, place: str = "", language: str = "nl") -> Markup:
    """A table with caption, column and row headings; a flagged number has a letter that leads to its reason.

    Parameters
    ----------
    data : dict
        ``Table.as_json``.
    place : str
        What makes the addresses of the reasons unique on a page; without it the letters are no links.
    """
    numeric = [one["kind"] in NUMERIC for one in data["columns"]]
    heads = Markup("").join(
        Markup('<th scope="col"{}{}>{}</th>').format(
            Markup(' class="number"') if is_number and place else "",
            Markup(' data-count="persons"') if one["kind"] == "persons" else "",
            one["label"],
        )
        for place, (one, is_number) in enumerate(zip(data["columns"], numeric, strict=True))
    )
    marks = data.get("marks") or [[""] * len(numeric)] * len(data["cells"])
    said = translator(language).gettext("mind")
    rows = (
        [_cell(*one, place=place, said=said) for one in zip(row, letters, strict=True)]
        for row, letters in zip(data["cells"], marks, strict=True)
    )
    kinds = [_attributes(one, is_number) for one, is_number in zip(data["columns"], numeric, strict=True)]
    body = Markup("").join(_row(row, kinds) for row in rows)
    title = Markup("<caption>{}</caption>").format(data["caption"])
    return Markup("<table>{}<thead><tr>{}</tr></thead><tbody>{}</tbody></table>").format(title, heads, body)


def _cell(text: str, letters: str, *, place: str, said: str) -> Markup:
    """A cell with the letters of its flags."""
    shown = escape(text.replace(*UNBROKEN))
    if not letters:
        return shown
    linked = '<sup><a href="#{0}-{1}"><span class="unseen">{2} </span>{1}</a></sup>'
    plain = '<sup><span class="unseen">{2} </span>{1}</sup>'
    signs = (Markup(linked if place else plain).format(place, letter, said) for letter in letters)  # noqa: S704
    return shown + Markup("").join(signs)


def legend(data: dict[str, Any], *, place: str = "") -> Markup:
    """The flags of a table with their reasons; nothing when it has none."""
    items = Markup("").join(
        Markup("<li{}><sup>{}</sup> <strong>{}.</strong> {}</li>").format(
            Markup(' id="{}-{}"').format(place, letter) if place else "", letter, title, reason
        )
        for letter, title, reason in data.get("legend") or ()
    )
    return Markup('<ul class="flags">{}</ul>').format(items) if items else Markup("")


def _attributes(column: dict[str, Any], is_number: bool) -> Markup:
    """HTML attributes of the cells of a column: numeric alignment, and the language where it differs."""
    number = Markup(' class="number"') if is_number else Markup("")
    other = column.get("language")
    return number + (Markup(' lang="{}"').format(other) if other else "")


def _row(cells: list[Markup], attributes: list[Markup]) -> Markup:
    pairs = zip(attributes[1:], cells[1:], strict=True)
    rest = Markup("").join(Markup("<td%s>%s</td>") % pair for pair in pairs)
    return Markup('<tr><th scope="row">%s</th>%s</tr>') % (cells[0], rest)


def credits(data: dict[str, Any]) -> Markup:
    """The note and the source line below a figure or table."""
    words = translator(data["language"])
    note = Markup('<p class="note">{}</p>').format(data["note"]) if data["note"] else Markup("")
    source = words.gettext("Source: {source}", source=data["source"])
    return note + (Markup('<p class="source">{}</p>').format(source) if data["source"] else Markup(""))


def scrolling(content: Markup, label: str) -> Markup:
    """A wide table in its own scrolling region, reachable by keyboard."""
    return Markup('<div class="scroll" role="region" tabindex="0" aria-label="{}">{}</div>').format(
        escape(label), content
    )
