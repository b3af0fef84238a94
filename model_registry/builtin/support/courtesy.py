"""The sentences around quotes: polite, and never a claim or a promise."""

import re

from model_registry.builtin.support import claims
from model_registry.builtin.support.policies import policies_by_intent

SHOP = "Fjord & Fern"
GREETING = "Hello,"
THANKS = "thank you for your message."
OPENINGS = {
    "account_access": "We are sorry that you have trouble getting into your account.",
    "complaint": "We are sorry that you had reason to complain.",
    "damaged": "We are sorry that your order did not reach you in good condition.",
    "delivery": "We understand that you would like to know about your delivery.",
    "invoice": "We understand that you have a question about an invoice.",
    "privacy": "We understand that you have a question about your personal data.",
    "refund": "We understand that you have a question about a return or a refund.",
    "subscription": "We understand that you have a question about a subscription.",
    "warranty": "We are sorry that your item gives you trouble.",
}
QUOTING = "This is what our policy “{title}” says:"
ANYTHING_ELSE = "If this does not answer your question, please reply to this message."
HONESTY = "This reply was put together automatically from our published policy."
SIGNATURE = f"Kind regards, {SHOP}"
REGRETS = (
    "trouble inconvenience delay wait problem difficulty issue experience frustration"
    " disappointment situation confusion happened arrived"
)
OWN = frozenset(
    [GREETING, THANKS, *OPENINGS.values(), ANYTHING_ELSE, HONESTY, SIGNATURE]
)


def own_sentences() -> list[str]:
    """List what the composer itself says around quotes, the longest first."""
    titles = (policy.title for policy in policies_by_intent().values())
    quoting = (QUOTING.format(title=title) for title in titles)
    own = {THANKS, *OPENINGS.values(), ANYTHING_ELSE, HONESTY, SIGNATURE, *quoting}
    return sorted(own, key=len, reverse=True)


FORMS = re.compile(
    r"(?:hello|hi|dear|good (?:morning|afternoon|evening|day))(?: (?:there|customer|sir or"
    r" madam|sir|madam|[A-Z][a-z]+|(?:mr|mrs|ms|dr)\.? [a-z]+))?"
    r"|(?:many )?(?:thank you|thanks)(?: (?:so|very) much)?(?: for (?:your (?:message|patience"
    r"|understanding|e-?mail|question|enquiry|order)|writing(?: to us)?|contacting us"
    r"|getting in touch|reaching out|letting us know))?(?: (?:about|regarding) your [\w -]{3,40})?"
    r"|(?:we|i)(?: are|'re|'m| am) (?:very |really |truly |so )?sorry(?: (?:to hear (?:that|about)"
    r"|that|about|for) (?P<about>[^.!?\d]{3,120}))?"
    r"|sorry(?: (?:to hear (?:that|about)|that|about|for) (?P<regret>[^.!?\d]{3,120}))?"
    r"|(?:we|i) (?:do )?(?:sincerely |truly )?apologi[sz]e(?: for (?:the|any|this)"
    r" (?:inconvenience|trouble|delay|frustration)(?: (?:this|it) (?:has )?caused)?)?"
    r"|(?:we|i) (?:fully |completely )?understand (?:your (?:frustration|concern|disappointment)"
    r"|how (?:frustrating|annoying|disappointing|upsetting) (?:this|that|it) (?:is|must be))"
    r"|(?:this is what |here is what )?(?:our|the) (?:\w+ )?policy (?:says|states|explains)"
    r"(?: (?:the following|that|as follows))?|(?:according to|under|as per) our policy"
    r"|if (?:this does not answer your question|you have (?:any )?(?:more |other |further )?questions)"
    r",? please (?:reply to this message|let us know|write to us|contact us)"
    r"|(?:kind|best|warm) (?:regards|wishes)|yours (?:sincerely|faithfully)|sincerely"
    r"|(?:the )?fjord & fern(?: (?:customer care|customer service|support|team))*"
    r"|(?:we|i) hope (?:this|that) helps|(?:have a (?:nice|good|great) (?:day|week|weekend))"
    r"|please (?:note|see) (?:the following|that|below)|(?:the )?(?:customer care|support) team",
    re.IGNORECASE,
)


def is_harmless(sentence: str, message: str, source: str) -> bool:
    """Tell whether a sentence is mere courtesy.

    A word of regret may repeat what the customer or the policy says, nothing else.
    """
    bare = sentence.replace("’", "'").strip(" ,.!?:")
    match = FORMS.fullmatch(bare)
    if match is None or claims.promises_action(bare):
        return False
    regretted = match["about"] or match["regret"] or ""
    known = claims.stems_of(f"{message} {source} {REGRETS}")
    return claims.stems_of(regretted) <= known
