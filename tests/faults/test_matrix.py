"""The faults that our doubles can make, and the tests that hold each: nobody has to look for them, and none is lost."""

from __future__ import annotations

import ast
import re
from functools import cache

import pytest

from tests.house.floor import ending, parsed, text

# The twenty-five cases of the platforms' bad weather, as the list of a serious bot's duties names them.
MATRIX: dict[str, tuple[str, ...]] = {
    "duplicate": (
        "faults/test_ingress_storms.py::test_W10_the_same_event_fifty_times_at_once_is_one_message_and_one_reply",
        "faults/test_storm.py::test_W10_W14_a_shuffled_storm_over_four_processes_is_answered_once_and_in_order",
    ),
    "reordered": ("faults/test_ingress.py::test_W14_what_comes_out_of_order_is_heard_by_its_time",),
    "redelivered after its token was used": (
        "faults/test_weather.py::test_W09_what_comes_again_after_its_token_was_used_is_not_answered_again",
        "doubles/test_line_replies.py::test_redelivery_revives_no_used_token",
    ),
    "event of 21 minutes": (
        "faults/test_weather.py::test_W24_an_event_of_twenty_one_minutes_has_a_dead_token_and_is_answered_by_one_push",
        "doubles/test_line_replies.py::test_redelivery_revives_no_token_of_twenty_minutes",
    ),
    "unsend first": (
        "faults/test_weather.py::test_W14_words_taken_back_before_they_arrive_are_never_heard",
        "bot/test_conversation.py::test_unsend_before_its_message_is_never_heard",
    ),
    "unknown event, message, enum": (
        "faults/test_ingress.py::test_W17_what_is_new_or_odd_never_hurts_and_the_next_message_is_heard",
        "channels/test_line_read.py::test_W17_every_event_is_heard_as_what_it_is[new mode]",
        "faults/test_random_posts.py::test_W17_random_events_of_line_are_taken_and_nobody_is_lost",
    ),
    "batch with one bad event": ("faults/test_ingress.py::test_several_people_and_one_bad_event_in_one_post",),
    "2 s deadline": ("faults/test_weather.py::test_W22_what_line_did_not_wait_for_is_posted_again_and_heard_once",),
    "409": ("bot/test_delivery.py::test_B11_a_push_that_was_accepted_in_silence_is_known_by_409",),
    "429 of the rate": (
        "bot/test_delivery.py::test_a_head_that_must_wait_holds_back_only_its_own_person",
        "channels/test_line_push.py::test_a_push_that_fails_says_what_is_certain[too fast]",
    ),
    "429 of the month": (
        "bot/test_quota.py::test_B12_what_could_not_be_pushed_waits_for_the_person_and_is_in_nobodys_way",
        "channels/test_line_push.py::test_a_push_that_fails_says_what_is_certain[the plan is used up]",
    ),
    "500 after it was accepted": (
        "channels/test_line_send.py::test_a_reply_that_fails_is_never_doubled_and_never_pushed_blindly"
        "[answer lost after acceptance]",
        "bot/test_delivery.py::test_B11_a_push_that_was_accepted_in_silence_is_known_by_409",
    ),
    "silence after it was accepted": (
        "bot/test_delivery.py::test_S04_a_reply_that_was_accepted_in_silence_is_delivered_once",
        "bot/test_delivery_telegram.py::test_B11_no_answer_is_shown_as_unknown_and_never_sent_again",
    ),
    "200 {}": (
        "channels/test_line_send.py::test_a_reply_that_fails_is_never_doubled_and_never_pushed_blindly[unreadable 200]",
        "channels/test_line_push.py::test_a_push_that_fails_says_what_is_certain[unreadable 200]",
    ),
    "200 to who blocked us": (
        "faults/test_weather.py::test_R06_a_silent_200_to_who_blocked_us_is_called_accepted_and_never_arrived",
    ),
    "month ends within a batch": (
        "bot/test_delivery.py::test_B12_when_the_months_pushes_are_used_up_free_replies_still_go",
    ),
    "401: the access token ran out": (
        "faults/test_weather.py::test_R05_while_the_access_token_is_refused_words_wait_and_none_is_lost",
    ),
    "202: not ready yet": (
        "channels/test_fetch.py::test_a_video_or_voice_is_brought_when_line_has_got_it_ready",
        "doubles/test_line_lookups.py::test_a_voice_is_prepared_first",
    ),
    "410: taken back": (
        "channels/test_fetch.py::test_P07_what_was_taken_back_is_gone",
        "doubles/test_line_lookups.py::test_a_picture_can_be_fetched_until_it_is_withdrawn",
    ),
    "413": (
        "channels/test_line_push.py::test_a_push_that_fails_says_what_is_certain[too large]",
        "faults/test_ingress.py::test_W18_a_body_over_the_cap_is_413",
    ),
    "no user id": (
        "faults/test_weather.py::test_W17_an_event_without_anybody_in_it_is_taken_and_nobody_is_written_to",
        "channels/test_line_read.py::test_W17_every_event_is_heard_as_what_it_is[nobody]",
    ),
    "account link failed": (
        "channels/test_line_read.py::test_W17_every_event_is_heard_as_what_it_is[account link failed]",
        "faults/test_weather.py::test_W17_an_event_without_anybody_in_it_is_taken_and_nobody_is_written_to",
    ),
    "topic deleted": ("forum/test_troubles.py::test_a_deleted_topic_is_made_anew_with_the_last_words",),
    "migrate_to_chat_id": ("forum/test_troubles.py::test_a_group_that_got_another_number_is_followed",),
    "retry_after": (
        "forum/test_troubles.py::test_retry_after_is_obeyed_to_the_second",
        "bot/test_delivery_telegram.py::test_too_fast_waits_as_long_as_telegram_says",
    ),
}
# A07 is for people with NVDA, VoiceOver and TalkBack: its tests hold the script of their ten tasks, and nothing more.
FAULTS = [
    f"{letter}{number:02}"
    for letter, last in (("W", 25), ("C", 35), ("R", 15), ("A", 7))
    for number in range(1, last + 1)
]
PAGES = {"/".join(path.parts[1:]): path for path in ending(".py", under=("tests",)) if path.name.startswith("test_")}


def names(page: str) -> set[str]:
    """The tests on this page."""
    defined = ast.walk(parsed(PAGES[page])) if page in PAGES else iter(())
    return {node.name for node in defined if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


@cache
def named() -> set[str]:
    """Every part of a name of a test."""
    return {part for page in PAGES for name in names(page) if name.startswith("test_") for part in name.split("_")}


def test_the_matrix_has_its_twenty_five_cases() -> None:
    assert len(MATRIX) == 25


@pytest.mark.parametrize("held_by", MATRIX.values(), ids=MATRIX)
def test_every_case_of_the_matrix_is_held_by_tests_that_exist(held_by: tuple[str, ...]) -> None:
    for test in held_by:
        page, name, case = re.fullmatch(r"(.+)::(\w+)(?:\[(.+)\])?", test).groups()  # type: ignore[union-attr]
        assert name in names(page), test
        assert not case or f'"{case}"' in text(PAGES[page]), test


@pytest.mark.parametrize("fault", FAULTS)
def test_every_fault_of_the_list_has_a_test_by_its_name(fault: str) -> None:
    assert fault in named()
