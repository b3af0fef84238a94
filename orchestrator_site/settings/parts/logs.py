"""One line an entry on standard error; whoever starts the process keeps it."""

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    # At INFO it writes out addresses, and those may hold keys.
    "loggers": {"httpx2": {"level": "WARNING"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
}
