"""A model card as HTML: the part of Markdown that cards are written in.

Headings, paragraphs, lists, tables, fenced code; code, bold and links to https within
them. Everything else stands there as it was typed: nothing in a card is markup of a page.
"""

import re
from collections.abc import Iterator

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

HEADING = re.compile(r"(#{1,4}) +(.*?)(?: +#+)?$")
ITEM = re.compile(r" {0,3}(?:[-*+]|(\d{1,9})[.)]) +(.*)$")
RULE = re.compile(r"\|?[ :|-]*-[ :|-]*$")
FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
HEADINGS = ("<h2>{}</h2>", "<h3>{}</h3>", "<h4>{}</h4>", "<h4>{}</h4>")
INLINE = re.compile(
    r"`(?P<code>[^`\n]+)`"
    r"|\*\*(?P<strong>[^*\n]+)\*\*"
    r"|\[(?P<text>[^\]\[\n]+)\]\((?P<url>https://[^\s()<>\"]+)\)"
)


def card_html(text: str) -> SafeString:
    """Give a card's HTML; whatever the text, it is safe in a page."""
    lines = text.replace("\r\n", "\n").split("\n")
    return format_html_join("", "{}", ((block,) for block in _blocks(lines)))


def _blocks(lines: list[str]) -> Iterator[SafeString]:
    at = 0
    while at < len(lines):
        if not lines[at].strip():
            at += 1
        elif FENCE.match(lines[at]):
            end = _end_of_fence(lines, at)
            yield format_html(
                "<pre><code>{}</code></pre>", _joined(lines[at + 1 : end])
            )
            at = end + 1
        elif heading := HEADING.match(lines[at]):
            yield _heading(heading)
            at += 1
        else:
            end = _end_of_block(lines, at)
            yield _block(lines[at:end])
            at = end


def _end_of_fence(lines: list[str], start: int) -> int:
    """The line that ends the code, or the end of the card."""
    opened = FENCE.match(lines[start])
    mark = opened[1] if opened else ""
    ends = (n for n in range(start + 1, len(lines)) if lines[n].strip() == mark)
    return next(ends, len(lines))


def _end_of_block(lines: list[str], start: int) -> int:
    """The first line after `start` that begins something else."""
    is_list = bool(ITEM.match(lines[start]))
    for at in range(start + 1, len(lines)):
        line = lines[at]
        if not line.strip() or HEADING.match(line) or FENCE.match(line):
            return at
        if not is_list and ITEM.match(line):
            return at
    return len(lines)


def _block(lines: list[str]) -> SafeString:
    if ITEM.match(lines[0]):
        return _list(lines)
    if len(lines) > 1 and "|" in lines[0] and RULE.match(lines[1].strip()):
        return _table(lines)
    return format_html("<p>{}</p>", _inline(_joined(line.strip() for line in lines)))


def _heading(found: re.Match[str]) -> SafeString:
    """The page has the first level; a card begins with the second."""
    return format_html(HEADINGS[len(found[1]) - 1], _inline(found[2]))


def _list(lines: list[str]) -> SafeString:
    """Items; a line that begins none goes on with the one before."""
    items: list[str] = []
    is_numbered = False
    for line in lines:
        found = ITEM.match(line)
        if found:
            is_numbered = is_numbered or found[1] is not None
            items.append(found[2])
        else:
            items[-1] += f"\n{line.strip()}"
    rows = format_html_join("", "<li>{}</li>", ((_inline(item),) for item in items))
    return format_html("<ol>{}</ol>" if is_numbered else "<ul>{}</ul>", rows)


def _table(lines: list[str]) -> SafeString:
    head = format_html_join(
        "", '<th scope="col">{}</th>', ((_inline(c),) for c in _cells(lines[0]))
    )
    rows = (
        (format_html_join("", "<td>{}</td>", ((_inline(c),) for c in _cells(line))),)
        for line in lines[2:]
    )
    body = format_html_join("", "<tr>{}</tr>", rows)
    return format_html(
        '<div class="card-table" tabindex="0"><table class="table table-keep"><thead>'
        "<tr>{}</tr></thead><tbody>{}</tbody></table></div>",
        head,
        body,
    )


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def _inline(text: str) -> SafeString:
    parts: list[SafeString | str] = []
    at = 0
    for found in INLINE.finditer(text):
        parts += [text[at : found.start()], _marked(found)]
        at = found.end()
    parts.append(text[at:])
    return format_html_join("", "{}", ((part,) for part in parts))


def _marked(found: re.Match[str]) -> SafeString:
    if found["code"] is not None:
        return format_html("<code>{}</code>", found["code"])
    if found["strong"] is not None:
        return format_html("<strong>{}</strong>", found["strong"])
    return format_html(
        '<a href="{}" rel="noreferrer noopener">{}</a>', found["url"], found["text"]
    )


def _joined(lines: Iterator[str] | list[str]) -> str:
    return "\n".join(lines)
