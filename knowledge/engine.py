"""One question against one index: find, order, judge, decide. Pure, and safe in many threads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from knowledge.actions import only_looked_up
from knowledge.answer import card_for, joined_card, sisters_card
from knowledge.answered import Answered, Card, Hit, Kept, Outcome, Redirect
from knowledge.bases import TERM_OVER, why_stopped
from knowledge.confidence import Coefficients, Ranked, guide_first
from knowledge.documents import Document, bare_name, bracket_of
from knowledge.doors import Doors
from knowledge.followups import OFFICE_ONLY, GoingOn, follow, may_go_on
from knowledge.index import Index
from knowledge.known import Known
from knowledge.lists import Asked, list_asked, list_card, on_list
from knowledge.matching import Matcher, valid_on
from knowledge.matters import asked_again
from knowledge.models import Kind
from knowledge.question import NAMES_NOTHING, Question, is_han
from knowledge.said import SHOWN, Said, said_in
from knowledge.slots import asks_plainly
from knowledge.smalltalk import small_talk, suggests
from knowledge.tariffs import Band, head_of, total_said, with_total
from knowledge.text import normalise, without_fillers
from knowledge.variants import Families, family_of, sisters

HITS = 10
PICKED = 9  # of a list by status, by a bare number
LISTED = 0.97  # a list that is asked for is what the catalogue itself says
ELSEWHERE = 0.5  # is left of the probability: another's matter, none named, only a place to look
OURSELVES = "ourselves"  # small talk about the bureau, unless a written answer tells of it
OURS = 0.4  # from this probability on, a matter whose name holds another's word is still ours
SUGGESTION_BOX = "建言献策"


@dataclass(frozen=True, slots=True)
class Alone:
    """A message by itself: its answer with nothing before it; what it is if it may go on."""

    answered: Answered
    going_on: GoingOn | None = None


def _no_question(talk: str) -> Alone:
    """What needs no entry, and is answered by a sentence of its own."""
    return Alone(Answered("unknown", (), "general", 0.0, small_talk=talk))


@dataclass(frozen=True, slots=True)
class Engine:
    """Everything needed to answer, built aside and swapped whole."""

    version: int
    index: Index
    matcher: Matcher
    entries: Mapping[str, Known]
    doors: Doors
    coefficients: Coefficients
    families: Families = field(default_factory=dict)

    def ask(self, text: str, today: date, keep: Kept | None) -> Answered:
        """The outcome of one message."""
        return self.after(self.alone(text, today), today, keep or Kept())

    def after(self, alone: Alone, today: date, keep: Kept) -> Answered:
        """The outcome of a message read alone, after what the dialog kept of the last one."""
        answered = alone.answered
        if alone.going_on and keep.matter:
            followed = follow(alone.going_on, keep, self, today)
            if followed:
                return self._answered(followed.question, followed.ranked, today, Said(), keep)
        if answered.small_talk:
            return replace(answered, keep=keep)
        if answered.outcome == "unknown":
            return replace(answered, keep=replace(keep, misses=keep.misses + 1))
        return answered

    def alone(self, text: str, today: date) -> Alone:
        """One message by itself; the same for everybody who sends it on this day."""
        said = normalise(text)
        plain = without_fillers(said)
        talk = small_talk(plain)
        if talk and talk != OURSELVES:
            return _no_question(talk)
        listed = list_asked(plain)
        found = on_list(listed, self.entries.values()) if listed else []
        if listed and found:
            return Alone(self._listed(listed, found, plain))
        telling, slots = asked_again(plain)
        question = self.index.reader.read(telling, today)
        if slots:
            question = replace(question, slot=slots[0])
        readable = self._is_readable(question)
        ranked = self.rank(question) if readable else []
        if talk and not self._tells(ranked):
            return _no_question(talk)
        meant = said_in(question, plain, slots, ranked, self, today)
        answered = self._answered(question, ranked, today, meant)
        return Alone(answered, may_go_on(plain, question, ranked) if readable else None)

    def _tells(self, ranked: Sequence[Ranked]) -> bool:
        """Whether a written answer tells of the bureau itself; guides and fees never do."""
        best = ranked[0] if ranked else None
        sure = best is not None and best.probability >= self.coefficients.choose_from
        return sure and ranked[0].document.kind == Kind.FAQ

    def _is_readable(self, question: Question) -> bool:
        """False for letters of which some entry or everyday word knows none: DROP TABLE x."""
        if any(map(is_han, question.text)):
            return True
        words = [word for word in question.text.split() if word.isalpha()]
        known = self.index.names.frequency
        return all(known(word) or self.index.lexicon.knows(word) for word in words)

    def _listed(self, asked: Asked, found: Sequence[Known], plain: str) -> Answered:
        """The whole list; a number picks one of the first nine."""
        hits = tuple(Hit(e.id, e.kind, e.title, LISTED) for e in found[:HITS])
        keep = Kept(tuple(entry.id for entry in found[:PICKED]), question=plain)
        card = list_card(asked, found)
        return Answered("answer", hits, "general", LISTED, cards=(card,), keep=keep)

    def rank(self, question: Question, matter: str = "", lift: float = 0.0) -> list[Ranked]:
        """The hits of a question with probabilities, best first.

        matter: the entry talked about, put among the candidates and lifted in rank.
        """
        found = self.index.first_look(question, always=self.index.place.get(matter))
        matches = self.matcher.look(question, found)
        ranked = self.coefficients.judge(question, matches, HITS, matter, lift)
        return guide_first(ranked, question.slot) if question.slot in OFFICE_ONLY else ranked

    def why(self, text: str, answered: Answered, today: date) -> tuple[str, ...]:
        """The words of a message that its first hit covers: for people who ask why."""
        if not answered.hits:
            return ()
        document = self.index.documents[self.index.place[answered.hits[0].id]]
        question = self.index.reader.read(without_fillers(normalise(text)), today)
        return self.matcher.words(question, document)

    def card(self, key: str, slot: str, today: date) -> Card | None:
        """One entry's answer; None when there is no such entry."""
        entry = self.entries.get(key)
        return card_for(entry, slot, today) if entry else None

    def _answered(
        self,
        question: Question,
        ranked: list[Ranked],
        today: date,
        said: Said,
        before: Kept | None = None,
    ) -> Answered:
        """before: what the dialog kept, when the question goes on from it."""
        redirect = None if said.parts else self.redirect(question, ranked)
        redirect = said.beside[0][1] if said.beside and not said.parts else redirect
        nameless = question.content < NAMES_NOTHING and not (before or said.parts)
        looked_up = ranked and only_looked_up(ranked[0].document.title, question.text)
        if redirect or nameless or looked_up:
            ranked = [r._replace(probability=r.probability * ELSEWHERE) for r in ranked]
        outcome = self._outcome(ranked, redirect)
        hits = tuple(
            Hit(d.id, d.kind, d.title, round(r.probability, 4))
            for r in ranked
            for d in (r.document,)
        )
        slot = self.slot(question, ranked, before.slot if before else "")
        slot = said.parts[0].slot if said.parts else slot
        cards = self._cards(question, ranked, slot, said, today) if outcome == "answer" else ()
        return Answered(
            outcome=outcome,
            hits=hits,
            slot=slot,
            confidence=hits[0].score if hits else 0.0,
            cards=cards,
            redirect=redirect if outcome == "unknown" else None,
            beside=said.beside if outcome != "choose" else (),
            followed=before is not None,
            keep=_kept(outcome, hits, slot, question, before),
        )

    def _outcome(self, ranked: Sequence[Ranked], redirect: Redirect | None) -> Outcome:
        best = ranked[0].probability if ranked else 0.0
        if best >= self.coefficients.answer_from:
            return "answer"
        return "choose" if best >= self.coefficients.choose_from and not redirect else "unknown"

    def redirect(self, question: Question, ranked: Sequence[Ranked]) -> Redirect | None:
        """Whose matter a question is, when it is not ours."""
        if suggests(question.text):
            return Redirect(SUGGESTION_BOX, to_us=True)
        sure = bool(ranked) and ranked[0].probability >= OURS
        if not sure:
            return self.doors.find(question.text, "")
        best = ranked[0].document
        certain = ranked[0].probability >= self.coefficients.answer_from
        return self.doors.find(question.text, "|".join(best.names), best.body, certain)

    def slot(self, question: Question, ranked: Sequence[Ranked], before: str = "") -> str:
        """What is asked of the best hit; before: the slot of the message before."""
        if question.slot == "general" and before:
            return before
        priced = bool(ranked) and ranked[0].document.kind == Kind.FEE
        if priced and (question.slot == "general" or not asks_plainly(question.text)):
            return "fee"
        return question.slot

    def _cards(
        self,
        question: Question,
        ranked: Sequence[Ranked],
        slot: str,
        said: Said,
        today: date,
    ) -> tuple[Card, ...]:
        """What is said: two matters each with its slot, all sisters, or one with all its slots."""
        if said.parts:
            each = [self._cards(p.question, p.ranked, p.slot, Said(), today) for p in said.parts]
            return tuple(card for cards in each for card in cards)
        best = ranked[0].document
        alike = sisters(question, best, self.families, today)
        if alike and best.kind != Kind.GUIDE:
            known = [self._known(d, question) for d in alike]
            return (sisters_card(known, bare_name(best.title), slot, today),)
        if alike and len(alike) <= SHOWN:
            return tuple(card_for(self._known(d, question), slot, today) for d in alike)
        told = [
            (self._known(self._teller(ranked, name), question), name)
            for name in said.slots or (slot,)
        ]
        card = joined_card(told, today)
        return (with_total(card, self._total(question, best)) if slot == "fee" else card,)

    def _known(self, document: Document, question: Question) -> Known:
        """What is said of an entry: of a time that it held for, though it holds no longer."""
        entry, day = self.entries[document.id], question.as_of
        if day and entry.stopped_by and why_stopped(entry.stopped_by) == TERM_OVER:
            return replace(entry, stopped_by="") if valid_on(document, day) else entry
        return entry

    def _total(self, question: Question, best: Document) -> str:
        """What all steps of the best entry's tariff come to for the amount asked."""
        head = head_of(bracket_of(best.title))
        bands = [
            Band(span, self.entries[d.id].text("rate_text"))
            for d in family_of(best, self.families)
            if head and head_of(bracket_of(d.title)) == head
            for span in d.spans
        ]
        return total_said(bands, question.amounts, question.text)

    def _teller(self, ranked: Sequence[Ranked], slot: str) -> Document:
        """Who answers a slot of the best hit's matter: its guide knows the papers and days."""
        best = ranked[0].document
        if slot in OFFICE_ONLY and best.kind != Kind.GUIDE:
            for other in ranked[1:]:
                document = other.document
                if document.kind == Kind.GUIDE and document.bare == best.bare:
                    return document
        return best


def _kept(
    outcome: str, hits: tuple[Hit, ...], slot: str, question: Question, before: Kept | None
) -> Kept:
    if outcome == "unknown":
        known = before or Kept()
        return replace(known, misses=known.misses + 1)
    shown = tuple(hit.id for hit in hits[:SHOWN]) if outcome == "choose" else ()
    base = before.question if before else question.text
    return Kept(shown, hits[0].id, slot, base, sure=outcome == "answer")
