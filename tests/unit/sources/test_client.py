"""One address: what is tried again, what is refused, and what is kept."""

from __future__ import annotations

import hashlib
import json

import pytest

from analyse.errors import DataError
from analyse.sources.cbs import raw
from analyse.sources.cbs.client import Absent, Client

PLACE = "/datasets.cbs.nl/odata/v1/CBS/85099NED/Properties"


@pytest.fixture
def client(settings):
    with Client(settings, raw.start()) as opened:
        yield opened


def test_an_answer_is_kept_unchanged_with_its_address_time_and_checksum(client, server):
    parsed = client.get(server.address + PLACE)

    assert parsed["Title"] == "Kerncijfers over jeugdzorg"
    (entry,) = client.raw.answers.values()
    content = (client.raw.folder / entry["file"]).read_bytes()
    assert json.loads(content) == parsed
    assert entry["sha256"] == hashlib.sha256(content).hexdigest()
    assert entry["address"] == server.address + PLACE
    assert entry["time"].startswith("20")


def test_what_is_kept_is_not_asked_again(client, server):
    first = client.get(server.address + PLACE)

    assert client.get(server.address + PLACE) == first
    assert len(server.asked) == 1


def test_an_altered_answer_is_asked_again(client, server):
    client.get(server.address + PLACE)
    (entry,) = client.raw.answers.values()
    (client.raw.folder / entry["file"]).write_text("{}")

    assert client.get(server.address + PLACE)["Title"]
    assert len(server.asked) == 2


@pytest.mark.parametrize("kind", ["429", "500", "503", "cut", "truncated", "html", "list"])
def test_a_passing_failure_is_tried_again(client, server, cbs, kind):
    server.troubles.append(cbs.Trouble("85099NED", kind, times=2))

    assert client.get(server.address + PLACE)["Title"] == "Kerncijfers over jeugdzorg"
    assert len(server.asked) == 3


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("429", "status 429"), ("500", "status 500"), ("cut", "no answer"), ("truncated", "cut off or damaged"),
        ("html", "expected JSON, got content of type 'text/html'"), ("list", "expected a JSON object, got list"),
    ],
)  # fmt: skip
def test_a_failure_that_stays_is_said_after_the_last_try(client, server, cbs, kind, said):
    server.troubles.append(cbs.Trouble("85099NED", kind, times=-1))

    with pytest.raises(DataError, match=said) as raised:
        client.get(server.address + PLACE)
    assert "nothing was replaced" in str(raised.value)
    assert len(server.asked) == 3


def test_a_slow_host_is_tried_again(client, server, cbs):
    server.troubles.append(cbs.Trouble("85099NED", "slow", times=1))

    assert client.get(server.address + PLACE)["Title"]
    assert len(server.asked) == 2


def test_the_host_says_how_long_to_wait(client, server, cbs, monkeypatch):
    server.troubles.append(cbs.Trouble("85099NED", "429", times=1))
    waited = []
    monkeypatch.setattr("tenacity.nap.time.sleep", waited.append)

    client.get(server.address + PLACE)

    assert 0.0 in waited


@pytest.mark.parametrize(
    ("text", "seconds"), [("7", 7.0), ("Wed, 21 Oct 2015 07:28:00 GMT", 0.0), ("soon", None), ("", None)]
)
def test_retry_after_is_a_number_or_a_date(text, seconds):
    from analyse.sources.cbs.client import _asked_to_wait

    assert _asked_to_wait(text) == seconds


def test_an_absent_table_is_not_tried_again(client, server):
    with pytest.raises(Absent, match="status 404"):
        client.get(server.address + "/datasets.cbs.nl/odata/v1/CBS/99999NED/Properties")
    assert len(server.asked) == 1


def test_a_redirect_elsewhere_is_refused_and_one_within_the_host_is_followed(client, server, cbs):
    server.troubles.append(cbs.Trouble("85099NED", "redirect"))
    with pytest.raises(DataError, match="which is another place; refused"):
        client.get(server.address + PLACE)

    server.troubles[:] = [cbs.Trouble("old", "redirect", target=PLACE)]
    assert client.get(f"{server.address}/datasets.cbs.nl/old")["Title"] == "Kerncijfers over jeugdzorg"


def test_a_circle_of_redirects_ends(client, server, cbs):
    server.troubles.append(cbs.Trouble("round", "redirect", times=-1, target="/datasets.cbs.nl/round"))

    with pytest.raises(DataError, match="more than 3 redirects"):
        client.get(f"{server.address}/datasets.cbs.nl/round")


def test_an_answer_that_is_too_large_is_broken_off(client, server, cbs):
    server.troubles.append(cbs.Trouble("85099NED", "big", times=-1))

    with pytest.raises(DataError, match="larger than 2 MB"):
        client.get(server.address + PLACE)
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("http://datasets.cbs.nl/odata/v1/CBS/85099NED/Properties", "only HTTPS is allowed"),
        ("https://elsewhere.example/odata", "host 'elsewhere.example' is not one of"),
        ("http://127.0.0.1:1/odata", "only HTTPS is allowed"),
        ("file:///etc/hostname", "only HTTPS is allowed"),
    ],
)
def test_other_places_and_plain_http_are_refused(client, server, address, said):
    with pytest.raises(DataError, match=said):
        client.get(address)
    assert server.asked == []


def test_a_private_address_is_refused(settings):
    hosts = {**settings.hosts, "v4": "https://localhost/odata"}
    elsewhere = settings.model_copy(
        update={"hosts": hosts, "network": settings.network.model_copy(update={"test_server": ""})}
    )
    with (
        Client(elsewhere, raw.start()) as client,
        pytest.raises(DataError, match="not a public address; refused"),
    ):
        client.get("https://localhost/odata/85099NED")


def test_offline_asks_nobody(settings, server):
    kept = raw.start()
    with Client(settings, kept) as client:
        client.get(server.address + PLACE)
    asked = len(server.asked)

    with Client(settings, kept, offline=True) as client:
        assert client.get(server.address + PLACE, reuse=False)["Title"]
        with pytest.raises(DataError, match="was not downloaded before; run without --offline"):
            client.get(server.address + "/datasets.cbs.nl/odata/v1/CBS/85099NED/Dimensions")
    assert len(server.asked) == asked


def test_gzip_and_a_name_are_sent(client, server):
    sent = {}
    server.when_asked = lambda count: None
    original = server.answer
    server.answer = lambda request: (sent.update(request.headers), original(request))

    client.get(server.address + PLACE)

    assert sent["Accept-Encoding"] == "gzip"
    assert sent["User-Agent"] == "jeugdhulp-analyse"


def test_a_proxy_is_used_when_configured(settings, server):
    through = settings.model_copy(
        update={"network": settings.network.model_copy(update={"proxy": server.address, "test_server": ""})}
    )
    hosts = {**through.hosts, "v4": "https://datasets.cbs.nl/odata/v1/CBS"}
    with (
        Client(through.model_copy(update={"hosts": hosts}), raw.start()) as client,
        pytest.raises(DataError, match="no answer"),
    ):
        client.get("https://datasets.cbs.nl/odata/v1/CBS/85099NED/Properties")
    assert server.asked[0] == "datasets.cbs.nl:443"


def test_a_file_of_certificates_that_is_none_is_refused(settings, home):
    (home / "authorities.pem").write_text("nothing")
    network = settings.network.model_copy(update={"certificates": str(home / "authorities.pem")})
    with (
        Client(settings.model_copy(update={"network": network}), raw.start()) as client,
        pytest.raises(Exception, match="give a PEM file"),
    ):
        client.get(settings.base("v4") + "/85099NED/Properties")
