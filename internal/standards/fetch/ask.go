package fetch

import (
	"context"
	"crypto/x509"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"
)

// Question is one request for a document, of a kind that tells what its host does.
type Question struct {
	Method string // "GET" or "HEAD"; empty: GET
	URL    string // a fragment is not sent
	Header map[string]string
	// MaxBytes is the longest body that is read; zero is that of the Client.
	MaxBytes int64
	// Plain also lets an http URL pass, to see where it leads.
	Plain bool
}

// Answer is what a host said to a Question, as it came: no redirect was followed, and
// any status is an answer. A body that was compressed for the way is unpacked, unless
// the question has an Accept-Encoding.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
	Cut    bool // the body is longer than the question allows
	// Certificate is the one that the host showed; nil over http.
	Certificate *x509.Certificate
}

// Ask puts one question to a host, with the limits of Get but for redirects, of which
// none is followed, and keeps nothing. Every error but that of a cancelled ctx is an
// *Error; one about a certificate is to be found in it with errors.As.
func (c *Client) Ask(ctx context.Context, q Question) (*Answer, error) {
	a, err := c.ask(ctx, q)
	switch {
	case err == nil:
		return a, nil
	case ctx.Err() != nil:
		return nil, fmt.Errorf("get %q: %w", shorten(q.URL), ctx.Err())
	}
	return nil, asError(q.URL, err)
}

func (c *Client) ask(ctx context.Context, q Question) (*Answer, error) {
	u, err := url.Parse(q.URL)
	if err != nil || len(q.URL) > maxURL {
		return nil, refuse("it is not a URL of at most 2,048 bytes")
	}
	judged := *u
	if q.Plain && u.Scheme == "http" {
		judged.Scheme = "https"
	}
	if err := c.checkURL(&judged); err != nil {
		return nil, err
	}
	most := c.o.MaxBytes
	if q.MaxBytes > 0 {
		most = q.MaxBytes
	}
	ctx, cancel := context.WithTimeout(ctx, c.timeout(most))
	defer cancel()
	u.Fragment = ""
	req, err := http.NewRequestWithContext(ctx, q.Method, u.String(), nil)
	if err != nil {
		return nil, refuse("it is not a URL")
	}
	req.Header.Set("Accept", "*/*")
	req.Header.Set("User-Agent", c.o.UserAgent)
	for name, value := range q.Header {
		req.Header.Set(name, value)
	}
	resp, err := c.http.Transport.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, most+1))
	if err != nil {
		return nil, err
	}
	a := &Answer{Status: resp.StatusCode, Header: resp.Header, Body: body}
	if int64(len(body)) > most {
		a.Body, a.Cut = body[:most], true
	}
	if resp.TLS != nil && len(resp.TLS.PeerCertificates) > 0 {
		a.Certificate = resp.TLS.PeerCertificates[0]
	}
	return a, nil
}

// timeout gives a body of more than the usual size its time: a second for 64 KiB, as
// a slow line takes.
func (c *Client) timeout(most int64) time.Duration {
	return c.o.Timeout + time.Duration(max(0, most-c.o.MaxBytes)>>16)*time.Second
}
