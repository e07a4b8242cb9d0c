# SPDX-License-Identifier: GPL-3.0-or-later
"""Pictures of the results, as SVG: text that diffs, and nothing to install."""

from xml.sax.saxutils import escape

FONT = 'font-family="DejaVu Sans,Helvetica,sans-serif" font-size="12"'
INK, PALE, PAPER, BLUE, RED = "#1f2328", "#8c959f", "#ffffff", (9, 105, 218), (207, 34, 46)
CURVES = ["#0969da", "#bc4c00", "#1a7f37", "#8250df"]


def text(x, y, words, anchor="start", fill=INK, turn=None):
    turned = f' transform="rotate({turn} {x:.0f} {y:.0f})"' if turn else ""
    return (f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="{anchor}" fill="{fill}"{turned}>'
            f"{escape(str(words))}</text>")


def shade(colour, share):
    """From paper to the full colour; the root, so that a few errors show."""
    mixed = (round(255 - (255 - c) * share ** 0.5) for c in colour)
    return "#" + "".join(f"{c:02x}" for c in mixed)


def picture(width, height, title, parts):
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" role="img" {FONT}>',
        f"<title>{escape(title)}</title>",
        f'<rect width="100%" height="100%" fill="{PAPER}"/>',
        *parts, "</svg>", ""])


def confusion(title, counts, names):
    """Rows are what it was, columns what was said; shares of the row in the shade."""
    cell, left, top = 46, 190, 150
    width, height = left + cell * len(names) + 90, top + cell * len(names) + 20
    parts = [text(16, 24, title), text(left - 8, top - 12, "was \u2193  said \u2192", "end", PALE)]
    for column, name in enumerate(names):
        x = left + column * cell + cell / 2 + 4
        parts.append(text(x, top - 10, name, turn=-55))
    for row, name in enumerate(names):
        y, total = top + row * cell, counts[row].sum()
        parts.append(text(left - 8, y + cell / 2 + 4, name, "end"))
        for column, count in enumerate(counts[row]):
            share = count / total if total else 0.0
            x, colour = left + column * cell, BLUE if row == column else RED
            parts.append(f'<rect x="{x}" y="{y}" width="{cell - 1}" height="{cell - 1}" '
                         f'fill="{shade(colour, share) if count else "#f6f8fa"}"/>')
            if count:
                ink = PAPER if share > 0.4 else INK
                parts.append(text(x + cell / 2, y + cell / 2 + 4, count, "middle", ink))
    return picture(width, height, title, parts)


def reliability(title, curves):
    """`curves`: (name, rows of judging.reliability). On the line, 90 % sure is 90 % right; the area
    of a point is its share of the frames."""
    side, left, top = 360, 60, 40
    width, height = left + side + 20, top + side + 50 + 18 * len(curves)

    def place(sure, share):
        return left + sure * side, top + (1 - share) * side

    parts = [text(16, 24, title)]
    for tenth in range(0, 11, 2):
        x, y = place(tenth / 10, tenth / 10)
        parts += [f'<path d="M{x:.0f} {top}V{top + side}M{left} {y:.0f}H{left + side}" '
                  f'stroke="#d0d7de" fill="none"/>',
                  text(x, top + side + 18, f"{tenth * 10}", "middle", PALE),
                  text(left - 8, y + 4, f"{tenth * 10}", "end", PALE)]
    parts += [f'<path d="M{left} {top + side}L{left + side} {top}" stroke="{PALE}" fill="none"/>',
              text(left + side / 2, top + side + 36, "sure, %", "middle"),
              text(20, top + side / 2, "right, %", "middle", turn=-90)]
    for line, (name, rows) in enumerate(curves):
        colour = CURVES[line]
        points = [place(sure, share) for _, _, sure, share in rows]
        path = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
        parts.append(f'<path d="M{path}" stroke="{colour}" stroke-width="2" fill="none"/>')
        total = sum(n for _, n, _, _ in rows)
        for (x, y), (_, n, _, _) in zip(points, rows):
            parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{2 + 8 * (n / total) ** 0.5:.1f}" '
                         f'fill="{colour}" fill-opacity="0.6"/>')
        parts.append(text(left, top + side + 56 + 18 * line, name, fill=colour))
    return picture(width, height, title, parts)
