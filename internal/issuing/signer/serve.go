package signer

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/go-json-experiment/json"

	"laurel/internal/material/text"
	"laurel/internal/standards/did"
)

// Ask puts a question to laurel's user, and returns the answer.
type Ask func(question string) (string, error)

// Holder is what a signing program does. The errors of its functions are what the
// user is shown.
type Holder struct {
	Keys func(Ask) ([]Key, error)
	// Sign signs with a key of Keys: a message with Ed25519, else a digest. The
	// signature has the protocol's form.
	Sign func(ask Ask, key Key, data []byte) ([]byte, error)
}

// Serve is the other side of the protocol: it answers requests until there are no
// more. Its errors are of reading and writing, and of requests that are not as the
// protocol has them.
func Serve(in io.Reader, out io.Writer, h Holder) error {
	s := &server{bufio.NewReaderSize(in, 4096), out}
	keys := map[string]Key{}
	for {
		r, err := s.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		var a response
		switch r.Do {
		case doKeys:
			a, err = h.list(s.ask, keys)
		case doSign:
			a, err = h.sign(s.ask, keys, r)
		default:
			err = fmt.Errorf("unknown request %q", r.Do)
		}
		if err != nil {
			a = response{Error: err.Error()}
		}
		if err := s.write(a); err != nil {
			return err
		}
	}
}

func (h Holder) list(ask Ask, known map[string]Key) (response, error) {
	keys, err := h.Keys(ask)
	if err != nil {
		return response{}, err
	}
	list := make([]publicKey, len(keys))
	for i, k := range keys {
		known[k.Name] = k
		list[i].Key = k.Name
		if list[i].PublicKeyMultibase, err = did.EncodeKey(k.Public); err != nil {
			return response{}, fmt.Errorf("the key %q: %w", k.Name, err)
		}
	}
	return response{Keys: &list}, nil
}

func (h Holder) sign(ask Ask, known map[string]Key, r request) (response, error) {
	key, ok := known[r.Key]
	if !ok {
		return response{}, fmt.Errorf("there is no key %q", r.Key)
	}
	with := algorithmOf(key.Public)
	given := r.Message + r.Digest
	data, ok := text.Base64URL(given)
	if !ok || with.name != r.Algorithm || with.hash == 0 && r.Digest != "" || with.hash != 0 && (r.Message != "" || len(data) != with.hash.Size()) {
		return response{}, fmt.Errorf("the key %q does not sign that with %q", r.Key, r.Algorithm)
	}
	signature, err := h.Sign(ask, key, data)
	if err != nil {
		return response{}, err
	}
	return response{Signature: encodeBytes(signature)}, nil
}

type server struct {
	in  *bufio.Reader
	out io.Writer
}

// next reads a request.
func (s *server) next() (request, error) {
	var line []byte
	for {
		part, err := s.in.ReadSlice('\n')
		if line = append(line, part...); len(line) > maxRequest {
			return request{}, fmt.Errorf("a request is longer than %d bytes", maxRequest)
		}
		if err == nil {
			break
		}
		if errors.Is(err, io.EOF) && len(bytes.TrimSpace(line)) > 0 {
			return request{}, io.ErrUnexpectedEOF
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return request{}, err
		}
	}
	var r request
	if err := decode(line, &r); err != nil {
		return request{}, fmt.Errorf("read a request: %w", err)
	}
	if r.Version != version {
		return request{}, fmt.Errorf("a request of version %d of the protocol", r.Version)
	}
	return r, nil
}

func (s *server) write(a response) error {
	a.Version = version
	line, err := json.Marshal(a)
	if err != nil {
		return fmt.Errorf("write a response: %w", err)
	}
	_, err = s.out.Write(append(line, '\n'))
	return err
}

func (s *server) ask(question string) (string, error) {
	if err := s.write(response{Ask: question}); err != nil {
		return "", err
	}
	r, err := s.next()
	if err != nil {
		return "", err
	}
	if r.Do != doAnswer {
		return "", errors.New("a question was not answered")
	}
	return r.Answer, nil
}
