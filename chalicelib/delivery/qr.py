"""QR codes, as pictures that scale."""


def svg(text: str) -> str:
    """Draw a text (an address of ours) as an inline SVG without size and style; the page's style sheet sizes it."""
    import segno  # here: few requests draw one

    code = segno.make_qr(text, error="m")
    drawn: str = code.svg_inline(omitsize=True, border=2, svgclass="qr", lineclass=None)
    return drawn
