package deliver

import (
	"bytes"
	"cmp"
	"fmt"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"net/textproto"
	"strings"
	"time"

	"golang.org/x/net/idna"

	"laurel/internal/authoring/model"
	"laurel/internal/material/hint"
	"laurel/internal/material/text"
	"laurel/internal/publishing/render"
)

// Letter is an e-mail that is ready to be sent.
type Letter struct {
	File string // its name: a to z, digits and hyphens, and .eml
	Data []byte // RFC 5322, with lines that end in CR LF
}

// Letters are the letters that bring learners the links of a list, from the issuer, each
// in the language of what was awarded, or else the site's first. Who has no e-mail
// address gets none and is counted. They are drafts (X-Unsent): a mail program shows each
// to be looked at, and sends it. An issuer without an e-mail address is an error.
func (list *LinkList) Letters(r *render.Renderer, content *model.Site, now time.Time) (letters []Letter, without int, err error) {
	if content.Issuer.Email == "" {
		return nil, 0, hint.Errorf("write email: below issuer: in content/site.yaml", "letters need an address that they come from, and the issuer has none")
	}
	taken := map[string]bool{}
	for _, l := range list.Links {
		if l.Email == "" {
			without++
			continue
		}
		page := render.LetterPage{Language: cmp.Or(l.award.Language(), content.Languages[0]), Name: l.Name, Achievement: l.Achievement,
			Issuer: content.Issuer.Name, Link: l.Link, Until: l.record.ValidUntil, Renewal: l.record.Renewal != ""}
		subject, plain, html, err := r.Letter(page)
		if err != nil {
			return nil, 0, err
		}
		m := message{from: mail.Address{Name: content.Issuer.Name, Address: content.Issuer.Email}, to: mail.Address{Name: l.Name, Address: l.Email},
			subject: subject, language: page.Language, date: now, boundary: "laurel-" + l.record.Capsules[0]}
		data, err := m.encode(plain, html)
		if err != nil {
			return nil, 0, fmt.Errorf("write a letter: %w", err)
		}
		name := slug(l.Name) + "-" + l.award.Key.Achievement
		file := name + ".eml"
		for n := 2; taken[file]; n++ {
			file = fmt.Sprintf("%s-%d.eml", name, n)
		}
		taken[file] = true
		letters = append(letters, Letter{file, data})
	}
	return letters, without, nil
}

// message is one e-mail.
type message struct {
	from, to                    mail.Address
	subject, language, boundary string
	date                        time.Time
}

// encode writes it with two bodies that say the same (RFC 2046, 5.1.4).
func (m message) encode(plain string, html []byte) ([]byte, error) {
	var b bytes.Buffer
	header := func(name, value string) { fmt.Fprintf(&b, "%s: %s\r\n", name, value) }
	header("From", address(m.from))
	header("To", address(m.to))
	header("Subject", words(text.Print(m.subject)))
	header("Date", m.date.UTC().Format(time.RFC1123Z))
	header("X-Unsent", "1")
	header("Content-Language", m.language)
	header("MIME-Version", "1.0")
	header("Content-Type", `multipart/alternative; boundary="`+m.boundary+`"`)
	b.WriteString("\r\n")
	parts := multipart.NewWriter(&b)
	if err := parts.SetBoundary(m.boundary); err != nil {
		return nil, err
	}
	for _, body := range []struct {
		mediaType string
		text      []byte
	}{{"text/plain", []byte(plain)}, {"text/html", html}} {
		w, err := parts.CreatePart(textproto.MIMEHeader{"Content-Type": {body.mediaType + "; charset=utf-8"}, "Content-Transfer-Encoding": {"quoted-printable"}})
		if err != nil {
			return nil, err
		}
		q := quotedprintable.NewWriter(w)
		if _, err := q.Write(bytes.ReplaceAll(body.text, []byte("\n"), []byte("\r\n"))); err != nil {
			return nil, err
		}
		if err := q.Close(); err != nil {
			return nil, err
		}
	}
	err := parts.Close()
	return b.Bytes(), err
}

// address is a mailbox, its name encoded, its domain as the network has it.
func address(a mail.Address) string {
	local, domain := text.Address(a.Address)
	if ascii, err := idna.Lookup.ToASCII(domain); err == nil {
		a.Address = local + ascii
	}
	a.Name = text.Print(a.Name)
	if name := words(a.Name); name != a.Name {
		return name + "\r\n " + (&mail.Address{Address: a.Address}).String()
	}
	return strings.ReplaceAll(a.String(), " <", "\r\n <")
}

// words is a text as it stands in a header: as it is where that is short and in ASCII, else
// in encoded words, each on a line of its own (RFC 2047, 2 and 5).
func words(s string) string {
	const short, most = 60, 52 // a line has at most 76 characters, with the field's name and what is around a word
	if len(s) <= short && mime.QEncoding.Encode("utf-8", s) == s && !strings.Contains(s, "=?") {
		return s
	}
	var all []string
	n, begin := 0, 0
	for i, r := range s {
		width := 1
		if r != ' ' {
			width = len(encodedWord(string(r))) - len(encodedWord(""))
		}
		if n+width > most {
			all, n, begin = append(all, s[begin:i]), 0, i
		}
		n += width
	}
	all = append(all, s[begin:])
	for i, word := range all {
		all[i] = encodedWord(word)
	}
	return strings.Join(all, "\r\n ")
}

// encodedWord is one of RFC 2047, also of what would need no encoding: words are joined
// without the space between them only where all are encoded.
func encodedWord(s string) string {
	var b strings.Builder
	b.WriteString("=?utf-8?q?")
	for i := range len(s) {
		switch c := s[i]; {
		case c == ' ':
			b.WriteByte('_')
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', strings.IndexByte("!*+-/", c) >= 0:
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "=%02X", c)
		}
	}
	return b.String() + "?="
}
