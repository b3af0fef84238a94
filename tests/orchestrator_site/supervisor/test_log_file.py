import os

from orchestrator_site.supervisor import log_file
from orchestrator_site.supervisor.log_file import LogFile


def write(log, text):
    handle = log.open()
    os.write(handle, text.encode())
    os.close(handle)


def test_new_start_keeps_the_last_ones_output_beside(tmp_path):
    write(LogFile(tmp_path / "web.log"), "first\n")
    write(LogFile(tmp_path / "web.log"), "second\n")
    assert (tmp_path / "web.log").read_text() == "second\n"
    assert (tmp_path / "web.log.1").read_text() == "first\n"


def test_long_output_is_cut_while_it_is_written(tmp_path, monkeypatch):
    monkeypatch.setattr(log_file, "MAX_BYTES", 10)
    log = LogFile(tmp_path / "web.log")
    handle = log.open()
    os.write(handle, b"more than ten bytes\n")
    log.bound()
    os.write(handle, b"new\n")
    os.close(handle)
    assert (tmp_path / "web.log").read_text() == "new\n"
    assert (tmp_path / "web.log.1").read_text() == "more than ten bytes\n"


def test_tail_is_the_last_lines(tmp_path):
    log = LogFile(tmp_path / "web.log")
    write(log, "".join(f"line {number}\n" for number in range(100)))
    assert log.tail().splitlines()[0] == "  line 80"
    assert log.tail().splitlines()[-1] == "  line 99"


def test_tail_of_nothing_is_empty(tmp_path):
    assert LogFile(tmp_path / "web.log").tail() == ""
