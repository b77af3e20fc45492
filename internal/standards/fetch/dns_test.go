package fetch_test

import (
	"context"
	"encoding/binary"
	"net"
	"net/netip"
	"sync/atomic"
	"testing"
)

// resolver answers each question for an IPv4 address with the next of addrs,
// the last one again and again, and says that no name has IPv6.
func resolver(t *testing.T, addrs ...string) *net.Resolver {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	var next atomic.Int64
	go func() {
		buf := make([]byte, 1500)
		for {
			n, from, err := conn.ReadFrom(buf)
			if err != nil {
				return
			}
			conn.WriteTo(answer(buf[:n], func() netip.Addr {
				i := min(int(next.Add(1)), len(addrs)) - 1
				return netip.MustParseAddr(addrs[i])
			}), from)
		}
	}()
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "udp", conn.LocalAddr().String())
	}}
}

// answer makes the reply to a query with one question (RFC 1035, 4.1).
func answer(query []byte, addr func() netip.Addr) []byte {
	end := 12
	for query[end] != 0 {
		end += int(query[end]) + 1
	}
	end++
	kind := binary.BigEndian.Uint16(query[end:])
	reply := append([]byte{}, query[:end+4]...)
	binary.BigEndian.PutUint16(reply[2:], 0x8180)
	binary.BigEndian.PutUint64(reply[4:], 1<<48)
	if kind != 1 {
		return reply
	}
	binary.BigEndian.PutUint16(reply[6:], 1)
	a := addr().As4()
	reply = append(reply, 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4)
	return append(reply, a[:]...)
}
