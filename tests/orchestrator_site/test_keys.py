import pytest
from cryptography.fernet import Fernet

from orchestrator_site.env import SettingInvalid
from orchestrator_site.keys import encryption_keys, read_or_create


def test_keys_are_split_and_stay_in_order():
    one, other = (Fernet.generate_key().decode() for _ in range(2))
    assert encryption_keys(f"{one},{other}") == (one, other)
    assert encryption_keys(f"{one}\n{other}\n") == (one, other)


def test_key_made_on_the_first_start_is_one(tmp_path):
    assert len(encryption_keys(read_or_create(tmp_path, "encryption_key"))) == 1


def test_what_is_no_key_is_refused_without_being_shown():
    good = Fernet.generate_key().decode()
    with pytest.raises(SettingInvalid, match="Key 2 in BATON_ENCRYPTION_KEY") as caught:
        encryption_keys(f"{good} hunter2")
    assert "hunter2" not in str(caught.value)
