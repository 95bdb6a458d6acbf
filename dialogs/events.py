"""What is on: up to three cards that fit, with the way to sign up, to look closer, to the calendar and to the map."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from dialogs import greeting, running
from dialogs.asking import resume, way
from dialogs.dates import say_moment, say_time
from dialogs.deeds import EventWish
from dialogs.draft import Draft
from dialogs.happening import Happening, Wanted, sought
from dialogs.saying import Button, Link, Message, Weight
from dialogs.tap import EventAct, EventTap, StartTap
from dialogs.words import Words

FLOW, OFFER = "sign_up", "event_offer"
AT_ONCE = 3
_MAP = "https://www.google.com/maps/search/?api=1&query="


def on_shelf(draft: Draft) -> list[Happening]:
    """All dates to come, the next first."""
    return [one for one in draft.around.shelves.get("events", ()) if isinstance(one, Happening)]


def everything(draft: Draft) -> None:
    """The next events, whatever they are."""
    show(draft, Wanted(), 0)


def mine(draft: Draft) -> None:
    """What the person has signed up for: filled in by whoever can see the store."""
    draft.do(EventWish(EventAct.MINE, ""))


def heard(draft: Draft, text: str) -> bool:
    """Whether typed words looked for events, now answered."""
    before = Wanted.from_json(draft.session.finding) if draft.session.finding is not None else None
    wanted = sought(text, on_shelf(draft), before)
    if wanted is None:
        return False
    show(draft, wanted, 0)
    return True


def pointed(draft: Draft, word: str) -> bool:
    """Show the event of a poster (`event-NUMBER`). Whether that is all there is to say: who is new is greeted, too."""
    number = word.removeprefix("event-")
    if number == word:
        return False
    one = next((one for one in on_shelf(draft) if one.url.endswith(f"/events/{number}")), None)
    if draft.session.met:
        _details(draft, one.key if one else "")
    elif one is not None:
        draft.messages.append(card(one, draft.words))
    return draft.session.met


def pressed(draft: Draft, tap: EventTap) -> None:
    """A button of an event, however old."""
    wanted = Wanted.from_json(draft.session.finding)
    match tap.act:
        case EventAct.MORE:
            show(draft, wanted, int(tap.key) if tap.key.isdecimal() else 0)
        case EventAct.NARROW:
            show(draft, _narrowed(wanted, tap.key), 0)
        case EventAct.SHOW:
            _details(draft, tap.key)
        case EventAct.JOIN:
            _join(draft, tap.key)
        case _:
            draft.do(EventWish(tap.act, tap.key, tap.said))


def _narrowed(wanted: Wanted, key: str) -> Wanted:
    match key:
        case "weekend":
            return Wanted("weekend", wanted.targets, wanted.free, wanted.near)
        case "free":
            return Wanted(wanted.when, wanted.targets, True, wanted.near)
        case "children":
            return Wanted(wanted.when, ("children",), wanted.free, wanted.near)
        case _:
            return Wanted()


def show(draft: Draft, wanted: Wanted, start: int) -> None:
    """Three of what fits, and the ways to more of it or to less."""
    today = draft.around.now.date()
    found = [one for one in on_shelf(draft) if wanted.fits(one, today)]
    draft.keep(finding=wanted.to_json())
    shown = found[start : start + AT_ONCE]
    draft.messages += [card(one, draft.words) for one in shown]
    _tail(draft, wanted, (start + len(shown), len(found)))


def _tail(draft: Draft, wanted: Wanted, seen: tuple[int, int]) -> None:
    words, (shown, count) = draft.words, seen
    buttons = []
    if shown < count:
        buttons.append(_button(words, "more", EventTap(EventAct.MORE, str(shown)), Weight.MAIN))
    if count:
        given = {"weekend": wanted.when, "free": wanted.free, "children": wanted.targets}
        free = [key for key in given if not given[key]]
        buttons += [_button(words, key, EventTap(EventAct.NARROW, key), Weight.WAY) for key in free]
    if wanted != Wanted():
        buttons.append(_button(words, "all", EventTap(EventAct.NARROW, "all"), Weight.WAY))
    back = (resume(draft.place, Weight.WAY),) if draft.place else ()
    offer = Button(words.say("events.bring"), str(StartTap(OFFER)), Weight.WAY)
    ways = (*buttons, offer, *back, way(words, "menu"), way(words, "person"))
    if count:
        draft.say("events.seen", *ways, shown=shown, count=count)
    else:
        draft.say("shelf.no_events" if wanted == Wanted() else "events.none", *ways)


def card(one: Happening, words: Words) -> Message:
    """What one must know, and what one can do."""
    lines = [words.say("events.title", title=one.label), when(one, words)]
    if one.place:
        lines.append(words.say("events.place", place=one.place))
    if one.free or one.cost:
        lines.append(words.say("events.no_cost") if one.free else words.say("events.cost", cost=one.cost))
    if one.left is not None:
        lines.append(words.say("events.left", count=one.left) if one.left else words.say("events.full"))
    return Message("\n".join(lines), (*_join_button(one, words), _look(one, words)), links=links(one, words))


def _details(draft: Draft, key: str) -> None:
    one = next((one for one in on_shelf(draft) if one.key == key), None)
    words = draft.words
    back = (resume(draft.place, Weight.WAY),) if draft.place else ()
    ways = (*back, _button(words, "list", EventTap(EventAct.MORE, "0"), Weight.WAY), way(words, "menu"))
    if one is None:
        draft.say("events.gone", *ways)
        return
    about = one.easy if words.language == "ja-easy" and one.easy else one.about
    lines = [card(one, words).text]
    if one.organiser:
        lines.append(words.say("events.by", organiser=one.organiser))
    lines += [words.say(f"events.{name}", said=said) for name, said in _ways_there(one) if said]
    for key_, options in (("target", one.targets), ("help", one.helps)):
        if options:
            said = words.say("common.comma").join(words.say(f"events.{key_}.{option}") for option in options)
            lines.append(words.say(f"events.{key_}s", said=said))
    lines += [text for text in (one.note, about) if text]
    draft.messages.append(Message("\n".join(lines), (*_join_button(one, words), *ways), links=links(one, words)))


def _ways_there(one: Happening) -> tuple[tuple[str, str], ...]:
    return ("access", one.access), ("contact", one.contact)


def _join(draft: Draft, key: str) -> None:
    flow = draft.house.flows[FLOW]
    one = next((one for one in on_shelf(draft) if one.key == key and one.joins), None)
    if one is None:
        draft.say("events.gone", way(draft.words, "events"), way(draft.words, "menu"))
    elif not greeting.may_start(draft):
        greeting.want_start(draft, flow)
    else:
        running.start(draft, flow, {"event": key})


def when(one: Happening, words: Words) -> str:
    """From when to when, as people say it."""
    start = say_moment(one.starts, words)
    end = say_time(one.ends, words) if one.ends.date() == one.starts.date() else say_moment(one.ends, words)
    return words.say("events.when", start=start, end=end)


def links(one: Happening, words: Words) -> tuple[Link, ...]:
    """The calendar, the map, the page."""
    found = [Link(words.say("events.calendar"), f"{one.url}.ics")] if one.url else []
    if one.place:
        found.append(Link(words.say("events.map"), _MAP + quote(one.place, safe="")))
    return tuple(found)


def _join_button(one: Happening, words: Words) -> Sequence[Button]:
    if not one.joins:
        return ()
    key = "join" if one.left != 0 else "wait"
    return (_button(words, key, EventTap(EventAct.JOIN, one.key), Weight.MAIN),)


def _look(one: Happening, words: Words) -> Button:
    return _button(words, "look", EventTap(EventAct.SHOW, one.key), Weight.OPTION)


def _button(words: Words, key: str, tap: EventTap, weight: Weight) -> Button:
    return Button(words.say(f"events.{key}"), str(tap), weight)
