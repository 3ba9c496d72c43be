"""One question against one index: find, order, judge, decide. Pure, and safe in many threads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from knowledge.answer import Known, card_for
from knowledge.answered import Answered, Card, Hit, Kept, Outcome, Redirect
from knowledge.confidence import Coefficients, Ranked, topic_of
from knowledge.doors import Doors
from knowledge.followups import Followed, follow
from knowledge.index import Index
from knowledge.matching import Matcher
from knowledge.matters import parts_of
from knowledge.models import Kind
from knowledge.question import Question
from knowledge.smalltalk import small_talk, suggests
from knowledge.text import normalise, without_fillers

SHOWN = 3
HITS = 10
ELSEWHERE = 0.5  # of the probability is left when the matter seems to be another department's
SUGGESTION_BOX = "建言献策"
TWO_MATTERS = 0.5  # the second matter of a message is answered from this probability on


@dataclass(frozen=True, slots=True)
class Engine:
    """Everything needed to answer, built aside and swapped whole."""

    version: int
    index: Index
    matcher: Matcher
    entries: Mapping[str, Known]
    doors: Doors
    coefficients: Coefficients

    def ask(self, text: str, today: date, keep: Kept | None) -> Answered:
        """The outcome of one message."""
        plain = without_fillers(normalise(text))
        talk = small_talk(plain) if normalise(text) else "garbage"
        if talk:
            return Answered("unknown", (), "general", 0.0, small_talk=talk, keep=keep or Kept())
        question = self.index.reader.read(text, today)
        ranked = self.rank(question)
        followed = None
        if keep and keep.matter:
            followed = follow(text, question, ranked, keep, self, today)
        if followed:
            question, ranked = followed.question, followed.ranked
        second = self._second(text, ranked, today) if not followed else None
        return self._answered(question, ranked, today, keep or Kept(), followed, second)

    def _second(self, text: str, ranked: list[Ranked], today: date) -> Ranked | None:
        """The best hit of the other matter of a message; it joins the hits. None for one matter."""
        tops: list[Ranked] = []
        for part in parts_of(text):
            own = self.rank(self.index.reader.read(part, today))
            if own and own[0].probability >= TWO_MATTERS:
                tops.append(own[0])
        topics = {topic_of(top.match): top for top in reversed(tops)}
        if len(topics) < 2:
            return None
        best = sorted(topics.values(), key=lambda top: -top.probability)[:2]
        keys = [top.match.document.id for top in best]
        others = [r for r in ranked if r.match.document.id not in keys]
        ranked[:] = [*best, *(o for o in others if o.probability <= best[1].probability)]
        return best[1]

    def rank(self, question: Question, matter: str = "", lift: float = 0.0) -> list[Ranked]:
        """The hits of a question with probabilities, best first.

        matter: the entry talked about, put among the candidates and lifted in rank.
        """
        found = self.index.first_look(question, always=self.index.place.get(matter))
        matches = self.matcher.look(question, found)
        return self.coefficients.judge(question, matches, HITS, matter, lift)

    def card(self, key: str, slot: str, today: date) -> Card | None:
        """One entry's answer; None when there is no such entry."""
        entry = self.entries.get(key)
        return card_for(entry, slot, today) if entry else None

    def _answered(
        self,
        question: Question,
        ranked: list[Ranked],
        today: date,
        keep: Kept,
        followed: Followed | None,
        second: Ranked | None,
    ) -> Answered:
        redirect = self._redirect(question, ranked)
        if redirect:
            ranked = [replace(r, probability=r.probability * ELSEWHERE) for r in ranked]
        outcome = self._outcome(ranked, redirect)
        hits = tuple(
            Hit(d.id, d.kind, d.title, round(r.probability, 4))
            for r in ranked
            for d in (r.match.document,)
        )
        slot = self._slot(question, ranked, keep.slot if followed else "")
        said = ranked[: 2 if second else 1] if outcome == "answer" else []
        cards = self._cards([r.match.document.id for r in said], slot, today)
        return Answered(
            outcome=outcome,
            hits=hits,
            slot=slot,
            confidence=hits[0].score if hits else 0.0,
            words=ranked[0].match.words if ranked else (),
            cards=cards,
            redirect=redirect if outcome == "unknown" else None,
            followed=followed is not None,
            keep=self._keep(outcome, hits, slot, question, keep, followed is not None),
        )

    def _outcome(self, ranked: Sequence[Ranked], redirect: Redirect | None) -> Outcome:
        best = ranked[0].probability if ranked else 0.0
        if best >= self.coefficients.answer_from:
            return "answer"
        return "choose" if best >= self.coefficients.choose_from and not redirect else "unknown"

    def _redirect(self, question: Question, ranked: Sequence[Ranked]) -> Redirect | None:
        if suggests(question.text):
            return Redirect(SUGGESTION_BOX, to_us=True)
        names = "|".join(ranked[0].match.document.names) if ranked else ""
        return self.doors.find(question.text, names)

    def _slot(self, question: Question, ranked: Sequence[Ranked], before: str) -> str:
        if question.slot == "general" and before:
            return before
        if question.slot == "general" and ranked and ranked[0].match.document.kind == Kind.FEE:
            return "fee"
        return question.slot

    def _cards(self, keys: Sequence[str], slot: str, today: date) -> tuple[Card, ...]:
        cards = (self.card(key, slot, today) for key in keys)
        return tuple(card for card in cards if card)

    def _keep(
        self,
        outcome: str,
        hits: tuple[Hit, ...],
        slot: str,
        question: Question,
        keep: Kept,
        followed: bool,
    ) -> Kept:
        if outcome == "unknown":
            return replace(keep, misses=keep.misses + 1)
        shown = tuple(hit.id for hit in hits[:SHOWN]) if outcome == "choose" else ()
        base = keep.question if followed else question.text
        return Kept(shown, hits[0].id, slot, base, sure=outcome == "answer")
