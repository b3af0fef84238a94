import pytest
from django.urls import reverse

from tests.factories.accounts import make_membership, make_token, make_user

pytestmark = pytest.mark.django_db
PAGES = [
    f"admin:accounts_{noun}_changelist"
    for noun in ("workspace", "user", "membership", "apitoken")
]


def test_admin_sends_strangers_to_the_login_page(client):
    response = client.get("/admin/", follow=True)
    assert response.redirect_chain[-1][0] == "/accounts/login/?next=%2Fadmin%2F"


def test_admin_login_checks_no_passwords_itself(client):
    user = make_user(is_staff=True)
    client.post("/admin/login/", {"username": user.email, "password": "any"})
    assert "_auth_user_id" not in client.session


def test_admin_is_closed_to_everybody_else(client):
    client.force_login(make_user())
    assert client.get("/admin/login/").status_code == 403


@pytest.mark.parametrize("page", PAGES)
def test_staff_can_look_and_not_add(client, page):
    make_membership()
    make_token()
    client.force_login(make_user(is_staff=True))
    assert client.get(reverse(page)).status_code == 200
    assert client.get(reverse(page.replace("changelist", "add"))).status_code == 403


def test_token_page_has_nothing_to_change(client):
    token, _ = make_token()
    client.force_login(make_user(is_staff=True))
    address = reverse("admin:accounts_apitoken_change", args=[token.pk])
    assert b'name="digest"' not in client.get(address).content
    assert client.post(address, {"name": "Other"}).status_code == 403


def test_admin_password_form_is_the_one_of_the_site(client):
    client.force_login(make_user(is_staff=True))
    response = client.get("/admin/password_change/")
    assert response.headers["Location"] == reverse("account_change_password")
