"""Signing in with a code: it opens one account, once, and nobody gets in by asking or guessing often."""

import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib import store
from chalicelib.errors import Invalid
from chalicelib.people import codes, persons, rules
from chalicelib.people import store as people
from chalicelib.people.codes import CodeRefused, TooManyCodes
from chalicelib.people.store import LoginCode
from tests.people.at_once import at_once, refusals
from tests.people.mailbox import SECRET

MEI, LAN = "mei@example.com", "lan@example.com"


def wrong(code: str, by: int = 1) -> str:
    return f"{(int(code) + by) % 1_000_000:06d}"


def test_a_newcomer_signs_up_by_typing_the_code_and_is_the_same_person_next_time(ask, confirm, clock):
    first = confirm(MEI, ask(MEI))
    clock.advance(days=3)

    assert confirm(" Mei@Example.com", ask("MEI@example.com")) == first
    assert persons.get(first).email == MEI


def test_a_code_is_read_as_people_type_it(ask, confirm):
    code = ask(MEI)
    full_width = "".join(chr(ord(digit) - ord("0") + ord("０")) for digit in code)

    assert confirm(MEI, f" {full_width[:3]} {full_width[3:]} ")


def test_a_code_works_once(ask, confirm):
    code = ask(MEI)
    confirm(MEI, code)

    with pytest.raises(CodeRefused):
        confirm(MEI, code)


def test_of_two_browsers_that_send_the_code_at_the_same_moment_one_gets_in(ask, confirm):
    code = ask(MEI)

    results = at_once(*[lambda: confirm(MEI, code)] * 4)

    assert len(refusals(results)) == 3


def test_a_code_opens_no_other_account(ask, confirm):
    code = ask(MEI)
    ask(LAN)

    with pytest.raises(CodeRefused):
        confirm(LAN, code)


def test_a_code_copied_to_another_address_in_the_table_opens_nothing(ask, confirm):
    code = ask(MEI)
    stolen = store.get(LoginCode, people.code_key(MEI), "code")
    stolen.pk = people.code_key(LAN)
    store.put(stolen)

    with pytest.raises(CodeRefused):
        confirm(LAN, code)


def test_only_the_latest_code_works(ask, confirm, clock):
    old = ask(MEI)
    clock.advance(minutes=1)
    new = ask(MEI)

    with pytest.raises(CodeRefused):
        confirm(MEI, old)
    assert confirm(MEI, new)


def test_a_code_is_too_old_after_ten_minutes(ask, confirm, clock):
    code = ask(MEI)
    clock.advance(minutes=10)

    with pytest.raises(CodeRefused):
        confirm(MEI, code)


def test_after_five_wrong_tries_even_the_right_code_is_refused(ask, confirm):
    code = ask(MEI)
    for by in range(1, 6):
        with pytest.raises(CodeRefused):
            confirm(MEI, wrong(code, by))

    with pytest.raises(CodeRefused):
        confirm(MEI, code)


def test_guesses_sent_all_at_once_have_no_more_than_five_tries(ask, confirm):
    code = ask(MEI)

    at_once(*[lambda by=by: confirm(MEI, wrong(code, by)) for by in range(1, 13)])

    assert store.get(LoginCode, people.code_key(MEI), "code").tries_left == 0
    with pytest.raises(CodeRefused):
        confirm(MEI, code)


def test_what_cannot_be_a_code_costs_no_try(ask, confirm):
    code = ask(MEI)
    for typed in ("", "12345", "abcdef", "1234567", "½23456", "9" * 100_000):
        with pytest.raises(CodeRefused):
            confirm(MEI, typed)

    assert confirm(MEI, code)


def test_a_code_that_was_never_sent_is_refused_in_the_same_words_as_a_wrong_one(ask, confirm):
    code = ask(MEI)
    with pytest.raises(CodeRefused) as known:
        confirm(MEI, wrong(code))
    with pytest.raises(CodeRefused) as unknown:
        confirm("nobody@example.com", "123456")

    assert (known.value.message, known.value.code) == (unknown.value.message, unknown.value.code)


def test_asking_answers_the_same_with_and_without_an_account(ask, confirm, mailbox):
    confirm(MEI, ask(MEI))
    ask(MEI)
    ask("stranger@example.com")

    with_account, without = mailbox.letters[-2:]
    assert with_account.text.replace(mailbox.last_code(MEI), "") == without.text.replace(
        mailbox.last_code("stranger@example.com"), ""
    )
    for email in (MEI, "stranger@example.com"):
        with pytest.raises(TooManyCodes):
            ask(email)


