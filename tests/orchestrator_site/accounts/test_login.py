import re

import pytest
from django.core.cache import cache
from django.urls import reverse

from orchestrator_site.accounts.models import Theme, User
from orchestrator_site.ledger.models import Event
from tests.factories.accounts import PASSWORD, make_membership, make_user

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"
PAGES = [
    f"account_{page}"
    for page in (
        "login",
        "logout",
        "signup",
        "inactive",
        "reauthenticate",
        "change_password",
        "reset_password",
    )
]


@pytest.fixture(autouse=True)
def _no_failed_tries():
    cache.clear()


def log_in(client, email, password=PASSWORD, **fields):
    return client.post(LOGIN, {"login": email, "password": password, **fields})


def test_person_logs_in_by_email_in_any_spelling(client):
    user = make_user(email="mara@fernhill.example")
    response = log_in(client, "Mara@Fernhill.example")
    assert response.status_code == 302
    assert client.session["_auth_user_id"] == str(user.pk)


def test_session_ends_with_the_browser_unless_asked_to_stay(client):
    user = make_user()
    log_in(client, user.email)
    assert client.session.get_expire_at_browser_close()
    client.logout()
    log_in(client, user.email, remember="on")
    assert not client.session.get_expire_at_browser_close()


def test_wrong_password_is_said_without_saying_who_exists(client):
    user = make_user()
    known = log_in(client, user.email, "wrong").context["form"].non_field_errors()
    unknown = log_in(client, "no@fernhill.example").context["form"].non_field_errors()
    assert known == unknown
    assert "do not match" in known[0]


def test_pause_after_five_failed_tries(client):
    user = make_user()
    for _ in range(5):
        log_in(client, user.email, "wrong")
    response = log_in(client, user.email)
    assert "Wait 15 minutes" in response.content.decode()
    assert "_auth_user_id" not in client.session


def test_inactive_person_is_refused(client):
    user = make_user(is_active=False)
    log_in(client, user.email)
    assert "_auth_user_id" not in client.session


def test_nobody_can_sign_up(client):
    fields = {"email": "new@fernhill.example", "password1": PASSWORD}
    response = client.post("/accounts/signup/", fields)
    assert "closed" in response.content.decode().lower()
    assert not User.objects.exists()


@pytest.mark.parametrize("signed_in", [False, True])
@pytest.mark.parametrize("page", PAGES)
def test_page_keeps_the_content_security_policy(client, page, signed_in):
    if signed_in:
        client.force_login(make_user())
    response = client.get(reverse(page), follow=True)
    html = response.content.decode()
    assert '<link rel="stylesheet"' in html or response.redirect_chain
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]* src=)", html)


@pytest.mark.parametrize("theme", Theme.values)
def test_page_has_the_theme_of_the_person(client, theme):
    user = make_user()
    User.objects.update(theme=theme)
    client.force_login(user)
    page = client.get(reverse("account_logout")).content.decode()
    assert f'data-theme="{theme}"' in page


def test_login_leads_to_where_the_person_was_going(client):
    user = make_user()
    page = client.get(f"{LOGIN}?next=/admin/").content.decode()
    assert 'name="next" value="/admin/"' in page
    assert log_in(client, user.email, next="/admin/").headers["Location"] == "/admin/"


def test_login_never_leads_to_another_site(client):
    response = log_in(client, make_user().email, next="https://other.example/")
    assert response.headers["Location"] == "/"


def test_hint_about_the_first_login_goes_once_somebody_has_logged_in(client):
    user = make_user()
    assert b"manage.py up" in client.get(LOGIN).content
    log_in(client, user.email)
    client.logout()
    assert b"manage.py up" not in client.get(LOGIN).content


def test_forgotten_password_page_names_the_command(client):
    page = client.get(reverse("account_reset_password"))
    assert b"manage.py reset_password" in page.content


def test_changing_the_password_ends_its_being_initial_and_is_recorded(client):
    user = make_membership().user
    user.password_is_initial = True
    user.save()
    client.force_login(user)
    fields = {"oldpassword": PASSWORD, "password1": "walnut-river-lamp-3"}
    fields["password2"] = fields["password1"]
    assert client.post(reverse("account_change_password"), fields).status_code == 302
    user.refresh_from_db()
    assert user.check_password("walnut-river-lamp-3")
    assert not user.password_is_initial
    assert f"user:{user.id}".encode() in bytes(Event.objects.get().body)


def test_logout_needs_a_post(client):
    client.force_login(make_user())
    assert client.get("/accounts/logout/").status_code == 200
    assert "_auth_user_id" in client.session
    client.post("/accounts/logout/")
    assert "_auth_user_id" not in client.session
