"""The settings of the adapters that load a file."""

from typing import Annotated

from pydantic import Field

from model_registry.adapters.http_settings import FieldName, TensorName, TensorSource
from model_registry.adapters.settings import AdapterSettings

# Every part begins with a letter or digit, so that none leads upwards.
FILE = r"^[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*$"
FileName = Annotated[str, Field(pattern=FILE, max_length=200)]
SHA256 = r"^[0-9a-f]{64}$"
Sha256 = Annotated[str, Field(pattern=SHA256)]


class OnnxSettings(AdapterSettings):
    """An ONNX file with all its weights inside.

    `inputs` says for each input of the file where it comes from. `outputs` maps the
    answer's fields to outputs of the file; without it every output is a field of its
    own name.
    """

    file: FileName
    sha256: Sha256
    inputs: Annotated[dict[TensorName, TensorSource], Field(min_length=1)] = Field(
        description="Where each input of the file comes from, as "
        '{"x": {"fields": ["amount", "fee"]}}.'
    )
    outputs: Annotated[dict[FieldName, TensorName], Field(min_length=1)] | None = Field(
        None,
        description="Which output of the file each field of the answer is, as "
        '{"score": "y"}. Left empty, all of them under their names.',
    )


class SkopsSettings(TensorSource):
    """A scikit-learn estimator in a skops file.

    `fields` make one row for it; `field` holds a text, or several rows.
    """

    file: FileName
    sha256: Sha256
