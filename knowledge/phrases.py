"""The fixed words around an answer, in every language an article has."""

from __future__ import annotations

from dataclasses import dataclass

from knowledge.article import Area


@dataclass(frozen=True)
class Phrases:
    """What is said around the words of an article; `{source}`, `{day}` and `{n}` are filled in.

    `unchecked` marks a translation that nobody has read yet, `in_japanese` stands over details that have none;
    `only_japanese` over an answer that was not written in this language at all.
    `pair` is how a table's head and cell are put on one line.
    """

    source: str
    checked: str
    undated: str
    about: str
    more: str
    all_sources: str
    next: str
    area: dict[Area, str]
    unsure: str
    pair: str = "{head}:{cell}"
    named: str = "{publisher}:{title}({day})"
    unchecked: str = ""
    in_japanese: str = ""
    only_japanese: str = ""


PHRASES = {
    "ja": Phrases(
        source="出典:{source}",
        checked="確かめた日:{day}",
        undated="日付なし",
        about="{day}ごろ",
        more="ほか{n}件",
        all_sources="出典",
        next="次に:{next}",
        area={
            Area.TAITO: "",
            Area.TOKYO: "※東京都の場合の答えです。",
            Area.NATIONAL: "※全国に共通する答えです。",
            Area.EXAMPLE: "※ほかの地域の例をふくみます。台東区の決まりではありません。",
        },
        unsure="※変わっているかもしれません。センターの人に確かめてください。",
    ),
    "ja-easy": Phrases(
        source="{書|か}いてあった ところ:{source}",
        checked="{確|たし}かめた {日|ひ}:{day}",
        undated="{日|ひ}は わかりません",
        about="{day}ごろ",
        more="ほか{n}",
        all_sources="{書|か}いてあった ところ",
        next="{次|つぎ}に:{next}",
        area={
            Area.TAITO: "",
            Area.TOKYO: "※{東京都|とうきょうと}の{答|こた}えです。",
            Area.NATIONAL: "※{日本|にほん}のどこでも{同|おな}じ{答|こた}えです。",
            Area.EXAMPLE: "※ほかの{町|まち}の{例|れい}があります。{台東区|たいとうく}の{決|き}まりではありません。",
        },
        unsure="※{今|いま}は{違|ちが}うかもしれません。センターの{人|ひと}に{聞|き}いてください。",
        only_japanese="※この{答|こた}えは、やさしい{日本語|にほんご}がまだありません。",
    ),
    "en": Phrases(
        source="Source: {source}",
        checked="Checked: {day}",
        undated="no date given",
        about="about {day}",
        more="and {n} more",
        all_sources="Sources",
        next="Next: {next}",
        area={
            Area.TAITO: "",
            Area.TOKYO: "Note: this is how it is in Tokyo.",
            Area.NATIONAL: "Note: this holds all over Japan.",
            Area.EXAMPLE: "Note: includes examples from other places; not rules of Taito.",
        },
        unsure="Note: this may have changed. Please confirm with our staff.",
        only_japanese="Note: this answer is in Japanese only so far. Our staff can help you.",
        pair="{head}: {cell}",
        named="{publisher}: {title} ({day})",
    ),
    "zh": Phrases(
        source="来源:{source}",
        checked="确认日期:{day}",
        undated="没有日期",
        about="{day}左右",
        more="另有{n}项",
        all_sources="来源",
        next="下一步:{next}",
        area={
            Area.TAITO: "",
            Area.TOKYO: "※这是东京都的情况。",
            Area.NATIONAL: "※这在全日本都一样。",
            Area.EXAMPLE: "※包含其他地区的例子,不是台东区的规定。",
        },
        unsure="※内容可能已有变化,请向中心的工作人员确认。",
        unchecked="本译文尚未经人工校对",
        in_japanese="详细内容只有日语。",
        only_japanese="※这个回答目前只有日语。",
    ),
    "ko": Phrases(
        source="출처: {source}",
        checked="확인한 날: {day}",
        undated="날짜 없음",
        about="{day}쯤",
        more="외 {n}건",
        all_sources="출처",
        next="다음: {next}",
        area={
            Area.TAITO: "",
            Area.TOKYO: "※도쿄도의 경우입니다.",
            Area.NATIONAL: "※일본 전국에 공통된 답입니다.",
            Area.EXAMPLE: "※다른 지역의 예가 들어 있습니다. 다이토구의 규정이 아닙니다.",
        },
        unsure="※바뀌었을 수 있습니다. 센터 직원에게 확인해 주세요.",
        pair="{head}: {cell}",
        named="{publisher}: {title} ({day})",
        unchecked="이 번역은 아직 사람이 확인하지 않았습니다",
        in_japanese="자세한 내용은 일본어로만 있습니다.",
        only_japanese="※이 답변은 아직 일본어로만 있습니다.",
    ),
}
