"""Which addresses are called: those anybody on the internet could call, and none inside."""

from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.kernel.errors import InvalidError
from huiyin.webhooks.addresses import InwardError, check_number, check_url, is_outside

OUTSIDE = ("1.1.1.1", "8.8.8.8", "223.5.5.5", "2606:4700:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101")
INSIDE = (
    "127.0.0.1", "127.1.2.3", "::1", "0.0.0.0", "::", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1",
    "100.64.0.1", "100.100.100.200", "169.254.169.254", "169.254.0.23", "168.63.129.16", "192.0.0.192",
    "224.0.0.1", "239.255.255.250", "255.255.255.255", "198.18.0.1", "192.0.2.1", "240.0.0.1",
    "fe80::1", "fec0::1", "fc00::1", "fd00:ec2::254", "ff02::1", "2001:db8::1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe",
    "2002:7f00:1::", "2001:0:7f00:1::",
)  # fmt: skip


@pytest.mark.parametrize("number", OUTSIDE)
def test_the_open_internet_is_called(number: str) -> None:
    check_number(number, loopback=False)


@pytest.mark.parametrize("number", INSIDE)
def test_nothing_inside_is_called(number: str) -> None:
    with pytest.raises(InwardError):
        check_number(number, loopback=False)


@given(st.ip_addresses(v=4))
def test_an_ipv4_number_means_the_same_however_ipv6_carries_it(number: object) -> None:
    plain = is_outside(ip_address(str(number)))
    assert is_outside(ip_address(f"::ffff:{number}")) == plain
    assert is_outside(ip_address(int(ip_address("64:ff9b::")) + int(ip_address(str(number))))) == plain


GOOD = (
    "https://hooks.example.com/huiyin",
    "https://hooks.example.com:8443/a?key=b",
    "https://1.1.1.1/",
    "https://a.cn:443",
)
BAD = (
    "", "hooks.example.com", "http://hooks.example.com/", "ftp://hooks.example.com/", "https://", "https:///path",
    "https://user@example.com/", "https://user:word@example.com/", "https://@example.com/", "https://example.com/#x",
    "https://example.com:22/", "https://example.com:0/", "https://example.com:99999/", "https://example.com:x/",
    "https://127.0.0.1/", "https://[::1]/", "https://[::ffff:10.0.0.1]/", "https://169.254.169.254/latest/meta-data",
    "https://[fe80::1%25eth0]/", "http://127.0.0.1:9000/", "http://localhost:9000/", "https://exa mple.com/",
    "https://例子.com/", "https://example.com/\n", "https://example.com/" + "x" * 1000, "https://[/", "https://localhost/",
    "https://intranet/", "https://2130706433/", "https://0x7f.1/", "https://127.1/", "https://0/", "https://localhost./",
    "https://127.0.0.1./", "https://./", "https://a../",
)  # fmt: skip


@pytest.mark.parametrize("url", GOOD)
def test_an_address_of_a_service_can_be_registered(url: str) -> None:
    assert check_url(url, loopback=False) == url


@pytest.mark.parametrize("url", BAD)
def test_any_other_is_refused_with_the_way_to_write_it(url: str) -> None:
    with pytest.raises(InvalidError) as refused:
        check_url(url, loopback=False)
    assert (refused.value.code, bool(refused.value.remedy)) == ("webhook_url", True)


def test_this_machine_is_called_where_the_installation_says_so_and_nothing_else_inside() -> None:
    assert check_url("http://127.0.0.1:9000/hook", loopback=True)
    check_number("127.0.0.1", loopback=True)
    for url in ("http://10.0.0.1/", "https://10.0.0.1/", "http://example.com/"):
        with pytest.raises(InvalidError):
            check_url(url, loopback=True)
    with pytest.raises(InwardError):
        check_number("10.0.0.1", loopback=True)
