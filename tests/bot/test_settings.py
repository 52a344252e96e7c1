import pytest

from bot.settings import SettingsError, load_settings


def problems(**environment: str) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        load_settings({f"CUSTOMER_DAY_{name}": value for name, value in environment.items()}, dotenv=None)
    return caught.value.problems


def test_nothing_set_is_the_sandbox_on_loopback_with_a_local_database() -> None:
    settings = load_settings({}, dotenv=None)

    assert settings.telegram_token is None
    assert settings.address == ("127.0.0.1", 8080)
    assert settings.database == "sqlite:///data/customer-day.db"


def test_every_wrong_setting_is_named_with_what_was_expected() -> None:
    found = problems(TELEGRAM_TOKEN="hello", LISTEN="here", ADMINS="me", STAFF_CHATS="capital:5", DATABASE_URL="mysql:")

    assert [problem.split(":")[0].removeprefix("CUSTOMER_DAY_") for problem in found] == [
        "TELEGRAM_TOKEN",
        "DATABASE_URL",
        "LISTEN",
        "ADMINS",
        "STAFF_CHATS",
    ]
    assert all("expected" in problem for problem in found)


def test_the_ministrys_chat_is_a_group() -> None:
    assert load_settings({"CUSTOMER_DAY_MINISTRY_CHAT": "-1001"}, dotenv=None).ministry_chat == "-1001"
    assert problems(MINISTRY_CHAT="@ministry") == [
        "CUSTOMER_DAY_MINISTRY_CHAT: expected the id of a group, like -1001234567890"
    ]


def test_a_misspelt_setting_is_not_ignored() -> None:
    assert problems(TELEGRAM_TOKN="1:a") == [
        "CUSTOMER_DAY_TELEGRAM_TOKN: there is no such setting; did you mean CUSTOMER_DAY_TELEGRAM_TOKEN?"
    ]


def test_a_wrong_secret_is_not_repeated() -> None:
    assert "s3cr%t" not in "".join(problems(WEBHOOK_SECRET="s3cr%t"))


def test_a_webhook_without_its_secret_is_refused() -> None:
    (problem,) = problems(TELEGRAM_TOKEN="1:a", WEBHOOK_URL="https://bot.example.org")

    assert problem.startswith("CUSTOMER_DAY_WEBHOOK_SECRET: expected")


def test_a_webhook_that_telegram_would_not_deliver_to_is_refused() -> None:
    (problem,) = problems(TELEGRAM_TOKEN="1:a", WEBHOOK_URL="http://bot.example.org", WEBHOOK_SECRET="s" * 24)

    assert problem.startswith("CUSTOMER_DAY_WEBHOOK_URL: expected https://")


def test_the_environment_wins_over_the_file(tmp_path) -> None:
    (tmp_path / ".env").write_text("CUSTOMER_DAY_LISTEN=127.0.0.1:1\nCUSTOMER_DAY_ADMINS=5, 6\n")

    settings = load_settings({"CUSTOMER_DAY_LISTEN": "127.0.0.1:2"}, dotenv=tmp_path / ".env")

    assert settings.address == ("127.0.0.1", 2)
    assert settings.admins == {"5", "6"}


def test_what_is_wrong_with_a_webhook_is_named_with_its_setting() -> None:
    for url, expected in (
        ("https://bot.example.org/hook?key=s3cret", "an address that ends with its path, without ? or #"),
        ("https://bot.example.org:8080", "one of the ports 80, 88, 443, 8443, Telegram delivers to no other"),
        ("https://[2001:db8::1]/hook", "a name or an IPv4 address, Telegram does not deliver to IPv6"),
    ):
        (problem,) = problems(TELEGRAM_TOKEN="1:a", WEBHOOK_URL=url, WEBHOOK_SECRET="s" * 24)
        assert problem == f"CUSTOMER_DAY_WEBHOOK_URL: expected {expected}"


def test_a_server_of_ones_own_delivers_to_any_port() -> None:
    given = {"TELEGRAM_API": "http://127.0.0.1:9000", "WEBHOOK_URL": "http://[::1]:8080/hook ", "WEBHOOK_SECRET": "s"}
    settings = load_settings({f"CUSTOMER_DAY_{name}": value for name, value in given.items()}, dotenv=None)
    assert settings.webhook_url == "http://[::1]:8080/hook"
