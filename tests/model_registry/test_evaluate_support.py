from django.core.management import call_command

from model_registry.builtin.support import measure
from model_registry.builtin.support.corpus import read_heldout


def test_figures_of_the_held_out_messages_are_printed(monkeypatch, capsys):
    blank = [message for message in read_heldout() if message.kind == "blank"][:2]
    monkeypatch.setattr(measure, "read_heldout", lambda: blank)
    call_command("evaluate_support")
    assert "blank:      100.0% of 2" in capsys.readouterr().out
