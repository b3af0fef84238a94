from django.urls import path

from orchestrator_site.shell import views

app_name = "shell"
urlpatterns = [path("navigation/", views.navigation, name="navigation")]
