"""Where money goes is changed with a code to one's own mailbox: a stolen session alone is not enough."""

from hashlib import sha256

from chalicelib.people import codes
from chalicelib.people.codes import CodeRefused, TooManyCodes
from chalicelib.people.store import Person
from chalicelib.web.answers import Answer
from chalicelib.web.ask import Ask


def ask_for_code(ask: Ask, person: Person, about: str, *, to: list[str], keep: tuple[str, ...] = ()) -> Answer | None:
    """Send a code to the person's known address and give the page that asks for it; None once the right one came.

    about: what is to be changed, and to what; the code is good for that alone. to: where the form goes back to.
    keep: the fields of the form that the page carries along.
    """
    about = sha256(about.encode()).hexdigest()
    secret, tools = ask.settings.session_secret, ask.tools
    try:
        if ask.form["code"].strip():
            codes.check_code(person.email, ask.form["code"], now=ask.now, secret=secret, about=about)
            return None
        codes.send_code(
            person.email,
            now=ask.now,
            randbits=tools.randbits,
            mailer=tools.mailer,
            secret=secret,
            language=ask.language,
            about=about,
        )
    except (CodeRefused, TooManyCodes) as refusal:  # sent twice, the form still leads to the code that is there
        ask.problem = refusal
    wrong = "code" if ask.problem else ""
    return ask.show("public/confirm.html", to=to, keep=keep, email=person.email, wrong_field=wrong)
