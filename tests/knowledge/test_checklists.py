"""The checklists of the centre: every topic of the form has one, and a wrong file names its mend."""

from __future__ import annotations

from pathlib import Path

import pytest

from dialogs.flows.consultation import Trouble
from knowledge.checklists import WrongList, lists


def test_every_topic_has_its_own_items_after_those_for_all_and_no_other() -> None:
    found = lists()
    assert set(found.topics) == {one.value for one in Trouble} - {"other"}
    for one in found.topics:
        keys = [item.key for item in found.of((one,))]
        assert keys[: len(found.every)] == [item.key for item in found.every]
        assert len(keys) > len(found.every)
    both = found.of(("money", "event", "money"))
    assert len(both) == len({item.key for item in both})
    assert found.of(("unheard",)) == list(found.every)


@pytest.mark.parametrize(
    ("text", "mend"),
    [
        ('[every]\nGoal = "x"', "small letters"),
        ('[money]\nuse = ""', "write what"),
        ("[money]\nuse = 3", "write what"),
        (f'[money]\nuse = "{"あ" * 81}"', "at most 80"),
    ],
)
def test_a_wrong_list_says_where_and_what_to_do(tmp_path: Path, text: str, mend: str) -> None:
    file = tmp_path / "lists.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(WrongList, match=mend):
        lists(file)


def test_an_item_says_what_is_to_be_done_in_up_to_eighty_signs(tmp_path: Path) -> None:
    file = tmp_path / "lists.toml"
    file.write_text(f'[every]\ngoal = "めあて"\n[money]\nuse = "{"あ" * 80}"', "utf-8")
    assert [(item.key, item.text) for item in lists(file).of(("money",))] == [("goal", "めあて"), ("use", "あ" * 80)]
