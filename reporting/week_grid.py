"""A week by the hour, drawn as SVG: seven rows of 24 cells with their numbers in them."""

from collections.abc import Sequence

from markupsafe import Markup

from reporting.charts import FAINT, INK, WIDTH
from store.shifts import WEEKDAYS, Grid

#: Fill and ink of a cell, by how near it is to the highest; and of an empty one that is a lack.
_SHADES = (("#d9efe6", INK), ("#8fcdb6", INK), ("#0b6b53", "#fff"))
_EMPTY, _LACK = ("#fff", FAINT), ("#fdeceb", "#b3261e")
_LEFT, _TOP, _WIDE, _HIGH = 36, 16, 13.5, 18


def week_svg(
    id: str, title: str, grid: Grid, wanted: Sequence[Sequence[bool]] | None = None
) -> Markup:
    """The drawing; ``wanted``: hours in which none is a hole, and stands out."""
    highest = max(map(max, grid), default=0)
    parts = [
        Markup('<text x="{x}" y="11" font-size="10" fill="{c}">{h}</text>').format(
            x=round(_LEFT + hour * _WIDE, 1), c=FAINT, h=f"{hour:02}"
        )
        for hour in range(0, 24, 3)
    ]
    for day, hours in enumerate(grid):
        top = _TOP + day * _HIGH
        parts.append(
            Markup('<text x="0" y="{y}" font-size="11">{name}</text>').format(
                y=top + 13, name=WEEKDAYS[day][:3]
            )
        )
        for hour, n in enumerate(hours):
            lack = wanted is not None and wanted[day][hour]
            fill, ink = _colours(n, highest, lack)
            parts.append(
                Markup(
                    '<rect x="{x}" y="{y}" width="{w}" height="{h}" fill="{fill}" stroke="#c9d3cf"'
                    ' stroke-width="0.5"><title>{day} {hour}:00: {n}</title></rect>'
                ).format(
                    x=round(_LEFT + hour * _WIDE, 1),
                    y=top,
                    w=_WIDE,
                    h=_HIGH,
                    fill=fill,
                    day=WEEKDAYS[day],
                    hour=f"{hour:02}",
                    n=n,
                )
            )
            if n or lack:
                parts.append(
                    Markup(
                        '<text x="{x}" y="{y}" text-anchor="middle" font-size="9" fill="{ink}">'
                        "{n}</text>"
                    ).format(
                        x=round(_LEFT + (hour + 0.5) * _WIDE, 1),
                        y=top + 12,
                        ink=ink,
                        n=n if n < 100 else "99+",
                    )
                )
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {w} {h}" width="{w}" '
        'height="{h}" direction="ltr" fill="{ink}" aria-labelledby="t-{id}">'
        '<title id="t-{id}">{title}</title>{body}</svg>'
    ).format(
        w=WIDTH,
        h=_TOP + len(grid) * _HIGH + 2,
        ink=INK,
        id=id,
        title=title,
        body=Markup("").join(parts),
    )


def _colours(n: int, highest: int, lack: bool) -> tuple[str, str]:
    if n == 0:
        return _LACK if lack else _EMPTY
    return _SHADES[min(len(_SHADES) - 1, n * len(_SHADES) // (highest + 1))]
