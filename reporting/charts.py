"""Tables drawn as SVG: bars, or columns over time. No script, no style, readable without colour.

Each drawing has a title and a description for those who don't see it; the table stands beside it
and says the same. Numbers that are not shown are not drawn: a point stands in their place.
"""

from markupsafe import Markup

from reporting.overview import Table

#: Colours with a contrast of at least 4.5 : 1 on white (WCAG 2.2 AA).
INK, FAINT, FILL = "#14212b", "#5b6b66", "#0b6b53"
TRACK = "#e3e9e6"
#: Width of all drawings in their own units: at this width letters are as large as on the page.
WIDTH = 360
_ROW, _LONGEST_LABEL = 36, 44
_TOP, _HIGH, _FOOT = 22, 110, 26  # of a chart over time: above, its columns, and below
#: Most names under the columns of a chart.
_MOST_NAMES = 7


def svg(table: Table, base: int) -> Markup:
    """The drawing of a table."""
    body, height = _columns(table) if table.over_time else _bars(table)
    hidden = sum(line.number is None for line in table.lines)
    desc = table.summary + (f" {hidden} with fewer than {base} are not drawn." if hidden else "")
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {w} {h}" width="{w}" '
        'height="{h}" direction="ltr" font-size="13" fill="{ink}" '
        'aria-labelledby="t-{id} d-{id}"><title id="t-{id}">{title}</title>'
        '<desc id="d-{id}">{desc}</desc>{body}</svg>'
    ).format(w=WIDTH, h=height, ink=INK, id=table.id, title=table.title, desc=desc, body=body)


def short(label: str) -> str:
    """A label that fits above a bar."""
    return label if len(label) <= _LONGEST_LABEL else f"{label[: _LONGEST_LABEL - 1].rstrip()}…"


def _bars(table: Table) -> tuple[Markup, int]:
    """A bar for each number that is shown, under its name."""
    rows = [line for line in table.lines if line.number is not None]
    parts = []
    for place, line in enumerate(rows):
        top = place * _ROW
        said = f"{line.number:,}" + (f" · {line.share} %" if line.share is not None else "")
        parts.append(
            Markup(
                '<text x="0" y="{y}">{label}</text>'
                '<text x="{w}" y="{y}" text-anchor="end" fill="{faint}">{said}</text>'
                '<rect x="0" y="{b}" width="{w}" height="9" rx="2" fill="{track}"/>'
                '<rect x="0" y="{b}" width="{n}" height="9" rx="2" fill="{fill}"/>'
            ).format(
                y=top + 14,
                b=top + 20,
                w=WIDTH,
                n=max(2, round(WIDTH * line.number / table.largest)),
                label=short(line.label),
                said=said,
                faint=FAINT,
                track=TRACK,
                fill=FILL,
            )
        )
    return Markup("").join(parts), max(1, len(rows) * _ROW)


def _columns(table: Table) -> tuple[Markup, int]:
    """A column for each number that is shown, a point for each that is not."""
    floor = _TOP + _HIGH
    step = WIDTH / max(1, len(table.lines))
    wide = min(40.0, step * 0.7)
    parts = [
        Markup('<rect x="0" y="{y}" width="{w}" height="1" fill="{c}"/>').format(
            y=floor, w=WIDTH, c=FAINT
        )
    ]
    highest = max(table.lines, key=lambda line: line.number or 0, default=None)
    named = max(1, -(-len(table.lines) // _MOST_NAMES))
    for place, line in enumerate(table.lines):
        middle = round(step * (place + 0.5), 1)
        if line.number is None:
            parts.append(
                Markup('<circle cx="{x}" cy="{y}" r="2" fill="{c}"/>').format(
                    x=middle, y=floor - 4, c=FAINT
                )
            )
        else:
            high = max(2, round(_HIGH * line.number / table.largest)) if line.number else 0
            parts.append(
                Markup(
                    '<rect x="{x}" y="{y}" width="{w}" height="{h}" fill="{c}">'
                    "<title>{label}: {n}</title></rect>"
                ).format(
                    x=round(middle - wide / 2, 1),
                    y=floor - high,
                    w=round(wide, 1),
                    h=high,
                    c=FILL,
                    label=line.label,
                    n=f"{line.number:,}",
                )
            )
            if line is highest:
                # inside the drawing also where the first or last column is the highest
                inside = min(max(middle, 20), WIDTH - 20)
                parts.append(
                    Markup('<text x="{x}" y="{y}" text-anchor="middle">{n}</text>').format(
                        x=inside, y=floor - high - 6, n=f"{line.number:,}"
                    )
                )
        if place % named == 0:
            inside = min(max(middle, 20), WIDTH - 20)
            parts.append(
                Markup(
                    '<text x="{x}" y="{y}" text-anchor="middle" font-size="11" fill="{c}">'
                    "{t}</text>"
                ).format(x=inside, y=floor + 18, c=FAINT, t=line.short)
            )
    return Markup("").join(parts), floor + _FOOT
