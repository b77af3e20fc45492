package signer

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"crypto"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/go-json-experiment/json"

	"laurel/internal/material/hint"
	"laurel/internal/material/text"
)

// Options are what a program is run with.
type Options struct {
	Command string   // parted as CheckCommand has it
	Dir     string   // the working folder
	Env     []string // all of the environment, as "name=value"; PATH tells where programs are
	// Ask puts a question to the user, whose answer is not shown. The answer is
	// wiped. Nil: nobody can be asked.
	Ask func(ctx context.Context, question string) ([]byte, error)
	// Stderr is given each line of the program's standard error, fit for a
	// terminal, by who waits for the program. Nil: nobody reads them.
	Stderr func(line string)
	// Wait is how long a response may take; zero: a minute.
	Wait time.Duration
}

// Process is a program that holds keys. Its methods may be used by several
// goroutines; the program is given one request at a time.
type Process struct {
	ctx    context.Context
	o      Options
	name   string
	cmd    *exec.Cmd
	group  group // it, and what it started
	stdin  io.WriteCloser
	stdout *bufio.Reader
	stderr stderr
	stop   func() bool // of watching ctx
	end    sync.Once

	mu    sync.Mutex // a request and its response
	keys  []Key
	asked int
	err   error // what broke it; nothing is asked afterwards
}

// Start runs the program and asks for its keys. The context ends it at any time.
// Errors say what to try; when the program fails later, they are those of
// [Process.Signer]'s keys.
func Start(ctx context.Context, o Options) (*Process, error) {
	words, err := split(o.Command)
	if err != nil {
		return nil, err
	}
	path, err := find(words[0], o.Env)
	if err != nil {
		return nil, err
	}
	o.Wait = cmp.Or(o.Wait, responseTime)
	if o.Stderr == nil {
		o.Stderr = func(string) {}
	}
	p := &Process{ctx: ctx, o: o, name: text.Terminal(Program(o.Command)), cmd: exec.Command(path, words[1:]...),
		stderr: stderr{lines: make(chan string, maxStderrLines)}}
	p.cmd.Args[0] = words[0]
	p.cmd.Dir, p.cmd.Env = o.Dir, o.Env
	p.cmd.Stderr = &p.stderr
	p.cmd.WaitDelay = time.Second // where another process has its streams
	p.cmd.SysProcAttr = apart
	if p.stdin, err = p.cmd.StdinPipe(); err != nil {
		return nil, fmt.Errorf("start %s: %w", p.name, err)
	}
	stdout, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", p.name, err)
	}
	p.stdout = bufio.NewReaderSize(stdout, maxResponse)
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start the signing program %s: %w", p.name, unwrapExec(err))
	}
	p.group = groupOf(p.cmd.Process)
	p.stop = context.AfterFunc(ctx, p.kill)
	if p.keys, err = p.list(); err != nil {
		p.Close()
		return nil, err
	}
	return p, nil
}

// Keys are those that the program holds.
func (p *Process) Keys() []Key { return slices.Clone(p.keys) }

// Signer is the key with this public half. It signs as the protocol can: pure
// Ed25519, ECDSA with the hash that goes with the curve, RSA with SHA-256 and PKCS #1
// v1.5, and gives what crypto.Signer asks for. Each signature was checked with public.
//
// Errors of its Sign are those that the program gave, or say which rule of the
// protocol it broke; after one of these, nothing more is signed.
func (p *Process) Signer(public crypto.PublicKey) (crypto.Signer, error) {
	for _, k := range p.keys {
		if same(k.Public, public) {
			return &heldKey{p, k, algorithmOf(k.Public)}, nil
		}
	}
	return nil, hint.Errorf("see that the right token is there, and that it is the program's own key that keys/ names",
		"%s does not hold this key", p.name)
}

// Close ends the program: it has five seconds to end by itself. It waits until it has
// ended.
func (p *Process) Close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.err == nil {
		p.err = errors.New("the signing program has ended")
		p.stdin.Close()
		done := make(chan struct{})
		go func() {
			io.Copy(io.Discard, p.stdout)
			close(done)
		}()
		timer := time.NewTimer(endTime)
		defer timer.Stop()
		select {
		case <-done:
		case <-timer.C:
		}
	}
	p.reap()
}

