"""support-verifier: may this answer go to the customer without a person?

Everything in an answer is either a whole sentence of the policy, quoted; or courtesy;
or closely borne by one sentence of the policy. It says so of drafts by any model.
"""

import re
from dataclasses import dataclass

from model_registry.builtin.contract import Model, Payload, Settings, read_text
from model_registry.builtin.support import claims, courtesy
from model_registry.builtin.support.disguise import plain_forms
from model_registry.builtin.support.hostility import hostile_kinds
from model_registry.builtin.support.personal_data import find_personal_data

BORNE = 0.8
DOUBTFUL = 0.6
TEXTS = {
    "no_quote": "The answer quotes nothing from the policy.",
    "quote_not_in_policy": "A quote does not stand in the policy.",
    "quote_not_in_answer": "A quote is missing from the answer.",
    "promised_action": "The answer says that something was done or will be.",
    "unsupported_claim": "The answer says something that the policy does not say.",
    "personal_data": "The answer holds personal data that is not in the policy.",
    "tone": "The answer is not polite.",
    "prompt_injection": "The answer holds instructions or traces of a model.",
}
RUDE = re.compile(
    r"\b(?:stupid|idiot\w*|moron\w*|ridiculous|nonsense|pathetic|whatever|shut up|calm down"
    r"|your (?:own )?fault|your (?:own )?problem|not my problem|not our problem|obviously"
    r"|as i (?:already )?said|deal with it|tough luck|get over it|lazy|liars?|lying|damn"
    r"|hell|crap|shit\w*|fuck\w*|bloody|silly|ignoran\w+|annoying|stop (?:whining|bothering"
    r"|complaining|wasting)|waste of time|careless|dumb|clueless|should have (?:read|known))\b"
)
MODEL_TRACES = re.compile(
    r"\bas an ai\b|\bai (?:language )?model\b|\blanguage model\b|\bchat ?gpt\b|\bsystem prompt"
    r"|\bmy (?:instructions|prompt|guidelines)\b|<\|?\w+\|?>|\[/?inst\]|\{\{|```|\bhuman:"
    r"|\bassistant:|\bi (?:was|am) (?:told|instructed|programmed)\b"
)
LINK = re.compile(r"https?://\S+|www\.\S+")
SENTENCE_END = re.compile(r"(?<=[.!?:])\s+|\n+|“|”|\"")
SALUTATION = re.compile(r"^\s*(?:hello|hi|dear)(?: [A-Z]\w+){0,2}[,!]", re.IGNORECASE)
KNOWN = "\n"


@dataclass(frozen=True, slots=True)
class Draft:
    """An answer with what it may rest on."""

    message: str
    answer: str
    quotes: list[str]
    source: str

    @property
    def own_sentences(self) -> list[str]:
        """List what the answer says beyond whole sentences of the policy."""
        rest = self.answer
        lines = sorted(filter(str.strip, self.source.splitlines()), key=len)
        for known in [*reversed(lines), *courtesy.own_sentences()]:
            rest = rest.replace(known, KNOWN)
        rest = SALUTATION.sub(KNOWN, rest)
        parts = (part.strip(" ,;-–—*•") for part in SENTENCE_END.split(rest))
        return [part for part in parts if re.search(r"\w", part)]


def load(settings: Settings) -> Model:
    """Return the model; it has no settings."""
    del settings
    return verify


def verify(payload: Payload) -> Payload:
    """Map `{message, answer, quotes, source}` to verdict and reasons."""
    draft = Draft(
        message=read_text(payload, "message"),
        answer=read_text(payload, "answer"),
        quotes=list(payload.get("quotes", [])),
        source=read_text(payload, "source"),
    )
    doubts = [claim_problem(draft, sentence) for sentence in draft.own_sentences]
    failed = [
        *quote_problems(draft),
        *manner_problems(draft),
        *(code for code, certain in filter(None, doubts) if certain),
    ]
    doubtful = [code for code, certain in filter(None, doubts) if not certain]
    codes = set(failed) | set(doubtful)
    verdict = "fail" if failed else "uncertain" if doubtful else "pass"
    reasons = [{"code": c, "text": t} for c, t in TEXTS.items() if c in codes]
    return {"verdict": verdict, "reasons": reasons}


def quote_problems(draft: Draft) -> list[str]:
    """List what is wrong with the quotes."""
    quotes = [quote for quote in draft.quotes if quote.strip()]
    checks = {
        "no_quote": not quotes,
        "quote_not_in_policy": any(quote not in draft.source for quote in quotes),
        "quote_not_in_answer": any(quote not in draft.answer for quote in quotes),
    }
    return [code for code, is_wrong in checks.items() if is_wrong]


def manner_problems(draft: Draft) -> list[str]:
    """List what no answer may hold, wherever it stands."""
    answer = draft.answer.lower()
    known = find_personal_data(draft.source)
    steering = any(
        "prompt_injection" in hostile_kinds(form) for form in plain_forms(draft.answer)
    )
    links = set(LINK.findall(draft.answer)) - set(LINK.findall(draft.source))
    checks = {
        "unsupported_claim": bool(links),
        "personal_data": bool(find_personal_data(draft.answer) - known),
        "tone": bool(RUDE.search(" ".join(draft.own_sentences).lower())),
        "prompt_injection": steering or bool(MODEL_TRACES.search(answer)),
    }
    return [code for code, is_wrong in checks.items() if is_wrong]


def claim_problem(draft: Draft, sentence: str) -> tuple[str, bool] | None:
    """Say what is wrong with one sentence, and whether that is certain."""
    if courtesy.is_harmless(sentence, draft.message, draft.source):
        return None
    if claims.promises_action(sentence):
        return "promised_action", True
    borne = claims.support(sentence, draft.source.splitlines())
    if borne >= BORNE:
        return None
    return "unsupported_claim", borne < DOUBTFUL
