"""One person's waiting messages while they are heard: what will be said, kept and done, before anything is written."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

from bot.gathered import OWN, Kept, Moment, Out, carried_by, chat_of, home_of
from bot.menus import LARGER, SIZES
from bot.mind import Mind
from bot.openings import Applicant, opening_of, receipt_of
from dialogs.around import LIVING, Around, Code, OpenCase
from dialogs.codes import read_code
from dialogs.deeds import Alarm, Deed, Filed, ForgetMe, TellMine, Turn, moves
from dialogs.heard import LINKED, Came, Corrected, Heard, Left, Showed, Tapped, Thing, Typed, Withdrew
from dialogs.heard import to_json as heard_json
from dialogs.saying import Button, Message, Weight
from dialogs.session import Session
from dialogs.stopping import stops
from dialogs.turn import turn
from storage.cases import CaseHead, Opening, draw_ref
from storage.inbox import Waiting
from storage.people import Person
from storage.talk import Author, Way

BOT = "bot"
HARVEST = "z:answer"  # the tap under an interim answer: it brings a right to a free reply
FETCHED = frozenset({Thing.PICTURE, Thing.VIDEO, Thing.VOICE, Thing.FILE})
JOINING = frozenset({"join", "join_sure", "join_not", "part", "part_sure"})
RIGHTS = (
    frozenset({"forget", "forget_sure", "refuse", "language", "stop"}) | JOINING
)  # every language, too: they always work


@dataclass
class Visit:
    """Gathers what the messages of one person lead to; nothing here touches the database."""

    mind: Mind
    person: Person
    case: CaseHead | None
    session: Session = field(default_factory=Session)
    openings: list[Opening] = field(default_factory=list)  # the first opens a case if none is, the others go into it
    opened_by: Deed | None = None
    released: bool = False
    forgotten: bool = False
    reachable: dict[int, bool] = field(default_factory=dict)
    moved: dict[int, datetime] = field(default_factory=dict)
    kept: list[Kept] = field(default_factory=list)
    outs: list[Out] = field(default_factory=list)
    deeds: list[tuple[Deed, Waiting]] = field(default_factory=list)
    withdrawn: list[tuple[Waiting, str]] = field(default_factory=list)
    corrected: list[tuple[Waiting, Corrected]] = field(default_factory=list)
    large: bool | None = None  # the size of the menu that was asked for
    came: bool = False  # added us, or let us in again
    readdressed: tuple[Waiting, str] | None = None  # a group that has another address now
    _worth: tuple[Heard, Code] | None = None
    unused: Waiting | None = None  # the last event whose free reply nobody needed
    harvested: Waiting | None = None

    def __post_init__(self) -> None:
        self.session = Session.from_json(self.person.session)

    def hear(self, waiting: Waiting, heard: Heard, moment: Moment) -> None:
        """One message: to the coordinator while one holds the case, else one turn of the engine.

        Whoever refused that anything is kept is answered by the engine: nothing of theirs can reach a coordinator.
        """
        match heard:
            case Withdrew(said_id):
                self.withdrawn.append((waiting, said_id))
                return
            case Corrected():
                self.corrected.append((waiting, heard))
                return
        self._reach(waiting, heard)
        match heard:
            case Left():
                return
            case Tapped(raw) if raw in SIZES:
                self.large = raw == LARGER
                return
            case Tapped(raw) if raw == HARVEST:
                self.harvested, self.unused = waiting, carried_by(self.outs, waiting, moment)
                return
            case _:
                self.came = self.came or isinstance(heard, Came)
        self.unused = waiting if waiting.reply_token and moment.fresh(waiting) else self.unused
        held = self.case and self.case.holder is not None and not self.released
        if held and not self.session.refused:
            self._to_coordinator(waiting, heard, moment)
        else:
            self._to_engine(waiting, heard, moment)

    def _reach(self, waiting: Waiting, heard: Heard) -> None:
        """Whoever does anything is there, until they block us. What is older than the newest coming or leaving tells
        nothing about it: platforms repeat and overtake.
        """
        of = waiting.contact_id
        known = (one.moved_at for one in self.person.contacts if one.id == of)
        newest = self.moved.get(of) or next(known, None)
        if newest is not None and waiting.at < newest:
            return
        self.reachable[of] = not isinstance(heard, Left)
        if isinstance(heard, Came | Left):
            self.moved[of] = waiting.at

    def _to_coordinator(self, waiting: Waiting, heard: Heard, moment: Moment) -> None:
        """The bot is silent; only the person's own wish for the bot, a right of theirs, or danger makes it speak."""
        if isinstance(heard, Showed) and heard.caption:
            self._keep_in(waiting, heard, moment)
            heard = Typed(heard.caption)
        wish = self.mind.wish(heard)
        if self._code(heard, moment) in LIVING or self.mind.besides(heard):
            self._take(self._quietly(self._turn(heard, waiting, moment)), waiting, moment)
            return
        if wish == BOT:
            self.released = True
            self._keep_in(waiting, heard, moment)
            self._take(self._turn(Tapped(f"m:{BOT}"), waiting, moment), waiting, moment)
            return
        if wish in RIGHTS or wish in self.mind.house.library:
            self._take(self._right(wish or "", waiting, moment), waiting, moment)
            if self.session.consented:
                self._keep_in(waiting, heard, moment)
            return
        if heard != LINKED:  # nothing that they did, and nothing for a coordinator
            self._keep_in(waiting, heard, moment)
        if self._urgent(heard):
            self._take(self._turn(heard, waiting, moment), waiting, moment)

    def rewrote(self, waiting: Waiting, text: str, moment: Moment) -> None:
        """Other words stand in an earlier message now. Danger is answered like any; else whoever has a case is heard
        by its coordinator, and only a person with nobody but the bot is told how the new words can count.
        """
        heard = Typed(text)
        if self._urgent(heard):
            made = self._turn(heard, waiting, moment)
            self._open(made, waiting)
            self._take(made, waiting, moment)
        elif stops(text):
            self._take(self._right("stop", waiting, moment), waiting, moment)
        elif self._open_case() is None:
            words = self.mind.house.library[self.session.language]
            key = "problem.edited_answer" if self.session.flow else "problem.edited"
            way = Button(words.say("command.person"), "m:person", Weight.WAY)
            self.say((Message(words.say(key), (way,)),), waiting, moment)

    def _urgent(self, heard: Heard) -> bool:
        return self.mind.danger(heard, self.session.language) is not None

    def _right(self, wish: str, waiting: Waiting, moment: Moment) -> Turn:
        """What the engine answers to it, without the form or the menu after it: the person talks with somebody.

        No yes-or-no is left open: a yes from now on is meant for the coordinator and must not forget everything.
        """
        return self._quietly(self._turn(Tapped(f"m:{wish}"), waiting, moment))

    def _quietly(self, made: Turn) -> Turn:
        asked = made.session.wants and made.session.wants.startswith("?")
        session = made.session.kept(wants=None) if asked else made.session
        return replace(made, session=session, messages=made.messages[:1])

    def _to_engine(self, waiting: Waiting, heard: Heard, moment: Moment) -> None:
        if isinstance(heard, Showed) and heard.caption:
            self._captioned(waiting, heard, moment)
            return
        made = self._turn(heard, waiting, moment)
        self._open(made, waiting)
        if made.session.consented and not isinstance(heard, Came):
            self._keep_in(waiting, heard, moment)
        self._take(made, waiting, moment)

    def _captioned(self, waiting: Waiting, heard: Showed, moment: Moment) -> None:
        """What stands under a picture is words like any; what becomes of the picture is said first, but for danger."""
        words, met = Typed(heard.caption), self.session.met
        made = self._turn(words, waiting, moment)
        self._open(made, waiting)
        self.session = made.session
        if made.session.consented:
            self._keep_in(waiting, words, moment)
            self._keep_in(waiting, heard, moment)
        gone = any(isinstance(deed, ForgetMe) for deed in made.deeds)
        if met and not gone and not self._urgent(words):
            about = self._turn(replace(heard, caption=""), waiting, moment)
            made = replace(made, messages=(*about.messages[:1], *made.messages))
        self._take(made, waiting, moment)

    def _turn(self, heard: Heard, waiting: Waiting, moment: Moment) -> Turn:
        local, open_case, now = self.mind.local(moment.now), self._open_case(), self.session
        around = Around(
            now=local,
            ref=open_case.ref if open_case else draw_ref(),
            found=self.mind.danger(heard, now.language),
            asking=self.mind.asking(heard),
            code=self._code(heard, moment),
            joined=self.person.joined,
            stale=moment.stale(self.person.id, self.mind.answer(heard)),
            meeting=moment.meeting(self.person.id, self.mind.answer(heard)),
            later=partial(self.mind.look, heard, now.language, local.date(), now.answered, moment.learnt),
            shelves=moment.shelves_for(self.person),
            own=waiting.channel in OWN,
            promise=moment.promised(self.case),
            receives=partial(moment.receiving, self.person.id, [deed for deed, _ in self.deeds]),
            meant=moment.meant,
            open_case=open_case if self.session.consented else None,
        )
        return turn(self.mind.house, self.session, heard, around)

    def _code(self, heard: Heard, moment: Moment) -> Code | None:
        """What words are worth that could be a code of another channel; asked once for each message."""
        signs = read_code(heard.text) if isinstance(heard, Typed) else None
        if signs is None or moment.worth is None:
            return None
        if self._worth is None or self._worth[0] is not heard:
            self._worth = (heard, moment.worth(signs, self.person.id))
        return self._worth[1]

    def _open_case(self) -> OpenCase | None:
        if self.case:
            return OpenCase(self.case.ref, self.case.holder is not None)
        return OpenCase(self.openings[0].ref, claimed=False) if self.openings else None

    def _open(self, made: Turn, waiting: Waiting) -> None:
        """Note the case that this turn opens or adds to, so that what is said from here on belongs to it."""
        words = self.mind.house.library[made.session.language]
        applicant = Applicant(self.person, home_of(self.person, waiting), words)
        for deed in made.deeds:
            opening = opening_of(deed, applicant)
            if opening and self._open_case() is None:
                self.opened_by = deed
                self.openings.append(opening)
            elif opening and isinstance(deed, Filed):
                self.openings.append(opening)

    def _keep_in(self, waiting: Waiting, heard: Heard, moment: Moment) -> None:
        """Keep what the person did. Of a picture or place that nobody will look at, only that there was one."""
        secret = self._worth is not None and self._worth[0] is heard and self._worth[1] in LIVING
        in_case, source = self._open_case() is not None and not secret, ""
        if isinstance(heard, Showed):
            source = heard.ref if in_case and heard.thing in FETCHED else ""
            heard = replace(heard, ref="", caption="") if in_case else Showed(heard.thing)
        self.kept.append(Kept(waiting.at, Way.IN, Author.PERSON, heard_json(heard), waiting, in_case, None, source))

    def _take(self, made: Turn, waiting: Waiting, moment: Moment) -> None:
        """Take over the new session, and what is to be said and done."""
        self.session = made.session
        self.deeds += [(deed, waiting) for deed in made.deeds]
        self.forgotten = self.forgotten or any(isinstance(deed, ForgetMe) for deed in made.deeds)
        if made.messages:
            urgent = any(isinstance(deed, Alarm) for deed in made.deeds)
            words = self.mind.house.library[made.session.language]
            receipt = next((receipt_of(deed, made, words) for deed in made.deeds if isinstance(deed, Filed)), ())
            self.say(made.messages, waiting, moment, receipt)
            if urgent and self.outs:
                self.outs[-1] = replace(self.outs[-1], urgent=True)

    def changed_reach(self) -> list[int]:
        """The contacts that blocked us or came back."""
        known = {contact.id: contact.reachable for contact in self.person.contacts}
        return [of for of, yes in self.reachable.items() if known.get(of) is not yes or of in self.moved]

    def say(
        self, messages: tuple[Message, ...], waiting: Waiting, moment: Moment, receipt: tuple[Message, ...] = ()
    ) -> None:
        """Words for the contact that wrote. On our own pages the talk itself is the delivery.

        `receipt` goes to the chat as well, for somebody who wrote on our own page and came from there. Who was just
        forgotten has no talk any more to read it in.
        """
        parcel, chat = None, chat_of(self.person, waiting)
        if waiting.channel not in OWN or self.forgotten:
            parcel, self.unused = len(self.outs), None if self.unused is waiting else self.unused
            self.outs.append(Out.answering(messages, waiting, moment.now))
        elif receipt and chat:
            parcel = len(self.outs)
            self.outs.append(Out(receipt, chat))
        in_case = self._open_case() is not None
        for message in messages:
            self.kept.append(Kept(moment.now, Way.OUT, Author.BOT, message.to_json(), waiting, in_case, parcel))

    @property
    def moves(self) -> bool:
        """Whether channels are joined or parted, or a case opens again: what waits behind it is heard as it is then."""
        return any(moves(deed) for deed, _ in self.deeds)

    @property
    def tells_mine(self) -> bool:
        """Whether the person asked what is kept about them."""
        return any(isinstance(deed, TellMine) for deed, _ in self.deeds)
