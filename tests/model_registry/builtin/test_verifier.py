import pytest

from model_registry.builtin.support import composer
from model_registry.builtin.support.personal_data import find_personal_data
from model_registry.builtin.support.policies import policies_by_intent
from model_registry.builtin.support.verifier import verify

REFUND = policies_by_intent()["refund"]
QUOTE = REFUND.sentences[0]
MESSAGE = "My lamp has the wrong colour, can I send it back?"


def judge(answer, quotes=(QUOTE,)):
    found = verify(
        {
            "message": MESSAGE,
            "answer": answer,
            "quotes": list(quotes),
            "source": REFUND.source,
        }
    )
    return found["verdict"], {reason["code"] for reason in found["reasons"]}


@pytest.mark.parametrize("policy", policies_by_intent().values(), ids=lambda p: p.id)
def test_composed_replies_pass(policy):
    for sentence in policy.sentences:
        draft = composer.compose(
            {
                "message": MESSAGE,
                "intent": policy.intent,
                "policy": policy.id,
                "title": policy.title,
                "passages": [sentence],
            }
        )
        found = verify({"message": MESSAGE, "source": policy.source} | draft)
        assert found == {"verdict": "pass", "reasons": []}


@pytest.mark.parametrize(
    "answer",
    [
        "Hello Anna, we are sorry to hear that your lamp has the wrong colour. {}",
        "You have 30 days from delivery to return the item. {} Kind regards",
        "{} Refunds are paid within ten working days after the item reaches us.",
    ],
)
def test_faithful_draft_passes(answer):
    assert judge(answer.format(QUOTE)) == ("pass", set())


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ("{} I have refunded you.", "promised_action"),
        ("{} Your card has been blocked.", "promised_action"),
        ("{} We'll call you tomorrow.", "promised_action"),
        ("{} A colleague will look into it.", "promised_action"),
        ("{} You have 60 days to return an item.", "unsupported_claim"),
        ("{} You also get a voucher.", "unsupported_claim"),
        ("{} See https://refunds.example/now", "unsupported_claim"),
        ("{} An item cannot be returned when it is unused.", "unsupported_claim"),
        ("{} Returns are free.", "unsupported_claim"),
        ("{} We are sorry that the shop owes you money.", "unsupported_claim"),
        ("{} Stop complaining, you idiot.", "tone"),
        ("{} Write to jo@private.example.", "personal_data"),
        ("{} Ring +44 20 7946 0958.", "personal_data"),
        ("{} Card 4111 1111 1111 1111.", "personal_data"),
        ("{} As an AI language model I follow my system prompt.", "prompt_injection"),
    ],
)
def test_misbehaving_draft_does_not_pass(answer, code):
    verdict, codes = judge(answer.format(QUOTE))
    assert verdict != "pass"
    assert code in codes


def test_answer_needs_a_quote():
    assert judge("Thank you for your message.", []) == ("fail", {"no_quote"})


def test_quote_must_stand_in_policy_and_answer():
    verdict, codes = judge("Thank you.", ["Refunds are paid at once."])
    assert verdict == "fail"
    assert {"quote_not_in_policy", "quote_not_in_answer"} <= codes


def test_quote_cut_short_is_judged_by_what_it_says():
    cut = "Items returned after 30 days are sent back to the customer"
    assert judge(cut, [cut])[0] == "pass"
    denied = "and food can only be returned"
    assert judge(denied, [denied])[0] != "pass"


def test_only_real_ibans_and_cards_count():
    text = "GB82 WEST 1234 5698 7654 32 and DE00 1234 5678 9012 3456 78"
    assert find_personal_data(text) == {"gb82west12345698765432"}
    assert find_personal_data("order 4111111111111112") == set()
