"""Every sentence that the builder's modules show, in the reader's language."""

from django.utils.translation import gettext as _


def words() -> dict[str, str]:
    """By key; `{name}` stands for a value."""
    return {**_canvas(), **_saving(), **_doing(), **_wiring()}


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
        "not_taken": _("not taken"),
        "loop": _("From {source} back to {target}"),
        "loop_port": _("From {source}, port {port}, back to {target}"),
        "rounds_at_most": _("up to {n} rounds"),
        "port_error": _("error: where the step leaves when it fails"),
        "port_exhausted": _("exhausted: where the loop leaves after its last round"),
        "port_unmet": _("unmet: where it leaves when too few branches arrive"),
        "map_empty": _("Drag here what runs for each item"),
        "refused_self": _("A node cannot follow itself."),
        "refused_twice": _("{source} leads to {target} already."),
        "refused_border": _(
            "{source} and {target} stand on two sides of a map's border. Edges stay in "
            "the map; what comes in is item."
        ),
        "refused_map_back": _(
            "{target} is a map, and none can be led back to. Lead back to a node before "
            "it."
        ),
        "refused_port": _("{target} has no way in."),
        "state_pending": _("Pending"),
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
        "put_in": _("Put into {map}: {label}"),
        "taken_out": _("Taken out of the map: {label}"),
        "no_palette_match": _("No node type fits."),
        "asks_first": _("Some runs skip it: ask has() first."),
    }


def _wiring() -> dict[str, str]:
    return {
        "connection": _("Connection"),
        "connections": _("Connections"),
        "between": _("{source} to {target}"),
        "leads_to": _("Leads to"),
        "follows": _("Follows"),
        "on_port": _("On {port}, leads to"),
        "connect_to": _("Connect to…"),
        "connect_from": _("Connect from…"),
        "disconnect": _("Disconnect {label}"),
        "back_to": _("{label}, back for another round"),
        "back_from": _("{label}, back for another round"),
        "looped": _("Loop: {source} leads back to {target}"),
        "loop_about": _("{source} back to {target}"),
        "loop_title": _("Loop"),
        "loop_help": _(
            "On the port {port} what lies between runs again, and reads what was said "
            "before in rounds and feedback."
        ),
        "connection_help": _("Taken when the step leaves by its port {port}."),
        "rounds": _("Rounds at most"),
        "rounds_hint": _(
            "The first counts. After the last the step leaves by its port exhausted."
        ),
        "remove_connection": _("Remove connection"),
        "stands_in": _("Stands in"),
        "in_no_map": _("The flow itself"),
    }
