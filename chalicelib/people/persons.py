"""Finding persons by their e-mail and making them, once each."""

from datetime import datetime

from pynamodb.exceptions import TransactWriteError

from chalicelib import ids, store
from chalicelib.chinese import Language
from chalicelib.errors import NotFound
from chalicelib.ids import RandomBits
from chalicelib.people import store as people
from chalicelib.people.rules import clean_email, clean_name
from chalicelib.people.store import EmailTaken, Person


class PersonUnknown(NotFound):
    """There is nobody of this id."""

    code = "person_unknown"


def get(person_id: str) -> Person:
    """Read a person. Raises `PersonUnknown`."""
    found = people.person(person_id)
    if found is None:
        raise PersonUnknown("There is nobody of this id.")
    return found


def by_email(email: str) -> Person | None:
    """Find the person of an e-mail address. Never tell a visitor whether there is one."""
    person_id = people.person_id_of(clean_email(email))
    return people.person(person_id) if person_id else None


def ensure(email: str, *, now: datetime, randbits: RandomBits, name: str = "", language: Language = "zh") -> Person:
    """Give the person of an e-mail address, made if there is none. Raises `Invalid` for what is no address.

    Whoever asks has seen the address confirmed, or stands for a brand that writes somebody down: only the
    owner of the mailbox can ever sign in by it.
    """
    email = clean_email(email)
    known = by_email(email)
    if known is not None:
        return known
    newcomer = new_person(email, now=now, randbits=randbits, name=name, language=language)
    try:
        store.again_when_crossed(lambda: _write(newcomer))
    except TransactWriteError as error:
        if not store.condition_failed(error):
            raise
        # The same address signed in twice at once: both are the person that was written first.
        return get(people.person_id_of(email) or "")
    return newcomer


def new_person(email: str, *, now: datetime, randbits: RandomBits, name: str = "", language: Language = "zh") -> Person:
    """Make a person's record; write it with `claim_of(person)` in one transaction."""
    person_id = ids.new_id("prs", now, randbits)
    return Person(
        people.person_key(person_id),
        "profile",
        person_id=person_id,
        email=email,
        name=clean_name(name) if name.strip() else None,
        language=language,
        created_at=now,
    )


def claim_of(person: Person) -> EmailTaken:
    """Make the record that gives an e-mail address to a person; write it if there is none."""
    return EmailTaken(people.email_key(person.email), "email", person_id=person.person_id)


def rename(person_id: str, *, name: str, language: Language) -> Person:
    """Change a person's own name and language. Raises `PersonUnknown`."""
    person = get(person_id)
    person.update(
        actions=[Person.name.set(clean_name(name)), Person.language.set(language)],
        condition=Person.pk.exists(),
    )
    return person


def _write(person: Person) -> None:
    with store.transaction() as write:
        write.save(claim_of(person), condition=EmailTaken.pk.does_not_exist())
        write.save(person, condition=Person.pk.does_not_exist())
