"""The addresses of approvals. Those that change something answer POST only."""

from django.urls import path

from approvals.views import deciding, queue, review

app_name = "approvals"
urlpatterns = [
    path("", queue.queue, name="queue"),
    path("<uuid:approval_id>/", review.review, name="review"),
    path("<uuid:approval_id>/status/", review.status, name="status"),
    path("<uuid:approval_id>/decision/", deciding.decision, name="decision"),
    path("<uuid:approval_id>/claim/", deciding.claim, name="claim"),
    path("<uuid:approval_id>/release/", deciding.release, name="release"),
]
