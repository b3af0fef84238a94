"""What can go wrong with a request to somebody else.

EgressError               has `code`; `sent` says whether any of it may have left
├── OriginNotAllowed      nobody has allowed this scheme, host and port
├── AddressNotAllowed     the name leads to an address that is not public
├── RequestInvalid
├── HostNotFound
├── Unreachable           refused, no route, no TLS
├── TimedOut
├── BrokenOff             no whole answer came, or what came is no HTTP
├── AnswerTooLarge
├── AnswerUnreadable      it is compressed in a way that was not asked for, or badly
└── RedirectRefused
OriginInvalid             an entry of an allow list is none; the message says why
OriginKnown               the workspace allows it already
"""


class EgressError(Exception):
    """Base: a stable `code` for programs and a sentence for people."""

    code = "egress_failed"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
        self.sent = False


class OriginNotAllowed(EgressError):
    """Nobody has allowed this scheme, host and port."""

    code = "egress_origin_not_allowed"


class AddressNotAllowed(EgressError):
    """The name leads to an address that is not public."""

    code = "egress_address_not_allowed"


class RequestInvalid(EgressError):
    """The request cannot be written as HTTP."""

    code = "egress_request_invalid"


class HostNotFound(EgressError):
    """The name has no address."""

    code = "egress_host_not_found"


class Unreachable(EgressError):
    """No connection came about."""

    code = "egress_unreachable"


class TimedOut(EgressError):
    """The time of the request is over."""

    code = "egress_timed_out"


class BrokenOff(EgressError):
    """No whole answer came, or what came is no HTTP."""

    code = "egress_broken_off"


class AnswerTooLarge(EgressError):
    """More came than is read."""

    code = "egress_answer_too_large"


class AnswerUnreadable(EgressError):
    """It is compressed in a way that was not asked for, or badly."""

    code = "egress_answer_unreadable"


class RedirectRefused(EgressError):
    """The answer leads to where the request may not follow."""

    code = "egress_redirect_refused"


class OriginInvalid(Exception):
    """An entry of an allow list is none."""

    code = "origin_invalid"


class OriginKnown(Exception):
    """The workspace allows it already."""

    code = "origin_known"
