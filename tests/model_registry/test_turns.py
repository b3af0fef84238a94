import threading

from model_registry.turns import Turns


def test_waiters_are_served_in_the_order_in_which_they_came():
    turns, served, threads = Turns(), [], []
    turns.take(0)

    def wait(number: int) -> None:
        turns.take(20)
        served.append(number)
        turns.pass_on()

    for number in range(20):
        thread = threading.Thread(target=wait, args=[number])
        thread.start()
        threads.append(thread)
        while len(turns._gates) <= number:
            threading.Event().wait(0.001)
    turns.pass_on()
    for thread in threads:
        thread.join()
    assert served == list(range(20))


def test_who_gave_up_is_not_served():
    turns = Turns()
    assert turns.take(0)
    assert not turns.take(0.01)
    turns.pass_on()
    assert turns.take(0)
