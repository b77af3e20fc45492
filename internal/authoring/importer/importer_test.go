package importer_test

import (
	"bytes"
	"context"
	"crypto/md5"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"hash/crc32"
	"image"
	"image/png"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"laurel/internal/authoring/content"
	"laurel/internal/authoring/importer"
	"laurel/internal/authoring/model"
	"laurel/internal/standards/proof"
	"laurel/internal/standards/vc"
	"laurel/internal/testing/vectors"
)

var now = time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)

// site is a site folder.
type site struct{ dir string }

func newSite(t *testing.T) *site {
	t.Helper()
	s := &site{t.TempDir()}
	s.write(t, importer.File{Name: "content/site.yaml", Data: []byte("baseURL: https://example.org/academy\nlanguages: [en]\nissuer:\n  name: Example Academy\n")})
	return s
}

func (s *site) write(t *testing.T, files ...importer.File) {
	t.Helper()
	for _, f := range files {
		if clean := path.Clean(f.Name); clean != f.Name || !strings.HasPrefix(clean, "content/") {
			t.Fatalf("it would write %q", f.Name)
		}
		name := filepath.Join(s.dir, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(name); err == nil {
			t.Fatalf("%s is there already", f.Name)
		}
		if err := os.WriteFile(name, f.Data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func (s *site) load(t *testing.T) *model.Site {
	t.Helper()
	root, err := os.OpenRoot(s.dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	loaded, err := content.Load(root)
	if err != nil {
		t.Fatal(err)
	}
	return loaded
}

// take imports files into the site, whose content has no problems then.
func (s *site) take(t *testing.T, o importer.Options, files ...importer.File) *importer.Import {
	t.Helper()
	o.Site = s.load(t)
	if o.Now.IsZero() {
		o.Now = now
	}
	made, err := importer.Read(t.Context(), files, o)
	if err != nil {
		t.Fatal(err)
	}
	s.write(t, made.Files...)
	s.load(t)
	return made
}

func file(name, text string) importer.File { return importer.File{Name: name, Data: []byte(text)} }

func noted(made *importer.Import, kind, about, text string) bool {
	return slices.ContainsFunc(made.Notes, func(n importer.Note) bool {
		return n.Kind == kind && strings.Contains(n.About, about) && strings.Contains(n.Text, text)
	})
}

const (
	class    = `{"@context":"https://w3id.org/openbadges/v2","type":"BadgeClass","id":"https://example.org/knots.json","name":"Knots","description":"Ties six knots.","criteria":"https://example.org/knots.html","issuer":"https://example.org/issuer.json"%s}`
	profile  = `{"@context":"https://w3id.org/openbadges/v2","type":"Profile","id":"https://example.org/issuer.json","name":"Example Academy","url":"https://example.org","email":"office@example.org"%s}`
	assigned = `{"@context":"https://w3id.org/openbadges/v2","type":"Assertion","id":"%s","recipient":{"type":"email","hashed":false,"identity":"%s"},"badge":"https://example.org/knots.json","issuedOn":"2024-03-01T09:30:00+01:00","verification":{"type":"hosted"}%s}`
)

// What the specification of 2.0 has as examples, at a time when none had expired, and
// without the one that says another is revoked.
func TestExamplesOfTheSpecification(t *testing.T) {
	var files []importer.File
	for _, name := range vectors.Files("1edtech-ob20", "*") {
		if !strings.Contains(name, "assertion-revoked") {
			files = append(files, importer.File{Name: path.Base(name), Data: vectors.Read(name)})
		}
	}
	s := newSite(t)
	made := s.take(t, importer.Options{Now: time.Date(2017, 2, 1, 0, 0, 0, 0, time.UTC)}, files...)
	if made.Achievements != 1 || made.Awards != 2 {
		t.Fatalf("%d achievements and %d awards: %+v", made.Achievements, made.Awards, made.Notes)
	}
	loaded := s.load(t)
	a := loaded.Achievements[0]
	if a.Name != "Awesome Robotics Badge" || a.Criteria.ID != "https://example.org/robotics-badge.html" || len(a.Alignment) != 2 || !slices.Equal(a.Tag, []string{"robots", "awesome"}) ||
		a.Alignment[1].TargetFramework != "Mozilla 21st Century Skills" || a.OtherIdentifier[0].Identifier != "https://example.org/robotics-badge.json" {
		t.Errorf("the achievement is %+v", a)
	}
	awards := loaded.Cohorts[0].Awards
	first := awards[slices.IndexFunc(awards, func(a *model.Award) bool { return !a.ValidUntil.IsZero() })]
	if first.Evidence[0].ID != "https://example.org/beths-robot-work.html" || !first.ValidUntil.Equal(time.Date(2017, 6, 30, 23, 59, 59, 0, time.UTC)) ||
		first.Recipient.HashedEmail != (model.HashedEmail{IdentityHash: "sha256$c7ef86405ba71b85acd8e2e95166c4b111448089f2e1599f42fe1bba46e865c5", Salt: "deadsea"}) {
		t.Errorf("the award is %+v", first)
	}
	if !strings.Contains(string(made.Issuer), "name: An Example Badge Issuer") {
		t.Errorf("the issuer is proposed as %s", made.Issuer)
	}
}

// Every carrier gives the same award: JSON of 2.0, of 1.1 and of 1.0, in which nothing
// says what it is or where, a signed badge, and baked pictures.
func TestCarriers(t *testing.T) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	text := string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
	public := fmt.Sprintf(`{"type":"CryptographicKey","id":"https://example.org/key.json","owner":"https://example.org/issuer.json","publicKeyPem":%q}`, text)
	payload := fmt.Sprintf(assigned, "urn:uuid:1", "ana@example.org", "")
	payload = strings.Replace(payload, `"type":"hosted"`, `"type":"signed","creator":"https://example.org/key.json"`, 1)
	signed, err := proof.SignJWS([]byte(payload), proof.JWSHeader{}, key)
	if err != nil {
		t.Fatal(err)
	}
	forged := signed[:len(signed)-8] + "AAAAAAAA"
	hosted := fmt.Sprintf(assigned, "https://example.org/1.json", "ana@example.org", "")
	for name, c := range map[string]struct {
		file importer.File
		out  string // why it is left out
	}{
		"2.0":           {file("a.json", hosted), ""},
		"list":          {file("a.json", "["+hosted+"]"), ""},
		"1.1":           {file("a.json", strings.ReplaceAll(strings.Replace(hosted, `"verification"`, `"verify"`, 1), "/v2", "/v1")), ""},
		"1.0":           {file("a.json", `{"uid":"1","recipient":{"type":"email","hashed":false,"identity":"ana@example.org"},"badge":"https://example.org/knots.json","issuedOn":1709281800,"verify":{"type":"hosted","url":"https://example.org/1.json"}}`), ""},
		"signed":        {file("a.jws", signed), ""},
		"forged":        {file("a.jws", forged), "signature does not fit"},
		"png":           {importer.File{Name: "a.png", Data: bakedPNG(t, "iTXt", hosted)}, ""},
		"png-text":      {importer.File{Name: "a.png", Data: bakedPNG(t, "tEXt", hosted)}, ""},
		"png-signed":    {importer.File{Name: "a.png", Data: bakedPNG(t, "iTXt", signed)}, ""},
		"png-forged":    {importer.File{Name: "a.png", Data: bakedPNG(t, "iTXt", forged)}, "signature does not fit"},
		"svg":           {file("a.svg", `<svg xmlns="http://www.w3.org/2000/svg" xmlns:openbadges="http://openbadges.org"><openbadges:assertion verify="https://example.org/1.json"><![CDATA[`+hosted+`]]></openbadges:assertion></svg>`), ""},
		"svg-signed":    {file("a.svg", `<svg xmlns="http://www.w3.org/2000/svg" xmlns:openbadges="http://openbadges.org"><openbadges:assertion verify="`+signed+`"/></svg>`), ""},
		"address-alone": {file("a.svg", `<svg xmlns="http://www.w3.org/2000/svg" xmlns:openbadges="http://openbadges.org"><openbadges:assertion verify="https://example.org/1.json"/></svg>`), "--online gets it"},
		"expired":       {file("a.json", strings.Replace(hosted, `"issuedOn"`, `"expires":"2025-01-01","issuedOn"`, 1)), "expired on 2025-01-01"},
		"bad-date":      {file("a.json", strings.Replace(hosted, "2024-03-01T", "2024-02-30T", 1)), "issuedOn is no date"},
		"bad-year":      {file("a.json", strings.Replace(hosted, `"2024-03-01T09:30:00+01:00"`, "-5", 1)), "outside of all years"},
		"no-date":       {file("a.json", strings.Replace(hosted, `"issuedOn"`, `"other"`, 1)), "issuedOn is missing"},
		"future":        {file("a.json", strings.Replace(hosted, "2024-", "2034-", 1)), "in the future"},
		"no-address":    {file("a.json", strings.Replace(hosted, `"type":"email"`, `"type":"url"`, 1)), "not known by an e-mail address"},
		"no-class":      {file("a.json", strings.Replace(hosted, "knots.json", "gone.json", 1)), "gone.json, is not at hand"},
		"revoked":       {file("a.json", strings.Replace(hosted, `"issuedOn"`, `"revoked":true,"revocationReason":"a mistake","issuedOn"`, 1)), "it was revoked: a mistake"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			made := s.take(t, importer.Options{}, c.file, file("knots.json", fmt.Sprintf(class, `,"image":"https://example.org/gone.png"`)), file("issuer.json", fmt.Sprintf(profile, "")), file("key.json", public))
			if c.out != "" {
				if made.Awards != 0 || !slices.ContainsFunc(made.Notes, func(n importer.Note) bool { return n.Kind == importer.LeftOut && strings.Contains(n.Text, c.out) }) {
					t.Errorf("%d awards, %+v", made.Awards, made.Notes)
				}
				return
			}
			if made.Awards != 1 || noted(made, importer.LeftOut, "", "") {
				t.Fatalf("%d awards, %+v", made.Awards, made.Notes)
			}
			a := s.load(t).Cohorts[0].Awards[0]
			if image := s.load(t).Achievements[0].Image; strings.HasPrefix(name, "png") != (image != nil) {
				t.Errorf("the picture is %+v", image)
			}
			for _, f := range made.Files {
				if strings.HasPrefix(f.Name, "content/images/") && bytes.Contains(f.Data, []byte("openbadges")) {
					t.Error("the picture has a badge in it")
				}
			}
			if a.Key.String() != "imported-knots/knots/ana@example.org" || !a.AwardedDate.Equal(time.Date(2024, 3, 1, 8, 30, 0, 0, time.UTC)) {
				t.Errorf("the award is %+v", a)
			}
		})
	}
}

// Revoked is what a list says of an id or a uid, what a 1.x list says, and what its
// host says.
func TestRevoked(t *testing.T) {
	one := fmt.Sprintf(assigned, "https://example.org/1.json", "ana@example.org", `,"uid":"u-1"`)
	for name, list := range map[string]string{
		"id":     `{"type":"RevocationList","id":"https://example.org/r.json","revokedAssertions":["https://example.org/1.json"]}`,
		"object": `{"type":"RevocationList","id":"https://example.org/r.json","revokedAssertions":{"id":"https://example.org/1.json"}}`,
		"uid":    `{"type":"RevocationList","id":"https://example.org/r.json","revokedAssertions":[{"uid":"u-1","revocationReason":"x"}]}`,
		"copy":   `{"id":"https://example.org/1.json","revoked":true}`,
		"other":  "",
	} {
		made := newSite(t).take(t, importer.Options{}, file("1.json", one), file("k.json", fmt.Sprintf(class, "")), file("r.json", list))
		if got := noted(made, importer.LeftOut, "1.json", "revoked"); got != (list != "") || made.Awards != map[bool]int{true: 0, false: 1}[got] {
			t.Errorf("%s: %d awards, %+v", name, made.Awards, made.Notes)
		}
	}
	web := map[string]string{"https://example.org/knots.json": fmt.Sprintf(class, `,"image":"https://example.org/knots.png"`), "https://example.org/issuer.json": fmt.Sprintf(profile, `,"revocationList":"https://example.org/r.json"`),
		"https://example.org/r.json": `{"type":"RevocationList","revokedAssertions":["https://example.org/2.json"]}`, "https://example.org/knots.png": string(plainPNG(t)),
		"https://example.org/3.json": fmt.Sprintf(assigned, "https://example.org/3.json", "eve@example.org", "")}
	asked := map[string]int{}
	get := func(_ context.Context, url string) ([]byte, error) {
		asked[url]++
		if url == "https://example.org/1.json" {
			return nil, importer.ErrGone
		}
		if text, ok := web[url]; ok {
			return []byte(text), nil
		}
		return nil, fmt.Errorf("get %q: not there", url)
	}
	s := newSite(t)
	made := s.take(t, importer.Options{Fetch: get}, file("1.json", one), file("2.json", fmt.Sprintf(assigned, "https://example.org/2.json", "ben@example.org", "")),
		file("3.json", fmt.Sprintf(assigned, "https://example.org/3.json", "eve@example.org", "")), file("4.json", fmt.Sprintf(assigned, "https://example.org/4.json", "kim@example.org", "")))
	if made.Awards != 2 || !noted(made, importer.LeftOut, "1.json", "revoked") || !noted(made, importer.LeftOut, "2.json", "revoked") || !noted(made, importer.Check, "4.json", "did not say") {
		t.Errorf("online: %d awards, %+v", made.Awards, made.Notes)
	}
	if image := s.load(t).Achievements[0].Image; image == nil || image.File != "knots.png" {
		t.Errorf("the picture is %+v", image)
	}
	for url, n := range asked {
		if n != 1 {
			t.Errorf("%s was asked for %d times", url, n)
		}
	}
}

// Addresses are found behind hashes of every kind, and one person's two badges are two
// awards. Again, there is nothing new; more of the same goes into another list.
func TestRecipientsAndRepeating(t *testing.T) {
	sum := md5.Sum([]byte("kim@example.orgpepper"))
	hashed := func(id, hash, salt string) importer.File {
		return file(id+".json", strings.Replace(fmt.Sprintf(assigned, "https://example.org/"+id+".json", hash, ""), `"hashed":false`, `"hashed":true,"salt":"`+salt+`"`, 1))
	}
	files := []importer.File{
		file("k.json", fmt.Sprintf(class, "")),
		hashed("a", vc.HashIdentity("ana@example.org", "s"), "s"), hashed("b", vc.HashIdentity("ben@example.org", ""), ""),
		hashed("c", "md5$"+hex.EncodeToString(sum[:]), "pepper"), hashed("d", vc.HashIdentity("who@example.org", "t"), "t"), hashed("e", "md5$00", "t"),
		file("f.json", strings.Replace(fmt.Sprintf(assigned, "https://example.org/f.json", "ana@example.org", `,"extensions:recipientProfile":{"name":"Ana Example"}`), "2024-", "2025-", 1)),
	}
	table, err := importer.ReadRecipients([]byte("\ufeffname, Email\nAna Example,ana@example.org\nBen Example,BEN@example.org\n,kim@example.org\n"))
	if err != nil || len(table) != 3 {
		t.Fatalf("%v, %v", table, err)
	}
	s := newSite(t)
	made := s.take(t, importer.Options{Recipients: table}, files...)
	if made.Awards != 5 || !noted(made, importer.LeftOut, "e.json", "--recipients") || !noted(made, importer.Check, "d.json", "hash") {
		t.Fatalf("%d awards, %+v", made.Awards, made.Notes)
	}
	var keys []string
	for _, a := range s.load(t).Cohorts[0].Awards {
		keys = append(keys, a.Key.Recipient+" "+a.Recipient.Name)
	}
	slices.Sort(keys)
	if want := []string{"BEN@example.org Ben Example", "ana@example.org Ana Example", "ana@example.org-2 Ana Example", "kim@example.org ", "sha256-" + vc.HashIdentity("who@example.org", "t")[7:23] + " "}; !slices.Equal(keys, want) {
		t.Errorf("awards are %q, want %q", keys, want)
	}
	for _, o := range []importer.Options{{Recipients: table}, {}} {
		if made := s.take(t, o, files...); len(made.Files) != 0 || made.Known < 4 {
			t.Errorf("again: %d files, %d known, %+v", len(made.Files), made.Known, made.Notes)
		}
	}
	made = s.take(t, importer.Options{}, append(files, file("g.json", fmt.Sprintf(assigned, "https://example.org/g.json", "new@example.org", "")))...)
	if made.Awards != 1 || made.Achievements != 0 || made.Files[0].Name != "content/awards/imported-knots-2.yaml" {
		t.Errorf("more: %d awards, %v", made.Awards, made.Files)
	}
	for _, bad := range []string{"", "name\nAna\n", "email\n\"a"} {
		if _, err := importer.ReadRecipients([]byte(bad)); err == nil {
			t.Errorf("%q is a table", bad)
		}
	}
}

// What strangers write is refused or made harmless; what is made of it is always
// content without problems, below content/.
func TestHostile(t *testing.T) {
	evil := "\u202e../../../etc/passwd\\n# x: y\\n- name: z\u0000"
	for name, c := range map[string]struct {
		files []importer.File
		kind  string // of a note that must be there
		text  string
	}{
		"deep":             {[]importer.File{file("a.json", strings.Repeat(`{"badge":`, 200)+"1"+strings.Repeat("}", 200))}, importer.LeftOut, "cannot be read"},
		"repeated":         {[]importer.File{file("a.json", `{"type":"Assertion","type":"Issuer"}`)}, importer.LeftOut, "cannot be read"},
		"not-json":         {[]importer.File{file("a.txt", "hello")}, importer.LeftOut, "neither JSON"},
		"huge":             {[]importer.File{{Name: "a.json", Data: make([]byte, importer.MaxFile+1)}}, importer.LeftOut, "larger than"},
		"broken-png":       {[]importer.File{file("a.png", "\x89PNG\r\n\x1a\nrubbish")}, importer.LeftOut, "cannot be read"},
		"entity-bomb":      {[]importer.File{file("a.svg", `<!DOCTYPE svg [<!ENTITY a "b">]><svg xmlns="http://www.w3.org/2000/svg">&a;</svg>`)}, importer.LeftOut, "cannot be read"},
		"own-issuer":       {[]importer.File{file("a.json", `{"type":["Assertion","BadgeClass"],"id":"https://example.org/a","badge":"https://example.org/a","issuer":"https://example.org/a","recipient":{},"name":"x"}`)}, importer.LeftOut, "is not at hand"},
		"names":            {[]importer.File{file("k.json", strings.NewReplacer("Knots", evil, "Ties six knots.", evil).Replace(fmt.Sprintf(class, ""))), file("../../b.json", fmt.Sprintf(assigned, evil, "ana@example.org", ""))}, "", ""},
		"unnamed":          {[]importer.File{file("k.json", strings.Replace(fmt.Sprintf(class, ""), `"Knots"`, `""`, 1)), file("b.json", fmt.Sprintf(assigned, "urn:uuid:1", "ana@example.org", ""))}, importer.LeftOut, "its badge class cannot be imported"},
		"no-letters":       {[]importer.File{file("k.json", strings.Replace(strings.Replace(fmt.Sprintf(class, ""), "Knots", "漢字", 1), "knots.json", "%E6%BC%A2", 1))}, "", ""},
		"script":           {[]importer.File{file("k.json", strings.Replace(fmt.Sprintf(class, ""), `"https://example.org/knots.html"`, `{"narrative":"<script>alert(1)</script> **x** ![](https://example.com/x.png)"}`, 1))}, importer.Check, "kept as plain text"},
		"script-url":       {[]importer.File{file("k.json", fmt.Sprintf(class, `,"alignment":[{"targetName":"a","targetUrl":"javascript:alert(1)"},{"targetName":"b","targetUrl":"https://example.org/b"}],"related":["data:,x"],"@language":"no such language"`))}, importer.Dropped, "alignment"},
		"criteria":         {[]importer.File{file("k.json", strings.Replace(fmt.Sprintf(class, ""), `"https://example.org/knots.html"`, `"javascript:alert(1)"`, 1))}, importer.LeftOut, "criteria"},
		"evidence":         {[]importer.File{file("k.json", fmt.Sprintf(class, "")), file("b.json", fmt.Sprintf(assigned, "urn:uuid:1", "ana@example.org", `,"evidence":[{"id":"urn:uuid:2","narrative":"<b>x</b>","name":"kept"},"ftp://example.org/x"],"narrative":"<img src=x onerror=alert(1)>"`))}, importer.Dropped, "evidence"},
		"address":          {[]importer.File{file("k.json", fmt.Sprintf(class, "")), file("b.json", fmt.Sprintf(assigned, "urn:uuid:1", "not an address", ""))}, importer.LeftOut, "recipients[0].email"},
		"long":             {[]importer.File{file("k.json", strings.Replace(fmt.Sprintf(class, ""), "Ties six knots.", strings.Repeat("x", 20_000), 1))}, importer.LeftOut, "description"},
		"many-details":     {[]importer.File{file("k.json", fmt.Sprintf(class, `,"alignment":[`+strings.TrimSuffix(strings.Repeat(`{"targetName":"a","targetUrl":"x"},`, 300), ",")+`]`))}, importer.Dropped, "alignment"},
		"picture-outside":  {[]importer.File{file("k.json", fmt.Sprintf(class, `,"image":"file:///etc/passwd"`))}, importer.Dropped, "picture"},
		"picture-script":   {[]importer.File{file("k.json", fmt.Sprintf(class, `,"image":"data:image/svg+xml;base64,`+base64.StdEncoding.EncodeToString([]byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>`))+`"`))}, importer.Dropped, "picture"},
		"picture-of-paths": {[]importer.File{file("k.json", fmt.Sprintf(class, `,"image":{"id":"https://example.org/../../x.png","caption":"A knot"}`)), {Name: "d/x.png", Data: plainPNG(t)}}, "", ""},
		"svg-alone":        {[]importer.File{file("k.json", fmt.Sprintf(class, `,"image":"https://example.org/x.svg"`)), file("x.svg", `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><path d="M0 0h10v10z"/></svg>`)}, importer.Check, "export it as knots.png"},
	} {
		t.Run(name, func(t *testing.T) {
			made := newSite(t).take(t, importer.Options{}, c.files...)
			if c.kind != "" && !noted(made, c.kind, "", c.text) {
				t.Errorf("told: %+v", made.Notes)
			}
			for _, f := range made.Files {
				if strings.Contains(string(f.Data), "\u202e") || strings.Contains(string(f.Data), "javascript:") {
					t.Errorf("%s is\n%s", f.Name, f.Data)
				}
			}
		})
	}
	if _, err := importer.Read(t.Context(), make([]importer.File, importer.MaxFiles+1), importer.Options{Site: &model.Site{}, Now: now}); err == nil {
		t.Error("too many files are taken")
	}
}

// TestFetchesTooMuch: what badges name cannot make an import get without end.
func TestFetchesTooMuch(t *testing.T) {
	large, asked := bytes.Repeat([]byte("x"), importer.MaxFile), 0
	get := func(context.Context, string) ([]byte, error) { asked++; return large, nil }
	var files []importer.File
	for n := range 60 {
		files = append(files, file(fmt.Sprintf("%d.json", n), fmt.Sprintf(`{"type":"Assertion","id":"urn:x:%d","badge":"https://example.org/%d.json"}`, n, n)))
	}
	newSite(t).take(t, importer.Options{Fetch: get}, files...)
	if asked == 0 || asked*importer.MaxFile > importer.MaxTotal+importer.MaxFile {
		t.Errorf("%d files of %d MB were fetched", asked, importer.MaxFile>>20)
	}
}

// FuzzRead: whatever is handed in, what is made of it loads.
func FuzzRead(f *testing.F) {
	for _, name := range vectors.Files("1edtech-ob20", "*") {
		f.Add(vectors.Read(name))
	}
	f.Add([]byte("[" + fmt.Sprintf(class, "") + "," + fmt.Sprintf(assigned, "urn:uuid:1", "ana@example.org", "") + "]"))
	f.Fuzz(func(t *testing.T, data []byte) {
		s := newSite(t)
		made, err := importer.Read(t.Context(), []importer.File{{Name: "a.json", Data: data}}, importer.Options{Site: s.load(t), Now: now})
		if err != nil {
			return
		}
		s.write(t, made.Files...)
		s.load(t)
	})
}

func plainPNG(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewNRGBA(image.Rect(0, 0, 600, 600))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// bakedPNG is a picture with a text as Open Badges 2 bakes it.
func bakedPNG(t *testing.T, kind, text string) []byte {
	t.Helper()
	data := "openbadges\x00" + text
	if kind == "iTXt" {
		data = "openbadges\x00\x00\x00\x00\x00" + text
	}
	chunk := append([]byte(kind), data...)
	out := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
	out = binary.BigEndian.AppendUint32(append(out, chunk...), crc32.ChecksumIEEE(chunk))
	plain := plainPNG(t)
	return slices.Concat(plain[:33], out, plain[33:])
}
