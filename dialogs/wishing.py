"""The talk about announcements: one page of taps that count at once, one word that stops them all, and why one came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dialogs.asking import resume, way
from dialogs.draft import Draft
from dialogs.saying import Button, Message, Weight
from dialogs.talking import ask_consent, consented, menu
from dialogs.tap import CommandTap, WishTap
from dialogs.wishes import DAYS, SEVERAL, TIMES, Often, Quiet, Wishes, WishesAsked, named, summary
from dialogs.words import Words, plain_label

RECEIVE = "receive"  # what waits for consent: the settings
OFFERED = "?wish:"  # the yes-or-no that was put: announcements of this topic
PAGE = "?page:"  # the page whose options may be typed
_PAGES = ("topic", "area", "role", "when")
CHOSEN = "✓ "
_NOT_WISHED = frozenset({"form", "base", "field", "took"})  # what an announcement may be chosen by beside wishes
# Which announcements go with an answer that helped, by the beginning of its article's name.
_GOES_WITH = {
    "events-": "events", "courses": "courses", "expert-advice": "courses", "volunteer": "volunteer",
    "groups-in-ward": "groups", "find-partner": "groups", "chokai-join": "groups", "grants-": "grants",
    "ward-grants": "grants", "local-grants": "grants", "yume-fund": "grants", "centre-rooms": "rooms",
    "free-space": "rooms", "bot-notices": "centre",
}  # fmt: skip


def settings(draft: Draft, page: str = "topic", wishes: Wishes | None = None) -> None:
    """One page of settings, with how they stand now. Every tap on it counts at once; only who agreed has any."""
    if not consented(draft):
        draft.keep(wants=RECEIVE)
        draft.say("consent.needed")
        ask_consent(draft)
        return
    words, now = draft.words, draft.around.receiving.wishes if wishes is None else wishes
    if page not in (*_PAGES, "way", "digest"):
        page = "topic"
    if draft.place is None:
        draft.keep(wants=PAGE + page)
    others = [one for one in _PAGES if one != page]
    links = [Button(words.say(f"wish_page.{one}"), str(WishTap("page", one)), Weight.WAY) for one in others]
    if len(draft.around.receiving.ways) > 1 and page != "way":
        links.append(Button(words.say("wish_page.way"), str(WishTap("page", "way")), Weight.WAY))
    if page == "when" and now.gathered:
        links.insert(0, Button(words.say("wish_page.digest"), str(WishTap("page", "digest")), Weight.WAY))
    if now.receives:
        links.append(way(words, "stop"))
    elif now.topics:
        links.insert(0, Button(words.say("wish.again"), str(WishTap("again", "all")), Weight.MAIN))
    back = (resume(draft.place, Weight.WAY),) if draft.place else (way(words, "menu"),)
    text = f"{summary(words, now)}\n{words.say(f'wish.ask_{page}')}"
    draft.messages.append(Message(text, (*_options(draft, page, now), *links, *back)))


def _options(draft: Draft, page: str, now: Wishes) -> list[Button]:
    words = draft.words
    match page:
        case "when":
            often = [one for one in Often if one is not Often.OFF]
            return [
                *(_option(words.say(f"wish_often.{one}"), WishTap("often", one), now.often is one) for one in often),
                *(_option(words.say(f"wish_quiet.{one}"), WishTap("quiet", one), now.quiet is one) for one in Quiet),
            ]
        case "digest":
            return [
                *(_option(words.say(f"wish_day.{one}"), WishTap("day", one), now.day == one) for one in DAYS),
                *(_option(words.say(f"wish_time.{one}"), WishTap("time", one), now.time == one) for one in TIMES),
            ]
        case "way":
            return [
                _option(words.say(f"channel.{channel}"), WishTap("way", str(of)), now.contact == of)
                for of, channel in draft.around.receiving.ways
            ]
        case _:
            chosen: Sequence[str] = getattr(now, SEVERAL[page])
            return [
                _option(words.say(f"wish_{page}.{code}"), WishTap(page, code), code in chosen)
                for code in words.keys(f"wish_{page}")
            ]


def _option(label: str, tap: WishTap, chosen: bool) -> Button:
    return Button((CHOSEN if chosen else "") + label, str(tap))


def pressed(draft: Draft, tap: WishTap) -> None:
    """A tap on a page of settings, under an announcement, or on what we asked; what is not offered changes nothing."""
    kind, code = tap.kind, tap.code
    if kind == "why":
        why(draft, int(code) if code.isdecimal() and len(code) < 19 else 0)  # longer ones name no row of ours
        return
    if kind == "later":
        draft.say("wish.later", way(draft.words, "menu"))
        return
    page = {"often": "when", "quiet": "when", "day": "digest", "time": "digest"}.get(kind, kind)
    if kind == "page" or not consented(draft):
        settings(draft, code if kind == "page" else page)
        return
    changed = _changed(draft, kind, code)
    if changed is not None:
        draft.do(changed)
    settings(draft, "topic" if kind == "take" else page, changed)


def _changed(draft: Draft, kind: str, code: str) -> Wishes | None:
    now, words = draft.around.receiving.wishes, draft.words
    match kind:
        case "topic" | "area" | "role" if code in words.keys(f"wish_{kind}"):
            return now.turned(kind, code)
        case "take":
            return _taken(draft, now, code)
        case "often" if code in (Often.AT_ONCE, Often.WEEKLY, Often.MONTHLY):
            return replace(now, often=Often(code)) if now.topics else None
        case "quiet" if code in tuple(Quiet):
            return replace(now, quiet=Quiet(code))
        case "day" | "time" if code in (DAYS if kind == "day" else TIMES):
            return replace(now, day=code) if kind == "day" else replace(now, time=code)
        case "way" if code in {str(of) for of, _ in draft.around.receiving.ways}:
            return replace(now, contact=int(code))
        case "again":
            return now.going()
        case _:
            return None


def _taken(draft: Draft, now: Wishes, code: str) -> Wishes | None:
    """What was offered and agreed to: a topic, or a topic and who the person is (volunteer-resident)."""
    topic, _, role = code.partition("-")
    if topic not in draft.words.keys("wish_topic"):
        return None
    taken = now.going() if topic in now.topics else now.turned("topic", topic)
    new = role in draft.words.keys("wish_role") and role not in taken.roles
    return taken.turned("role", role) if new else taken


def typed(draft: Draft, plain: str, waiting: str | None) -> str | None:
    """The tap whose words were typed, on the page of settings that was shown last."""
    if waiting is None or not waiting.startswith(PAGE) or not plain:
        return None
    now = draft.around.receiving.wishes
    for button in _options(draft, waiting.removeprefix(PAGE), now):
        if plain_label(button.label.removeprefix(CHOSEN)) == plain:
            return button.tap
    return None


def stop(draft: Draft) -> None:
    """No more announcements, from this moment: asked of nobody twice, needing no consent, undone by one tap."""
    now = draft.around.receiving.wishes
    draft.do(replace(now, stopped=True))
    again = (Button(draft.words.say("wish.again"), str(WishTap("again", "all"))),) if now.topics else ()
    draft.say("wish.halted", *again, *(() if draft.place else (way(draft.words, "menu"),)))


def stop_and_go_on(draft: Draft) -> None:
    """The same, and the question that waits is asked again."""
    stop(draft)
    if draft.place:
        draft.ask()


def halt(draft: Draft) -> None:
    """「やめる」 while no form runs: whoever receives announcements may mean those."""
    if draft.around.receiving.wishes.receives:
        draft.keep(wants="?stop")
        draft.say("wish.meant", way(draft.words, "stop", Weight.MAIN), way(draft.words, "menu"))
    else:
        menu(draft)


def offer(draft: Draft, topic: str) -> None:
    """Ask whether they want announcements of this topic: outside forms, at most once a month, and never who said no."""
    if draft.place or not consented(draft) or not draft.around.receiving.may_ask(draft.around.now):
        return
    words = draft.words
    draft.do(WishesAsked())
    draft.keep(wants=OFFERED + topic)
    yes = Button(words.say("wish.offer_yes"), str(WishTap("take", topic)), Weight.MAIN)
    no = Button(words.say("wish.offer_no"), str(WishTap("later", topic)))
    draft.say("wish.offer", yes, no, topic=words.say(f"wish_topic.{topic}"))


def offer_after(draft: Draft, article: str) -> None:
    """The same, after an answer helped that announcements go with."""
    for begins, topic in _GOES_WITH.items():
        if article.startswith(begins):
            offer(draft, topic)
            return


def decided(draft: Draft, waiting: str, *, yes: bool) -> None:
    """A typed yes or no to what was offered."""
    topic = waiting.removeprefix(OFFERED)
    pressed(draft, WishTap("take" if yes else "later", topic))


def why(draft: Draft, version: int = 0) -> None:
    """Why an announcement came: what the person chose of what it was meant for, and the way to change or stop it."""
    words, now = draft.words, draft.around.receiving.wishes
    meant = draft.around.meant(version) if version and draft.around.meant else {}
    both = [
        named(words, kind, tuple(code for code in getattr(now, SEVERAL[kind]) if code in meant.get(kind, ())))
        for kind in SEVERAL
    ]
    chosen = words.say("common.comma").join(one for one in both if one)
    ways = (_way_to_settings(words), way(words, "stop"), way(words, "menu"))
    also = f"\n{words.say('wish.why_also')}" if meant.keys() & _NOT_WISHED else ""
    if chosen and now.receives:
        draft.messages.append(Message(words.say("wish.why", chosen=chosen) + also, ways))
    elif now.receives:
        draft.messages.append(Message(f"{words.say('wish.why_any')}{also}\n{summary(words, now)}", ways))
    else:
        draft.messages.append(Message(summary(words, now), ways))
    if draft.place:
        draft.ask()


def _way_to_settings(words: Words) -> Button:
    return way(words, RECEIVE, Weight.OPTION)


def under_announcement(words: Words, version: int) -> tuple[Button, ...]:
    """What stands under every announcement to a segment of this version: why it came, and no more of them."""
    return (
        Button(words.say("command.why"), str(WishTap("why", str(version))), Weight.WAY),
        Button(words.say("command.stop"), str(CommandTap("stop")), Weight.WAY),
    )
