"""Every sentence that the builder's modules show, in the reader's language."""

from django.utils.translation import gettext as _


def words() -> dict[str, str]:
    """By key; `{name}` stands for a value."""
    return {**_canvas(), **_states(), **_saving(), **_doing()}


def _canvas() -> dict[str, str]:
    return {
        "canvas": _("Flow"),
        "node": _("{label}, {type}"),
        "error_word": _("Error"),
        "warning_word": _("Warning"),
        "problem_error": _("Error: {message}"),
        "problem_warning": _("Warning: {message}"),
        "edge": _("From {source} to {target}"),
        "edge_port": _("From {source}, port {port}, to {target}"),
        "port_in": _("Into {label}"),
        "port_out": _("Out of {label}, port {port}"),
        "zoom_in": _("Zoom in"),
        "zoom_out": _("Zoom out"),
        "zoom_reset": _("Zoom to 100 %"),
        "fit": _("Fit the flow into the view (f)"),
        "map": _("Overview of the flow"),
        "node_help": _("Arrows move it, Enter opens its form, w wires it."),
        "edge_help": _("Delete removes the connection."),
        "read_only": _("Read only"),
        "not_taken": _("not taken"),
        "refused_self": _("A node cannot follow itself."),
        "refused_twice": _("{source} leads to {target} already."),
        "refused_circle": _("{target} comes before {source}: a flow has no circles."),
        "refused_port": _("{target} has no way in."),
    }


def _states() -> dict[str, str]:
    return {
        "state_pending": _("Pending"),
        "state_queued": _("Queued"),
        "state_running": _("Running"),
        "state_waiting": _("Waiting for a person"),
        "state_paused": _("Paused"),
        "state_completed": _("Succeeded"),
        "state_failed": _("Failed"),
        "state_poisoned": _("Set aside"),
        "state_skipped": _("Skipped"),
        "state_cancelled": _("Cancelled"),
        "state_detached": _("Detached"),
        "state_in_doubt": _("In doubt"),
        "test_run": _("Run"),
        "open_run": _("Open run"),
        "stop_run": _("Stop"),
        "close_run": _("Show the flow without the run"),
        "run_said": _("Run: {state}"),
    }


def _saving() -> dict[str, str]:
    return {
        "saved": _("Saved"),
        "saved_at": _("Saved {time}"),
        "saving": _("Saving"),
        "unsaved": _("Not saved yet"),
        "offline": _("Not saved, offline. Your changes are kept here."),
        "kept_back": _("Your changes of the last visit are back"),
        "signed_out": _("Not saved: sign in again. Your changes are kept here."),
        "not_saved": _("Not saved: {reason}"),
        "unexpected": _(
            "The server did not answer. Your changes are kept here. Try again."
        ),
        "copy_name": _("{name} (copy)"),
    }


def _doing() -> dict[str, str]:
    return {
        "added": _("Added: {label}"),
        "connected": _("Connected: {source} to {target}"),
        "deleted": _("Deleted: {what}"),
        "pasted": _("Pasted: {what}"),
        "copied": _("Copied: {what}"),
        "undone": _("Undone"),
        "redone": _("Redone"),
        "selected": _("Selected: {what}"),
        "one_node": _("1 node"),
        "many_nodes": _("{n} nodes"),
        "one_edge": _("1 connection"),
        "many_edges": _("{n} connections"),
        "published": _("Published: version {number}"),
        "version": _("Version {number}"),
        "draft_after": _("Draft after version {number}"),
        "add_type": _("Add {type}"),
        "errors_one": _("1 error"),
        "errors_many": _("{n} errors"),
        "warnings_one": _("1 warning"),
        "warnings_many": _("{n} warnings"),
        "no_problems": _("No problems"),
        "flow": _("Flow"),
        "connections": _("Connections"),
        "leads_to": _("Leads to"),
        "follows": _("Follows"),
        "on_port": _("On {port}, leads to"),
        "connect_to": _("Connect to…"),
        "connect_from": _("Connect from…"),
        "disconnect": _("Disconnect {label}"),
        "no_palette_match": _("No node type fits."),
    }
