"""Models for benchmarks, as an installed package offers them."""

import time


def wait(_options):
    """Waits for somebody else: `seconds`, holding nothing."""

    def model(value):
        time.sleep(value["seconds"])
        return {"n": value.get("n", 0)}

    return model


def churn(_options):
    """Gives the text back, changed, so that no two payloads are the same."""
    return lambda value: {"data": value["data"][1:] + value["data"][0]}


def burn(_options):
    """Computes for `seconds`."""

    def model(value):
        end = time.process_time() + value["seconds"]
        while time.process_time() < end:
            pass
        return {"n": value.get("n", 0)}

    return model
