import subprocess
import sys

HEAVY = (
    "openai",
    "httpx2",
    "onnxruntime",
    "tokenizers",
    "sklearn",
    "scipy",
    "svguardian",
    "py3langid",
    "numpy",
)
DOOR = """
import django, sys
django.setup()
import model_registry.api, model_registry.admin
print(*[name for name in sys.argv[1:] if name in sys.modules])
"""
CHILD = """
import sys
import model_registry.child_main
print(*[name for name in sys.argv[1:] if name in sys.modules])
"""


def loaded(code: str, *names: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", code, *names], capture_output=True, text=True, check=True
    )
    return done.stdout.split()


def test_door_imports_no_model_library():
    assert loaded(DOOR, *HEAVY) == []


def test_child_imports_nothing_before_a_model_needs_it():
    assert loaded(CHILD, *HEAVY, "django", "pydantic", "jsonschema_rs") == []
