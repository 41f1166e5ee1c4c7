"""Reading a form that carries a file (`multipart/form-data`), with the parser that Python reads e-mail with."""

from chalicelib.web.forms import LARGEST_FIELD, MOST_FIELDS, Form, FormTooLarge, FormUnreadable

MULTIPART = "multipart/form-data"
LARGEST_UPLOAD_BYTES = 4_200_000


def read(body: bytes, content_type: str) -> tuple[Form, dict[str, tuple[str, bytes]]]:
    """Give a form's texts, and its files by field: name and content. Raises `FormTooLarge`, `FormUnreadable`.

    Several files of one field keep their order: the second and later ones are numbered (`photo`, `photo.01`).
    """
    from email.parser import BytesParser
    from email.policy import HTTP

    if len(body) > LARGEST_UPLOAD_BYTES:
        raise FormTooLarge("This file is too large. Split it.")
    head = f"Content-Type: {content_type}\r\n\r\n".encode("ascii", "replace")
    message = BytesParser(policy=HTTP).parsebytes(head + body)
    if not message.is_multipart() or len(parts := list(message.iter_parts())) > MOST_FIELDS:
        raise FormUnreadable("This form cannot be read. Load the page again.")
    texts: dict[str, str] = {}
    files: dict[str, tuple[str, bytes]] = {}
    for part in parts:
        name, content = part.get_param("name", "", "content-disposition"), part.get_payload(decode=True)
        if not (isinstance(name, str) and name) or not isinstance(content, bytes):
            raise FormUnreadable("This form cannot be read. Load the page again.")
        if part.get_filename() is not None:
            files[name if name not in files else f"{name}.{len(files):02d}"] = (str(part.get_filename()), content)
        else:
            texts[name] = _text(content)
    return Form(texts), files


def _text(content: bytes) -> str:
    try:
        text = content.decode()
    except UnicodeDecodeError:
        raise FormUnreadable("There are characters here that cannot be read. Type them anew.") from None
    if len(text) > LARGEST_FIELD or "\x00" in text:
        raise FormUnreadable("This form cannot be read. Load the page again.")
    return text
