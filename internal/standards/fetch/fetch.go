// Package fetch is the only door to the network: it gets one https URL at a
// time, with limits, from public hosts only. It is handed to verify by cli, and
// only when the user lets laurel ask.
//
// A URL here was written by whoever made the credential, so it is treated as an
// attack on the machine that verifies: no IP literals, no address of a private,
// loopback or link-local network, looked at after the name was resolved and for
// the very connection that is made, so that a name that changes its answer gains
// nothing. It follows few redirects, sends no cookies, no referrer and no
// credentials, and uses no proxy: a proxy would resolve names out of sight of
// these checks.
package fetch

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// Limits of a Client whose Options are zero.
const (
	DefaultTimeout = 10 * time.Second
	maxRedirects   = 3
	maxURL         = 2048
	maxCache       = 16 << 20
)

// Options change what a Client may do. The zero value is the one for verifying.
type Options struct {
	// Timeout is for a whole Get, redirects and body included; zero is
	// DefaultTimeout.
	Timeout time.Duration
	// MaxBytes is the longest body, after decompression; zero is
	// DefaultMaxBytes.
	MaxBytes int64
	// UserAgent names the caller; zero is "laurel".
	UserAgent string
	// Roots replaces the system's certificate authorities. For tests.
	Roots *x509.CertPool
	// AllowLoopback lets connections to this machine pass, and IP literals
	// that name it. For tests.
	AllowLoopback bool
	// Resolver replaces the system's. For tests.
	Resolver *net.Resolver
}

// Response is what a URL gave.
type Response struct {
	URL       string // after redirects
	MediaType string // lower case, without parameters; empty if none was sent
	Body      []byte // shared by all who ask the Client for the URL: do not change
}

// Client gets documents. It keeps what it got for as long as it lives, up to 16
// MiB, so make one for each run of a command. Safe for concurrent use.
type Client struct {
	o    Options
	http *http.Client

	mu    sync.Mutex
	cache map[string]*Response
	held  int
}

// New returns a Client.
func New(o Options) *Client {
	o.Timeout, o.MaxBytes = cmp.Or(o.Timeout, DefaultTimeout), cmp.Or(o.MaxBytes, DefaultMaxBytes)
	o.UserAgent = cmp.Or(o.UserAgent, "laurel")
	c := &Client{o: o, cache: map[string]*Response{}}
	dialer := &net.Dialer{Timeout: o.Timeout, Control: c.control, Resolver: o.Resolver}
	c.http = &http.Client{
		CheckRedirect: c.checkRedirect,
		Transport: &http.Transport{
			Proxy:                  nil,
			DialContext:            dialer.DialContext,
			TLSClientConfig:        &tls.Config{RootCAs: o.Roots, MinVersion: tls.VersionTLS12},
			ForceAttemptHTTP2:      true,
			MaxIdleConnsPerHost:    8,
			IdleConnTimeout:        o.Timeout,
			ResponseHeaderTimeout:  o.Timeout,
			TLSHandshakeTimeout:    o.Timeout,
			MaxResponseHeaderBytes: 64 << 10,
		},
	}
	return c
}

// Get returns the document of an https URL; a fragment is not sent. Every error
// but that of a cancelled ctx is an *Error.
func (c *Client) Get(ctx context.Context, rawURL string) (*Response, error) {
	rawURL, _, _ = strings.Cut(rawURL, "#")
	if r := c.cached(rawURL); r != nil {
		return r, nil
	}
	r, err := c.get(ctx, rawURL)
	if err != nil {
		if ctx.Err() != nil {
			return nil, fmt.Errorf("get %q: %w", shorten(rawURL), ctx.Err())
		}
		return nil, asError(rawURL, err)
	}
	c.keep(rawURL, r)
	return r, nil
}

func (c *Client) get(ctx context.Context, rawURL string) (*Response, error) {
	if len(rawURL) > maxURL {
		return nil, refuse("it is longer than 2,048 bytes")
	}
	u, err := url.Parse(rawURL)
	if err != nil {
		return nil, refuse("it is not a URL")
	}
	if err := c.checkURL(u); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, c.o.Timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, refuse("it is not a URL")
	}
	req.Header.Set("Accept", "application/vc+ld+json, application/vc, application/did+json, application/did+ld+json, application/ld+json, application/json;q=0.9, */*;q=0.5")
	req.Header.Set("Cache-Control", "no-cache")
	req.Header.Set("User-Agent", c.o.UserAgent)
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, &Error{Reason: BadStatus, Status: resp.StatusCode}
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, c.o.MaxBytes+1))
	if err != nil {
		return nil, err
	}
	if int64(len(body)) > c.o.MaxBytes {
		return nil, &Error{Reason: TooLarge, err: fmt.Errorf("longer than %d bytes", c.o.MaxBytes)}
	}
	mediaType, _, err := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	if err != nil {
		mediaType = ""
	}
	return &Response{URL: resp.Request.URL.String(), MediaType: mediaType, Body: body}, nil
}

func (c *Client) checkRedirect(req *http.Request, via []*http.Request) error {
	// The address of one document is nothing the host of another should learn.
	req.Header.Del("Referer")
	if len(via) > maxRedirects {
		return refuse("it was redirected more than 3 times")
	}
	if err := c.checkURL(req.URL); err != nil {
		var e *Error
		if errors.As(err, &e) {
			e.redirected = true
		}
		return err
	}
	return nil
}

func (c *Client) cached(rawURL string) *Response {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.cache[rawURL]
}

func (c *Client) keep(rawURL string, r *Response) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(r.Body) > maxCache {
		return
	}
	if c.held += len(r.Body); c.held > maxCache {
		clear(c.cache)
		c.held = len(r.Body)
	}
	c.cache[rawURL] = r
}
