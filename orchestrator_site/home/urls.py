from django.urls import path

from orchestrator_site.home import views

urlpatterns = [
    path("", views.home, name="home"),
    path("first-steps/hide/", views.hide_first_steps, name="hide_first_steps"),
]