def test_nobodys_mailbox_is_flooded(ask, clock, mailbox):
    for _ in range(10):
        ask(MEI)
        with pytest.raises(TooManyCodes):
            ask(MEI)
        clock.advance(seconds=30)

    with pytest.raises(TooManyCodes, match="minutes"):
        ask(MEI)
    assert len(mailbox.letters) == 10

    clock.advance(days=1)
    assert ask(MEI)


def test_signing_in_ends_the_waiting(ask, confirm):
    for _ in range(12):
        assert confirm(MEI, ask(MEI))


def test_a_request_that_another_one_overtakes_sends_nothing(ask, clock, mailbox):
    def draw_while_another_request_goes_by(bits: int) -> int:
        ask(MEI)
        return 7

    with pytest.raises(TooManyCodes):
        codes.send_code(
            MEI, now=clock(), randbits=draw_while_another_request_goes_by, mailer=mailbox, secret=SECRET, language="en"
        )
    assert len(mailbox.letters) == 1


def test_ten_requests_at_the_same_moment_send_one_letter(ask, mailbox):
    results = at_once(*[lambda: ask(MEI)] * 10)

    assert len(mailbox.letters) == 1
    assert len(refusals(results)) == 9


def test_two_first_sign_ins_at_once_make_one_person(table, clock, randbits):
    made = at_once(*[lambda: persons.ensure(MEI, now=clock(), randbits=randbits)] * 4)

    assert len({person.person_id for person in made}) == 1


def test_neither_the_code_nor_the_address_stands_in_the_code_record(ask):
    code = ask(MEI)
    kept = store.get(LoginCode, people.code_key(MEI), "code")

    assert code not in str(kept.attribute_values)
    assert MEI not in str(kept.attribute_values)


def test_refusals_and_logs_tell_neither_code_nor_address(ask, confirm, caplog):
    caplog.set_level(logging.DEBUG, logger="chalicelib")
    code = ask(MEI)
    said = []
    for attempt in (lambda: ask(MEI), lambda: confirm(MEI, wrong(code)), lambda: ask("not an address mei")):
        with pytest.raises(Exception) as refused:
            attempt()
        said.append(str(refused.value))

    assert not any(secret in line for secret in (MEI, "mei", code) for line in [*said, *caplog.messages])


@pytest.mark.parametrize(
    "email", ["", "mei", "mei@", "@example.com", "mei@example", "a b@example.com", "mei@exa mple.com", "梅@example.com",
              "mei@example.com\nBcc: all@example.com", "mei@example.com,lan@example.com", "m" * 250 + "@example.com"],
)  # fmt: skip
def test_what_is_no_address_gets_no_letter(ask, mailbox, email):
    with pytest.raises(Invalid) as refused:
        ask(email)

    assert refused.value.param == "email"
    assert mailbox.letters == []


@given(st.integers(min_value=0, max_value=2**64 - 1))
def test_every_draw_is_six_digits(drawn):
    assert rules.typed_code(codes._draw(lambda bits: drawn)) is not None


def test_the_letter_speaks_the_readers_language(table, clock, mailbox, randbits):
    codes.send_code(MEI, now=clock(), randbits=randbits, mailer=mailbox, secret=SECRET, language="zh")

    assert "验证码" in mailbox.letters[0].subject


def test_a_code_is_good_for_what_it_was_asked_for_alone(table, clock, randbits, mailbox):
    about = {"now": clock(), "randbits": randbits, "mailer": mailbox, "secret": SECRET, "language": "en"}
    codes.send_code(MEI, **about, about="pay to CCB 1")
    code = mailbox.last_code(MEI)
    assert "payout account" in mailbox.letters[-1].subject

    for wanted in ("pay to CCB 2", ""):
        with pytest.raises(CodeRefused):
            codes.check_code(MEI, code, now=clock(), secret=SECRET, about=wanted)
    with pytest.raises(CodeRefused):
        codes.confirm_code(MEI, code, now=clock(), randbits=randbits, secret=SECRET)
    codes.check_code(MEI, code, now=clock(), secret=SECRET, about="pay to CCB 1")
    with pytest.raises(CodeRefused):
        codes.check_code(MEI, code, now=clock(), secret=SECRET, about="pay to CCB 1")
