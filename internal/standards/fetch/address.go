package fetch

import (
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"syscall"
)

// checkURL decides what can be decided before a name is resolved.
func (c *Client) checkURL(u *url.URL) error {
	host := u.Hostname()
	switch {
	case u.Scheme != "https":
		return refuse("it is not an https URL")
	case u.User != nil:
		return refuse("it has a user name or password")
	case host == "" || u.Opaque != "":
		return refuse("it has no host")
	}
	if !isIPLiteral(host) {
		return nil
	}
	if addr, err := netip.ParseAddr(host); err == nil && c.o.AllowLoopback && addr.IsLoopback() {
		return nil
	}
	return refuse("its host is an IP address")
}

// isIPLiteral also knows the notations that browsers and C libraries read as
// IPv4: fewer parts, hexadecimal and octal ones (URL Standard, "ends in a number
// checker").
func isIPLiteral(host string) bool {
	if strings.Contains(host, ":") {
		return true
	}
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	last := host[strings.LastIndexByte(host, '.')+1:]
	digits := "0123456789"
	if rest, ok := strings.CutPrefix(last, "0x"); ok {
		last, digits = rest, "0123456789abcdef"
	}
	return strings.Trim(last, digits) == ""
}

// control runs between resolving a name and connecting, for every address that
// is tried, so that it sees what is really connected to.
func (c *Client) control(_, address string, _ syscall.RawConn) error {
	ap, err := netip.ParseAddrPort(address)
	if err != nil {
		return refuse("its host resolved to something that is not an address")
	}
	addr := ap.Addr().WithZone("").Unmap()
	if isPublic(addr) || c.o.AllowLoopback && addr.IsLoopback() {
		return nil
	}
	return refuse("its host is on a private, local or reserved network")
}

// isPublic tells whether an address is one of the public Internet, by the IANA
// special-purpose registries (RFC 6890).
func isPublic(addr netip.Addr) bool {
	if !addr.IsGlobalUnicast() || addr.IsPrivate() {
		return false
	}
	if addr.Is6() {
		// On a network with IPv6 alone every IPv4 host has such an address
		// (RFC 6052); what counts is the host.
		if netip.MustParsePrefix("64:ff9b::/96").Contains(addr) {
			b := addr.As16()
			return isPublic(netip.AddrFrom4([4]byte(b[12:])))
		}
		if !netip.MustParsePrefix("2000::/3").Contains(addr) {
			return false
		}
	}
	return !slices.ContainsFunc(reserved[:], func(p string) bool { return netip.MustParsePrefix(p).Contains(addr) })
}

var reserved = [...]string{
	"0.0.0.0/8",       // this network
	"100.64.0.0/10",   // carriers' NAT
	"192.0.0.0/24",    // IETF protocols
	"192.0.2.0/24",    // documentation
	"192.88.99.0/24",  // 6to4 relays
	"198.18.0.0/15",   // benchmarks
	"198.51.100.0/24", // documentation
	"203.0.113.0/24",  // documentation
	"240.0.0.0/4",     // reserved
	"2001::/23",       // IETF protocols, Teredo among them
	"2001:db8::/32",   // documentation
	"2002::/16",       // 6to4, which holds an IPv4 address
	"3fff::/20",       // documentation
}
