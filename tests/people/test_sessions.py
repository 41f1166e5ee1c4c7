"""Sessions: what the cookie holds opens them, the server can close them, nothing else works."""

import pytest

from chalicelib import store
from chalicelib.people import sessions
from chalicelib.people import store as people
from chalicelib.people.store import SessionRecord
from tests.people.mailbox import SECRET


@pytest.fixture
def sign_in(table, clock, randbits):
    return lambda person_id="prs_mei": sessions.open_session(person_id, now=clock(), randbits=randbits, secret=SECRET)


@pytest.fixture
def who(clock):
    def who(cookie: str) -> str | None:
        session = sessions.session_of(cookie, now=clock(), secret=SECRET)
        return session.person_id if session else None

    return who


def test_the_cookie_brings_back_who_signed_in(sign_in, who):
    mei, lan = sign_in("prs_mei"), sign_in("prs_lan")

    assert (who(mei), who(lan)) == ("prs_mei", "prs_lan")


def test_a_session_ends_after_thirty_days(sign_in, who, clock):
    cookie = sign_in()
    clock.advance(days=29, hours=23)
    assert who(cookie)

    clock.advance(hours=1)
    assert who(cookie) is None


def test_signing_out_closes_this_browser_and_no_other(sign_in, who):
    phone, laptop = sign_in(), sign_in()

    sessions.close_session(phone, secret=SECRET)
    sessions.close_session(phone, secret=SECRET)

    assert who(phone) is None
    assert who(laptop)


def test_signing_out_everywhere_closes_all_of_one_person(sign_in, who):
    phone, laptop, somebody_else = sign_in(), sign_in(), sign_in("prs_lan")

    sessions.close_all_sessions("prs_mei")

    assert (who(phone), who(laptop)) == (None, None)
    assert who(somebody_else) == "prs_lan"


def test_a_session_cut_off_while_it_was_closed_is_closed_by_the_next_try(sign_in, who):
    cookie = sign_in()
    name = people.fingerprint(cookie.partition(".")[0])
    SessionRecord(people.session_key(name), "session").delete()  # and here the machine died

    sessions.close_all_sessions("prs_mei")

    assert who(cookie) is None
    assert list(store.query(people.PersonsSession, people.person_key("prs_mei"))) == []


@pytest.mark.parametrize(
    "forge",
    [
        lambda cookie: "",
        lambda cookie: cookie[:-1],
        lambda cookie: cookie + "0",
        lambda cookie: cookie.partition(".")[0],
        lambda cookie: ("1" if cookie[0] == "0" else "0") + cookie[1:],
        lambda cookie: cookie[:-1] + ("1" if cookie[-1] == "0" else "0"),
        lambda cookie: cookie.replace(".", "é"),
        lambda cookie: "." * len(cookie),
    ],
)
def test_a_forged_cookie_is_nobodys(sign_in, who, forge):
    assert who(forge(sign_in())) is None


def test_a_cookie_sealed_with_another_secret_is_nobodys(sign_in, clock):
    assert sessions.session_of(sign_in(), now=clock(), secret="another") is None


def test_a_copy_of_the_table_opens_no_session(sign_in):
    token = sign_in().partition(".")[0]
    kept = store.query(SessionRecord, people.session_key(people.fingerprint(token)))

    assert all(token not in str(record.attribute_values) for record in kept)