// kill ends the program with all of its group. The process is waited for only
// afterwards, so that its number is still its own.
func (p *Process) kill() { p.group.kill() }

// reap kills what is left and waits for it.
func (p *Process) reap() {
	p.end.Do(func() {
		p.stop()
		p.kill()
		p.cmd.Wait() // how it ended is told by ProcessState
		p.handOn()
	})
}

// heldKey is a key that the program holds.
type heldKey struct {
	process *Process
	key     Key
	with    *algorithm
}

func (k *heldKey) Public() crypto.PublicKey { return k.key.Public }

func (k *heldKey) Sign(_ io.Reader, data []byte, o crypto.SignerOpts) ([]byte, error) {
	fits := false
	switch o := o.(type) {
	case crypto.Hash:
		fits = o == k.with.hash && (o == 0 || len(data) == o.Size())
	case *ed25519.Options:
		fits = k.with.hash == 0 && *o == ed25519.Options{}
	}
	if !fits {
		return nil, fmt.Errorf("a key held by %s signs with %s, and nothing else is asked of it", k.process.name, k.with.name)
	}
	r := request{Do: doSign, Key: k.key.Name, Algorithm: k.with.name}
	if k.with.hash == 0 {
		r.Message = encodeBytes(data)
	} else {
		r.Digest = encodeBytes(data)
	}
	signature, err := k.process.sign(r, k, data)
	if err != nil {
		return nil, err
	}
	if k.with.name == "ES256" || k.with.name == "ES384" {
		return asn1Signature(signature), nil
	}
	return signature, nil
}

func (p *Process) sign(r request, k *heldKey, data []byte) ([]byte, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	got, err := p.do(r)
	if err != nil {
		return nil, err
	}
	signature, ok := text.Base64URL(got.Signature)
	switch {
	case got.Signature == "" || !ok:
		return nil, p.fail("gave no signature in base64url for the key %q", k.key.Name)
	case len(signature) != k.with.size:
		return nil, p.fail("gave a signature of %d bytes for the key %q, not %d", len(signature), k.key.Name, k.with.size)
	case !k.with.check(k.key.Public, data, signature):
		return nil, p.fail("gave a signature that does not fit the public half of the key %q", k.key.Name)
	}
	return signature, nil
}

// list asks for the keys.
func (p *Process) list() ([]Key, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	got, err := p.do(request{Do: doKeys})
	if err != nil {
		return nil, err
	}
	if got.Keys == nil || len(*got.Keys) > maxKeys {
		return nil, p.fail("gave no list of at most %d keys", maxKeys)
	}
	var keys []Key
	for _, k := range *got.Keys {
		key, err := k.key()
		if err != nil {
			return nil, p.fail("lists %v", err)
		}
		if slices.ContainsFunc(keys, func(other Key) bool { return other.Name == key.Name || same(other.Public, key.Public) }) {
			return nil, p.fail("lists the key %q twice", key.Name)
		}
		keys = append(keys, key)
	}
	return keys, nil
}

// do sends a request and returns the response, once the program's questions are
// answered. An error that the program gives is no rule broken.
func (p *Process) do(r request) (response, error) {
	for {
		got, err := p.exchange(r)
		if err != nil {
			return response{}, err
		}
		if got.Error != "" {
			return response{}, fmt.Errorf("%s: %s", p.name, text.Escape(got.Error))
		}
		if got.Ask == "" {
			return got, nil
		}
		answer, err := p.ask(got.Ask)
		if err != nil {
			return response{}, err
		}
		r = request{Do: doAnswer, Answer: string(answer)}
		clear(answer)
	}
}

func (p *Process) ask(question string) ([]byte, error) {
	if p.asked++; p.asked > maxAsks {
		return nil, p.fail("asked more than %d times", maxAsks)
	}
	if p.o.Ask == nil {
		return nil, p.fail("asks %s, and there is nobody to answer", text.Quote(question))
	}
	answer, err := p.o.Ask(p.ctx, text.Escape(question))
	if err != nil {
		p.err = fmt.Errorf("%s asks %s: %w", p.name, text.Quote(question), err)
		p.reap()
		return nil, p.err
	}
	return answer, nil
}

