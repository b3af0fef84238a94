"""What approvals tell the apps above them."""

from django.dispatch import Signal

# Sent inside the transaction of a decision, with the keywords `approval_id`, `run_id`,
# `address`, `workspace_id`, `actor`, `outcome` ("approved" or "rejected"), `edited`,
# `fields` (as decided; empty for a rejection), `reason` ({code, text} or None),
# `dwell_ms` (how long it was looked at) and `decision_hash`. A receiver raises RunOver to refuse the decision.
approval_decided = Signal()
