import stat

from orchestrator_site.supervisor.valkey import prepare_valkey


def test_password_stands_in_a_private_file_and_not_on_the_command_line(tmp_path):
    valkey = prepare_valkey(tmp_path)
    password = valkey.url.partition("redis://:")[2].partition("@")[0]
    assert password in valkey.config.read_text()
    assert password not in " ".join(valkey.argv)
    assert stat.S_IMODE(valkey.config.stat().st_mode) == 0o600


def test_each_start_has_a_password_of_its_own(tmp_path):
    assert prepare_valkey(tmp_path).url != prepare_valkey(tmp_path).url