// exchange writes a line and reads one.
func (p *Process) exchange(r request) (response, error) {
	if p.err != nil {
		return response{}, p.err
	}
	r.Version = version
	line, err := json.Marshal(r)
	if err != nil {
		return response{}, fmt.Errorf("write a request to %s: %w", p.name, err)
	}
	if line = append(line, '\n'); len(line) > maxRequest {
		return response{}, fmt.Errorf("what is to be signed is longer than a request to %s may be", p.name)
	}
	if p.stdout.Buffered() > 0 {
		return response{}, p.fail("wrote more than one line in response")
	}
	type result struct {
		line []byte
		err  error
	}
	done := make(chan result, 1)
	go func() {
		defer clear(line)
		if _, err := p.stdin.Write(line); err != nil {
			// A program that does not read may still have said why.
			if got, err := p.stdout.ReadSlice('\n'); err == nil {
				done <- result{got, nil}
				return
			}
			done <- result{nil, io.EOF}
			return
		}
		got, err := p.stdout.ReadSlice('\n')
		done <- result{got, err}
	}()
	timer := time.NewTimer(p.o.Wait)
	defer timer.Stop()
	for {
		select {
		case line := <-p.stderr.lines:
			p.o.Stderr(line)
		case got := <-done:
			return p.read(got.line, got.err)
		case <-timer.C:
			defer func() { <-done }()
			return response{}, p.fail("did not respond within %v", p.o.Wait)
		}
	}
}

// read understands a line.
func (p *Process) read(line []byte, err error) (response, error) {
	switch {
	case p.ctx.Err() != nil:
		p.err = p.ctx.Err()
		p.reap()
		return response{}, p.err
	case errors.Is(err, bufio.ErrBufferFull):
		return response{}, p.fail("wrote a line of more than %d bytes", maxResponse)
	case err != nil:
		return response{}, p.died()
	}
	var got response
	if err := decode(line, &got); err != nil {
		return response{}, p.fail("wrote %v", err)
	}
	said := 0
	for _, is := range []bool{got.Keys != nil, got.Signature != "", got.Error != "", got.Ask != ""} {
		if is {
			said++
		}
	}
	switch {
	case got.Version != version:
		return response{}, p.fail("speaks version %d of the protocol, and laurel version %d", got.Version, version)
	case said != 1:
		return response{}, p.fail("wrote a response that has not one of keys, signature, error and ask")
	}
	return got, nil
}

// fail says which rule was broken, and ends the program.
func (p *Process) fail(format string, args ...any) error {
	p.err = hint.Errorf("laurel help signer says how it should speak; what it wrote to its standard error is above",
		"the signing program %s %s", p.name, fmt.Sprintf(format, args...))
	p.reap()
	return p.err
}

// died says how the program ended.
func (p *Process) died() error {
	p.reap()
	how := "its output ended"
	if s := p.cmd.ProcessState; s != nil && s.String() != "signal: killed" {
		how = s.String()
	}
	return p.fail("ended before it responded (%s)", how)
}

// stderr takes the lines of a program's standard error, as many as are shown. They
// are handed on by who waits for the program.
type stderr struct {
	lines chan string
	rest  []byte
	n     int
}

func (e *stderr) Write(b []byte) (int, error) {
	for _, c := range b {
		switch {
		case c == '\n':
			e.end()
		case len(e.rest) < maxStderrLine:
			e.rest = append(e.rest, c)
		}
	}
	return len(b), nil
}

func (e *stderr) end() {
	if e.n++; e.n <= maxStderrLines { // as many as the channel has room for
		e.lines <- text.Terminal(strings.ToValidUTF8(string(bytes.TrimRight(e.rest, "\r")), "\ufffd"))
	}
	e.rest = e.rest[:0]
}

// handOn gives the user what is left when the program has ended.
func (p *Process) handOn() {
	if len(p.stderr.rest) > 0 {
		p.stderr.end()
	}
	close(p.stderr.lines)
	for line := range p.stderr.lines {
		p.o.Stderr(line)
	}
}
