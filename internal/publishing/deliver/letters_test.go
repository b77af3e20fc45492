package deliver

import (
	"bytes"
	"io"
	"mime"
	"mime/multipart"
	"net/mail"
	"strings"
	"testing"
	"time"
)

// TestMessage reads letters as others do: what was written comes back, whatever names
// hold, and no line is longer or has other characters than mail allows.
func TestMessage(t *testing.T) {
	long := strings.Repeat("Grundkurs für Überschwemmungshilfe, ", 8)
	for _, name := range []string{"Ana Example", "Jürgen Müßig", `Example, "Ana" <a@b.example>`, "مثال العربية", strings.Repeat("Ñandú Ëxample ", 12), "  two   spaces\tand a tab "} {
		m := message{from: mail.Address{Name: name, Address: "office@bücher.example"}, to: mail.Address{Name: name, Address: "ana@example.org"},
			subject: long + name, language: "de", boundary: "laurel-0123456789abcdef0123456789abcdef", date: time.Date(2026, 11, 30, 8, 0, 0, 0, time.UTC)}
		plain, page := "Guten Tag "+name+",\n\n"+long+"\nhttps://example.org/claim/#a=b\n.\nFrom here\n", "<p>"+name+" &amp; "+long+"</p>\n"
		data, err := m.encode(plain, []byte(page))
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range strings.Split(string(data), "\r\n") {
			if strings.ContainsAny(line, "\r\n") || len(line) > 78 && !strings.Contains(line, "boundary=") || strings.ContainsFunc(line, func(r rune) bool { return r > '~' }) {
				t.Errorf("%q: the line %q", name, line)
			}
		}
		read, err := mail.ReadMessage(bytes.NewReader(data))
		if err != nil {
			t.Fatalf("%q: %v\n%s", name, err, data)
		}
		shown := strings.Join(strings.Fields(name), " ")
		for field, want := range map[string]string{"From": "office@xn--bcher-kva.example", "To": "ana@example.org"} {
			list, err := read.Header.AddressList(field)
			if err != nil || len(list) != 1 || list[0].Address != want || list[0].Name != shown {
				t.Errorf("%s of %q: %v, %v", field, name, list, err)
			}
		}
		subject, err := new(mime.WordDecoder).DecodeHeader(read.Header.Get("Subject"))
		if err != nil || subject != strings.TrimSpace(strings.Join(strings.Fields(long+name), " ")) {
			t.Errorf("subject %q, %v", subject, err)
		}
		_, params, err := mime.ParseMediaType(read.Header.Get("Content-Type"))
		if err != nil || read.Header.Get("X-Unsent") != "1" {
			t.Errorf("%v, %v", read.Header, err)
		}
		parts := multipart.NewReader(read.Body, params["boundary"])
		for _, want := range []string{plain, page} {
			part, err := parts.NextPart() // takes quoted-printable off
			if err != nil {
				t.Fatal(err)
			}
			if body, err := io.ReadAll(part); err != nil || strings.ReplaceAll(string(body), "\r\n", "\n") != want {
				t.Errorf("body %q, not %q: %v", body, want, err)
			}
		}
	}
}
